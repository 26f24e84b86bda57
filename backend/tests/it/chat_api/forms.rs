//! The forms in which clients of all ages send the same call.

use super::{Team, code, envelope};
use crate::support::{Server, on_both_engines};
use axum::http::Method;
use serde_json::json;

on_both_engines!(every_form_of_a_call_is_taken, what_the_form_of_a_usersig_allows);

async fn every_form_of_a_call_is_taken(server: Server) {
    let team = Team::new(&server).await;
    let query = team.query();
    let check = format!("/v4/im_open_login_svc/account_check?{query}");
    let body = json!({"CheckItem": [{"UserID": "administrator"}]}).to_string();
    for method in [Method::GET, Method::POST, Method::PUT] {
        let answer = team.raw(method.clone(), &check, body.clone()).await;
        assert_eq!(code(&envelope(&answer)), 0, "{method} without a content type");
    }
    for kind in ["application/json", "text/plain", "application/x-www-form-urlencoded"] {
        let answer =
            team.program.with("content-type", kind).send(Method::POST, &check, body.clone().into()).await;
        assert_eq!(code(&envelope(&answer)), 0, "{kind}");
    }
    let import = "im_open_login_svc/account_import";
    for body in [
        json!({"UserID": "new"}),
        json!({"Identifier": "old", "Nick": "Old", "FaceUrl": "", "Type": 1}),
        json!({"Identifier": "older", "Nick": null}),
    ] {
        assert_eq!(code(&team.call(import, &body).await), 0, "{body}");
        assert_eq!(code(&team.call(import, &body).await), 0, "the same random and the same account again");
    }
}

async fn what_the_form_of_a_usersig_allows(server: Server) {
    let team = Team::new(&server).await;
    let account = json!({"UserID": "a b*c"});
    team.call("im_open_login_svc/account_import", &account).await;
    let sig = team.sig("administrator");
    let body = json!({"CheckItem": [{"UserID": "a b*c"}]});
    for written in [sig.clone(), sig.replace('*', "%2A"), sig.replace('_', "%5F").replace('-', "%2D")] {
        let answer = team
            .call_as(&team.query_of("administrator", &written), "im_open_login_svc/account_check", &body)
            .await;
        assert_eq!(answer["ResultItem"][0]["AccountStatus"], "Imported", "{written}");
    }
    for identifier in ["a+b*c", "a%20b%2Ac", "a%20b*c"] {
        let query = team.query_of(identifier, &team.sig("a b*c"));
        let answer = team.call_as(&query, "im_open_login_svc/account_check", &body).await;
        assert_eq!(code(&answer), 60010, "known, and no admin");
    }
}
