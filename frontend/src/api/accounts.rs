//! Accounts, and the long work on them.

use super::{ApiResult, Method, Outcome, Request, Tagged, get, post, read};
use rollcall_shared::{
    account::{Account, AccountPatch, NewAccount},
    app::SdkAppId,
    export::ExportManifest,
    job::{ExportRequest, Job},
    list::{AccountFilter, CountMode, ListQuery, Page},
    paths,
    profile::AccountType,
    selection::{AccountEdit, Selection},
    suggestion::Suggestions,
};

/// A page of accounts.
pub async fn accounts(app: SdkAppId, query: &ListQuery) -> ApiResult<Page<Account>> {
    get(paths::account_list(app, query)).send().await
}

/// A first page, however far its search must go: what the server cut short is read on from where it stopped, until the page is
/// full. On the server itself it stays cut, since nobody sees how far it is.
pub async fn first_accounts(app: SdkAppId, query: &ListQuery) -> ApiResult<Page<Account>> {
    let mut page = accounts(app, query).await?;
    while cfg!(target_arch = "wasm32") && is_cut(&page, query) {
        let rest = ListQuery {
            cursor: page.next.take(),
            limit: query.limit - page.items.len() as u32,
            offset: None,
            seek: None,
            count: CountMode::None,
            ..query.clone()
        };
        let more = accounts(app, &rest).await?;
        page.items.extend(more.items);
        (page.next, page.complete) = (more.next, more.complete);
    }
    Ok(page)
}

/// Whether a page would have more rows if its search had gone on.
pub fn is_cut(page: &Page<Account>, query: &ListQuery) -> bool {
    !page.complete && page.next.is_some() && page.items.len() < query.limit as usize
}

/// What a search that found nothing may have meant.
pub async fn suggestions(app: SdkAppId, filter: &AccountFilter) -> ApiResult<Suggestions> {
    get(paths::account_suggestions(app, filter)).send().await
}

/// One account with its entity tag.
pub async fn account(app: SdkAppId, user_id: &str) -> ApiResult<Tagged<Account>> {
    get(paths::account(app, user_id)).send_tagged().await
}

/// Creates an account. The same key with the same form creates it once, however often it is sent.
pub async fn create_account(app: SdkAppId, form: &NewAccount, key: &str) -> ApiResult<Tagged<Account>> {
    post(paths::accounts(app)).json(form).header("Idempotency-Key", key).send_tagged().await
}

/// Changes an account that is still as its tag says.
pub async fn patch_account(
    app: SdkAppId,
    user_id: &str,
    etag: &str,
    patch: &AccountPatch,
) -> ApiResult<Tagged<Account>> {
    let request = Request::new(Method::Patch, paths::account(app, user_id));
    request.json(patch).header("If-Match", etag).send_tagged().await
}

/// Makes an account an admin, or a general account again.
pub async fn set_account_type(app: SdkAppId, user_id: &str, to: AccountType) -> ApiResult<Account> {
    let path = match to {
        AccountType::Admin => paths::set_admin(app, user_id),
        AccountType::General => paths::cancel_admin(app, user_id),
    };
    post(path).send().await
}

/// Deletes a selection.
pub async fn delete_accounts(app: SdkAppId, selection: &Selection) -> ApiResult<Outcome> {
    outcome(post(paths::account_deletions(app)).json(selection)).await
}

/// Writes the same values over a selection.
pub async fn edit_accounts(app: SdkAppId, edit: &AccountEdit) -> ApiResult<Outcome> {
    outcome(post(paths::account_edits(app)).json(edit)).await
}

async fn outcome(request: Request) -> ApiResult<Outcome> {
    let reply = request.reply().await?;
    match reply.status {
        202 => read(&reply).map(Outcome::Job),
        _ => read(&reply).map(Outcome::Results),
    }
}

/// Asks for a file of accounts.
pub async fn export(app: SdkAppId, request: &ExportRequest) -> ApiResult<Job> {
    post(paths::exports(app)).json(request).send().await
}

/// What is proven of the file of an export.
pub async fn export_manifest(app: SdkAppId, id: &str) -> ApiResult<ExportManifest> {
    get(paths::export_manifest(app, id)).send().await
}

/// The application's jobs, newest first.
pub async fn jobs(app: SdkAppId) -> ApiResult<Vec<Job>> {
    get(paths::jobs(app)).send().await
}

/// Where a job stands.
pub async fn job(app: SdkAppId, id: &str) -> ApiResult<Job> {
    get(paths::job(app, id)).send().await
}

/// Asks a job to stop.
pub async fn cancel_job(app: SdkAppId, id: &str) -> ApiResult<Job> {
    Request::new(Method::Delete, paths::job(app, id)).send().await
}
