//! CSV in every encoding, with every delimiter and line end, and what is said of files that are wrong.

use crate::support::{all, error_of, opened, row, table};
use proptest::prelude::*;
use std::io::Cursor;
use tabular::{
    Cell, Csv, Guard, Table,
    read::{CsvRows, Delimiter, Encoding, Error, Fault, Format, Limits, Options, Place, Rows as _},
};

fn encode(text: &str, encoding: Encoding, mark: bool) -> Vec<u8> {
    let text = if mark { format!("\u{feff}{text}") } else { text.to_owned() };
    match encoding {
        Encoding::Utf8 => text.into_bytes(),
        Encoding::Utf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        Encoding::Utf16Be => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        Encoding::Gb18030 => encoding_rs::GB18030.encode(&text).0.into_owned(),
    }
}

fn quoted(rows: &[Vec<String>], delimiter: Delimiter, end: &str) -> String {
    let mut text = String::new();
    for row in rows {
        let cells: Vec<String> =
            row.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
        text += &cells.join(&char::from(delimiter.byte()).to_string());
        text += end;
    }
    text
}

/// Text that comes back from each encoding.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z,;|\t\r\n\"'=é明 ]{0,8}", "\\PC{0,12}"].prop_filter(
        "in all encodings",
        |text: &String| {
            let bytes = encode(text, Encoding::Gb18030, false);
            encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(&bytes).as_deref()
                == Some(text)
        },
    )
}

fn rows() -> impl Strategy<Value = Vec<Vec<String>>> {
    (1..5usize).prop_flat_map(|width| prop::collection::vec(prop::collection::vec(cell(), width), 0..8))
}

proptest! {
    #[test]
    fn every_encoding_with_every_delimiter_comes_back(
        rows in rows(),
        encoding in prop::sample::select(vec![Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be, Encoding::Gb18030]),
        delimiter in prop::sample::select(Delimiter::ALL.to_vec()),
        end in prop::sample::select(vec!["\n", "\r", "\r\n"]),
        mark in any::<bool>(),
    ) {
        let mut all = vec![(0..rows.first().map_or(1, Vec::len)).map(|n| format!("column {n}")).collect::<Vec<_>>()];
        all.extend(rows.clone());
        let bytes = encode(&quoted(&all, delimiter, end), encoding, mark && encoding != Encoding::Gb18030);
        let options = Options {
            encoding: Some(encoding),
            delimiter: Some(delimiter),
            guard: Guard::Exact,
            ..Options::default()
        };
        let (columns, back) = table(&bytes, &options);
        prop_assert_eq!(&columns, &all[0]);
        prop_assert_eq!(back.into_iter().map(|(_, row)| row).collect::<Vec<_>>(), rows);
    }

    #[test]
    fn what_our_writer_wrote_comes_back_whatever_it_was(
        rows in prop::collection::vec(prop::collection::vec(".{0,6}|['=+@\t\r\n-]{0,5}", 3), 0..10),
        guard in prop::sample::select(vec![Guard::Formulas, Guard::Exact]),
    ) {
        let mut bytes = Vec::new();
        let mut csv = Csv::new(&mut bytes, &["=a", "'b", "c"], guard).unwrap();
        for row in &rows {
            row.iter().for_each(|cell| csv.cell(Cell::Text(cell)).unwrap());
            csv.end_row().unwrap();
        }
        Box::new(csv).finish().unwrap();
        let (columns, back) = table(&bytes, &Options { guard, ..Options::default() });
        prop_assert_eq!(columns, ["=a", "'b", "c"]);
        prop_assert_eq!(back.into_iter().map(|(_, row)| row).collect::<Vec<_>>(), rows);
    }
}

#[test]
fn encodings_are_found_by_looking() {
    let text = "姓名;城市;备注\r\n明明;北京;喜欢喝茶\r\n李雷;上海;\r\n";
    for (encoding, mark) in [
        (Encoding::Utf8, false),
        (Encoding::Utf8, true),
        (Encoding::Utf16Le, false),
        (Encoding::Utf16Le, true),
        (Encoding::Utf16Be, false),
        (Encoding::Utf16Be, true),
        (Encoding::Gb18030, false),
    ] {
        let mut opened = opened(&encode(text, encoding, mark), &Options::default()).unwrap();
        assert_eq!((opened.format, opened.delimiter), (Format::Csv, Some(Delimiter::Semicolon)));
        let (rows, error) = all(&mut opened);
        assert!(error.is_none(), "{error:?}");
        assert_eq!(rows, [Ok(row(2, &["明明", "北京", "喜欢喝茶"])), Ok(row(3, &["李雷", "上海", ""]))]);
        assert_eq!(opened.rows.encoding(), Some(encoding));
    }
}

#[test]
fn an_encoding_that_shows_late_is_found_late() {
    let plain: String = (0..20_000).map(|n| format!("user{n},plain\n")).collect();
    for encoding in [Encoding::Utf8, Encoding::Gb18030] {
        let bytes = encode(&format!("name,note\n{plain}明明,最后一行\n"), encoding, false);
        let (_, rows) = table(&bytes, &Options::default());
        assert_eq!(rows.last(), Some(&row(20_002, &["明明", "最后一行"])));
    }
}

#[test]
fn mixed_and_broken_encodings_name_the_line() {
    let gb = |text| encode(text, Encoding::Gb18030, false);
    let long = "平安,喜乐\n".repeat(30_000);
    let utf8_then_gb =
        ["姓名,城市\n明明,北京\n".as_bytes(), &gb("韩梅梅,广州\n"), "李雷,上海\n".as_bytes()].concat();
    let gb_then_utf8 = [&gb("姓名,城市\n"), &gb(&long)[..], "韩梅梅,广州\n".as_bytes()].concat();
    let cut = &encode("姓名,城市\n明明,北京\n", Encoding::Utf8, false)[..26];
    for (bytes, line, says) in [
        (utf8_then_gb.as_slice(), 3, "Line 3 holds bytes that are not UTF-8."),
        (gb_then_utf8.as_slice(), 30_002, "Line 30002 is UTF-8, but lines before it are GB18030."),
        (cut, 2, "Line 2 holds bytes that are not UTF-8."),
        (b"\xFF\xFEa\0,\0b\0\n\0x\0,\0\0\xD8\n\0", 2, "Line 2 holds bytes that are not UTF-16LE."),
    ] {
        let error = error_of(bytes, &Options::default()).unwrap();
        assert!(error.to_string().starts_with(says), "{error}");
        assert!(
            matches!(error, Error::Malformed { line: at, .. } | Error::MixedEncodings { line: at, .. } if at == line)
        );
    }
}

#[test]
fn lines_are_counted_as_an_editor_does() {
    let text = "\r\n\na,b\r\n\r\n1,\"x\r\ny\nz\"\r\n\n2,x\r3,y\r\r\n4,z";
    let (_, rows) = table(text.as_bytes(), &Options::default());
    assert_eq!(
        rows,
        [row(5, &["1", "x\r\ny\nz"]), row(9, &["2", "x"]), row(10, &["3", "y"]), row(12, &["4", "z"])]
    );
}

#[test]
fn rows_that_are_wrong_cost_themselves_only() {
    let limits = Limits { cell_bytes: 4, ..Limits::default() };
    let mut opened =
        opened(b"a,b\n1\n2,3,4\n5,6\nlonger,7\n8,9", &Options { limits, ..Options::default() }).unwrap();
    let (rows, error) = all(&mut opened);
    assert!(error.is_none());
    let faults: Vec<_> = rows.iter().filter_map(|row| row.clone().err()).collect();
    assert_eq!(
        faults.iter().map(|fault| fault.place.clone()).collect::<Vec<_>>(),
        [2, 3, 5].map(Place::Line)
    );
    assert_eq!(faults[0].fault, Fault::CellCount { expected: 2, found: 1 });
    assert_eq!(faults[1].fault, Fault::CellCount { expected: 2, found: 3 });
    assert_eq!(faults[2].to_string(), "Line 5: the cell in column A is longer than 4 bytes. Shorten it.");
    let good: Vec<_> = rows.into_iter().flatten().collect();
    assert_eq!(good, [row(4, &["5", "6"]), row(6, &["8", "9"])]);
}

#[test]
fn headers_must_name_each_column_once() {
    let wide = vec!["x"; 1001].join(",");
    for (text, says) in [
        ("", "The file is empty. It must have at least the row that names the columns."),
        ("\n\r\n", "The file is empty. It must have at least the row that names the columns."),
        ("a,,c\n", "Column B has no name in line 1. Name it, or remove the column."),
        ("\na,b,'=a,'=b,=a", "Columns C and E are both named “=a” in line 2. Rename or remove one."),
        (&wide, "The header in line 1 has more than 1000 columns, or longer names than a cell may hold."),
        ("a,\"b\n1,2\n", "The row that begins at line 1 opens a quote that is never closed."),
    ] {
        let error = opened(text.as_bytes(), &Options::default()).err().unwrap();
        assert!(error.to_string().starts_with(says), "{error}");
    }
}

#[test]
fn without_a_header_the_first_row_is_data() {
    let options = Options { header: false, ..Options::default() };
    let (columns, rows) = table(b"1\t2\n3\t4\n", &options);
    assert_eq!(columns, ["A", "B"]);
    assert_eq!(rows, [row(1, &["1", "2"]), row(2, &["3", "4"])]);
}

#[test]
fn an_open_quote_at_the_end_is_an_error_and_a_missing_line_end_is_none() {
    let error = error_of(b"a,b\n1,2\n3,\"4\n5,6\n", &Options::default()).unwrap();
    assert!(matches!(error, Error::UnclosedQuote { line: 3 }), "{error}");
    let (_, rows) = table(b"a,b\n1,\"2\"", &Options::default());
    assert_eq!(rows, [row(2, &["1", "2"])]);
    let (_, rows) = table(b"a,b\n1,", &Options::default());
    assert_eq!(rows, [row(2, &["1", ""])]);
}

#[test]
fn a_reader_needs_no_seeking_and_says_what_it_found() {
    let mut rows = CsvRows::new(Cursor::new("a|b\n1|2\n"), &Options::default()).unwrap();
    assert_eq!(rows.delimiter(), Delimiter::Pipe);
    let cell = rows.next_row().unwrap().unwrap().unwrap().named("b").unwrap();
    assert_eq!(cell.text, "2");
    assert_eq!(rows.bytes_read(), 8);
}
