//! Numbers of a workbook as text: decimal numbers and dates.

use jiff::{Span, civil::Date};
use std::fmt::Write as _;

const DAY_MS: i64 = 86_400_000;

/// Numbers of so many digits are the same in every spelling.
const PLAIN: usize = 15;

/// Appends the shortest decimal number that is the same value, without an exponent; false if it is no number.
pub(super) fn push_number(raw: &str, text: &mut String) -> bool {
    let is_plain =
        raw.len() <= PLAIN && !raw.starts_with('0') && raw.bytes().all(|byte| byte.is_ascii_digit());
    if is_plain && !raw.is_empty() {
        text.push_str(raw);
        return true;
    }
    let Some(number) = parse(raw) else { return false };
    // There is no negative zero for people.
    let number = if number == 0.0 { 0.0 } else { number };
    // Writing to a String cannot fail.
    let _ = write!(text, "{number}");
    true
}

/// Appends the date, the time or both that a number of days stands for; false if it is none that spreadsheets show.
pub(super) fn push_date(raw: &str, is_1904: bool, text: &mut String) -> bool {
    let Some(serial) = parse(raw).filter(|serial| (0.0..2_958_466.0).contains(serial)) else { return false };
    #[expect(clippy::cast_possible_truncation, reason = "the range above fits")]
    let ms = (serial * 86_400_000.0).round() as i64;
    let (days, time) = (ms / DAY_MS, ms % DAY_MS);
    // A day before the first is no date but a time.
    let has_date = days > 0 || (is_1904 && time == 0);
    let start = text.len();
    if has_date && !push_day(days, is_1904, text) {
        text.truncate(start);
        return false;
    }
    if time > 0 || !has_date {
        let (seconds, ms) = (time / 1000, time % 1000);
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
        let separator = if has_date { "T" } else { "" };
        let _ = write!(text, "{separator}{hours:02}:{minutes:02}:{:02}", seconds % 60);
        if ms > 0 {
            let _ = write!(text, ".{ms:03}");
        }
    }
    true
}

/// Appends the date of a day. The count of 1900 has a 29 February that the year had not, so days before it are counted
/// from one day later.
fn push_day(days: i64, is_1904: bool, text: &mut String) -> bool {
    let first = match days {
        60 if !is_1904 => {
            text.push_str("1900-02-29");
            return true;
        }
        _ if is_1904 => Date::new(1904, 1, 1),
        ..60 => Date::new(1899, 12, 31),
        _ => Date::new(1899, 12, 30),
    };
    let date = first.and_then(|first| first.checked_add(Span::new().try_days(days)?));
    date.is_ok_and(|date| write!(text, "{date}").is_ok())
}

fn parse(raw: &str) -> Option<f64> {
    // Rust also takes `inf` and `nan`.
    let is_number = raw.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    raw.parse().ok().filter(|number: &f64| is_number && number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_as_short_as_they_can_be() {
        for (raw, expected) in [
            ("1", "1"),
            ("4294967295", "4294967295"),
            ("1.1000000000000001", "1.1"),
            ("007", "7"),
            ("1E+3", "1000"),
            ("-0", "0"),
            ("9007199254740993", "9007199254740992"),
            ("1e-7", "0.0000001"),
        ] {
            let mut text = String::new();
            assert!(push_number(raw, &mut text));
            assert_eq!(text, expected);
        }
        for raw in ["", "inf", "NaN", "1e999", "1,5", "0x1"] {
            assert!(!push_number(raw, &mut String::new()), "{raw}");
        }
    }

    #[test]
    fn dates_are_iso() {
        for (raw, is_1904, expected) in [
            ("1", false, "1900-01-01"),
            ("59", false, "1900-02-28"),
            ("60", false, "1900-02-29"),
            ("61", false, "1900-03-01"),
            ("45351", false, "2024-02-29"),
            ("43889", true, "2024-02-29"),
            ("0", true, "1904-01-01"),
            ("0", false, "00:00:00"),
            ("45351.573113425926", false, "2024-02-29T13:45:17"),
            ("0.5", false, "12:00:00"),
            ("45351.9999999999", false, "2024-03-01"),
            ("1.000011", false, "1900-01-01T00:00:00.950"),
            ("2958465", false, "9999-12-31"),
        ] {
            let mut text = String::new();
            assert!(push_date(raw, is_1904, &mut text), "{raw}");
            assert_eq!(text, expected);
        }
        for (raw, is_1904) in
            [("-1", false), ("2958466", false), ("2958465.99999999999", false), ("2958465", true)]
        {
            assert!(!push_date(raw, is_1904, &mut String::new()), "{raw}");
        }
    }
}
