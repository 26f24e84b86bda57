//! Typing errors, as pure functions: how a search text may have been meant, and how far a name is from it. Whose names are
//! compared is in `suggest.rs`.
//!
//! One typo is a character too many, missing or wrong, or two that changed places. All of it is about folded text.

use std::collections::BTreeSet;
use textkey::Needle;

/// The shortest and the longest text that is looked at, in characters. What is shorter is near to everything.
const SHORTEST: usize = 3;
const LONGEST: usize = 32;
/// From so many characters on two typos are forgiven, and a third of the text is enough to look for.
const LONG: usize = 6;
/// What usernames are made of; a text beyond it is varied by its own characters alone.
const ALPHABET: &str = "abcdefghijklmnopqrstuvwxyz0123456789_-.";

/// A text that nothing was found by.
#[derive(Debug)]
pub(super) struct Mistyped {
    needle: Needle,
    chars: Vec<char>,
}

/// A text that may have been meant.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Near {
    /// How many typos away.
    pub distance: usize,
    /// The text, as it stands in the account.
    pub text: String,
}

impl Mistyped {
    /// Folds the text; none if it is too short or too long to say anything about.
    pub fn new(text: &str) -> Option<Self> {
        let needle = Needle::new(text.trim());
        let chars: Vec<char> = needle.as_str().chars().take(LONGEST + 1).collect();
        (SHORTEST..=LONGEST).contains(&chars.len()).then_some(Self { needle, chars })
    }

    /// The most typos that are forgiven.
    const fn forgiven(&self) -> usize {
        if self.chars.len() < LONG { 1 } else { 2 }
    }

    /// All texts at one typo from this one, some thousands: what was meant, if it is a whole name.
    pub fn variants(&self) -> Vec<String> {
        let chars = &self.chars;
        let mut letters: BTreeSet<char> = chars.iter().copied().collect();
        if self.needle.as_str().is_ascii() {
            letters.extend(ALPHABET.chars());
        }
        let mut found = BTreeSet::new();
        for at in 0..=chars.len() {
            let (before, after) = chars.split_at(at);
            let mut add = |middle: &[char], skipped: usize| {
                if let Some(rest) = after.get(skipped..) {
                    found.insert([before, middle, rest].concat().into_iter().collect::<String>());
                }
            };
            add(&[], 1);
            if let [first, second, ..] = *after {
                add(&[second, first], 2);
            }
            for letter in &letters {
                add(&[*letter], 0);
                add(&[*letter], 1);
            }
        }
        found.remove(self.needle.as_str());
        found.into_iter().collect()
    }

    /// What is left of the text around a typo, wherever that is. Of a long text, two thirds: a typo is in one of them,
    /// unless characters changed places between two.
    pub fn around_one(&self) -> Vec<Vec<Needle>> {
        let holes = if self.chars.len() < LONG { self.chars.len() } else { 3 };
        (0..holes).map(|hole| self.without(hole, holes)).collect()
    }

    /// The thirds of a long text, of which two typos leave one.
    pub fn around_two(&self) -> Vec<Vec<Needle>> {
        if self.forgiven() < 2 {
            return Vec::new();
        }
        (0..3).map(|third| vec![self.part(self.border(third, 3), self.border(third + 1, 3))]).collect()
    }

    /// What a name begins with, if the typos are at its end.
    pub fn beginning(&self) -> String {
        let kept = (self.chars.len() - 2).max(2);
        self.chars.iter().take(kept).collect()
    }

    /// The text before and after one of equal parts.
    fn without(&self, part: usize, of: usize) -> Vec<Needle> {
        let (from, to) = (self.border(part, of), self.border(part + 1, of));
        let pieces = [self.part(0, from), self.part(to, self.chars.len())];
        pieces.into_iter().filter(|piece| !piece.is_empty()).collect()
    }

    const fn border(&self, part: usize, of: usize) -> usize {
        part * self.chars.len() / of
    }

    fn part(&self, from: usize, to: usize) -> Needle {
        Needle::new(&self.chars.iter().take(to).skip(from).collect::<String>())
    }

    /// What was meant, if it was an account with this username and nickname: one of them, or a word of either. None
    /// where the text is found as it stands.
    pub fn nearest(&self, names: [&str; 2]) -> Option<Near> {
        if names.iter().any(|name| self.needle.is_in(&textkey::search_key(name))) {
            return None;
        }
        let words = names.iter().flat_map(|name| name.split(is_between_words));
        let texts = names.iter().copied().chain(words);
        let near = texts.filter_map(|text| Some((self.distance(text)?, text)));
        // The first of those that are equally near: rather a whole name than a word of it.
        let (distance, text) = near.min_by_key(|(distance, _)| *distance)?;
        Some(Near { distance, text: text.to_owned() })
    }

    /// How many typos away a text is, if they are forgiven.
    fn distance(&self, text: &str) -> Option<usize> {
        let folded = textkey::search_key(text);
        let length = folded.chars().take(LONGEST + 3).count();
        if length < SHORTEST || length.abs_diff(self.chars.len()) > self.forgiven() {
            return None;
        }
        let distance = strsim::osa_distance(self.needle.as_str(), &folded);
        (distance <= self.forgiven()).then_some(distance)
    }
}

fn is_between_words(c: char) -> bool {
    c.is_whitespace() || matches!(c, '_' | '-' | '.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mistyped(text: &str) -> Mistyped {
        Mistyped::new(text).unwrap_or_else(|| panic!("{text:?} is neither short nor long"))
    }

    fn meant(text: &str, user_id: &str, nickname: &str) -> Option<(usize, String)> {
        mistyped(text).nearest([user_id, nickname]).map(|near| (near.distance, near.text))
    }

    fn left(pieces: &[Vec<Needle>]) -> Vec<String> {
        let joined = |pieces: &Vec<Needle>| pieces.iter().map(Needle::as_str).collect::<Vec<_>>().join("…");
        pieces.iter().map(joined).collect()
    }

    #[test]
    fn short_and_long_texts_say_nothing() {
        assert!(Mistyped::new("").is_none() && Mistyped::new(" ab ").is_none());
        assert!(Mistyped::new(&"x".repeat(32)).is_some() && Mistyped::new(&"x".repeat(33)).is_none());
    }

    #[test]
    fn pieces_leave_out_where_the_typo_may_be() {
        let short = mistyped("赵明远");
        assert_eq!(left(&short.around_one()), ["明远", "赵…远", "赵明"]);
        assert!(short.around_two().is_empty());
        let long = mistyped("MingYuan");
        assert_eq!(left(&long.around_one()), ["ngyuan", "mi…uan", "mingy"]);
        assert_eq!(left(&long.around_two()), ["mi", "ngy", "uan"]);
        assert_eq!((short.beginning(), long.beginning()), ("赵明".to_owned(), "mingyu".to_owned()));
    }

    #[test]
    fn variants_are_all_that_one_typo_makes() {
        let found = mistyped("ming").variants();
        for variant in ["ing", "mig", "imng", "mign", "minx", "mi_ng", "ming9", "nming"] {
            assert!(found.iter().any(|text| text == variant), "{variant}");
        }
        assert!(!found.contains(&"ming".to_owned()) && !found.contains(&"gnim".to_owned()));
        assert!(found.iter().all(|text| strsim::osa_distance(text, "ming") == 1));
        assert!(mistyped(&"abcd".repeat(8)).variants().len() < 3_000);
    }

    #[test]
    fn names_and_their_words_are_near() {
        assert_eq!(meant("mnig", "Ming", ""), Some((1, "Ming".to_owned())));
        assert_eq!(meant("elodei", "u1", "Anne Élodie"), Some((1, "Élodie".to_owned())));
        assert_eq!(meant("yaun", "ming_yuan.2", ""), Some((1, "yuan".to_owned())));
        assert_eq!(meant("anne elodei", "u1", "Anne Élodie"), Some((1, "Anne Élodie".to_owned())));
        assert_eq!(meant("赵明媛", "u1", "赵明远"), Some((1, "赵明远".to_owned())));
    }

    #[test]
    fn two_typos_are_too_many_for_a_short_text() {
        assert_eq!(meant("mimmg", "ming", ""), None);
        assert_eq!(meant("mimgyuen", "mingyuan", ""), Some((2, "mingyuan".to_owned())));
        assert_eq!(meant("nimgyuen", "mingyuan", ""), None);
    }

    #[test]
    fn what_is_found_as_it_stands_was_not_mistyped() {
        assert_eq!(meant("ming", "mingo", "Ming"), None);
    }
}
