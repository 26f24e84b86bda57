//! Cron expressions of five fields, as sets of minutes, hours and days. No crate was taken: those there are bring a calendar
//! library of their own or into the console, have seconds or years, or do not say what changes of the clock do to them.

use super::Weekday;
use std::{fmt, str::FromStr};

/// The days of each month in a leap year.
const LENGTHS: [u8; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/// A field of an expression: what it is called, and which numbers and names it takes.
struct Field {
    name: &'static str,
    first: u8,
    last: u8,
    names: &'static [&'static str],
}

const FIELDS: [Field; 5] = [
    Field { name: "minute", first: 0, last: 59, names: &[] },
    Field { name: "hour", first: 0, last: 23, names: &[] },
    Field { name: "day of month", first: 1, last: 31, names: &[] },
    Field { name: "month", first: 1, last: 12, names: &MONTHS },
    // Sunday is 0 and 7.
    Field { name: "day of week", first: 0, last: 7, names: &WEEKDAYS },
];

/// When something happens, in local time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cron {
    minutes: u64,
    hours: u64,
    days: u64,
    months: u64,
    weekdays: u64,
    /// Where both the day of the month and that of the week are restricted, either is enough.
    either_day: bool,
}

/// What is wrong with an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CronError {
    /// It has another number of fields.
    Fields,
    /// A part of a field means nothing there.
    Part {
        /// The field.
        field: &'static str,
        /// The part.
        part: String,
        /// What can be there.
        range: (u8, u8),
    },
    /// No year has such a day.
    Never,
}

impl fmt::Display for CronError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fields => {
                f.write_str("Write five fields: minute, hour, day of month, month and day of week.")
            }
            Self::Part { field, part, range: (first, last) } => {
                write!(f, "\u{201c}{part}\u{201d} is no {field}: from {first} to {last}.")
            }
            Self::Never => f.write_str("No year has such a day."),
        }
    }
}

impl std::error::Error for CronError {}

impl Cron {
    /// At an hour and minute, on these days of the week; none means every day.
    pub(super) fn at((hour, minute): (u8, u8), days: &[Weekday]) -> Self {
        let weekdays = days.iter().fold(0, |all, day| all | (1_u64 << day.code()));
        Self {
            minutes: 1 << minute,
            hours: 1 << hour,
            days: u64::MAX,
            months: u64::MAX,
            weekdays: if days.is_empty() { u64::MAX } else { weekdays },
            either_day: false,
        }
    }

    /// Whether something happens on a date; the days of the week begin with Sunday as 0.
    pub const fn has_day(&self, month: u8, day: u8, weekday: u8) -> bool {
        let (of_month, of_week) = (has(self.days, day), has(self.weekdays, weekday));
        has(self.months, month) && if self.either_day { of_month || of_week } else { of_month && of_week }
    }

    /// The hours and minutes of such a date, in order.
    pub fn times(&self) -> impl Iterator<Item = (u8, u8)> + use<> {
        let (minutes, hours) = (self.minutes, self.hours);
        let of = move |hour| (0..60).filter(move |m| has(minutes, *m)).map(move |minute| (hour, minute));
        (0..24).filter(move |hour| has(hours, *hour)).flat_map(of)
    }

    /// Whether any year has such a day.
    fn happens(&self) -> bool {
        let mut months = (1..=12_u8).zip(LENGTHS).filter(|(month, _)| has(self.months, *month));
        self.either_day || months.any(|(_, length)| (1..=length).any(|day| has(self.days, day)))
    }
}

const fn has(set: u64, number: u8) -> bool {
    (set >> number) & 1 == 1
}

impl FromStr for Cron {
    type Err = CronError;

    fn from_str(text: &str) -> Result<Self, CronError> {
        let parts: Vec<&str> = text.split_ascii_whitespace().collect();
        let Ok(parts) = <[&str; 5]>::try_from(parts) else { return Err(CronError::Fields) };
        let mut sets = [0; 5];
        for ((set, part), field) in sets.iter_mut().zip(parts).zip(&FIELDS) {
            *set = field.set(part)?;
        }
        let [minutes, hours, days, months, mut weekdays] = sets;
        if has(weekdays, 7) {
            weekdays |= 1;
        }
        // As cron has always had it: a field that begins with a star restricts nothing.
        let either_day = !parts[2].starts_with('*') && !parts[4].starts_with('*');
        let cron = Self { minutes, hours, days, months, weekdays, either_day };
        if cron.happens() { Ok(cron) } else { Err(CronError::Never) }
    }
}

impl Field {
    /// The numbers of a list like `1-5,*/10,sun`.
    fn set(&self, list: &str) -> Result<u64, CronError> {
        list.split(',').try_fold(0, |set, part| {
            let wrong = || CronError::Part {
                field: self.name,
                part: part.to_owned(),
                range: (self.first, self.last),
            };
            Ok(set | self.part(part).ok_or_else(wrong)?)
        })
    }

    /// The numbers of a part: `*`, `7`, `mon-fri`, and each with a step.
    fn part(&self, part: &str) -> Option<u64> {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, Some(plain(step).filter(|step| *step > 0)?)),
            None => (part, None),
        };
        let (first, last) = match range.split_once('-') {
            _ if range == "*" => (self.first, self.last),
            Some((first, last)) => (self.number(first)?, self.number(last)?),
            // From there to the end, if steps are to be taken.
            None => (self.number(range)?, if step.is_some() { self.last } else { self.number(range)? }),
        };
        if first > last {
            return None;
        }
        let numbers = (first..=last).step_by(step.unwrap_or(1).into());
        Some(numbers.fold(0, |set, number| set | (1 << number)))
    }

    fn number(&self, text: &str) -> Option<u8> {
        let named = self.names.iter().position(|name| name.eq_ignore_ascii_case(text));
        let named = named.and_then(|place| u8::try_from(place).ok()).map(|place| place + self.first);
        named.or_else(|| plain(text)).filter(|number| (self.first..=self.last).contains(number))
    }
}

/// A number of digits alone; Rust's own takes a sign too.
fn plain(text: &str) -> Option<u8> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cron(text: &str) -> Cron {
        text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    fn minutes(text: &str) -> Vec<u8> {
        cron(&format!("{text} 5 * * *")).times().map(|(_, minute)| minute).collect()
    }

    #[test]
    fn lists_ranges_and_steps_are_sets() {
        assert_eq!(minutes("7"), [7]);
        assert_eq!(minutes("5-8,3,58-59"), [3, 5, 6, 7, 8, 58, 59]);
        assert_eq!(minutes("*/20"), [0, 20, 40]);
        assert_eq!(minutes("50/4"), [50, 54, 58]);
        assert_eq!(minutes("10-20/5"), [10, 15, 20]);
        assert_eq!(minutes("*").len(), 60);
        assert_eq!(cron("30 */12 * * *").times().collect::<Vec<_>>(), [(0, 30), (12, 30)]);
    }

    #[test]
    fn months_and_days_have_names() {
        assert_eq!(cron("0 0 1 JAN,mar *"), cron("0 0 1 1,3 *"));
        assert_eq!(cron("0 0 * * Mon-Fri"), cron("0 0 * * 1-5"));
        let sunday = cron("0 0 * * 7");
        assert!(sunday.has_day(5, 9, 0) && !sunday.has_day(5, 9, 1));
        assert!(cron("0 0 * * 5-7").has_day(5, 9, 0));
    }

    #[test]
    fn two_kinds_of_days_are_alternatives_unless_one_is_a_star() {
        let both = cron("0 0 13 * fri");
        assert!(both.has_day(3, 13, 2) && both.has_day(3, 1, 5) && !both.has_day(3, 1, 2));
        let third = cron("0 0 */2 * 1");
        assert!(third.has_day(3, 3, 1) && !third.has_day(3, 4, 1) && !third.has_day(3, 3, 2));
    }

    #[test]
    fn what_means_nothing_is_refused_with_its_part() {
        for text in ["", "* * * *", "* * * * * *", "@daily"] {
            assert_eq!(text.parse::<Cron>(), Err(CronError::Fields), "{text}");
        }
        for (text, field, part) in [
            ("60 * * * *", "minute", "60"),
            ("* 24 * * *", "hour", "24"),
            ("* * 0 * *", "day of month", "0"),
            ("* * * 13 *", "month", "13"),
            ("* * * * 8", "day of week", "8"),
            ("1,,2 * * * *", "minute", ""),
            ("*/0 * * * *", "minute", "*/0"),
            ("5-1 * * * *", "minute", "5-1"),
            ("+5 * * * *", "minute", "+5"),
            ("* * * * montag", "day of week", "montag"),
            ("1-2-3 * * * *", "minute", "1-2-3"),
            ("999 * * * *", "minute", "999"),
        ] {
            let Err(CronError::Part { field: found, part: at, .. }) = text.parse::<Cron>() else {
                panic!("{text} is taken")
            };
            assert_eq!((found, at.as_str()), (field, part), "{text}");
        }
    }

    #[test]
    fn a_day_that_no_year_has_is_refused() {
        for text in ["0 0 30 2 *", "0 0 31 2,4,6,9,11 *"] {
            assert_eq!(text.parse::<Cron>(), Err(CronError::Never), "{text}");
        }
        for text in ["0 0 29 2 *", "0 0 31 * *", "0 0 30 2 mon"] {
            cron(text);
        }
    }
}
