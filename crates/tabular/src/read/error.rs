//! What can be wrong with a file or one of its rows. Every message is a sentence for the person who brought the file:
//! what is wrong, where, and what to do.

use super::{Encoding, Format};
use std::{fmt, io};

/// Why a file cannot be read, or not to its end.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The input failed.
    #[error("The file could not be read ({0}). Try again.")]
    Io(#[from] io::Error),
    /// There is no header, or no row where none is wanted.
    #[error("The file is empty. It must have at least the row that names the columns.")]
    Empty,
    /// More bytes than [`Limits::file_bytes`](super::Limits::file_bytes).
    #[error("The file is larger than {}. Split it into several files.", Bytes(*.limit))]
    FileTooLarge {
        /// In bytes.
        limit: u64,
    },
    /// A row that is longer than [`Limits::row_bytes`](super::Limits::row_bytes): it is not held, and where it ends is
    /// not sought.
    #[error("The row that begins at {place} is longer than {}. Look for a missing line end or closing quote there.", Bytes(*.limit as u64))]
    RowTooLong {
        /// Where the row begins.
        place: Place,
        /// In bytes.
        limit: usize,
    },
    /// Bytes that the encoding does not have.
    #[error("Line {line} holds bytes that are not {encoding}. Save the file as UTF-8 and try again.")]
    Malformed {
        /// The line, from 1.
        line: u64,
        /// What the file was read as.
        encoding: Encoding,
    },
    /// A line in another encoding than the lines before it.
    #[error(
        "Line {line} is UTF-8, but lines before it are {encoding}. Save the whole file as UTF-8 and try again."
    )]
    MixedEncodings {
        /// The line, from 1.
        line: u64,
        /// What the lines before it are in.
        encoding: Encoding,
    },
    /// A quoted cell that the file ends in.
    #[error(
        "The row that begins at line {line} opens a quote that is never closed. Close it, or double the quotes inside cells."
    )]
    UnclosedQuote {
        /// The line on which the row begins, from 1.
        line: u64,
    },
    /// Content that none of the readers can take.
    #[error("The file is {what}. {advice}")]
    Foreign {
        /// What it seems to be, with an article.
        what: &'static str,
        /// What to do.
        advice: &'static str,
    },
    /// A column without a name.
    #[error("Column {} has no name in {place}. Name it, or remove the column.", ColumnName(*.column))]
    UnnamedColumn {
        /// Where the header is.
        place: Place,
        /// From 0.
        column: usize,
    },
    /// Two columns with one name.
    #[error("Columns {} and {} are both named “{name}” in {place}. Rename or remove one.", ColumnName(*.first), ColumnName(*.second))]
    DuplicateColumn {
        /// Where the header is.
        place: Place,
        /// The name.
        name: String,
        /// From 0.
        first: usize,
        /// From 0.
        second: usize,
    },
    /// A header with more columns than [`Limits::columns`](super::Limits::columns), or names that are too long.
    #[error(
        "The header in {place} has more than {limit} columns, or longer names than a cell may hold. Remove what is not needed."
    )]
    HeaderTooLarge {
        /// Where the header is.
        place: Place,
        /// The number of columns.
        limit: usize,
    },
    /// The workbook has no such sheet.
    #[error("The workbook has no sheet “{0}”. Choose another sheet.")]
    NoSuchSheet(String),
    /// The workbook has no sheet with cells that is visible.
    #[error("The workbook has no visible sheet. Unhide the sheet with the table, or choose one.")]
    NoSheet,
    /// Content that is not what the format wants, or that came with errors.
    #[error(
        "The workbook is damaged in {part}: {detail}. Open it in a spreadsheet, save it again and try that file."
    )]
    Damaged {
        /// The file in the workbook, and the row where there is one.
        part: String,
        /// What was met, for support.
        detail: String,
    },
    /// A bound of what a workbook may unpack to.
    #[error(
        "The workbook unpacks to more than is allowed ({bound}). Save the table as CSV and try that file."
    )]
    UnpacksTooFar {
        /// Which bound.
        bound: &'static str,
    },
    /// A bound of what a packed text file may unpack to.
    #[error("The file unpacks to more than is allowed ({bound}). Split it into several files.")]
    PackedTooFar {
        /// Which bound.
        bound: &'static str,
    },
    /// A packed text file that does not unpack.
    #[error(
        "The file is packed, but cannot be unpacked ({detail}). Pack it again, or unpack it and try the file inside."
    )]
    DamagedPacking {
        /// What was met, for support.
        detail: String,
    },
    /// More shared strings than [`Limits::shared_bytes`](super::Limits::shared_bytes).
    #[error("The workbook has more than {} of text in its list of strings. Save the table as CSV and try that file.", Bytes(*.limit as u64))]
    TooManyStrings {
        /// In bytes.
        limit: usize,
    },
}

/// A row that cannot be used, in a file that can be read on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{}: {fault}", place.to_string().get(..1).unwrap_or_default().to_uppercase(), place.to_string().get(1..).unwrap_or_default())]
pub struct RowError {
    /// Where the row begins.
    pub place: Place,
    /// What is wrong with it.
    pub fault: Fault,
}

/// What is wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Another number of cells than columns.
    #[error(
        "the row has {found} cells, but the header has {expected}. Look for a missing or surplus delimiter or quote."
    )]
    CellCount {
        /// The columns of the header.
        expected: usize,
        /// The cells of the row.
        found: usize,
    },
    /// A cell over [`Limits::cell_bytes`](super::Limits::cell_bytes).
    #[error("the cell in column {} is longer than {}. Shorten it.", ColumnName(*.column), Bytes(*.limit as u64))]
    CellTooLong {
        /// From 0.
        column: usize,
        /// In bytes.
        limit: usize,
    },
    /// Content to the right of the last column that has a name.
    #[error(
        "cell {cell} has content, but its column has no name in the header. Name the column, or clear the cell."
    )]
    BeyondHeader {
        /// As spreadsheets call it.
        cell: String,
    },
    /// A cell whose content is not of the type that it claims.
    #[error("cell {cell} holds what its type does not allow. Type its content again.")]
    BadCell {
        /// As spreadsheets call it.
        cell: String,
    },
    /// A line that is no JSON.
    #[error("this is not a JSON object on one line ({detail}).")]
    NotJson {
        /// What the parser says, for support.
        detail: String,
    },
    /// A member that comes twice.
    #[error("the name “{name}” comes twice. Remove one.")]
    DuplicateMember {
        /// The name.
        name: String,
    },
    /// An object that has no members.
    #[error("the object has a member without a name, or its name is too long. Name it, or remove it.")]
    UnnamedMember,
    /// More names in the lines so far than [`Limits::columns`](super::Limits::columns).
    #[error(
        "with this line the file has more than {limit} different names. Use the same names on every line."
    )]
    TooManyMembers {
        /// The number of names.
        limit: usize,
    },
}

/// A place in a file as its user sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A line of a text file, from 1.
    Line(u64),
    /// A row of a sheet.
    Row {
        /// From 1.
        row: u64,
        /// The name of the sheet.
        sheet: String,
    },
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(line) => write!(f, "line {line}"),
            Self::Row { row, sheet } => write!(f, "row {row} of sheet “{sheet}”"),
        }
    }
}

/// A file whose name promises something else than it holds. It is read as what it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("The name of the file ends in “.{extension}”, but its content is {format}. It is read as {format}.")]
pub struct Mismatch {
    /// The extension, in lower case.
    pub extension: String,
    /// What the content is.
    pub format: Format,
}

/// A column as spreadsheets name it, from 0: `A` … `Z`, `AA` …
pub(super) struct ColumnName(pub usize);

impl fmt::Display for ColumnName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mut rest, mut letters) = (self.0 + 1, Vec::new());
        while rest > 0 {
            rest -= 1;
            letters.push(b'A' + u8::try_from(rest % 26).unwrap_or_default());
            rest /= 26;
        }
        letters.iter().rev().try_for_each(|&letter| write!(f, "{}", char::from(letter)))
    }
}

/// A number of bytes for people.
struct Bytes(u64);

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            bytes if bytes >= 1 << 30 && bytes % (1 << 30) == 0 => write!(f, "{} GiB", bytes >> 30),
            bytes if bytes >= 1 << 20 && bytes % (1 << 20) == 0 => write!(f, "{} MiB", bytes >> 20),
            bytes if bytes >= 1 << 10 && bytes % (1 << 10) == 0 => write!(f, "{} KiB", bytes >> 10),
            bytes => write!(f, "{bytes} bytes"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_spreadsheets_do() {
        for (column, name) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")] {
            assert_eq!(ColumnName(column).to_string(), name);
        }
    }

    #[test]
    fn messages_are_sentences() {
        let place = Place::Row { row: 7, sheet: "Users".into() };
        let error = RowError { place, fault: Fault::BeyondHeader { cell: "XFD7".into() } };
        assert_eq!(
            error.to_string(),
            "Row 7 of sheet “Users”: cell XFD7 has content, but its column has no name in the header. Name the \
             column, or clear the cell."
        );
        assert_eq!(
            Error::FileTooLarge { limit: 2 << 30 }.to_string(),
            "The file is larger than 2 GiB. Split it into several files."
        );
    }
}
