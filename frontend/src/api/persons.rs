//! Everything held about one account, and its erasure.

use super::{ApiResult, get, post, transport};
use rollcall_shared::{
    app::SdkAppId,
    list::Page,
    paths,
    person::{BundleRequest, Certificate, ErasureRequest},
};

/// Fetches everything held about an account, and has the browser save it.
pub async fn save_bundle(app: SdkAppId, user_id: &str) -> ApiResult<()> {
    let request = BundleRequest { user_id: user_id.to_owned() };
    transport::save(post(paths::account_bundles(app)).json(&request)).await
}

/// Erases an account with whatever names it.
pub async fn erase_account(app: SdkAppId, request: &ErasureRequest) -> ApiResult<Certificate> {
    post(paths::account_erasures(app)).json(request).send().await
}

/// The newest certificates of erasures.
pub async fn erasures(app: SdkAppId) -> ApiResult<Page<Certificate>> {
    get(paths::erasures(app)).send().await
}

/// Those after a page.
pub async fn older_erasures(app: SdkAppId, cursor: &str) -> ApiResult<Page<Certificate>> {
    get(format!("{}?cursor={cursor}", paths::erasures(app))).send().await
}
