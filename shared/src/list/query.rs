//! The query string of a list, read and written. What its parts mean is in the parent module.

use super::{AccountFilter, CountMode, LIMIT_DEFAULT, LIMIT_MAX, LIMIT_MIN, Sort};
use crate::{
    error::{FieldError, codes},
    profile::UnknownValue,
    time::Timestamp,
};
use std::{borrow::Cow, str::FromStr};

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
    /// How many rows stand before the page: exactly where that is cheap, else about so many; the page's `position`
    /// says which. Beyond the end it means the last page.
    pub offset: Option<u64>,
    /// What the page begins with, of the field that the list is ordered by: a text, compared as the list sorts, or an
    /// instant. A row that begins with the text is found in either direction. Beyond the end it means the last page.
    pub seek: Option<String>,
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
            offset: None,
            seek: None,
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
        if let Some(offset) = self.offset {
            out.append_pair("offset", &offset.to_string());
        }
        if let Some(seek) = &self.seek {
            out.append_pair("seek", seek);
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
            "offset" => match value.parse() {
                Ok(offset) => query.offset = Some(offset),
                Err(_) => {
                    self.errors.push(FieldError::new(name, codes::INVALID, "A whole number from 0 on."))
                }
            },
            "seek" => query.seek = (!value.is_empty()).then(|| value.to_owned()),
            _ => self.errors.push(FieldError::new(name, codes::INVALID, "There is no such parameter.")),
        }
    }

    fn finish(mut self) -> Result<ListQuery, Vec<FieldError>> {
        self.errors.extend(self.query.filter.check());
        self.errors.extend(self.check_beginning());
        if !self.errors.is_empty() {
            return Err(self.errors);
        }
        self.query.filter = self.query.filter.normalised();
        Ok(self.query)
    }

    /// What is wrong with where the page begins.
    fn check_beginning(&self) -> Option<FieldError> {
        let ListQuery { cursor, offset, seek, sort, .. } = &self.query;
        let given = [("cursor", cursor.is_some()), ("offset", offset.is_some()), ("seek", seek.is_some())];
        if let Some((name, _)) = given.iter().filter(|(_, given)| *given).nth(1) {
            return Some(FieldError::new(name, codes::INVALID, "Give one of cursor, offset and seek."));
        }
        sort.check_place(seek.as_deref()?)
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
