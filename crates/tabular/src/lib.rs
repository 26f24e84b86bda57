//! Tables as files, written and read row by row in bounded memory: CSV, XLSX and NDJSON. Knows cells and nothing of
//! what they mean. What is written here is read back the same by [`read`], which also takes files of other origin.
//!
//! A writer takes the names of its columns, then cells from left to right with [`Table::end_row`] after each row,
//! and [`Table::finish`] answers how many bytes were written and their SHA-256. A file whose writer was dropped
//! before `finish` is incomplete and must not be shown to anyone.
//!
//! ```
//! use tabular::{Cell, Csv, Guard, Table, unguard};
//!
//! # fn main() -> tabular::Result<()> {
//! let mut bytes = Vec::new();
//! let mut table = Csv::new(&mut bytes, &["name", "score"], Guard::Formulas)?;
//! table.cell(Cell::Text("=HYPERLINK(\"https://example.org\")"))?;
//! table.cell(Cell::Signed(-7))?;
//! table.end_row()?;
//! let written = Box::new(table).finish()?;
//!
//! assert_eq!(bytes, "\u{feff}name,score\r\n\"'=HYPERLINK(\"\"https://example.org\"\")\",-7\r\n".as_bytes());
//! assert_eq!(written.bytes, bytes.len() as u64);
//! assert_eq!(unguard("'=HYPERLINK(\"https://example.org\")"), "=HYPERLINK(\"https://example.org\")");
//! # Ok(())
//! # }
//! ```

mod csv;
mod digest;
mod guard;
mod ndjson;
pub mod read;
mod xlsx;

pub use crate::{
    csv::Csv,
    digest::{Digesting, Written},
    guard::{Guard, guard, is_risky, unguard},
    ndjson::Ndjson,
    xlsx::{SHEET_ROWS, Xlsx},
};

/// One cell. Text is always text, whatever it looks like; numbers are numbers where the format has them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    /// Text.
    Text(&'a str),
    /// A number that is not negative.
    Unsigned(u32),
    /// A number.
    Signed(i64),
    /// One JSON value, already serialised: NDJSON takes it as it stands, the others as text.
    Json(&'a str),
}

/// A table that is being written.
pub trait Table {
    /// Writes the next cell of the row.
    ///
    /// # Errors
    /// The output failed, or the format cannot hold the cell.
    fn cell(&mut self, cell: Cell<'_>) -> Result<()>;

    /// Ends the row.
    ///
    /// # Errors
    /// The output failed.
    fn end_row(&mut self) -> Result<()>;

    /// Completes the file.
    ///
    /// # Errors
    /// The output failed: the file is not complete.
    fn finish(self: Box<Self>) -> Result<Written>;
}

/// What can go wrong while a table is written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The output failed.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// A value has no JSON form.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// The workbook cannot hold something.
    #[error(transparent)]
    Xlsx(#[from] rust_xlsxwriter::XlsxError),
    /// A row has more cells than there are columns.
    #[error("a row has more cells than the {0} columns of the table")]
    TooManyCells(usize),
}

/// What every writer answers.
pub type Result<T, E = Error> = std::result::Result<T, E>;
