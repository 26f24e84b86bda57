//! `openim`: whether accounts are online, and from what: that is, whether a client of theirs is connected (`clients`).

use super::{
    admin::AppAdmin,
    answer::{Answer, Fault},
    codes,
    fields::{Fields, possible},
};
use crate::state::AppState;
use serde_json::{Value, json};
use std::collections::HashMap;

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
    let mut online: HashMap<String, Vec<String>> = HashMap::new();
    for one in state.store.online(admin.app, there.iter().cloned().collect(), admin.now).await? {
        online.entry(one.user_id).or_default().push(one.platform);
    }
    let (mut results, mut errors) = (Vec::new(), Vec::new());
    for id in &ids {
        if !there.contains(id) {
            errors.push(json!({"To_Account": id, "ErrorCode": codes::NO_ACCOUNT.0}));
            continue;
        }
        let platforms = online.get(id);
        let status = if platforms.is_some() { "Online" } else { "Offline" };
        let mut result = json!({"To_Account": id, "Status": status, "State": status});
        if detailed {
            let detail = |platform: &String| json!({"Platform": platform, "Status": "Online"});
            result["Detail"] = platforms.into_iter().flatten().map(detail).collect();
        }
        results.push(result);
    }
    if results.is_empty() {
        return Err(Fault::new(codes::NO_ACCOUNT).with("ErrorList", errors));
    }
    Ok(Answer::default().with("QueryResult", results).with("ErrorList", errors))
}
