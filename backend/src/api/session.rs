//! `/api/v1/session`: signing in and out, and who is signed in. Slowing down guesses is decided in the database,
//! before anything is verified; hashing lives in [`crate::passwords`].

use crate::{
    error::{ApiError, ApiResult},
    extract::{Json, Operator, SESSION_MILLIS, client},
    layers::trace,
    secrets,
    state::AppState,
};
use axum::{
    extract::State,
    http::{Extensions, HeaderMap, StatusCode, header},
    response::{AppendHeaders, IntoResponse},
};
use rollcall_shared::{
    error::codes,
    session::{Operator as Person, Session, SignIn},
    time::Timestamp,
};
use rollcall_store::{
    StoreError,
    operators::{Attempt, NewSession},
};

/// Who is signed in.
#[utoipa::path(get, path = "/api/v1/session", tag = "session", security(("session" = [])),
    responses((status = 200, body = Session)))]
pub async fn show(operator: Operator) -> Json<Session> {
    let active = operator.session;
    Json(Session { operator: active.operator, expires_at: active.expires_at })
}

/// Signs in and sets the session cookie. A session that the browser had before ends.
#[utoipa::path(post, path = "/api/v1/session", tag = "session", security(), request_body = SignIn,
    responses((status = 200, body = Session)))]
pub async fn sign_in(
    State(state): State<AppState>,
    extensions: Extensions,
    headers: HeaderMap,
    Json(SignIn { email, password }): Json<SignIn>,
) -> ApiResult<impl IntoResponse> {
    let now = state.clock.now();
    let address = client::address(&state, &headers, &extensions);
    attempt(&state, &email, &address, now).await?;
    let known = state.store.credentials(&email).await?;
    let phc = known.as_ref().map(|known| known.password_hash.clone());
    let right = state.passwords.verify(phc, password).await?;
    let Some(known) = known.filter(|_| right) else {
        tracing::info!(target: "sign_in", address, trace_id = trace::current(), "refused");
        let detail = "The e-mail address or the password is wrong.";
        return Err(ApiError::new(StatusCode::UNAUTHORIZED, codes::WRONG_CREDENTIALS, detail));
    };
    state.store.attempt_succeeded(&email, &address).await?;
    begin(&state, known.operator, &headers, address, now).await
}

/// Signs out: ends the session and takes the cookie away.
#[utoipa::path(delete, path = "/api/v1/session", tag = "session", security(("session" = [])),
    responses((status = 204)))]
pub async fn sign_out(State(state): State<AppState>, operator: Operator) -> ApiResult<impl IntoResponse> {
    state.store.end_session(operator.session.operator.id, operator.session.id).await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, state.public_url.expired_cookie())]))
}

/// Counts a try before anything is verified, so that guesses in parallel see each other.
///
/// # Errors
/// 429 when too many failed.
pub(super) async fn attempt(state: &AppState, email: &str, address: &str, now: Timestamp) -> ApiResult<()> {
    match state.store.begin_attempt(email, address, now).await? {
        Attempt::Allowed => Ok(()),
        Attempt::Wait(until) => {
            let millis = until.millis().saturating_sub(now.millis()).max(1);
            let seconds = u64::try_from(millis).unwrap_or(1).div_ceil(1000);
            let detail = format!("Too many tries failed. Try again in {seconds} s.");
            let error = ApiError::new(StatusCode::TOO_MANY_REQUESTS, codes::TOO_MANY_TRIES, detail);
            Err(error.retry_after(seconds))
        }
    }
}

/// Begins a session with a fresh secret, ends the one that the browser had, and answers with the cookie.
pub(super) async fn begin(
    state: &AppState,
    operator: Person,
    headers: &HeaderMap,
    address: String,
    now: Timestamp,
) -> ApiResult<impl IntoResponse + use<>> {
    end_previous(state, headers, now).await?;
    let secret = secrets::random_text()?;
    let expires_at = now.plus_millis(SESSION_MILLIS);
    let session = NewSession {
        operator: operator.id,
        hash: secrets::hash(&secret),
        user_agent: client::user_agent(headers),
        address,
        now,
        expires_at,
    };
    state.store.begin_session(&session).await?;
    let cookie = AppendHeaders([(header::SET_COOKIE, state.public_url.session_cookie(&secret))]);
    Ok((cookie, Json(Session { operator, expires_at })))
}

async fn end_previous(state: &AppState, headers: &HeaderMap, now: Timestamp) -> Result<(), StoreError> {
    let Some(secret) = client::cookie(headers, &state.public_url.cookie_name()) else {
        return Ok(());
    };
    let until = now.plus_millis(SESSION_MILLIS);
    if let Some(old) = state.store.session(&secrets::hash(secret), now, until).await? {
        state.store.end_session(old.operator.id, old.id).await?;
    }
    Ok(())
}
