//! Whatever is brought is told apart, unpacked and read, or refused: no panic, no hang, and no more memory than is allowed.

#![no_main]

use libfuzzer_sys::fuzz_target;
use std::io::Cursor;
use tabular::read::{Limits, Options, open};
use tabular_fuzz::{read, tight};

fuzz_target!(|data: &[u8]| {
    let limits = Limits { unpacked_bytes: 1 << 20, ..tight() };
    let options = Options { flatten: true, limits, ..Options::default() };
    if let Ok(mut opened) = open(Cursor::new(data.to_vec()), &options) {
        read(opened.rows.as_mut(), &options.limits);
    }
});
