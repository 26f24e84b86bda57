//! Whatever is presented as CSV is read or refused: no panic, no hang, and what was read is the same after it was written.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tabular::{
    Cell, Csv, Guard, Table,
    read::{CsvRows, Delimiter, Encoding, Limits, Options, Rows},
};
use tabular_fuzz::{read, tight};

const ENCODINGS: [Encoding; 4] = [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be, Encoding::Gb18030];

fuzz_target!(|data: &[u8]| {
    // The first byte says what the caller knows of the file.
    let Some((&known, data)) = data.split_first() else { return };
    let known = usize::from(known);
    let options = Options {
        encoding: ENCODINGS.get(known & 7).copied(),
        delimiter: Delimiter::ALL.get((known >> 3) & 7).copied(),
        header: known & 64 == 0,
        limits: if known & 128 == 0 { Limits::default() } else { tight() },
        ..Options::default()
    };
    let Ok(mut rows) = CsvRows::new(data, &options) else { return };
    let good = read(&mut rows, &options.limits);
    for guard in [Guard::Formulas, Guard::Exact] {
        again(rows.columns(), &good, guard);
    }
});

fn again(columns: &[String], rows: &[Vec<String>], guard: Guard) {
    let (names, mut bytes): (Vec<&str>, _) = (columns.iter().map(String::as_str).collect(), Vec::new());
    let mut csv = Csv::new(&mut bytes, &names, guard).expect("memory takes all");
    for row in rows {
        row.iter().for_each(|cell| csv.cell(Cell::Text(cell)).expect("memory takes all"));
        csv.end_row().expect("memory takes all");
    }
    Box::new(csv).finish().expect("memory takes all");
    let options = Options { guard, delimiter: Some(Delimiter::Comma), ..Options::default() };
    let mut back = CsvRows::new(bytes.as_slice(), &options).expect("what we wrote");
    assert_eq!(back.columns(), columns);
    assert_eq!(read(&mut back, &options.limits), rows);
}
