//! The page that shows the document to people: plain HTML and one style sheet, no script.

use utoipa::openapi::OpenApi;

/// The page's style.
pub const STYLE: &str = "";
/// The page loads its style and nothing else.
pub const POLICY: &str =
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The page.
pub fn render(_document: &OpenApi) -> String {
    String::new()
}
