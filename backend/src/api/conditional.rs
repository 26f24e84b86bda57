//! What a request says about the copy that the client has: `If-None-Match`, and `Range` with `If-Range`.

use axum::http::{HeaderMap, header};
use std::ops::Range;

/// Whether the client has the representation with this tag already.
pub fn none_match(headers: &HeaderMap, etag: &str) -> bool {
    let values = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|line| line.split(',')).map(str::trim).any(|tag| {
        // A weak comparison, as HTTP asks for here.
        tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag
    })
}

/// Which part of a file is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// All of it.
    Whole,
    /// These bytes.
    Bytes(Range<u64>),
    /// Bytes that it does not have.
    Unsatisfiable,
}

/// Reads `Range`. Several ranges, other units and nonsense mean the whole, as HTTP allows; so does an `If-Range`
/// that names another version.
pub fn part(headers: &HeaderMap, etag: &str, length: u64) -> Part {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let same = headers.get(header::IF_RANGE).is_none() || text(header::IF_RANGE) == Some(etag);
    let spec = text(header::RANGE).filter(|_| same).and_then(|value| value.strip_prefix("bytes="));
    spec.and_then(|spec| range(spec.trim(), length)).unwrap_or(Part::Whole)
}

fn range(spec: &str, length: u64) -> Option<Part> {
    let (first, last) = spec.split_once('-')?;
    if first.is_empty() {
        let suffix: u64 = last.parse().ok()?;
        let part = Part::Bytes(length.saturating_sub(suffix)..length);
        return Some(if suffix == 0 || length == 0 { Part::Unsatisfiable } else { part });
    }
    let first: u64 = first.parse().ok()?;
    let last: u64 = if last.is_empty() { u64::MAX } else { last.parse().ok()? };
    if last < first {
        return None;
    }
    Some(if first < length {
        Part::Bytes(first..last.saturating_add(1).min(length))
    } else {
        Part::Unsatisfiable
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn asked(range: &'static str, if_range: Option<&'static str>) -> Part {
        let mut headers = HeaderMap::from_iter([(header::RANGE, HeaderValue::from_static(range))]);
        if let Some(tag) = if_range {
            headers.insert(header::IF_RANGE, HeaderValue::from_static(tag));
        }
        part(&headers, "\"a\"", 10)
    }

    #[test]
    fn one_range_of_bytes_is_served() {
        assert_eq!(asked("bytes=0-0", None), Part::Bytes(0..1));
        assert_eq!(asked("bytes=4-", None), Part::Bytes(4..10));
        assert_eq!(asked("bytes=4-99", Some("\"a\"")), Part::Bytes(4..10));
        assert_eq!(asked("bytes=-3", None), Part::Bytes(7..10));
        assert_eq!(asked("bytes=-30", None), Part::Bytes(0..10));
        assert_eq!(asked("bytes=0-18446744073709551615", None), Part::Bytes(0..10));
    }

    #[test]
    fn what_lies_behind_the_end_cannot_be_served() {
        assert_eq!(asked("bytes=10-", None), Part::Unsatisfiable);
        assert_eq!(asked("bytes=-0", None), Part::Unsatisfiable);
    }

    #[test]
    fn anything_else_means_the_whole() {
        for range in ["bytes=0-1,3-4", "bytes=4-2", "bytes=x-", "bytes=", "items=0-1", "bytes=--1", "bytes=-"]
        {
            assert_eq!(asked(range, None), Part::Whole, "{range}");
        }
        assert_eq!(asked("bytes=0-1", Some("\"b\"")), Part::Whole);
        assert_eq!(asked("bytes=0-1", Some("W/\"a\"")), Part::Whole);
    }

    #[test]
    fn a_tag_is_found_in_a_list() {
        let matches = |value| {
            none_match(
                &HeaderMap::from_iter([(header::IF_NONE_MATCH, HeaderValue::from_static(value))]),
                "\"a\"",
            )
        };
        assert!(matches("\"a\"") && matches("W/\"a\"") && matches("\"b\", \"a\"") && matches("*"));
        assert!(!matches("\"b\"") && !matches("a"));
        assert!(!none_match(&HeaderMap::new(), "\"a\""));
    }
}
