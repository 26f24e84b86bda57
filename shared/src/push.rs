//! Pushes to all members of an application, as the REST API shows them and clients receive them (docs/client.md). The form of
//! a message is the vendor's (docs/chat-api.md).

use crate::{
    error::{FieldError, codes},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The most seconds that a push waits for accounts that are offline: a week.
pub const PUSH_LIFETIME_MAX: u32 = 604_800;
/// The most bytes of a push's body, as JSON.
pub const PUSH_BODY_MAX: usize = 12 * 1024;
/// The most bytes of a text that a form takes. One full of quotes or line breaks grows in JSON, and may be refused as too long
/// all the same.
pub const PUSH_TEXT_MAX: usize = 10_000;
/// The most elements of a push's body.
pub const PUSH_ELEMENTS_MAX: usize = 20;
/// For how long the same `random` means the same push, in milliseconds: a week.
pub const PUSH_RANDOM_KEPT: i64 = 7 * 24 * 60 * 60 * 1_000;
/// A push must come more than so many milliseconds after the one before.
pub const PUSH_GAP: i64 = 1_000;
/// How deep the content of an element may be nested.
const NESTED_MAX: u32 = 16;
/// A text to be read.
pub const TEXT_ELEMENT: &str = "TIMTextElem";
/// What an element may be.
pub const ELEMENT_TYPES: [&str; 8] = [
    TEXT_ELEMENT,
    "TIMLocationElem",
    "TIMFaceElem",
    "TIMCustomElem",
    "TIMSoundElem",
    "TIMImageElem",
    "TIMFileElem",
    "TIMVideoFileElem",
];

/// A part of a message, in the vendor's form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MessageElement {
    /// One of [`ELEMENT_TYPES`].
    #[serde(rename = "MsgType")]
    pub msg_type: String,
    /// What it holds; of a `TIMTextElem` at least `Text`.
    #[serde(rename = "MsgContent")]
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub content: Map<String, Value>,
}

impl MessageElement {
    /// A text.
    pub fn text(text: &str) -> Self {
        let content = Map::from_iter([("Text".to_owned(), Value::from(text))]);
        Self { msg_type: TEXT_ELEMENT.to_owned(), content }
    }

    /// The text, of a text.
    pub fn as_text(&self) -> Option<&str> {
        (self.msg_type == TEXT_ELEMENT).then(|| self.content.get("Text")?.as_str()).flatten()
    }

    fn is_valid(&self) -> bool {
        let is_text = self.msg_type == TEXT_ELEMENT;
        ELEMENT_TYPES.contains(&self.msg_type.as_str())
            && (!is_text || self.as_text().is_some_and(|text| !text.is_empty()))
            && self.content.iter().all(|(name, value)| !name.contains('\0') && is_plain(value, NESTED_MAX))
    }
}

/// Whether a value has no NUL, which databases do not take, and is not nested deeper than that.
fn is_plain(value: &Value, depth: u32) -> bool {
    match value {
        Value::String(text) => !text.contains('\0'),
        Value::Array(values) => depth > 0 && values.iter().all(|value| is_plain(value, depth - 1)),
        Value::Object(fields) => {
            depth > 0 && fields.iter().all(|(name, value)| !name.contains('\0') && is_plain(value, depth - 1))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => true,
    }
}

/// A push to be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewPush {
    /// Names this push: sent again within 7 days, it is the same one, and nobody gets it twice.
    pub random: u32,
    /// How many seconds it waits for accounts that are offline; 0 for those that are online only. At most 604,800.
    #[serde(default)]
    pub lifetime_seconds: u32,
    /// The message: 1 to 20 elements, at most 12 kB of JSON.
    pub body: Vec<MessageElement>,
}

impl NewPush {
    /// Everything that is wrong with it.
    pub fn errors(&self) -> Vec<FieldError> {
        let lifetime = (self.lifetime_seconds > PUSH_LIFETIME_MAX).then(|| {
            FieldError::new("lifetime_seconds", codes::OUT_OF_RANGE, "Enter 0 to 604,800 seconds.")
                .with("min", 0)
                .with("max", PUSH_LIFETIME_MAX)
        });
        lifetime.into_iter().chain(body_error(&self.body)).collect()
    }
}

/// What is wrong with a message.
pub fn body_error(body: &[MessageElement]) -> Option<FieldError> {
    let error = |code, message: &str| Some(FieldError::new("body", code, message));
    if body.is_empty() {
        return error(codes::REQUIRED, "Enter a message.");
    }
    if body.len() > PUSH_ELEMENTS_MAX {
        return error(codes::TOO_LONG, "A message has at most 20 elements.");
    }
    if serde_json::to_string(body).map_or(0, |json| json.len()) > PUSH_BODY_MAX {
        return error(codes::TOO_LONG, "The message is longer than 12 kB.");
    }
    if !body.iter().all(MessageElement::is_valid) {
        return error(
            codes::INVALID,
            "Each element has a known type and plain content, and a text is not empty.",
        );
    }
    None
}

/// A push, and how far it has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Push {
    /// Its name within the application.
    pub task_id: String,
    /// The username that it comes from.
    pub from: String,
    /// See [`NewPush::random`].
    pub random: u32,
    /// The message.
    pub body: Vec<MessageElement>,
    /// When it was sent.
    pub created_at: Timestamp,
    /// Until when it waits for accounts that are offline.
    pub expires_at: Timestamp,
    /// Who sent it.
    pub created_by: String,
    /// How many accounts there were: whoever comes later does not get it.
    pub accounts: u64,
    /// To how many of them it was sent.
    pub sent: u64,
    /// How many of those have said that they have it.
    pub received: u64,
}

impl Push {
    /// What a list shows of it: its first text, or the type of its first element.
    pub fn summary(&self) -> &str {
        let text = self.body.iter().find_map(MessageElement::as_text);
        text.or_else(|| self.body.first().map(|element| element.msg_type.as_str())).unwrap_or_default()
    }
}
