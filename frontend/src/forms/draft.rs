//! What an operator has typed over an account: one text per field, and the patch that says only what differs.
//! Pure; the controls are in [`super::fields`], the comparison with someone else's change in [`super::conflict`].

use super::birth_date;
use rollcall_shared::{
    account::{Account, AccountPatch, CustomPatch, Patch},
    custom_field::{self, FieldName},
    error::{FieldError, codes},
    validate,
};
use std::{borrow::Cow, collections::BTreeMap};

/// The fields that can be edited, in the order of the dialog.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// Nickname.
    Nickname,
    /// Gender.
    Gender,
    /// Birth Date.
    BirthDate,
    /// Location.
    Location,
    /// What's Up.
    WhatsUp,
    /// Friend Request Verification.
    FriendVerification,
    /// Language.
    Language,
    /// Profile Photo.
    PhotoUrl,
    /// Message settings.
    MessageSettings,
    /// Friending.
    Friending,
    /// Level.
    Level,
    /// Role.
    Role,
    /// A field that the application defines.
    Custom(FieldName),
}

impl Field {
    /// The fields of every account.
    pub const OWN: [Self; 12] = [
        Self::Nickname,
        Self::Gender,
        Self::BirthDate,
        Self::Location,
        Self::WhatsUp,
        Self::FriendVerification,
        Self::Language,
        Self::PhotoUrl,
        Self::MessageSettings,
        Self::Friending,
        Self::Level,
        Self::Role,
    ];

    /// The field's name in the API.
    pub fn name(self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Custom(name) => return Cow::Owned(custom_field::path(name)),
            Self::Nickname => "nickname",
            Self::Gender => "gender",
            Self::BirthDate => "birth_date",
            Self::Location => "location",
            Self::WhatsUp => "whats_up",
            Self::FriendVerification => "friend_verification",
            Self::Language => "language",
            Self::PhotoUrl => "photo_url",
            Self::MessageSettings => "message_settings",
            Self::Friending => "friending",
            Self::Level => "level",
            Self::Role => "role",
        })
    }

    /// The name of a custom field.
    pub const fn custom(self) -> Option<FieldName> {
        match self {
            Self::Custom(name) => Some(name),
            _ => None,
        }
    }

    /// The text of the field's control for an account.
    pub fn text_of(self, account: &Account) -> String {
        match self {
            Self::Nickname => account.nickname.clone(),
            Self::Gender => account.gender.to_string(),
            Self::BirthDate => match account.birth_date {
                0 => String::new(),
                odd => birth_date::to_text(odd).unwrap_or_else(|| odd.to_string()),
            },
            Self::Location => account.location.clone(),
            Self::WhatsUp => account.whats_up.clone(),
            Self::FriendVerification => account.friend_verification.to_string(),
            Self::Language => account.language.to_string(),
            Self::PhotoUrl => account.photo_url.clone(),
            // The other bits mean nothing to this console and stay as they are.
            Self::MessageSettings => (account.message_settings & 1).to_string(),
            Self::Friending => account.friending.to_string(),
            Self::Level => account.level.to_string(),
            Self::Role => account.role.to_string(),
            Self::Custom(name) => account.custom.get(name.as_str()).cloned().unwrap_or_default(),
        }
    }
}

/// An account with what was typed over it.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// The account as it was read.
    pub base: Account,
    texts: BTreeMap<Field, String>,
}

impl Draft {
    /// A draft that changes nothing, of the fields of every account and these.
    pub fn new(base: Account, custom: &[FieldName]) -> Self {
        let fields = Field::OWN.into_iter().chain(custom.iter().copied().map(Field::Custom));
        let texts = fields.map(|field| (field, field.text_of(&base))).collect();
        Self { base, texts }
    }

    /// A draft of the same fields that changes nothing of another state.
    pub fn over(&self, base: Account) -> Self {
        let texts = self.fields().map(|field| (field, field.text_of(&base))).collect();
        Self { base, texts }
    }

    /// Its fields, in the order of the dialog; custom ones by name.
    pub fn fields(&self) -> impl Iterator<Item = Field> {
        self.texts.keys().copied()
    }

    /// What the field's control shows.
    pub fn text(&self, field: Field) -> &str {
        self.texts.get(&field).map(String::as_str).unwrap_or_default()
    }

    /// Types into a field.
    pub fn set(&mut self, field: Field, text: String) {
        self.texts.insert(field, text);
    }

    /// Whether the field differs from what was read.
    pub fn touched(&self, field: Field) -> bool {
        self.text(field) != field.text_of(&self.base)
    }

    /// The fields that differ.
    pub fn changes(&self) -> Vec<Field> {
        self.fields().filter(|f| self.touched(*f)).collect()
    }

    /// What is wrong with a field. An untouched one is never wrong, whatever an import brought.
    pub fn error(&self, field: Field) -> Option<FieldError> {
        let mut patch = AccountPatch::default();
        if !self.touched(field) {
            return None;
        }
        self.write(field, &mut patch).or_else(|| validate::patch(&patch).into_iter().next())
    }

    /// What is wrong, in the order of the fields.
    pub fn errors(&self) -> Vec<FieldError> {
        self.fields().filter_map(|f| self.error(f)).collect()
    }

    /// The change to send: only touched fields.
    ///
    /// # Errors
    /// What is wrong with the draft.
    pub fn patch(&self) -> Result<AccountPatch, Vec<FieldError>> {
        let errors = self.errors();
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(self.patch_of(&self.changes()))
    }

    /// What is wrong with the texts of these fields, whether or not they differ.
    pub fn errors_of(&self, fields: &[Field]) -> Vec<FieldError> {
        let error = |field: &Field| {
            let mut patch = AccountPatch::default();
            self.write(*field, &mut patch).or_else(|| validate::patch(&patch).into_iter().next())
        };
        fields.iter().filter_map(error).collect()
    }

    /// The patch that sets these fields to the draft's texts.
    pub fn patch_of(&self, fields: &[Field]) -> AccountPatch {
        let mut patch = AccountPatch::default();
        for field in fields {
            self.write(*field, &mut patch);
        }
        patch
    }

    /// Writes a field into a patch, or says why its text is no value.
    fn write(&self, field: Field, patch: &mut AccountPatch) -> Option<FieldError> {
        let text = self.text(field);
        let outcome = match field {
            Field::Nickname => put(&mut patch.nickname, Some(text.to_owned())),
            Field::Location => put(&mut patch.location, Some(text.to_owned())),
            Field::WhatsUp => put(&mut patch.whats_up, Some(text.to_owned())),
            Field::PhotoUrl => put(&mut patch.photo_url, Some(text.to_owned())),
            Field::Gender => put(&mut patch.gender, text.parse().ok()),
            Field::FriendVerification => put(&mut patch.friend_verification, text.parse().ok()),
            Field::Friending => put(&mut patch.friending, text.parse().ok()),
            Field::Language => put(&mut patch.language, text.parse().ok()),
            Field::Level => put(&mut patch.level, number(text)),
            Field::Role => put(&mut patch.role, number(text)),
            Field::BirthDate => put(&mut patch.birth_date, date(text)),
            Field::Custom(name) => {
                let mut values = match std::mem::take(&mut patch.custom) {
                    Patch::Set(values) => values,
                    Patch::Keep | Patch::Reset => CustomPatch::new(),
                };
                values.insert(name.to_string(), Some(text.to_owned()).filter(|text| !text.is_empty()));
                put(&mut patch.custom, Some(values))
            }
            Field::MessageSettings => {
                let others = self.base.message_settings & !1;
                put(&mut patch.message_settings, text.parse::<u32>().ok().map(|bit| others | (bit & 1)))
            }
        };
        match outcome {
            Ok(()) => None,
            Err(()) => Some(not_a_value(field)),
        }
    }
}

/// The patch that brings these fields back to what `account` has, for Undo.
pub fn restore(account: &Account, fields: &[Field]) -> AccountPatch {
    let custom: Vec<FieldName> = fields.iter().filter_map(|field| field.custom()).collect();
    let mut patch = Draft::new(account.clone(), &custom).patch_of(fields);
    // Undo restores the stored number, of which the control shows one bit.
    if !patch.message_settings.is_keep() {
        patch.message_settings = Patch::Set(account.message_settings);
    }
    patch
}

fn put<T>(slot: &mut Patch<T>, value: Option<T>) -> Result<(), ()> {
    *slot = Patch::Set(value.ok_or(())?);
    Ok(())
}

/// A whole number; an emptied field means 0.
fn number(text: &str) -> Option<u32> {
    let text = text.trim();
    if text.is_empty() { Some(0) } else { text.parse().ok() }
}

/// A date, nothing, or a stored number that is no date.
fn date(text: &str) -> Option<u32> {
    if text.is_empty() { Some(0) } else { birth_date::from_text(text).or_else(|| text.parse().ok()) }
}

fn not_a_value(field: Field) -> FieldError {
    let message = match field {
        Field::BirthDate => crate::text::accounts::CHOOSE_A_DATE.to_owned(),
        _ => crate::text::accounts::whole_number(u32::MAX),
    };
    FieldError::new(&field.name(), codes::OUT_OF_RANGE, message).with("min", 0).with("max", u32::MAX)
}

#[cfg(test)]
#[path = "draft_tests.rs"]
mod tests;
