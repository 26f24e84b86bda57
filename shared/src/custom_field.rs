//! Custom profile fields: which an application defines, and the rules of their names and values. What an account has in
//! them is [`crate::account::Account::custom`].

use crate::{
    error::{FieldError, codes},
    profile::TEXT_MAX,
    validate,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{collections::BTreeMap, fmt, str::FromStr};

/// The most custom fields of an application (chat-api, section 3).
pub const CUSTOM_FIELDS_MAX: usize = 20;
/// The longest name, in letters (chat-api, section 3).
pub const FIELD_NAME_MAX: usize = 8;

/// The name of a custom field: 1 to 8 ASCII letters, kept as written. The server API calls the field
/// `Tag_Profile_Custom_{name}`.
///
/// ```
/// # use rollcall_shared::custom_field::FieldName;
/// let name: FieldName = "Hobby".parse().unwrap();
/// assert_eq!(name.as_str(), "Hobby");
/// assert!("Hobbies12".parse::<FieldName>().is_err());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldName([u8; FIELD_NAME_MAX]);

/// The text is no name of a custom field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoFieldName;

impl FieldName {
    /// The name as it was written.
    pub fn as_str(&self) -> &str {
        let length = self.0.iter().position(|byte| *byte == 0).unwrap_or(FIELD_NAME_MAX);
        // Letters only, so this never fails.
        std::str::from_utf8(self.0.get(..length).unwrap_or_default()).unwrap_or_default()
    }
}

impl FromStr for FieldName {
    type Err = NoFieldName;

    fn from_str(text: &str) -> Result<Self, NoFieldName> {
        let mut name = [0; FIELD_NAME_MAX];
        let letters = text.bytes().all(|byte| byte.is_ascii_alphabetic());
        let place = name.get_mut(..text.len()).filter(|place| !place.is_empty() && letters);
        place.ok_or(NoFieldName)?.copy_from_slice(text.as_bytes());
        Ok(Self(name))
    }
}

impl fmt::Display for FieldName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for FieldName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl fmt::Display for NoFieldName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a custom field's name is 1 to 8 letters from A to Z")
    }
}

impl Serialize for FieldName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for FieldName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// A custom field as an application defines it. Operators and programs on REST v1 always read and write it; the
/// rights bind what programs do through the server API.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CustomField {
    /// 1 to 8 ASCII letters. Never changed or removed once it is made.
    pub name: String,
    /// Whether the server API reads it; otherwise it answers 40007.
    pub readable: bool,
    /// Whether the server API writes it; otherwise it answers 40008.
    pub writable: bool,
}

impl CustomField {
    /// The field's name, if it is one: always, for a field that is stored.
    pub fn field_name(&self) -> Option<FieldName> {
        self.name.parse().ok()
    }
}

/// Everything that is wrong with custom fields that take the place of `old`: names, repeats (without regard to case,
/// because files and people do not tell them apart), more than 20, and fields that are missing.
pub fn definition_errors(old: &[CustomField], new: &[CustomField]) -> Vec<FieldError> {
    if new.len() > CUSTOM_FIELDS_MAX {
        return vec![too_many("custom_fields", new.len())];
    }
    let mut errors: Vec<FieldError> = new
        .iter()
        .enumerate()
        .filter_map(|(place, field)| {
            let path = format!("custom_fields[{place}].name");
            let before = new.get(..place).unwrap_or_default();
            name(&path, &field.name).or_else(|| {
                let taken = before.iter().any(|other| other.name.eq_ignore_ascii_case(&field.name));
                taken.then(|| FieldError::new(&path, codes::TAKEN, "There is a field of this name already."))
            })
        })
        .collect();
    let gone = old.iter().find(|field| !new.iter().any(|other| other.name == field.name));
    errors.extend(gone.map(|field| {
        let message = format!("The field {} stays: accounts may have something in it.", field.name);
        FieldError::new("custom_fields", codes::INVALID, message)
    }));
    errors
}

/// More than an application can have.
fn too_many(field: &str, actual: usize) -> FieldError {
    let message = format!("An application has at most {CUSTOM_FIELDS_MAX} custom fields.");
    FieldError::new(field, codes::TOO_LONG, message).with("max", CUSTOM_FIELDS_MAX).with("actual", actual)
}

/// The rule of a name that is typed.
pub fn name(field: &str, value: &str) -> Option<FieldError> {
    if value.is_empty() {
        return Some(FieldError::new(field, codes::REQUIRED, "Enter a name."));
    }
    value.parse::<FieldName>().is_err().then(|| {
        let message = format!("Use 1 to {FIELD_NAME_MAX} letters from A to Z.");
        FieldError::new(field, codes::INVALID, message).with("max", FIELD_NAME_MAX)
    })
}

/// The path of a custom field in an account's JSON, as errors name it and as files call the column.
pub fn path(name: impl fmt::Display) -> String {
    format!("{PREFIX}{name}")
}

/// What [`path`] puts in front.
pub const PREFIX: &str = "custom.";

/// Everything that is wrong with these values, whatever the application defines. `None` empties a field.
pub fn value_errors<'a>(
    values: impl IntoIterator<Item = (&'a str, Option<&'a str>), IntoIter: ExactSizeIterator>,
) -> Vec<FieldError> {
    let values = values.into_iter();
    if values.len() > CUSTOM_FIELDS_MAX {
        return vec![too_many("custom", values.len())];
    }
    let rule = |(field, value): (&str, Option<&str>)| {
        validate::text(&path(field), value.unwrap_or_default(), TEXT_MAX)
    };
    values.filter_map(rule).collect()
}

/// An application does not define this custom field.
pub fn undefined(field: &str) -> FieldError {
    // Whatever someone wrote: no longer than a name needs to be to see what it is.
    let shown: String = field.chars().take(FIELD_NAME_MAX * 4).collect();
    let message = format!("The application has no custom field {shown}. Add it in the settings first.");
    FieldError::new(&path(&shown), codes::UNKNOWN_FIELD, message)
}

/// Puts values into an account's custom fields. An empty text is as good as none.
pub fn put(into: &mut BTreeMap<String, String>, field: &str, value: Option<&str>) {
    match value.filter(|value| !value.is_empty()) {
        Some(value) => drop(into.insert(field.to_owned(), value.to_owned())),
        None => drop(into.remove(field)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(name: &str) -> CustomField {
        CustomField { name: name.to_owned(), readable: true, writable: false }
    }

    fn broken(old: &[CustomField], new: &[CustomField]) -> Vec<(String, String)> {
        definition_errors(old, new).into_iter().map(|error| (error.field, error.code)).collect()
    }

    #[test]
    fn names_are_one_to_eight_letters() {
        for good in ["a", "Hobby", "ABCDEFGH"] {
            let name: FieldName = good.parse().unwrap();
            assert_eq!(name.as_str(), good);
            assert_eq!(serde_json::from_value::<FieldName>(serde_json::json!(good)).unwrap(), name);
        }
        for bad in ["", "ABCDEFGHI", "a1", "é", "a b", "a\0"] {
            assert_eq!(bad.parse::<FieldName>(), Err(NoFieldName), "{bad:?}");
        }
    }

    #[test]
    fn fields_are_added_and_never_removed() {
        let old = [field("Hobby")];
        assert!(broken(&old, &[field("Team"), field("Hobby")]).is_empty());
        assert_eq!(broken(&old, &[field("Team")]), [("custom_fields".into(), "invalid".into())]);
        assert_eq!(
            broken(&old, &[field("Hobby"), field("hobby"), field(""), field("x1")]),
            [
                ("custom_fields[1].name".into(), "taken".into()),
                ("custom_fields[2].name".into(), "required".into()),
                ("custom_fields[3].name".into(), "invalid".into()),
            ]
        );
        let names = (b'A'..=b'U').map(|letter| field(&char::from(letter).to_string()));
        let many: Vec<CustomField> = names.collect();
        assert_eq!(many.len(), 21);
        assert_eq!(broken(&[], &many), [("custom_fields".into(), "too_long".into())]);
        assert!(broken(&[], &many[..20]).is_empty());
    }

    #[test]
    fn values_are_texts_of_500_bytes() {
        assert!(value_errors([("Hobby", Some("x".repeat(500).as_str())), ("Team", None)]).is_empty());
        let errors = value_errors([("Hobby", Some("x".repeat(501).as_str())), ("Team", Some("a\0"))]);
        assert_eq!(
            errors.iter().map(|e| e.field.as_str()).collect::<Vec<_>>(),
            ["custom.Hobby", "custom.Team"]
        );
    }
}
