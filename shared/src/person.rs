//! Everything held about one account: asked for as a bundle, and erased with a certificate. How a certificate is signed is
//! the server's business.

use crate::{
    app::SdkAppId,
    error::{FieldError, codes},
    profile::{TEXT_MAX, USER_ID_MAX},
    time::Timestamp,
    validate,
};
use serde::{Deserialize, Serialize};

/// The largest reason of an erasure, in bytes of UTF-8.
pub const REASON_MAX: usize = TEXT_MAX;

/// Asks for everything that is held about an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BundleRequest {
    /// The username; the account need not exist any more.
    pub user_id: String,
}

impl BundleRequest {
    /// Everything that is wrong with it.
    pub fn errors(&self) -> Vec<FieldError> {
        named(&self.user_id).into_iter().collect()
    }
}

/// Any username is looked for, whatever the rules for new ones are.
fn named(user_id: &str) -> Option<FieldError> {
    if user_id.is_empty() {
        return Some(FieldError::new("user_id", codes::REQUIRED, "Enter the username."));
    }
    (user_id.len() > USER_ID_MAX || user_id.contains('\0')).then(|| {
        FieldError::new("user_id", codes::INVALID, format!("A username has at most {USER_ID_MAX} bytes."))
    })
}

/// Asks for an account and everything that names it to be erased.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ErasureRequest {
    /// The username; the account need not exist any more.
    pub user_id: String,
    /// Why; stands in the certificate, so it should not name the person. 1 to 500 bytes.
    pub reason: String,
    /// The username once more.
    pub confirm: String,
}

impl ErasureRequest {
    /// Everything that is wrong with it.
    ///
    /// ```
    /// use rollcall_shared::person::ErasureRequest;
    /// let ask = |confirm: &str| ErasureRequest {
    ///     user_id: "ming".into(), reason: "asked for by letter".into(), confirm: confirm.into(),
    /// };
    /// assert!(ask("ming").errors().is_empty());
    /// assert_eq!(ask("Ming").errors()[0].field, "confirm");
    /// ```
    pub fn errors(&self) -> Vec<FieldError> {
        let no_reason = self.reason.trim().is_empty();
        let reason = no_reason.then(|| FieldError::new("reason", codes::REQUIRED, "Enter the reason."));
        let reason = reason.or_else(|| validate::text("reason", &self.reason, REASON_MAX));
        let confirm = (self.confirm != self.user_id)
            .then(|| FieldError::new("confirm", codes::INVALID, "Repeat the username exactly."));
        [named(&self.user_id), reason, confirm].into_iter().flatten().collect()
    }
}

/// Rows that an erasure removed, or made to name nobody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Removed {
    /// The table of the database.
    pub table: String,
    /// How many rows.
    pub rows: u64,
}

/// What an erasure left, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// The table of the database, or the place.
    pub table: String,
    /// How many rows, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
    /// Why they stay, and for how long.
    pub why: String,
}

/// Says that an account was erased, and what of it stays. It does not hold the username.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// Its id: opaque.
    pub id: String,
    /// The application.
    pub sdkappid: SdkAppId,
    /// The SHA-256 of the username, in hex.
    pub user_id_sha256: String,
    /// When the erasure began.
    pub erased_at: Timestamp,
    /// Who asked for it, like `operator:1`.
    pub erased_by: String,
    /// Why.
    pub reason: String,
    /// What was removed, by table.
    pub removed: Vec<Removed>,
    /// What stays, and why.
    pub kept: Vec<Kept>,
    /// The version of the server that did it.
    pub server_version: String,
    /// HMAC-SHA256 of all that stands above it, in hex, by a key that the server alone has.
    pub signature: String,
}

impl Certificate {
    /// What is signed: the certificate without its signature, as JSON in the order of its fields.
    pub fn signed_bytes(&self) -> Vec<u8> {
        let unsigned = Self { signature: String::new(), ..self.clone() };
        // Texts and numbers can always be written.
        serde_json::to_vec(&unsigned).unwrap_or_default()
    }
}

/// Asks whether a certificate is one of the server's, unchanged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CertificateCheck {
    /// The certificate, as it was given out.
    #[cfg_attr(feature = "openapi", schema(value_type = Certificate))]
    pub certificate: serde_json::Value,
}

/// What came of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CertificateVerdict {
    /// Whether this application's server signed exactly this.
    pub valid: bool,
}
