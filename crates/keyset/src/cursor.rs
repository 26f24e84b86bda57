//! Cursors and their text.
//!
//! Layout, version 1, in base64url without padding: version, flags (bit 0 backward, bit 1 inclusive), 12 bytes of
//! binding, ordinal as u64, then each value as a tag (0 integer, 1 text) and 8 bytes, or a u16 length and the text.
//! Numbers are big-endian.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

const VERSION: u8 = 1;
const BACKWARD: u8 = 1;
const INCLUSIVE: u8 = 2;
const BINDING: usize = 12;
/// Longer text is refused before it is read.
const TEXT_MAX: usize = 4096;

/// What a cursor belongs to: a hash over everything that makes a list the list it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binding([u8; BINDING]);

impl Binding {
    /// The binding of a list that the parts describe, in order: tenant, filter, sort.
    pub fn new<T: AsRef<[u8]>>(parts: impl IntoIterator<Item = T>) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            let part = part.as_ref();
            // Lengths keep ("ab", "c") apart from ("a", "bc").
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        let mut binding = [0; BINDING];
        binding.iter_mut().zip(hash.finalize()).for_each(|(to, from)| *to = from);
        Self(binding)
    }
}

/// Which way a page is read from its cursor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// In the order of the list.
    #[default]
    Forward,
    /// Against it; the page itself is in the order of the list all the same.
    Backward,
}

/// One column of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A number.
    Int(i64),
    /// Text of at most 65,535 bytes.
    Text(String),
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

/// A place in a list and a direction to read in. The row that it was made from need not exist any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The direction.
    pub direction: Direction,
    /// Whether a row with exactly this key belongs to the page.
    pub inclusive: bool,
    /// The key.
    pub key: Vec<Value>,
    /// About how many rows of the list stand before the place: a hint for people, wrong as soon as rows
    /// come or go.
    pub ordinal: u64,
}

/// Why a text is no cursor of this list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CursorError {
    /// It is not a cursor.
    #[error("this is not a cursor")]
    Malformed,
    /// It is of a version that this code does not know.
    #[error("the cursor has version {0}")]
    Version(u8),
    /// It belongs to another list.
    #[error("the cursor belongs to another list")]
    Foreign,
}

impl Cursor {
    /// The text of the cursor.
    pub fn encode(&self, binding: &Binding) -> String {
        let mut bytes = vec![VERSION, self.flags()];
        bytes.extend(binding.0);
        bytes.extend(self.ordinal.to_be_bytes());
        for value in &self.key {
            match value {
                Value::Int(number) => {
                    bytes.push(0);
                    bytes.extend(number.to_be_bytes());
                }
                Value::Text(text) => {
                    let end = text.floor_char_boundary(usize::from(u16::MAX));
                    bytes.push(1);
                    bytes.extend((end as u16).to_be_bytes());
                    bytes.extend(&text.as_bytes()[..end]);
                }
            }
        }
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads a cursor of the list that `binding` stands for.
    ///
    /// # Errors
    /// The text is none of ours, of another version, or of another list.
    pub fn decode(text: &str, binding: &Binding) -> Result<Self, CursorError> {
        if text.len() > TEXT_MAX {
            return Err(CursorError::Malformed);
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| CursorError::Malformed)?;
        let mut bytes = Reader(&bytes);
        let [version] = bytes.array()?;
        if version != VERSION {
            return Err(CursorError::Version(version));
        }
        let [flags] = bytes.array()?;
        if flags & !(BACKWARD | INCLUSIVE) != 0 {
            return Err(CursorError::Malformed);
        }
        if bytes.array()? != binding.0 {
            return Err(CursorError::Foreign);
        }
        let ordinal = u64::from_be_bytes(bytes.array()?);
        let mut key = Vec::new();
        while !bytes.0.is_empty() {
            key.push(bytes.value()?);
        }
        let direction = if flags & BACKWARD == 0 { Direction::Forward } else { Direction::Backward };
        Ok(Self { direction, inclusive: flags & INCLUSIVE != 0, key, ordinal })
    }

    fn flags(&self) -> u8 {
        let direction = if self.direction == Direction::Backward { BACKWARD } else { 0 };
        direction | if self.inclusive { INCLUSIVE } else { 0 }
    }
}

/// Takes fields from the front of a cursor's bytes.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn array<const N: usize>(&mut self) -> Result<[u8; N], CursorError> {
        let (head, rest) = self.0.split_first_chunk().ok_or(CursorError::Malformed)?;
        self.0 = rest;
        Ok(*head)
    }

    fn value(&mut self) -> Result<Value, CursorError> {
        match self.array()? {
            [0] => Ok(Value::Int(i64::from_be_bytes(self.array()?))),
            [1] => {
                let length = usize::from(u16::from_be_bytes(self.array()?));
                let (text, rest) = self.0.split_at_checked(length).ok_or(CursorError::Malformed)?;
                self.0 = rest;
                std::str::from_utf8(text).map(Value::from).map_err(|_| CursorError::Malformed)
            }
            _ => Err(CursorError::Malformed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn value() -> impl Strategy<Value = Value> {
        prop_oneof![any::<i64>().prop_map(Value::Int), ".{0,40}".prop_map(Value::Text)]
    }

    prop_compose! {
        fn cursor()(backward in any::<bool>(), inclusive in any::<bool>(), ordinal in any::<u64>(),
                    key in prop::collection::vec(value(), 0..4)) -> Cursor {
            let direction = if backward { Direction::Backward } else { Direction::Forward };
            Cursor { direction, inclusive, key, ordinal }
        }
    }

    #[test]
    fn the_text_of_version_1_stays_readable() {
        let binding = Binding::new(["1400000001", "nickname"]);
        let cursor = Cursor {
            direction: Direction::Backward,
            inclusive: false,
            key: vec![Value::from("赵"), Value::from(-1)],
            ordinal: 50,
        };
        let text = "AQFe2RRsIGWEhmpstA4AAAAAAAAAMgEAA-i1tQD__________w";
        assert_eq!(cursor.encode(&binding), text);
        assert_eq!(Cursor::decode(text, &binding), Ok(cursor));
    }

    #[test]
    fn what_is_no_cursor_is_refused() {
        let binding = Binding::new(["a"]);
        for text in ["", "!", "AQ", "AQAA", &"A".repeat(5000)] {
            assert_eq!(Cursor::decode(text, &binding), Err(CursorError::Malformed), "{text:?}");
        }
        assert_eq!(Cursor::decode("Ag", &binding), Err(CursorError::Version(2)));
    }

    #[test]
    fn the_parts_of_a_binding_do_not_run_together() {
        assert_ne!(Binding::new(["ab", "c"]), Binding::new(["a", "bc"]));
        assert_ne!(Binding::new(["ab"]), Binding::new(["ab", ""]));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(cursor in cursor()) {
            let binding = Binding::new(["list"]);
            let text = cursor.encode(&binding);
            prop_assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
            prop_assert_eq!(Cursor::decode(&text, &Binding::new(["other"])), Err(CursorError::Foreign));
            prop_assert_eq!(Cursor::decode(&text, &binding), Ok(cursor));
        }

        #[test]
        fn a_shortened_cursor_never_panics(cursor in cursor(), cut in 0_usize..80) {
            let binding = Binding::new(["list"]);
            let text = cursor.encode(&binding);
            let cut = cut.min(text.len() - 1);
            prop_assert_ne!(Cursor::decode(&text[..cut], &binding).ok(), Some(cursor));
        }
    }
}
