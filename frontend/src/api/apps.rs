//! Applications, their secret keys and tokens.

use super::{ApiResult, Method, Request, get, post};
use rollcall_shared::{
    app::{
        ApiToken, App, AppPatch, CreatedApp, CreatedToken, DeletionRestriction, NewApp, NewToken, SdkAppId,
        SecretKey,
    },
    job::Job,
    paths,
};

/// Every application.
pub async fn apps() -> ApiResult<Vec<App>> {
    get(paths::apps()).send().await
}

/// One application.
pub async fn app(app: SdkAppId) -> ApiResult<App> {
    get(paths::app(app)).send().await
}

/// Creates an application.
pub async fn create_app(form: &NewApp) -> ApiResult<CreatedApp> {
    post(paths::apps()).json(form).send().await
}

/// Changes an application's settings, if it is still as `app` says.
pub async fn patch_app(app: &App, patch: &AppPatch) -> ApiResult<App> {
    let request = Request::new(Method::Patch, paths::app(app.sdkappid));
    request.json(patch).header("If-Match", app.etag()).send().await
}

/// Deletes an application; `name` as it was typed.
pub async fn delete_app(app: SdkAppId, name: &str) -> ApiResult<Job> {
    let confirm = percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC);
    Request::new(Method::Delete, format!("{}?confirm={confirm}", paths::app(app))).send().await
}

/// Shows the secret key.
pub async fn reveal_secret_key(app: SdkAppId) -> ApiResult<SecretKey> {
    post(paths::secret_key_reveal(app)).send().await
}

/// Makes a new secret key.
pub async fn rotate_secret_key(app: SdkAppId) -> ApiResult<SecretKey> {
    post(paths::secret_key_rotate(app)).send().await
}

/// Lifts the deletion restriction or puts it back.
pub async fn set_deletion_restriction(app: SdkAppId, lifted: bool) -> ApiResult<App> {
    let body = DeletionRestriction { lifted, reason: String::new() };
    Request::new(Method::Put, paths::deletion_restriction(app)).json(&body).send().await
}

/// The application's tokens.
pub async fn tokens(app: SdkAppId) -> ApiResult<Vec<ApiToken>> {
    get(paths::tokens(app)).send().await
}

/// Makes a token.
pub async fn create_token(app: SdkAppId, form: &NewToken) -> ApiResult<CreatedToken> {
    post(paths::tokens(app)).json(form).send().await
}

/// Ends a token.
pub async fn revoke_token(app: SdkAppId, id: i64) -> ApiResult<()> {
    Request::new(Method::Delete, paths::token(app, id)).send_empty().await
}
