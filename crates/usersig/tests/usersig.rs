//! UserSigs as their makers and checkers see them: the vendor's vector, every refusal, and hostile texts.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use base64::{Engine as _, engine::general_purpose::STANDARD};
use flate2::{Compression, write::ZlibEncoder};
use proptest::prelude::*;
use std::io::Write as _;
use usersig::{Claims, DEFAULT_EXPIRE, Error, Expected, MAX_INFLATED, UserSig};

const KEY: &str = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e";
const APP: i64 = 1_400_000_000;
const MADE: i64 = 1_700_000_000;
/// Made with the vendor's own library, its clock at [`MADE`].
const VECTOR: &str = "eJyrVgrxCdYrSy1SslIy0jNQ0gHzM1NS80oy0zLBwhWZiflZpXlQqeKU7MSCgswUJStDEwMogMiUZOamKlkZmqOKplYUZBaBxE1NTY3gosWZ6UpWSj5ljuYp*p7l5unBxXnF2WVhVU4uAf7Ozi5JpX7O5SbuHuUhzgZJmQXaTia2SrUAohcx8g__";

fn of(identifier: &str) -> Expected<'_> {
    Expected { sdkappid: APP, identifier }
}

fn xiaojun() -> Claims {
    Claims::new(APP, "xiaojun", MADE, DEFAULT_EXPIRE)
}

fn judge(text: &str, expected: &Expected<'_>, key: &str, now: i64) -> Result<(), Error> {
    UserSig::parse(text)?.verify(expected, key, now)
}

/// Bytes as they stand in a UserSig.
fn pack(json: &[u8]) -> String {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(json).unwrap();
    STANDARD.encode(encoder.finish().unwrap()).replace('+', "*").replace('/', "-").replace('=', "_")
}

#[test]
fn the_vendors_vector_is_read_and_verified() {
    let sig = UserSig::parse(VECTOR).unwrap();
    assert_eq!(*sig.claims(), xiaojun());
    assert_eq!(sig.verify(&of("xiaojun"), KEY, MADE), Ok(()));
}

#[test]
fn our_signature_is_the_vendors() {
    let ours = xiaojun().sign(KEY);
    assert_eq!(UserSig::parse(&ours), UserSig::parse(VECTOR));
}

#[test]
fn each_refusal_has_its_reason() {
    let sig = xiaojun().sign(KEY);
    let last = MADE + DEFAULT_EXPIRE;
    assert_eq!(judge("", &of("xiaojun"), KEY, MADE), Err(Error::Empty));
    assert_eq!(judge(&sig[..40], &of("xiaojun"), KEY, MADE), Err(Error::Illegal));
    let elsewhere = Expected { sdkappid: APP + 1, identifier: "xiaojun" };
    assert_eq!(judge(&sig, &elsewhere, KEY, MADE), Err(Error::OtherApp));
    assert_eq!(judge(&sig, &of("Xiaojun"), KEY, MADE), Err(Error::OtherUser));
    assert_eq!(judge(&sig, &of("xiaojun"), &KEY.to_uppercase(), MADE), Err(Error::Forged));
    assert_eq!(judge(&sig, &of("xiaojun"), KEY, last), Ok(()));
    assert_eq!(judge(&sig, &of("xiaojun"), KEY, last + 1), Err(Error::Expired));
}

#[test]
fn the_first_check_that_fails_is_named() {
    let sig = xiaojun().sign(KEY);
    let elsewhere = Expected { sdkappid: APP + 1, identifier: "b" };
    assert_eq!(judge(&sig, &elsewhere, "", i64::MAX), Err(Error::OtherApp));
    assert_eq!(judge(&sig, &of("b"), "", i64::MAX), Err(Error::OtherUser));
    assert_eq!(judge(&sig, &of("xiaojun"), "", i64::MAX), Err(Error::Forged));
}

#[test]
fn a_userbuf_is_signed_too() {
    let claims = xiaojun().with_userbuf(b"\0room 7");
    let sig = claims.sign(KEY);
    assert_eq!(judge(&sig, &of("xiaojun"), KEY, MADE), Ok(()));
    let without = Claims { userbuf: None, ..claims };
    assert_ne!(without.sign(KEY), sig);
}

#[test]
fn padding_may_be_missing_and_numbers_may_be_text() {
    assert_eq!(judge(VECTOR.trim_end_matches('_'), &of("xiaojun"), KEY, MADE), Ok(()));
    let json = format!(
        r#"{{ "TLS.sig": "LvA7d/Iw7gSsnskvVzBDPOCCDbuNCw4GHwTC0bip+B4=", "TLS.time": "{MADE}", "TLS.expire": "15552000",
        "TLS.sdkappid": "1400000000", "TLS.identifier": "xiaojun", "TLS.ver": "2.0", "more": null }}"#
    );
    assert_eq!(judge(&pack(json.as_bytes()), &of("xiaojun"), KEY, MADE), Ok(()));
}

#[test]
fn what_unfolds_too_far_is_refused_early() {
    let bomb = pack(&vec![b' '; 4_000_000]);
    assert!(bomb.len() < usersig::MAX_LEN);
    assert_eq!(UserSig::parse(&bomb), Err(Error::Illegal));
    let mut padded = br#"{"TLS.ver":"2.0"}"#.to_vec();
    padded.resize(MAX_INFLATED + 1, b' ');
    assert_eq!(UserSig::parse(&pack(&padded)), Err(Error::Illegal));
}

#[test]
fn a_signed_content_cannot_be_read_as_another() {
    let name = "administrator\nTLS.sdkappid:1\nTLS.time:2\nTLS.expire:3";
    let split = Claims::new(APP, name, MADE, DEFAULT_EXPIRE).sign(KEY);
    assert_eq!(UserSig::parse(&split), Err(Error::Illegal));
    let userbuf = Some("x\nTLS.sdkappid:1".to_owned());
    let joined = Claims { userbuf, ..xiaojun() }.sign(KEY);
    assert_eq!(UserSig::parse(&joined), Err(Error::Illegal));
}

#[test]
fn awkward_numbers_do_not_overflow() {
    for (time, expire) in [(i64::MAX, i64::MAX), (i64::MIN, -1), (0, i64::MIN)] {
        let sig = Claims::new(APP, "a", time, expire).sign(KEY);
        let outcome = judge(&sig, &of("a"), KEY, MADE);
        assert_eq!(outcome, if time == i64::MAX { Ok(()) } else { Err(Error::Expired) });
    }
}

proptest! {
    #[test]
    fn what_was_signed_is_verified(id in "[ -~]{1,32}", app: i64, made in 0..4_000_000_000_i64, expire in 0..2_000_000_000_i64,
        userbuf: Option<Vec<u8>>, key in "[0-9a-f]{64}") {
        let mut claims = Claims::new(app, id.clone(), made, expire);
        if let Some(userbuf) = userbuf {
            claims = claims.with_userbuf(&userbuf);
        }
        let text = claims.sign(&key);
        prop_assert!(text.chars().all(|c| c.is_ascii_alphanumeric() || "*-_".contains(c)));
        let sig = UserSig::parse(&text).unwrap();
        prop_assert_eq!(sig.claims(), &claims);
        let expected = Expected { sdkappid: app, identifier: &id };
        prop_assert_eq!(sig.verify(&expected, &key, made + expire), Ok(()));
        prop_assert_eq!(sig.verify(&expected, &key, made + expire + 1), Err(Error::Expired));
    }

    #[test]
    fn any_change_is_noticed(at in 0..200_usize, to in "[A-Za-z0-9*-]") {
        let mut text = xiaojun().sign(KEY);
        let at = at % text.len();
        prop_assume!(text[at..=at] != to);
        text.replace_range(at..=at, &to);
        // Bits that pad the last character, or a checksum's, carry nothing: then it still says the same.
        if judge(&text, &of("xiaojun"), KEY, MADE).is_ok() {
            prop_assert_eq!(UserSig::parse(&text).unwrap().claims().clone(), xiaojun());
        }
    }

    #[test]
    fn any_text_is_judged(text in "\\PC{0,300}", packed: Vec<u8>, json in "\\PC{0,200}") {
        for text in [text, pack(&packed), pack(json.as_bytes())] {
            prop_assert!(judge(&text, &of("xiaojun"), KEY, MADE).is_err());
        }
    }
}
