//! Single accounts: creation, editing and deletion, what refuses them, and races.

use crate::support::{Client, Server, on_both_engines};
use axum::http::header;
use rollcall_shared::{
    account::Account,
    app::{App, TokenAccess},
    error::Problem,
    list::Page,
    paths,
    profile::{ADMINISTRATOR, AccountType},
};
use rollcall_store::{Actor, Change};
use serde_json::json;

on_both_engines!(
    a_new_account_is_answered_with_its_place_and_tag,
    what_breaks_a_rule_is_refused_on_its_field,
    of_fifty_creations_of_one_username_one_wins,
    of_fifty_new_admins_nine_join_the_first,
    an_edit_needs_the_version_that_it_means,
    an_edit_writes_what_it_names_and_null_resets,
    an_edit_leaves_old_values_that_it_does_not_touch,
    a_deletion_needs_permission_and_the_version_that_it_means,
    awkward_user_ids_work_everywhere,
    a_disabled_application_is_read_only,
    hostile_bodies_are_refused_and_never_break_the_server,
    an_account_becomes_an_admin_and_a_general_one_again,
);

async fn signed_in(server: &Server) -> (Client, App) {
    let operator = server.operator().await;
    let app = server.create_app(&operator, "Aurora Live").await;
    (operator, app)
}

async fn permit_deletion(operator: &Client, app: &App) {
    let answer = operator.put(&paths::deletion_restriction(app.sdkappid), &json!({"lifted": true})).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}

async fn an_account_becomes_an_admin_and_a_general_one_again(server: Server) {
    let (operator, app) = signed_in(&server).await;
    let id = app.sdkappid;
    assert_eq!(operator.post(&paths::accounts(id), &json!({"user_id": "a/b"})).await.status, 201);
    let made = operator.post(&paths::set_admin(id, "a/b"), &json!({})).await;
    let account: Account = made.json();
    assert_eq!((account.account_type, account.version), (AccountType::Admin, 2));
    assert_eq!(made.header(header::ETAG), account.etag());
    assert_eq!(totals(&operator, &app).await, (2, 2));
    let back: Account = operator.post(&paths::cancel_admin(id, "a/b"), &json!({})).await.json();
    assert_eq!(back.account_type, AccountType::General);
    assert_eq!(totals(&operator, &app).await, (2, 1));

    let born = operator.post(&paths::cancel_admin(id, ADMINISTRATOR), &json!({})).await;
    assert_eq!(born.refusal(), (403, "protected_account".to_owned()));
    let nobody = operator.post(&paths::set_admin(id, "nobody"), &json!({})).await;
    assert_eq!(nobody.refusal().0, 404);
    let reader = server.program(&operator, &app, TokenAccess::Read).await;
    assert_eq!(reader.post(&paths::set_admin(id, "a/b"), &json!({})).await.refusal().0, 403);
}

async fn totals(operator: &Client, app: &App) -> (i64, i64) {
    let app: App = operator.get(&paths::app(app.sdkappid)).await.json();
    (app.accounts, app.admins)
}

async fn a_new_account_is_answered_with_its_place_and_tag(server: Server) {
    let (operator, app) = signed_in(&server).await;
    let new =
        json!({"user_id": "ming", "nickname": "赵明远", "photo_url": "https://cdn.example.org/u/88.jpg"});
    let answer = operator.post(&paths::accounts(app.sdkappid), &new).await;
    // One body runs on both engines, and the answer is the same.
    insta::allow_duplicates! { insta::assert_snapshot!(answer.shown(), @r#"
    201
    {
      "birth_date": 0,
      "created_at": "2026-11-22T18:00:00.000Z",
      "custom": {},
      "friend_verification": "allow_any",
      "friending": "allowed",
      "gender": "unknown",
      "language": 0,
      "level": 0,
      "location": "",
      "message_settings": 0,
      "nickname": "赵明远",
      "photo_url": "https://cdn.example.org/u/88.jpg",
      "role": 0,
      "type": "general",
      "updated_at": "2026-11-22T18:00:00.000Z",
      "user_id": "ming",
      "version": 1,
      "whats_up": ""
    }
    "#) };
    assert_eq!(answer.header(header::LOCATION), paths::account(app.sdkappid, "ming"));
    let account: Account = answer.json();
    assert_eq!(answer.header(header::ETAG), account.etag());

    let shown = operator.get(answer.header(header::LOCATION)).await;
    assert_eq!(
        (shown.json::<Account>(), shown.header(header::ETAG)),
        (account.clone(), account.etag().as_str())
    );
    let again =
        operator.with(header::IF_NONE_MATCH, &account.etag()).get(answer.header(header::LOCATION)).await;
    assert_eq!((again.status.as_u16(), again.body.len()), (304, 0));
    assert_eq!(server.state.store.account(app.sdkappid, "ming").await.unwrap(), Some(account));
    assert_eq!(totals(&operator, &app).await, (2, 1));
}

async fn what_breaks_a_rule_is_refused_on_its_field(server: Server) {
    let (operator, app) = signed_in(&server).await;
    let path = paths::accounts(app.sdkappid);
    let bad =
        json!({"user_id": "@TLS#x", "photo_url": "javascript:alert(1)", "location": "Shenzhen, Guangdong"});
    let problem = operator.post(&path, &bad).await.problem();
    let fields: Vec<_> = problem.errors.iter().map(|e| (e.field.as_str(), e.code.as_str())).collect();
    assert_eq!(
        (problem.status, fields),
        (422, vec![("user_id", "reserved"), ("photo_url", "invalid_url"), ("location", "too_long")])
    );

    let taken = operator.post(&path, &json!({"user_id": ADMINISTRATOR})).await.problem();
    assert_eq!(
        (taken.status, taken.code.as_str(), taken.errors[0].field.as_str()),
        (409, "taken", "user_id")
    );
    let unknown = operator.post(&path, &json!({"user_id": "x", "version": 7})).await;
    assert_eq!(unknown.refusal(), (422, "invalid_fields".to_owned()));
    let nowhere = operator.post("/api/v1/apps/1499999999/accounts", &json!({"user_id": "x"})).await;
    assert_eq!(nowhere.refusal(), (404, "not_found".to_owned()));
    assert_eq!(totals(&operator, &app).await, (1, 1));
}

async fn of_fifty_creations_of_one_username_one_wins(server: Server) {
    let (operator, app) = signed_in(&server).await;
    let path = paths::accounts(app.sdkappid);
    let tries = (0..50).map(|n| {
        let (operator, path) = (operator.clone(), path.clone());
        async move { operator.post(&path, &json!({"user_id": "ming", "nickname": format!("{n}")})).await }
    });
    let answers = futures::future::join_all(tries).await;
    let won: Vec<Account> = answers.iter().filter(|a| a.status == 201).map(|a| a.json()).collect();
    assert_eq!(won.len(), 1);
    let lost = answers.iter().filter(|a| a.status != 201);
    assert!(lost.map(|a| a.refusal()).all(|refusal| refusal == (409, "taken".to_owned())));
    assert_eq!(operator.get(&paths::account(app.sdkappid, "ming")).await.json::<Account>(), won[0]);
    assert_eq!(totals(&operator, &app).await, (2, 1));
}

async fn of_fifty_new_admins_nine_join_the_first(server: Server) {
    let (operator, app) = signed_in(&server).await;
    let path = paths::accounts(app.sdkappid);
    let tries = (0..50).map(|n| {
        let (operator, path) = (operator.clone(), path.clone());
        async move { operator.post(&path, &json!({"user_id": format!("admin{n}"), "type": "admin"})).await }
    });
    let answers = futures::future::join_all(tries).await;
    assert_eq!(answers.iter().filter(|a| a.status == 201).count(), 9);
    for answer in answers.iter().filter(|a| a.status != 201) {
        let problem = answer.problem();
        assert_eq!(
            (problem.status, problem.code.as_str(), problem.errors[0].field.as_str()),
            (409, "admin_limit", "type")
        );
    }
    assert_eq!(totals(&operator, &app).await, (10, 10));
}

async fn create(operator: &Client, app: &App, user_id: &str) -> Account {
    let answer = operator.post(&paths::accounts(app.sdkappid), &json!({"user_id": user_id})).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

async fn an_edit_needs_the_version_that_it_means(server: Server) {
    let (operator, app) = signed_in(&server).await;
    let (path, first) = (paths::account(app.sdkappid, "ming"), create(&operator, &app, "ming").await);
    let edit = json!({"nickname": "Ming"});
    assert_eq!(operator.patch(&path, &edit).await.refusal(), (428, "precondition_required".to_owned()));

    server.clock.advance(1000);
    let done = operator.if_match(&first.etag()).patch(&path, &edit).await;
    let second: Account = done.json();
    assert_eq!((done.status.as_u16(), done.header(header::ETAG)), (200, second.etag().as_str()));
    assert_eq!((second.version, second.updated_at), (2, server.state.clock.now()));

    for stale in [first.etag(), "\"x\"".to_owned(), "*".to_owned()] {
        let problem: Problem = operator.if_match(&stale).patch(&path, &json!({"level": 3})).await.problem();
        assert_eq!((problem.status, problem.code.as_str()), (412, "changed_meanwhile"), "{stale}");
        assert_eq!(serde_json::from_value::<Account>(problem.current.unwrap()).unwrap(), second);
    }
    // What changes nothing is no new version.
    let same = operator.if_match(&second.etag()).patch(&path, &edit).await;
    assert_eq!((same.status.as_u16(), same.json::<Account>()), (200, second.clone()));
    let missing =
        operator.if_match(&second.etag()).patch(&paths::account(app.sdkappid, "nobody"), &edit).await;
    assert_eq!(missing.refusal(), (404, "not_found".to_owned()));
}

async fn an_edit_writes_what_it_names_and_null_resets(server: Server) {
    let (operator, app) = signed_in(&server).await;
    let new = json!({"user_id": "ming", "nickname": "Ming", "level": 9, "friend_verification": "deny_any"});
    let first: Account = operator.post(&paths::accounts(app.sdkappid), &new).await.json();
    let path = paths::account(app.sdkappid, "ming");
    let edit =
        json!({"nickname": "", "level": null, "friend_verification": null, "birth_date": 4294967295_u32});
    let second: Account = operator.if_match(&first.etag()).patch(&path, &edit).await.json();
    assert_eq!((second.nickname.as_str(), second.level, second.birth_date), ("", 0, u32::MAX));
    assert_eq!(second.friend_verification.as_str(), "allow_any");

    let tagged = operator.if_match(&second.etag());
    for refused in [
        json!({"type": "admin"}),
        json!({"user_id": "x"}),
        json!({"level": -1}),
        json!({"level": 4294967296_u64}),
    ] {
        assert_eq!(
            tagged.patch(&path, &refused).await.refusal(),
            (422, "invalid_fields".to_owned()),
            "{refused}"
        );
    }
    let long = tagged.patch(&path, &json!({"location": "Shenzhen, Guangdong"})).await.problem();
    assert_eq!((long.status, long.errors[0].field.as_str()), (422, "location"));
    assert_eq!(operator.get(&path).await.json::<Account>(), second);
}

async fn an_edit_leaves_old_values_that_it_does_not_touch(server: Server) {
    let (operator, app) = signed_in(&server).await;
    let mut old = create(&operator, &app, "template").await;
    // As an import may have brought it.
    old.user_id = "old".to_owned();
    old.photo_url = "javascript:alert(1)".to_owned();
    let change = Change { actor: Actor::System, now: server.state.clock.now() };
    server.state.store.load_accounts(&change, app.sdkappid, vec![old.clone()]).await.unwrap();
    let path = paths::account(app.sdkappid, "old");
    let edited: Account =
        operator.if_match(&old.etag()).patch(&path, &json!({"nickname": "Old"})).await.json();
    assert_eq!((edited.nickname.as_str(), edited.photo_url.as_str()), ("Old", "javascript:alert(1)"));
}

async fn a_deletion_needs_permission_and_the_version_that_it_means(server: Server) {
    let (operator, app) = signed_in(&server).await;
    let (path, first) = (paths::account(app.sdkappid, "ming"), create(&operator, &app, "ming").await);
    assert_eq!(operator.delete(&path).await.refusal().0, 428);
    let refused = operator.if_match(&first.etag()).delete(&path).await;
    assert_eq!(refused.refusal(), (403, "deletion_not_permitted".to_owned()));

    permit_deletion(&operator, &app).await;
    let stale = operator.if_match("\"1-1\"").delete(&path).await.problem();
    assert_eq!((stale.status, stale.current.is_some()), (412, true));
    assert_eq!(operator.if_match(&first.etag()).delete(&path).await.status, 204);
    assert_eq!(operator.get(&path).await.refusal().0, 404);
    assert_eq!(operator.if_match(&first.etag()).delete(&path).await.refusal().0, 404);

    // Made again, it is another account: the old tag does not fit.
    server.clock.advance(1);
    create(&operator, &app, "ming").await;
    let old_editor = operator.if_match(&first.etag());
    assert_eq!(old_editor.patch(&path, &json!({"nickname": "x"})).await.refusal().0, 412);
    assert_eq!(old_editor.delete(&path).await.refusal().0, 412);

    let administrator = paths::account(app.sdkappid, ADMINISTRATOR);
    let etag = operator.get(&administrator).await.header(header::ETAG).to_owned();
    let protected = operator.if_match(&etag).delete(&administrator).await;
    assert_eq!(protected.refusal(), (403, "protected_account".to_owned()));
    assert_eq!(totals(&operator, &app).await, (2, 1));
}

async fn awkward_user_ids_work_everywhere(server: Server) {
    let (operator, app) = signed_in(&server).await;
    permit_deletion(&operator, &app).await;
    let awkward = [
        "batch", "a/b", "a?b#c", " x ", ".", "..", "~x", "~", "100%", "%2F", "a+b", "a&q=b", "\"'\\", "file",
    ];
    for id in awkward {
        let created = operator.post(&paths::accounts(app.sdkappid), &json!({"user_id": id})).await;
        let location = created.header(header::LOCATION).to_owned();
        assert_eq!(
            (created.status.as_u16(), location.as_str()),
            (201, paths::account(app.sdkappid, id).as_str()),
            "{id:?}"
        );
        let shown = operator.get(&location).await;
        assert_eq!((shown.status.as_u16(), shown.json::<Account>().user_id), (200, id.to_owned()));
        let tag = shown.header(header::ETAG).to_owned();
        let edited = operator.if_match(&tag).patch(&location, &json!({"nickname": "N"})).await;
        assert_eq!(edited.json::<Account>().user_id, id);
        let found: Page<Account> = operator.get(&search(&app, id)).await.json();
        assert!(found.items.iter().any(|account| account.user_id == id), "{id:?}");
        let gone = operator.if_match(edited.header(header::ETAG)).delete(&location).await;
        assert_eq!(gone.status, 204, "{id:?} {}", gone.text());
    }
    assert_eq!(totals(&operator, &app).await, (1, 1));
}

fn search(app: &App, needle: &str) -> String {
    let mut query = rollcall_shared::list::ListQuery::default();
    query.filter.q = needle.to_owned();
    paths::account_list(app.sdkappid, &query)
}

async fn a_disabled_application_is_read_only(server: Server) {
    let (operator, app) = signed_in(&server).await;
    let account = create(&operator, &app, "ming").await;
    permit_deletion(&operator, &app).await;
    let reader = server.program(&operator, &app, TokenAccess::Read).await;
    let answer = operator.patch(&paths::app(app.sdkappid), &json!({"status": "disabled"})).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let (path, tagged) = (paths::account(app.sdkappid, "ming"), operator.if_match(&account.etag()));
    let named = json!({"user_ids": ["ming"]});
    let all = json!({"filter": {}, "as_of": "2026-11-22T18:00:00Z"});
    let refused = [
        operator.post(&paths::accounts(app.sdkappid), &json!({"user_id": "x"})).await,
        operator.post(&paths::account_batches(app.sdkappid), &json!({"accounts": [{"user_id": "x"}]})).await,
        tagged.patch(&path, &json!({"nickname": "x"})).await,
        tagged.delete(&path).await,
        operator.post(&paths::account_deletions(app.sdkappid), &named).await,
        operator.post(&paths::account_deletions(app.sdkappid), &all).await,
    ];
    for answer in refused {
        assert_eq!(answer.refusal(), (403, "app_disabled".to_owned()));
    }
    assert_eq!(operator.get(&path).await.status, 200);
    assert_eq!(operator.get(&paths::accounts(app.sdkappid)).await.json::<Page<Account>>().items.len(), 2);
    assert_eq!(reader.get(&path).await.status, 200);
    assert_eq!(reader.post(&paths::exports(app.sdkappid), &json!({"format": "csv"})).await.status, 202);
}

async fn hostile_bodies_are_refused_and_never_break_the_server(server: Server) {
    let (operator, app) = signed_in(&server).await;
    let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
    let wide = json!({"user_id": "x".repeat(100_000)}).to_string();
    let nul = json!({"user_id": "x", "nickname": "a\u{0}b"}).to_string();
    let filter =
        json!({"filter": {"q": "\u{0}"}, "as_of": "9999-12-31T23:59:59Z", "expected": u64::MAX}).to_string();
    let bodies = [
        "",
        "null",
        "7",
        "[]",
        "{}",
        "\"x\"",
        "{\"user_id\":null}",
        "{\"user_id\":{}}",
        "{\"user_id\":\"\\ud800\"}",
        "{\"accounts\":{}}",
        "{\"accounts\":[null]}",
        "{\"accounts\":[{}]}",
        "{\"user_ids\":[7]}",
        "{\"user_ids\":[]}",
        "{\"filter\":7,\"as_of\":0}",
        "{\"filter\":{},\"as_of\":\"soon\"}",
        "{\"format\":\"exe\"}",
        "{\"format\":\"csv\",\"columns\":[]}",
        "{\"format\":\"csv\",\"columns\":[\"user_id\",\"user_id\"]}",
        "{\"format\":\"csv\",\"selection\":{\"user_ids\":[]}}",
        "{\"user_id\":\"x\",\"level\":1e400}",
        "{\"user_id\":\"x\",\"level\":1.5}",
        "{\"user_id\":\"x\",\"user_id\":\"y\"}",
        &deep,
        &wide,
        &nul,
        &filter,
    ];
    let id = app.sdkappid;
    let routes =
        [paths::accounts(id), paths::account_batches(id), paths::account_deletions(id), paths::exports(id)];
    let json = operator.with(header::CONTENT_TYPE, "application/json");
    for route in &routes {
        for body in bodies {
            let answer = json.send(axum::http::Method::POST, route, body.to_owned().into()).await;
            let problem = answer.problem();
            assert!(
                (400..500).contains(&problem.status),
                "{route} {} {}",
                answer.text(),
                &body[..body.len().min(80)]
            );
        }
    }
    assert_eq!(totals(&operator, &app).await, (1, 1));
}
