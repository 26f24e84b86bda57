//! The languages that the picker offers. The account stores a number that nobody has published a list for, so
//! these numbers are Rollcall's own; any other number is shown and kept as it is.

/// A number and its language. A number never changes its meaning.
pub const LANGUAGES: &[(u32, &str)] = &[
    (0, "Not set"),
    (1, "English"),
    (2, "Chinese (Simplified)"),
    (3, "Chinese (Traditional)"),
    (4, "Japanese"),
    (5, "Korean"),
    (6, "Thai"),
    (7, "Vietnamese"),
    (8, "Indonesian"),
    (9, "Arabic"),
    (10, "Hindi"),
    (11, "Spanish"),
    (12, "Portuguese"),
    (13, "French"),
    (14, "German"),
    (15, "Russian"),
    (16, "Turkish"),
];

/// How a stored number is shown.
pub fn name(number: u32) -> String {
    LANGUAGES
        .iter()
        .find(|(n, _)| *n == number)
        .map_or_else(|| format!("Language {number}"), |(_, l)| (*l).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_their_own_and_others_are_kept_by_number() {
        assert!(LANGUAGES.iter().enumerate().all(|(i, (n, _))| i == *n as usize));
        assert_eq!(name(2), "Chinese (Simplified)");
        assert_eq!(name(17), "Language 17");
        assert_eq!(name(u32::MAX), "Language 4294967295");
    }
}
