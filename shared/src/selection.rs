//! Which accounts a bulk action means, and what became of each.

use crate::{
    account::AccountPatch,
    error::{FieldError, codes},
    list::AccountFilter,
    time::Timestamp,
    validate,
};
use serde::{Deserialize, Serialize};

/// The most user IDs, and the most accounts, in one request.
pub const BATCH_MAX: usize = 1000;
/// The most user IDs that can be taken out of a filter's selection.
pub const EXCEPT_MAX: usize = 10_000;

/// The accounts of a bulk action: named ones, or all that match a filter.
///
/// ```
/// use rollcall_shared::selection::Selection;
/// let s: Selection = serde_json::from_str(r#"{"user_ids":["ming"]}"#).unwrap();
/// assert!(matches!(s, Selection::UserIds { .. }));
/// let s: Selection = serde_json::from_str(r#"{"filter":{"q":"明"},"as_of":"2026-11-22T18:00:00Z","expected":7}"#).unwrap();
/// assert!(matches!(s, Selection::Matching(_)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(untagged)]
pub enum Selection {
    /// Named accounts, at most [`BATCH_MAX`].
    UserIds {
        /// Their usernames.
        user_ids: Vec<String>,
    },
    /// All that match.
    Matching(Matching),
}

/// All accounts that match a filter, as the operator saw them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Matching {
    /// The filter; an empty one means every account.
    pub filter: AccountFilter,
    /// Usernames that are not meant, at most [`EXCEPT_MAX`].
    #[serde(default)]
    pub except: Vec<String>,
    /// Accounts created after this instant are not meant.
    pub as_of: Timestamp,
    /// How many the operator was shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<u64>,
}

/// The same change for many accounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AccountEdit {
    /// Which accounts.
    pub selection: Selection,
    /// What is written over each of them, as it stands; at least one field.
    pub patch: AccountPatch,
}

impl AccountEdit {
    /// Everything that is wrong with the patch.
    pub fn patch_errors(&self) -> Vec<FieldError> {
        let mut errors = validate::patch(&self.patch);
        if self.patch.is_empty() {
            errors.push(FieldError::new("", codes::REQUIRED, "Change at least one field."));
        }
        for error in &mut errors {
            let field = std::mem::take(&mut error.field);
            error.field = if field.is_empty() { "patch".to_owned() } else { format!("patch.{field}") };
        }
        errors
    }
}

/// What to do with an account of a batch whose user ID exists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum OnExisting {
    /// It is refused as taken.
    #[default]
    Refuse,
    /// What the batch gives is written over what is there; the type stays.
    Update,
}

/// Accounts to be created together; each has a result of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AccountBatch {
    /// At most [`BATCH_MAX`]; of an ID that is there twice, the last wins.
    pub accounts: Vec<crate::account::NewAccount>,
    /// What to do with an ID that exists.
    #[serde(default)]
    pub on_existing: OnExisting,
}

/// What became of one account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ItemStatus {
    /// It was created.
    Created,
    /// It was changed.
    Updated,
    /// It had these values already.
    Unchanged,
    /// It was deleted.
    Deleted,
    /// Nothing was done; `errors` says why.
    Refused,
}

/// The result for one account of a batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ItemResult {
    /// The username.
    pub user_id: String,
    /// What became of it.
    pub status: ItemStatus,
    /// Why it was refused.
    #[serde(default)]
    pub errors: Vec<FieldError>,
}

/// The results of a batch, in its order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BatchResults {
    /// One for each distinct username.
    pub results: Vec<ItemResult>,
}
