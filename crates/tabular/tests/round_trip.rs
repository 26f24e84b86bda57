//! What was written is what a reader of the format gets back, cell by cell.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests may panic like tests")]

use calamine::{Data, Reader as _, Xlsx as XlsxReader};
use proptest::prelude::*;
use std::io::Cursor;
use tabular::{Cell, Csv, Guard, Ndjson, Table, Written, Xlsx, is_risky, unguard};

/// Text that is likely to break a format: quotes, separators, marks, line ends, several scripts.
fn awkward() -> impl Strategy<Value = String> {
    prop_oneof![
        "[=+\\-@\t\r\n'\", ;a＝＠é明]{0,8}",
        "\\PC{0,20}",
        Just(String::new()),
        Just("' OR ''='".to_owned()),
    ]
}

fn rows() -> impl Strategy<Value = Vec<Vec<String>>> {
    (1..5usize).prop_flat_map(|width| prop::collection::vec(prop::collection::vec(awkward(), width), 0..12))
}

fn names(width: usize) -> Vec<String> {
    (0..width).map(|n| format!("column {n}")).collect()
}

fn write(mut table: Box<dyn Table + '_>, rows: &[Vec<String>]) -> Written {
    for row in rows {
        for cell in row {
            table.cell(Cell::Text(cell)).unwrap();
        }
        table.end_row().unwrap();
    }
    table.finish().unwrap()
}

fn csv_bytes(rows: &[Vec<String>], guard: Guard) -> Vec<u8> {
    let names = names(rows.first().map_or(1, Vec::len));
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut out = Vec::new();
    let written = write(Box::new(Csv::new(&mut out, &names, guard).unwrap()), rows);
    assert_eq!(written.bytes, out.len() as u64);
    out
}

fn csv_rows(bytes: &[u8]) -> Vec<Vec<String>> {
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).expect("the byte order mark");
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text);
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

proptest! {
    #[test]
    fn csv_comes_back_after_the_mark_is_taken_away(rows in rows()) {
        let back = csv_rows(&csv_bytes(&rows, Guard::Formulas));
        prop_assert!(back.iter().flatten().all(|cell| !is_risky(cell) || cell.starts_with('\'')));
        let plain: Vec<Vec<String>> =
            back.iter().map(|row| row.iter().map(|cell| unguard(cell).to_owned()).collect()).collect();
        prop_assert_eq!(plain, rows);
    }

    #[test]
    fn exact_csv_comes_back_as_it_is(rows in rows()) {
        prop_assert_eq!(csv_rows(&csv_bytes(&rows, Guard::Exact)), rows);
    }

    #[test]
    fn ndjson_comes_back_as_objects(rows in rows()) {
        let names = names(rows.first().map_or(1, Vec::len));
        let columns: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut out = Vec::new();
        write(Box::new(Ndjson::new(&mut out, &columns).unwrap()), &rows);
        let text = String::from_utf8(out).unwrap();
        prop_assert_eq!(text.lines().count(), rows.len());
        for (line, row) in text.lines().zip(&rows) {
            let object: serde_json::Value = serde_json::from_str(line).unwrap();
            for (name, cell) in names.iter().zip(row) {
                prop_assert_eq!(object[name].as_str(), Some(cell.as_str()));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Small sheets, so that a few rows already need several.
    #[test]
    fn xlsx_comes_back_as_text_in_row_order_over_several_sheets(rows in rows()) {
        let names = names(rows.first().map_or(1, Vec::len));
        let columns: Vec<&str> = names.iter().map(String::as_str).collect();
        let scratch = tempfile::tempdir().unwrap();
        let mut out = Vec::new();
        let book = Xlsx::with_sheet_rows(&mut out, &columns, "Users", scratch.path(), 4).unwrap();
        write(Box::new(book), &rows);

        let mut book = XlsxReader::new(Cursor::new(out)).unwrap();
        prop_assert_eq!(book.sheet_names().len(), rows.len().div_ceil(3).max(1));
        let mut back = Vec::new();
        for (_, sheet) in book.worksheets() {
            let width = names.len() as u32;
            let header: Vec<String> = (0..width).map(|c| text(sheet.get_value((0, c)))).collect();
            prop_assert_eq!(&header, &names);
            // Rows of empty cells leave no trace, so rows are counted from what was written.
            let here = (rows.len() - back.len()).min(3) as u32;
            back.extend((1..=here).map(|r| (0..width).map(|c| text(sheet.get_value((r, c)))).collect::<Vec<_>>()));
        }
        prop_assert_eq!(back, rows);
    }
}

fn text(cell: Option<&Data>) -> String {
    match cell {
        None | Some(Data::Empty) => String::new(),
        Some(Data::String(text)) => text.clone(),
        Some(other) => panic!("text came back as {other:?}"),
    }
}

#[test]
fn numbers_stay_numbers_and_json_stays_json() {
    let cells = [Cell::Unsigned(u32::MAX), Cell::Signed(-1), Cell::Signed(i64::MAX), Cell::Json("{\"a\":1}")];
    let columns = ["a", "b", "c", "d"];
    let scratch = tempfile::tempdir().unwrap();
    let (mut csv, mut lines, mut book) = (Vec::new(), Vec::new(), Vec::new());
    let tables: [Box<dyn Table + '_>; 3] = [
        Box::new(Csv::new(&mut csv, &columns, Guard::Formulas).unwrap()),
        Box::new(Ndjson::new(&mut lines, &columns).unwrap()),
        Box::new(Xlsx::new(&mut book, &columns, "Users", scratch.path()).unwrap()),
    ];
    for mut table in tables {
        cells.into_iter().for_each(|cell| table.cell(cell).unwrap());
        table.end_row().unwrap();
        table.finish().unwrap();
    }
    assert_eq!(csv, "\u{feff}a,b,c,d\r\n4294967295,-1,9223372036854775807,\"{\"\"a\"\":1}\"\r\n".as_bytes());
    assert_eq!(lines, b"{\"a\":4294967295,\"b\":-1,\"c\":9223372036854775807,\"d\":{\"a\":1}}\n");
    let mut book = XlsxReader::new(Cursor::new(book)).unwrap();
    let (_, sheet) = book.worksheets().remove(0);
    assert_eq!(sheet.get_value((1, 0)), Some(&Data::Float(f64::from(u32::MAX))));
    assert_eq!(sheet.get_value((1, 1)), Some(&Data::Float(-1.0)));
    // Past 2^53 a spreadsheet's number would be another number.
    assert_eq!(sheet.get_value((1, 2)), Some(&Data::String(i64::MAX.to_string())));
}

#[test]
fn a_row_that_is_too_long_is_refused_where_it_would_shift_cells() {
    let scratch = tempfile::tempdir().unwrap();
    let mut book = Xlsx::new(Vec::new(), &["a"], "Users", scratch.path()).unwrap();
    book.cell(Cell::Text("x")).unwrap();
    assert!(book.cell(Cell::Text("y")).is_err());
    let mut lines = Ndjson::new(Vec::new(), &["a"]).unwrap();
    lines.cell(Cell::Text("x")).unwrap();
    assert!(lines.cell(Cell::Text("y")).is_err());
}
