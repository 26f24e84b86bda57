//! Operators and how they sign in. Passwords are only ever in requests.

use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A person who uses the console.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Operator {
    /// Its number.
    pub id: i64,
    /// The address it signs in with, compared without regard to case.
    pub email: String,
    /// How it is shown.
    pub name: String,
}

/// A sign-in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The operator's address.
    pub email: String,
    /// The password.
    pub password: String,
}

/// The first use of a one-time link: the operator chooses a name and a password and is signed in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Setup {
    /// The secret of the link.
    pub token: String,
    /// The address to sign in with.
    pub email: String,
    /// How the operator is shown.
    pub name: String,
    /// At least 12 bytes.
    pub password: String,
}

/// A change of the own password. Every other session of the operator ends.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// The password in use.
    pub current_password: String,
    /// At least 12 bytes.
    pub new_password: String,
}

/// Who is signed in, and for how long.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    /// The operator.
    pub operator: Operator,
    /// When the session ends unless it is used.
    pub expires_at: Timestamp,
}

/// One of the operator's sessions, as the list shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionInfo {
    /// Names the session in the list and when it is revoked; it does not sign anyone in.
    pub id: i64,
    /// The browser's own description of itself, cut at 200 bytes.
    pub user_agent: String,
    /// The client's address at sign-in.
    pub address: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_seen_at: Timestamp,
    /// When it ends unless it is used.
    pub expires_at: Timestamp,
    /// Whether it is the session that asks.
    pub current: bool,
}
