//! Text as keys: one folding to sort by, one to search by, and the grams that make every substring findable.
//!
//! Everything is a pure function of its argument and of [`FOLD_VERSION`]. A program that stores keys stores the
//! version with them, and computes them anew when it changes. Databases then compare bytes: no collation, no
//! `LOWER`, no difference between engines.
//!
//! | what | made by | holds |
//! |---|---|---|
//! | sort key | [`sort_key`] | NFKC and full case folding, at most [`SORT_KEY_MAX`] bytes |
//! | search key | [`search_key`] | NFKD without the marks U+0300–036F, full case folding, at most [`SEARCH_KEY_MAX`] bytes |
//! | grams | [`grams`] | every character of a search key and every adjacent pair |
//! | needle | [`Needle`] | a search text, folded once, with the grams that a match must have |
//!
//! [`contains`] is the rule of what a match is; every index must agree with it.
//!
//! ```
//! use textkey::{Needle, contains, grams, search_key};
//!
//! assert!(contains("Élodie 明远", "ELODIE"));
//! assert!(contains("Élodie 明远", "明"));
//!
//! // An index keeps the grams of a field; a field that matches has all the grams of the needle.
//! let field = search_key("Élodie 明远");
//! let needle = Needle::new("e 明");
//! assert!(needle.grams(8).is_subset(&grams(&field)));
//! assert!(needle.is_in(&field));
//! ```

mod gram;
mod needle;
pub mod vectors;

pub use gram::{Gram, grams};
pub use needle::{Needle, contains};

use caseless::Caseless;
use unicode_normalization::UnicodeNormalization;

/// The version of both foldings. It grows whenever any key of any text changes, be it through this crate or
/// through newer Unicode tables; the [`vectors`] are there to notice.
pub const FOLD_VERSION: u32 = 1;

/// The most bytes of a sort key. NFKC makes text up to eleven times longer, and databases bound the size of what
/// they index (PostgreSQL: about 2,700 bytes for a whole entry).
pub const SORT_KEY_MAX: usize = 256;

/// The most bytes of a search key, so that an entry of an index holds one beside a sort key. 500 bytes of any script stay
/// below it; only signs that stand for whole words reach it, when there are more than sixty of them.
pub const SEARCH_KEY_MAX: usize = 2_048;

/// The key that text is sorted by: equal for texts that differ in case, width or composition only.
///
/// It is cut at [`SORT_KEY_MAX`] bytes, so different texts can share a key: sort by something unique after it.
///
/// ```
/// assert_eq!(textkey::sort_key("ＡＢＣ Straße"), "abc strasse");
/// assert_eq!(textkey::sort_key("e\u{301}"), textkey::sort_key("É"));
/// ```
pub fn sort_key(text: &str) -> String {
    cut(folded(text.chars()).nfc().collect(), SORT_KEY_MAX)
}

/// The key that text is searched in: like [`sort_key`], but accents do not count. It is cut at [`SEARCH_KEY_MAX`] bytes.
///
/// The key stays decomposed. So the key of a piece of text is a piece of the text's key wherever the piece ends
/// before a character that is no combining mark: what was found while typing stays found, and one syllable of
/// Hangul finds the syllables that begin with it.
///
/// ```
/// assert_eq!(textkey::search_key("Élodie"), "elodie");
/// assert_eq!(textkey::search_key("İSTANBUL"), "istanbul");
/// ```
pub fn search_key(text: &str) -> String {
    let key = folded(text.chars().nfkd().filter(|c| !is_mark(*c))).filter(|c| !is_mark(*c));
    cut(key.collect(), SEARCH_KEY_MAX)
}

/// The key as far as whole characters fit.
fn cut(mut key: String, most: usize) -> String {
    key.truncate(key.floor_char_boundary(most));
    key
}

/// Compatibility caseless matching of the Unicode Standard (definition D146): folding can bring up characters
/// that decompose, and decomposing can bring up characters that fold, so both are done twice.
fn folded(chars: impl Iterator<Item = char>) -> impl Iterator<Item = char> {
    chars.nfkd().default_case_fold().nfkd().default_case_fold().nfkd()
}

/// Whether the character is one of the accents that a search looks past.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Text with more of what is awkward than chance would bring.
    pub(crate) fn text() -> impl Strategy<Value = String> {
        let awkward = prop::sample::select(vec![
            "İ",
            "ß",
            "ẞ",
            "é",
            "e\u{301}",
            "\u{323}",
            "ﷺ",
            "한",
            "하",
            "が",
            "か\u{3099}",
            "ﬁ",
            "Σ",
            "ς",
            "ǰ",
            "ŉ",
            "ᾳ",
            "👩\u{200d}🚀",
            "明",
            "Ａ",
            " ",
            "\u{345}",
            "شَّ",
            "שׁ",
        ]);
        let part = prop_oneof![
            awkward.prop_map(str::to_owned),
            any::<char>().prop_map(String::from),
            "[a-zA-Z0-9_]{1,4}"
        ];
        prop::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in text()) {
            prop_assert_eq!(search_key(&search_key(&text)), search_key(&text));
            prop_assert_eq!(sort_key(&sort_key(&text)), sort_key(&text));
        }

        #[test]
        fn composition_does_not_matter(text in text()) {
            let (nfc, nfd): (String, String) = (text.nfc().collect(), text.nfd().collect());
            prop_assert_eq!(search_key(&nfc), search_key(&nfd));
            prop_assert_eq!(sort_key(&nfc), sort_key(&nfd));
        }

        #[test]
        fn keys_are_short(text in text(), times in 1_usize..60) {
            prop_assert!(sort_key(&text.repeat(times)).len() <= SORT_KEY_MAX);
            prop_assert!(search_key(&text.repeat(times)).len() <= SEARCH_KEY_MAX);
        }

        #[test]
        fn a_piece_is_found_in_the_whole(before in text(), piece in text(), after in text()) {
            // Neither the piece nor what follows begins with a mark that would go under the character before.
            let whole = format!("{before}x{piece}x{after}");
            prop_assert!(contains(&whole, &piece), "{piece:?} in {whole:?}");
        }
    }
}
