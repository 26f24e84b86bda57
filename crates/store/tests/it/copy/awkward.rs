//! An installation with rows in every table, awkward ones among them.

use crate::{
    list::crowd::{Seeded, crowd},
    schedules,
    support::{TestDb, at, change, purge},
};
use rollcall_shared::{
    account::NewAccount,
    api_call::ApiCall,
    app::{CallLimits, NewToken, SdkAppId, TokenAccess},
    error::FieldError,
    group::{Group, GroupType, JoinOption, MemberRole},
    import::{FILE_BYTES_MAX, NewImport},
    job::{JobKind, RefusedItem},
    person::Certificate,
    profile::AccountType,
    push::{MessageElement, NewPush},
    selection::OnExisting,
    webhook::WebhookEvent,
};
use rollcall_store::{
    Actor, Change, Store,
    accounts::IdempotencyKey,
    clients::ClientSession,
    groups::NewGroup,
    jobs::{NewJob, Progress},
    operators::NewSession,
    persons::NewErasure,
    pushes::Pushed,
    webhooks::NewWebhook,
};
use serde_json::json;

/// The hash of the token, the session and the setup link.
pub const HASH: [u8; 32] = [0xfe; 32];
/// The last operator that there was; its number is not given again.
pub const LAST_OPERATOR: i64 = 3;

/// Fills the database; the application that has most of it.
pub async fn fill(db: &TestDb) -> SdkAppId {
    let store = &db.store;
    let app = db.app("Alpha 明 \u{1f469}").await;
    webhook(store, app).await;
    people(store, app).await;
    settings(store, app).await;
    clients(store, app).await;
    jobs(store, app).await;
    operators(db).await;
    // One with two accounts, one whose end was asked for, one that is gone.
    let beta = db.app("Beta").await;
    for (name, nickname) in [("folded-1", "B"), ("folded-2", "A")] {
        let new = NewAccount { nickname: nickname.to_owned(), ..NewAccount::new(name) };
        store.create_account(&change(4), beta, &new, None).await.unwrap();
    }
    let (asked, gone) = (db.app("Asked").await, db.app("Gone").await);
    for (app, name) in [(asked, "Asked"), (gone, "Gone")] {
        store.delete_app(&change(9), app, name, &format!("end-{name}")).await.unwrap();
    }
    purge(store, gone, 100).await;
    // What a later feature may write, and a key by an earlier folding.
    db.execute("UPDATE accounts SET custom = '{\"标签\":\"a\\\\nb\\u0001\"}' WHERE user_id = 'longest'")
        .await;
    let brought = NewImport { file_name: "用户 \u{1f469}.csv".to_owned(), bytes: FILE_BYTES_MAX };
    store.announce_import(&change(5), app, "brought", &brought).await.unwrap();
    db.execute(
        "INSERT INTO import_mappings (app_id, columns) SELECT app_id, '{\"昵称\":\"nickname\"}' FROM imports",
    )
    .await;
    let scheduled = schedules::settings("每晚 \u{1f469}");
    let scheduled = store.create_schedule(&change(5), app, &scheduled, at(100_000)).await.unwrap().unwrap();
    let file = schedules::file(app, scheduled.id, "job", 6);
    assert!(store.keep_schedule_file(&file, scheduled.settings.retention).await.unwrap());
    db.execute("UPDATE accounts SET fold_version = 0, sort_nickname = '' WHERE user_id = 'folded-1'").await;
    app
}

async fn people(store: &Store, app: SdkAppId) {
    let by = Change { actor: Actor::Admin("administrator".to_owned()), now: at(3) };
    store.load_accounts(&by, app, crowd(&mut Seeded::new(7), 90)).await.unwrap();
    let longest = NewAccount {
        nickname: "ﷺ".repeat(166),
        photo_url: "p".repeat(500),
        birth_date: Some(u32::MAX),
        whats_up: Some("\u{1f469}".repeat(125)),
        location: Some("明".repeat(5)),
        language: Some(u32::MAX),
        message_settings: Some(u32::MAX),
        level: Some(u32::MAX),
        role: Some(u32::MAX),
        ..NewAccount::new("longest")
    };
    let key = IdempotencyKey { caller: "token:1".to_owned(), key: "k \u{1}明".to_owned(), body_hash: HASH };
    store.create_account(&change(4), app, &longest, Some(&key)).await.unwrap();
    let admins: Vec<NewAccount> = (0..12)
        .map(|n| NewAccount { account_type: AccountType::Admin, ..NewAccount::new(format!("~admin{n:026}")) })
        .collect();
    store.create_accounts(&change(4), app, &admins, OnExisting::Refuse, None).await.unwrap();
    assert_eq!(store.app(app).await.unwrap().unwrap().admins, 10);
    // Deleted; deleted and created again; kicked.
    let names = ["Ming", "zz", "%"].map(str::to_owned);
    store.delete_accounts(&change(5), app, &names).await.unwrap().unwrap();
    for name in ["zz", "%"] {
        let new = NewAccount { nickname: "又来".to_owned(), ..NewAccount::new(name) };
        store.create_account(&change(5), app, &new, None).await.unwrap();
    }
    store.kick(&change(6), app, "zz").await.unwrap().unwrap();
    erased(store, app).await;
}

/// One that was there and was erased, with its certificate.
async fn erased(store: &Store, app: SdkAppId) {
    store.create_account(&change(6), app, &NewAccount::new("gone \\"), None).await.unwrap();
    let new = NewErasure {
        id: "gone".to_owned(),
        app,
        user_id: "gone \\".to_owned(),
        reason: "请求 \u{1f469}".to_owned(),
    };
    let erased = store.erase(&change(6), &new).await.unwrap().unwrap();
    let certificate = Certificate {
        id: erased.id,
        sdkappid: app,
        user_id_sha256: erased.user_hash,
        erased_at: erased.erased_at,
        erased_by: erased.erased_by,
        reason: erased.reason,
        removed: erased.removed,
        kept: erased.kept,
        server_version: "1".to_owned(),
        signature: "s".to_owned(),
    };
    store.keep_certificate(&certificate).await.unwrap();
}

async fn webhook(store: &Store, app: SdkAppId) {
    let events = WebhookEvent::ALL.to_vec();
    let webhook = NewWebhook { url: "https://example.org/".to_owned(), token: Some(HASH.to_vec()), events };
    store.set_webhook(&change(2), app, &webhook).await.unwrap().unwrap();
    store.claim_webhook(app, at(2), at(60_000)).await.unwrap();
}

async fn settings(store: &Store, app: SdkAppId) {
    let limits = CallLimits { bulk: 1, other: 0, pushes: 3 };
    store.set_call_limits(&change(2), app, limits).await.unwrap().unwrap();
    let token = NewToken { name: "t".to_owned(), access: TokenAccess::Write, expires_in_days: 30 };
    store.create_token(&change(2), app, &token, &HASH).await.unwrap().unwrap();
    let group = Group {
        group_id: "@TGS#明".to_owned(),
        group_type: GroupType::Public,
        name: "n".repeat(100),
        owner: "longest".to_owned(),
        introduction: "\u{10ffff}".to_owned(),
        notification: String::new(),
        face_url: String::new(),
        max_members: 0,
        join_option: JoinOption::NeedPermission,
        members: 0,
        created_at: at(0),
    };
    let new = NewGroup { group, members: vec![("zz".to_owned(), MemberRole::Admin)] };
    store.create_group(&change(7), app, &new).await.unwrap().unwrap();
    let calls = (0..20).map(|n| {
        let call = ApiCall {
            id: format!("{:013}-{n}", at(n).millis()),
            at: at(n),
            identifier: "administrator".to_owned(),
            command: "profile/portrait_set".to_owned(),
            code: 70_001,
            micros: u32::MAX,
            request: "明".repeat(600),
            answer: "{}".to_owned(),
        };
        (app, call)
    });
    store.keep_calls(calls.collect()).await.unwrap();
}

async fn clients(store: &Store, app: SdkAppId) {
    let session = ClientSession { app, user_id: "zz".to_owned(), session_id: "s".to_owned() };
    store.server_lives("server", at(7), at(60_000)).await.unwrap();
    store.client_connects(&session, "server", "Web", at(7_000)).await.unwrap().unwrap();
    let push =
        NewPush { random: u32::MAX, lifetime_seconds: 600, body: vec![MessageElement::text("你好 👋")] };
    let Pushed::Made(push) = store.push(&change(8_000), app, "administrator", &push).await.unwrap() else {
        panic!("it is the first")
    };
    let asked = vec![("zz".to_owned(), "s".to_owned())];
    assert_eq!(store.claim_push(app, &push.task_id, asked, at(8_000)).await.unwrap(), ["zz"]);
}

async fn jobs(store: &Store, app: SdkAppId) {
    let job = NewJob {
        id: "job".to_owned(),
        app,
        kind: JobKind::Deletion,
        request: json!({ "note": "\"明\"\n" }),
        total: 100,
        created_by: Actor::Operator(1),
        now: at(8),
        import: None,
        schedule: None,
    };
    store.enqueue(&job).await.unwrap();
    let claimed = store.claim_job(at(9), at(30_000)).await.unwrap().unwrap();
    let errors = vec![FieldError::new("user_id", "protected_account", "It stays.")];
    let refused_items = vec![RefusedItem { user_id: "administrator".to_owned(), errors }];
    let progress =
        Progress { done: 10, total: 100, refused: 1, checkpoint: json!("u"), refused_items, steps: false };
    store.job_progress("job", claimed.lease, &progress, at(30_000)).await.unwrap();
}

async fn operators(db: &TestDb) {
    for n in 1..=LAST_OPERATOR {
        let (email, name) = (format!("Op{n}@example.org"), "Élodie 明".repeat(3));
        let operator = db.store.put_operator(&email, &name, "$argon2id$x", at(1)).await.unwrap();
        assert_eq!(operator.id, n);
    }
    db.execute("DELETE FROM operators WHERE id = 3").await;
    let session = NewSession {
        operator: 1,
        hash: HASH,
        user_agent: "\u{202e}agent".to_owned(),
        address: "2001:db8::1".to_owned(),
        now: at(1),
        expires_at: at(1_000_000),
    };
    db.store.begin_session(&session).await.unwrap();
    db.store.begin_attempt("Op2@example.org", "192.0.2.1", at(1)).await.unwrap();
    db.store.put_setup_link(&HASH, at(1), at(1_000_000)).await.unwrap();
}
