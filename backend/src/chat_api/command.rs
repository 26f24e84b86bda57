//! Which path is which command, and what is particular about the families of commands: their code for a body that is no
//! JSON, and one more field in the envelope of profiles.

use super::{
    accounts,
    admin::AppAdmin,
    answer::{Answer, Fault},
    codes::{self, Code},
    fields::Fields,
    groups,
    limits::Kind,
    online, profile, push,
};
use crate::state::AppState;

/// A command of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// `im_open_login_svc/account_import`
    Import,
    /// `im_open_login_svc/multiaccount_import`
    ImportMany,
    /// `im_open_login_svc/account_delete`
    Delete,
    /// `im_open_login_svc/account_check`
    Check,
    /// `im_open_login_svc/kick`
    Kick,
    /// `openim/query_online_status`, and the names that clients call it by.
    QueryOnline,
    /// `group_open_http_svc/create_group`
    CreateGroup,
    /// `group_open_http_svc/destroy_group`
    DestroyGroup,
    /// `all_member_push/im_push`
    Push,
    /// `profile/portrait_set`
    PortraitSet,
    /// `profile/portrait_get`
    PortraitGet,
}

impl Command {
    /// The code where a service has no such command, or there is no such service.
    pub fn unknown(service: &str) -> Code {
        if service == "group_open_http_svc" { codes::GROUP_NO_COMMAND } else { codes::NO_SUCH_COMMAND }
    }

    /// The command of a path.
    pub fn of(service: &str, command: &str) -> Option<Self> {
        Some(match (service, command) {
            ("im_open_login_svc", "account_import") => Self::Import,
            ("im_open_login_svc", "multiaccount_import") => Self::ImportMany,
            ("im_open_login_svc", "account_delete") => Self::Delete,
            ("im_open_login_svc", "account_check") => Self::Check,
            ("im_open_login_svc", "kick") => Self::Kick,
            ("openim", "query_online_status" | "querystate") => Self::QueryOnline,
            // A widespread client calls it there.
            ("im_open_login_svc", "query_online_status") => Self::QueryOnline,
            ("group_open_http_svc", "create_group") => Self::CreateGroup,
            ("group_open_http_svc", "destroy_group") => Self::DestroyGroup,
            ("all_member_push", "im_push") => Self::Push,
            ("profile", "portrait_set") => Self::PortraitSet,
            ("profile", "portrait_get") => Self::PortraitGet,
            _ => return None,
        })
    }

    /// The code for a body that is no JSON object.
    pub const fn bad_json(self) -> Code {
        match self {
            Self::Import | Self::ImportMany | Self::Delete | Self::Check | Self::Kick => codes::BAD_JSON,
            Self::QueryOnline | Self::Push => codes::ONLINE_BAD_JSON,
            Self::CreateGroup | Self::DestroyGroup => codes::GROUP_BAD_PARAMETER,
            Self::PortraitSet | Self::PortraitGet => codes::PROFILE_BAD_JSON,
        }
    }

    /// Which limit of calls it counts for.
    pub const fn kind(self) -> Kind {
        match self {
            Self::ImportMany | Self::Delete | Self::Check => Kind::Bulk,
            _ => Kind::Other,
        }
    }

    /// The arrays that its answers always have.
    pub const fn arrays(self) -> &'static [&'static str] {
        match self {
            Self::ImportMany => &["FailAccounts"],
            Self::QueryOnline => &["QueryResult", "ErrorList"],
            _ => &[],
        }
    }

    /// Whether the envelope has an `ErrorDisplay`, which is always empty.
    pub const fn has_display(self) -> bool {
        matches!(self, Self::PortraitSet | Self::PortraitGet)
    }

    /// Does what is asked.
    pub async fn run(self, state: &AppState, admin: &AppAdmin, fields: &Fields) -> Result<Answer, Fault> {
        match self {
            Self::Import => accounts::import(state, admin, fields).await,
            Self::ImportMany => accounts::import_many(state, admin, fields).await,
            Self::Delete => accounts::delete(state, admin, fields).await,
            Self::Check => accounts::check(state, admin, fields).await,
            Self::Kick => accounts::kick(state, admin, fields).await,
            Self::QueryOnline => online::query(state, admin, fields).await,
            Self::CreateGroup => groups::create(state, admin, fields).await,
            Self::DestroyGroup => groups::destroy(state, admin, fields).await,
            Self::Push => push::push(state, admin, fields).await,
            Self::PortraitSet => profile::set(state, admin, fields).await,
            Self::PortraitGet => profile::get(state, admin, fields).await,
        }
    }
}
