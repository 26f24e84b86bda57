//! JSON in and out, and bytes in. A body that cannot be read is 400, one whose fields have the wrong form is 422 and names them.

use crate::{
    error::{ApiError, ApiResult},
    state::AppState,
};
use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use rollcall_shared::error::{FieldError, codes};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::error::Category;
use sha2::{Digest, Sha256};

/// A JSON body.
#[derive(Clone, Copy, Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned> FromRequest<AppState> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &AppState) -> ApiResult<Self> {
        parse(&bytes(request, state).await?).map(Self)
    }
}

/// A JSON body of a request that may be repeated: `hash` tells it from another under the same Idempotency-Key.
#[derive(Clone, Copy, Debug)]
pub struct HashedJson<T> {
    /// The body.
    pub value: T,
    /// SHA-256 of method, path and body.
    pub hash: [u8; 32],
}

impl<T: DeserializeOwned> FromRequest<AppState> for HashedJson<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &AppState) -> ApiResult<Self> {
        let head = format!("{} {}\n", request.method(), request.uri().path());
        let bytes = bytes(request, state).await?;
        let hash = Sha256::new().chain_update(head).chain_update(&bytes).finalize().into();
        Ok(Self { value: parse(&bytes)?, hash })
    }
}

/// A body of bytes that mean nothing to us yet.
#[derive(Clone, Debug)]
pub struct Blob(pub Bytes);

impl FromRequest<AppState> for Blob {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &AppState) -> ApiResult<Self> {
        if essence(request.headers()) != "application/octet-stream" {
            return Err(unsupported("Send the body as application/octet-stream."));
        }
        whole(request, state).await.map(Self)
    }
}

fn unsupported(detail: &str) -> ApiError {
    ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, codes::UNSUPPORTED_MEDIA_TYPE, detail)
}

async fn bytes(request: Request, state: &AppState) -> ApiResult<Bytes> {
    if !is_json(request.headers()) {
        return Err(unsupported("Send the body as application/json."));
    }
    whole(request, state).await
}

async fn whole(request: Request, state: &AppState) -> ApiResult<Bytes> {
    Bytes::from_request(request, state).await.map_err(|error| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => ApiError::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            codes::BODY_TOO_LARGE,
            "The body is larger than this route takes. Send less at once.",
        ),
        _ => ApiError::malformed("The body did not arrive whole."),
    })
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(body) => ([(header::CONTENT_TYPE, "application/json")], body).into_response(),
            Err(error) => ApiError::internal(&error).into_response(),
        }
    }
}

/// The media type of the body without its parameters.
fn essence(headers: &HeaderMap) -> String {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn is_json(headers: &HeaderMap) -> bool {
    let essence = essence(headers);
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> ApiResult<T> {
    let reader = &mut serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut *reader).map_err(|error| {
        let field = error.path().to_string();
        let inner = error.into_inner();
        match inner.classify() {
            Category::Data => {
                // The position says nothing to someone who sees the field's name.
                let text = inner.to_string();
                let message = text.split(" at line ").next().unwrap_or_default();
                ApiError::invalid(vec![FieldError::new(&field, codes::INVALID, message)])
            }
            Category::Syntax | Category::Eof | Category::Io => {
                ApiError::malformed(format!("The body is no JSON: {inner}."))
            }
        }
    })?;
    reader.end().map_err(|error| ApiError::malformed(format!("The body is no JSON: {error}.")))?;
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rollcall_shared::account::NewAccount;

    #[test]
    fn a_field_of_the_wrong_form_is_named() {
        let problem =
            parse::<Vec<NewAccount>>(br#"[{"user_id":"a","level":"x"}]"#).unwrap_err().into_problem();
        assert_eq!((problem.status, problem.errors[0].field.as_str()), (422, "[0].level"));
        assert!(!problem.errors[0].message.contains("line"));
    }

    #[test]
    fn what_is_no_json_is_malformed() {
        for text in ["", "{", "{}x", "\u{feff}{}"] {
            let problem = parse::<serde_json::Value>(text.as_bytes()).unwrap_err().into_problem();
            assert_eq!((problem.status, problem.code.as_str()), (400, codes::MALFORMED), "{text:?}");
        }
    }

    #[test]
    fn json_is_told_by_its_media_type() {
        let told = |value: &'static str| {
            is_json(&HeaderMap::from_iter([(header::CONTENT_TYPE, value.parse().unwrap())]))
        };
        assert!(told("application/json; charset=utf-8") && told("application/merge-patch+json"));
        assert!(!told("text/plain") && !told("application/x-www-form-urlencoded"));
    }
}
