//! What every reader owes its caller, whatever the file is.

use tabular::read::{Limits, Rows};

/// Limits that a fuzzer's files meet.
pub fn tight() -> Limits {
    Limits {
        cell_bytes: 64,
        row_bytes: 512,
        columns: 8,
        shared_bytes: 256,
        zip_entries: 8,
        ..Limits::default()
    }
}

/// Reads all rows, each of which must have a cell for every column, none over the limit. Rows come in order, from the
/// first on each sheet. Answers those that are good.
pub fn read(rows: &mut dyn Rows, limits: &Limits) -> Vec<Vec<String>> {
    let (mut good, mut last) = (Vec::new(), (None, 0));
    while let Ok(Some(row)) = rows.next_row() {
        let Ok(row) = row else { continue };
        let place = (row.sheet().map(str::to_owned), row.number());
        assert!(place.0 != last.0 || place.1 > last.1, "{place:?} after {last:?}");
        last = place;
        assert_eq!(row.cells().len(), row.columns().len());
        assert!(row.columns().len() <= limits.columns);
        assert!(row.cells().all(|cell| cell.text.len() <= limits.cell_bytes));
        good.push(row.cells().map(|cell| cell.text.to_owned()).collect());
    }
    good
}
