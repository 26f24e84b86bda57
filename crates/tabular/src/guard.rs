//! The formula guard: text that a spreadsheet would run is marked so that it stays text, and the mark can be
//! taken away again without loss.

use std::borrow::Cow;

/// What makes a spreadsheet take a cell for a formula. The full-width forms count for East Asian versions.
const TRIGGERS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// The mark: spreadsheets show what follows it as text.
const MARK: char = '\'';

/// What a CSV writer does with text that a spreadsheet would run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Guard {
    /// Marks it, so that opening the file is safe.
    #[default]
    Formulas,
    /// Leaves it as it is, for programs that read the file.
    Exact,
}

/// Whether a spreadsheet would take `text` for a formula, or [`unguard`] would take it for a marked one.
///
/// ```
/// # use tabular::is_risky;
/// assert!(is_risky("@SUM(A1)") && is_risky("-ming") && is_risky("'=1"));
/// assert!(!is_risky("ming") && !is_risky("'tis") && !is_risky(" =1") && !is_risky(""));
/// ```
pub fn is_risky(text: &str) -> bool {
    text.trim_start_matches(MARK).starts_with(TRIGGERS)
}

/// The text with a mark in front of it if it needs one.
///
/// ```
/// # use tabular::guard;
/// assert_eq!(guard("=1+1"), "'=1+1");
/// assert_eq!(guard("'=1+1"), "''=1+1");
/// assert_eq!(guard("ming"), "ming");
/// ```
pub fn guard(text: &str) -> Cow<'_, str> {
    if is_risky(text) { Cow::Owned(format!("{MARK}{text}")) } else { Cow::Borrowed(text) }
}

/// The text that [`guard`] was given: the exact inverse, for every text.
///
/// ```
/// # use tabular::unguard;
/// assert_eq!(unguard("'=1+1"), "=1+1");
/// assert_eq!(unguard("'tis"), "'tis");
/// ```
pub fn unguard(text: &str) -> &str {
    match text.strip_prefix(MARK) {
        Some(rest) if is_risky(rest) => rest,
        _ => text,
    }
}
