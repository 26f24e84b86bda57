//! Applications: their settings, secret key, deletion restriction and API tokens.

use crate::{
    custom_field::CustomField,
    error::{FieldError, codes},
    profile::{FriendVerification, UnknownValue, closed_set},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// The SDKAppID: the number that names an application everywhere. The first is 1400000001; none is used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct SdkAppId(pub i64);

/// The first SDKAppID.
pub const FIRST_SDKAPPID: SdkAppId = SdkAppId(1_400_000_001);

impl fmt::Display for SdkAppId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for SdkAppId {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

closed_set! {
    /// Whether an application can be used.
    AppStatus {
        /// In use.
        #[default]
        Enabled = 0 => "enabled",
        /// It can be read, exported and enabled; nothing else.
        Disabled = 1 => "disabled",
    }
}

closed_set! {
    /// When the user ID of a deleted account can be used again.
    UserIdReuse {
        /// At once.
        #[default]
        AtOnce = 0 => "at_once",
        /// After 90 days, as the vendor does.
        #[serde(rename = "after_90_days")]
        After90Days = 1 => "after_90_days",
    }
}

/// An application, without its secret key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct App {
    /// Its number.
    pub sdkappid: SdkAppId,
    /// 1 to 80 bytes; several applications may have the same name.
    pub name: String,
    /// Enabled or disabled.
    pub status: AppStatus,
    /// How many accounts it has, exactly.
    pub accounts: i64,
    /// How many of them are admins, at most 10.
    pub admins: i64,
    /// Whether the deletion restriction has been lifted.
    pub deletion_permitted: bool,
    /// What a new account's friend verification is when nothing is said.
    pub friend_verification_default: FriendVerification,
    /// When a deleted user ID can be used again.
    pub user_id_reuse: UserIdReuse,
    /// The custom profile fields of its accounts, in the order in which forms show them; at most 20.
    #[serde(default)]
    pub custom_fields: Vec<CustomField>,
    /// When it was created.
    pub created_at: Timestamp,
    /// Starts at 1 and grows with each change of a setting.
    pub version: i64,
}

impl App {
    /// The strong entity tag: see [`crate::account::etag`].
    pub fn etag(&self) -> String {
        crate::account::etag(self.created_at, self.version)
    }
}

/// An application to be created.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewApp {
    /// 1 to 80 bytes.
    pub name: String,
}

/// The answer to the creation of an application: the only one that holds its secret key unasked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreatedApp {
    /// The application.
    #[serde(flatten)]
    pub app: App,
    /// 64 hex digits.
    pub secret_key: String,
}

/// A change of an application's settings; absent fields stay.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AppPatch {
    /// A new name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Enable or disable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<AppStatus>,
    /// See [`App::friend_verification_default`]; existing accounts keep theirs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub friend_verification_default: Option<FriendVerification>,
    /// See [`App::user_id_reuse`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id_reuse: Option<UserIdReuse>,
    /// All custom fields: those that there are, with other rights or in another order, and new ones. None is removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_fields: Option<Vec<CustomField>>,
}

/// An application's secret key, revealed or rotated on request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SecretKey {
    /// 64 hex digits; signs UserSigs as text, not decoded.
    pub secret_key: String,
}

/// The most calls that a limit can be set to.
pub const CALL_LIMIT_MAX: u32 = 1_000_000;

/// How many calls of the server API an application takes; 0 is any number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CallLimits {
    /// Of the commands on many accounts in a second: multiaccount_import, account_delete, account_check.
    pub bulk: u32,
    /// Of every other command in a second.
    pub other: u32,
    /// Of pushes to all members in 24 hours, whoever sends them. 100 unless said otherwise.
    #[serde(default = "pushes_a_day")]
    pub pushes: u32,
}

const fn pushes_a_day() -> u32 {
    100
}

impl Default for CallLimits {
    fn default() -> Self {
        Self { bulk: 100, other: 200, pushes: pushes_a_day() }
    }
}

impl CallLimits {
    /// Everything that is wrong with them.
    pub fn errors(&self) -> Vec<FieldError> {
        let check = |field: &str, value: u32| {
            (value > CALL_LIMIT_MAX).then(|| {
                FieldError::new(field, codes::OUT_OF_RANGE, "Enter 0 to 1,000,000 calls.")
                    .with("min", 0)
                    .with("max", CALL_LIMIT_MAX)
            })
        };
        [check("bulk", self.bulk), check("other", self.other), check("pushes", self.pushes)]
            .into_iter()
            .flatten()
            .collect()
    }
}

/// Lifts the deletion restriction, or puts it back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DeletionRestriction {
    /// `true` permits deletion.
    pub lifted: bool,
    /// Why, at most 500 bytes; kept with the application.
    #[serde(default)]
    pub reason: String,
}

closed_set! {
    /// What a token may do.
    TokenAccess {
        /// GET only, and exports.
        #[default]
        Read = 0 => "read",
        /// Everything on the application's accounts.
        Write = 1 => "write",
    }
}

/// A token to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// What it is for, 1 to 80 bytes.
    pub name: String,
    /// Read or write.
    pub access: TokenAccess,
    /// Days until it expires, 1 to 730.
    pub expires_in_days: u32,
}

/// A token as a list shows it: never the secret itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApiToken {
    /// Its number within the application's tokens.
    pub id: i64,
    /// What it is for.
    pub name: String,
    /// Read or write.
    pub access: TokenAccess,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who made it.
    pub created_by: String,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
}

/// The answer to the making of a token: the only time its text is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreatedToken {
    /// The token.
    #[serde(flatten)]
    pub info: ApiToken,
    /// `rc_` and 43 characters of base64url.
    pub token: String,
}
