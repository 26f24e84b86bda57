//! Sentences of the groups of an application.

use super::number;
use rollcall_shared::group::{GroupType, MemberRole};

/// The page.
pub const TITLE: &str = "Group Management";
/// Below the title.
pub const INTRO: &str = "Groups are made by your servers through the server API.";
/// There are none.
pub const NONE: &str = "No groups yet";
/// There are none: what to do.
pub const NONE_BODY: &str =
    "Make one with create_group of the server API. The development tools show how to call it.";
/// A link of another time.
pub const STALE: &str = "This page of the list is no longer there.";
/// The way back.
pub const FIRST_PAGE: &str = "Show the first page";
/// Column.
pub const GROUP: &str = "Group";
/// Column.
pub const TYPE: &str = "Type";
/// Column.
pub const OWNER: &str = "Owner";
/// Column, and the dialog's title.
pub const MEMBERS: &str = "Members";
/// Column.
pub const CREATED: &str = "Creation time";
/// Column.
pub const ROLE: &str = "Role";
/// Column.
pub const SINCE: &str = "Member since";
/// Destroys a group.
pub const DESTROY: &str = "Destroy";
/// The pager's name for screen readers.
pub const PAGES: &str = "Pages";
/// Nobody is in it.
pub const NO_MEMBERS: &str = "This group has no members.";
/// What it means.
pub const DESTROY_BODY: &str = "The group and its memberships are gone for good. The accounts stay.";

/// The question before.
pub fn destroy_title(name: &str) -> String {
    format!("Destroy the group “{name}”?")
}

/// It was done.
pub fn destroyed(name: &str) -> String {
    format!("The group “{name}” was destroyed.")
}

/// A row's button, for screen readers.
pub fn destroy_row(name: &str) -> String {
    format!("{DESTROY} {name}")
}

/// A row's button, for screen readers.
pub fn members_of(name: &str, members: i64) -> String {
    format!("{MEMBERS} of {name}: {}", number(members))
}

/// A type.
pub const fn group_type(group_type: GroupType) -> &'static str {
    match group_type {
        GroupType::Private => "Private (Work)",
        GroupType::Public => "Public",
        GroupType::ChatRoom => "ChatRoom (Meeting)",
        GroupType::AvChatRoom => "AVChatRoom",
        GroupType::Community => "Community",
    }
}

/// A role.
pub const fn role(role: MemberRole) -> &'static str {
    match role {
        MemberRole::Member => "Member",
        MemberRole::Admin => "Admin",
        MemberRole::Owner => "Owner",
    }
}
