//! `/api/v1/apps/{app}/groups`: groups, as programs made them through the server API.

use crate::{
    error::{ApiError, ApiResult},
    extract::{AppReader, AppWriter, GroupId, Json, Query},
    state::AppState,
};
use axum::{extract::State, http::StatusCode};
use rollcall_shared::{
    app::SdkAppId,
    error::{FieldError, Problem, codes},
    group::{Group, GroupMember},
    list::{LIMIT_DEFAULT, LIMIT_MAX, Page},
};
use serde::Deserialize;

/// Which page of the list.
#[derive(Deserialize)]
pub struct GroupsQuery {
    cursor: Option<String>,
    limit: Option<u32>,
}

/// A page of groups, newest first.
#[utoipa::path(get, path = "/api/v1/apps/{app}/groups", tag = "groups", security(("session" = []), ("token" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID"),
        ("cursor" = Option<String>, Query, description = "`next` or `previous` of another page"),
        ("limit" = Option<u32>, Query, description = "1 to 200; 50 unless said otherwise")),
    responses((status = 200, body = Page<Group>),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "invalid_fields")))]
pub async fn list(
    reader: AppReader,
    Query(GroupsQuery { cursor, limit }): Query<GroupsQuery>,
) -> ApiResult<Json<Page<Group>>> {
    let limit = limit.unwrap_or(LIMIT_DEFAULT);
    if !(1..=LIMIT_MAX).contains(&limit) {
        let error =
            FieldError::new("limit", codes::OUT_OF_RANGE, format!("Ask for 1 to {LIMIT_MAX} groups."));
        return Err(ApiError::invalid(vec![error.with("min", 1).with("max", LIMIT_MAX)]));
    }
    Ok(Json(reader.store.groups(reader.id(), cursor.as_deref(), limit).await?))
}

/// One group.
#[utoipa::path(get, path = "/api/v1/apps/{app}/groups/{group_id}", tag = "groups",
    security(("session" = []), ("token" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID"),
        ("group_id" = String, Path, description = "The group's ID")),
    responses((status = 200, body = Group),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not_found")))]
pub async fn show(reader: AppReader, GroupId(group_id): GroupId) -> ApiResult<Json<Group>> {
    Ok(Json(reader.store.group(reader.id(), &group_id).await?.ok_or_else(ApiError::not_found)?))
}

/// The members of a group, its owner first. At most 1,000.
#[utoipa::path(get, path = "/api/v1/apps/{app}/groups/{group_id}/members", tag = "groups",
    security(("session" = []), ("token" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID"),
        ("group_id" = String, Path, description = "The group's ID")),
    responses((status = 200, body = Vec<GroupMember>),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not_found")))]
pub async fn members(reader: AppReader, GroupId(group_id): GroupId) -> ApiResult<Json<Vec<GroupMember>>> {
    reader.store.group(reader.id(), &group_id).await?.ok_or_else(ApiError::not_found)?;
    Ok(Json(reader.store.group_members(reader.id(), &group_id).await?))
}

/// Destroys a group. Its members' accounts stay.
#[utoipa::path(delete, path = "/api/v1/apps/{app}/groups/{group_id}", tag = "groups",
    security(("session" = []), ("token" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID"),
        ("group_id" = String, Path, description = "The group's ID")),
    responses((status = 204, description = "It is gone"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "not_found")))]
pub async fn destroy(
    State(state): State<AppState>,
    writer: AppWriter,
    GroupId(group_id): GroupId,
) -> ApiResult<StatusCode> {
    state.store.destroy_group(writer.app, &group_id).await??;
    Ok(StatusCode::NO_CONTENT)
}
