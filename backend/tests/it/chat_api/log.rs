//! The log of calls: what developers see of what their code asked.

use super::Team;
use crate::support::{Server, on_both_engines};
use axum::http::Method;
use rollcall_backend::chat_api::log;
use rollcall_shared::{api_call::ApiCall, app::SdkAppId, paths};
use serde_json::json;

on_both_engines!(
    calls_are_seen_with_what_came_of_them_and_without_secrets,
    a_busy_application_and_strangers_leave_little,
);

async fn seen(server: &Server, team: &Team, app: SdkAppId, show: &str) -> Vec<ApiCall> {
    log::write(&server.state).await.unwrap();
    team.operator.get(&paths::api_calls(app, show)).await.json()
}

fn commands(calls: &[ApiCall]) -> Vec<(&str, u32)> {
    calls.iter().map(|call| (call.command.as_str(), call.code)).collect()
}

async fn calls_are_seen_with_what_came_of_them_and_without_secrets(server: Server) {
    let team = Team::new(&server).await;
    let app = team.app.sdkappid;
    team.call("im_open_login_svc/account_import", &json!({"UserID": "ming", "Nick": "赵明远"})).await;
    server.clock.advance(1);
    team.call("profile/portrait_get", &json!({"To_Account": []})).await;
    server.clock.advance(1);
    let bad = format!("/v4/im_open_login_svc/account_check?sdkappid={app}&identifier=mei&usersig=secretly");
    team.raw(Method::POST, &bad, "{}").await;
    server.clock.advance(1);
    team.raw(Method::GET, &format!("/v4/no/such?sdkappid={app}"), "").await;

    let calls = seen(&server, &team, app, "").await;
    let all = [
        ("no/such", 60009),
        ("im_open_login_svc/account_check", 70003),
        ("profile/portrait_get", 40002),
        ("im_open_login_svc/account_import", 0),
    ];
    assert_eq!(commands(&calls), all);
    assert_eq!(calls[1].identifier, "mei");
    assert_eq!(calls[3].identifier, "administrator");
    assert!(
        calls[3].request.ends_with("\n\n{\"Nick\":\"赵明远\",\"UserID\":\"ming\"}"),
        "{}",
        calls[3].request
    );
    assert!(calls[3].answer.contains("\"ActionStatus\":\"OK\""), "{}", calls[3].answer);
    let text = format!("{calls:?}");
    assert!(!text.contains("secretly") && !text.contains(&team.sig("administrator")), "{text}");

    assert_eq!(commands(&seen(&server, &team, app, "failed").await), all[..3]);
    assert_eq!(commands(&seen(&server, &team, app, "40002").await), all[2..3]);
    assert_eq!(team.operator.get(&paths::api_calls(app, "x")).await.status, 422);
    let other = server.create_app(&team.operator, "Another").await;
    assert!(seen(&server, &team, other.sdkappid, "").await.is_empty());

    server.state.store.forget_calls(calls[2].at).await.unwrap();
    assert_eq!(commands(&seen(&server, &team, app, "").await), all[..3]);
}

async fn a_busy_application_and_strangers_leave_little(server: Server) {
    let team = Team::new(&server).await;
    let any = json!({"bulk": 0, "other": 0});
    assert_eq!(team.operator.put(&paths::call_limits(team.app.sdkappid), &any).await.status, 200);
    for _ in 0..40 {
        team.call("im_open_login_svc/account_check", &json!({"CheckItem": []})).await;
    }
    team.raw(Method::POST, "/v4/im_open_login_svc/kick?sdkappid=1", "{}").await;
    team.raw(Method::POST, "/v4/im_open_login_svc/kick", "{}").await;
    assert_eq!(seen(&server, &team, team.app.sdkappid, "").await.len(), 20);
    assert_eq!(team.operator.get(&paths::api_calls(SdkAppId(1), "")).await.status, 404);
    for round in 0..60 {
        for _ in 0..20 {
            team.call("im_open_login_svc/account_check", &json!({"CheckItem": [], "round": round})).await;
        }
        server.clock.advance(1_000);
        log::write(&server.state).await.unwrap();
    }
    let calls = seen(&server, &team, team.app.sdkappid, "").await;
    assert_eq!(calls.len(), 100);
    assert!(calls[0].request.contains("\"round\":59"), "{}", calls[0].request);
    assert_eq!(
        server.state.store.forget_calls(server.state.clock.now().plus_millis(1)).await.unwrap(),
        1_000
    );
}
