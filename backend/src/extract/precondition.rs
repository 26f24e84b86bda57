//! Headers that make a change safe to repeat: `If-Match` and `Idempotency-Key`.

use crate::{
    error::{ApiError, ApiResult},
    state::AppState,
};
use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::{HeaderName, header, request::Parts},
};
use rollcall_shared::{account::parse_etag, time::Timestamp};

/// The incarnation and version that a change means. Without the header the answer is 428, unless the handler asks
/// for an `Option`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IfMatch(pub (Timestamp, i64));

/// No resource has it, so that a tag that is not ours is "changed meanwhile", as HTTP asks, and the answer shows
/// how the resource stands.
const NEVER: (Timestamp, i64) = (Timestamp::from_millis(i64::MIN), -1);

fn if_match(parts: &Parts) -> Option<IfMatch> {
    let value = parts.headers.get(header::IF_MATCH)?;
    Some(IfMatch(value.to_str().ok().and_then(parse_etag).unwrap_or(NEVER)))
}

impl FromRequestParts<AppState> for IfMatch {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> ApiResult<Self> {
        if_match(parts).ok_or_else(ApiError::precondition_required)
    }
}

impl OptionalFromRequestParts<AppState> for IfMatch {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> ApiResult<Option<Self>> {
        Ok(if_match(parts))
    }
}

/// The value of `Idempotency-Key`, if there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyHeader(pub Option<String>);

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const KEY_MAX: usize = 255;

impl FromRequestParts<AppState> for IdempotencyHeader {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> ApiResult<Self> {
        let Some(value) = parts.headers.get(IDEMPOTENCY_KEY) else {
            return Ok(Self(None));
        };
        let text = value.to_str().ok().filter(|text| (1..=KEY_MAX).contains(&text.len()));
        let key = text.ok_or_else(|| {
            ApiError::malformed(format!("Idempotency-Key takes 1 to {KEY_MAX} printable ASCII characters."))
        })?;
        Ok(Self(Some(key.to_owned())))
    }
}
