//! Schemas in words, for the page: what a value is, and a table of an object's members.

use super::page::{escape, list, prose, text};
use serde_json::Value;
use std::fmt::Write;

/// What a value is, as a phrase: a link to a named schema, or its type.
pub fn kind(schema: &Value) -> String {
    if let Some(name) = text(&schema["$ref"]).rsplit('/').next().filter(|name| !name.is_empty()) {
        let name = escape(name);
        return format!("<a href=\"#schema-{name}\">{name}</a>");
    }
    let choices: Vec<String> = ["oneOf", "anyOf"]
        .iter()
        .flat_map(|key| list(&schema[*key]))
        .map(kind)
        .filter(|k| !k.is_empty())
        .collect();
    if !choices.is_empty() {
        return choices.join(" or ");
    }
    if !list(&schema["enum"]).is_empty() {
        let values: Vec<String> = list(&schema["enum"]).iter().map(|v| code(text(v))).collect();
        return values.join(", ");
    }
    if schema["items"].is_object() {
        return format!("list of {}", kind(&schema["items"]));
    }
    let format = text(&schema["format"]);
    let types = types(schema);
    if format.is_empty() { types } else { format!("{types} ({})", escape(format)) }
}

fn types(schema: &Value) -> String {
    match &schema["type"] {
        Value::String(name) => escape(name),
        Value::Array(names) => names.iter().map(|name| escape(text(name))).collect::<Vec<_>>().join(" or "),
        _ => String::new(),
    }
}

fn code(text: &str) -> String {
    format!("<code>{}</code>", escape(text))
}

/// A schema: a table of its members, or what it is. Parts that are put together are shown one after another.
pub fn show(out: &mut String, schema: &Value) {
    let parts: Vec<&Value> = ["allOf", "oneOf", "anyOf"].iter().flat_map(|key| list(&schema[*key])).collect();
    if !parts.is_empty() {
        let joint = if schema["allOf"].is_array() { "Together" } else { "One of" };
        let _ = write!(out, "<p>{joint}:</p>");
        parts.iter().for_each(|part| show(out, part));
        return;
    }
    let Some(members) = schema["properties"].as_object() else {
        let _ = write!(out, "<p>{}</p>", kind(schema));
        return;
    };
    out.push_str("<table><caption>Members</caption><tbody>");
    for (name, member) in members {
        let needed = list(&schema["required"]).iter().any(|required| text(required) == name);
        let _ = write!(
            out,
            "<tr><th scope=\"row\">{}</th><td>{}{}</td><td>{}</td></tr>",
            code(name),
            kind(member),
            if needed { ", required" } else { "" },
            prose(text(&member["description"])),
        );
    }
    out.push_str("</tbody></table>");
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn kinds_are_phrases() {
        let named = json!({"$ref": "#/components/schemas/App"});
        let link = "<a href=\"#schema-App\">App</a>";
        assert_eq!(kind(&named), link);
        assert_eq!(kind(&json!({"type": "array", "items": named})), format!("list of {link}"));
        assert_eq!(kind(&json!({"oneOf": [{"type": "null"}, named]})), format!("null or {link}"));
        assert_eq!(kind(&json!({"type": ["integer", "null"], "format": "int64"})), "integer or null (int64)");
        assert_eq!(kind(&json!({"type": "string", "enum": ["a", "b"]})), "<code>a</code>, <code>b</code>");
    }
}
