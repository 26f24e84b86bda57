//! XLSX as our writer makes it, over several sheets.

use crate::support::{all, opened, table};
use proptest::prelude::*;
use tabular::{
    Cell, Table, Xlsx,
    read::{Format, Kind, Options},
};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Small sheets, so that a few rows already need several.
    #[test]
    fn what_our_writer_wrote_comes_back_as_one_table(
        rows in prop::collection::vec(prop::collection::vec("\\PC{0,8}|[ \t\r\n'=&<_x0D]{0,12}|(_x000[0-9A-F]_){0,2}|.{0,4}", 3), 1..12),
        number in any::<i64>(),
    ) {
        let scratch = tempfile::tempdir().unwrap();
        let mut bytes = Vec::new();
        let mut book = Xlsx::with_sheet_rows(&mut bytes, &["a", "=b", " c "], "Users", scratch.path(), 4).unwrap();
        for row in &rows {
            book.cell(Cell::Signed(number)).unwrap();
            row.iter().take(2).for_each(|cell| book.cell(Cell::Text(cell)).unwrap());
            book.end_row().unwrap();
        }
        Box::new(book).finish().unwrap();
        let (columns, back) = table(&bytes, &Options::default());
        prop_assert_eq!(columns, ["a", "=b", " c "]);
        prop_assert_eq!(back.len(), rows.len());
        for (index, (written, (at, read))) in rows.iter().zip(&back).enumerate() {
            prop_assert_eq!(*at, index as u64 % 3 + 2);
            prop_assert_eq!(&read[0], &number.to_string());
            prop_assert_eq!(&read[1..], &written[..2]);
        }
    }
}

#[test]
fn rows_know_their_sheet_and_cells_their_type() {
    let scratch = tempfile::tempdir().unwrap();
    let mut bytes = Vec::new();
    let mut book = Xlsx::with_sheet_rows(&mut bytes, &["a", "b"], "Users", scratch.path(), 2).unwrap();
    for number in [1, 2] {
        book.cell(Cell::Unsigned(number)).unwrap();
        book.cell(Cell::Text(if number == 1 { "1" } else { "" })).unwrap();
        book.end_row().unwrap();
    }
    Box::new(book).finish().unwrap();
    let mut opened = opened(&bytes, &Options::default()).unwrap();
    assert_eq!(opened.format, Format::Xlsx);
    assert_eq!(
        opened.sheets.iter().map(|sheet| sheet.name.as_str()).collect::<Vec<_>>(),
        ["Users", "Users 2"]
    );
    for (sheet, kinds) in [("Users", [Kind::Number, Kind::Text]), ("Users 2", [Kind::Number, Kind::Missing])]
    {
        let row = opened.rows.next_row().unwrap().unwrap().unwrap();
        assert_eq!((row.sheet(), row.number()), (Some(sheet), 2));
        assert_eq!(row.cells().map(|cell| cell.kind).collect::<Vec<_>>(), kinds);
    }
    assert!(all(&mut opened).0.is_empty());
}
