//! The labels of fields, columns and values.

use super::{
    forms::{RECEIVES, RECEIVES_NOT, USERNAME},
    list::TYPE,
};
use crate::forms::{draft::Field, languages};
use rollcall_shared::{
    account::Account,
    job::{AnyColumn, Column},
    profile::{AccountType, FriendVerification, Friending, Gender},
};
use std::borrow::Cow;

/// A field, and its filter.
pub const GENDER: &str = "Gender";
/// A field, and its filter.
pub const FRIEND_VERIFICATION: &str = "Friend Request Verification";
/// A field, and its filter.
pub const FRIENDING: &str = "Friending";

/// A type.
pub const fn account_type(value: AccountType) -> &'static str {
    match value {
        AccountType::General => "General",
        AccountType::Admin => "Admin",
    }
}

/// A gender.
pub const fn gender(value: Gender) -> &'static str {
    match value {
        Gender::Unknown => "Not stated",
        Gender::Female => "Female",
        Gender::Male => "Male",
    }
}

/// A verification mode.
pub const fn friend_verification(value: FriendVerification) -> &'static str {
    match value {
        FriendVerification::NeedConfirm => "Needs confirmation",
        FriendVerification::AllowAny => "Accepts everyone",
        FriendVerification::DenyAny => "Refuses everyone",
    }
}

/// A friending mode.
pub const fn friending(value: Friending) -> &'static str {
    match value {
        Friending::Allowed => "May send friend requests",
        Friending::Forbidden => "May not send friend requests",
    }
}

/// A field's label.
pub fn field(of: Field) -> Cow<'static, str> {
    Cow::Borrowed(match of {
        // One that is called like another field is told apart.
        Field::Custom(name)
            if Field::OWN.iter().any(|own| field(*own).eq_ignore_ascii_case(name.as_str())) =>
        {
            return Cow::Owned(format!("{name} (custom)"));
        }
        Field::Custom(name) => return Cow::Owned(name.to_string()),
        Field::Nickname => "Nickname",
        Field::Gender => GENDER,
        Field::BirthDate => "Birth Date",
        Field::Location => "Location",
        Field::WhatsUp => "What's Up",
        Field::FriendVerification => FRIEND_VERIFICATION,
        Field::Language => "Language",
        Field::PhotoUrl => "Profile Photo",
        Field::MessageSettings => "Message settings",
        Field::Friending => FRIENDING,
        Field::Level => "Level",
        Field::Role => "Role",
    })
}

/// A column's label.
pub fn column(column: AnyColumn) -> Cow<'static, str> {
    match column {
        AnyColumn::Custom(name) => field(Field::Custom(name)),
        AnyColumn::Own(column) => own(column),
    }
}

fn own(column: Column) -> Cow<'static, str> {
    match column {
        Column::UserId => USERNAME.into(),
        Column::Type => TYPE.into(),
        Column::CreatedAt => "Creation time".into(),
        Column::UpdatedAt => "Last change".into(),
        Column::Nickname => field(Field::Nickname),
        Column::PhotoUrl => field(Field::PhotoUrl),
        Column::Gender => field(Field::Gender),
        Column::BirthDate => field(Field::BirthDate),
        Column::Location => field(Field::Location),
        Column::WhatsUp => field(Field::WhatsUp),
        Column::FriendVerification => field(Field::FriendVerification),
        Column::Language => field(Field::Language),
        Column::MessageSettings => field(Field::MessageSettings),
        Column::Friending => field(Field::Friending),
        Column::Level => field(Field::Level),
        Column::Role => field(Field::Role),
    }
}

/// A field's value, as people read it.
pub fn value(field: Field, account: &Account) -> String {
    readable(field, &field.text_of(account))
}

/// A field's text in a form, as people read it.
pub fn readable(field: Field, text: &str) -> String {
    let known = match field {
        Field::Gender => text.parse().ok().map(gender),
        Field::FriendVerification => text.parse().ok().map(friend_verification),
        Field::Friending => text.parse().ok().map(friending),
        Field::MessageSettings => Some(if text == "0" { RECEIVES } else { RECEIVES_NOT }),
        Field::Language => return text.parse().map_or_else(|_| text.to_owned(), languages::name),
        _ => None,
    };
    known.unwrap_or(text).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rollcall_shared::export::Header;

    #[test]
    fn an_export_calls_its_columns_as_the_console_does() {
        for column in Column::ALL {
            assert_eq!(own(*column), Header::En.label((*column).into()));
        }
    }
}
