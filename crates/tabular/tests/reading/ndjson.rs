//! NDJSON: types are kept, names are gathered, and lines that are wrong cost themselves only.

use crate::support::{all, error_of, kinds, opened, row, table};
use proptest::prelude::*;
use tabular::{
    Cell, Ndjson, Table,
    read::{Error, Fault, Format, Kind, Limits, NdjsonRows, Options, Rows as _},
};

proptest! {
    #[test]
    fn what_our_writer_wrote_comes_back_whatever_it_was(
        rows in prop::collection::vec(prop::collection::vec(".{0,8}|[\"\\\\\u{0}\n=']{0,4}", 3), 1..10),
        number in any::<i64>(),
    ) {
        let mut bytes = Vec::new();
        let mut lines = Ndjson::new(&mut bytes, &["a", "\"b\"", "明", "n"]).unwrap();
        for row in &rows {
            row.iter().for_each(|cell| lines.cell(Cell::Text(cell)).unwrap());
            lines.cell(Cell::Signed(number)).unwrap();
            lines.end_row().unwrap();
        }
        Box::new(lines).finish().unwrap();
        let (columns, back) = table(&bytes, &Options::default());
        prop_assert_eq!(columns, ["a", "\"b\"", "明", "n"]);
        for (line, (written, (at, read))) in (1..).zip(rows.iter().zip(&back)) {
            prop_assert_eq!(line, *at);
            prop_assert_eq!(&read[..3], written);
            prop_assert_eq!(&read[3], &number.to_string());
        }
        prop_assert_eq!(back.len(), rows.len());
    }
}

#[test]
fn the_type_of_each_member_is_kept() {
    let text =
        br#"{"a":"1","b":1,"c":null,"d":true,"e":[1, {"x":2}],"f":1.10e3,"g":12345678901234567890123}"#;
    let cell = |kind, text: &str| (kind, text.to_owned(), false);
    assert_eq!(
        kinds(text),
        [[
            cell(Kind::Text, "1"),
            cell(Kind::Number, "1"),
            cell(Kind::Null, ""),
            cell(Kind::Bool, "true"),
            cell(Kind::Json, r#"[1, {"x":2}]"#),
            cell(Kind::Number, "1.10e3"),
            cell(Kind::Number, "12345678901234567890123"),
        ]]
    );
}

#[test]
fn names_are_gathered_and_members_may_come_in_any_order() {
    let text = "\u{feff}\r\n{\"a\":\"1\"}\r\n\n {\"b\":\"2\",\"a\":\"3\"} \n{}\n{\"b\":\"4\"}";
    let (columns, rows) = table(text.as_bytes(), &Options::default());
    assert_eq!(columns, ["a", "b"]);
    assert_eq!(rows, [row(2, &["1"]), row(4, &["3", "2"]), row(5, &["", ""]), row(6, &["", "4"])]);
}

#[test]
fn lines_that_are_wrong_cost_themselves_only() {
    let limits = Limits { columns: 2, cell_bytes: 8, ..Limits::default() };
    let text = "{\"a\":1}\n[1]\n{\"a\":1,\"a\":2}\n{\"a\":\n{\"a\":1} 2\n{\"b\":1,\"c\":1}\n{\"\":1}\n{\"a\":\"123456789\"}\n{\"a\":\"\\ud800\"}\n{\"b\":7}";
    let mut opened = opened(text.as_bytes(), &Options { limits, ..Options::default() }).unwrap();
    assert_eq!(opened.format, Format::Ndjson);
    let (rows, error) = all(&mut opened);
    assert!(error.is_none(), "{error:?}");
    let faults: Vec<_> = rows.iter().filter_map(|row| row.clone().err()).map(|error| error.fault).collect();
    assert!(matches!(faults[0], Fault::NotJson { .. }));
    assert_eq!(faults[1], Fault::DuplicateMember { name: "a".into() });
    assert!(matches!(faults[2], Fault::NotJson { .. }) && matches!(faults[3], Fault::NotJson { .. }));
    assert_eq!(faults[4], Fault::TooManyMembers { limit: 2 });
    assert_eq!(faults[5], Fault::UnnamedMember);
    assert_eq!(faults[6], Fault::CellTooLong { column: 0, limit: 8 });
    assert!(matches!(faults[7], Fault::NotJson { .. }));
    assert_eq!(faults.len(), 8);
    assert_eq!(rows.last(), Some(&Ok(row(10, &["", "7"]))));
}

#[test]
fn an_array_is_told_how_to_be_lines() {
    let error = error_of(b" [ {\"a\":1} ]", &Options::default()).unwrap();
    assert!(matches!(error, Error::Foreign { what: "a JSON array", .. }), "{error}");
}

#[test]
fn a_line_over_the_limit_ends_the_file_where_it_stands() {
    let limits = Limits { row_bytes: 16, ..Limits::default() };
    let options = Options { limits, ..Options::default() };
    let error = error_of(b"{\"a\":1}\n{\"a\":\"12345678901\"}\n", &options).unwrap();
    assert!(
        error.to_string().starts_with("The row that begins at line 2 is longer than 16 bytes."),
        "{error}"
    );
    assert!(error_of(b"{\"a\":1234567890}\n", &options).is_none());
}

#[test]
fn objects_within_can_be_cells_of_their_own() {
    let file = "{\"id\":1,\"custom\":{\"b\":\"x\",\"c\":null},\"z\":2}\n{\"custom\":{},\"id\":3}\n{\"custom\":7,\"id\":4}\n\
                {\"custom\":{\"b\":1,\"b\":2}}\n{\"custom\":{\"d\":{\"e\":[1]}}}\n";
    let options = Options { flatten: true, ..Options::default() };
    let mut rows = NdjsonRows::new(file.as_bytes(), &options);
    let mut seen = Vec::new();
    while let Some(row) = rows.next_row().unwrap() {
        seen.push(match row {
            Ok(row) => row
                .columns()
                .iter()
                .zip(row.cells())
                .filter(|(_, cell)| cell.kind != Kind::Missing)
                .map(|(name, cell)| format!("{name}={}", cell.text))
                .collect::<Vec<_>>()
                .join(" "),
            Err(error) => error.to_string(),
        });
    }
    assert_eq!(
        seen,
        [
            "id=1 custom.b=x custom.c= z=2",
            "id=3",
            "id=4 custom=7",
            "Line 4: the name “custom.b” comes twice. Remove one.",
            "custom.d={\"e\":[1]}"
        ]
    );
}
