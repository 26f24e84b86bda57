//! Files made in memory, and all that a reader gives of them.

use std::io::{Cursor, Write as _};
use tabular::read::{Error, Kind, Opened, Options, RowError, open};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// One row: its number, and its cells as text.
pub type Read = Result<(u64, Vec<String>), RowError>;

pub fn opened(bytes: &[u8], options: &Options) -> Result<Opened, Error> {
    open(Cursor::new(bytes.to_vec()), options)
}

/// All rows, and the error that ended them.
pub fn all(opened: &mut Opened) -> (Vec<Read>, Option<Error>) {
    let mut rows = Vec::new();
    loop {
        match opened.rows.next_row() {
            Ok(None) => return (rows, None),
            Ok(Some(Ok(row))) => {
                rows.push(Ok((row.number(), row.cells().map(|cell| cell.text.to_owned()).collect())));
            }
            Ok(Some(Err(error))) => rows.push(Err(error)),
            Err(error) => return (rows, Some(error)),
        }
    }
}

/// The header and the rows of a file that has no errors.
pub fn table(bytes: &[u8], options: &Options) -> (Vec<String>, Vec<(u64, Vec<String>)>) {
    let mut opened = opened(bytes, options).unwrap();
    let (rows, error) = all(&mut opened);
    assert!(error.is_none(), "{error:?}");
    let rows = rows.into_iter().map(Result::unwrap).collect();
    (opened.rows.columns().to_vec(), rows)
}

/// What ended a file, when it was opened or later.
pub fn error_of(bytes: &[u8], options: &Options) -> Option<Error> {
    match opened(bytes, options) {
        Ok(mut opened) => all(&mut opened).1,
        Err(error) => Some(error),
    }
}

/// The kinds of the cells, and whether they are formulas, of each good row.
pub fn kinds(bytes: &[u8]) -> Vec<Vec<(Kind, String, bool)>> {
    let mut opened = opened(bytes, &Options::default()).unwrap();
    let mut rows = Vec::new();
    while let Some(row) = opened.rows.next_row().unwrap() {
        let row = row.unwrap();
        rows.push(row.cells().map(|cell| (cell.kind, cell.text.to_owned(), cell.formula)).collect());
    }
    rows
}

pub fn row(number: u64, cells: &[&str]) -> (u64, Vec<String>) {
    (number, cells.iter().map(|&cell| cell.to_owned()).collect())
}

const TYPE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A ZIP file of these parts.
pub fn zip(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        zip.start_file(*name, options).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A workbook of these sheets: their names, states, and what is inside of their `worksheet` element.
pub fn book_with(sheets: &[(&str, &str, &str)], strings: &str, styles: &str, properties: &str) -> Vec<u8> {
    let (mut list, mut relations, mut parts) = (String::new(), String::new(), Vec::new());
    for (index, (name, state, content)) in sheets.iter().enumerate() {
        list +=
            &format!("<sheet name=\"{name}\" sheetId=\"{0}\" state=\"{state}\" r:id=\"s{0}\"/>", index + 1);
        relations += &format!(
            "<Relationship Id=\"s{0}\" Type=\"{TYPE}/worksheet\" Target=\"sheets/s{0}.xml\"/>",
            index + 1
        );
        parts.push((format!("xl/sheets/s{}.xml", index + 1), format!("<worksheet>{content}</worksheet>")));
    }
    for (kind, content) in [("sharedStrings", strings), ("styles", styles)] {
        if !content.is_empty() {
            // From the root, as some libraries write it.
            relations +=
                &format!("<Relationship Id=\"{kind}\" Type=\"{TYPE}/{kind}\" Target=\"/xl/{kind}.xml\"/>");
            parts.push((format!("xl/{kind}.xml"), content.to_owned()));
        }
    }
    let root = format!(
        "<Relationships><Relationship Id=\"r\" Type=\"{TYPE}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    );
    parts.push(("_rels/.rels".to_owned(), root));
    parts.push((
        "xl/workbook.xml".to_owned(),
        format!("<?xml version=\"1.0\"?><workbook>{properties}<sheets>{list}</sheets></workbook>"),
    ));
    parts.push((
        "xl/_rels/workbook.xml.rels".to_owned(),
        format!("<Relationships>{relations}</Relationships>"),
    ));
    let parts: Vec<(&str, &str)> =
        parts.iter().map(|(name, content)| (name.as_str(), content.as_str())).collect();
    zip(&parts)
}

/// A workbook of one sheet with these rows.
pub fn book(rows: &str) -> Vec<u8> {
    book_with(&[("Users", "visible", &format!("<sheetData>{rows}</sheetData>"))], "", "", "")
}

/// A cell with text in place.
pub fn inline(reference: &str, text: &str) -> String {
    format!("<c r=\"{reference}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}
