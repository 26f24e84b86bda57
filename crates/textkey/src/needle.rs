//! Needles: what a search text means, and which grams can narrow the search for it.

use crate::{Gram, gram::pairs, search_key};
use std::collections::BTreeSet;

/// Whether a search for `needle` finds a field that holds `field`: the definition of a match.
///
/// An empty needle, or one that folds to nothing (a lone accent), is found everywhere.
///
/// ```
/// assert!(textkey::contains("Straße", "SS"));
/// assert!(!textkey::contains("Strand", "ss"));
/// assert!(textkey::contains("anything", ""));
/// ```
pub fn contains(field: &str, needle: &str) -> bool {
    Needle::new(needle).is_in(&search_key(field))
}

/// A search text, folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needle(String);

impl Needle {
    /// Folds the search text.
    pub fn new(text: &str) -> Self {
        Self(search_key(text))
    }

    /// The folded text: what must be a substring of a search key.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether every text matches.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a search key holds the needle.
    pub fn is_in(&self, search_key: &str) -> bool {
        search_key.contains(&self.0)
    }

    /// Whether having the grams is the same as matching: needles of one or two characters.
    pub fn is_gram(&self) -> bool {
        (1..=2).contains(&self.0.chars().take(3).count())
    }

    /// At most `most` grams that every match has. Pairs are the rarer ones and imply their characters, so only a
    /// needle of one character gives that character. Of a long needle they are taken evenly from its whole length.
    pub fn grams(&self, most: usize) -> BTreeSet<Gram> {
        let Some(first) = self.0.chars().next() else { return BTreeSet::new() };
        let mut seen = BTreeSet::new();
        let distinct: Vec<Gram> = pairs(&self.0).filter(|gram| seen.insert(*gram)).collect();
        if distinct.is_empty() {
            return BTreeSet::from([Gram { first, second: None }]);
        }
        let taken = distinct.len().min(most.max(1));
        (0..taken).filter_map(|n| distinct.get(n * distinct.len() / taken).copied()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{grams, tests::text};
    use proptest::prelude::*;

    #[test]
    fn the_empty_needle_has_no_grams() {
        assert!(Needle::new("\u{301}").is_empty());
        assert_eq!(Needle::new("").grams(8), BTreeSet::new());
    }

    #[test]
    fn a_long_needle_gives_few_grams_from_its_whole_length() {
        let found = Needle::new("abcdefghijklmnopqrstuvwxyz").grams(4);
        let firsts: String = found.into_iter().map(|gram| gram.first).collect();
        assert_eq!(firsts, "agms");
    }

    #[test]
    fn one_and_two_characters_are_grams() {
        let is_gram = |text| Needle::new(text).is_gram();
        assert!(!is_gram("") && is_gram("明") && is_gram("明远") && !is_gram("abc"));
        assert!(!is_gram("한"), "a syllable of three letters");
    }

    proptest! {
        #[test]
        fn a_match_has_the_grams_of_the_needle(field in text(), needle in text(), most in 1_usize..9) {
            let (key, needle) = (search_key(&field), Needle::new(&needle));
            let has = needle.grams(most).is_subset(&grams(&key));
            prop_assert!(has || !needle.is_in(&key));
            if needle.is_gram() {
                prop_assert_eq!(has, needle.is_in(&key));
            }
        }

        #[test]
        fn grams_are_capped_and_never_missing(needle in text(), most in 1_usize..9) {
            let needle = Needle::new(&needle);
            let count = needle.grams(most).len();
            prop_assert!(count <= most);
            prop_assert_eq!(count == 0, needle.is_empty());
        }

        #[test]
        fn codes_are_unique(a in any::<(char, Option<char>)>(), b in any::<(char, Option<char>)>()) {
            let [a, b] = [a, b].map(|(first, second)| Gram { first, second });
            prop_assert_eq!(a == b, a.code() == b.code());
        }
    }
}
