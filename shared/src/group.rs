//! Groups of an application, as the REST API shows them. They are made through the vendor's server API (docs/chat-api.md).

use crate::{
    profile::{UnknownValue, closed_set},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// The most bytes of a group's ID.
pub const GROUP_ID_MAX: usize = 48;
/// The most bytes of a group's name.
pub const GROUP_NAME_MAX: usize = 30;
/// The most bytes of an introduction.
pub const INTRODUCTION_MAX: usize = 240;
/// The most bytes of a notification.
pub const NOTIFICATION_MAX: usize = 300;
/// The most bytes of the URL of a group's picture.
pub const FACE_URL_MAX: usize = 100;
/// The most members that a group is created with, besides its owner.
pub const FIRST_MEMBERS_MAX: usize = 100;
/// What IDs begin with that the server makes.
pub const GENERATED_PREFIX: &str = "@TGS#";

closed_set! {
    /// What kind of group it is.
    GroupType {
        /// Members invite others. Also called Work.
        Private = 0 => "private",
        /// Found and joined by request.
        #[default]
        Public = 1 => "public",
        /// Joined freely, nothing kept. Also called Meeting.
        ChatRoom = 2 => "chat_room",
        /// A broadcast's audience.
        AvChatRoom = 3 => "av_chat_room",
        /// Very many members.
        Community = 4 => "community",
    }
}

closed_set! {
    /// How a request to join is answered.
    JoinOption {
        /// Everyone may.
        FreeAccess = 0 => "free_access",
        /// The owner or an admin is asked.
        #[default]
        NeedPermission = 1 => "need_permission",
        /// Nobody may.
        DisableApply = 2 => "disable_apply",
    }
}

closed_set! {
    /// What a member may do.
    MemberRole {
        /// Takes part.
        #[default]
        Member = 0 => "member",
        /// Manages members.
        Admin = 1 => "admin",
        /// Owns the group.
        Owner = 2 => "owner",
    }
}

/// A group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Group {
    /// Its ID within the application: 1 to 48 bytes of printable ASCII.
    pub group_id: String,
    /// What kind it is.
    #[serde(rename = "type")]
    pub group_type: GroupType,
    /// At most 30 bytes.
    pub name: String,
    /// The username of its owner; `""` for none.
    pub owner: String,
    /// At most 240 bytes.
    pub introduction: String,
    /// At most 300 bytes.
    pub notification: String,
    /// At most 100 bytes.
    pub face_url: String,
    /// The most members that it was made for; 0 where nothing was said.
    pub max_members: u32,
    /// How a request to join is answered.
    pub join_option: JoinOption,
    /// How many members it has, with its owner.
    pub members: i64,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A member of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GroupMember {
    /// The username.
    pub user_id: String,
    /// What they may do.
    pub role: MemberRole,
    /// Since when they are a member.
    pub joined_at: Timestamp,
}
