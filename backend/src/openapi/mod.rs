//! The description of REST v1: what the routes say of themselves, and what all of them share. The page that
//! shows it is rendered by `page.rs` beside this file.

mod page;
mod schema;

use crate::{router, state::AppState};
use axum::{
    Router,
    http::{HeaderValue, header},
    response::IntoResponse,
    routing::get,
};
use rollcall_shared::error::{PROBLEM_JSON, Problem};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        Components, ComponentsBuilder, ContentBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder,
        PathItem, Ref, RefOr, ResponseBuilder,
        path::Operation,
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
        tag::TagBuilder,
    },
};

const ABOUT: &str = "Accounts of chat and live applications. Sign in with a session cookie, or send an API token of \
one application as `Authorization: Bearer rc_…`. Every error is `application/problem+json` (RFC 9457) with a stable \
`code`. Lists are read with opaque cursors; PATCH and DELETE of one account need `If-Match`; creations take an \
`Idempotency-Key`. In paths, the user IDs `.`, `..` and those that begin with `~` travel as `~` and base64url.";

const TAGS: [(&str, &str); 10] = [
    ("session", "Signing in, the operator's sessions and password"),
    ("applications", "Applications, their secret key, restriction and tokens"),
    ("accounts", "Accounts: list, create, edit, delete"),
    ("groups", "Groups, as programs made them"),
    ("pushes", "Messages to all members"),
    ("webhooks", "Where events of an application are told"),
    ("usersigs", "UserSigs, made and checked for developers"),
    ("bulk", "Batches, deletions of a selection, exports and their schedules"),
    ("imports", "Files of accounts that are brought: uploaded, reviewed, applied and undone"),
    ("jobs", "Long work and its progress"),
];

/// What the routes are added to.
pub fn base() -> OpenApi {
    let license = LicenseBuilder::new().name("MIT OR Apache-2.0").build();
    let info = InfoBuilder::new()
        .title("Rollcall")
        .version("1")
        .description(Some(ABOUT))
        .license(Some(license))
        .build();
    let tags = TAGS.map(|(name, text)| TagBuilder::new().name(name).description(Some(text)).build());
    OpenApiBuilder::new().info(info).components(Some(components())).tags(Some(tags)).build()
}

fn components() -> Components {
    let mut parts = Vec::from([(Problem::name().into_owned(), Problem::schema())]);
    Problem::schemas(&mut parts);
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("rc_…").build();
    let cookie = ApiKey::Cookie(ApiKeyValue::with_description(
        "__Host-rollcall_session",
        "On plain http (this machine only) the cookie is called rollcall_session_{port}.",
    ));
    ComponentsBuilder::new()
        .schemas_from_iter(parts)
        .security_scheme("session", SecurityScheme::ApiKey(cookie))
        .security_scheme("token", SecurityScheme::Http(bearer))
        .build()
}

/// The complete document.
pub fn document() -> OpenApi {
    complete(router::rest().into_openapi())
}

/// The document as it is committed: `openapi.json`, with a newline at its end.
///
/// # Errors
/// Never: every part of it can be written as JSON.
pub fn text() -> serde_json::Result<String> {
    Ok(serde_json::to_string_pretty(&document())? + "\n")
}

/// Adds to every operation the answer that all of them share, a problem, and tells operations of the same name apart.
fn complete(mut document: OpenApi) -> OpenApi {
    for (path, item) in &mut document.paths.paths {
        for operation in operations(item) {
            let verb = operation.operation_id.take().unwrap_or_default();
            operation.operation_id = Some(operation_id(path, &verb));
            let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(Problem::name()))).build();
            let response = ResponseBuilder::new()
                .description("The request was refused, or failed.")
                .content(PROBLEM_JSON, content)
                .build();
            operation.responses.responses.insert("default".to_owned(), RefOr::T(response));
        }
    }
    document
}

/// The name of an operation for generated clients: the resource and what is done with it, `accounts_list`.
fn operation_id(path: &str, verb: &str) -> String {
    let resource = path.trim_start_matches("/api/v1/").trim_start_matches("apps/{app}/");
    let resource = resource.split('/').next().unwrap_or_default().replace('-', "_");
    if verb.ends_with(&resource) { verb.to_owned() } else { format!("{resource}_{verb}") }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let PathItem { get, put, post, patch, delete, .. } = item;
    [get, put, post, patch, delete].into_iter().flatten()
}

/// The routes that show the document: as JSON, and as a page for people.
pub fn pages(document: OpenApi) -> Router<AppState> {
    let document = complete(document);
    let value = serde_json::to_value(&document).unwrap_or_default();
    let (html, json) = (page::render(&value), value.to_string());
    let show_json = || async { ([(header::CONTENT_TYPE, "application/json")], json) };
    let show_page = move || async move {
        let policy = HeaderValue::from_static(page::POLICY);
        let kind = HeaderValue::from_static("text/html; charset=utf-8");
        ([(header::CONTENT_TYPE, kind), (header::CONTENT_SECURITY_POLICY, policy)], html).into_response()
    };
    let show_style = || async { ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], page::STYLE) };
    Router::new()
        .route("/api/openapi.json", get(show_json))
        .route("/api/docs", get(show_page))
        .route("/api/docs/style.css", get(show_style))
}
