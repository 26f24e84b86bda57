//! An installation in which every table that can name a person names one, beside others.

use crate::support::{TestDb, at, change};
use rollcall_shared::{
    account::{AccountPatch, NewAccount, Patch},
    api_call::ApiCall,
    app::SdkAppId,
    error::FieldError,
    group::{Group, GroupType, JoinOption, MemberRole},
    job::{ExportFile, JobKind, JobResult, RefusedItem},
    profile::AccountType,
    push::{MessageElement, NewPush},
    selection::OnExisting,
    webhook::{DeliveryState, WebhookAnswer, WebhookEvent},
};
use rollcall_store::{
    Actor, Change, Store,
    accounts::IdempotencyKey,
    clients::ClientSession,
    groups::NewGroup,
    jobs::{JobOutcome, NewJob, Progress},
    pushes::Pushed,
    webhooks::{NewWebhook, Sent},
};
use serde_json::json;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};
use std::collections::BTreeMap;

/// The person. Programs write a slash in two ways.
pub const ID: &str = "erase/me-7f3a";
/// A piece of it that stands nowhere else.
pub const PIECE: &str = "me-7f3a";

/// Fills the database.
pub async fn fill(db: &TestDb) -> SdkAppId {
    let (store, app) = (&db.store, db.app("A").await);
    assert_eq!(app, SdkAppId(1_400_000_001), "as the statements below have it");
    let webhook = NewWebhook {
        url: "https://example.org/".to_owned(),
        token: None,
        events: WebhookEvent::ALL.to_vec(),
    };
    store.set_webhook(&change(1), app, &webhook).await.unwrap().unwrap();
    people(store, app).await;
    groups(store, app).await;
    clients(store, app).await;
    calls(store, app).await;
    jobs(store, app).await;
    sent(store, app).await;
    db.execute(
        "INSERT INTO milestone_sets (app_id, field, accounts, taken_at, lease, lease_until) \
         VALUES (1400000001, 2, 3, 0, 1, 0); \
         INSERT INTO milestones (app_id, field, place, number, text, user_id) VALUES \
         (1400000001, 2, 0, 0, 'nick', 'erase/me-7f3a'), (1400000001, 2, 1, 0, 'o', 'other')",
    )
    .await;
    app
}

async fn people(store: &Store, app: SdkAppId) {
    let person = NewAccount {
        account_type: AccountType::Admin,
        nickname: "nick me-7f3a".to_owned(),
        ..NewAccount::new(ID)
    };
    let batch = [person, NewAccount::new("other")];
    let key =
        |key: &str| IdempotencyKey { caller: "token:1".to_owned(), key: key.to_owned(), body_hash: [1; 32] };
    store.create_accounts(&change(2), app, &batch, OnExisting::Refuse, Some(&key("both"))).await.unwrap();
    let other = NewAccount::new("other2");
    store.create_account(&change(2), app, &other, Some(&key("else"))).await.unwrap();
    let by_it = Change { actor: Actor::Admin(ID.to_owned()), now: at(3) };
    store.create_account(&by_it, app, &NewAccount::new("other3"), None).await.unwrap();
    let patch = AccountPatch { whats_up: Patch::Set("hello".to_owned()), ..AccountPatch::default() };
    for id in [ID, "other"] {
        store.patch_account(&change(4), app, id, None, &patch).await.unwrap();
    }
}

async fn groups(store: &Store, app: SdkAppId) {
    let group = |id: &str, owner: &str| Group {
        group_id: id.to_owned(),
        group_type: GroupType::Public,
        name: id.to_owned(),
        owner: owner.to_owned(),
        introduction: String::new(),
        notification: String::new(),
        face_url: String::new(),
        max_members: 0,
        join_option: JoinOption::NeedPermission,
        members: 0,
        created_at: at(0),
    };
    let members = vec![("other".to_owned(), MemberRole::Admin)];
    let owned = NewGroup { group: group("owned", ID), members };
    store.create_group(&change(5), app, &owned).await.unwrap().unwrap();
    let made = NewGroup { group: group("made", "other2"), members: Vec::new() };
    let by_it = Change { actor: Actor::Admin(ID.to_owned()), now: at(5) };
    store.create_group(&by_it, app, &made).await.unwrap().unwrap();
}

async fn clients(store: &Store, app: SdkAppId) {
    store.kick(&change(6_000), app, ID).await.unwrap().unwrap();
    let session = ClientSession { app, user_id: ID.to_owned(), session_id: "s".to_owned() };
    store.server_lives("server", at(7_000), at(900_000)).await.unwrap();
    store.client_connects(&session, "server", "Web", at(7_000)).await.unwrap().unwrap();
    for (at, random, from, by) in
        [(8_000, 1, ID, Actor::Admin(ID.to_owned())), (10_000, 2, "administrator", Actor::System)]
    {
        let push = NewPush { random, lifetime_seconds: 600, body: vec![MessageElement::text("hello")] };
        let change = Change { actor: by, now: crate::support::at(at) };
        let Pushed::Made(push) = store.push(&change, app, from, &push).await.unwrap() else {
            panic!("it is new")
        };
        if random == 2 {
            let asked = vec![(ID.to_owned(), "s".to_owned())];
            let claimed = store.claim_push(app, &push.task_id, asked, change.now).await.unwrap();
            assert_eq!(claimed, [ID]);
        }
    }
}

/// More than a page of them.
async fn calls(store: &Store, app: SdkAppId) {
    let call = |n: i64, identifier: &str, request: &str, answer: &str| ApiCall {
        id: format!("{n:04}"),
        at: at(n),
        identifier: identifier.to_owned(),
        command: "profile/portrait_get".to_owned(),
        code: 0,
        micros: 1,
        request: request.to_owned(),
        answer: answer.to_owned(),
    };
    let named = r#"POST /v4/x?y HTTP {"To_Account":["other","erase/me-7f3a"]}"#;
    let mut all: Vec<_> = (0..60).map(|n| call(n, "administrator", named, "{}")).collect();
    all.push(call(60, ID, "{}", "{}"));
    all.push(call(61, "administrator", "{}", r#"{"UserID":"erase\/me-7f3a"}"#));
    // The name of a field, and of another account.
    all.push(call(62, "administrator", r#"{"other":"x"}"#, "{}"));
    store.keep_calls(all.into_iter().map(|call| (app, call)).collect()).await.unwrap();
}

async fn jobs(store: &Store, app: SdkAppId) {
    let export = |ids: &[&str]| json!({ "selection": { "user_ids": ids }, "format": "csv" });
    let except = json!({ "filter": {}, "except": [ID, "other"], "as_of": "2026-11-22T18:00:00Z" });
    for (id, at, request) in [
        ("done", 20_000, export(&[ID, "other"])),
        ("refusing", 20_001, json!({ "filter": {} })),
        ("open", 20_002, except),
    ] {
        let job = NewJob {
            id: id.to_owned(),
            app,
            kind: JobKind::Export,
            request,
            total: 1,
            created_by: Actor::Operator(1),
            now: crate::support::at(at),
            import: None,
            schedule: None,
        };
        store.enqueue(&job).await.unwrap();
    }
    for id in ["done", "refusing"] {
        let claimed = store.claim_job(at(21_000), at(900_000)).await.unwrap().unwrap();
        assert_eq!(claimed.id, id);
        let refused = |user_id: &str| RefusedItem {
            user_id: user_id.to_owned(),
            errors: vec![FieldError::new("user_id", "not_found", "There is no such account.")],
        };
        let refused_items = if id == "done" { Vec::new() } else { vec![refused(ID), refused("other")] };
        let progress = Progress { done: 1, total: 1, refused_items, ..Progress::default() };
        store.job_progress(id, claimed.lease, &progress, at(900_000)).await.unwrap();
        let file = (id == "done").then(|| ExportFile {
            name: "f".to_owned(),
            bytes: 1,
            rows: 1,
            sha256: String::new(),
            expires_at: at(800_000),
            url: String::new(),
        });
        let outcome = JobOutcome::Done(JobResult { file });
        store.finish_job(id, claimed.lease, outcome, at(22_000)).await.unwrap();
    }
}

/// The changes of profiles were delivered, the other events wait.
async fn sent(store: &Store, app: SdkAppId) {
    let sender = store.claim_webhook(app, at(30_000), at(40_000)).await.unwrap().unwrap();
    let mut events = store.pending_events(app, 100).await.unwrap();
    events.retain(|event| event.event == WebhookEvent::ProfileChanged);
    assert_eq!(events.len(), 2);
    let sent = events.into_iter().map(|event| Sent {
        id: event.id,
        state: DeliveryState::Delivered,
        answer: WebhookAnswer { status: 200, text: "{}".to_owned(), millis: 1 },
        at: at(30_000),
    });
    store.note_sent(&sender, sent.collect(), at(0), at(0)).await.unwrap();
}

/// In which tables a text stands, and in how many rows of each.
pub async fn places(db: &TestDb, text: &str) -> BTreeMap<String, i64> {
    let mut places = BTreeMap::new();
    if db.is_sqlite() {
        let mut conn = SqliteConnection::connect(db.url()).await.unwrap();
        let tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'account_grams%' \
             AND name NOT LIKE 'sqlite_%'";
        let tables: Vec<String> = sqlx::query_scalar(tables).fetch_all(&mut conn).await.unwrap();
        for table in tables {
            let columns = "SELECT group_concat('COALESCE(CAST(' || name || ' AS TEXT), '''')', ' || '' '' || ') \
                 FROM pragma_table_info($1)";
            let row: String = sqlx::query_scalar(columns).bind(&table).fetch_one(&mut conn).await.unwrap();
            let count = format!("SELECT count(*) FROM {table} WHERE instr({row}, $1) > 0");
            let rows: i64 =
                sqlx::query_scalar(AssertSqlSafe(count)).bind(text).fetch_one(&mut conn).await.unwrap();
            places.insert(table, rows);
        }
        conn.close().await.unwrap();
    } else {
        let mut conn = PgConnection::connect(db.url()).await.unwrap();
        let tables = "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = 'public'";
        let tables: Vec<String> = sqlx::query_scalar(tables).fetch_all(&mut conn).await.unwrap();
        for table in tables {
            let count = format!("SELECT count(*) FROM {table} AS t WHERE strpos(CAST(t AS TEXT), $1) > 0");
            let rows: i64 =
                sqlx::query_scalar(AssertSqlSafe(count)).bind(text).fetch_one(&mut conn).await.unwrap();
            places.insert(table, rows);
        }
        conn.close().await.unwrap();
    }
    places.retain(|_, rows| *rows > 0);
    places
}
