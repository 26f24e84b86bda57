//! The envelope of every answer: HTTP status 200, the outcome in the body.

use super::codes::{self, Code};
use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use rollcall_shared::error::codes as rules;
use rollcall_store::{Refusal, StoreError};
use serde::Serialize;
use serde_json::json;
use std::fmt;

/// What an answer says beside the envelope: names, and values that are JSON already. Large answers are most of what a call costs, and
/// so are written once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct More(Vec<(String, String)>);

impl More {
    fn put(&mut self, name: &str, value: &impl Serialize) {
        // Fails for maps whose keys are no texts, and we have none.
        let value = serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned());
        self.0.push((name.to_owned(), value));
    }
}

/// A call that succeeded, and what it answers beside the envelope.
#[derive(Clone, Debug, Default)]
pub struct Answer(More);

impl Answer {
    /// Adds a field.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Serialize) -> Self {
        self.0.put(name, &value);
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
    more: More,
}

impl Fault {
    /// With the text of the code.
    pub fn new((code, info): Code) -> Self {
        Self { code, info: info.to_owned(), more: More::default() }
    }

    /// With a text that says what exactly is wrong.
    pub fn because((code, info): Code, why: &str) -> Self {
        Self { code, info: format!("{info} {why}"), more: More::default() }
    }

    /// The same with what clients read of a success too.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Serialize) -> Self {
        self.more.put(name, &value);
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
            if !self.more.0.iter().any(|(there, _)| there == name) {
                self.more.put(name, &[(); 0]);
            }
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
        Self { code: error.code(), info: error.to_string(), more: More::default() }
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
        Self::new("OK", "", 0, &more)
    }
}

impl From<Fault> for Envelope {
    fn from(Fault { code, info, more }: Fault) -> Self {
        Self::new("FAIL", &info, code, &more)
    }
}

impl Envelope {
    fn new(status: &str, info: &str, code: u32, More(more): &More) -> Self {
        let mut text = json!({ "ActionStatus": status, "ErrorInfo": info, "ErrorCode": code }).to_string();
        // The object is opened again for what its fields are JSON of already.
        text.pop();
        for (name, value) in more {
            text.push_str(",\"");
            text.push_str(name);
            text.push_str("\":");
            text.push_str(value);
        }
        text.push('}');
        Self { code, text }
    }
}

impl IntoResponse for Envelope {
    fn into_response(self) -> Response {
        ([(header::CONTENT_TYPE, "application/json")], self.text).into_response()
    }
}
