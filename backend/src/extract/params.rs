//! Paths and query strings that answer with our problems when they cannot be read.

use crate::{
    error::{ApiError, ApiResult},
    state::AppState,
};
use axum::{
    extract::{FromRequestParts, path::ErrorKind, rejection::PathRejection},
    http::request::Parts,
};
use rollcall_shared::{
    error::{FieldError, codes},
    paths,
};
use serde::de::DeserializeOwned;
use std::collections::HashMap;

/// Parameters of the path. One that cannot be read names nothing, so the answer is 404.
#[derive(Clone, Copy, Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<AppState> for Path<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> ApiResult<Self> {
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(PathRejection::FailedToDeserializePathParams(error)) => match error.kind() {
                // Our own mistake, and the only one here that is not the client's.
                ErrorKind::WrongNumberOfParameters { .. } | ErrorKind::UnsupportedType { .. } => {
                    Err(ApiError::internal(&error))
                }
                _ => Err(ApiError::not_found()),
            },
            Err(error) => Err(ApiError::internal(&error)),
        }
    }
}

/// The `{user_id}` of the path, decoded as [`paths::encode_user_id`] says.
#[derive(Clone, Debug)]
pub struct UserId(pub String);

impl FromRequestParts<AppState> for UserId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> ApiResult<Self> {
        segment(parts, state, "user_id").await.map(Self)
    }
}

/// The `{group_id}` of the path, encoded like a user ID.
#[derive(Clone, Debug)]
pub struct GroupId(pub String);

impl FromRequestParts<AppState> for GroupId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> ApiResult<Self> {
        segment(parts, state, "group_id").await.map(Self)
    }
}

/// The `{task_id}` of the path, encoded like a user ID.
#[derive(Clone, Debug)]
pub struct TaskId(pub String);

impl FromRequestParts<AppState> for TaskId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> ApiResult<Self> {
        segment(parts, state, "task_id").await.map(Self)
    }
}

/// The `{id}` of an import.
#[derive(Clone, Debug)]
pub struct ImportId(pub String);

impl FromRequestParts<AppState> for ImportId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> ApiResult<Self> {
        segment(parts, state, "id").await.map(Self)
    }
}

/// What the segment of the path with this parameter names.
async fn segment(parts: &mut Parts, state: &AppState, parameter: &str) -> ApiResult<String> {
    let Path(all): Path<HashMap<String, String>> = Path::from_request_parts(parts, state).await?;
    all.get(parameter).and_then(|segment| named(segment)).ok_or_else(ApiError::not_found)
}

/// What a segment names. Nothing has a NUL in its name, and PostgreSQL refuses to be asked for it.
fn named(segment: &str) -> Option<String> {
    paths::from_decoded_segment(segment).filter(|name| !name.contains('\0'))
}

/// Parameters of the query string, for routes other than the account list (which has
/// `rollcall_shared::list::ListQuery::parse`).
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<AppState> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> ApiResult<Self> {
        let query = parts.uri.query().unwrap_or_default();
        let pairs = serde_urlencoded::Deserializer::new(form_urlencoded::parse(query.as_bytes()));
        serde_path_to_error::deserialize(pairs).map(Self).map_err(|error| {
            let field = error.path().to_string();
            let message = error.into_inner().to_string();
            ApiError::invalid(vec![FieldError::new(&field, codes::INVALID, message)])
        })
    }
}
