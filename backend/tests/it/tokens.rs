//! `/api/v1/apps/{app}/tokens`: tokens for programs.

use crate::support::{Server, on_both_engines};
use rollcall_shared::{
    app::{ApiToken, CreatedToken, TokenAccess},
    paths,
};
use serde_json::json;

const DAY: i64 = 24 * 60 * 60 * 1000;

on_both_engines!(
    a_token_is_checked_before_it_is_made,
    a_token_is_shown_once_and_lets_in,
    a_token_ends_by_time_and_by_hand,
    a_token_of_a_deleted_application_is_void,
);

async fn a_token_is_checked_before_it_is_made(server: Server) {
    let operator = server.operator().await;
    let path = paths::tokens(server.create_app(&operator, "Aurora Live").await.sdkappid);
    let bad = json!({"name": "", "access": "read", "expires_in_days": 731});
    let problem = operator.post(&path, &bad).await.problem();
    let errors: Vec<(&str, &str)> =
        problem.errors.iter().map(|error| (error.field.as_str(), error.code.as_str())).collect();
    assert_eq!(errors, [("name", "required"), ("expires_in_days", "out_of_range")]);
    let unknown = json!({"name": "x", "access": "admin", "expires_in_days": 1});
    assert_eq!(operator.post(&path, &unknown).await.problem().errors[0].field, "access");
}

async fn a_token_is_shown_once_and_lets_in(server: Server) {
    let operator = server.operator().await;
    let app = server.create_app(&operator, "Aurora Live").await;
    let new = json!({"name": "sync", "access": "read", "expires_in_days": 30});
    let answer = operator.post(&paths::tokens(app.sdkappid), &new).await;
    assert_eq!(answer.status, 201);
    let CreatedToken { info, token } = answer.json();
    assert_eq!((token.len(), token.starts_with("rc_")), (46, true));
    assert_eq!(info.expires_at, server.state.clock.now().plus_millis(30 * DAY));

    let program = server.stranger().with_token(&token);
    assert_eq!(program.get(&paths::app(app.sdkappid)).await.status, 200);
    let list = operator.get(&paths::tokens(app.sdkappid)).await;
    assert!(!list.text().contains(&token));
    let tokens: Vec<ApiToken> = list.json();
    assert_eq!((tokens.len(), tokens[0].name.as_str()), (1, "sync"));
    assert_eq!(tokens[0].last_used_at, Some(server.state.clock.now()));
}

async fn a_token_ends_by_time_and_by_hand(server: Server) {
    let operator = server.operator().await;
    let app = server.create_app(&operator, "Aurora Live").await;
    let path = paths::app(app.sdkappid);
    let first = server.program(&operator, &app, TokenAccess::Write).await;
    assert_eq!(first.get(&path).await.status, 200);
    let tokens: Vec<ApiToken> = operator.get(&paths::tokens(app.sdkappid)).await.json();
    assert_eq!(operator.delete(&paths::token(app.sdkappid, tokens[0].id)).await.status, 204);
    assert_eq!(first.get(&path).await.refusal(), (401, "unauthenticated".to_owned()));
    assert_eq!(operator.delete(&paths::token(app.sdkappid, tokens[0].id)).await.status, 404);

    let second = server.program(&operator, &app, TokenAccess::Write).await;
    server.clock.advance(30 * DAY - 1);
    assert_eq!(second.get(&path).await.status, 200);
    server.clock.advance(1);
    assert_eq!(second.get(&path).await.status, 401);
}

async fn a_token_of_a_deleted_application_is_void(server: Server) {
    let operator = server.operator().await;
    let app = server.create_app(&operator, "Aurora Live").await;
    let program = server.program(&operator, &app, TokenAccess::Write).await;
    let path = paths::app(app.sdkappid);
    assert_eq!(operator.delete(&format!("{path}?confirm=Aurora%20Live")).await.status, 202);
    let status = program.get(&path).await.status.as_u16();
    assert!(status == 401 || status == 404, "{status}");
    assert!(program.get(&paths::accounts(app.sdkappid)).await.status.is_client_error());
}
