//! Lists of accounts: the filter, the sort, the page and the query string that carries them. The same text is
//! the query of the API and of the console's URL.

use crate::{
    account::Account,
    error::{FieldError, codes},
    profile::{AccountType, FriendVerification, Friending, Gender, UnknownValue},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, fmt, str::FromStr};

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
    /// Exactly up to [`COUNT_CAP`], then "at least".
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

/// A request for a page.
///
/// ```
/// use rollcall_shared::list::ListQuery;
/// let query = ListQuery::parse("q=%E6%98%8E&type=admin&type=general&sort=-nickname&limit=100").unwrap();
/// assert_eq!(query.filter.q, "明");
/// assert!(query.sort.descending);
/// assert_eq!(ListQuery::parse(&query.to_query_string()).unwrap(), query);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ListQuery {
    /// Which accounts.
    pub filter: AccountFilter,
    /// In which order.
    pub sort: Sort,
    /// How many.
    pub limit: u32,
    /// Where to go on: `next` or `previous` of a page, of the same filter and sort.
    pub cursor: Option<String>,
    /// Whether to count.
    pub count: CountMode,
}

impl Default for ListQuery {
    fn default() -> Self {
        Self {
            filter: AccountFilter::default(),
            sort: Sort::default(),
            limit: LIMIT_DEFAULT,
            cursor: None,
            count: CountMode::None,
        }
    }
}

impl ListQuery {
    /// Reads a query string, `a=b&c=d` without the question mark.
    ///
    /// # Errors
    /// One error for each parameter that is unknown, repeated where it may not be, or has a value that its rule
    /// refuses.
    pub fn parse(query: &str) -> Result<Self, Vec<FieldError>> {
        let mut reader = Reader::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            reader.take(&name, &value);
        }
        reader.finish()
    }

    /// The query string that [`ListQuery::parse`] reads; defaults are left out.
    pub fn to_query_string(&self) -> String {
        let mut out = form_urlencoded::Serializer::new(String::new());
        let AccountFilter {
            q,
            account_type,
            gender,
            friend_verification,
            friending,
            created_from,
            created_before,
        } = &self.filter;
        if !q.is_empty() {
            out.append_pair("q", q);
        }
        account_type.iter().for_each(|v| {
            out.append_pair("type", v.as_str());
        });
        gender.iter().for_each(|v| {
            out.append_pair("gender", v.as_str());
        });
        friend_verification.iter().for_each(|v| {
            out.append_pair("friend_verification", v.as_str());
        });
        friending.iter().for_each(|v| {
            out.append_pair("friending", v.as_str());
        });
        for (name, at) in [("created_from", created_from), ("created_before", created_before)] {
            if let Some(at) = at {
                out.append_pair(name, &at.to_string());
            }
        }
        if self.sort != Sort::default() {
            out.append_pair("sort", &self.sort.to_string());
        }
        if self.limit != LIMIT_DEFAULT {
            out.append_pair("limit", &self.limit.to_string());
        }
        if let Some(cursor) = &self.cursor {
            out.append_pair("cursor", cursor);
        }
        if self.count != CountMode::None {
            out.append_pair("count", self.count.as_str());
        }
        out.finish()
    }
}

/// Collects a query's parameters and what is wrong with them.
#[derive(Default)]
struct Reader {
    query: ListQuery,
    seen: Vec<String>,
    errors: Vec<FieldError>,
}

impl Reader {
    fn take(&mut self, name: &str, value: &str) {
        match name {
            "type" => push(&mut self.query.filter.account_type, name, value, &mut self.errors),
            "gender" => push(&mut self.query.filter.gender, name, value, &mut self.errors),
            "friend_verification" => {
                push(&mut self.query.filter.friend_verification, name, value, &mut self.errors)
            }
            "friending" => push(&mut self.query.filter.friending, name, value, &mut self.errors),
            _ if self.seen.iter().any(|s| s == name) => {
                self.errors.push(FieldError::new(name, codes::INVALID, "This parameter can be given once."));
            }
            _ => {
                self.seen.push(name.to_owned());
                self.take_once(name, value);
            }
        }
    }

    fn take_once(&mut self, name: &str, value: &str) {
        let query = &mut self.query;
        match name {
            "q" => value.clone_into(&mut query.filter.q),
            "created_from" => set(&mut query.filter.created_from, name, value, &mut self.errors),
            "created_before" => set(&mut query.filter.created_before, name, value, &mut self.errors),
            "sort" => match value.parse() {
                Ok(sort) => query.sort = sort,
                Err(UnknownValue) => self.errors.push(unknown(name, value)),
            },
            "count" => match value.parse() {
                Ok(count) => query.count = count,
                Err(UnknownValue) => self.errors.push(unknown(name, value)),
            },
            "limit" => match value.parse() {
                Ok(limit) if (LIMIT_MIN..=LIMIT_MAX).contains(&limit) => query.limit = limit,
                _ => self.errors.push(
                    FieldError::new(
                        name,
                        codes::OUT_OF_RANGE,
                        format!("A number from {LIMIT_MIN} to {LIMIT_MAX}."),
                    )
                    .with("min", LIMIT_MIN)
                    .with("max", LIMIT_MAX),
                ),
            },
            "cursor" => query.cursor = (!value.is_empty()).then(|| value.to_owned()),
            _ => self.errors.push(FieldError::new(name, codes::INVALID, "There is no such parameter.")),
        }
    }

    fn finish(mut self) -> Result<ListQuery, Vec<FieldError>> {
        self.errors.extend(self.query.filter.check());
        if !self.errors.is_empty() {
            return Err(self.errors);
        }
        self.query.filter = self.query.filter.normalised();
        Ok(self.query)
    }
}

fn push<T: FromStr>(set: &mut Vec<T>, name: &str, value: &str, errors: &mut Vec<FieldError>) {
    match value.parse() {
        Ok(value) => set.push(value),
        Err(_) => errors.push(unknown(name, value)),
    }
}

fn set(slot: &mut Option<Timestamp>, name: &str, value: &str, errors: &mut Vec<FieldError>) {
    match value.parse() {
        Ok(at) => *slot = Some(at),
        Err(error) => errors.push(FieldError::new(name, codes::INVALID, format!("This is {error}."))),
    }
}

fn unknown(name: &str, value: &str) -> FieldError {
    let shown: Cow<'_, str> = value.chars().take(40).collect();
    FieldError::new(name, codes::UNKNOWN_VALUE, format!("There is no value {shown:?}.")).with("value", shown)
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

/// How a number of matches is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CountRelation {
    /// Exactly so many.
    Eq,
    /// At least so many.
    Gte,
    /// About so many.
    Estimate,
}
