//! Files made to hurt: each ends in a sentence, in bounded memory.

use crate::support::{all, book, book_with, error_of, inline, opened, row, table};
use std::{
    io::{self, Read, Seek, SeekFrom},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};
use tabular::read::{CsvRows, Error, Format, Limits, NdjsonRows, Options, Rows as _, open};

/// A file of a gigabyte, most of it one line, which was never stored.
struct Endless {
    start: &'static [u8],
    position: u64,
    /// How many bytes were read of it, again and again those that were read again.
    given: Arc<AtomicU64>,
}

impl Endless {
    const SIZE: u64 = 1 << 30;

    fn new(start: &'static [u8]) -> Self {
        Self { start, position: 0, given: Arc::default() }
    }
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let start = usize::try_from(self.position).ok().and_then(|position| self.start.get(position..));
        let start = start.unwrap_or_default();
        let rest = usize::try_from(Self::SIZE - self.position).unwrap();
        let taken = if start.is_empty() { buffer.len().min(rest) } else { buffer.len().min(start.len()) };
        buffer[..taken].fill(b'x');
        buffer[..taken.min(start.len())].copy_from_slice(&start[..taken.min(start.len())]);
        self.position += taken as u64;
        self.given.fetch_add(taken as u64, Ordering::Relaxed);
        Ok(taken)
    }
}

impl Seek for Endless {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.position = match to {
            SeekFrom::Start(position) => position,
            SeekFrom::End(_) => Self::SIZE,
            SeekFrom::Current(offset) => self.position.saturating_add_signed(offset),
        };
        Ok(self.position)
    }
}

#[test]
fn a_line_of_a_gigabyte_is_refused_after_its_first_megabyte() {
    for start in [b"a,b\n1,2\nxx".as_slice(), b"a,b\n1,2\n\"x", b"a,b\n1,2\n,,,,"] {
        let mut rows = CsvRows::new(Endless::new(start), &Options::default()).unwrap();
        rows.next_row().unwrap().unwrap().unwrap();
        let error = rows.next_row().unwrap_err();
        assert!(
            error.to_string().starts_with("The row that begins at line 3 is longer than 1 MiB."),
            "{error}"
        );
        assert!(rows.bytes_read() < 2 << 20);
    }
    let mut rows = NdjsonRows::new(Endless::new(b"{\"a\":1}\n{\"a\":\""), &Options::default());
    rows.next_row().unwrap().unwrap().unwrap();
    assert!(matches!(rows.next_row(), Err(Error::RowTooLong { .. })));
    assert!(rows.bytes_read() < 2 << 20);
}

/// Of a row as long as it may be, a row and what is read at once are taken, and no more.
#[test]
fn of_a_gigabyte_that_is_refused_hardly_anything_is_read() {
    let limits = Limits { row_bytes: 128 << 10, ..Limits::default() };
    let options = Options { limits, ..Options::default() };
    for start in [b"a,b\n1,2\nxx".as_slice(), b"a\n\"x", b"", b"{\"a\":1}\n{\"a\":\""] {
        let file = Endless::new(start);
        let given = Arc::clone(&file.given);
        let error = open(file, &options).map_or_else(Some, |mut opened| all(&mut opened).1).unwrap();
        assert!(error.to_string().contains("is longer than 128 KiB. Look for a missing line end"), "{error}");
        assert!(given.load(Ordering::Relaxed) < 512 << 10, "{given:?}");
    }
}

#[test]
fn a_file_over_the_limit_is_refused() {
    let limits = Limits { file_bytes: 8, ..Limits::default() };
    let options = Options { limits, ..Options::default() };
    assert!(error_of(b"a\n1\n2\n3\n", &options).is_none());
    assert!(matches!(error_of(b"a\n1\n2\n3\n4", &options), Some(Error::FileTooLarge { limit: 8 })));
    // Of a stream, whose size nobody knows.
    assert!(matches!(CsvRows::new(&b"a\n1\n2\n3\n4"[..], &options), Err(Error::FileTooLarge { limit: 8 })));
}

#[test]
fn nul_is_a_character_in_text_and_a_sign_of_something_else_without() {
    let (_, rows) = table(b"name,note\nming,\"a\0b\"\n", &Options::default());
    assert_eq!(rows, [row(2, &["ming", "a\0b"])]);
    let error = error_of(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\0", &Options::default()).unwrap();
    assert!(error.to_string().starts_with("The file is no text and no workbook."), "{error}");
}

#[test]
fn files_of_other_kinds_are_told_apart_by_their_content() {
    for (bytes, says) in [
        (
            b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1....".as_slice(),
            "The file is an old workbook (.xls) or one that is",
        ),
        (b"\x1F\x8B\x08", "The file is packed, but cannot be unpacked"),
        (b"%PDF-1.7", "The file is a PDF document."),
        (b"PK\x03\x04", "The workbook is damaged in the ZIP directory: its end is missing."),
    ] {
        let error = error_of(bytes, &Options::default()).unwrap();
        assert!(error.to_string().starts_with(says), "{error}");
    }
}

#[test]
fn a_name_that_promises_something_else_is_reported_and_the_content_read() {
    let named = |name: &str| Options { file_name: Some(name.into()), ..Options::default() };
    for (name, bytes, format) in [
        ("users.xlsx", b"a,b\n".to_vec(), Format::Csv),
        ("users.CSV", b"{\"a\":1}".to_vec(), Format::Ndjson),
        ("users.csv", book(&format!("<row>{}</row>", inline("A1", "a"))), Format::Xlsx),
    ] {
        let opened = opened(&bytes, &named(name)).unwrap();
        let mismatch = opened.mismatch.unwrap();
        assert_eq!((opened.format, mismatch.format), (format, format));
        assert!(mismatch.to_string().starts_with("The name of the file ends in “."));
    }
    for name in ["users.csv", "users.txt", "users", ""] {
        assert_eq!(opened(b"a,b\n", &named(name)).unwrap().mismatch, None);
    }
}

/// A workbook of 80 MiB in a file of some 100 KiB.
fn bomb() -> Vec<u8> {
    let row = format!("<row>{}</row>{}", inline("A1", "a"), " ".repeat(4096));
    book(&row.repeat(20_000))
}

#[test]
fn a_bomb_is_refused_by_its_ratio_or_its_size() {
    let bytes = bomb();
    assert!(bytes.len() < 1 << 20);
    let says = |limits| {
        let error = error_of(&bytes, &Options { limits, ..Options::default() }).unwrap();
        error.to_string()
    };
    assert!(says(Limits::default()).contains("its size against the size of the file"));
    let small = Limits { unpacked_bytes: 1 << 20, ..Limits::default() };
    assert!(says(small).contains("the size of its content"));
}

#[test]
fn what_is_held_in_memory_is_bounded() {
    let sheet = format!("<sheetData><row>{}</row></sheetData>", inline("A1", "a"));
    let many = format!("<sst>{}</sst>", "<si><t>text</t></si>".repeat(1000));
    let one = format!("<sst><si>{}</si></sst>", "<r><t>text</t></r>".repeat(1000));
    let nothing = format!("<sst>{}</sst>", "<si/>".repeat(1000));
    let limits = Limits { shared_bytes: 3000, ..Limits::default() };
    for strings in [many, one, nothing] {
        let bytes = book_with(&[("S", "visible", &sheet)], &strings, "", "");
        let options = Options { limits: limits.clone(), ..Options::default() };
        assert!(matches!(error_of(&bytes, &options), Some(Error::TooManyStrings { limit: 3000 })));
    }
    let limits = Limits { zip_entries: 2, ..Limits::default() };
    let error = error_of(&book(""), &Options { limits, ..Options::default() }).unwrap();
    assert!(error.to_string().contains("the number of files in it"), "{error}");
    let deep = book(&"<x>".repeat(1000));
    assert!(
        error_of(&deep, &Options::default())
            .unwrap()
            .to_string()
            .contains("of a kind that workbooks do not have")
    );
    let long = book(&format!("<row><c t=\"str\"><v>{}</v></c></row>", "x".repeat(9 << 20)));
    assert!(matches!(
        error_of(&long, &Options::default()),
        Some(Error::Damaged { .. } | Error::RowTooLong { .. })
    ));
}

/// The ZIP directory says how many entries there are; a liar must not make us believe it.
#[test]
fn a_directory_that_lies_is_refused() {
    let bytes = book(&format!("<row>{}</row>", inline("A1", "a")));
    let end = bytes.len() - 22;
    let with = |at: usize, value: &[u8]| {
        let mut bytes = bytes.clone();
        bytes[end + at..end + at + value.len()].copy_from_slice(value);
        bytes
    };
    for (at, value) in
        [(10, &[0xFE, 0xFF][..]), (12, &[0xFE, 0xFF, 0xFF, 0xFF]), (16, &[0xFE, 0xFF, 0xFF, 0xFF])]
    {
        let error = error_of(&with(at, value), &Options::default()).unwrap();
        assert!(matches!(error, Error::UnpacksTooFar { .. } | Error::Damaged { .. }), "{error}");
    }
    // The bit that says that an entry is encrypted, in all of them.
    let mut locked = bytes.clone();
    let entries: Vec<usize> =
        locked.windows(4).enumerate().filter(|(_, four)| four == b"PK\x01\x02").map(|(at, _)| at).collect();
    entries.iter().for_each(|at| locked[at + 8] |= 1);
    let error = error_of(&locked, &Options::default()).unwrap();
    assert!(error.to_string().starts_with("The file is protected by a password."), "{error}");
}

#[test]
fn a_document_type_is_refused() {
    let bytes = book("<row><c t=\"str\"><v>&lol;</v></c></row>");
    // An entity that nobody declared is no text.
    assert!(matches!(error_of(&bytes, &Options::default()), Some(Error::Empty)));
    let strings = "<!DOCTYPE sst [<!ENTITY lol \"lol\">]><sst><si><t>&lol;</t></si></sst>";
    let bytes = book_with(&[("S", "visible", "<sheetData/>")], strings, "", "");
    assert!(matches!(error_of(&bytes, &Options::default()), Some(Error::Damaged { .. })));
}
