//! Problems and field errors, as every client sees them (RFC 9457). How a server turns its own failures into
//! one of these does not live here.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The media type of a problem.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// A refused request.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// A URI reference that names the kind of problem: `/problems/{code}`.
    #[serde(rename = "type")]
    pub kind: String,
    /// A short sentence, the same for every problem of this code.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened here, what was kept and what to do.
    pub detail: String,
    /// The stable code that programs match on.
    pub code: String,
    /// One entry for each refused field.
    #[serde(default)]
    pub errors: Vec<FieldError>,
    /// The request's id, as in the server's log.
    #[serde(default)]
    pub trace_id: String,
    /// With 412: the resource as it is now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub current: Option<serde_json::Value>,
}

impl Problem {
    /// The first error of a field, if it has one.
    pub fn field(&self, field: &str) -> Option<&FieldError> {
        self.errors.iter().find(|e| e.field == field)
    }
}

/// One refused field: its name, the rule it broke and the rule's numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// The JSON name of the field; in a batch with its index, `accounts[3].nickname`.
    pub field: String,
    /// The stable code of the rule: one of [`codes`].
    pub code: String,
    /// The rule in English.
    pub message: String,
    /// The rule's numbers, for a translation of the message.
    #[serde(default)]
    pub params: BTreeMap<String, String>,
}

impl FieldError {
    /// An error without numbers.
    pub fn new(field: &str, code: &str, message: impl Into<String>) -> Self {
        Self {
            field: field.to_owned(),
            code: code.to_owned(),
            message: message.into(),
            params: BTreeMap::new(),
        }
    }

    /// The same with one number of the rule.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.params.insert(name.to_owned(), value.to_string());
        self
    }
}

/// The codes of field rules and of problems. They never change their meaning.
pub mod codes {
    /// The field must not be empty.
    pub const REQUIRED: &str = "required";
    /// The value has more bytes than the field holds; params `max`, `actual`.
    pub const TOO_LONG: &str = "too_long";
    /// The value is shorter than the rule asks; params `min`.
    pub const TOO_SHORT: &str = "too_short";
    /// The value has a character that the field does not take.
    pub const INVALID_CHARACTER: &str = "invalid_character";
    /// The user ID begins with a prefix of the system.
    pub const RESERVED: &str = "reserved";
    /// The value is no http(s) URL.
    pub const INVALID_URL: &str = "invalid_url";
    /// The value is not of the field's form.
    pub const INVALID: &str = "invalid";
    /// The value is none of the field's set.
    pub const UNKNOWN_VALUE: &str = "unknown_value";
    /// The application does not define this custom field.
    pub const UNKNOWN_FIELD: &str = "unknown_field";
    /// The server API may not write this custom field.
    pub const NOT_WRITABLE: &str = "not_writable";
    /// The number is outside the field's range; params `min`, `max`.
    pub const OUT_OF_RANGE: &str = "out_of_range";
    /// The value is in use.
    pub const TAKEN: &str = "taken";
    /// The application has as many admins as it can have; params `max`.
    pub const ADMIN_LIMIT: &str = "admin_limit";
    /// The user ID was deleted less than 90 days ago and the application keeps such IDs back.
    pub const REUSE_BLOCKED: &str = "reuse_blocked";
    /// The account is `administrator`, which stays.
    pub const PROTECTED_ACCOUNT: &str = "protected_account";
    /// The application does not permit deletion.
    pub const DELETION_NOT_PERMITTED: &str = "deletion_not_permitted";
    /// The application is disabled: it can be read, exported and enabled, nothing else.
    pub const APP_DISABLED: &str = "app_disabled";
    /// The resource changed since it was read; the problem carries `current`.
    pub const CHANGED_MEANWHILE: &str = "changed_meanwhile";
    /// No such resource, or none that the caller may see.
    pub const NOT_FOUND: &str = "not_found";
    /// No valid session or token.
    pub const UNAUTHENTICATED: &str = "unauthenticated";
    /// The caller may not do this.
    pub const FORBIDDEN: &str = "forbidden";
    /// E-mail or password is wrong.
    pub const WRONG_CREDENTIALS: &str = "wrong_credentials";
    /// Too many tries; see Retry-After.
    pub const TOO_MANY_TRIES: &str = "too_many_tries";
    /// There are as many as there can be.
    pub const TOO_MANY: &str = "too_many";
    /// It cannot be done where the resource stands.
    pub const NOT_NOW: &str = "not_now";
    /// No more than a second after the last one.
    pub const TOO_SOON: &str = "too_soon";
    /// As many were sent in 24 hours as may be.
    pub const DAILY_LIMIT: &str = "daily_limit";
    /// One or more fields are invalid.
    pub const INVALID_FIELDS: &str = "invalid_fields";
    /// The body or query cannot be read.
    pub const MALFORMED: &str = "malformed";
    /// The cursor is not ours or belongs to another list.
    pub const INVALID_CURSOR: &str = "invalid_cursor";
    /// The same Idempotency-Key came with another body.
    pub const IDEMPOTENCY_MISMATCH: &str = "idempotency_mismatch";
    /// PATCH and DELETE of one resource need If-Match.
    pub const PRECONDITION_REQUIRED: &str = "precondition_required";
    /// The exact count would cost more than its bound.
    pub const COUNT_TOO_EXPENSIVE: &str = "count_too_expensive";
    /// The request's body is larger than the limit.
    pub const BODY_TOO_LARGE: &str = "body_too_large";
    /// The body is not of a media type that this route takes.
    pub const UNSUPPORTED_MEDIA_TYPE: &str = "unsupported_media_type";
    /// The route does not take this method.
    pub const METHOD_NOT_ALLOWED: &str = "method_not_allowed";
    /// The server cannot answer now; see Retry-After.
    pub const UNAVAILABLE: &str = "unavailable";
    /// A fault of the server; the trace id finds it in the log.
    pub const INTERNAL: &str = "internal";
    /// The request comes from another site.
    pub const CROSS_SITE: &str = "cross_site";
}
