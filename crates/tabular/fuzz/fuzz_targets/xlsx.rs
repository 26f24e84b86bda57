//! Whatever is presented as XLSX is read or refused: no panic, no hang, no rows that are not as promised.

#![no_main]

use libfuzzer_sys::fuzz_target;
use std::io::{Cursor, Write as _};
use tabular::read::{Limits, Options, XlsxRows};
use tabular_fuzz::{read, tight};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

const TYPE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

fuzz_target!(|data: &[u8]| {
    // As it comes, as a ZIP file that is no workbook perhaps, and as what is inside of a workbook.
    judge(data);
    judge(&workbook(data));
});

fn judge(bytes: &[u8]) {
    for (limits, header) in [(Limits::default(), true), (tight(), false)] {
        let options = Options { limits, header, ..Options::default() };
        if let Ok(mut rows) = XlsxRows::new(Cursor::new(bytes), &options) {
            read(&mut rows, &options.limits);
        }
    }
}

/// A workbook of the fuzzer's sheet, strings and styles, which NULs separate.
fn workbook(data: &[u8]) -> Vec<u8> {
    let mut pieces = data.splitn(3, |&byte| byte == 0);
    let mut relations = String::new();
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut add = |name: &str, content: &[u8]| {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        zip.start_file(name, options).expect("memory takes all");
        zip.write_all(content).expect("memory takes all");
    };
    for kind in ["worksheet", "sharedStrings", "styles"] {
        add(&format!("xl/{kind}.xml"), pieces.next().unwrap_or_default());
        relations += &format!("<Relationship Id=\"{kind}\" Type=\"{TYPE}/{kind}\" Target=\"{kind}.xml\"/>");
    }
    add("xl/_rels/workbook.xml.rels", format!("<Relationships>{relations}</Relationships>").as_bytes());
    // Twice, so that the second goes on with the table of the first.
    let sheets = "<sheet name=\"a\" id=\"worksheet\"/><sheet name=\"b\" id=\"worksheet\"/>";
    add("xl/workbook.xml", format!("<workbook><sheets>{sheets}</sheets></workbook>").as_bytes());
    zip.finish().expect("memory takes all").into_inner()
}
