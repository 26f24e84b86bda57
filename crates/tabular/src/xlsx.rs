//! XLSX: a workbook whose rows go to a temporary file as they come, so that memory does not grow with them.

use crate::{Cell, Digesting, Error, Result, Table, Written};
use rust_xlsxwriter::{Format, Workbook, Worksheet};
use std::{io, path::Path};

/// The most rows of one sheet, its header included. The row after it begins another sheet.
pub const SHEET_ROWS: u32 = 1_048_576;

/// Past this many bytes of text in a sheet, its XML may pass 4 GiB and needs the larger zip format.
const LARGE: u64 = 256 * 1024 * 1024;

/// The largest whole number that a spreadsheet's number keeps exactly.
const EXACT: u64 = 1 << 53;

/// A workbook that is being written. Text is written as text and never as a formula or link.
pub struct Xlsx<W> {
    out: W,
    book: Workbook,
    columns: Vec<String>,
    title: String,
    sheet_rows: u32,
    sheets: u32,
    row: u32,
    column: u16,
    /// In all sheets: an upper bound for the largest.
    text_bytes: u64,
}

impl<W: io::Write + Send> Xlsx<W> {
    /// A workbook with sheets named `title`, `title 2` …, each with the header. Temporary files, which hold the
    /// rows until the workbook is packed, are made in `scratch`.
    ///
    /// # Errors
    /// The temporary file cannot be made, or `title` is no name of a sheet.
    pub fn new(out: W, columns: &[&str], title: &str, scratch: &Path) -> Result<Self> {
        Self::with_sheet_rows(out, columns, title, scratch, SHEET_ROWS)
    }

    /// The same with smaller sheets: at most `sheet_rows` rows, the header included.
    ///
    /// # Errors
    /// As [`Xlsx::new`].
    pub fn with_sheet_rows(
        out: W,
        columns: &[&str],
        title: &str,
        scratch: &Path,
        sheet_rows: u32,
    ) -> Result<Self> {
        let mut book = Workbook::new();
        book.set_tempdir(scratch)?;
        let mut table = Self {
            out,
            book,
            columns: columns.iter().map(|name| (*name).to_owned()).collect(),
            title: title.to_owned(),
            sheet_rows: sheet_rows.clamp(2, SHEET_ROWS),
            sheets: 0,
            row: 0,
            column: 0,
            text_bytes: 0,
        };
        table.begin_sheet()?;
        Ok(table)
    }

    fn begin_sheet(&mut self) -> Result<()> {
        self.sheets += 1;
        let name =
            if self.sheets == 1 { self.title.clone() } else { format!("{} {}", self.title, self.sheets) };
        let header = Format::new().set_bold();
        let sheet = self.book.add_worksheet_with_constant_memory()?;
        sheet.set_name(name)?;
        sheet.set_freeze_panes(1, 0)?;
        for (column, name) in (0..).zip(&self.columns) {
            sheet.write_string_with_format(0, column, name, &header)?;
        }
        self.row = 1;
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<()> {
        self.text_bytes += text.len() as u64;
        let (row, column) = (self.row, self.column);
        self.sheet()?.write_string(row, column, text)?;
        Ok(())
    }

    fn sheet(&mut self) -> Result<&mut Worksheet> {
        Ok(self.book.worksheet_from_index(self.sheets as usize - 1)?)
    }
}

impl<W: io::Write + Send> Table for Xlsx<W> {
    fn cell(&mut self, cell: Cell<'_>) -> Result<()> {
        if usize::from(self.column) >= self.columns.len() {
            return Err(Error::TooManyCells(self.columns.len()));
        }
        // A new sheet begins with its first row and not before, so that none is empty.
        if self.row >= self.sheet_rows {
            self.begin_sheet()?;
        }
        let (row, column) = (self.row, self.column);
        match cell {
            Cell::Text(text) | Cell::Json(text) => self.text(text)?,
            Cell::Unsigned(number) => {
                self.sheet()?.write_number(row, column, number)?;
            }
            #[expect(
                clippy::cast_precision_loss,
                reason = "the guard admits only numbers that f64 holds exactly"
            )]
            Cell::Signed(number) if number.unsigned_abs() <= EXACT => {
                self.sheet()?.write_number(row, column, number as f64)?;
            }
            Cell::Signed(number) => self.text(&number.to_string())?,
        }
        self.column += 1;
        Ok(())
    }

    fn end_row(&mut self) -> Result<()> {
        self.row += 1;
        self.column = 0;
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<Written> {
        self.book.use_zip_large_file(self.text_bytes > LARGE);
        let mut out = Digesting::new(io::BufWriter::with_capacity(64 * 1024, self.out));
        self.book.save_to_writer(&mut out)?;
        Ok(out.finish()?)
    }
}
