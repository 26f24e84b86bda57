//! What kind of file it is, by its content, and the reader for it.

use super::{
    CsvRows, Delimiter, Error, Format, Mismatch, NdjsonRows, Options, Rows, SheetInfo, XlsxRows, text::Text,
};
use std::{
    io::{Read, Seek, SeekFrom},
    path::Path,
};

/// A file that was opened.
pub struct Opened {
    /// Its rows.
    pub rows: Box<dyn Rows>,
    /// What kind of file it is.
    pub format: Format,
    /// What separates the cells of a CSV file, as given or guessed.
    pub delimiter: Option<Delimiter>,
    /// The sheets of a workbook.
    pub sheets: Vec<SheetInfo>,
    /// What the name of the file promised in vain.
    pub mismatch: Option<Mismatch>,
}

/// Opens a file: ZIP is XLSX; of text, what begins with `{` is NDJSON; everything else is CSV.
///
/// # Errors
/// The file is none of these, or its header cannot be read.
pub fn open<R: Read + Seek + Send + 'static>(mut input: R, options: &Options) -> Result<Opened, Error> {
    if input.seek(SeekFrom::End(0))? > options.limits.file_bytes {
        return Err(Error::FileTooLarge { limit: options.limits.file_bytes });
    }
    input.rewind()?;
    let mut magic = Vec::new();
    (&mut input).take(8).read_to_end(&mut magic)?;
    input.rewind()?;
    let (format, opened) = if magic.starts_with(b"PK\x03\x04") || magic.starts_with(b"PK\x05\x06") {
        (Format::Xlsx, open_workbook(input, options)?)
    } else if let Some(foreign) = foreign(&magic) {
        return Err(foreign);
    } else {
        open_text(input, options)?
    };
    Ok(Opened { format, mismatch: mismatch(options, format), ..opened })
}

fn open_workbook<R: Read + Seek + Send + 'static>(input: R, options: &Options) -> Result<Opened, Error> {
    let rows = XlsxRows::new(input, options)?;
    let sheets = rows.sheets().collect();
    Ok(Opened { rows: Box::new(rows), format: Format::Xlsx, delimiter: None, sheets, mismatch: None })
}

fn open_text<R: Read + Send + 'static>(input: R, options: &Options) -> Result<(Format, Opened), Error> {
    let mut text = Text::new(input, options.encoding, options.limits.file_bytes);
    let start = text.fill().map_err(|stop| stop.at(1))?.trim_ascii_start();
    let (format, delimiter, rows): (_, _, Box<dyn Rows>) = match start.split_first() {
        Some((b'{', _)) => (Format::Ndjson, None, Box::new(NdjsonRows::from_text(text, options))),
        Some((b'[', rest)) if rest.trim_ascii_start().starts_with(b"{") => {
            return Err(Error::Foreign {
                what: "a JSON array",
                advice: "Write each object on a line of its own, without brackets and commas around them.",
            });
        }
        _ => {
            let rows = CsvRows::from_text(text, options)?;
            (Format::Csv, Some(rows.delimiter()), Box::new(rows))
        }
    };
    Ok((format, Opened { rows, format, delimiter, sheets: Vec::new(), mismatch: None }))
}

/// Files that people mistake for tables, and that would be told apart late or never.
fn foreign(magic: &[u8]) -> Option<Error> {
    let (what, advice) = if magic.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        let what = "an old workbook (.xls) or one that is protected by a password";
        (what, "Save it as .xlsx without a password and try that file.")
    } else if magic.starts_with(b"\x1F\x8B") || magic.starts_with(b"\x28\xB5\x2F\xFD") {
        ("compressed", "Unpack it and try the file inside.")
    } else if magic.starts_with(b"%PDF-") {
        ("a PDF document", "Save the table as CSV or XLSX and try that file.")
    } else {
        return None;
    };
    Some(Error::Foreign { what, advice })
}

fn mismatch(options: &Options, format: Format) -> Option<Mismatch> {
    let extension = Path::new(options.file_name.as_deref()?).extension()?.to_str()?.to_ascii_lowercase();
    let promised = match extension.as_str() {
        "csv" | "tsv" | "tab" => Format::Csv,
        "ndjson" | "jsonl" | "json" => Format::Ndjson,
        "xlsx" | "xlsm" | "xls" | "xlsb" | "ods" => Format::Xlsx,
        // `.txt` and the like promise nothing.
        _ => return None,
    };
    (promised != format).then_some(Mismatch { extension, format })
}
