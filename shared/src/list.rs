//! Lists of accounts: the filter, the sort, the page and the query string that carries them. The same text is
//! the query of the API and of the console's URL.

mod query;

pub use query::ListQuery;

use crate::{
    account::Account,
    error::{FieldError, codes},
    profile::{AccountType, FriendVerification, Friending, Gender, UnknownValue},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// The most bytes of a search text.
pub const NEEDLE_MAX: usize = 200;
/// The smallest, the usual and the largest page of the API.
pub const LIMIT_MIN: u32 = 1;
/// The page size when nothing is said.
pub const LIMIT_DEFAULT: u32 = 50;
/// The largest page.
pub const LIMIT_MAX: u32 = 200;
/// Up to here matches are counted exactly.
pub const COUNT_CAP: u64 = 10_000;

/// Which accounts are meant. Values of one field are alternatives; fields are all required. Empty means all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AccountFilter {
    /// A substring of username or nickname, without regard to case, width or accents; at most 200 bytes.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub q: String,
    /// Types.
    #[serde(rename = "type", default, skip_serializing_if = "Vec::is_empty")]
    pub account_type: Vec<AccountType>,
    /// Genders.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gender: Vec<Gender>,
    /// Friend verification modes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub friend_verification: Vec<FriendVerification>,
    /// Friending modes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub friending: Vec<Friending>,
    /// Created at this instant or later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_from: Option<Timestamp>,
    /// Created before this instant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_before: Option<Timestamp>,
}

impl AccountFilter {
    /// Whether every account is meant.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether all but the search text fit an account. The search text is compared folded, which is the store's
    /// business.
    pub fn admits(&self, account: &Account) -> bool {
        fn one<T: PartialEq>(set: &[T], value: &T) -> bool {
            set.is_empty() || set.contains(value)
        }
        one(&self.account_type, &account.account_type)
            && one(&self.gender, &account.gender)
            && one(&self.friend_verification, &account.friend_verification)
            && one(&self.friending, &account.friending)
            && self.created_from.is_none_or(|from| account.created_at >= from)
            && self.created_before.is_none_or(|before| account.created_at < before)
    }

    /// What is wrong with the filter.
    pub fn check(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        errors.extend(crate::validate::text("q", &self.q, NEEDLE_MAX));
        if let (Some(from), Some(before)) = (self.created_from, self.created_before)
            && from > before
        {
            errors.push(FieldError::new(
                "created_before",
                codes::OUT_OF_RANGE,
                "The end is before the beginning.",
            ));
        }
        errors
    }

    /// The same filter with each set in order and without repeats, so that equal filters have equal text.
    #[must_use]
    pub fn normalised(mut self) -> Self {
        fn tidy<T: Ord>(set: &mut Vec<T>) {
            set.sort();
            set.dedup();
        }
        tidy(&mut self.account_type);
        tidy(&mut self.gender);
        tidy(&mut self.friend_verification);
        tidy(&mut self.friending);
        self
    }
}

/// The field that a list is ordered by; the username breaks ties.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SortField {
    /// Username.
    #[default]
    UserId,
    /// Nickname.
    Nickname,
    /// Creation time.
    CreatedAt,
}

impl SortField {
    /// Every field that can be sorted by.
    pub const ALL: &'static [Self] = &[Self::UserId, Self::Nickname, Self::CreatedAt];

    /// The field's name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UserId => "user_id",
            Self::Nickname => "nickname",
            Self::CreatedAt => "created_at",
        }
    }
}

/// A field and a direction; `-nickname` on the wire is descending.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Sort {
    /// The field.
    pub field: SortField,
    /// Whether the largest comes first. The tie-breaking username follows the same direction.
    pub descending: bool,
}

impl Sort {
    /// Whether a page of this order can be asked to begin with this text: any but an overlong one, or an instant where
    /// the order is one of instants.
    pub fn is_place(self, seek: &str) -> bool {
        self.check_place(seek).is_none()
    }

    /// What is wrong with the text that a page shall begin with.
    pub(crate) fn check_place(self, seek: &str) -> Option<FieldError> {
        if self.field == SortField::CreatedAt {
            let error = seek.parse::<Timestamp>().err()?;
            return Some(FieldError::new("seek", codes::INVALID, format!("This is {error}.")));
        }
        crate::validate::text("seek", seek, NEEDLE_MAX)
    }
}

impl fmt::Display for Sort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.descending { "-" } else { "" }, self.field.as_str())
    }
}

impl FromStr for Sort {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        let (descending, name) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let field = SortField::ALL.iter().find(|f| f.as_str() == name).ok_or(UnknownValue)?;
        Ok(Self { field: *field, descending })
    }
}

/// Whether a list also says how many match.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CountMode {
    /// No count.
    #[default]
    None,
    /// Exactly up to [`COUNT_CAP`], then about; "at least" where nothing is known to estimate by.
    Capped,
    /// Exactly, or refused where that would cost too much.
    Exact,
}

impl CountMode {
    /// The wire text.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Capped => "capped",
            Self::Exact => "exact",
        }
    }
}

impl FromStr for CountMode {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        [Self::None, Self::Capped, Self::Exact].into_iter().find(|m| m.as_str() == text).ok_or(UnknownValue)
    }
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// The rows, in the order that was asked for.
    pub items: Vec<T>,
    /// The cursor of the page after, if there is one.
    pub next: Option<String>,
    /// The cursor of the page before, if there is one.
    pub previous: Option<String>,
    /// How many match, if that was asked for.
    pub count: Option<Count>,
    /// `false` when a bound cut the search short: more may match.
    pub complete: bool,
    /// How many rows of the list stand before the page, if it was asked for by `offset` or `seek`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Count>,
}

/// A number of matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Count {
    /// The number.
    pub value: u64,
    /// What it says.
    pub relation: CountRelation,
}

impl Count {
    /// Exactly so many.
    pub const fn eq(value: u64) -> Self {
        Self { value, relation: CountRelation::Eq }
    }

    /// So many and perhaps more.
    pub const fn at_least(value: u64) -> Self {
        Self { value, relation: CountRelation::Gte }
    }

    /// About so many.
    pub const fn about(value: u64) -> Self {
        Self { value, relation: CountRelation::Estimate }
    }
}

/// How a number of matches is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CountRelation {
    /// Exactly so many.
    Eq,
    /// At least so many.
    Gte,
    /// About so many: an estimate, which may be above or below.
    Estimate,
}
