//! `/api/v1/apps/{app}/account-suggestions`: what a search that found nothing may have meant.

use crate::{
    error::{ApiError, ApiResult},
    extract::{AppReader, Json},
};
use axum::extract::RawQuery;
use rollcall_shared::{
    app::SdkAppId,
    error::Problem,
    list::ListQuery,
    profile::{AccountType, FriendVerification, Friending, Gender},
    suggestion::Suggestions,
    time::Timestamp,
};

/// Texts near to a search text, each with an account that it finds and that passes the filter: what to search for when nothing
/// matches. At most five, the nearest first. One typing error is forgiven, from six characters on two; texts of less than three or
/// more than 32 characters are near to nothing.
#[utoipa::path(get, path = "/api/v1/apps/{app}/account-suggestions", tag = "accounts",
    security(("session" = []), ("token" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID"),
        ("q" = Option<String>, Query, description = "The search text; at most 200 bytes"),
        ("type" = Option<Vec<AccountType>>, Query, description = "Types"),
        ("gender" = Option<Vec<Gender>>, Query, description = "Genders"),
        ("friend_verification" = Option<Vec<FriendVerification>>, Query, description = "Verification modes"),
        ("friending" = Option<Vec<Friending>>, Query, description = "Friending modes"),
        ("created_from" = Option<Timestamp>, Query, description = "Created then or later; a date means its beginning in UTC"),
        ("created_before" = Option<Timestamp>, Query, description = "Created before")),
    responses((status = 200, body = Suggestions),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "invalid_fields")))]
pub async fn list(reader: AppReader, RawQuery(query): RawQuery) -> ApiResult<Json<Suggestions>> {
    let query = ListQuery::parse(query.as_deref().unwrap_or_default()).map_err(ApiError::invalid)?;
    let items = reader.store.suggest_accounts(reader.id(), &query.filter).await?;
    Ok(Json(Suggestions { items }))
}
