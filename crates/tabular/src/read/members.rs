//! The members of a JSON object as cells. Knows nothing of files.

use super::{Fault, Kind, row::Span};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::{collections::HashMap, fmt};

/// The names seen so far, and the cells of one object.
pub(super) struct Members {
    names: Vec<String>,
    columns: HashMap<String, usize>,
    /// The column after that of the member before: writers keep the order, so it is the likeliest.
    likely: usize,
    most_columns: usize,
    most_bytes: usize,
    /// See [`Options::flatten`](super::Options::flatten).
    flatten: bool,
    text: String,
    spans: Vec<Span>,
    fault: Option<Fault>,
}

impl Members {
    pub fn new(most_columns: usize, most_bytes: usize, flatten: bool) -> Self {
        Self {
            names: Vec::new(),
            columns: HashMap::new(),
            likely: 0,
            most_columns,
            most_bytes,
            flatten,
            text: String::new(),
            spans: Vec::new(),
            fault: None,
        }
    }

    pub fn names(&self) -> &[String] {
        &self.names
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    fn column(&mut self, name: &str) -> Result<usize, Fault> {
        let column = match self.names.get(self.likely) {
            Some(likely) if likely == name => self.likely,
            _ => match self.columns.get(name) {
                Some(&column) => column,
                None => self.add(name)?,
            },
        };
        self.likely = column + 1;
        Ok(column)
    }

    fn add(&mut self, name: &str) -> Result<usize, Fault> {
        if name.trim().is_empty() || name.len() > self.most_bytes {
            return Err(Fault::UnnamedMember);
        }
        if self.names.len() >= self.most_columns {
            return Err(Fault::TooManyMembers { limit: self.most_columns });
        }
        let column = self.names.len();
        self.names.push(name.to_owned());
        self.columns.insert(name.to_owned(), column);
        self.spans.push(Span::default());
        Ok(column)
    }

    /// Takes the value of a member; `is_new` says that its column was unknown before.
    fn take(&mut self, column: usize, json: &str, is_new: bool) -> Result<(), Fault> {
        if !self.flatten || !json.starts_with('{') {
            return self.set(column, json);
        }
        let outer = self.names.get(column).cloned().unwrap_or_default();
        if is_new {
            self.names.pop();
            self.columns.remove(&outer);
            self.spans.pop();
        }
        let Inner(members) = serde_json::from_str(json).map_err(|error| not_json(&error))?;
        for (name, value) in members {
            let column = self.column(&format!("{outer}.{name}"))?;
            self.set(column, value.get())?;
        }
        Ok(())
    }

    fn set(&mut self, column: usize, json: &str) -> Result<(), Fault> {
        let start = self.text.len();
        let kind = match json.as_bytes().first() {
            Some(b'"') => {
                let mut parser = serde_json::Deserializer::from_str(json);
                Text(&mut self.text).deserialize(&mut parser).map_err(|error| not_json(&error))?;
                Kind::Text
            }
            Some(b'n') => Kind::Null,
            first => {
                self.text.push_str(json);
                match first {
                    Some(b't' | b'f') => Kind::Bool,
                    Some(b'{' | b'[') => Kind::Json,
                    _ => Kind::Number,
                }
            }
        };
        let end = self.text.len();
        if end - start > self.most_bytes {
            return Err(Fault::CellTooLong { column, limit: self.most_bytes });
        }
        match self.spans.get_mut(column) {
            Some(span) if span.kind == Kind::Missing => *span = Span { start, end, kind, formula: false },
            _ => {
                let name = self.names.get(column).cloned().unwrap_or_default();
                return Err(Fault::DuplicateMember { name });
            }
        }
        Ok(())
    }
}

/// Takes the members of the object that the line is.
///
/// # Errors
/// The line is something else, or a member cannot be taken. The names that came before it are known from now on.
pub(super) fn parse(line: &str, members: &mut Members) -> Result<(), Fault> {
    members.text.clear();
    members.spans.fill(Span::default());
    members.likely = 0;
    let mut parser = serde_json::Deserializer::from_str(line);
    let parsed = parser.deserialize_map(Object(members)).and_then(|()| parser.end());
    parsed.map_err(|error| members.fault.take().unwrap_or_else(|| not_json(&error)))
}

fn not_json(error: &serde_json::Error) -> Fault {
    // Within one line, the parser's own line number would mislead.
    let detail = error.to_string();
    let detail = detail.split(" at line ").next().unwrap_or_default();
    Fault::NotJson { detail: format!("{detail} at character {}", error.column()) }
}

struct Object<'a>(&'a mut Members);

impl<'de> Visitor<'de> for Object<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        loop {
            let known = self.0.names.len();
            let Some(column) = map.next_key_seed(Name(&mut *self.0))? else { break };
            let is_new = self.0.names.len() > known;
            let json: &RawValue = map.next_value()?;
            let set = column.and_then(|column| self.0.take(column, json.get(), is_new));
            if let Err(fault) = set {
                self.0.fault = Some(fault);
                return Err(serde::de::Error::custom("refused"));
            }
        }
        Ok(())
    }
}

/// The members of an object within the object, in their order; one that comes twice is there twice.
struct Inner<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Inner<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Inside)
    }
}

struct Inside;

impl<'de> Visitor<'de> for Inside {
    type Value = Inner<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Inner<'de>, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Inner(members))
    }
}

/// A name, looked up without being kept.
struct Name<'a>(&'a mut Members);

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = Result<usize, Fault>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = Result<usize, Fault>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.column(name))
    }
}

/// Text, appended to other text.
struct Text<'a>(&'a mut String);

impl<'de> DeserializeSeed<'de> for Text<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Text<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text")
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.0.push_str(text);
        Ok(())
    }
}
