//! Where a search text stands in a name, and the letters of a missing photo. The store folds more than this
//! does (accents, width): a hit that only folding explains is listed, but not marked.

/// A part of a text, and whether it is what was searched for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The part.
    pub text: String,
    /// Whether it matches.
    pub hit: bool,
}

/// Cuts `text` at the matches of `needle`, without regard to case.
pub fn pieces(text: &str, needle: &str) -> Vec<Piece> {
    let needle: Vec<char> = needle.trim().chars().flat_map(char::to_lowercase).collect();
    // Lower case can be longer than the letter it comes from (İ): each carries the place of its letter.
    let folded: Vec<(usize, usize, char)> = text
        .char_indices()
        .flat_map(|(at, c)| c.to_lowercase().map(move |low| (at, at + c.len_utf8(), low)))
        .collect();
    let mut out = Vec::new();
    let (mut shown, mut i) = (0, 0);
    while !needle.is_empty() && i + needle.len() <= folded.len() {
        let window = &folded[i..i + needle.len()];
        let whole = i == 0 || folded[i - 1].0 != window[0].0;
        if whole && window.iter().map(|(_, _, c)| c).eq(needle.iter()) {
            let (start, end) = (window[0].0, window[needle.len() - 1].1);
            push(&mut out, &text[shown..start], false);
            push(&mut out, &text[start..end], true);
            shown = end;
            i += needle.len();
        } else {
            i += 1;
        }
    }
    push(&mut out, text.get(shown..).unwrap_or_default(), false);
    out
}

fn push(out: &mut Vec<Piece>, text: &str, hit: bool) {
    if !text.is_empty() {
        out.push(Piece { text: text.to_owned(), hit });
    }
}

/// The letters that stand for a missing photo: two of a cased script, one of any other.
pub fn initials(nickname: &str, user_id: &str) -> String {
    let letters =
        |text: &str| -> Vec<char> { text.chars().filter(|c| c.is_alphanumeric()).take(2).collect() };
    let mut found = letters(nickname);
    if found.is_empty() {
        found = letters(user_id);
    }
    let cased = |c: &char| c.is_lowercase() || c.is_uppercase() || c.is_ascii_digit();
    if !found.iter().all(cased) {
        found.truncate(1);
    }
    found.into_iter().flat_map(char::to_uppercase).collect()
}

/// One of seven colours, always the same for one username.
pub fn face_class(user_id: &str) -> &'static str {
    const CLASSES: [&str; 7] = [
        "face face-1",
        "face face-2",
        "face face-3",
        "face face-4",
        "face face-5",
        "face face-6",
        "face face-7",
    ];
    let hash = user_id.bytes().fold(0x811c_9dc5_u32, |h, b| (h ^ u32::from(b)).wrapping_mul(0x0100_0193));
    CLASSES[(hash % 7) as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(text: &str, needle: &str) -> String {
        pieces(text, needle)
            .into_iter()
            .map(|p| if p.hit { format!("[{}]", p.text) } else { p.text })
            .collect()
    }

    #[test]
    fn matches_are_found_in_any_case_and_script() {
        assert_eq!(marked("赵明远明", "明"), "赵[明]远[明]");
        assert_eq!(marked("Élodie", "éL"), "[Él]odie");
        assert_eq!(marked("aaaa", "aa"), "[aa][aa]");
        assert_eq!(marked("ming", ""), "ming");
        assert_eq!(marked("", "x"), "");
        assert_eq!(marked("<b>", "B"), "<[b]>");
    }

    #[test]
    fn a_letter_that_grows_in_lower_case_is_never_cut() {
        assert_eq!(marked("İx", "i"), "İx".replacen('İ', "[İ]", 1));
        assert_eq!(marked("xİ", "\u{307}"), "xİ");
    }

    #[test]
    fn initials_fit_the_script() {
        assert_eq!(initials("Élodie Brun", "e"), "ÉL");
        assert_eq!(initials("赵明远", "ming"), "赵");
        assert_eq!(initials("🌅", "ops-bot"), "OP");
        assert_eq!(initials("", "a"), "A");
        assert_eq!(initials("", "@@"), "");
    }

    #[test]
    fn a_username_keeps_its_colour() {
        assert_eq!(face_class("ming"), face_class("ming"));
        assert!(face_class("").starts_with("face face-"));
    }
}
