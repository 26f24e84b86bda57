//! Custom profile fields over REST v1: defined in an application, written in its accounts, found in its exports.

use crate::support::{Client, Server, on_both_engines};
use rollcall_backend::jobs;
use rollcall_shared::{
    account::Account,
    app::{App, TokenAccess},
    error::Problem,
    job::Job,
    paths,
};
use serde_json::{Value, json};

on_both_engines!(
    fields_are_added_and_their_rights_changed,
    what_breaks_a_rule_is_named,
    accounts_have_values_in_them,
    a_program_reads_what_there_is,
    exports_have_a_column_for_each,
);

fn field(name: &str) -> Value {
    json!({"name": name, "readable": true, "writable": true})
}

async fn define(operator: &Client, app: &App, fields: &Value) -> App {
    let answer = operator.patch(&paths::app(app.sdkappid), &json!({"custom_fields": fields})).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

/// The field and the code of the first rule that was broken.
fn first(problem: &Problem) -> (u16, &str, &str) {
    let error = &problem.errors[0];
    (problem.status, error.field.as_str(), error.code.as_str())
}

async fn fields_are_added_and_their_rights_changed(server: Server) {
    let operator = server.operator().await;
    let app = server.create_app(&operator, "Aurora Live").await;
    let defined = define(&operator, &app, &json!([field("Hobby")])).await;
    assert_eq!(defined.version, app.version + 1);
    let hidden = json!([{"name": "Hobby", "readable": false, "writable": false}, field("Team")]);
    let changed = define(&operator, &app, &hidden).await;
    assert_eq!(serde_json::to_value(&changed.custom_fields).unwrap(), hidden);
    assert_eq!(operator.get(&paths::app(app.sdkappid)).await.json::<App>(), changed);

    let stale = operator.if_match(&defined.etag());
    let stale = stale.patch(&paths::app(app.sdkappid), &json!({"custom_fields": [field("Hobby")]})).await;
    assert_eq!(stale.refusal(), (412, "changed_meanwhile".to_owned()));
}

async fn what_breaks_a_rule_is_named(server: Server) {
    let operator = server.operator().await;
    let app = server.create_app(&operator, "Aurora Live").await;
    let path = paths::app(app.sdkappid);
    define(&operator, &app, &json!([field("Hobby")])).await;
    let many: Vec<Value> = (b'A'..=b'U').map(|letter| field(&char::from(letter).to_string())).collect();
    for (fields, at, code) in [
        (json!([field("Hobby"), field("")]), "custom_fields[1].name", "required"),
        (json!([field("Hobby"), field("Hobbies12")]), "custom_fields[1].name", "invalid"),
        (json!([field("Hobby"), field("é")]), "custom_fields[1].name", "invalid"),
        (json!([field("Hobby"), field("HOBBY")]), "custom_fields[1].name", "taken"),
        (json!([]), "custom_fields", "invalid"),
        (json!(many), "custom_fields", "too_long"),
    ] {
        let problem = operator.patch(&path, &json!({"custom_fields": fields})).await.problem();
        assert_eq!(first(&problem), (422, at, code), "{fields}");
    }
    for malformed in [json!("Hobby"), json!([{"name": "Team"}]), json!([7])] {
        let refused = operator.patch(&path, &json!({"custom_fields": malformed})).await;
        assert_eq!(refused.status, 422, "{malformed}");
    }
    assert_eq!(operator.get(&path).await.json::<App>().custom_fields.len(), 1);
    operator.patch(&path, &json!({"status": "disabled"})).await;
    let refused = operator.patch(&path, &json!({"custom_fields": [field("Hobby"), field("Team")]})).await;
    assert_eq!(refused.refusal(), (403, "app_disabled".to_owned()));
}

async fn accounts_have_values_in_them(server: Server) {
    let operator = server.operator().await;
    let app = server.create_app(&operator, "Aurora Live").await;
    let (list, path) = (paths::accounts(app.sdkappid), paths::account(app.sdkappid, "ming"));
    let with = |custom: Value| json!({"user_id": "ming", "custom": custom});
    let problem = operator.post(&list, &with(json!({"Hobby": "chess"}))).await.problem();
    assert_eq!(first(&problem), (422, "custom.Hobby", "unknown_field"));
    define(&operator, &app, &json!([field("Hobby"), field("Team")])).await;
    for (value, code) in [("x".repeat(501), "too_long"), ("a\0".to_owned(), "invalid_character")] {
        let problem = operator.post(&list, &with(json!({"Hobby": value}))).await.problem();
        assert_eq!(first(&problem), (422, "custom.Hobby", code));
    }
    let made: Account = operator.post(&list, &with(json!({"Hobby": "x".repeat(500)}))).await.json();
    assert_eq!(made.custom["Hobby"].len(), 500);

    let edit = async |patch: Value| {
        let now: Account = operator.get(&path).await.json();
        operator.if_match(&now.etag()).patch(&path, &json!({ "custom": patch })).await
    };
    let edited: Account = edit(json!({"Hobby": null, "Team": "Red"})).await.json();
    assert_eq!(serde_json::to_value(&edited.custom).unwrap(), json!({"Team": "Red"}));
    assert_eq!(first(&edit(json!({"Shoe": "42"})).await.problem()), (422, "custom.Shoe", "unknown_field"));
    assert_eq!(edit(json!({"Team": 7})).await.status, 422);
    let emptied: Account = edit(Value::Null).await.json();
    assert!(emptied.custom.is_empty());
}

async fn a_program_reads_what_there_is(server: Server) {
    let operator = server.operator().await;
    let app = server.create_app(&operator, "Aurora Live").await;
    let defined = define(&operator, &app, &json!([field("Hobby")])).await;
    let program = server.program(&operator, &app, TokenAccess::Read).await;
    let seen: App = program.get(&paths::app(app.sdkappid)).await.json();
    assert_eq!(seen.custom_fields, defined.custom_fields);
    let refused = program.patch(&paths::app(app.sdkappid), &json!({"custom_fields": []})).await;
    assert!([401, 403].contains(&refused.status.as_u16()), "{}", refused.text());
}

async fn exports_have_a_column_for_each(server: Server) {
    let operator = server.operator().await;
    let app = server.create_app(&operator, "Aurora Live").await;
    define(&operator, &app, &json!([field("Team"), field("Hobby")])).await;
    let ming = json!({"user_id": "ming", "custom": {"Hobby": "=1+1", "Team": "红"}});
    assert_eq!(operator.post(&paths::accounts(app.sdkappid), &ming).await.status, 201);
    let file = async |request: &Value| {
        let asked = operator.post(&paths::exports(app.sdkappid), request).await;
        assert_eq!(asked.status, 202, "{}", asked.text());
        jobs::drain(&server.state).await.unwrap();
        let job: Job = operator.get(asked.header("location")).await.json();
        operator.get(&job.result.unwrap().file.unwrap().url).await.text().to_owned()
    };
    let whole = file(&json!({"format": "csv"})).await;
    let rows: Vec<&str> = whole.trim_start_matches('\u{feff}').lines().collect();
    assert!(rows[0].ends_with("role,created_at,updated_at,custom.Team,custom.Hobby"), "{}", rows[0]);
    assert!(rows[1].ends_with(",,"), "administrator has nothing: {}", rows[1]);
    assert!(rows[2].ends_with(",红,'=1+1"), "{}", rows[2]);
    let two = file(&json!({"format": "ndjson", "columns": ["user_id", "custom.Hobby"]})).await;
    assert_eq!(two.lines().nth(1), Some(r#"{"user_id":"ming","custom.Hobby":"=1+1"}"#));

    let unknown = json!({"format": "csv", "columns": ["user_id", "custom.Shoe"]});
    let problem = operator.post(&paths::exports(app.sdkappid), &unknown).await.problem();
    assert_eq!(first(&problem), (422, "columns[1]", "unknown_field"));
    let malformed = json!({"format": "csv", "columns": ["custom.Shoe size"]});
    assert_eq!(operator.post(&paths::exports(app.sdkappid), &malformed).await.status, 422);
}
