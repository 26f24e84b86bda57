//! Tables from files that people bring: CSV, NDJSON and XLSX, read row by row in bounded memory. The files are not
//! trusted: [`Limits`] bound what they may make a reader do, and nothing in them makes it panic.
//!
//! [`open()`] tells the format by the content. The [`Rows`] it gives hand out one [`Row`] after the other, with the number
//! that a user sees in the file. What is wrong with one row costs that row only ([`RowError`]); what is wrong with the file
//! ends it ([`Error`]). Both are sentences for the person who brought the file.
//!
//! ```
//! use std::io::Cursor;
//! use tabular::read::{Delimiter, Format, Options, open};
//!
//! # fn main() -> Result<(), tabular::read::Error> {
//! let file = Cursor::new("name;score\nming;7\nli\n\"'=1+1\";-1\n");
//! let options = Options { file_name: Some("scores.csv".into()), ..Options::default() };
//! let mut opened = open(file, &options)?;
//! assert_eq!((opened.format, opened.delimiter), (Format::Csv, Some(Delimiter::Semicolon)));
//! assert_eq!(opened.rows.columns(), ["name", "score"]);
//!
//! let (mut good, mut bad) = (Vec::new(), Vec::new());
//! while let Some(row) = opened.rows.next_row()? {
//!     match row {
//!         Ok(row) => good.push((row.number(), row.named("name").map(|cell| cell.text.to_owned()))),
//!         Err(error) => bad.push(error.to_string()),
//!     }
//! }
//! // The mark that keeps spreadsheets from running the second name is taken away.
//! assert_eq!(good, [(2, Some("ming".to_owned())), (4, Some("=1+1".to_owned()))]);
//! assert_eq!(
//!     bad,
//!     ["Line 3: the row has 1 cells, but the header has 2. Look for a missing or surplus delimiter or quote."]
//! );
//! # Ok(())
//! # }
//! ```
//!
//! CSV and NDJSON may be packed with gzip or Zstandard.
//!
//! # What is guessed
//! - **The encoding** of text without a byte order mark: UTF-16 by its NULs, else UTF-8 or GB18030 by what most lines of
//!   64 KiB are, from the first byte on that is not ASCII. Bytes that do not fit are an error that names the line, never a
//!   replacement character. UTF-8 among GB18030 is found unless a line has a single such character or looks like GB18030 all
//!   the same; text of Western 8-bit encodings may pass for GB18030, so [`Options::encoding`] settles what is known.
//! - **The delimiter** of CSV: the one that cuts most of the first rows into as many cells as the header.
//! - **The sheet** of a workbook: the first that is visible. Visible sheets after it go on with the table as long as they have
//!   the same header, which is how [`Xlsx`](crate::Xlsx) writes what does not fit on one sheet.

mod csv;
mod delimiter;
mod encoding;
mod error;
mod header;
mod input;
mod lines;
mod members;
mod ndjson;
mod open;
mod options;
mod packed;
mod row;
mod text;
mod xlsx;

pub use self::{
    csv::CsvRows,
    error::{Error, Fault, Mismatch, Place, RowError},
    ndjson::NdjsonRows,
    open::{Opened, open},
    options::{Delimiter, Encoding, Format, Limits, Options},
    row::{Kind, Next, Row, Rows, Value},
    xlsx::{SheetInfo, XlsxRows},
};
