//! Permission on the application that the path names. A token opens its own application only, and is told nothing
//! about any other, not even whether it exists.

use super::{Caller, Operator, Path, reading};
use crate::{
    error::{ApiError, ApiResult},
    state::AppState,
};
use axum::{extract::FromRequestParts, http::request::Parts};
use rollcall_shared::{
    app::{App, SdkAppId, TokenAccess},
    time::Timestamp,
};
use rollcall_store::{Change, Store, operators::ActiveSession};
use serde::Deserialize;

#[derive(Deserialize)]
struct AppParam {
    app: SdkAppId,
}

async fn app_of(parts: &mut Parts, state: &AppState) -> ApiResult<SdkAppId> {
    let Path(AppParam { app }) = Path::from_request_parts(parts, state).await?;
    Ok(app)
}

async fn caller_of(parts: &Parts, state: &AppState, app: SdkAppId, now: Timestamp) -> ApiResult<Caller> {
    let caller = Caller::of(parts, state, now).await?;
    match &caller {
        Caller::Token(grant) if grant.app != app => {
            Err(ApiError::forbidden("This token belongs to another application."))
        }
        _ => Ok(caller),
    }
}

/// May read the application's accounts: an operator, or any token of this application. A disabled application
/// can be read.
#[derive(Clone, Debug)]
pub struct AppReader {
    /// The application, which exists.
    pub app: App,
    /// Who reads.
    pub caller: Caller,
    /// The time of the request.
    pub now: Timestamp,
    /// What this caller reads from: the replica, if there is one that has all that the caller wrote.
    pub store: Store,
}

impl AppReader {
    /// The application's id.
    pub const fn id(&self) -> SdkAppId {
        self.app.sdkappid
    }
}

impl FromRequestParts<AppState> for AppReader {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> ApiResult<Self> {
        let (now, id) = (state.clock.now(), app_of(parts, state).await?);
        let caller = caller_of(parts, state, id, now).await?;
        let app = state.store.app(id).await?.ok_or_else(ApiError::not_found)?;
        let store = reading::side(parts, state, &caller);
        Ok(Self { app, caller, now, store })
    }
}

/// May change the application's accounts: an operator, or a write token of this application. Whether it exists
/// and is enabled is decided by the store, in the transaction of the change.
#[derive(Clone, Debug)]
pub struct AppWriter {
    /// The application's id.
    pub app: SdkAppId,
    /// Who writes.
    pub caller: Caller,
    /// The time of the request.
    pub now: Timestamp,
}

impl AppWriter {
    /// The circumstances of a change that this caller makes.
    pub const fn change(&self) -> Change {
        Change { actor: self.caller.actor(), now: self.now }
    }
}

impl FromRequestParts<AppState> for AppWriter {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> ApiResult<Self> {
        let (now, app) = (state.clock.now(), app_of(parts, state).await?);
        let caller = caller_of(parts, state, app, now).await?;
        match &caller {
            Caller::Token(grant) if grant.access != TokenAccess::Write => {
                Err(ApiError::forbidden("This token may read only."))
            }
            _ => Ok(Self { app, caller, now }),
        }
    }
}

/// May change the application itself: its settings, secret key, restriction and tokens. Operators only.
#[derive(Clone, Debug)]
pub struct AppOwner {
    /// The application's id; the store knows whether it exists.
    pub app: SdkAppId,
    /// The operator's session.
    pub session: ActiveSession,
    /// The time of the request.
    pub now: Timestamp,
}

impl AppOwner {
    /// The circumstances of a change that this operator makes.
    pub const fn change(&self) -> Change {
        Change { actor: rollcall_store::Actor::Operator(self.session.operator.id), now: self.now }
    }
}

impl FromRequestParts<AppState> for AppOwner {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> ApiResult<Self> {
        let Operator { session, now } = Operator::from_request_parts(parts, state).await?;
        Ok(Self { app: app_of(parts, state).await?, session, now })
    }
}
