//! `profile`: what accounts say about themselves, read and written by tag.

use super::{
    admin::AppAdmin,
    answer::{Answer, Fault},
    codes,
    fields::{Fields, is_possible, possible},
    tags::Tag,
};
use crate::{changes::ChangeKind, state::AppState};
use rollcall_shared::account::{Account, AccountPatch};
use rollcall_store::{Refusal, apps::Versioned};
use serde_json::{Value, json};
use std::collections::HashMap;

/// The most accounts of one call.
const BATCH_MAX: usize = 100;

/// `portrait_set`: all items or none. Of a tag that comes twice the last counts.
pub async fn set(state: &AppState, admin: &AppAdmin, fields: &Fields) -> Result<Answer, Fault> {
    let Some(Value::String(id)) = fields.value("From_Account") else {
        return Err(Fault::because(codes::PROFILE_BAD_JSON, "From_Account must be a string."));
    };
    let mut patch = AccountPatch::default();
    for item in fields.list("ProfileItem", codes::PROFILE_BAD_JSON)? {
        let (tag, value) = (item.get("Tag").and_then(Value::as_str), item.get("Value"));
        let (Some(tag), Some(value)) = (tag, value) else {
            return Err(Fault::because(codes::PROFILE_BAD_JSON, "An item has a Tag and a Value."));
        };
        Tag::of(tag)?.set(&mut patch, value)?;
    }
    if !is_possible(id) {
        return Err(Fault::new(codes::PROFILE_NO_ACCOUNT));
    }
    let done = state.store.patch_account(&admin.change(), admin.app, id, None, &patch).await;
    match done.map_err(internal)? {
        Versioned::Done(_) => {
            state.changes.accounts(admin.app, ChangeKind::Updated, vec![id.clone()]);
            Ok(Answer::default())
        }
        Versioned::Refused(Refusal::NotFound) => Err(Fault::new(codes::PROFILE_NO_ACCOUNT)),
        Versioned::Refused(refusal) => Err(refusal.into()),
        // No version was named.
        Versioned::Changed(_) => Err(Fault::new(codes::PROFILE_INTERNAL)),
    }
}

/// `portrait_get`: the tags of up to 100 accounts, in the order asked for.
pub async fn get(state: &AppState, admin: &AppAdmin, fields: &Fields) -> Result<Answer, Fault> {
    let ids = texts(fields, "To_Account")?;
    if ids.is_empty() {
        return Err(Fault::new(codes::PROFILE_NO_TARGET));
    }
    if ids.len() > BATCH_MAX {
        return Err(Fault::because(codes::PROFILE_BAD_JSON, "To_Account holds more than 100 accounts."));
    }
    let tags = Tag::readable(&texts(fields, "TagList")?, admin)?;
    let found = state.store.accounts_by_id(admin.app, &possible(&ids)).await.map_err(internal)?;
    let found: HashMap<&str, &Account> =
        found.iter().map(|account| (account.user_id.as_str(), account)).collect();
    let missing: Vec<&String> = ids.iter().filter(|id| !found.contains_key(id.as_str())).collect();
    let item = |id: &String| match found.get(id.as_str()) {
        Some(account) => {
            json!({"To_Account": id, "ProfileItem": values(account, &tags), "ResultCode": 0, "ResultInfo": ""})
        }
        None => {
            let (code, info) = codes::PROFILE_NO_ACCOUNT;
            json!({"To_Account": id, "ResultCode": code, "ResultInfo": info})
        }
    };
    let answer = Answer::default().with("UserProfileItem", ids.iter().map(item).collect::<Vec<_>>());
    Ok(if missing.is_empty() { answer } else { answer.with("Fail_Account", json!(missing)) })
}

fn values(account: &Account, tags: &[Tag]) -> Vec<Value> {
    let item = |tag: &Tag| tag.value(account).map(|value| json!({"Tag": tag.name(), "Value": value}));
    tags.iter().filter_map(item).collect()
}

fn texts(fields: &Fields, name: &str) -> Result<Vec<String>, Fault> {
    let list = fields.list(name, codes::PROFILE_BAD_JSON)?;
    let texts = list.iter().map(|item| item.as_str().map(str::to_owned)).collect::<Option<_>>();
    texts.ok_or_else(|| Fault::because(codes::PROFILE_BAD_JSON, &format!("{name} must hold strings.")))
}

fn internal(error: rollcall_store::StoreError) -> Fault {
    tracing::error!(%error, "the server API could not answer");
    Fault::new(codes::PROFILE_INTERNAL)
}
