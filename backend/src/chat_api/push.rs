//! `all_member_push`: messages to all members.

use super::{
    admin::AppAdmin,
    answer::{Answer, Fault},
    codes,
    fields::Fields,
};
use crate::state::AppState;
use rollcall_shared::{
    profile::AccountType,
    push::{MessageElement, NewPush, PUSH_BODY_MAX, PUSH_LIFETIME_MAX, body_error},
};
use rollcall_store::pushes::Pushed;
use serde_json::{Value, json};

/// `im_push`: the same `MsgRandom` within 7 days is the same task.
pub async fn push(state: &AppState, admin: &AppAdmin, fields: &Fields) -> Result<Answer, Fault> {
    let new = NewPush { random: random(fields)?, lifetime_seconds: lifetime(fields)?, body: body(fields)? };
    let from = from(state, admin, fields).await?;
    let task = |task_id: String| Answer::default().with("TaskId", task_id);
    match state.store.push(&admin.change(), admin.app, &from, &new).await? {
        Pushed::Made(push) => {
            state.changes.pushed(admin.app);
            Ok(task(push.task_id))
        }
        Pushed::Same(push) => Ok(task(push.task_id)),
        Pushed::TooSoon => Err(Fault::new(codes::PUSH_TOO_SOON)),
        Pushed::TooMany => Err(Fault::new(codes::PUSH_TOO_MANY)),
        Pushed::Refused(refusal) => Err(refusal.into()),
    }
}

fn random(fields: &Fields) -> Result<u32, Fault> {
    let random =
        fields.value("MsgRandom").and_then(Value::as_u64).and_then(|random| u32::try_from(random).ok());
    random.ok_or_else(|| Fault::new(codes::PUSH_BAD_RANDOM))
}

fn lifetime(fields: &Fields) -> Result<u32, Fault> {
    let lifetime = fields.number("MsgLifeTime").filter(|seconds| *seconds <= PUSH_LIFETIME_MAX);
    lifetime.ok_or_else(|| Fault::new(codes::PUSH_BAD_LIFETIME))
}

fn body(fields: &Fields) -> Result<Vec<MessageElement>, Fault> {
    let list = fields.list("MsgBody", codes::PUSH_BAD_BODY)?;
    if json!(list).to_string().len() > PUSH_BODY_MAX {
        return Err(Fault::new(codes::BODY_TOO_LONG));
    }
    let element = |item: &Value| {
        Some(MessageElement {
            msg_type: item.get("MsgType")?.as_str()?.to_owned(),
            content: item.get("MsgContent")?.as_object()?.clone(),
        })
    };
    let body: Option<Vec<MessageElement>> = list.iter().map(element).collect();
    let body = body
        .ok_or_else(|| Fault::because(codes::PUSH_BAD_BODY, "An element has a MsgType and a MsgContent."))?;
    match body_error(&body) {
        Some(error) => Err(Fault::because(codes::PUSH_BAD_BODY, &error.message)),
        None => Ok(body),
    }
}

/// Who it comes from: the caller, or another admin.
async fn from(state: &AppState, admin: &AppAdmin, fields: &Fields) -> Result<String, Fault> {
    let id = match fields.value("From_Account") {
        None | Some(Value::Null) => return Ok(admin.identifier.clone()),
        Some(Value::String(id)) if *id == admin.identifier => return Ok(id.clone()),
        Some(Value::String(id)) if super::fields::is_possible(id) => id,
        Some(_) => return Err(Fault::new(codes::PUSH_NO_ADMIN)),
    };
    let found = state.store.accounts_by_id(admin.app, std::slice::from_ref(id)).await?;
    let is_admin = found.iter().any(|account| account.account_type == AccountType::Admin);
    if is_admin { Ok(id.clone()) } else { Err(Fault::new(codes::PUSH_NO_ADMIN)) }
}
