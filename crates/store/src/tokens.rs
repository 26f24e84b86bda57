//! API tokens of an application. Only SHA-256 of a token is stored.

use crate::{Change, Refusal, Result, Store};
use rollcall_shared::{app::{ApiToken, NewToken, SdkAppId, TokenAccess}, time::Timestamp};

/// What a valid token stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenGrant {
    /// Its id.
    pub id: i64,
    /// The only application it opens.
    pub app: SdkAppId,
    /// Read or write.
    pub access: TokenAccess,
}

impl Store {
    /// The application's tokens, newest first, expired ones included. At most 200.
    pub async fn tokens(&self, app: SdkAppId) -> Result<Vec<ApiToken>> { let _ = app; unimplemented!() }
    /// Keeps a new token by its hash. At most 200 per application (`AdminLimit` is not used for that: oldest expired go first, else `Refusal::Taken`).
    pub async fn create_token(&self, change: &Change, app: SdkAppId, token: &NewToken, hash: &[u8; 32]) -> Result<Result<ApiToken, Refusal>> { let _ = (change, app, token, hash); unimplemented!() }
    /// Ends a token; false when there is none.
    pub async fn revoke_token(&self, app: SdkAppId, id: i64) -> Result<bool> { let _ = (app, id); unimplemented!() }
    /// The grant of a token that is not expired; notes its use, at most once a minute.
    pub async fn token_grant(&self, hash: &[u8; 32], now: Timestamp) -> Result<Option<TokenGrant>> { let _ = (hash, now); unimplemented!() }
}
