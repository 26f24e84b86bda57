//! NDJSON: one JSON value a line.

use crate::{Cell, Digesting, Error, Result, Table, Written};
use serde::Serialize;
use std::io::{self, BufWriter, Write as _};

/// A file of JSON lines that is being written. As a [`Table`] each row is an object of its columns; whole values
/// go through [`Ndjson::value`].
pub struct Ndjson<W: io::Write> {
    out: BufWriter<Digesting<W>>,
    /// `"name":`, serialised once.
    keys: Vec<String>,
    column: usize,
}

impl<W: io::Write> Ndjson<W> {
    /// A file whose rows have these members.
    ///
    /// # Errors
    /// None today; names are serialised here.
    pub fn new(out: W, columns: &[&str]) -> Result<Self> {
        let key = |name: &&str| serde_json::to_string(name).map(|text| text + ":");
        let keys = columns.iter().map(key).collect::<Result<_, _>>()?;
        Ok(Self { out: BufWriter::with_capacity(64 * 1024, Digesting::new(out)), keys, column: 0 })
    }

    /// Writes a value as a line of its own.
    ///
    /// # Errors
    /// The output failed, or the value has no JSON form.
    pub fn value(&mut self, value: &impl Serialize) -> Result<()> {
        serde_json::to_writer(&mut self.out, value)?;
        Ok(self.out.write_all(b"\n")?)
    }
}

impl<W: io::Write> Table for Ndjson<W> {
    fn cell(&mut self, cell: Cell<'_>) -> Result<()> {
        let key = self.keys.get(self.column).ok_or(Error::TooManyCells(self.keys.len()))?;
        self.out.write_all(if self.column == 0 { b"{" } else { b"," })?;
        self.out.write_all(key.as_bytes())?;
        self.column += 1;
        match cell {
            Cell::Text(text) => serde_json::to_writer(&mut self.out, text)?,
            Cell::Unsigned(number) => serde_json::to_writer(&mut self.out, &number)?,
            Cell::Signed(number) => serde_json::to_writer(&mut self.out, &number)?,
            Cell::Json(json) => self.out.write_all(json.as_bytes())?,
        }
        Ok(())
    }

    fn end_row(&mut self) -> Result<()> {
        let end: &[u8] = if self.column == 0 { b"{}\n" } else { b"}\n" };
        self.column = 0;
        Ok(self.out.write_all(end)?)
    }

    fn finish(self: Box<Self>) -> Result<Written> {
        let digesting = self.out.into_inner().map_err(|error| error.into_error())?;
        Ok(digesting.finish()?)
    }
}
