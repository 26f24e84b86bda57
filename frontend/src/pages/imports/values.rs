//! What a field of a review is called and what its values mean to people.

use crate::{
    forms::{birth_date, draft::Field},
    text::{accounts, imports as t},
};
use rollcall_shared::{import::FieldChange, job::AnyColumn};
use std::borrow::Cow;

/// The longest text that a table shows of a cell; the file has it whole.
const SHOWN_MAX: usize = 200;

/// What the field is called.
pub fn label(field: &str) -> Cow<'static, str> {
    field.parse::<AnyColumn>().map_or_else(|_| Cow::Owned(field.to_owned()), accounts::column)
}

/// Before and after, as people read them. Where that is the same, what is stored.
pub fn difference(change: &FieldChange) -> (String, String) {
    let (before, after) = (readable(&change.field, &change.before), readable(&change.field, &change.after));
    if before == after { (shown(&change.before), shown(&change.after)) } else { (before, after) }
}

/// A value, as people read it.
pub fn readable(field: &str, text: &str) -> String {
    let own = Field::OWN.into_iter().find(|own| own.name() == field);
    match own {
        _ if text.is_empty() => t::NOTHING.to_owned(),
        Some(Field::BirthDate) if text == "0" => t::NOTHING.to_owned(),
        Some(Field::BirthDate) => {
            text.parse().ok().and_then(birth_date::to_text).unwrap_or_else(|| shown(text))
        }
        Some(own) => shown(&accounts::readable(own, text)),
        None if field == "type" => {
            text.parse().map_or_else(|_| shown(text), |of| accounts::account_type(of).to_owned())
        }
        None => shown(text),
    }
}

/// The text, cut where it is too long for a table.
pub fn shown(text: &str) -> String {
    match text.char_indices().nth(SHOWN_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use rollcall_shared::{
        import::{Import, ImportState, PART_BYTES, Preview, Reading, guess},
        time::Timestamp,
    };

    /// An import whose file has these columns, each with its guess.
    pub fn import(columns: &[&str]) -> Import {
        let columns: Vec<String> = columns.iter().map(|name| (*name).to_owned()).collect();
        let preview = Preview { mapping: guess(&columns, &[]), columns, ..Preview::default() };
        Import {
            id: "i".to_owned(),
            state: ImportState::Uploaded,
            file_name: "a.csv".to_owned(),
            bytes: 1,
            received: 1,
            part_bytes: PART_BYTES,
            created_at: Timestamp::default(),
            created_by: String::new(),
            expires_at: Timestamp::default(),
            reading: Reading::default(),
            preview: Some(preview),
            problem: None,
            settings: None,
            review: None,
            applied: None,
            undone: None,
            job: None,
        }
    }

    fn change(field: &str, before: &str, after: &str) -> (String, String) {
        let text = str::to_owned;
        difference(&FieldChange { field: text(field), before: text(before), after: text(after) })
    }

    #[test]
    fn values_are_what_people_call_them() {
        assert_eq!(change("gender", "unknown", "female"), ("Not stated".to_owned(), "Female".to_owned()));
        assert_eq!(change("birth_date", "0", "19880514"), ("nothing".to_owned(), "1988-05-14".to_owned()));
        assert_eq!(change("custom.Hobby", "", "chess"), ("nothing".to_owned(), "chess".to_owned()));
        assert_eq!(readable("type", "admin"), "Admin");
        assert_eq!(label("custom.Hobby"), "Hobby");
        assert_eq!(label("whats_up"), "What's Up");
    }

    #[test]
    fn values_that_mean_the_same_are_told_apart() {
        assert_eq!(change("message_settings", "1", "3"), ("1".to_owned(), "3".to_owned()));
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        assert_eq!(shown(&"明".repeat(201)), format!("{}…", "明".repeat(200)));
        assert_eq!(shown("short"), "short");
    }
}
