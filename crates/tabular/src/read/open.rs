//! What kind of file it is, by its content, and the reader for it.

use super::{
    CsvRows, Delimiter, Error, Format, Mismatch, NdjsonRows, Options, Rows, SheetInfo, XlsxRows,
    input::told,
    packed::{PackedRows, Packing, Unpacked},
    text::Text,
};
use std::{
    io::{self, Read, Seek, SeekFrom},
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

/// Opens a file: ZIP is XLSX; of text, which may be packed, what begins with `{` is NDJSON; everything else is CSV.
///
/// # Errors
/// The file is none of these, or its header cannot be read.
pub fn open<R: Read + Seek + Send + 'static>(mut input: R, options: &Options) -> Result<Opened, Error> {
    let size = input.seek(SeekFrom::End(0))?;
    if size > options.limits.file_bytes {
        return Err(Error::FileTooLarge { limit: options.limits.file_bytes });
    }
    input.rewind()?;
    let magic = magic(&mut input)?;
    input.rewind()?;
    let opened = if is_workbook(&magic) {
        open_workbook(input, options)?
    } else if let Some(packing) = Packing::of(&magic) {
        open_packed(input, packing, size, options)?
    } else if let Some(foreign) = foreign(&magic) {
        return Err(foreign);
    } else {
        open_text(input, options, options.limits.file_bytes)?
    };
    Ok(Opened { mismatch: mismatch(options, opened.format), ..opened })
}

/// The first bytes, by which files are told apart.
fn magic(input: &mut impl Read) -> Result<Vec<u8>, Error> {
    let mut magic = Vec::new();
    input.take(8).read_to_end(&mut magic).map_err(told)?;
    Ok(magic)
}

fn is_workbook(magic: &[u8]) -> bool {
    magic.starts_with(b"PK\x03\x04") || magic.starts_with(b"PK\x05\x06")
}

/// Opens text that is packed; a workbook is packed already.
fn open_packed<R: Read + Send + 'static>(
    input: R,
    packing: Packing,
    size: u64,
    options: &Options,
) -> Result<Opened, Error> {
    let (mut content, read) = Unpacked::new(input, packing, size, &options.limits)?;
    let magic = magic(&mut content)?;
    if is_workbook(&magic) || Packing::of(&magic).is_some() {
        let what = "packed twice, or a workbook that was packed once more";
        return Err(Error::Foreign { what, advice: "Unpack it and try the file inside." });
    }
    if let Some(foreign) = foreign(&magic) {
        return Err(foreign);
    }
    let content = io::Cursor::new(magic).chain(content);
    let opened = open_text(content, options, options.limits.unpacked_bytes)?;
    Ok(Opened { rows: Box::new(PackedRows { rows: opened.rows, read }), ..opened })
}

fn open_workbook<R: Read + Seek + Send + 'static>(input: R, options: &Options) -> Result<Opened, Error> {
    let rows = XlsxRows::new(input, options)?;
    let sheets = rows.sheets().collect();
    Ok(Opened { rows: Box::new(rows), format: Format::Xlsx, delimiter: None, sheets, mismatch: None })
}

/// Opens text of at most so many bytes.
fn open_text<R: Read + Send + 'static>(input: R, options: &Options, most: u64) -> Result<Opened, Error> {
    let mut text = Text::new(input, options.encoding, most);
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
    Ok(Opened { rows, format, delimiter, sheets: Vec::new(), mismatch: None })
}

/// Files that people mistake for tables, and that would be told apart late or never.
fn foreign(magic: &[u8]) -> Option<Error> {
    let (what, advice) = if magic.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        let what = "an old workbook (.xls) or one that is protected by a password";
        (what, "Save it as .xlsx without a password and try that file.")
    } else if magic.starts_with(b"%PDF-") {
        ("a PDF document", "Save the table as CSV or XLSX and try that file.")
    } else {
        return None;
    };
    Some(Error::Foreign { what, advice })
}

fn mismatch(options: &Options, format: Format) -> Option<Mismatch> {
    let name = options.file_name.as_deref()?.to_ascii_lowercase();
    let inner = name.rsplit_once('.').filter(|(_, extension)| Packing::is_named(extension));
    let extension =
        Path::new(inner.map_or(name.as_str(), |(inner, _)| inner)).extension()?.to_str()?.to_owned();
    let promised = match extension.as_str() {
        "csv" | "tsv" | "tab" => Format::Csv,
        "ndjson" | "jsonl" | "json" => Format::Ndjson,
        "xlsx" | "xlsm" | "xls" | "xlsb" | "ods" => Format::Xlsx,
        // `.txt` and the like promise nothing.
        _ => return None,
    };
    (promised != format).then_some(Mismatch { extension, format })
}
