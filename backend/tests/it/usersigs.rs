//! UserSigs made and checked for developers.

use crate::support::{Client, Server, on_both_engines};
use rollcall_shared::{
    app::{App, TokenAccess},
    paths,
    usersig::{UserSig, UserSigReport},
};
use serde_json::{Value, json};
use usersig::Claims;

on_both_engines!(what_is_made_is_good, a_check_says_why_not, wrong_fields_are_named, only_operators_may);

async fn signed_in(server: &Server) -> (Client, App) {
    let operator = server.operator().await;
    let app = server.create_app(&operator, "Aurora Live").await;
    (operator, app)
}

async fn make(operator: &Client, app: &App, user_id: &str) -> UserSig {
    let answer =
        operator.post(&paths::usersigs(app.sdkappid), &json!({"user_id": user_id, "days": 180})).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

async fn check(operator: &Client, app: &App, body: Value) -> UserSigReport {
    let answer = operator.post(&paths::usersig_checks(app.sdkappid), &body).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

async fn what_is_made_is_good(server: Server) {
    let (operator, app) = signed_in(&server).await;
    let made = make(&operator, &app, "not yet there").await;
    let report = check(&operator, &app, json!({"usersig": format!(" {}\n", made.usersig)})).await;
    let claims = report.claims.unwrap();
    assert_eq!((report.code, report.reason.as_str()), (0, ""));
    assert_eq!((claims.sdkappid, claims.user_id.as_str()), (app.sdkappid.0, "not yet there"));
    assert_eq!(claims.expires_at, made.expires_at);
    assert_eq!(claims.expires_at.millis() - claims.made_at.millis(), 180 * 24 * 60 * 60 * 1_000);
}

async fn a_check_says_why_not(server: Server) {
    let (operator, app) = signed_in(&server).await;
    let good = make(&operator, &app, "administrator").await.usersig;
    let codes = |report: UserSigReport| (report.code, report.claims.is_some());
    assert_eq!(codes(check(&operator, &app, json!({"usersig": ""})).await), (70002, false));
    assert_eq!(codes(check(&operator, &app, json!({"usersig": "x"})).await), (70003, false));
    let other = check(&operator, &app, json!({"usersig": good, "user_id": "ming"})).await;
    assert_eq!(codes(other), (70013, true));
    let elsewhere = server.create_app(&operator, "Another").await;
    assert_eq!(codes(check(&operator, &elsewhere, json!({"usersig": good})).await), (70014, true));
    let forged = Claims::new(app.sdkappid.0, "administrator", i64::MAX, i64::MAX).sign("0");
    assert_eq!(codes(check(&operator, &app, json!({"usersig": forged})).await), (70009, true));

    let query = format!("sdkappid={}&identifier=administrator&usersig={good}", app.sdkappid.0);
    let kick = json!({"UserID": "administrator"});
    operator.post(&format!("/v4/im_open_login_svc/kick?{query}"), &kick).await;
    assert_eq!(codes(check(&operator, &app, json!({"usersig": good})).await), (70052, true));
    server.clock.advance(181 * 24 * 60 * 60 * 1_000);
    let operator = server.operator().await;
    assert_eq!(codes(check(&operator, &app, json!({"usersig": good})).await), (70001, true));
}

async fn wrong_fields_are_named(server: Server) {
    let (operator, app) = signed_in(&server).await;
    for (body, field) in [
        (json!({"user_id": "", "days": 1}), "user_id"),
        (json!({"user_id": "a", "days": 0}), "days"),
        (json!({"user_id": "a", "days": 18_251}), "days"),
        (json!({"user_id": "a"}), "days"),
    ] {
        let problem = operator.post(&paths::usersigs(app.sdkappid), &body).await.problem();
        assert_eq!((problem.status, problem.errors.len()), (422, 1), "{body}");
        assert!(problem.errors[0].field == field || problem.errors[0].message.contains(field), "{body}");
    }
    let long = json!({"usersig": "x".repeat(8 * 1024 + 1)});
    assert_eq!(
        operator.post(&paths::usersig_checks(app.sdkappid), &long).await.problem().errors[0].field,
        "usersig"
    );
}

async fn only_operators_may(server: Server) {
    let (operator, app) = signed_in(&server).await;
    let body = json!({"user_id": "a", "days": 1});
    let program = server.program(&operator, &app, TokenAccess::Write).await;
    assert_eq!(program.post(&paths::usersigs(app.sdkappid), &body).await.refusal().0, 403);
    assert_eq!(server.stranger().post(&paths::usersigs(app.sdkappid), &body).await.refusal().0, 401);
    let nowhere = operator.post(&paths::usersigs(rollcall_shared::app::SdkAppId(1)), &body).await;
    assert_eq!(nowhere.refusal().0, 404);
}
