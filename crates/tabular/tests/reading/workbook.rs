//! XLSX as spreadsheets and libraries write it.

use crate::support::{all, book, book_with, error_of, inline, kinds, opened, row, table, zip};
use tabular::read::{Error, Fault, Kind, Limits, Options, Place};

fn cell(kind: Kind, text: &str) -> (Kind, String, bool) {
    (kind, text.to_owned(), false)
}

/// As the common spreadsheet writes it: shared strings, some of them rich or with a reading, spans and styles.
#[test]
fn shared_strings_lose_their_runs_and_readings() {
    let strings = "<sst count=\"5\"><si><t>name</t></si><si><t>note</t></si>\
        <si><r><t xml:space=\"preserve\">plain </t></r><r><rPr><b/></rPr><t>bold</t></r></si>\
        <si><t>東京</t><rPh sb=\"0\" eb=\"2\"><t>トウキョウ</t></rPh><phoneticPr fontId=\"1\"/></si>\
        <si><t>a &amp; &lt;b&gt; &#x660E;_x000D_</t></si><si/></sst>";
    let rows = "<row r=\"1\" spans=\"1:2\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c></row>\
        <row r=\"3\"><c r=\"A3\" t=\"s\"><v>2</v></c><c r=\"B3\" t=\"s\"><v>3</v></c></row>\
        <row r=\"4\"/><row r=\"5\"><c r=\"A5\" s=\"1\"/><c r=\"B5\" t=\"s\"><v>5</v></c></row>\
        <row r=\"6\"><c r=\"B6\" t=\"s\"><v>4</v></c></row>\
        <row r=\"7\"><c r=\"B7\" t=\"s\"><v>6</v></c></row>";
    let sheet = format!("<cols><col min=\"1\"/></cols><sheetData>{rows}</sheetData><mergeCells/>");
    let bytes = book_with(&[("Users", "visible", &sheet)], strings, "", "");
    let mut opened = opened(&bytes, &Options::default()).unwrap();
    let (rows, error) = all(&mut opened);
    assert!(error.is_none(), "{error:?}");
    assert_eq!(rows[0], Ok(row(3, &["plain bold", "東京"])));
    assert_eq!(rows[1], Ok(row(6, &["", "a & <b> 明\r"])));
    assert_eq!(rows[2].clone().unwrap_err().fault, Fault::BadCell { cell: "B7".into() });
}

#[test]
fn prefixes_and_missing_references_are_understood() {
    let rows = "<x:row><x:c t=\"inlineStr\"><x:is><x:t>a</x:t></x:is></x:c><x:c t=\"str\"><x:v>b</x:v></x:c></x:row>\
        <x:row><x:c r=\"B2\"><x:v>2</x:v></x:c></x:row><x:row r=\"9\"><x:c><x:v>3</x:v></x:c></x:row>";
    let sheet = format!("<x:sheetData xmlns:x=\"main\">{rows}</x:sheetData>");
    let (columns, rows) = table(&book_with(&[("S", "visible", &sheet)], "", "", ""), &Options::default());
    assert_eq!(columns, ["a", "b"]);
    assert_eq!(rows, [row(2, &["", "2"]), row(9, &["3", ""])]);
}

#[test]
fn numbers_dates_booleans_errors_and_formulas_are_told_apart() {
    let styles = "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd\"/></numFmts>\
        <cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>\
        <cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"164\"/></cellXfs></styleSheet>";
    let header: String = ["A1", "B1", "C1", "D1", "E1", "F1", "G1"].iter().map(|at| inline(at, at)).collect();
    let rows = format!(
        "<row r=\"1\">{header}</row><row r=\"2\"><c r=\"A2\"><v>0.10000000000000001</v></c>\
         <c r=\"B2\" s=\"1\"><v>45351</v></c><c r=\"C2\" s=\"2\"><v>45351.25</v></c>\
         <c r=\"D2\" t=\"b\"><v>1</v></c><c r=\"E2\" t=\"e\"><v>#N/A</v></c>\
         <c r=\"F2\" t=\"str\"><f>A1&amp;\"x\"</f><v>A1x</v></c><c r=\"G2\" t=\"d\"><v>2024-02-29</v></c></row>\
         <row r=\"3\"><c r=\"A3\" t=\"b\"><f>1=2</f><v>0</v></c><c r=\"B3\"><f>B2</f></c></row>"
    );
    let sheet = format!("<sheetData>{rows}</sheetData>");
    let bytes = book_with(&[("S", "visible", &sheet)], "", styles, "");
    let found = kinds(&bytes);
    assert_eq!(
        found[0],
        [
            cell(Kind::Number, "0.1"),
            cell(Kind::Date, "2024-02-29"),
            cell(Kind::Date, "2024-02-29T06:00:00"),
            cell(Kind::Bool, "true"),
            cell(Kind::Error, "#N/A"),
            (Kind::Text, "A1x".into(), true),
            cell(Kind::Date, "2024-02-29"),
        ]
    );
    assert_eq!(found[1][..2], [(Kind::Bool, "false".into(), true), (Kind::Missing, String::new(), true)]);
    let of_1904 = book_with(&[("S", "visible", &sheet)], "", styles, "<workbookPr date1904=\"1\"/>");
    assert_eq!(kinds(&of_1904)[0][1], cell(Kind::Date, "2028-03-01"));
}

#[test]
fn the_first_visible_sheet_is_read_or_the_one_that_is_named() {
    let sheet = |name: &str| {
        format!(
            "<sheetData><row r=\"1\">{}</row><row r=\"2\"><c r=\"A2\"><v>1</v></c></row></sheetData>",
            inline("A1", name)
        )
    };
    let bytes = book_with(
        &[
            ("Secret", "veryHidden", &sheet("s")),
            ("Empty", "hidden", "<sheetData/>"),
            ("First", "visible", &sheet("a")),
            ("Blank", "visible", "<sheetData/>"),
            ("Second", "visible", &sheet("a")),
            ("Other", "visible", &sheet("b")),
            ("Third", "visible", &sheet("a")),
        ],
        "",
        "",
        "",
    );
    let (columns, rows) = table(&bytes, &Options::default());
    // The second has the same header, the next another one.
    assert_eq!((columns, rows.len()), (vec!["a".to_owned()], 2));
    let named = |name: &str| Options { sheet: Some(name.to_owned()), ..Options::default() };
    for (name, column) in [("Secret", "s"), ("Other", "b"), ("Second", "a")] {
        let (columns, rows) = table(&bytes, &named(name));
        assert_eq!((columns, rows), (vec![column.to_owned()], vec![row(2, &["1"])]));
    }
    assert!(matches!(error_of(&bytes, &named("Empty")), Some(Error::Empty)));
    assert!(matches!(error_of(&bytes, &named("None")), Some(Error::NoSuchSheet(name)) if name == "None"));
    let hidden = book_with(&[("Secret", "hidden", &sheet("s"))], "", "", "");
    assert!(matches!(error_of(&hidden, &Options::default()), Some(Error::NoSheet)));
}

#[test]
fn content_beyond_the_header_costs_its_row_and_no_memory() {
    let rows = format!(
        "<row r=\"1\">{}</row><row r=\"2\"><c r=\"A2\"><v>1</v></c><c r=\"XFC2\" s=\"3\"/></row>\
         <row r=\"3\"><c r=\"A3\"><v>x</v></c></row><row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>",
        inline("A1", "a")
    );
    let mut opened = opened(&book(&rows), &Options::default()).unwrap();
    let (rows, error) = all(&mut opened);
    assert!(error.is_none(), "{error:?}");
    assert_eq!(rows[0], Ok(row(2, &["1"])));
    assert_eq!(rows[1].clone().unwrap_err().fault, Fault::BadCell { cell: "A3".into() });
    let far = rows[2].clone().unwrap_err();
    assert_eq!(far.place, Place::Row { row: 1_048_576, sheet: "Users".into() });
    assert_eq!(far.fault, Fault::BeyondHeader { cell: "XFD1048576".into() });
}

#[test]
fn headers_and_order_are_checked() {
    let limits = Limits { columns: 3, ..Limits::default() };
    let options = Options { limits, ..Options::default() };
    let header = |cells: &[(&str, &str)]| {
        let cells: String = cells.iter().map(|(at, name)| inline(at, name)).collect();
        format!("<row r=\"2\">{cells}</row>")
    };
    for (rows, says) in [
        (String::new(), "The file is empty."),
        (header(&[("A2", "a"), ("C2", "c")]), "Column B has no name in row 2 of sheet “Users”."),
        (
            header(&[("A2", "a"), ("B2", "a")]),
            "Columns A and B are both named “a” in row 2 of sheet “Users”.",
        ),
        (
            header(&[("A2", "a"), ("XFD2", "b")]),
            "The header in row 2 of sheet “Users” has more than 3 columns",
        ),
        (
            header(&[("B2", "a"), ("A2", "b")]),
            "The workbook is damaged in xl/sheets/s1.xml: the cells of a row are",
        ),
        (
            header(&[("A2", "a")]) + "<row r=\"1\"/>",
            "The workbook is damaged in xl/sheets/s1.xml: its rows are not in",
        ),
        (
            "<row r=\"1048577\"/>".into(),
            "The workbook is damaged in xl/sheets/s1.xml: its rows are not in order",
        ),
    ] {
        let error = error_of(&book(&rows), &options).unwrap();
        assert!(error.to_string().starts_with(says), "{error}");
    }
    let (columns, rows) =
        table(&book(&header(&[("B2", "x")])), &Options { header: false, ..Options::default() });
    assert_eq!((columns, rows), (vec!["A".into(), "B".into()], vec![row(2, &["", "x"])]));
}

#[test]
fn other_files_that_are_zipped_are_told_by_name() {
    for (name, says) in [
        ("mimetype", "The file is a document of another kind, such as OpenDocument (.ods)."),
        ("xl/workbook.bin", "The file is a binary workbook (.xlsb)."),
        ("users.csv", "The file is a ZIP file without a workbook. Unpack it and try the file inside."),
    ] {
        let error = error_of(&zip(&[(name, "x")]), &Options::default()).unwrap();
        assert!(error.to_string().starts_with(says), "{error}");
    }
}
