//! `/api/v1/apps/{app}/accounts`: the list and single accounts. Batches and deletions of a selection have files
//! of their own.

use super::conditional::none_match;
use crate::{
    changes::ChangeKind,
    error::{ApiError, ApiResult},
    extract::{AppReader, AppWriter, HashedJson, IdempotencyHeader, IfMatch, Json, UserId},
    state::AppState,
};
use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use rollcall_shared::{
    account::{Account, AccountPatch, NewAccount},
    app::SdkAppId,
    error::{FieldError, Problem, codes},
    list::{CountMode, ListQuery, Page},
    paths,
    profile::{AccountType, FriendVerification, Friending, Gender},
    time::Timestamp,
    validate,
};
use rollcall_store::{
    accounts::{IdempotencyKey, Replayable},
    apps::Versioned,
};

/// A page of accounts. Repeat a filter for "or"; different filters must all hold.
#[utoipa::path(get, path = "/api/v1/apps/{app}/accounts", tag = "accounts",
    security(("session" = []), ("token" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID"),
        ("q" = Option<String>, Query, description = "A substring of username or nickname, without regard to case, \
            width or accents; at most 200 bytes"),
        ("type" = Option<Vec<AccountType>>, Query, description = "Types"),
        ("gender" = Option<Vec<Gender>>, Query, description = "Genders"),
        ("friend_verification" = Option<Vec<FriendVerification>>, Query, description = "Verification modes"),
        ("friending" = Option<Vec<Friending>>, Query, description = "Friending modes"),
        ("created_from" = Option<Timestamp>, Query, description = "Created then or later; a date means its beginning in UTC"),
        ("created_before" = Option<Timestamp>, Query, description = "Created before"),
        ("sort" = Option<String>, Query, description = "user_id, nickname or created_at; with - in front, descending"),
        ("limit" = Option<u32>, Query, description = "1 to 200, 50 by default"),
        ("cursor" = Option<String>, Query, description = "next or previous of a page of the same list"),
        ("offset" = Option<u64>, Query, description = "How many rows of the list stand before the page, instead of a \
            cursor: about so many in a long list; the answer's position says how many and whether that is exact"),
        ("seek" = Option<String>, Query, description = "What the page begins with, instead of a cursor: a beginning of \
            the field that the list is ordered by, or a date"),
        ("count" = Option<String>, Query, description = "none (default), capped (exact to 10,000, then an \
            estimate) or exact")),
    responses((status = 200, body = Page<Account>),
        (status = 400, body = Problem, content_type = "application/problem+json",
            description = "invalid_cursor: the cursor belongs to another list"),
        (status = 422, body = Problem, content_type = "application/problem+json",
            description = "invalid_fields, or count_too_expensive")))]
pub async fn list(reader: AppReader, RawQuery(query): RawQuery) -> ApiResult<Json<Page<Account>>> {
    let query = ListQuery::parse(query.as_deref().unwrap_or_default()).map_err(ApiError::invalid)?;
    let page = reader.store.list_accounts(reader.id(), &query).await?;
    if query.count == CountMode::Exact && page.count.is_none() {
        let detail = "Counting exactly would cost too much. Ask for count=capped, or narrow the filter.";
        let field = FieldError::new("count", codes::COUNT_TOO_EXPENSIVE, detail);
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return Err(ApiError::new(status, codes::COUNT_TOO_EXPENSIVE, detail).with_errors(vec![field]));
    }
    Ok(Json(page))
}

/// Creates an account. With an Idempotency-Key, the same request creates it once and is answered alike.
#[utoipa::path(post, path = "/api/v1/apps/{app}/accounts", tag = "accounts",
    security(("session" = []), ("token" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 characters; kept for 24 hours")),
    request_body = NewAccount,
    responses((status = 201, body = Account, headers(("Location" = String), ("ETag" = String))),
        (status = 409, body = Problem, content_type = "application/problem+json",
            description = "taken, reuse_blocked or admin_limit; nothing was created"),
        (status = 422, body = Problem, content_type = "application/problem+json",
            description = "invalid_fields or idempotency_mismatch")))]
pub async fn create(
    State(state): State<AppState>,
    writer: AppWriter,
    IdempotencyHeader(key): IdempotencyHeader,
    HashedJson { value: new, hash }: HashedJson<NewAccount>,
) -> ApiResult<Response> {
    let errors = validate::new_account(&new);
    if !errors.is_empty() {
        return Err(ApiError::invalid(errors));
    }
    let key = idempotency(&writer, key, hash);
    let answer = state.store.create_account(&writer.change(), writer.app, &new, key.as_ref()).await?;
    let account = match answer {
        Replayable::Fresh(created) => {
            let account = created?;
            state.changes.accounts(writer.app, ChangeKind::Created, vec![account.user_id.clone()]);
            account
        }
        Replayable::Replayed(created) => created?,
        Replayable::Mismatch => return Err(mismatch()),
    };
    let location = [(header::LOCATION, paths::account(writer.app, &account.user_id))];
    Ok((StatusCode::CREATED, location, tagged(account)).into_response())
}

/// One account.
#[utoipa::path(get, path = "/api/v1/apps/{app}/accounts/{user_id}", tag = "accounts",
    security(("session" = []), ("token" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID"),
        ("user_id" = String, Path, description = "The username"),
        ("If-None-Match" = Option<String>, Header, description = "The ETag that the client has")),
    responses((status = 200, body = Account, headers(("ETag" = String))),
        (status = 304, description = "The client has it"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not_found")))]
pub async fn show(reader: AppReader, UserId(user_id): UserId, headers: HeaderMap) -> ApiResult<Response> {
    let account = reader.store.account(reader.id(), &user_id).await?.ok_or_else(ApiError::not_found)?;
    let etag = account.etag();
    if none_match(&headers, &etag) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, etag)]).into_response());
    }
    Ok(tagged(account).into_response())
}

/// Changes the fields that are present; `null` sets a default. Type and username never change.
#[utoipa::path(patch, path = "/api/v1/apps/{app}/accounts/{user_id}", tag = "accounts",
    security(("session" = []), ("token" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID"),
        ("user_id" = String, Path, description = "The username"),
        ("If-Match" = String, Header, description = "The ETag of the version that is meant")),
    request_body = AccountPatch,
    responses((status = 200, body = Account, headers(("ETag" = String))),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not_found"),
        (status = 412, body = Problem, content_type = "application/problem+json",
            description = "changed_meanwhile; `current` is the account as it is now"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "invalid_fields"),
        (status = 428, body = Problem, content_type = "application/problem+json", description = "precondition_required")))]
pub async fn edit(
    State(state): State<AppState>,
    writer: AppWriter,
    UserId(user_id): UserId,
    IfMatch(expected): IfMatch,
    Json(patch): Json<AccountPatch>,
) -> ApiResult<Response> {
    let errors = validate::patch(&patch);
    if !errors.is_empty() {
        return Err(ApiError::invalid(errors));
    }
    let outcome =
        state.store.patch_account(&writer.change(), writer.app, &user_id, Some(expected), &patch).await?;
    let account = done(outcome)?;
    state.changes.accounts(writer.app, ChangeKind::Updated, vec![user_id]);
    Ok(tagged(account).into_response())
}

/// Deletes an account, if the application permits deletion.
#[utoipa::path(delete, path = "/api/v1/apps/{app}/accounts/{user_id}", tag = "accounts",
    security(("session" = []), ("token" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID"),
        ("user_id" = String, Path, description = "The username"),
        ("If-Match" = String, Header, description = "The ETag of the version that is meant")),
    responses((status = 204, description = "It is gone"),
        (status = 403, body = Problem, content_type = "application/problem+json",
            description = "deletion_not_permitted or protected_account"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not_found"),
        (status = 412, body = Problem, content_type = "application/problem+json",
            description = "changed_meanwhile; `current` is the account as it is now"),
        (status = 428, body = Problem, content_type = "application/problem+json", description = "precondition_required")))]
pub async fn remove(
    State(state): State<AppState>,
    writer: AppWriter,
    UserId(user_id): UserId,
    IfMatch(expected): IfMatch,
) -> ApiResult<StatusCode> {
    done(state.store.delete_account(&writer.change(), writer.app, &user_id, expected).await?)?;
    state.changes.accounts(writer.app, ChangeKind::Deleted, vec![user_id]);
    Ok(StatusCode::NO_CONTENT)
}

/// The key of a creation, as the store keeps it.
pub(super) fn idempotency(writer: &AppWriter, key: Option<String>, hash: [u8; 32]) -> Option<IdempotencyKey> {
    key.map(|key| IdempotencyKey { caller: writer.caller.key(), key, body_hash: hash })
}

/// 422: the key was used with another body.
pub(super) fn mismatch() -> ApiError {
    let detail = "This Idempotency-Key was used with another request. Nothing was created; use another key.";
    ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, codes::IDEMPOTENCY_MISMATCH, detail)
}

fn tagged(account: Account) -> impl IntoResponse {
    ([(header::ETAG, account.etag())], Json(account))
}

fn done(outcome: Versioned<Account>) -> ApiResult<Account> {
    match outcome {
        Versioned::Done(account) => Ok(account),
        Versioned::Changed(current) => Err(ApiError::changed(&current)),
        Versioned::Refused(refusal) => Err(refusal.into()),
    }
}
