//! Whatever is presented as a UserSig is judged: no panic, no hang, and nothing passes that was not signed.

#![no_main]

use base64::{Engine as _, engine::general_purpose::STANDARD};
use flate2::{Compression, write::ZlibEncoder};
use libfuzzer_sys::fuzz_target;
use std::io::Write as _;
use usersig::{Expected, UserSig};

/// A key that the fuzzer does not have.
const KEY: &str = "7c41b3b8d1f04a0e9a4de3a0b5b1f2c6d7e8f9000112233445566778899aabbc";

fuzz_target!(|data: &[u8]| {
    // As it comes, as a stream that is no JSON perhaps, and as JSON that says what the fuzzer likes.
    if let Ok(text) = std::str::from_utf8(data) {
        judge(text);
    }
    judge(&alphabet(&STANDARD.encode(data)));
    let mut stream = ZlibEncoder::new(Vec::new(), Compression::fast());
    if stream.write_all(data).is_ok()
        && let Ok(stream) = stream.finish()
    {
        judge(&alphabet(&STANDARD.encode(stream)));
    }
});

fn judge(text: &str) {
    if let Ok(usersig) = UserSig::parse(text) {
        let claims = usersig.claims();
        let expected = Expected { sdkappid: claims.sdkappid, identifier: &claims.identifier };
        assert!(usersig.verify(&expected, KEY, claims.time).is_err(), "nobody signed {text}");
    }
}

/// Base64 as UserSigs spell it.
fn alphabet(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '+' => '*',
            '/' => '-',
            '=' => '_',
            other => other,
        })
        .collect()
}
