//! At which instants the runs of a calendar are. A time that the clocks skip is the first one after; a time that they show twice
//! is the first of the two.

use jiff::{
    civil::{Date, DateTime},
    tz::{AmbiguousOffset, TimeZone},
};
use rollcall_shared::{schedule::Cron, time::Timestamp};

/// How many days are looked through: 29 February is the same day of the week every 28 years, or 40 around a century.
const DAYS: usize = 41 * 366;

/// The first run after an instant. None if there is none in 41 years, or the calendar ends before.
pub fn next(cron: &Cron, zone: &TimeZone, after: Timestamp) -> Option<Timestamp> {
    let begin = zone.to_datetime(jiff::Timestamp::from_millisecond(after.millis()).ok()?).date();
    // Clocks that are set back over midnight show the day before again.
    let begin = begin.yesterday().ok()?;
    begin.series(jiff::Span::new().days(1)).take(DAYS).find_map(|date| {
        let times = is_day(cron, date).then(|| cron.times()).into_iter().flatten();
        let locals = times.map(|(hour, minute)| date.at(hour.cast_signed(), minute.cast_signed(), 0, 0));
        locals.filter_map(|local| instant(zone, local)).find(|at| *at > after)
    })
}

/// The first runs after an instant.
pub fn coming(cron: &Cron, zone: &TimeZone, after: Timestamp, count: usize) -> Vec<Timestamp> {
    let first = next(cron, zone, after);
    std::iter::successors(first, |at| next(cron, zone, *at)).take(count).collect()
}

fn is_day(cron: &Cron, date: Date) -> bool {
    let weekday = date.weekday().to_sunday_zero_offset();
    cron.has_day(date.month().cast_unsigned(), date.day().cast_unsigned(), weekday.cast_unsigned())
}

fn instant(zone: &TimeZone, local: DateTime) -> Option<Timestamp> {
    let at = match zone.to_ambiguous_timestamp(local).offset() {
        AmbiguousOffset::Unambiguous { offset } | AmbiguousOffset::Fold { before: offset, .. } => {
            offset.to_timestamp(local).ok()?
        }
        AmbiguousOffset::Gap { before, .. } => {
            // Never before the clocks are changed, and less than the gap after it.
            let within = before.to_timestamp(local).ok()?;
            let later = within.checked_add(jiff::SignedDuration::from_secs(1)).ok()?;
            zone.preceding(later).next()?.timestamp()
        }
    };
    Some(Timestamp::from_millis(at.as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rollcall_shared::schedule::{Calendar, Weekday};

    fn runs(calendar: &Calendar, zone: &str, after: &str, count: usize) -> Vec<String> {
        let zone = TimeZone::get(zone).unwrap();
        let runs = coming(&calendar.cron().unwrap(), &zone, after.parse().unwrap(), count);
        runs.into_iter().map(|at| at.to_string()[..16].to_owned()).collect()
    }

    fn cron(text: &str, zone: &str, after: &str, count: usize) -> Vec<String> {
        runs(&Calendar::Cron { expression: text.to_owned() }, zone, after, count)
    }

    #[test]
    fn a_day_begins_where_its_time_zone_says() {
        let daily = Calendar::Daily { time: "03:00".to_owned() };
        let after = "2026-11-22T18:59:59Z";
        assert_eq!(runs(&daily, "Asia/Shanghai", after, 2), ["2026-11-22T19:00", "2026-11-23T19:00"]);
        assert_eq!(runs(&daily, "Asia/Shanghai", "2026-11-22T19:00:00Z", 1), ["2026-11-23T19:00"]);
        let days = vec![Weekday::Friday, Weekday::Sunday];
        let weekly = Calendar::Weekly { days, time: "18:30".to_owned() };
        assert_eq!(
            runs(&weekly, "UTC", "2026-11-22T18:30:00Z", 3),
            ["2026-11-27T18:30", "2026-11-29T18:30", "2026-12-04T18:30"]
        );
    }

    #[test]
    fn a_time_that_is_skipped_is_the_first_one_after() {
        // At 02:00 the clocks go to 03:00.
        let after = "2026-03-28T12:00:00Z";
        let first = |text| cron(text, "Europe/Berlin", after, 2);
        assert_eq!(first("30 2 * * *"), ["2026-03-29T01:00", "2026-03-30T00:30"]);
        assert_eq!(first("0 2 * * *"), ["2026-03-29T01:00", "2026-03-30T00:00"]);
        assert_eq!(first("0 3 * * *"), ["2026-03-29T01:00", "2026-03-30T01:00"]);
        // Many of them are one.
        assert_eq!(
            cron("*/20 2,3 29 3 *", "Europe/Berlin", after, 4),
            ["2026-03-29T01:00", "2026-03-29T01:20", "2026-03-29T01:40", "2027-03-29T00:00"]
        );
        // A gap at midnight, and a day that was not there at all.
        assert_eq!(cron("0 0 * * *", "Africa/Cairo", "2026-04-23T12:00:00Z", 1), ["2026-04-23T22:00"]);
        assert_eq!(cron("0 12 30 12 *", "Pacific/Apia", "2011-12-29T12:00:00Z", 1), ["2011-12-30T10:00"]);
    }

    #[test]
    fn a_time_that_is_shown_twice_runs_once() {
        // At 03:00 the clocks go back to 02:00.
        let twice = cron("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", 2);
        assert_eq!(twice, ["2026-10-25T00:30", "2026-10-26T01:30"]);
        let hourly = cron("0 * * * *", "Europe/Berlin", "2026-10-24T23:30:00Z", 3);
        assert_eq!(hourly, ["2026-10-25T00:00", "2026-10-25T02:00", "2026-10-25T03:00"]);
        // Asked within the second of the two.
        assert_eq!(cron("30 2 * * *", "Europe/Berlin", "2026-10-25T01:10:00Z", 1), ["2026-10-26T01:30"]);
    }

    #[test]
    fn months_have_the_days_that_they_have() {
        let after = "2026-01-31T12:00:00Z";
        assert_eq!(cron("0 0 31 * *", "UTC", after, 2), ["2026-03-31T00:00", "2026-05-31T00:00"]);
        assert_eq!(cron("0 0 29 2 *", "UTC", after, 2), ["2028-02-29T00:00", "2032-02-29T00:00"]);
        // 29 February on a Sunday, restricted by both; around 2100 it is far away.
        assert_eq!(
            cron("0 0 29 2 */7", "UTC", "2080-01-01T00:00:00Z", 2),
            ["2088-02-29T00:00", "2128-02-29T00:00"]
        );
        assert_eq!(cron("59 23 31 12 *", "UTC", after, 1), ["2026-12-31T23:59"]);
        assert_eq!(cron("0 0 1 JAN *", "UTC", after, 1), ["2027-01-01T00:00"]);
    }

    #[test]
    fn steps_and_names_find_their_days() {
        let after = "2026-11-20T12:00:00Z";
        assert_eq!(
            cron("*/30 9-10 * * mon-fri", "UTC", after, 5),
            [
                "2026-11-23T09:00",
                "2026-11-23T09:30",
                "2026-11-23T10:00",
                "2026-11-23T10:30",
                "2026-11-24T09:00"
            ]
        );
        assert_eq!(cron("0 12 13 * fri", "UTC", after, 2), ["2026-11-27T12:00", "2026-12-04T12:00"]);
    }
}
