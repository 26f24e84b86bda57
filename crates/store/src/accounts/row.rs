//! An account's columns, in the one order that every query reads them in, and how they become an [`Account`].

use crate::{Result, StoreError, db::Row};
use rollcall_shared::{
    account::Account,
    profile::{AccountType, FriendVerification, Friending, Gender},
    time::Timestamp,
};
use serde::Deserialize;
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

/// An account as the JSON array of [`columns!`]: many accounts fit into one value, and the database's driver hands over
/// one value faster than eighteen times as many.
#[derive(Deserialize)]
struct Packed(
    String,
    i32,
    String,
    String,
    i32,
    u32,
    String,
    String,
    i32,
    u32,
    u32,
    i32,
    u32,
    u32,
    String,
    i64,
    i64,
    i64,
);

/// The accounts of a JSON array of such arrays.
pub(crate) fn accounts_of_json(text: &str) -> Result<Vec<Account>> {
    let packed: Vec<Packed> =
        serde_json::from_str(text).map_err(|error| StoreError::Corrupt(error.to_string()))?;
    packed.into_iter().map(unpacked).collect()
}

fn unpacked(packed: Packed) -> Result<Account> {
    Ok(Account {
        user_id: packed.0,
        account_type: known(packed.1, AccountType::from_code)?,
        nickname: packed.2,
        photo_url: packed.3,
        gender: known(packed.4, Gender::from_code)?,
        birth_date: packed.5,
        location: packed.6,
        whats_up: packed.7,
        friend_verification: known(packed.8, FriendVerification::from_code)?,
        language: packed.9,
        message_settings: packed.10,
        friending: known(packed.11, Friending::from_code)?,
        level: packed.12,
        role: packed.13,
        custom: custom(&packed.14)?,
        created_at: Timestamp::from_millis(packed.15),
        updated_at: Timestamp::from_millis(packed.16),
        version: packed.17,
    })
}

fn known<T>(code: i32, from_code: fn(i32) -> Option<T>) -> Result<T> {
    from_code(code)
        .ok_or_else(|| StoreError::Corrupt(format!("code {code} of {}", std::any::type_name::<T>())))
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
