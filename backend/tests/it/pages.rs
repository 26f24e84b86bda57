//! The console's pages as they come from the server, before any script runs.

use crate::support::{Client, Engine, Server, on_both_engines, run};
use axum::{extract::Request, middleware, middleware::Next, response::Response};
use futures::future::join_all;
use rollcall_backend::console;
use rollcall_shared::paths;
use serde_json::json;
use std::time::Duration;

on_both_engines!(
    the_signed_out_are_sent_to_sign_in_and_back,
    pages_for_everyone_are_shown_to_everyone,
    a_page_holds_what_it_shows,
    what_is_not_there_is_404,
    people_cannot_put_html_into_a_page,
);

async fn the_signed_out_are_sent_to_sign_in_and_back(server: Server) {
    for (path, next) in [
        ("/apps", "%2Fapps"),
        ("/profile", "%2Fprofile"),
        ("/apps/1400000001/chat/users?q=a%26b", "%2Fapps%2F1400000001%2Fchat%2Fusers%3Fq%3Da%2526b"),
    ] {
        let answer = server.stranger().get(path).await;
        assert_eq!(answer.status, 303, "{path}");
        assert_eq!(answer.header("location"), format!("/sign-in?next={next}"));
        assert!(answer.body.is_empty(), "nothing is rendered");
    }
    let home = server.stranger().get("/").await;
    assert_eq!((home.status.as_u16(), home.header("location")), (307, "/apps"));
}

async fn pages_for_everyone_are_shown_to_everyone(server: Server) {
    for path in ["/sign-in", "/setup?token=x"] {
        let page = server.stranger().get(path).await;
        assert_eq!(
            (page.status.as_u16(), page.header("content-type")),
            (200, "text/html; charset=utf-8"),
            "{path}"
        );
        assert!(page.text().contains("type=\"password\""), "{path}");
    }
}

async fn a_page_holds_what_it_shows(server: Server) {
    let operator = server.operator().await;
    let app = server.create_app(&operator, "Aurora Live").await;
    let account = json!({"user_id": "ming", "nickname": "赵明远"});
    assert_eq!(operator.post(&paths::accounts(app.sdkappid), &account).await.status, 201);
    let apps = operator.get("/apps").await;
    assert_eq!(apps.status, 200);
    assert!(apps.text().contains("Aurora Live"));
    for users in ["chat/users", "live/users"] {
        let page = operator.get(&format!("/apps/{}/{users}", app.sdkappid)).await;
        assert_eq!(page.status, 200, "{users}");
        for text in
            ["ming", "赵明远", "administrator", "Create account", "Batch Delete", "Batch Export", "Operation"]
        {
            assert!(page.text().contains(text), "{users}: {text}");
        }
    }
}

async fn what_is_not_there_is_404(server: Server) {
    let operator = server.operator().await;
    for path in ["/nothing", "/apps/1400000009/chat/users", "/apps/1400000009/settings", "/apps/x/chat/users"]
    {
        let page = operator.get(path).await;
        assert_eq!(
            (page.status.as_u16(), page.header("content-type")),
            (404, "text/html; charset=utf-8"),
            "{path}"
        );
    }
    assert_eq!(server.stranger().get("/nothing").await.status, 404);
}

async fn people_cannot_put_html_into_a_page(server: Server) {
    let operator = server.operator().await;
    let app = server.create_app(&operator, "</title><script>alert(1)</script>").await;
    let account = json!({"user_id": "x", "nickname": "</script><img src=x onerror=alert(2)>"});
    assert_eq!(operator.post(&paths::accounts(app.sdkappid), &account).await.status, 201);
    let page = operator.get(&format!("/apps/{}/chat/users", app.sdkappid)).await;
    assert_eq!(page.status, 200);
    assert!(!page.text().contains("<script>alert(1)"));
    assert!(!page.text().contains("<img src=x"));
}

/// Each page reads the API several times; here every answer takes a while and comes back on any thread.
#[test]
fn many_pages_at_once_over_a_slow_api() {
    run(many_pages);
}

async fn many_pages() {
    let server = Server::start(Engine::Sqlite).await;
    let operator = server.operator().await;
    let app = server.create_app(&operator, "Aurora Live").await;
    let slow = server.app.clone().layer(middleware::from_fn(slowly));
    let pages = Client::new(console::routes(server.state.clone(), slow));
    let cookie = operator.cookie();
    let path = format!("/apps/{}/chat/users", app.sdkappid);
    let loads = (0..200).map(|_| {
        let (client, path) = (pages.with_cookie(&cookie), path.clone());
        tokio::spawn(async move { client.get(&path).await })
    });
    for page in join_all(loads).await {
        let page = page.unwrap();
        assert_eq!(page.status, 200);
        assert!(page.text().contains("administrator"));
    }
}

async fn slowly(request: Request, next: Next) -> Response {
    tokio::time::sleep(Duration::from_millis(50)).await;
    next.run(request).await
}
