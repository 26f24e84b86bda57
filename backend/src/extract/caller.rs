//! Who calls: an operator by the session cookie, or a program by a token. What they may do with an application
//! lives in `app.rs` beside this file.

use super::client::{self, Authorization};
use crate::{
    error::{ApiError, ApiResult},
    secrets,
    state::AppState,
};
use axum::{extract::FromRequestParts, http::request::Parts};
use rollcall_shared::time::Timestamp;
use rollcall_store::{Actor, Change, operators::ActiveSession, tokens::TokenGrant};

/// How long an unused session lives: 14 days.
pub const SESSION_MILLIS: i64 = 14 * 24 * 60 * 60 * 1000;

/// A caller who proved who they are.
#[derive(Clone, Debug)]
pub enum Caller {
    /// A person at the console.
    Operator(ActiveSession),
    /// A program, of one application.
    Token(TokenGrant),
}

impl Caller {
    /// The caller as `created_by` and `updated_by` keep it.
    pub const fn actor(&self) -> Actor {
        match self {
            Self::Operator(session) => Actor::Operator(session.operator.id),
            Self::Token(grant) => Actor::Token(grant.id),
        }
    }

    /// The caller's name where Idempotency-Keys are kept apart.
    pub fn key(&self) -> String {
        match self {
            Self::Operator(session) => format!("operator:{}", session.operator.id),
            Self::Token(grant) => format!("token:{}", grant.id),
        }
    }

    /// Finds out who sent the request. A request that carries an `Authorization` header is judged by that alone,
    /// whatever its cookies say.
    pub(super) async fn of(parts: &Parts, state: &AppState, now: Timestamp) -> ApiResult<Self> {
        match client::authorization(&parts.headers) {
            Authorization::Token(token) => {
                let grant = state.store.token_grant(&secrets::hash(token), now).await?;
                grant.map(Self::Token).ok_or_else(ApiError::unauthenticated)
            }
            Authorization::Absent => session(parts, state, now).await.map(Self::Operator),
            Authorization::Other => Err(ApiError::unauthenticated()),
        }
    }
}

async fn session(parts: &Parts, state: &AppState, now: Timestamp) -> ApiResult<ActiveSession> {
    let cookie = client::cookie(&parts.headers, &state.public_url.cookie_name());
    let secret = cookie.ok_or_else(ApiError::unauthenticated)?;
    let until = now.plus_millis(SESSION_MILLIS);
    state.store.session(&secrets::hash(secret), now, until).await?.ok_or_else(ApiError::unauthenticated)
}

/// A signed-in operator. Tokens are refused: they open one application's accounts, nothing else.
#[derive(Clone, Debug)]
pub struct Operator {
    /// The session and whose it is.
    pub session: ActiveSession,
    /// The time of the request.
    pub now: Timestamp,
}

impl Operator {
    /// The circumstances of a change that this operator makes.
    pub const fn change(&self) -> Change {
        Change { actor: Actor::Operator(self.session.operator.id), now: self.now }
    }
}

impl FromRequestParts<AppState> for Operator {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> ApiResult<Self> {
        let now = state.clock.now();
        match Caller::of(parts, state, now).await? {
            Caller::Operator(session) => Ok(Self { session, now }),
            Caller::Token(_) => Err(ApiError::forbidden("Only operators may do this, not API tokens.")),
        }
    }
}
