//! A birth date between the number that is stored (YYYYMMDD recommended, any u32 kept) and the text of a date
//! field. A number that is no date stays as it is until someone chooses one.

/// The date field's text; `None` when the number is no date that the field could show.
pub fn to_text(stored: u32) -> Option<String> {
    let (year, month, day) = (stored / 10_000, stored / 100 % 100, stored % 100);
    is_date(year, month, day).then(|| format!("{year:04}-{month:02}-{day:02}"))
}

/// The number of a date field's text.
pub fn from_text(text: &str) -> Option<u32> {
    let mut parts = text.splitn(3, '-').map(|part| part.parse::<u32>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    is_date(year, month, day).then_some(year * 10_000 + month * 100 + day)
}

fn is_date(year: u32, month: u32, day: u32) -> bool {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=9999).contains(&year) && (1..=days).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_go_there_and_back() {
        for (stored, text) in
            [(19_880_514, "1988-05-14"), (20_240_229, "2024-02-29"), (20_000_229, "2000-02-29")]
        {
            assert_eq!(to_text(stored).as_deref(), Some(text));
            assert_eq!(from_text(text), Some(stored));
        }
    }

    #[test]
    fn numbers_that_are_no_date_have_no_text() {
        for stored in [0, 1, 19_880_532, 20_230_229, 19_000_229, 19_881_301, 19_880_500, u32::MAX] {
            assert_eq!(to_text(stored), None, "{stored}");
        }
        for text in ["", "1988-05", "1988-05-32", "x-y-z", "1988-05-14-1", "99999-01-01"] {
            assert_eq!(from_text(text), None, "{text}");
        }
    }
}
