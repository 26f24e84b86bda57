//! `/api/v1/apps`: applications, their settings, secret key and restriction.

use crate::support::{Server, on_both_engines};
use rollcall_shared::{
    app::{App, AppStatus, CreatedApp, SdkAppId, SecretKey},
    job::{Job, JobKind},
    paths,
};
use serde_json::json;

on_both_engines!(
    a_name_is_required,
    an_application_is_born_with_its_admin,
    an_unknown_application_is_not_found,
    settings_change_by_version,
    a_disabled_application_takes_its_status_only,
    the_secret_key_is_shown_on_request_and_kept_sealed,
    the_restriction_is_lifted_and_put_back,
    deletion_asks_for_the_name,
);

async fn a_name_is_required(server: Server) {
    let operator = server.operator().await;
    for name in [String::new(), "  ".to_owned(), "x".repeat(81), "a\nb".to_owned()] {
        let problem = operator.post(&paths::apps(), &json!({ "name": name })).await.problem();
        assert_eq!((problem.status, problem.errors[0].field.as_str()), (422, "name"), "{name:?}");
    }
    assert_eq!(operator.get(&paths::apps()).await.text(), "[]");
}

async fn an_application_is_born_with_its_admin(server: Server) {
    let operator = server.operator().await;
    let answer = operator.post(&paths::apps(), &json!({"name": "Aurora Live"})).await;
    assert_eq!(answer.status, 201);
    let CreatedApp { app, secret_key } = answer.json();
    assert_eq!(answer.header("etag"), app.etag());
    assert_eq!((secret_key.len(), secret_key.bytes().all(|b| b.is_ascii_hexdigit())), (64, true));
    let shown = operator.get(&paths::app(app.sdkappid)).await;
    assert_eq!(shown.header("etag"), app.etag());
    // One body runs on both engines, and the answer is the same.
    insta::allow_duplicates! { insta::assert_snapshot!(shown.shown(), @r#"
    200
    {
      "accounts": 1,
      "admins": 1,
      "created_at": "2026-11-22T18:00:00.000Z",
      "custom_fields": [],
      "deletion_permitted": false,
      "friend_verification_default": "allow_any",
      "name": "Aurora Live",
      "sdkappid": 1400000001,
      "status": "enabled",
      "user_id_reuse": "at_once",
      "version": 1
    }
    "#) };
    assert_eq!(operator.get(&paths::apps()).await.json::<Vec<App>>(), [app]);
}

async fn an_unknown_application_is_not_found(server: Server) {
    let operator = server.operator().await;
    for path in ["/api/v1/apps/1400000009", "/api/v1/apps/abc", "/api/v1/apps/1400000009/tokens"] {
        assert_eq!(operator.get(path).await.refusal(), (404, "not_found".to_owned()), "{path}");
    }
    let unknown = SdkAppId(1_400_000_009);
    assert_eq!(operator.post(&paths::secret_key_reveal(unknown), &json!({})).await.status, 404);
    assert_eq!(operator.post(&paths::secret_key_rotate(unknown), &json!({})).await.status, 404);
    assert_eq!(operator.patch(&paths::app(unknown), &json!({"name": "x"})).await.status, 404);
    assert_eq!(
        operator.put(&paths::deletion_restriction(unknown), &json!({"lifted": true})).await.status,
        404
    );
    assert_eq!(operator.delete(&format!("{}?confirm=x", paths::app(unknown))).await.status, 404);
}

async fn settings_change_by_version(server: Server) {
    let operator = server.operator().await;
    let app = server.create_app(&operator, "Aurora Live").await;
    let path = paths::app(app.sdkappid);
    let renamed = operator.if_match(&app.etag()).patch(&path, &json!({"name": "Aurora"})).await;
    assert_eq!(renamed.status, 200);
    let renamed: App = renamed.json();
    assert_eq!((renamed.name.as_str(), renamed.version), ("Aurora", 2));

    let stale = operator.if_match(&app.etag()).patch(&path, &json!({"name": "Boreal"})).await.problem();
    assert_eq!((stale.status, stale.code.as_str()), (412, "changed_meanwhile"));
    assert_eq!(stale.current, serde_json::to_value(&renamed).ok());
    let foreign = operator.if_match("W/\"x\"").patch(&path, &json!({"name": "Boreal"})).await;
    assert_eq!(foreign.status, 412);

    let settings = json!({"friend_verification_default": "deny_any", "user_id_reuse": "after_90_days"});
    let changed: App = operator.patch(&path, &settings).await.json();
    assert_eq!((changed.friend_verification_default.as_str(), changed.version), ("deny_any", 3));
    let unknown = operator.patch(&path, &json!({"accounts": 7})).await.problem();
    assert_eq!((unknown.status, unknown.code.as_str()), (422, "invalid_fields"));
    assert_eq!(operator.get(&path).await.json::<App>(), changed);
}

async fn a_disabled_application_takes_its_status_only(server: Server) {
    let operator = server.operator().await;
    let app = server.create_app(&operator, "Aurora Live").await;
    let path = paths::app(app.sdkappid);
    let disabled: App = operator.patch(&path, &json!({"status": "disabled"})).await.json();
    assert_eq!(disabled.status, AppStatus::Disabled);
    let refused = (403, "app_disabled".to_owned());
    assert_eq!(operator.patch(&path, &json!({"name": "x"})).await.refusal(), refused);
    assert_eq!(operator.post(&paths::secret_key_rotate(app.sdkappid), &json!({})).await.refusal(), refused);
    let lifted = json!({"lifted": true});
    assert_eq!(operator.put(&paths::deletion_restriction(app.sdkappid), &lifted).await.refusal(), refused);
    assert_eq!(operator.get(&path).await.status, 200);
    let enabled: App = operator.patch(&path, &json!({"status": "enabled"})).await.json();
    assert_eq!(enabled.status, AppStatus::Enabled);
}

async fn the_secret_key_is_shown_on_request_and_kept_sealed(server: Server) {
    let operator = server.operator().await;
    let created: CreatedApp = operator.post(&paths::apps(), &json!({"name": "Aurora Live"})).await.json();
    let id = created.app.sdkappid;
    let revealed: SecretKey = operator.post(&paths::secret_key_reveal(id), &json!({})).await.json();
    assert_eq!(revealed.secret_key, created.secret_key);
    let stored = server.state.store.secret_key(id).await.unwrap().unwrap();
    let key = created.secret_key.as_bytes();
    assert!(!stored.windows(key.len()).any(|window| window == key));

    let rotated: SecretKey = operator.post(&paths::secret_key_rotate(id), &json!({})).await.json();
    assert_ne!(rotated.secret_key, created.secret_key);
    let revealed: SecretKey = operator.post(&paths::secret_key_reveal(id), &json!({})).await.json();
    assert_eq!(revealed, rotated);
}

async fn the_restriction_is_lifted_and_put_back(server: Server) {
    let operator = server.operator().await;
    let app = server.create_app(&operator, "Aurora Live").await;
    let path = paths::deletion_restriction(app.sdkappid);
    let too_long = json!({"lifted": true, "reason": "x".repeat(501)});
    assert_eq!(operator.put(&path, &too_long).await.problem().errors[0].field, "reason");
    let lifted: App = operator.put(&path, &json!({"lifted": true, "reason": "cleaning up"})).await.json();
    assert!(lifted.deletion_permitted);
    let back: App = operator.put(&path, &json!({"lifted": false})).await.json();
    assert!(!back.deletion_permitted);
}

async fn deletion_asks_for_the_name(server: Server) {
    let operator = server.operator().await;
    let app = server.create_app(&operator, "Aurora Live").await;
    let path = paths::app(app.sdkappid);
    for wrong in ["", "?confirm=", "?confirm=aurora%20live"] {
        let problem = operator.delete(&format!("{path}{wrong}")).await.problem();
        assert_eq!((problem.status, problem.errors[0].field.as_str()), (422, "confirm"), "{wrong}");
    }
    let answer = operator.delete(&format!("{path}?confirm=Aurora%20Live")).await;
    assert_eq!(answer.status, 202, "{}", answer.text());
    assert_eq!(answer.json::<Job>().kind, JobKind::AppDeletion);
    assert_eq!(operator.get(&path).await.status, 404);
    assert_eq!(operator.get(&paths::apps()).await.text(), "[]");
    let next = server.create_app(&operator, "Aurora Live").await;
    assert_ne!(next.sdkappid, app.sdkappid);
}
