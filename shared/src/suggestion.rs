//! What a search that found nothing may have meant.

use serde::{Deserialize, Serialize};

/// The most suggestions for a search.
pub const SUGGESTIONS_MAX: usize = 5;

/// A text to search for instead, with an account that it finds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Suggestion {
    /// The text: the account's username, its nickname or a word of either.
    pub q: String,
    /// The account's username.
    pub user_id: String,
    /// Its nickname.
    pub nickname: String,
}

/// The suggestions for a search, the nearest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Suggestions {
    /// At most [`SUGGESTIONS_MAX`].
    pub items: Vec<Suggestion>,
}
