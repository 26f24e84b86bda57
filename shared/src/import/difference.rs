//! The difference between an account as it is and as it would be, as patches in both directions and field by field.

use super::FieldChange;
use crate::{
    account::{Account, AccountPatch, CustomPatch, Patch},
    custom_field,
    job::Column,
};
use std::collections::BTreeSet;

/// The patches that make `new` of `old` and `old` of `new`. Type, times and version are not compared.
///
/// ```
/// use rollcall_shared::{account::NewAccount, import::between, profile::FriendVerification, time::Timestamp};
///
/// let old = NewAccount::new("ming").into_account(Timestamp::from_millis(0), FriendVerification::default());
/// let mut new = old.clone();
/// new.nickname = "明".into();
/// let (there, back) = between(&old, &new);
/// let mut account = old.clone();
/// there.apply(&mut account, FriendVerification::default());
/// assert_eq!(account, new);
/// back.apply(&mut account, FriendVerification::default());
/// assert_eq!(account, old);
/// ```
pub fn between(old: &Account, new: &Account) -> (AccountPatch, AccountPatch) {
    (patch(old, new), patch(new, old))
}

/// What makes `to` of `from`.
fn patch(from: &Account, to: &Account) -> AccountPatch {
    fn set<T: Clone + PartialEq>(from: &T, to: &T) -> Patch<T> {
        if from == to { Patch::Keep } else { Patch::Set(to.clone()) }
    }
    // Destructured, so that a new field cannot be forgotten.
    let Account {
        user_id: _,
        account_type: _,
        nickname,
        photo_url,
        gender,
        birth_date,
        location,
        whats_up,
        friend_verification,
        language,
        message_settings,
        friending,
        level,
        role,
        custom,
        created_at: _,
        updated_at: _,
        version: _,
    } = from;
    let names: BTreeSet<&String> = custom.keys().chain(to.custom.keys()).collect();
    let fields: CustomPatch = names
        .into_iter()
        .filter(|name| custom.get(*name) != to.custom.get(*name))
        .map(|name| (name.clone(), to.custom.get(name).cloned()))
        .collect();
    AccountPatch {
        nickname: set(nickname, &to.nickname),
        photo_url: set(photo_url, &to.photo_url),
        gender: set(gender, &to.gender),
        birth_date: set(birth_date, &to.birth_date),
        location: set(location, &to.location),
        whats_up: set(whats_up, &to.whats_up),
        friend_verification: set(friend_verification, &to.friend_verification),
        language: set(language, &to.language),
        message_settings: set(message_settings, &to.message_settings),
        friending: set(friending, &to.friending),
        level: set(level, &to.level),
        role: set(role, &to.role),
        custom: if fields.is_empty() { Patch::Keep } else { Patch::Set(fields) },
    }
}

/// The fields that `after` sets, each with what `before` sets for it; nothing stands for what is not set.
pub fn changes(before: &AccountPatch, after: &AccountPatch) -> Vec<FieldChange> {
    let (old, new) = (texts(before), texts(after));
    let text = |all: &[(String, String)], field: &str| {
        all.iter().find(|(name, _)| name == field).map(|(_, text)| text.clone()).unwrap_or_default()
    };
    let change = |(field, after): &(String, String)| FieldChange {
        field: field.clone(),
        before: text(&old, field),
        after: after.clone(),
    };
    new.iter().map(change).collect()
}

/// What the patch sets, by field.
fn texts(patch: &AccountPatch) -> Vec<(String, String)> {
    fn put<T: ToString>(all: &mut Vec<(String, String)>, column: Column, value: &Patch<T>) {
        all.extend(value.value().map(|value| (column.to_string(), value.to_string())));
    }
    // Destructured, so that a new field cannot be forgotten.
    let AccountPatch {
        nickname,
        photo_url,
        gender,
        birth_date,
        location,
        whats_up,
        friend_verification,
        language,
        message_settings,
        friending,
        level,
        role,
        custom,
    } = patch;
    let mut all = Vec::new();
    put(&mut all, Column::Nickname, nickname);
    put(&mut all, Column::PhotoUrl, photo_url);
    put(&mut all, Column::Gender, gender);
    put(&mut all, Column::BirthDate, birth_date);
    put(&mut all, Column::Location, location);
    put(&mut all, Column::WhatsUp, whats_up);
    put(&mut all, Column::FriendVerification, friend_verification);
    put(&mut all, Column::Language, language);
    put(&mut all, Column::MessageSettings, message_settings);
    put(&mut all, Column::Friending, friending);
    put(&mut all, Column::Level, level);
    put(&mut all, Column::Role, role);
    for (name, value) in custom.value().into_iter().flatten() {
        all.push((custom_field::path(name), value.clone().unwrap_or_default()));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{account::NewAccount, profile::FriendVerification, time::Timestamp};

    fn account(custom: &[(&str, &str)]) -> Account {
        let mut new = NewAccount::new("ming");
        new.custom = custom.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        new.into_account(Timestamp::from_millis(0), FriendVerification::default())
    }

    #[test]
    fn custom_fields_come_and_go() {
        let (old, mut new) = (account(&[("Hobby", "chess"), ("Team", "red")]), account(&[("Team", "blue")]));
        new.level = 7;
        let (there, back) = between(&old, &new);
        let mut changed = old.clone();
        there.clone().apply(&mut changed, FriendVerification::default());
        assert_eq!(changed, new);
        back.clone().apply(&mut changed, FriendVerification::default());
        assert_eq!(changed, old);
        let shown: Vec<String> = changes(&back, &there)
            .into_iter()
            .map(|change| format!("{}: {} > {}", change.field, change.before, change.after))
            .collect();
        assert_eq!(shown, ["level: 0 > 7", "custom.Hobby: chess > ", "custom.Team: red > blue"]);
    }

    #[test]
    fn the_same_account_has_no_difference() {
        let (there, back) = between(&account(&[]), &account(&[]));
        assert!(there.is_empty() && back.is_empty());
    }
}
