//! What a filter of accounts says beside its search text, for the pages that offer it: sets of ticked values, and days of creation.
//! How it is shown is theirs.

use crate::text::accounts as t;
use rollcall_shared::{
    list::AccountFilter,
    profile::{AccountType, FriendVerification, Friending, Gender},
    time::Timestamp,
};
use std::str::FromStr;

/// What a day adds to the last day of a range, so that the range ends before the next one.
const DAY_MILLIS: i64 = 86_400_000;

/// A choice: its value as the API has it and its label.
pub type Choice = (&'static str, &'static str);

/// The filters whose values are ticked, by their name in the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Set {
    /// Types.
    Type,
    /// Genders.
    Gender,
    /// How friend requests are answered.
    FriendVerification,
    /// Who may send them.
    Friending,
}

impl Set {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Type, Self::Gender, Self::FriendVerification, Self::Friending];

    /// Its name in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Type => "type",
            Self::Gender => "gender",
            Self::FriendVerification => "friend_verification",
            Self::Friending => "friending",
        }
    }

    /// What it is called.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Type => t::TYPE,
            Self::Gender => t::GENDER,
            Self::FriendVerification => t::FRIEND_VERIFICATION,
            Self::Friending => t::FRIENDING,
        }
    }

    /// What can be ticked.
    pub fn choices(self) -> Vec<Choice> {
        match self {
            Self::Type => AccountType::ALL.iter().map(|v| (v.as_str(), t::account_type(*v))).collect(),
            Self::Gender => Gender::ALL.iter().map(|v| (v.as_str(), t::gender(*v))).collect(),
            Self::FriendVerification => {
                FriendVerification::ALL.iter().map(|v| (v.as_str(), t::friend_verification(*v))).collect()
            }
            Self::Friending => Friending::ALL.iter().map(|v| (v.as_str(), t::friending(*v))).collect(),
        }
    }

    /// Whether a value is ticked.
    pub fn has(self, filter: &AccountFilter, value: &str) -> bool {
        match self {
            Self::Type => filter.account_type.iter().any(|v| v.as_str() == value),
            Self::Gender => filter.gender.iter().any(|v| v.as_str() == value),
            Self::FriendVerification => filter.friend_verification.iter().any(|v| v.as_str() == value),
            Self::Friending => filter.friending.iter().any(|v| v.as_str() == value),
        }
    }

    /// The labels of the ticked values.
    pub fn chosen(self, filter: &AccountFilter) -> Vec<&'static str> {
        self.choices()
            .into_iter()
            .filter(|(value, _)| self.has(filter, value))
            .map(|(_, label)| label)
            .collect()
    }

    /// Ticks a value, or takes the tick away.
    pub fn toggle(self, filter: &mut AccountFilter, value: &str) {
        match self {
            Self::Type => toggle(&mut filter.account_type, value),
            Self::Gender => toggle(&mut filter.gender, value),
            Self::FriendVerification => toggle(&mut filter.friend_verification, value),
            Self::Friending => toggle(&mut filter.friending, value),
        }
    }

    /// Takes all ticks away.
    pub fn clear(self, filter: &mut AccountFilter) {
        match self {
            Self::Type => filter.account_type.clear(),
            Self::Gender => filter.gender.clear(),
            Self::FriendVerification => filter.friend_verification.clear(),
            Self::Friending => filter.friending.clear(),
        }
    }
}

/// What is no value of the set changes nothing.
fn toggle<T: FromStr + PartialEq>(set: &mut Vec<T>, value: &str) {
    let Ok(value) = value.parse() else { return };
    match set.iter().position(|other| *other == value) {
        Some(place) => drop(set.remove(place)),
        None => set.push(value),
    }
}

/// The first day that a range which begins at `from` includes, in UTC.
pub fn first_day(from: Timestamp) -> String {
    from.date()
}

/// The beginning of a day, in UTC; None for what is no day.
pub fn first_day_begin(day: &str) -> Option<Timestamp> {
    (day.len() == 10).then(|| day.parse().ok()).flatten()
}

/// The last day that a range which ends before `before` includes, in UTC.
pub fn last_day(before: Timestamp) -> String {
    before.plus_millis(-1).date()
}

/// The end of a day that is meant inclusively, in UTC; None for what is no day.
pub fn last_day_end(day: &str) -> Option<Timestamp> {
    Some(first_day_begin(day)?.plus_millis(DAY_MILLIS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tick_is_set_and_taken_away() {
        let mut filter = AccountFilter::default();
        for set in Set::ALL {
            for (value, label) in set.choices() {
                set.toggle(&mut filter, value);
                assert!(set.has(&filter, value) && set.chosen(&filter).contains(&label), "{value}");
                set.toggle(&mut filter, value);
                set.toggle(&mut filter, "no such value");
                assert!(filter.is_empty(), "{value}");
            }
        }
    }

    #[test]
    fn both_days_of_a_range_are_within_it() {
        let (from, before) = (first_day_begin("2026-02-28").unwrap(), last_day_end("2026-02-28").unwrap());
        assert_eq!(before.millis() - from.millis(), DAY_MILLIS);
        assert_eq!((first_day(from), last_day(before)), ("2026-02-28".to_owned(), "2026-02-28".to_owned()));
        assert_eq!((first_day_begin(""), last_day_end("2026-02-30")), (None, None));
    }
}
