//! The content of one cell, from its spelling in a sheet.

use super::{
    book::Book,
    escape::push_unescaped,
    number::{push_date, push_number},
};
use crate::read::{Kind, error::ColumnName, row::Span};
use std::fmt;

/// How the content of a cell is spelled. Source: ECMA-376 part 1, 18.18.11 (`ST_CellType`).
#[derive(Clone, Copy)]
pub(super) enum Type {
    Number,
    Shared,
    Text,
    Bool,
    Date,
    Error,
    Unknown,
}

impl Type {
    pub fn of(name: &str) -> Self {
        match name {
            "n" => Self::Number,
            "s" => Self::Shared,
            "str" | "inlineStr" => Self::Text,
            "b" => Self::Bool,
            "d" => Self::Date,
            "e" => Self::Error,
            _ => Self::Unknown,
        }
    }
}

/// A cell as a sheet has it.
pub(super) struct Content<'a> {
    pub raw: &'a str,
    pub kind: Type,
    pub style: usize,
    pub has_formula: bool,
}

/// Appends the text of a cell, and answers where it is; `None` if it is not of its type.
pub(super) fn push(content: &Content<'_>, book: &Book, text: &mut String) -> Option<Span> {
    let (raw, start) = (content.raw, text.len());
    let kind = match content.kind {
        Type::Text => {
            push_unescaped(raw, text);
            Kind::Text
        }
        // The others have white space around them in files that were edited by hand.
        _ => match raw.trim() {
            "" => Kind::Missing,
            raw => push_trimmed(raw, content, book, text)?,
        },
    };
    let end = text.len();
    // Empty text is nothing: writers differ in whether they store it.
    let kind = if start == end { Kind::Missing } else { kind };
    Some(Span { start, end, kind, formula: content.has_formula })
}

fn push_trimmed(raw: &str, content: &Content<'_>, book: &Book, text: &mut String) -> Option<Kind> {
    match content.kind {
        Type::Shared => {
            text.push_str(book.strings.get(raw.parse().ok()?)?);
            Some(Kind::Text)
        }
        Type::Bool => {
            text.push_str(match raw {
                "1" | "true" => "true",
                "0" | "false" => "false",
                _ => return None,
            });
            Some(Kind::Bool)
        }
        Type::Number if book.styles.is_date(content.style) && push_date(raw, book.is_1904, text) => {
            Some(Kind::Date)
        }
        Type::Number => push_number(raw, text).then_some(Kind::Number),
        Type::Date => {
            text.push_str(raw);
            Some(Kind::Date)
        }
        Type::Error => {
            text.push_str(raw);
            Some(Kind::Error)
        }
        Type::Text | Type::Unknown => None,
    }
}

/// The column of a reference such as `AB12`, from 0. Its row is the row's.
pub(super) fn column(reference: &str) -> Option<u32> {
    let letters = reference.bytes().take_while(u8::is_ascii_alphabetic);
    // Three letters are more than enough.
    let number = letters
        .take(4)
        .fold(0, |number, letter| number * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1);
    number.checked_sub(1)
}

/// A cell as spreadsheets call it.
pub(super) struct Reference {
    /// From 1.
    pub row: u32,
    /// From 0.
    pub column: u32,
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", ColumnName(self.column as usize), self.row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_name_columns() {
        for (reference, expected) in [
            ("A1", Some(0)),
            ("z9", Some(25)),
            ("AA10", Some(26)),
            ("XFD1048576", Some(16_383)),
            ("7", None),
            ("", None),
        ] {
            assert_eq!(column(reference), expected, "{reference}");
        }
        assert!(column("ZZZZZZZZZZ1").is_none_or(|column| column >= 16_384));
    }
}
