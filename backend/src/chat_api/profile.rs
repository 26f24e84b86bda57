//! `profile`: what accounts say about themselves, read and written by tag.

use super::{
    admin::AppAdmin,
    answer::{Answer, Fault},
    codes,
    fields::{Fields, is_possible, possible},
    tags::{Tag, TagValue},
};
use crate::{changes::ChangeKind, state::AppState};
use rollcall_shared::account::{Account, AccountPatch};
use rollcall_store::{Refusal, apps::Versioned};
use serde::Serialize;
use serde_json::Value;
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
    let names = texts(fields, "TagList")?;
    let tags: Vec<(Tag, String)> = Tag::readable(&names, admin)?.into_iter().zip(names).collect();
    let found = state.store.accounts_by_id(admin.app, &possible(&ids)).await.map_err(internal)?;
    let found: HashMap<&str, &Account> =
        found.iter().map(|account| (account.user_id.as_str(), account)).collect();
    let missing: Vec<&String> = ids.iter().filter(|id| !found.contains_key(id.as_str())).collect();
    let items: Vec<Profile<'_>> =
        ids.iter().map(|id| profile(id, found.get(id.as_str()).copied(), &tags)).collect();
    let answer = Answer::default().with("UserProfileItem", items);
    Ok(if missing.is_empty() { answer } else { answer.with("Fail_Account", missing) })
}

/// What is answered of one account.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Profile<'a> {
    #[serde(rename = "To_Account")]
    to_account: &'a str,
    /// Not there if the account is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    profile_item: Option<Vec<ProfileItem<'a>>>,
    result_code: u32,
    result_info: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ProfileItem<'a> {
    tag: &'a str,
    value: TagValue<'a>,
}

fn profile<'a>(id: &'a str, account: Option<&'a Account>, tags: &'a [(Tag, String)]) -> Profile<'a> {
    let (result_code, result_info) = if account.is_some() { (0, "") } else { codes::PROFILE_NO_ACCOUNT };
    let items = |account: &'a Account| {
        let item =
            |(tag, name): &'a (Tag, String)| tag.value(account).map(|value| ProfileItem { tag: name, value });
        tags.iter().filter_map(item).collect()
    };
    Profile { to_account: id, profile_item: account.map(items), result_code, result_info }
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
