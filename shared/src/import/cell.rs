//! The text of a cell as the value of a field. Spreadsheets and people spell values in more ways than the API does.

use super::EmptyCells;
use crate::{
    account::Patch,
    error::{FieldError, codes},
    profile::{AccountType, FriendVerification, Friending, Gender},
};

/// A value that a cell names in words: its wire text, what the console calls it, or the chat vendor's constant.
pub(super) trait Named: Copy + 'static {
    /// Every spelling, in small letters and digits only.
    const SPELLINGS: &'static [(&'static str, Self)];
    /// The values as a person should write them.
    const VALUES: &'static str;
}

impl Named for AccountType {
    const SPELLINGS: &'static [(&'static str, Self)] =
        &[("general", Self::General), ("user", Self::General), ("admin", Self::Admin)];
    const VALUES: &'static str = "general or admin";
}

impl Named for Gender {
    const SPELLINGS: &'static [(&'static str, Self)] = &[
        ("unknown", Self::Unknown),
        ("female", Self::Female),
        ("male", Self::Male),
        ("gendertypeunknown", Self::Unknown),
        ("gendertypefemale", Self::Female),
        ("gendertypemale", Self::Male),
    ];
    const VALUES: &'static str = "unknown, female or male";
}

impl Named for FriendVerification {
    const SPELLINGS: &'static [(&'static str, Self)] = &[
        ("needconfirm", Self::NeedConfirm),
        ("allowany", Self::AllowAny),
        ("denyany", Self::DenyAny),
        ("allowtypetypeneedconfirm", Self::NeedConfirm),
        ("allowtypetypeallowany", Self::AllowAny),
        ("allowtypetypedenyany", Self::DenyAny),
    ];
    const VALUES: &'static str = "need_confirm, allow_any or deny_any";
}

impl Named for Friending {
    const SPELLINGS: &'static [(&'static str, Self)] = &[
        ("allowed", Self::Allowed),
        ("forbidden", Self::Forbidden),
        ("adminforbidtypenone", Self::Allowed),
        ("adminforbidtypesendout", Self::Forbidden),
    ];
    const VALUES: &'static str = "allowed or forbidden";
}

/// Small letters and digits of a text, which is how names of columns and values are compared.
pub(super) fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// One of a closed set of values.
pub(super) fn named<T: Named>(field: &str, text: &str) -> Result<T, FieldError> {
    let word = plain(text);
    let found = T::SPELLINGS.iter().find(|(spelling, _)| *spelling == word);
    found.map(|(_, value)| *value).ok_or_else(|| {
        FieldError::new(field, codes::UNKNOWN_VALUE, format!("Write {}.", T::VALUES))
            .with("values", T::VALUES)
    })
}

/// A number from 0 to 4,294,967,295, with zeros after a point at most.
pub(super) fn number(field: &str, text: &str) -> Result<u32, FieldError> {
    let whole = match text.split_once('.') {
        Some((whole, rest)) if !whole.is_empty() && rest.bytes().all(|digit| digit == b'0') => whole,
        _ => text,
    };
    let digits = !whole.is_empty() && whole.bytes().all(|digit| digit.is_ascii_digit());
    digits.then(|| whole.parse().ok()).flatten().ok_or_else(|| {
        FieldError::new(field, codes::OUT_OF_RANGE, "Write a whole number from 0 to 4294967295.")
            .with("min", 0)
            .with("max", u32::MAX)
    })
}

/// A day as a number, or as spreadsheets and ISO 8601 have it: `19880514`, `1988-05-14`.
pub(super) fn day(field: &str, text: &str) -> Result<u32, FieldError> {
    let date = text.get(..10).filter(|_| text.len() == 10 || text.as_bytes().get(10) == Some(&b'T'));
    let parts: Option<Vec<&str>> = date.map(|date| date.split('-').collect());
    match parts.as_deref() {
        Some([year, month, day]) if [year.len(), month.len(), day.len()] == [4, 2, 2] => {
            number(field, &[*year, *month, *day].concat())
        }
        _ => number(field, text),
    }
}

/// What a cell says of a field: an empty one says what it is meant to.
pub(super) fn patch<T>(
    text: &str,
    empty: EmptyCells,
    read: impl FnOnce(&str) -> Result<T, FieldError>,
) -> Result<Patch<T>, FieldError> {
    match (text.is_empty(), empty) {
        (false, _) => read(text).map(Patch::Set),
        (true, EmptyCells::Keep) => Ok(Patch::Keep),
        (true, EmptyCells::Clear) => Ok(Patch::Reset),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_in_every_spelling() {
        for text in ["female", "Female", " FEMALE", "Gender_Type_Female"] {
            assert_eq!(named("gender", text), Ok(Gender::Female), "{text}");
        }
        assert_eq!(named("friending", "AdminForbid_Type_SendOut"), Ok(Friending::Forbidden));
        assert_eq!(named("friend_verification", "Need confirm"), Ok(FriendVerification::NeedConfirm));
        let refused = named::<Gender>("gender", "woman").unwrap_err();
        assert_eq!(
            (refused.code.as_str(), refused.message.as_str()),
            ("unknown_value", "Write unknown, female or male.")
        );
    }

    #[test]
    fn what_the_api_writes_is_read() {
        for gender in Gender::ALL {
            assert_eq!(named("gender", gender.as_str()), Ok(*gender));
        }
        for mode in FriendVerification::ALL {
            assert_eq!(named("friend_verification", mode.as_str()), Ok(*mode));
        }
        for mode in Friending::ALL {
            assert_eq!(named("friending", mode.as_str()), Ok(*mode));
        }
        for kind in AccountType::ALL {
            assert_eq!(named("type", kind.as_str()), Ok(*kind));
        }
    }

    #[test]
    fn numbers_are_whole() {
        assert_eq!(number("level", "4294967295"), Ok(u32::MAX));
        assert_eq!(number("level", "7.00"), Ok(7));
        for text in ["4294967296", "-1", "7.5", ".0", "1e3", "", "seven", "٧", "+7", "1,000"] {
            assert_eq!(number("level", text).unwrap_err().code, "out_of_range", "{text}");
        }
    }

    #[test]
    fn days_are_numbers_or_dates() {
        for text in ["19880514", "1988-05-14", "1988-05-14T00:00:00"] {
            assert_eq!(day("birth_date", text), Ok(19_880_514), "{text}");
        }
        for text in ["14.05.1988", "1988-5-14", "1988-05-14x", "May 1988"] {
            assert!(day("birth_date", text).is_err(), "{text}");
        }
    }
}
