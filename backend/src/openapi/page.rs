//! The page that shows the document to people: plain HTML and one style sheet, no script. It follows the document,
//! so a new route or schema shows up by itself; how a schema is put into words lives in `schema.rs`.

use super::schema;
use serde_json::Value;
use std::fmt::Write;

/// The page's style.
pub const STYLE: &str = include_str!("style.css");
/// The page loads its style and nothing else.
pub const POLICY: &str =
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// An operation with where it stands.
struct Operation<'a> {
    method: &'a str,
    path: &'a str,
    value: &'a Value,
}

/// The page.
pub fn render(document: &Value) -> String {
    let mut out = String::new();
    let title = escape(text(&document["info"]["title"]));
    let _ = write!(
        out,
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title} API</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <link rel=\"stylesheet\" href=\"/api/docs/style.css\"></head><body>"
    );
    navigation(&mut out, document);
    let about = prose(text(&document["info"]["description"]));
    let _ = write!(
        out,
        "<main><h1>{title} API</h1><p>{about}</p><p><a href=\"/api/openapi.json\">openapi.json</a></p>"
    );
    for tag in list(&document["tags"]) {
        let name = text(&tag["name"]);
        let _ = write!(
            out,
            "<section id=\"tag-{0}\"><h2>{0}</h2><p>{1}</p>",
            escape(name),
            prose(text(&tag["description"]))
        );
        operations(document, name).for_each(|operation| show_operation(&mut out, &operation));
        out.push_str("</section>");
    }
    schemas(&mut out, document);
    out.push_str("</main></body></html>");
    out
}

fn navigation(out: &mut String, document: &Value) {
    out.push_str("<nav aria-label=\"Contents\">");
    for tag in list(&document["tags"]) {
        let name = text(&tag["name"]);
        let _ = write!(out, "<h2><a href=\"#tag-{0}\">{0}</a></h2><ul>", escape(name));
        for operation in operations(document, name) {
            let _ = write!(
                out,
                "<li><a href=\"#{}\">{}</a></li>",
                escape(&anchor(&operation)),
                prose(text(&operation.value["summary"]))
            );
        }
        out.push_str("</ul>");
    }
    out.push_str("<h2><a href=\"#schemas\">schemas</a></h2></nav>");
}

fn operations<'a>(document: &'a Value, tag: &'a str) -> impl Iterator<Item = Operation<'a>> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths
        .flat_map(|(path, item)| METHODS.map(|method| Operation { method, path, value: &item[method] }))
        .filter(move |operation| {
            list(&operation.value["tags"]).first().is_some_and(|first| text(first) == tag)
        })
}

fn anchor(operation: &Operation<'_>) -> String {
    format!("op-{}", text(&operation.value["operationId"]))
}

fn show_operation(out: &mut String, operation: &Operation<'_>) {
    let Operation { method, path, value } = operation;
    let _ = write!(
        out,
        "<article id=\"{}\"><h3>{}</h3><p class=\"call\"><b class=\"{method}\">{}</b> <code>{}</code></p><p>{}</p>\
         <p class=\"who\">{}</p>",
        escape(&anchor(operation)),
        prose(text(&value["summary"])),
        method.to_uppercase(),
        escape(path),
        prose(text(&value["description"])),
        who(value),
    );
    parameters(out, value);
    if let Some(kind) = content_type(&value["requestBody"]) {
        let _ = write!(out, "<p><strong>Body</strong> {kind}</p>");
    }
    out.push_str("<table><caption>Answers</caption><tbody>");
    for (status, answer) in value["responses"].as_object().into_iter().flatten() {
        let kind = content_type(answer).unwrap_or_default();
        let about = prose(text(&answer["description"]));
        let _ =
            write!(out, "<tr><th scope=\"row\">{}</th><td>{kind}</td><td>{about}</td></tr>", escape(status));
    }
    out.push_str("</tbody></table></article>");
}

/// Who may call an operation, in words.
fn who(operation: &Value) -> &'static str {
    let needs = list(&operation["security"]);
    let has = |scheme: &str| needs.iter().any(|need| need.get(scheme).is_some());
    match (has("session"), has("token")) {
        (true, true) => "For operators, and for API tokens of the application.",
        (true, false) => "For operators.",
        (false, true) => "For API tokens of the application.",
        (false, false) => "For everyone.",
    }
}

fn parameters(out: &mut String, operation: &Value) {
    let parameters = list(&operation["parameters"]);
    if parameters.is_empty() {
        return;
    }
    out.push_str("<table><caption>Parameters</caption><tbody>");
    for parameter in parameters {
        let needed = if parameter["required"] == true { ", required" } else { "" };
        let _ = write!(
            out,
            "<tr><th scope=\"row\"><code>{}</code></th><td>{}, {}{needed}</td><td>{}</td></tr>",
            escape(text(&parameter["name"])),
            escape(text(&parameter["in"])),
            schema::kind(&parameter["schema"]),
            prose(text(&parameter["description"])),
        );
    }
    out.push_str("</tbody></table>");
}

/// What a body holds, for the first of its media types.
fn content_type(body: &Value) -> Option<String> {
    let (media, content) = body["content"].as_object()?.iter().next()?;
    let kind = schema::kind(&content["schema"]);
    Some(format!("{kind} <span class=\"media\">{}</span>", escape(media)))
}

fn schemas(out: &mut String, document: &Value) {
    out.push_str("<section id=\"schemas\"><h2>schemas</h2>");
    for (name, value) in document["components"]["schemas"].as_object().into_iter().flatten() {
        let name = escape(name);
        let about = prose(text(&value["description"]));
        let _ = write!(out, "<article id=\"schema-{name}\"><h3>{name}</h3><p>{about}</p>");
        schema::show(out, value);
        out.push_str("</article>");
    }
    out.push_str("</section>");
}

/// A JSON string, or nothing.
pub fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// A JSON array, or nothing.
pub fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// Text for HTML.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A description for HTML: what stands between backquotes is code, and links between types lose their brackets.
pub fn prose(text: &str) -> String {
    let plain = escape(text).replace("[`", "`").replace("`]", "`");
    let mut parts = plain.split('`');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for (index, part) in parts.enumerate() {
        out.push_str(if index % 2 == 0 { "<code>" } else { "</code>" });
        out.push_str(part);
    }
    if plain.matches('`').count() % 2 == 1 {
        out.push_str("</code>");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_become_html() {
        assert_eq!(prose("a <b> & `c`"), "a &lt;b&gt; &amp; <code>c</code>");
        assert_eq!(prose("at most [`BATCH_MAX`]."), "at most <code>BATCH_MAX</code>.");
        assert_eq!(prose("one ` alone"), "one <code> alone</code>");
    }
}
