//! Grams: the units of an index that finds every substring.

use std::collections::BTreeSet;

/// A character of a search key, or two that stand side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gram {
    /// The first, or the only, character.
    pub first: char,
    /// The second character of a pair.
    pub second: Option<char>,
}

impl Gram {
    /// A number that no other gram has, below 2⁴³: for an index of numbers, or as the input of a hash.
    ///
    /// ```
    /// use textkey::Gram;
    /// assert_eq!(Gram { first: 'a', second: None }.code(), 0x61 << 22);
    /// assert_eq!(Gram { first: 'a', second: Some('b') }.code(), (0x61 << 22) + 0x62 + 1);
    /// ```
    pub fn code(self) -> u64 {
        (u64::from(self.first) << 22) + self.second.map_or(0, |c| u64::from(c) + 1)
    }
}

/// Every character of a search key and every adjacent pair, each once.
///
/// Take the fields of a record one by one: a pair must not reach from one field into the next.
///
/// ```
/// use textkey::{Gram, grams};
/// let found = grams("aab");
/// let one = |first| Gram { first, second: None };
/// let two = |first, second| Gram { first, second: Some(second) };
/// assert_eq!(found.into_iter().collect::<Vec<_>>(), [one('a'), two('a', 'a'), two('a', 'b'), one('b')]);
/// ```
pub fn grams(key: &str) -> BTreeSet<Gram> {
    let mut found = pairs(key).collect::<BTreeSet<_>>();
    found.extend(key.chars().map(|first| Gram { first, second: None }));
    found
}

/// The adjacent pairs, in order, with repeats.
pub(crate) fn pairs(key: &str) -> impl Iterator<Item = Gram> {
    key.chars().zip(key.chars().skip(1)).map(|(first, second)| Gram { first, second: Some(second) })
}
