//! What a bundle tells of a row that names a person. What the row says of others is left out, except in the texts of logged
//! calls, which are shown as they were kept.

use super::{Held, Person};
use crate::{Result, db::Row, webhooks::Happened};
use rollcall_shared::{
    error::FieldError,
    group::{GroupType, MemberRole},
    job::{JobKind, JobState},
    push::MessageElement,
    webhook::{DeliveryState, WebhookEvent},
};
use serde_json::{Value, json};

/// The key of a row of this kind, and what it tells of the person; `None` where it does not name it after all.
pub(super) fn read(kind: Held, person: &Person, row: &Row) -> Result<(String, Option<Value>)> {
    let key = row.text(0)?;
    Ok(match kind {
        Held::Groups => (key, Some(group(person, row)?)),
        Held::Pushes => (key, Some(push(person, row)?)),
        Held::Sessions => (key, Some(session(row)?)),
        Held::ApiCalls => (key, api_call(person, row)?),
        Held::Events => (key, event(person, row)?),
        Held::Jobs => (key, job(person, row)?),
        Held::Answers => (format!("{key}\n{}", row.str(1)?), answer(person, row)?),
    })
}

fn group(person: &Person, row: &Row) -> Result<Value> {
    let is_member = row.i64(6)? >= 0;
    Ok(json!({
        "group_id": row.str(0)?,
        "name": row.str(1)?,
        "type": row.code(2, GroupType::from_code)?,
        "created_at": row.time(3)?,
        "owned_by_it": row.str(4)? == person.user_id,
        "made_by_it": row.str(5)? == person.actor,
        "role": if is_member { Some(row.code(6, MemberRole::from_code)?) } else { None },
        "joined_at": if is_member { Some(row.time(7)?) } else { None },
    }))
}

fn push(person: &Person, row: &Row) -> Result<Value> {
    Ok(json!({
        "task_id": row.str(0)?,
        "body": row.json::<Vec<MessageElement>>(1)?,
        "created_at": row.time(2)?,
        "expires_at": row.time(3)?,
        "sent_by_it": row.str(4)? == person.user_id || row.str(5)? == person.actor,
        "sent_to_it": row.i64(6)? > 0,
        "received_at": row.time_or_none(7)?,
    }))
}

fn session(row: &Row) -> Result<Value> {
    Ok(json!({
        "platform": row.str(1)?,
        "since": row.time(2)?,
        "is_being_ended": row.i64(3)? != 0,
    }))
}

fn api_call(person: &Person, row: &Row) -> Result<Option<Value>> {
    let is_named = row.str(2)? == person.user_id || person.is_in(row.str(6)?) || person.is_in(row.str(7)?);
    let call = json!({
        "at": row.time(1)?,
        "identifier": row.str(2)?,
        "command": row.str(3)?,
        "code": row.u32(4)?,
        "micros": row.u32(5)?,
        "request": row.str(6)?,
        "answer": row.str(7)?,
    });
    Ok(is_named.then_some(call))
}

fn event(person: &Person, row: &Row) -> Result<Option<Value>> {
    let happened: Happened = row.json(2)?;
    let about = about(&happened, &person.user_id)?;
    let (by_it, answered) = (row.str(4)? == person.actor, person.is_in(row.str(9)?));
    if about.is_none() && !by_it && !answered {
        return Ok(None);
    }
    Ok(Some(json!({
        "event": row.code(1, WebhookEvent::from_code)?,
        "created_at": row.time(3)?,
        "caused_by_it": by_it,
        "about_it": about,
        "state": row.code(5, DeliveryState::from_code)?,
        "attempts": row.u32(6)?,
        "tried_at": row.time_or_none(7)?,
        "http_status": row.u32(8)?,
    })))
}

/// What an event says of the account; `None` where it does not name it.
fn about(happened: &Happened, user_id: &str) -> Result<Option<Value>> {
    let named = |ids: &[String]| ids.iter().any(|id| id == user_id);
    let about = match happened {
        Happened::Imported(ids) if named(ids) => json!({ "imported": user_id }),
        Happened::Deleted(ids) if named(ids) => json!({ "deleted": user_id }),
        Happened::StateChanged { user_id: of, change } if of == user_id => json!({ "state": change }),
        Happened::ProfileChanged { before, after } if after.user_id == user_id => {
            json!({ "before": before, "after": after })
        }
        _ => return Ok(None),
    };
    Ok(Some(about))
}

fn job(person: &Person, row: &Row) -> Result<Option<Value>> {
    let errors: Vec<FieldError> = if row.str(7)?.is_empty() { Vec::new() } else { row.json(7)? };
    let (asked, reached) = (person.is_in(row.str(5)?), person.is_in(row.str(6)?));
    if !asked && !reached && row.str(7)?.is_empty() {
        return Ok(None);
    }
    Ok(Some(json!({
        "id": row.str(0)?,
        "kind": row.code(1, JobKind::from_code)?,
        "state": row.code(2, JobState::from_code)?,
        "created_at": row.time(3)?,
        "finished_at": row.time_or_none(4)?,
        "named_in_request": asked,
        "named_in_checkpoint": reached,
        "refused": errors,
    })))
}

fn answer(person: &Person, row: &Row) -> Result<Option<Value>> {
    if row.str(3)?.is_empty() {
        return Ok(None);
    }
    let mut found = Vec::new();
    gather(row.json(3)?, &person.user_id, &mut found);
    let told =
        json!({ "caller": row.str(0)?, "key": row.str(1)?, "created_at": row.time(2)?, "answer": found });
    Ok((!found.is_empty()).then_some(told))
}

/// The objects within a value whose `user_id` is this one.
fn gather(value: Value, user_id: &str, found: &mut Vec<Value>) {
    match value {
        Value::Object(object) if object.get("user_id").and_then(Value::as_str) == Some(user_id) => {
            found.push(Value::Object(object));
        }
        Value::Object(object) => object.into_iter().for_each(|(_, value)| gather(value, user_id, found)),
        Value::Array(values) => values.into_iter().for_each(|value| gather(value, user_id, found)),
        _ => {}
    }
}
