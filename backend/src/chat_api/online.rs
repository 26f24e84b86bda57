//! `openim`: whether accounts are online. Nobody is, as long as no client can sign in here.

use super::{
    admin::AppAdmin,
    answer::{Answer, Fault},
    codes,
    fields::{Fields, possible},
};
use crate::state::AppState;
use serde_json::{Value, json};

/// The most accounts of one call.
const BATCH_MAX: usize = 500;

/// `query_online_status`. Clients read `Status` or `State`, so both are sent.
pub async fn query(state: &AppState, admin: &AppAdmin, fields: &Fields) -> Result<Answer, Fault> {
    let list = fields.list("To_Account", codes::ONLINE_BAD_JSON)?;
    if list.is_empty() {
        return Err(Fault::new(codes::ONLINE_BAD_JSON));
    }
    if list.len() > BATCH_MAX {
        return Err(Fault::new(codes::ONLINE_TOO_MANY));
    }
    let id = |item: &Value| item.as_str().map(str::to_owned);
    let ids: Vec<String> =
        list.iter().map(id).collect::<Option<_>>().ok_or_else(|| Fault::new(codes::ONLINE_NOT_TEXT))?;
    let there = state.store.existing_accounts(admin.app, &possible(&ids)).await?;
    let detailed = fields.value("IsNeedDetail").and_then(Value::as_i64) == Some(1);
    let (mut results, mut errors) = (Vec::new(), Vec::new());
    for id in &ids {
        if !there.contains(id) {
            errors.push(json!({"To_Account": id, "ErrorCode": codes::NO_ACCOUNT.0}));
            continue;
        }
        let mut result = json!({"To_Account": id, "Status": "Offline", "State": "Offline"});
        if detailed {
            result["Detail"] = json!([]);
        }
        results.push(result);
    }
    if results.is_empty() {
        return Err(Fault::new(codes::NO_ACCOUNT).with("ErrorList", errors));
    }
    Ok(Answer::default().with("QueryResult", results).with("ErrorList", errors))
}
