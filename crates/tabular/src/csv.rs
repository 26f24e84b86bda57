//! CSV: RFC 4180 in UTF-8, with the byte order mark that makes spreadsheets read it as UTF-8.

use crate::{Cell, Digesting, Error, Guard, Result, Table, Written, guard::is_risky};
use std::io;

/// Large enough that the output sees few writes, small enough not to matter.
const BUFFER: usize = 64 * 1024;

/// A CSV file that is being written: lines end in CRLF, fields are quoted where they must be.
pub struct Csv<W: io::Write> {
    out: csv::Writer<Digesting<W>>,
    guard: Guard,
    marked: String,
}

impl<W: io::Write> Csv<W> {
    /// Writes the byte order mark and the header.
    ///
    /// # Errors
    /// The output failed.
    pub fn new(out: W, columns: &[&str], guard: Guard) -> Result<Self> {
        let mut digesting = Digesting::new(out);
        io::Write::write_all(&mut digesting, "\u{feff}".as_bytes())?;
        let out = csv::WriterBuilder::new()
            .buffer_capacity(BUFFER)
            .terminator(csv::Terminator::CRLF)
            .flexible(true)
            .from_writer(digesting);
        let mut table = Self { out, guard, marked: String::new() };
        for name in columns {
            table.cell(Cell::Text(name))?;
        }
        table.end_row()?;
        Ok(table)
    }

    fn text(&mut self, text: &str) -> Result<()> {
        if self.guard == Guard::Exact || !is_risky(text) {
            return self.out.write_field(text).map_err(from_csv);
        }
        self.marked.clear();
        self.marked.push('\'');
        self.marked.push_str(text);
        self.out.write_field(&self.marked).map_err(from_csv)
    }
}

impl<W: io::Write> Table for Csv<W> {
    fn cell(&mut self, cell: Cell<'_>) -> Result<()> {
        let mut digits = itoa::Buffer::new();
        match cell {
            Cell::Text(text) | Cell::Json(text) => self.text(text),
            Cell::Unsigned(number) => self.out.write_field(digits.format(number)).map_err(from_csv),
            Cell::Signed(number) => self.out.write_field(digits.format(number)).map_err(from_csv),
        }
    }

    fn end_row(&mut self) -> Result<()> {
        self.out.write_record(None::<&[u8]>).map_err(from_csv)
    }

    fn finish(self: Box<Self>) -> Result<Written> {
        let digesting = self.out.into_inner().map_err(|error| error.into_error())?;
        Ok(digesting.finish()?)
    }
}

fn from_csv(error: csv::Error) -> Error {
    Error::Io(error.into())
}
