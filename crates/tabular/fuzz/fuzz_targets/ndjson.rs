//! Whatever is presented as NDJSON is read or refused: no panic, no hang, and texts are the same after they were written.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tabular::{
    Cell, Ndjson, Table,
    read::{Limits, NdjsonRows, Options, Rows},
};
use tabular_fuzz::{read, tight};

fuzz_target!(|data: &[u8]| {
    for limits in [Limits::default(), tight()] {
        let options = Options { limits, ..Options::default() };
        let mut rows = NdjsonRows::new(data, &options);
        let mut good = read(&mut rows, &options.limits);
        // Lines before a name was seen have no cell for it.
        good.iter_mut().for_each(|row| row.resize(rows.columns().len(), String::new()));
        again(rows.columns(), &good);
    }
});

fn again(columns: &[String], rows: &[Vec<String>]) {
    let (names, mut bytes): (Vec<&str>, _) = (columns.iter().map(String::as_str).collect(), Vec::new());
    let mut lines = Ndjson::new(&mut bytes, &names).expect("names are text");
    for row in rows {
        row.iter().for_each(|cell| lines.cell(Cell::Text(cell)).expect("memory takes all"));
        lines.end_row().expect("memory takes all");
    }
    Box::new(lines).finish().expect("memory takes all");
    let limits = Limits { row_bytes: usize::MAX / 16, ..Limits::default() };
    let mut back =
        NdjsonRows::new(bytes.as_slice(), &Options { limits: limits.clone(), ..Options::default() });
    assert_eq!(read(&mut back, &limits), rows);
}
