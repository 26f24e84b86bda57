//! The calendar of instants, day by day against a calendar library.
#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, and helpers here are no #[test] functions"
)]

use rollcall_shared::time::Timestamp;

/// The same instant as the library writes it.
fn expected(millis: i64) -> String {
    format!("{:.3}", jiff::Timestamp::from_millisecond(millis).unwrap())
}

#[test]
fn every_day_of_a_thousand_years_is_written_and_read_alike() {
    const DAY: i64 = 86_400_000;
    // 1600-01-01 to 2600-01-01: every kind of leap year, and times before the epoch.
    for day in -135_140..230_103 {
        let at = Timestamp::from_millis(day * DAY + day.rem_euclid(DAY / 1000) * 1000 + day.rem_euclid(1000));
        assert_eq!(at.to_string(), expected(at.millis()));
        assert_eq!(at.to_string().parse(), Ok(at));
    }
}

#[test]
fn other_forms_of_rfc_3339_mean_what_they_mean_elsewhere() {
    for text in [
        "2026-11-21T18:02:11Z",
        "2026-11-21t18:02:11.5z",
        "2026-11-21 18:02:11.123456789+05:30",
        "2026-11-21T18:02:11-08:00",
        "2024-02-29T00:00:00+00:00",
        "2016-12-31T23:59:60Z",
        "1969-12-31T23:59:59.999Z",
    ] {
        let library: jiff::Timestamp = text.parse().unwrap();
        assert_eq!(text.parse::<Timestamp>().map(Timestamp::millis), Ok(library.as_millisecond()), "{text}");
    }
}

#[test]
fn what_is_no_instant_is_refused() {
    for text in [
        "",
        "yesterday",
        "2026-13-01",
        "2026-02-30",
        "2025-02-29",
        "2026-11-21T24:00:00Z",
        "2026-11-21T18:02:11",
        "2026-11-21T18:02Z",
        "2026-11-21T18:02:11.Z",
        "2026-11-21T18:02:11+0530",
        "2026-11-21T18:02:11+05:3",
        "2026-1-01",
        "+026-11-21",
        "2026-11-21x18:02:11Z",
        "2026-11-2\u{660}",
        "２０２６-11-21T18:02:11Z",
    ] {
        assert!(text.parse::<Timestamp>().is_err(), "{text}");
    }
}
