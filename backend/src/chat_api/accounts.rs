//! `im_open_login_svc`: accounts are imported, deleted, looked up and kicked.

use super::{
    admin::AppAdmin,
    answer::{Answer, Fault, code_of_rule},
    codes::{self, Code},
    fields::{Fields, is_possible, possible, text, user_id},
};
use crate::state::AppState;
use rollcall_shared::{
    account::NewAccount,
    profile::TEXT_MAX,
    selection::{ItemResult, ItemStatus, OnExisting},
    validate,
};
use rollcall_store::accounts::Replayable;
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::{HashMap, HashSet};

/// The most accounts of one call.
const BATCH_MAX: usize = 100;

/// `account_import`: creates the account, or updates what is given of an existing one.
pub async fn import(state: &AppState, admin: &AppAdmin, fields: &Fields) -> Result<Answer, Fault> {
    let account = account_of(fields)?;
    if let Some(result) = write(state, admin, vec![account]).await?.into_iter().find(is_refused) {
        return Err(Fault::new(code_of_item(&result)));
    }
    Ok(Answer::default())
}

/// `multiaccount_import`: the same for up to 100. Those that cannot be imported are named; the others are.
pub async fn import_many(state: &AppState, admin: &AppAdmin, fields: &Fields) -> Result<Answer, Fault> {
    let (mut accounts, mut failed) = (Vec::new(), Vec::new());
    if let Some(Value::Array(list)) = fields.value("AccountList") {
        bounded(list)?;
        for item in list {
            let object = item.as_object().ok_or_else(|| Fault::new(codes::BAD_PARAMETER))?;
            let id = user_id(object)?;
            match account_of(object) {
                Ok(account) => accounts.push(account),
                Err(_) => failed.push(id.to_owned()),
            }
        }
    } else {
        let list = fields.list("Accounts", codes::BAD_PARAMETER)?;
        bounded(list)?;
        for item in list {
            let id = item.as_str().ok_or_else(|| Fault::new(codes::ID_NOT_TEXT))?;
            let bad = validate::user_id(id).is_some();
            if bad { failed.push(id.to_owned()) } else { accounts.push(NewAccount::new(id)) }
        }
    }
    let refused = write(state, admin, accounts).await?.into_iter().filter(is_refused);
    failed.extend(refused.map(|result| result.user_id));
    let mut seen = HashSet::new();
    failed.retain(|id| seen.insert(id.clone()));
    Ok(Answer::default().with("FailAccounts", failed))
}

/// `account_delete`: up to 100, each with a result.
pub async fn delete(state: &AppState, admin: &AppAdmin, fields: &Fields) -> Result<Answer, Fault> {
    let ids = items(fields, "DeleteItem")?;
    let results = state.store.delete_accounts(&admin.change(), admin.app, &possible(&ids)).await??;
    state.changes.results(admin.app, &results);
    let results: HashMap<&str, &ItemResult> =
        results.iter().map(|result| (result.user_id.as_str(), result)).collect();
    // One for each item of the request, so that clients may pair them by their place.
    let item = |id: &String| {
        let (code, info) = match results.get(id.as_str()) {
            Some(result) if !is_refused(result) => (0, ""),
            Some(result) => code_of_item(result),
            None => codes::NO_ACCOUNT,
        };
        json!({"ResultCode": code, "ResultInfo": info, "UserID": id})
    };
    Ok(Answer::default().with("ResultItem", ids.iter().map(item).collect::<Vec<_>>()))
}

/// `account_check`: whether up to 100 accounts exist.
pub async fn check(state: &AppState, admin: &AppAdmin, fields: &Fields) -> Result<Answer, Fault> {
    let ids = items(fields, "CheckItem")?;
    let there = state.store.existing_accounts(admin.app, &possible(&ids)).await?;
    let item = |id| {
        let account_status = if there.contains(id) { "Imported" } else { "NotImported" };
        Checked { user_id: id, result_code: 0, result_info: "", account_status }
    };
    Ok(Answer::default().with("ResultItem", ids.iter().map(item).collect::<Vec<_>>()))
}

/// What is answered of one account.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Checked<'a> {
    #[serde(rename = "UserID")]
    user_id: &'a String,
    result_code: u32,
    result_info: &'static str,
    account_status: &'static str,
}

/// `kick`: voids the account's UserSigs. The answer waits for the second to end, so that one made after it is good.
pub async fn kick(state: &AppState, admin: &AppAdmin, fields: &Fields) -> Result<Answer, Fault> {
    let id = user_id(fields)?;
    if !is_possible(id) {
        return Err(Fault::new(codes::NO_ACCOUNT));
    }
    state.store.kick(&admin.change(), admin.app, id).await??;
    state.changes.kicked(admin.app);
    let next = (admin.now.seconds() + 1) * 1_000;
    let rest = next.saturating_sub(state.clock.now().millis()).clamp(0, 1_000);
    tokio::time::sleep(std::time::Duration::from_millis(rest.unsigned_abs())).await;
    Ok(Answer::default())
}

/// An account as an import gives it. A photo is any text here, as the vendor takes it; the console shows http(s) only.
fn account_of(object: &Map<String, Value>) -> Result<NewAccount, Fault> {
    let (id, nickname, photo_url) = (user_id(object)?, text(object, "Nick")?, text(object, "FaceUrl")?);
    let broken = validate::user_id(id)
        .or_else(|| validate::text("Nick", nickname, TEXT_MAX))
        .or_else(|| validate::text("FaceUrl", photo_url, TEXT_MAX));
    if let Some(error) = broken {
        return Err(Fault::because(codes::BAD_PARAMETER, &error.message));
    }
    let (nickname, photo_url) = (nickname.to_owned(), photo_url.to_owned());
    Ok(NewAccount { nickname, photo_url, ..NewAccount::new(id) })
}

async fn write(
    state: &AppState,
    admin: &AppAdmin,
    accounts: Vec<NewAccount>,
) -> Result<Vec<ItemResult>, Fault> {
    if accounts.is_empty() {
        return Ok(Vec::new());
    }
    let change = admin.change();
    let written =
        state.store.create_accounts(&change, admin.app, &accounts, OnExisting::Update, None).await?;
    // Without a key nothing is replayed.
    let (Replayable::Fresh(results) | Replayable::Replayed(results)) = written else {
        return Err(Fault::new(codes::INTERNAL));
    };
    let results = results?;
    state.changes.results(admin.app, &results);
    Ok(results)
}

fn is_refused(result: &ItemResult) -> bool {
    result.status == ItemStatus::Refused
}

/// The code of an account that the store refused.
fn code_of_item(result: &ItemResult) -> Code {
    code_of_rule(result.errors.first().map(|error| error.code.as_str()).unwrap_or_default())
}

fn bounded(list: &[Value]) -> Result<(), Fault> {
    if (1..=BATCH_MAX).contains(&list.len()) { Ok(()) } else { Err(Fault::new(codes::BAD_BATCH)) }
}

/// The user IDs of a list of objects.
fn items(fields: &Fields, name: &str) -> Result<Vec<String>, Fault> {
    let list = fields.list(name, codes::BAD_PARAMETER)?;
    bounded(list)?;
    let id = |item: &Value| {
        let object = item.as_object().ok_or_else(|| Fault::new(codes::BAD_PARAMETER))?;
        user_id(object).map(str::to_owned)
    };
    list.iter().map(id).collect()
}
