//! The envelope of every answer: HTTP status 200, the outcome in the body.

use super::codes::{self, Code};
use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use rollcall_shared::error::codes as rules;
use rollcall_store::{Refusal, StoreError};
use serde_json::{Map, Value, json};
use std::fmt;

/// A call that succeeded, and what it answers beside the envelope.
#[derive(Clone, Debug, Default)]
pub struct Answer(pub Map<String, Value>);

impl Answer {
    /// Adds a field.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    /// Adds fields.
    #[must_use]
    pub fn with_all<'a>(self, fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        fields.into_iter().fold(self, |answer, (name, value)| answer.with(name, value))
    }
}

/// A call that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    code: u32,
    info: String,
    more: Map<String, Value>,
}

impl Fault {
    /// With the text of the code.
    pub fn new((code, info): Code) -> Self {
        Self { code, info: info.to_owned(), more: Map::new() }
    }

    /// With a text that says what exactly is wrong.
    pub fn because((code, info): Code, why: &str) -> Self {
        Self { code, info: format!("{info} {why}"), more: Map::new() }
    }

    /// The same with what clients read of a success too.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.more.insert(name.to_owned(), value.into());
        self
    }

    /// Adds fields.
    #[must_use]
    pub fn with_all<'a>(self, fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        fields.into_iter().fold(self, |fault, (name, value)| fault.with(name, value))
    }

    /// Adds those of these arrays that are not there: clients read them after a failure too.
    #[must_use]
    pub fn with_arrays(mut self, names: &[&str]) -> Self {
        for name in names {
            self.more.entry(*name).or_insert_with(|| json!([]));
        }
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.info)
    }
}

impl From<usersig::Error> for Fault {
    fn from(error: usersig::Error) -> Self {
        Self { code: error.code(), info: error.to_string(), more: Map::new() }
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the server API could not answer");
        Self::new(codes::INTERNAL)
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self::new(code_of(&refusal))
    }
}

/// The code of a refusal by the store.
fn code_of(refusal: &Refusal) -> Code {
    match refusal {
        Refusal::AppNotFound => codes::UNKNOWN_APP,
        refusal => code_of_rule(&refusal.field_error().code),
    }
}

/// The code of a rule that an account broke.
pub fn code_of_rule(rule: &str) -> Code {
    match rule {
        rules::APP_DISABLED => codes::APP_DISABLED,
        rules::NOT_FOUND => codes::NO_ACCOUNT,
        rules::UNKNOWN_FIELD => codes::PROFILE_NO_TAG,
        rules::NOT_WRITABLE => codes::PROFILE_NOT_WRITABLE,
        rules::REUSE_BLOCKED => codes::RECENTLY_DELETED,
        rules::PROTECTED_ACCOUNT | rules::DELETION_NOT_PERMITTED => codes::NO_DELETION,
        _ => codes::BAD_PARAMETER,
    }
}

/// What is answered to a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// Its `ErrorCode`.
    pub code: u32,
    /// The body, in JSON.
    pub text: String,
}

impl From<Answer> for Envelope {
    fn from(Answer(more): Answer) -> Self {
        Self::new("OK", "", 0, more)
    }
}

impl From<Fault> for Envelope {
    fn from(Fault { code, info, more }: Fault) -> Self {
        Self::new("FAIL", &info, code, more)
    }
}

impl Envelope {
    fn new(status: &str, info: &str, code: u32, more: Map<String, Value>) -> Self {
        let mut body = Map::new();
        body.insert("ActionStatus".to_owned(), json!(status));
        body.insert("ErrorInfo".to_owned(), json!(info));
        body.insert("ErrorCode".to_owned(), json!(code));
        body.extend(more);
        Self { code, text: Value::Object(body).to_string() }
    }
}

impl IntoResponse for Envelope {
    fn into_response(self) -> Response {
        ([(header::CONTENT_TYPE, "application/json")], self.text).into_response()
    }
}
