//! Who may call: each check with its code, in the vendor's order.

use super::{Team, code, envelope};
use crate::support::{Server, on_both_engines};
use axum::{body::Body, http::Method};
use futures::stream;
use rollcall_backend::chat_api::Calls;
use rollcall_shared::{app::CallLimits, paths};
use serde_json::{Value, json};
use std::{io, time::Duration};
use usersig::Claims;

on_both_engines!(
    each_check_of_the_caller_has_its_code,
    the_first_check_that_fails_is_answered,
    a_disabled_application_is_closed,
    a_kick_voids_earlier_usersigs,
    a_kick_outlives_deletion_and_creation,
    a_rotated_key_ends_its_usersigs,
    an_application_takes_so_many_calls_a_second,
    a_body_that_does_not_arrive_is_said,
    an_unknown_command_is_said_in_an_envelope,
);

const CHECK: &str = "im_open_login_svc/account_check";

fn one() -> Value {
    json!({"CheckItem": [{"UserID": "administrator"}]})
}

async fn refused(team: &Team, query: &str) -> (u64, String) {
    let body = team.call_as(query, CHECK, &one()).await;
    (code(&body), body["ErrorInfo"].as_str().unwrap().to_owned())
}

async fn each_check_of_the_caller_has_its_code(server: Server) {
    let team = Team::new(&server).await;
    let (app, now, key) = (team.app.sdkappid.0, team.made, &team.key);
    team.call("im_open_login_svc/account_import", &json!({"UserID": "ming"})).await;
    let sig = |claims: Claims| claims.sign(key);
    let admin = |expire| Claims::new(app, "administrator", now, expire);
    let good = sig(admin(60));
    let cases = [
        (format!("identifier=administrator&usersig={good}"), 60012, "sdkappid"),
        (format!("sdkappid=x&identifier=administrator&usersig={good}"), 60006, "sdkappid"),
        (format!("sdkappid=1499999999&identifier=administrator&usersig={good}"), 70020, "SDKAppID"),
        (format!("sdkappid={app}&usersig={good}"), 60004, "identifier"),
        (format!("sdkappid={app}&identifier=administrator"), 60004, "usersig"),
        (team.query_of("administrator", ""), 70002, "empty"),
        (team.query_of("administrator", "eJyrVgrx"), 70003, "The UserSig in use is illegal"),
        (team.query_of("administrator", &sig(Claims { sdkappid: 1, ..admin(60) })), 70014, "SDKAppID"),
        (team.query_of("ming", &good), 70013, "does not match the Usersig"),
        (team.query_of("administrator", &admin(60).sign("0000")), 70009, "UserSig verification Failed"),
        (team.query_of("administrator", &sig(admin(-1))), 70001, "The UserSig in use is expired"),
        (team.query_of("ming", &team.sig("ming")), 60010, "admin"),
        (team.query_of("nobody", &team.sig("nobody")), 60010, "admin"),
    ];
    for (query, expected, text) in cases {
        let (code, info) = refused(&team, &query).await;
        assert_eq!(code, expected, "{query}: {info}");
        assert!(info.contains(text), "{info}");
    }
    assert_eq!(code(&team.call_as(&team.query_of("administrator", &good), CHECK, &one()).await), 0);
}

async fn the_first_check_that_fails_is_answered(server: Server) {
    let team = Team::new(&server).await;
    // Everything is wrong with this one, down to the body; what is above goes first.
    let uri = format!("/v4/{CHECK}?sdkappid={}&identifier=nobody&usersig=x", team.app.sdkappid.0);
    assert_eq!(code(&envelope(&team.raw(Method::POST, &uri, "{").await)), 70003);
    let uri = format!("/v4/{CHECK}?{}", team.query());
    assert_eq!(code(&envelope(&team.raw(Method::POST, &uri, "{").await)), 60003);
    for (command, expected) in [
        ("openim/query_online_status", 90001),
        ("profile/portrait_get", 40001),
        ("profile/portrait_set", 40001),
    ] {
        let uri = format!("/v4/{command}?{}", team.query());
        for body in ["", "[]", "\"x\"", "{\"a\":}"] {
            assert_eq!(
                code(&envelope(&team.raw(Method::POST, &uri, body).await)),
                expected,
                "{command} {body}"
            );
        }
    }
}

async fn a_disabled_application_is_closed(server: Server) {
    let team = Team::new(&server).await;
    let disable = json!({"status": "disabled"});
    let answer = team.operator.patch(&paths::app(team.app.sdkappid), &disable).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(refused(&team, &team.query()).await.0, 60016);
    assert_eq!(refused(&team, &format!("sdkappid={}", team.app.sdkappid.0)).await.0, 60016);
}

async fn a_kick_voids_earlier_usersigs(server: Server) {
    let team = Team::new(&server).await;
    let old = team.query();
    let kick = json!({"UserID": "administrator"});
    assert_eq!(code(&team.call("im_open_login_svc/kick", &kick).await), 0);
    assert_eq!(refused(&team, &old).await.0, 70052);

    server.clock.advance(1_000);
    let later = Claims::new(team.app.sdkappid.0, "administrator", team.made + 1, 60).sign(&team.key);
    let again = team.query_of("administrator", &later);
    assert_eq!(code(&team.call_as(&again, CHECK, &one()).await), 0);
    assert_eq!(refused(&team, &old).await.0, 70052);
    let nobody = json!({"Identifier": "nobody"});
    assert_eq!(code(&team.call_as(&again, "im_open_login_svc/kick", &nobody).await), 70107);
}

async fn a_kick_outlives_deletion_and_creation(server: Server) {
    let team = Team::new(&server).await;
    team.permit_deletion().await;
    let admin = json!({"user_id": "root", "type": "admin"});
    let accounts = paths::accounts(team.app.sdkappid);
    assert_eq!(team.operator.post(&accounts, &admin).await.status, 201);
    let old = team.query_of("root", &team.sig("root"));
    assert_eq!(code(&team.call_as(&old, CHECK, &one()).await), 0);
    let delete = json!({"DeleteItem": [{"UserID": "root"}]});
    assert_eq!(code(&team.call("im_open_login_svc/account_delete", &delete).await), 0);
    assert_eq!(refused(&team, &old).await.0, 70052);
    assert_eq!(team.operator.post(&accounts, &admin).await.status, 201);
    assert_eq!(refused(&team, &old).await.0, 70052, "the successor does not revive it");
}

async fn a_rotated_key_ends_its_usersigs(server: Server) {
    let team = Team::new(&server).await;
    let rotated = team.operator.post(&paths::secret_key_rotate(team.app.sdkappid), &json!({})).await;
    assert_eq!(rotated.status, 200);
    assert_eq!(refused(&team, &team.query()).await.0, 70009);
}

async fn an_application_takes_so_many_calls_a_second(server: Server) {
    let team = Team::new(&server).await;
    let path = paths::call_limits(team.app.sdkappid);
    let limits: CallLimits = team.operator.get(&path).await.json();
    assert_eq!(limits, CallLimits { bulk: 100, other: 200, pushes: 100 }, "the vendor's");
    let strict = CallLimits { bulk: 1, other: 0, ..CallLimits::default() };
    assert_eq!(team.operator.put(&path, &strict).await.status, 200);
    assert_eq!(team.operator.get(&path).await.json::<CallLimits>(), strict);

    let one = one();
    let calls = futures::future::join_all((0..20).map(|_| team.call(CHECK, &one))).await;
    let taken = calls.iter().filter(|answer| code(answer) == 0).count();
    assert!((1..20).contains(&taken), "{taken}");
    assert!(calls.iter().all(|answer| [0, 60007].contains(&code(answer))));
    let get = json!({"To_Account": ["administrator"], "TagList": []});
    let others = futures::future::join_all((0..20).map(|_| team.call("profile/portrait_get", &get))).await;
    assert!(others.iter().all(|answer| code(answer) == 0), "these are counted apart");

    let no_program = server.stranger().put(&path, &strict).await;
    assert_eq!(no_program.refusal().0, 401);
    let wrong = team.operator.put(&path, &json!({"bulk": 1_000_001, "other": 0})).await;
    assert_eq!(wrong.problem().errors[0].field, "bulk");
}

async fn a_body_that_does_not_arrive_is_said(server: Server) {
    let team = Team::new(&server).await;
    let uri = format!("/v4/{CHECK}?{}", team.query());
    let broken = stream::iter([Ok("{\"CheckItem\":"), Err(io::Error::other("the client went away"))]);
    let answer = team.raw(Method::POST, &uri, Body::from_stream(broken)).await;
    let answer = envelope(&answer);
    assert_eq!((code(&answer), &answer["ErrorInfo"]), (60002, &json!("HTTP parse Error")));

    // The same application at a server with less patience, and a body that never ends.
    let hasty = server.twin(Calls::within(Duration::from_millis(50))).await.stranger();
    let endless = stream::pending::<io::Result<String>>();
    let answer = hasty.send(Method::POST, &uri, Body::from_stream(endless)).await;
    assert_eq!(code(&envelope(&answer)), 70169);
}

async fn an_unknown_command_is_said_in_an_envelope(server: Server) {
    let team = Team::new(&server).await;
    for path in ["im_open_login_svc/account_list", "x/y", "x", "openim/", "a/b/c", "%ff/%00", "profile/kick"]
    {
        let answer = team.raw(Method::POST, &format!("/v4/{path}"), "{}").await;
        assert_eq!(code(&envelope(&answer)), 60009, "{path}");
    }
}
