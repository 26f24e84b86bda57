//! `group_open_http_svc`: groups are made with their members, and destroyed.

use super::{
    admin::AppAdmin,
    answer::{Answer, Fault},
    codes,
    fields::{Fields, is_possible},
};
use crate::{secrets::random, state::AppState};
use rollcall_shared::{
    group::{
        FACE_URL_MAX, FIRST_MEMBERS_MAX, GENERATED_PREFIX, GROUP_ID_MAX, GROUP_NAME_MAX, Group, GroupType,
        INTRODUCTION_MAX, JoinOption, MemberRole, NOTIFICATION_MAX,
    },
    validate,
};
use rollcall_store::{
    Refusal,
    groups::{GroupRefusal, NewGroup},
};
use serde_json::Value;
use std::collections::HashSet;

/// The digits of the IDs that we make.
const DIGITS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// `create_group`: with its owner and up to 100 members, all of them or nothing.
pub async fn create(state: &AppState, admin: &AppAdmin, fields: &Fields) -> Result<Answer, Fault> {
    let new = NewGroup { group: group(admin, fields)?, members: members(fields)? };
    let group_id = new.group.group_id.clone();
    match state.store.create_group(&admin.change(), admin.app, &new).await? {
        Ok(()) => Ok(Answer::default().with("GroupId", group_id)),
        Err(GroupRefusal::App(refusal)) => Err(refusal.into()),
        Err(GroupRefusal::NoAccount(id)) => Err(Fault::because(codes::GROUP_NO_ACCOUNT, &id)),
        Err(GroupRefusal::Taken { same_owner: true }) => Err(Fault::new(codes::GROUP_ID_YOURS)),
        Err(GroupRefusal::Taken { same_owner: false }) => Err(Fault::new(codes::GROUP_ID_OTHERS)),
    }
}

/// `destroy_group`.
pub async fn destroy(state: &AppState, admin: &AppAdmin, fields: &Fields) -> Result<Answer, Fault> {
    let Some(Value::String(id)) = fields.value("GroupId") else {
        return Err(Fault::new(codes::GROUP_BAD_ID));
    };
    if id.is_empty() || !is_printable(id) || id.len() > GROUP_ID_MAX {
        return Err(Fault::new(codes::GROUP_BAD_ID));
    }
    match state.store.destroy_group(admin.app, id).await? {
        Ok(()) => Ok(Answer::default()),
        Err(Refusal::NotFound) => Err(Fault::new(codes::NO_GROUP)),
        Err(refusal) => Err(refusal.into()),
    }
}

fn group(admin: &AppAdmin, fields: &Fields) -> Result<Group, Fault> {
    let kind = text(fields, "Type", usize::MAX)?;
    let name = text(fields, "Name", GROUP_NAME_MAX)?;
    if name.is_empty() {
        return Err(Fault::because(codes::GROUP_BAD_PARAMETER, "Name is missing."));
    }
    let join = text(fields, "ApplyJoinOption", usize::MAX)?;
    Ok(Group {
        group_id: group_id(fields)?,
        group_type: group_type(&kind).ok_or_else(|| Fault::because(codes::GROUP_BAD_PARAMETER, "Type."))?,
        name,
        owner: text(fields, "Owner_Account", usize::MAX)?,
        introduction: text(fields, "Introduction", INTRODUCTION_MAX)?,
        notification: text(fields, "Notification", NOTIFICATION_MAX)?,
        face_url: text(fields, "FaceUrl", FACE_URL_MAX)?,
        max_members: number(fields, "MaxMemberCount")?,
        join_option: join_option(&join)
            .ok_or_else(|| Fault::because(codes::GROUP_BAD_PARAMETER, "ApplyJoinOption."))?,
        members: 0,
        created_at: admin.now,
    })
}

/// The ID that is given, or one of ours.
fn group_id(fields: &Fields) -> Result<String, Fault> {
    let given = text(fields, "GroupId", usize::MAX)?;
    if given.is_empty() {
        let digits = random::<12>().map_err(|error| {
            tracing::error!(%error, "no random bytes");
            Fault::new(codes::INTERNAL)
        })?;
        let digits = digits.iter().map(|byte| char::from(DIGITS[usize::from(byte % 32)]));
        return Ok(GENERATED_PREFIX.chars().chain(digits).collect());
    }
    let fine = given.len() <= GROUP_ID_MAX && is_printable(&given) && !given.starts_with(GENERATED_PREFIX);
    if fine { Ok(given) } else { Err(Fault::because(codes::GROUP_BAD_PARAMETER, "GroupId.")) }
}

/// The members, without the owner and without repeats.
fn members(fields: &Fields) -> Result<Vec<(String, MemberRole)>, Fault> {
    let list = match fields.value("MemberList") {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(list)) => list,
        Some(_) => return Err(Fault::because(codes::GROUP_BAD_PARAMETER, "MemberList must be an array.")),
    };
    if list.len() > FIRST_MEMBERS_MAX {
        return Err(Fault::new(codes::GROUP_TOO_MANY));
    }
    let owner = text(fields, "Owner_Account", usize::MAX)?;
    let (mut seen, mut members) = (HashSet::from([owner.as_str()]), Vec::new());
    for item in list {
        let bad = || {
            Fault::because(codes::GROUP_BAD_PARAMETER, "A member has a Member_Account and perhaps a Role.")
        };
        let id =
            item.get("Member_Account").and_then(Value::as_str).filter(|id| !id.is_empty()).ok_or_else(bad)?;
        let role = match item.get("Role") {
            None | Some(Value::Null) => MemberRole::Member,
            Some(Value::String(role)) if role == "Admin" => MemberRole::Admin,
            Some(Value::String(role)) if role == "Member" || role.is_empty() => MemberRole::Member,
            Some(_) => return Err(bad()),
        };
        if !is_possible(id) {
            return Err(Fault::new(codes::GROUP_NO_ACCOUNT));
        }
        if seen.insert(id) {
            members.push((id.to_owned(), role));
        }
    }
    Ok(members)
}

fn text(fields: &Fields, name: &str, most: usize) -> Result<String, Fault> {
    let text = match fields.value(name) {
        None | Some(Value::Null) => return Ok(String::new()),
        Some(Value::String(text)) => text,
        Some(_) => {
            return Err(Fault::because(codes::GROUP_BAD_PARAMETER, &format!("{name} must be a string.")));
        }
    };
    match validate::text(name, text, most) {
        Some(error) => Err(Fault::because(codes::GROUP_BAD_PARAMETER, &format!("{name}: {}", error.message))),
        None => Ok(text.clone()),
    }
}

fn number(fields: &Fields, name: &str) -> Result<u32, Fault> {
    let wrong = || Fault::because(codes::GROUP_BAD_PARAMETER, &format!("{name} must be a number."));
    fields.number(name).ok_or_else(wrong)
}

fn is_printable(text: &str) -> bool {
    text.bytes().all(|byte| (0x20..=0x7e).contains(&byte))
}

/// Types have older names too.
fn group_type(name: &str) -> Option<GroupType> {
    Some(match name {
        "Private" | "Work" => GroupType::Private,
        "Public" => GroupType::Public,
        "ChatRoom" | "Meeting" => GroupType::ChatRoom,
        "AVChatRoom" => GroupType::AvChatRoom,
        "Community" => GroupType::Community,
        _ => return None,
    })
}

fn join_option(name: &str) -> Option<JoinOption> {
    Some(match name {
        "FreeAccess" => JoinOption::FreeAccess,
        "NeedPermission" | "" => JoinOption::NeedPermission,
        "DisableApply" => JoinOption::DisableApply,
        _ => return None,
    })
}
