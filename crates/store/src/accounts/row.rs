//! An account's columns, in the one order that every query reads them in, and how they become an [`Account`].

use crate::{Result, StoreError, db::Row};
use rollcall_shared::{
    account::Account,
    profile::{AccountType, FriendVerification, Friending, Gender},
};
use std::collections::BTreeMap;

/// The columns that [`account`] reads, for `concat!`.
macro_rules! columns {
    () => {
        "user_id, account_type, nickname, photo_url, gender, birth_date, location, whats_up, \
         friend_verification, language, message_settings, friending, level, role, custom, created_at, \
         updated_at, version"
    };
}
pub(crate) use columns;

/// The account of a row that begins with [`columns!`]; more columns may follow.
pub(crate) fn account(row: &Row) -> Result<Account> {
    Ok(Account {
        user_id: row.text(0)?,
        account_type: row.code(1, AccountType::from_code)?,
        nickname: row.text(2)?,
        photo_url: row.text(3)?,
        gender: row.code(4, Gender::from_code)?,
        birth_date: row.u32(5)?,
        location: row.text(6)?,
        whats_up: row.text(7)?,
        friend_verification: row.code(8, FriendVerification::from_code)?,
        language: row.u32(9)?,
        message_settings: row.u32(10)?,
        friending: row.code(11, Friending::from_code)?,
        level: row.u32(12)?,
        role: row.u32(13)?,
        custom: custom(row.str(14)?)?,
        created_at: row.time(15)?,
        updated_at: row.time(16)?,
        version: row.i64(17)?,
    })
}

/// Where the column after [`columns!`] stands.
pub(crate) const AFTER_COLUMNS: usize = 18;

fn custom(text: &str) -> Result<BTreeMap<String, String>> {
    if text.is_empty() {
        return Ok(BTreeMap::new());
    }
    serde_json::from_str(text).map_err(|error| StoreError::Corrupt(error.to_string()))
}

/// Custom fields as they are stored.
pub(crate) fn custom_text(fields: &BTreeMap<String, String>) -> Result<String> {
    if fields.is_empty() {
        return Ok(String::new());
    }
    serde_json::to_string(fields).map_err(|error| StoreError::Corrupt(error.to_string()))
}
