//! A value of any column, the same from either engine: how it is read, written, kept as part of a marker, and digested.

use crate::{
    Result, StoreError,
    db::{Arg, Row},
};
use sha2::{Digest as _, Sha256};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Int,
    Text,
    Bytes,
    /// Tokens as the text of an array: derived on PostgreSQL, never read.
    Ints,
}

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
}

impl Kind {
    /// By the name that an engine has for it.
    pub fn of_declared(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "integer" | "bigint" | "smallint" => Self::Int,
            "text" => Self::Text,
            "blob" | "bytea" => Self::Bytes,
            _ => return None,
        })
    }

    /// Reads a value of this kind.
    pub fn read(self, row: &Row, at: usize) -> Result<Value> {
        Ok(match self {
            Self::Int => Value::Int(row.i64(at)?),
            Self::Text | Self::Ints => Value::Text(row.text(at)?),
            Self::Bytes => Value::Bytes(row.bytes(at)?),
        })
    }
}

impl Kind {
    /// An array for so many values on their way to PostgreSQL.
    pub fn array(self, values: usize) -> Arg {
        match self {
            Self::Int => Arg::Longs(Vec::with_capacity(values)),
            Self::Text | Self::Bytes | Self::Ints => Arg::Texts(Vec::with_capacity(values)),
        }
    }

    /// What makes a column's value of an element of its array.
    pub const fn of_array(self) -> (&'static str, &'static str) {
        match self {
            Self::Int | Self::Text => ("", ""),
            Self::Bytes => ("decode(", ", 'hex')"),
            Self::Ints => ("CAST(", " AS INTEGER[])"),
        }
    }
}

impl Value {
    /// About how many bytes of memory it takes beside itself.
    pub fn weight(&self) -> usize {
        match self {
            Self::Int(_) => 0,
            Self::Text(text) => text.len(),
            Self::Bytes(bytes) => bytes.len(),
        }
    }

    /// Adds it to a digest so that no two rows of different values are the same bytes.
    pub fn digest(&self, digest: &mut Sha256) {
        let (kind, bytes): (u8, &[u8]) = match self {
            Self::Int(value) => (0, &value.to_be_bytes()),
            Self::Text(text) => (1, text.as_bytes()),
            Self::Bytes(bytes) => (2, bytes),
        };
        digest.update([kind]);
        digest.update((bytes.len() as u64).to_be_bytes());
        digest.update(bytes);
    }
}

impl From<Value> for Arg {
    fn from(value: Value) -> Self {
        match value {
            Value::Int(value) => Self::Int(value),
            Value::Text(text) => Self::Text(text),
            Value::Bytes(bytes) => Self::Bytes(bytes),
        }
    }
}

/// Bytes as lower-case hex, which both engines decode.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes_of_hex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes().chunks(2);
    digits.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}

/// A key as text; '' for none.
pub(super) fn key_text(key: &[Value]) -> String {
    let json = key.iter().map(|value| match value {
        Value::Int(value) => serde_json::Value::from(*value),
        Value::Text(text) => text.as_str().into(),
        Value::Bytes(bytes) => hex(bytes).into(),
    });
    if key.is_empty() { String::new() } else { json.collect::<serde_json::Value>().to_string() }
}

/// The key in such a text.
pub(super) fn key_of_text(text: &str, kinds: &[Kind]) -> Result<Vec<Value>> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let corrupt = || StoreError::Corrupt(format!("{text:?} is no key of a copy"));
    let json: Vec<serde_json::Value> = serde_json::from_str(text).map_err(|_| corrupt())?;
    let value = |(json, kind): (&serde_json::Value, &Kind)| match kind {
        Kind::Int => json.as_i64().map(Value::Int),
        Kind::Text | Kind::Ints => json.as_str().map(|text| Value::Text(text.to_owned())),
        Kind::Bytes => json.as_str().and_then(bytes_of_hex).map(Value::Bytes),
    };
    let key: Option<Vec<Value>> = json.iter().zip(kinds).map(value).collect();
    key.filter(|key| key.len() == kinds.len()).ok_or_else(corrupt)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_survives_its_text() {
        let key = [
            Value::Int(i64::MIN),
            Value::Text("\"明\u{1}\\".to_owned()),
            Value::Bytes(vec![0, 255]),
            Value::Text(String::new()),
        ];
        let kinds = [Kind::Int, Kind::Text, Kind::Bytes, Kind::Text];
        assert_eq!(key_of_text(&key_text(&key), &kinds).unwrap(), key);
        assert_eq!(key_of_text("", &kinds).unwrap(), []);
        for bad in ["[]", "[1]", "[1,2,3,4]", "[1,\"\",\"zz\",\"\"]", "x"] {
            assert!(key_of_text(bad, &kinds).is_err(), "{bad}");
        }
    }
}
