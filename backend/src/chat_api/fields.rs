//! The body of a call: a JSON object, read field by field, because each family has its own codes for what is wrong.

use super::{
    answer::Fault,
    codes::{self, Code},
};
use serde_json::{Map, Value};

/// A JSON object.
#[derive(Clone, Debug, PartialEq)]
pub struct Fields(Map<String, Value>);

impl Fields {
    /// Reads a body; `None` if it is no JSON object.
    pub fn parse(body: &[u8]) -> Option<Self> {
        serde_json::from_slice(body).ok().map(Self)
    }

    /// The value of a field, whatever it is.
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// A whole number of 32 bits, 0 if it is missing; `None` if it is something else.
    pub fn number(&self, name: &str) -> Option<u32> {
        match self.value(name) {
            None | Some(Value::Null) => Some(0),
            Some(value) => value.as_u64().and_then(|number| number.try_into().ok()),
        }
    }

    /// A list that must be there, with `code` if it is not.
    pub fn list(&self, name: &str, code: Code) -> Result<&[Value], Fault> {
        let list = self.0.get(name).and_then(Value::as_array).map(Vec::as_slice);
        list.ok_or_else(|| Fault::because(code, &format!("{name} must be an array.")))
    }
}

/// A user ID under any of its names: old clients say `Identifier`.
pub fn user_id(object: &Map<String, Value>) -> Result<&str, Fault> {
    let value = ["UserID", "Identifier"].into_iter().find_map(|name| object.get(name));
    match value {
        Some(Value::String(text)) => Ok(text),
        Some(_) => Err(Fault::new(codes::ID_NOT_TEXT)),
        None => Err(Fault::because(codes::BAD_PARAMETER, "UserID is missing.")),
    }
}

/// Those of these user IDs that an account can have at all: databases refuse to be asked for the others.
pub fn possible(ids: &[String]) -> Vec<String> {
    ids.iter().filter(|id| is_possible(id)).cloned().collect()
}

/// Whether an account can have this user ID at all.
pub fn is_possible(id: &str) -> bool {
    !id.contains('\0')
}

/// A text that may be missing.
pub fn text<'a>(object: &'a Map<String, Value>, name: &str) -> Result<&'a str, Fault> {
    match object.get(name) {
        None | Some(Value::Null) => Ok(""),
        Some(Value::String(text)) => Ok(text),
        Some(_) => Err(Fault::because(codes::BAD_PARAMETER, &format!("{name} must be a string."))),
    }
}

impl std::ops::Deref for Fields {
    type Target = Map<String, Value>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}
