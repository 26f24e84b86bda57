//! Texts with their keys, spelled out: the contract of [`FOLD_VERSION`](crate::FOLD_VERSION) 1. Another
//! implementation can be held against this table; when one of its keys changes, the version must grow.

/// A text and its keys.
#[derive(Clone, Copy, Debug)]
pub struct Vector {
    /// The text.
    pub text: &'static str,
    /// Its [`sort_key`](crate::sort_key).
    pub sort: &'static str,
    /// Its [`search_key`](crate::search_key).
    pub search: &'static str,
}

/// The table.
pub const VECTORS: &[Vector] = &[
    vector("", "", ""),
    vector("Ming", "ming", "ming"),
    vector("赵明远", "赵明远", "赵明远"),
    vector("Élodie", "élodie", "elodie"),
    vector("E\u{301}lodie", "élodie", "elodie"),
    vector("Straße", "strasse", "strasse"),
    vector("STRAẞE", "strasse", "strasse"),
    vector("İstanbul", "i\u{307}stanbul", "istanbul"),
    vector("ısparta", "ısparta", "ısparta"),
    vector("ΟΔΥΣΣΕΎΣ", "οδυσσεύσ", "οδυσσευσ"),
    vector("ᾳ", "αι", "α"),
    vector("ＡＢＣ１２３", "abc123", "abc123"),
    vector("ｶﾞｷﾞ", "ガギ", "カ\u{3099}キ\u{3099}"),
    vector("ﬁn ② ㎏", "fin 2 kg", "fin 2 kg"),
    vector("한국", "한국", "\u{1112}\u{1161}\u{11ab}\u{1100}\u{116e}\u{11a8}"),
    vector("محمّد", "محم\u{651}د", "محم\u{651}د"),
    vector("ﷺ", "صلى الله عليه وسلم", "صلى الله عليه وسلم"),
    vector("👩\u{200d}🚀 Ada", "👩\u{200d}🚀 ada", "👩\u{200d}🚀 ada"),
    vector("Ǆ", "dž", "dz"),
    vector("a\u{a0}b", "a b", "a b"),
    vector("Ꭰꭰ", "ᎠᎠ", "ᎠᎠ"),
];

const fn vector(text: &'static str, sort: &'static str, search: &'static str) -> Vector {
    Vector { text, sort, search }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{search_key, sort_key};

    #[test]
    fn every_vector_holds() {
        for Vector { text, sort, search } in VECTORS {
            assert_eq!(sort_key(text), *sort, "sort key of {text:?}");
            assert_eq!(search_key(text), *search, "search key of {text:?}");
        }
    }
}
