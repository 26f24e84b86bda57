//! The one place where a failure becomes an answer: refusals of the store, faults and broken requests all leave
//! as `application/problem+json`. What a field's rule is lives in `rollcall_shared::validate`.

use crate::{layers::trace, passwords::PasswordError, secrets::SecretError};
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use rollcall_shared::error::{FieldError, PROBLEM_JSON, Problem, codes};
use rollcall_store::{Refusal, StoreError};
use serde::Serialize;

/// What a handler answers.
pub type ApiResult<T> = Result<T, ApiError>;

/// A refused or failed request.
#[derive(Clone, Debug)]
pub struct ApiError {
    problem: Box<Problem>,
    retry_after: Option<u64>,
}

impl ApiError {
    /// A problem of this status and code. `detail` says what happened, what was kept and what to do.
    pub fn new(status: StatusCode, code: &str, detail: impl Into<String>) -> Self {
        let problem = Problem {
            kind: format!("/problems/{code}"),
            title: title(code).to_owned(),
            status: status.as_u16(),
            detail: detail.into(),
            code: code.to_owned(),
            ..Problem::default()
        };
        Self { problem: Box::new(problem), retry_after: None }
    }

    /// 422: fields that break a rule.
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        let detail = "Nothing was changed. Correct the fields and try again.";
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, codes::INVALID_FIELDS, detail).with_errors(errors)
    }

    /// 400: a request that cannot be read.
    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, codes::MALFORMED, detail)
    }

    /// 401: nobody is signed in.
    pub fn unauthenticated() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, codes::UNAUTHENTICATED, "Sign in, or send a valid API token.")
    }

    /// 403: the caller may not do this.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, codes::FORBIDDEN, detail)
    }

    /// 404: no such resource, or none that the caller may see.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, codes::NOT_FOUND, "There is nothing here.")
    }

    /// 412: the resource changed since it was read; this is how it stands.
    pub fn changed<T: Serialize>(current: &T) -> Self {
        let detail = "Someone else changed it meanwhile. Nothing was overwritten.";
        let mut error = Self::new(StatusCode::PRECONDITION_FAILED, codes::CHANGED_MEANWHILE, detail);
        error.problem.current = serde_json::to_value(current).ok();
        error
    }

    /// 428: PATCH and DELETE of one resource name the version they mean.
    pub fn precondition_required() -> Self {
        let detail = "Send If-Match with the ETag of the version that you read.";
        Self::new(StatusCode::PRECONDITION_REQUIRED, codes::PRECONDITION_REQUIRED, detail)
    }

    /// 503: try again in a moment.
    pub fn unavailable(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, codes::UNAVAILABLE, detail).retry_after(2)
    }

    /// 500: a fault of ours; `cause` goes to the log only.
    pub fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, trace_id = trace::current(), "a request failed");
        let detail = "The server failed. The trace id finds the cause in its log.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, codes::INTERNAL, detail)
    }

    /// The same with field errors.
    #[must_use]
    pub fn with_errors(mut self, errors: Vec<FieldError>) -> Self {
        self.problem.errors = errors;
        self
    }

    /// The same with a number of seconds after which another try makes sense.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// What the client is told, for a job that keeps it.
    pub fn into_problem(self) -> Problem {
        *self.problem
    }
}

impl IntoResponse for ApiError {
    fn into_response(mut self) -> Response {
        let status = self.status();
        self.problem.trace_id = trace::current();
        let body = serde_json::to_vec(&self.problem).unwrap_or_default();
        let mut response = (status, [(header::CONTENT_TYPE, PROBLEM_JSON)], body).into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(_)
            | StoreError::SchemaNewer { .. }
            | StoreError::SchemaOlder { .. }
            | StoreError::UnfinishedCopy { .. } => {
                tracing::warn!(cause = %error, trace_id = trace::current(), "the database is not available");
                Self::unavailable(
                    "The database is not available. A change may or may not have been made: look before you try again.",
                )
            }
            StoreError::Cursor => {
                let detail = "The cursor belongs to another list. Start again without it.";
                Self::new(StatusCode::BAD_REQUEST, codes::INVALID_CURSOR, detail)
            }
            StoreError::Url(_)
            | StoreError::ReplicaOfSqlite
            | StoreError::Database(_)
            | StoreError::Corrupt(_) => Self::internal(&error),
        }
    }
}

impl From<PasswordError> for ApiError {
    fn from(error: PasswordError) -> Self {
        Self::internal(&error)
    }
}

impl From<SecretError> for ApiError {
    fn from(error: SecretError) -> Self {
        Self::internal(&error)
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        let field = refusal.field_error();
        if let Refusal::Fields(errors) = refusal {
            return Self::invalid(errors);
        }
        let status = match refusal {
            Refusal::AppNotFound | Refusal::NotFound => return Self::not_found(),
            Refusal::AppDisabled | Refusal::ProtectedAccount | Refusal::DeletionNotPermitted => {
                return Self::new(StatusCode::FORBIDDEN, &field.code, field.message);
            }
            Refusal::Taken | Refusal::ReuseBlocked { .. } | Refusal::AdminLimit | Refusal::Fields(_) => {
                StatusCode::CONFLICT
            }
        };
        Self::new(status, &field.code, field.message.clone()).with_errors(vec![field])
    }
}

/// The sentence that every problem of a code shares.
fn title(code: &str) -> &'static str {
    match code {
        codes::TAKEN => "Already in use",
        codes::ADMIN_LIMIT => "Too many admins",
        codes::REUSE_BLOCKED => "The username is held back",
        codes::PROTECTED_ACCOUNT => "The account is protected",
        codes::DELETION_NOT_PERMITTED => "Deletion is not permitted",
        codes::APP_DISABLED => "The application is disabled",
        codes::CHANGED_MEANWHILE => "Changed meanwhile",
        codes::NOT_FOUND => "Not found",
        codes::UNAUTHENTICATED => "Not signed in",
        codes::FORBIDDEN => "Not permitted",
        codes::WRONG_CREDENTIALS => "Wrong e-mail or password",
        codes::TOO_MANY_TRIES => "Too many tries",
        codes::TOO_MANY => "Too many",
        codes::NOT_NOW => "Not now",
        codes::TOO_SOON => "Too soon",
        codes::DAILY_LIMIT => "No more today",
        codes::INVALID_FIELDS => "Invalid fields",
        codes::MALFORMED => "Malformed request",
        codes::INVALID_CURSOR => "Invalid cursor",
        codes::IDEMPOTENCY_MISMATCH => "The Idempotency-Key was used with another body",
        codes::PRECONDITION_REQUIRED => "If-Match is required",
        codes::COUNT_TOO_EXPENSIVE => "The exact count is too expensive",
        codes::BODY_TOO_LARGE => "The body is too large",
        codes::UNSUPPORTED_MEDIA_TYPE => "Unsupported media type",
        codes::METHOD_NOT_ALLOWED => "Method not allowed",
        codes::UNAVAILABLE => "Not available now",
        codes::CROSS_SITE => "Request from another site",
        codes::INTERNAL => "Server fault",
        _ => "The request was refused",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rollcall_shared::time::Timestamp;

    #[test]
    fn every_refusal_has_a_status_of_its_kind() {
        let until = Timestamp::from_millis(0);
        let cases = [
            (Refusal::AppNotFound, 404),
            (Refusal::AppDisabled, 403),
            (Refusal::NotFound, 404),
            (Refusal::Taken, 409),
            (Refusal::ReuseBlocked { until }, 409),
            (Refusal::AdminLimit, 409),
            (Refusal::ProtectedAccount, 403),
            (Refusal::DeletionNotPermitted, 403),
        ];
        for (refusal, status) in cases {
            let problem = ApiError::from(refusal.clone()).into_problem();
            assert_eq!(problem.status, status, "{refusal:?}");
            assert_ne!(problem.title, title("another code"), "{refusal:?}");
            assert_eq!(problem.errors.is_empty(), status != 409, "{refusal:?}");
        }
    }

    #[test]
    fn the_cause_of_a_fault_stays_here() {
        let error = ApiError::from(StoreError::Corrupt("row of ming".to_owned())).into_problem();
        assert_eq!((error.status, error.code.as_str()), (500, codes::INTERNAL));
        assert!(!error.detail.contains("ming"));
    }
}
