//! What belongs to the server API of the chat: groups, pushes, UserSigs, limits, the webhook.

use super::{ApiResult, Method, Request, get, post};
use rollcall_shared::{
    api_call::{ApiCall, CallFilter},
    app::{CallLimits, SdkAppId},
    group::{Group, GroupMember},
    list::Page,
    paths,
    push::{NewPush, Push},
    usersig::{NewUserSig, UserSig, UserSigCheck, UserSigReport},
    webhook::{Webhook, WebhookAnswer, WebhookDeliveries, WebhookSettings},
};

/// A page of groups, the first unless a cursor says otherwise.
pub async fn groups(app: SdkAppId, cursor: Option<&str>) -> ApiResult<Page<Group>> {
    let path = paths::groups(app);
    get(cursor.map_or_else(|| path.clone(), |cursor| format!("{path}?cursor={cursor}"))).send().await
}

/// The members of a group.
pub async fn group_members(app: SdkAppId, group_id: &str) -> ApiResult<Vec<GroupMember>> {
    get(paths::group_members(app, group_id)).send().await
}

/// Destroys a group.
pub async fn destroy_group(app: SdkAppId, group_id: &str) -> ApiResult<()> {
    Request::new(Method::Delete, paths::group(app, group_id)).send_empty().await
}

/// The newest pushes to all members.
pub async fn pushes(app: SdkAppId) -> ApiResult<Vec<Push>> {
    get(paths::pushes(app)).send().await
}

/// Sends one.
pub async fn push(app: SdkAppId, new: &NewPush) -> ApiResult<Push> {
    post(paths::pushes(app)).json(new).send().await
}

/// Makes a UserSig.
pub async fn make_usersig(app: SdkAppId, form: &NewUserSig) -> ApiResult<UserSig> {
    post(paths::usersigs(app)).json(form).send().await
}

/// Checks a UserSig.
pub async fn check_usersig(app: SdkAppId, form: &UserSigCheck) -> ApiResult<UserSigReport> {
    post(paths::usersig_checks(app)).json(form).send().await
}

/// How many calls of the server API the application takes.
pub async fn call_limits(app: SdkAppId) -> ApiResult<CallLimits> {
    get(paths::call_limits(app)).send().await
}

/// Sets that.
pub async fn set_call_limits(app: SdkAppId, limits: CallLimits) -> ApiResult<CallLimits> {
    Request::new(Method::Put, paths::call_limits(app)).json(&limits).send().await
}

/// Its newest calls of the server API that pass a filter.
pub async fn calls(app: SdkAppId, filter: CallFilter) -> ApiResult<Vec<ApiCall>> {
    get(paths::api_calls(app, &filter.to_query())).send().await
}

/// The application's webhook.
pub async fn webhook(app: SdkAppId) -> ApiResult<Webhook> {
    get(paths::webhook(app)).send().await
}

/// Sets it.
pub async fn set_webhook(app: SdkAppId, settings: &WebhookSettings) -> ApiResult<Webhook> {
    Request::new(Method::Put, paths::webhook(app)).json(settings).send().await
}

/// Removes it.
pub async fn remove_webhook(app: SdkAppId) -> ApiResult<()> {
    Request::new(Method::Delete, paths::webhook(app)).send_empty().await
}

/// Sends a test to it.
pub async fn test_webhook(app: SdkAppId) -> ApiResult<WebhookAnswer> {
    post(paths::webhook_tests(app)).send().await
}

/// What became of what it was sent.
pub async fn webhook_deliveries(app: SdkAppId) -> ApiResult<WebhookDeliveries> {
    get(paths::webhook_deliveries(app)).send().await
}
