//! Rows as a reader hands them out: borrowed from its buffer until the next row is read.

use super::{Encoding, Error, RowError};
use std::fmt;

/// The next row; `None` at the end of the file. The outer error ends the file, the inner one costs the row only.
pub type Next<'a> = Result<Option<Result<Row<'a>, RowError>>, Error>;

/// A table that is being read.
pub trait Rows: Send {
    /// The names of the columns: unique, none empty. NDJSON has no header: there they are the names seen so far, in
    /// the order of their first appearance, and grow.
    fn columns(&self) -> &[String];

    /// Reads the next row. Blank lines and empty rows of a sheet are passed over. After an error of the file there
    /// is nothing more to be read.
    ///
    /// # Errors
    /// The file cannot be read on. What is wrong with one row is in the answer.
    fn next_row(&mut self) -> Next<'_>;

    /// How many bytes of the file were read so far, as it is stored: a measure of progress that may end a little
    /// before the file's size.
    fn bytes_read(&self) -> u64;

    /// The encoding of a text file, once something showed it: plain ASCII looks the same in most.
    fn encoding(&self) -> Option<Encoding>;
}

/// What a cell holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// Nothing: a cell that a sheet does not store, or a member that an object does not have. The text is empty.
    #[default]
    Missing,
    /// The JSON `null`. The text is empty.
    Null,
    /// Text. All cells of CSV are text.
    Text,
    /// A number: in NDJSON as it is spelled, in XLSX the shortest decimal number that is the same value.
    Number,
    /// `true` or `false`.
    Bool,
    /// A date, a time or both, as ISO 8601 has them: `2024-02-29`, `13:45:00`, `2024-02-29T13:45:00`.
    Date,
    /// A JSON array or object, as it is spelled.
    Json,
    /// An error of a spreadsheet, such as `#N/A`.
    Error,
}

/// One cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Value<'a> {
    /// The content as text.
    pub text: &'a str,
    /// What the file says that it is.
    pub kind: Kind,
    /// Whether a formula stands behind the content, which is then what the spreadsheet last made of it. Other cells
    /// that an array formula fills look like plain ones.
    pub formula: bool,
}

/// Where a cell's text is in its row's.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Span {
    pub start: usize,
    pub end: usize,
    pub kind: Kind,
    pub formula: bool,
}

/// One row.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    pub(super) number: u64,
    pub(super) sheet: Option<&'a str>,
    pub(super) columns: &'a [String],
    pub(super) text: &'a str,
    pub(super) spans: &'a [Span],
}

impl<'a> Row<'a> {
    /// The number that a user sees: in text the line on which the row begins, in XLSX the row of the sheet. The first
    /// is 1.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The sheet that the row is on.
    pub fn sheet(&self) -> Option<&'a str> {
        self.sheet
    }

    /// The names of the columns, as [`Rows::columns`] has them.
    pub fn columns(&self) -> &'a [String] {
        self.columns
    }

    /// The cell in a column, counted from 0.
    pub fn get(&self, column: usize) -> Option<Value<'a>> {
        self.spans.get(column).map(|span| self.value(span))
    }

    /// The cell in a column that is named.
    pub fn named(&self, name: &str) -> Option<Value<'a>> {
        self.get(self.columns.iter().position(|column| column == name)?)
    }

    /// The cells, one for each column.
    pub fn cells(&self) -> impl ExactSizeIterator<Item = Value<'a>> {
        let row = *self;
        self.spans.iter().map(move |span| row.value(span))
    }

    fn value(&self, span: &Span) -> Value<'a> {
        // Spans are made from the same text, so none is out of it.
        let text = self.text.get(span.start..span.end).unwrap_or_default();
        Value { text, kind: span.kind, formula: span.formula }
    }
}

impl fmt::Debug for Row<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.columns.iter().zip(self.cells())).finish()
    }
}
