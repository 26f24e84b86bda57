//! Sign-in and the operator's own things.

use super::{ApiResult, Method, Request, get, post};
use rollcall_shared::{
    paths,
    session::{PasswordChange, Session, SessionInfo, Setup, SignIn},
};

/// Begins a session.
pub async fn sign_in(form: &SignIn) -> ApiResult<Session> {
    post(paths::session()).json(form).send().await
}

/// Who is signed in.
pub async fn session() -> ApiResult<Session> {
    get(paths::session()).send().await
}

/// Ends the session.
pub async fn sign_out() -> ApiResult<()> {
    Request::new(Method::Delete, paths::session()).send_empty().await
}

/// Uses a one-time link.
pub async fn setup(form: &Setup) -> ApiResult<Session> {
    post(paths::setup()).json(form).send().await
}

/// The operator's sessions.
pub async fn sessions() -> ApiResult<Vec<SessionInfo>> {
    get(paths::sessions()).send().await
}

/// Ends one of them.
pub async fn end_session(id: i64) -> ApiResult<()> {
    Request::new(Method::Delete, paths::session_by_id(id)).send_empty().await
}

/// Changes the password.
pub async fn change_password(form: &PasswordChange) -> ApiResult<()> {
    Request::new(Method::Put, paths::password()).json(form).send_empty().await
}
