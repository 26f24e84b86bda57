//! What a caller may say about a file before it is read, and how much of it is borne.

use crate::Guard;
use std::fmt;

/// How a file is to be read. The default suits files of unknown origin.
#[derive(Clone, Debug)]
pub struct Options {
    /// The name under which the file came. Only its extension is looked at, to tell the user when the content is
    /// something else; what is read is decided by the content.
    pub file_name: Option<String>,
    /// The encoding of a text file; guessed if `None`.
    pub encoding: Option<Encoding>,
    /// What separates the cells of a CSV file; guessed if `None`.
    pub delimiter: Option<Delimiter>,
    /// Whether the first row of CSV and XLSX names the columns. Without a header they are named `A`, `B` … as in
    /// spreadsheets, and the first row says how many there are.
    pub header: bool,
    /// What the writer of a CSV file did with risky text: [`Guard::Formulas`] takes the marks away again, as
    /// [`unguard`](crate::unguard) does. The other formats have no marks.
    pub guard: Guard,
    /// The sheet to read, and no other. `None` is the first visible one, and those after it with the same header.
    pub sheet: Option<String>,
    /// Whether an object within an object of NDJSON is several cells: `{"a":{"b":1}}` then has the column `a.b`. Deeper ones, and
    /// arrays, are one cell each either way.
    pub flatten: bool,
    /// How much is borne.
    pub limits: Limits,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            file_name: None,
            encoding: None,
            delimiter: None,
            header: true,
            guard: Guard::Formulas,
            sheet: None,
            flatten: false,
            limits: Limits::default(),
        }
    }
}

/// Bounds of what a file may make a reader do. Each is inclusive: a file that meets it is read.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes of the file as it is stored.
    pub file_bytes: u64,
    /// Bytes of one row: in text its spelling without the line end, in XLSX the text of its cells.
    pub row_bytes: usize,
    /// Bytes of one cell, in UTF-8.
    pub cell_bytes: usize,
    /// Columns of the table.
    pub columns: usize,
    /// Bytes of all parts of an XLSX file that are read, unpacked, and of a packed text file likewise.
    pub unpacked_bytes: u64,
    /// How many times larger than packed a part of an XLSX file, or a text file, may be. What is under 64 MiB is not held to it.
    pub ratio: u64,
    /// Bytes in memory of the shared strings of an XLSX file.
    pub shared_bytes: usize,
    /// Files in an XLSX file.
    pub zip_entries: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 2 << 30,
            row_bytes: 1 << 20,
            cell_bytes: 32 << 10,
            columns: 1_000,
            unpacked_bytes: 8 << 30,
            ratio: 200,
            shared_bytes: 256 << 20,
            zip_entries: 10_000,
        }
    }
}

/// What unpacks to no more than this is no bomb.
const SMALL: u64 = 64 << 20;

impl Limits {
    /// Whether content is too large against what it was packed in.
    pub(super) fn is_bomb(&self, packed: u64, unpacked: u64) -> bool {
        unpacked > SMALL && unpacked / self.ratio.max(1) > packed
    }
}

/// How characters are spelled in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// UTF-16 with the low byte first, with or without a byte order mark.
    Utf16Le,
    /// UTF-16 with the high byte first, with or without a byte order mark.
    Utf16Be,
    /// GB18030, and with it GBK and GB2312.
    Gb18030,
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
            Self::Gb18030 => "GB18030",
        })
    }
}

/// What separates the cells of a CSV file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Delimiter {
    /// `,`
    #[default]
    Comma,
    /// `;`, as spreadsheets write where the comma is the decimal point.
    Semicolon,
    /// A tab.
    Tab,
    /// `|`
    Pipe,
}

impl Delimiter {
    /// All of them, the likeliest first.
    pub const ALL: [Self; 4] = [Self::Comma, Self::Semicolon, Self::Tab, Self::Pipe];

    /// The character.
    pub fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
            Self::Pipe => b'|',
        }
    }
}

/// What kind of file it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Text with delimiters.
    Csv,
    /// A JSON object a line.
    Ndjson,
    /// A workbook of the Office Open XML kind.
    Xlsx,
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Csv => "CSV",
            Self::Ndjson => "NDJSON",
            Self::Xlsx => "XLSX",
        })
    }
}
