//! The table of contents: every URL of the server and the handler behind it, nothing else.

use crate::{
    api::{
        account_batches, account_bundles, account_deletions, account_edits, account_suggestions,
        account_types, accounts, api_calls, app_secrets, apps, call_limits, erasures, events,
        export_schedules, export_streams, exports, groups, health, import_files, import_findings,
        import_parts, import_tasks, imports, job_refusals, jobs, password, pushes, session, sessions, setup,
        tokens, usersigs, webhooks,
    },
    chat_api, clients, console,
    layers::{self, limits},
    openapi,
    state::AppState,
};
use axum::{Router, extract::DefaultBodyLimit, middleware, routing::get};
use tower_http::{catch_panic::CatchPanicLayer, csrf::ConfigError};
use utoipa_axum::{
    router::{OpenApiRouter, UtoipaMethodRouterExt as _},
    routes,
};

/// REST v1 with its description. One path for each `routes!`.
pub fn rest() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(openapi::base())
        .routes(routes!(session::show, session::sign_in, session::sign_out))
        .routes(routes!(sessions::list))
        .routes(routes!(sessions::revoke))
        .routes(routes!(password::change))
        .routes(routes!(setup::complete))
        .routes(routes!(apps::list, apps::create))
        .routes(routes!(apps::show, apps::edit, apps::remove))
        .routes(routes!(app_secrets::reveal))
        .routes(routes!(app_secrets::rotate))
        .routes(routes!(apps::set_deletion_restriction))
        .routes(routes!(call_limits::show, call_limits::set))
        .routes(routes!(tokens::list, tokens::create))
        .routes(routes!(tokens::revoke))
        .routes(routes!(api_calls::list))
        .routes(routes!(usersigs::make))
        .routes(routes!(usersigs::check))
        .routes(routes!(webhooks::show, webhooks::set, webhooks::remove))
        .routes(routes!(webhooks::deliveries))
        .routes(routes!(webhooks::test))
        .routes(routes!(accounts::list, accounts::create))
        .routes(routes!(accounts::show, accounts::edit, accounts::remove))
        .routes(routes!(account_suggestions::list))
        .routes(routes!(account_types::set_admin))
        .routes(routes!(account_types::cancel_admin))
        .routes(routes!(account_batches::create).layer(DefaultBodyLimit::max(limits::BATCH_BODY_MAX)))
        .routes(routes!(account_deletions::create))
        .routes(routes!(account_edits::create))
        .routes(routes!(account_bundles::create))
        .routes(routes!(erasures::create))
        .routes(routes!(erasures::list))
        .routes(routes!(erasures::show))
        .routes(routes!(erasures::verify))
        .routes(routes!(exports::create))
        .routes(routes!(exports::show))
        .routes(routes!(exports::file))
        .routes(routes!(exports::manifest))
        .routes(routes!(export_streams::create))
        .routes(routes!(export_schedules::list, export_schedules::create))
        .routes(routes!(export_schedules::show, export_schedules::edit, export_schedules::remove))
        .routes(routes!(export_schedules::run))
        .routes(routes!(export_schedules::check))
        .routes(routes!(imports::list, imports::announce))
        .routes(routes!(imports::show, imports::discard))
        .routes(routes!(imports::read_otherwise))
        .routes(routes!(import_parts::put).layer(DefaultBodyLimit::max(limits::PART_BODY_MAX)))
        .routes(routes!(import_tasks::review))
        .routes(routes!(import_tasks::apply))
        .routes(routes!(import_tasks::undo))
        .routes(routes!(import_findings::refused))
        .routes(routes!(import_findings::changes))
        .routes(routes!(import_files::refused_file))
        .routes(routes!(import_files::template))
        .routes(routes!(groups::list))
        .routes(routes!(groups::show, groups::destroy))
        .routes(routes!(groups::members))
        .routes(routes!(pushes::list, pushes::create))
        .routes(routes!(pushes::show))
        .routes(routes!(jobs::list))
        .routes(routes!(jobs::show, jobs::cancel))
        .routes(routes!(jobs::refused))
        .routes(routes!(job_refusals::file))
        .routes(routes!(events::listen))
}

/// The whole server.
///
/// # Errors
/// The public URL is no origin that browsers could send.
pub fn app(state: AppState) -> Result<Router, ConfigError> {
    let api = api(&state);
    // What the console's pages read in this process: beneath compression, limits and access log.
    let inner = api.clone().fallback(limits::no_route).method_not_allowed_fallback(limits::no_method);
    let probes = Router::new()
        .route("/healthz", get(health::live))
        .route("/readyz", get(health::ready))
        .with_state(state.clone());
    let clients = Router::new().route("/v1/client", get(clients::connect)).with_state(state.clone());
    let same_site = limits::same_site(&state.public_url)?;
    Ok(probes
        .merge(api)
        .merge(clients)
        .merge(chat_api::routes().with_state(state.clone()))
        .merge(console::routes(state.clone(), inner))
        .method_not_allowed_fallback(limits::no_method)
        .layer(middleware::from_fn(limits::time))
        .layer(same_site)
        .layer(middleware::from_fn_with_state(state.clone(), limits::host))
        .layer(limits::compression())
        .layer(middleware::from_fn_with_state(state, layers::headers::layer))
        .layer(CatchPanicLayer::custom(limits::panicked))
        .layer(middleware::from_fn(layers::access_log::layer))
        .layer(middleware::from_fn(layers::trace::layer)))
}

/// The API with its description and the page for it.
fn api(state: &AppState) -> Router {
    let (router, document) = rest().split_for_parts();
    let router = router.merge(openapi::pages(document));
    router
        .layer(DefaultBodyLimit::max(limits::BODY_MAX))
        .layer(middleware::from_fn_with_state(state.clone(), layers::position::layer))
        .with_state(state.clone())
}
