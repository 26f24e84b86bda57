//! UserSigs as the console makes and checks them. How they are made is in the server; what they are, in docs/chat-api.md.

use crate::{error::FieldError, time::Timestamp, validate};
use serde::{Deserialize, Serialize};

/// How long a UserSig is good for where nothing else is asked for, in days.
pub const DAYS_DEFAULT: u32 = 180;
/// The longest that one can be made for, in days: 50 years.
pub const DAYS_MAX: u32 = 18_250;

/// A UserSig to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewUserSig {
    /// Whom it signs in. The account need not exist yet.
    pub user_id: String,
    /// For how many days, 1 to 18,250.
    pub days: u32,
}

impl NewUserSig {
    /// Everything that is wrong with it.
    pub fn errors(&self) -> Vec<FieldError> {
        let days = (!(1..=DAYS_MAX).contains(&self.days)).then(|| {
            FieldError::new("days", crate::error::codes::OUT_OF_RANGE, "Enter 1 to 18,250 days.")
                .with("min", 1)
                .with("max", DAYS_MAX)
        });
        validate::user_id(&self.user_id).into_iter().chain(days).collect()
    }
}

/// A UserSig, made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserSig {
    /// The text. Whoever has it can act as this user until it expires or the user is kicked.
    pub usersig: String,
    /// The last second in which it is good.
    pub expires_at: Timestamp,
}

/// A UserSig to be checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UserSigCheck {
    /// The text.
    pub usersig: String,
    /// Whose it should be; `""` for whoever it says.
    #[serde(default)]
    pub user_id: String,
}

/// What a UserSig says, and whether it is good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserSigReport {
    /// 0 if it is good, otherwise the code that the server API answers.
    pub code: u32,
    /// Why it is refused; `""` if it is good.
    pub reason: String,
    /// What it says, if it can be read. Nothing of it is proven unless the code is 0.
    pub claims: Option<UserSigClaims>,
}

/// What a UserSig says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserSigClaims {
    /// The application.
    pub sdkappid: i64,
    /// The user.
    pub user_id: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// The last second in which it is good.
    pub expires_at: Timestamp,
}
