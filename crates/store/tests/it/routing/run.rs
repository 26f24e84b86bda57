//! One call at least of every function of the store, with rows to meet and without.

use super::schedules;
use crate::{
    copy::awkward::{HASH, fill},
    list::crowd::{Seeded, page_query},
    support::{TestDb, at, change, rows},
};
use rollcall_shared::{
    account::{AccountPatch, NewAccount, Patch},
    api_call::{ApiCall, CallFilter},
    app::{AppPatch, SdkAppId},
    error::Problem,
    import::{NewImport, Preview, Reading, Review, ReviewRequest, between},
    job::{Column, JobResult},
    list::{AccountFilter, CountMode, SortField},
    profile::AccountType,
    selection::{Matching, OnExisting},
    webhook::{DeliveryState, WebhookAnswer},
};
use rollcall_store::{
    OpenOptions, Store,
    accounts::{AppliedBy, ImportChunk, PositionBounds, Tidying},
    apps::Purged,
    call_windows::CallLease,
    clients::ClientSession,
    imports::{Begin, Begun, Looked, Planned, PlannedChange},
    jobs::JobOutcome,
    persons::{Held, NewErasure},
    webhooks::{Sent, StateChange},
};

const DAY: i64 = 24 * 60 * 60 * 1000;

/// Fills the database and uses it.
pub async fn run(db: &TestDb) {
    let app = fill(db).await;
    let store = &db.store;
    reads(store, app).await;
    positions(db, app).await;
    changes(store, app).await;
    imports(store, app).await;
    schedules::run(store, app).await;
    persons(store, app).await;
    clients(store, app).await;
    sending(store, app).await;
    control(store, app).await;
    sweeps(store, app).await;
    store.ready().await.unwrap();
    // The application is gone; what counts is that so many were written, or tried to be.
    let many = (0..1_000).map(|n| NewAccount::new(format!("m{n}")).into_account(at(1), Default::default()));
    store.load_accounts(&change(90), app, many.collect()).await.unwrap();
    store.wants_tidying().await.unwrap();
    store.tidy(Tidying::Begins).await.unwrap();
    store.tidy_all().await.unwrap();
    assert!(!store.wants_tidying().await.unwrap());
}

async fn reads(store: &Store, app: SdkAppId) {
    let all = rows(store, app, None, 50).await;
    let mut seeded = Seeded::new(3);
    for _ in 0..200 {
        let mut query = page_query(&mut seeded, &all);
        let page = store.list_accounts(app, &query).await.unwrap();
        query.cursor = page.next;
        store.list_accounts(app, &query).await.unwrap();
        for mode in [CountMode::Exact, CountMode::Capped] {
            store.count_accounts(app, &query.filter, mode).await.unwrap();
        }
        store.suggest_accounts(app, &query.filter).await.unwrap();
        let matching = matching(query.filter);
        rows(store, app, Some(&matching), 20).await;
        let mut snapshot = store.export_snapshot(app).await.unwrap();
        snapshot.chunk(Some(&matching), None, 20).await.unwrap();
        snapshot.chunk(None, None, 20).await.unwrap();
        snapshot.named(&["zz".to_owned()]).await.unwrap();
        snapshot.close().await;
        store.admins_matching(app, &matching).await.unwrap();
    }
    let filter = AccountFilter { q: "yaunming".to_owned(), ..AccountFilter::default() };
    store.suggest_accounts(app, &filter).await.unwrap();
    store.account(app, "zz").await.unwrap().unwrap();
    store.existing_accounts(app, &["zz".to_owned()]).await.unwrap();
    store.accounts_by_id(app, &["zz".to_owned()]).await.unwrap();
    store.apps().await.unwrap();
    store.secret_key(app).await.unwrap();
    store.chat_caller(app, "zz").await.unwrap().unwrap();
    store.call_limits(app).await.unwrap();
    store.tokens(app).await.unwrap();
    store.token_grant(&HASH, at(DAY)).await.unwrap().unwrap();
    for filter in [CallFilter::All, CallFilter::Failed, CallFilter::Code(1)] {
        store.calls(app, filter).await.unwrap();
    }
    store.groups(app, None, 1).await.unwrap();
    store.group(app, "@TGS#明").await.unwrap().unwrap();
    store.group_members(app, "@TGS#明").await.unwrap();
    store.jobs(app, 10).await.unwrap();
    store.job(app, "job").await.unwrap().unwrap();
    store.job_refused(app, "job", None, 10).await.unwrap();
    store.webhook(app).await.unwrap().unwrap();
    let pushes = store.pushes(app).await.unwrap();
    store.find_push(app, &pushes[0].task_id).await.unwrap().unwrap();
    store.pushes_since(app, at(0)).await.unwrap();
}

/// Pages by position, with milestones and without. Bounds are tight, so that there are any.
async fn positions(db: &TestDb, app: SdkAppId) {
    let positions = PositionBounds { exact: 3, walk: 20, gap: 5, candidates: 30, near: 3 };
    let store = db.reopen(&OpenOptions { positions, ..OpenOptions::default() }).await;
    let all = rows(&store, app, None, 50).await;
    let mut seeded = Seeded::new(4);
    for round in 0..2 {
        for _ in 0..100 {
            let mut query = page_query(&mut seeded, &all);
            query.offset = Some(seeded.below(all.len() + 10) as u64);
            store.list_accounts(app, &query).await.unwrap();
            query.offset = None;
            let account = seeded.pick(&all);
            query.seek = Some(match query.sort.field {
                SortField::CreatedAt => account.created_at.to_string(),
                SortField::UserId | SortField::Nickname => account.user_id.clone(),
            });
            store.list_accounts(app, &query).await.unwrap();
        }
        let mut sampling = store.claim_sampling(at(DAY), at(2 * DAY)).await.unwrap();
        assert_eq!(sampling.is_some(), round == 0);
        if let Some(sampling) = &mut sampling {
            while !store.sample(sampling).await.unwrap() {}
        }
        store.sample_all(at(DAY)).await.unwrap();
    }
    store.close().await;
}

fn matching(filter: AccountFilter) -> Matching {
    Matching { filter, except: vec!["zz".to_owned()], as_of: at(DAY), expected: None }
}

async fn changes(store: &Store, app: SdkAppId) {
    let zz = store.account(app, "zz").await.unwrap().unwrap();
    let patch = AccountPatch { nickname: Patch::Set("明".to_owned()), ..AccountPatch::default() };
    store.patch_account(&change(10), app, "zz", Some((zz.created_at, zz.version)), &patch).await.unwrap();
    store.set_account_type(&change(10), app, "zz", AccountType::Admin).await.unwrap().unwrap_err();
    let admins = store.admins_matching(app, &matching(AccountFilter::default())).await.unwrap();
    let other = admins.iter().find(|id| *id != "administrator").unwrap();
    store.set_account_type(&change(10), app, other, AccountType::General).await.unwrap().unwrap();
    let new = ["ZZ", "one", "two"].map(NewAccount::new);
    store.create_accounts(&change(10), app, &new, OnExisting::Update, None).await.unwrap();
    let one = store.account(app, "one").await.unwrap().unwrap();
    store.delete_account(&change(11), app, "one", (one.created_at, one.version)).await.unwrap();
    let yuan = matching(AccountFilter { q: "yuan".to_owned(), ..AccountFilter::default() });
    let mut after = None;
    loop {
        after = store.delete_chunk(&change(12), app, &yuan, after.as_deref(), 5, None).await.unwrap().after;
        if after.is_none() {
            break;
        }
    }
    let level = AccountPatch { level: Patch::Set(9), ..AccountPatch::default() };
    let ids = ["zz".to_owned(), "two".to_owned()];
    store.patch_accounts(&change(12), app, &ids, &level).await.unwrap().unwrap();
    let all = matching(AccountFilter::default());
    let mut after = None;
    loop {
        let chunk =
            store.patch_chunk(&change(12), app, (&all, &patch), after.as_deref(), 30, None).await.unwrap();
        after = chunk.after;
        if after.is_none() {
            break;
        }
    }
    let rename = AppPatch { name: Some("Renamed".to_owned()), ..AppPatch::default() };
    store.patch_app(&change(12), app, None, &rename).await.unwrap();
    store.set_secret_key(&change(12), app, b"key").await.unwrap().unwrap();
}

/// A file's whole way: brought, reviewed, applied and undone.
async fn imports(store: &Store, app: SdkAppId) {
    let new = NewImport { file_name: "a.csv".to_owned(), bytes: 3 };
    store.announce_import(&change(20), app, "import", &new).await.unwrap();
    assert!(store.import_received(app, "import", 0, 3).await.unwrap());
    let found = Ok(Preview { columns: vec!["id".to_owned()], ..Preview::default() });
    store.keep_look(app, "import", &Looked { reading: Reading::default(), found }).await.unwrap();
    let ids = ["zz".to_owned(), "fresh".to_owned()];
    let zz = store.look_up_for_import(app, &ids, Some(at(20))).await.unwrap().accounts.remove("zz").unwrap();
    let mut other = zz.clone();
    other.level += 1;
    let (after, before) = between(&zz, &other);
    let planned = Planned::Update {
        user_id: "zz".to_owned(),
        created_at: zz.created_at,
        version: zz.version,
        before: Box::new(before),
        after: Box::new(after),
    };
    let create = Planned::Create(Box::new(NewAccount::new("fresh")));
    let changes = [create, planned].map(|planned| PlannedChange { row: 2, planned }).to_vec();
    for (begin, id) in [
        (
            Begin::Review(ReviewRequest {
                mapping: vec![Some(Column::UserId.into())],
                ..ReviewRequest::default()
            }),
            "r",
        ),
        (Begin::Apply(String::new()), "a"),
        (Begin::Undo, "u"),
    ] {
        let begun = store.begin_import(&change(21), app, "import", begin, id).await.unwrap();
        assert!(matches!(begun, Begun::Job(_)), "{begun:?}");
        let job = loop {
            let job = store.claim_job(at(22), at(50)).await.unwrap().unwrap();
            if job.id == id {
                break job;
            }
        };
        let chunk = ImportChunk { changes: changes.clone(), next: "0:1".to_owned(), hold: job.hold() };
        let done = match id {
            "r" => {
                assert!(
                    store.keep_review(app, "import", &job.hold(), "f", &Review::default()).await.unwrap()
                );
                0
            }
            "a" => store.apply_import_chunk(&change(23), app, chunk).await.unwrap().done,
            _ => {
                let applied = AppliedBy { at: at(23), job: "a".to_owned() };
                store.undo_import_chunk(&change(24), app, chunk, applied).await.unwrap().done
            }
        };
        assert_eq!(done, if id == "r" { 0 } else { 2 });
        store.finish_job(id, job.lease, JobOutcome::Done(JobResult::default()), at(25)).await.unwrap();
    }
    store.job_refused_among(app, "a", &ids).await.unwrap();
    store.imports(app).await.unwrap();
    store.import(app, "import").await.unwrap().unwrap();
    store.import_record(app, "import").await.unwrap().unwrap();
    assert_eq!(store.import_columns(app).await.unwrap().len(), 2);
    store.announce_import(&change(20), app, "other", &new).await.unwrap();
    assert!(store.discard_import(app, "other").await.unwrap());
}

async fn persons(store: &Store, app: SdkAppId) {
    for user_id in ["zz", "administrator", "nobody"] {
        store.profile(app, user_id).await.unwrap();
        store.marks(app, user_id).await.unwrap();
        for kind in Held::ALL {
            store.held(app, user_id, kind, None).await.unwrap();
        }
    }
    for user_id in ["nobody", "longest"] {
        let new =
            NewErasure { id: user_id.to_owned(), app, user_id: user_id.to_owned(), reason: "r".to_owned() };
        let erased = store.erase(&change(13), &new).await.unwrap();
        assert_eq!(erased.is_ok(), user_id == "longest");
    }
    let certificate = store.erasure(app, "gone").await.unwrap().unwrap();
    store.keep_certificate(&certificate).await.unwrap();
    store.erasures(app, None, 1).await.unwrap();
}

async fn clients(store: &Store, app: SdkAppId) {
    let session = ClientSession { app, user_id: "zz".to_owned(), session_id: "t".to_owned() };
    store.server_lives("server", at(13_000), at(60_000)).await.unwrap();
    store.client_connects(&session, "server", "Web", at(13_000)).await.unwrap().unwrap();
    store.online(app, vec!["zz".to_owned()], at(13_000)).await.unwrap();
    let push = store.pushes(app).await.unwrap().remove(0);
    store.pushes_pending(&session, 10, at(13_000)).await.unwrap();
    store.claim_push(app, &push.task_id, vec![("zz".to_owned(), "t".to_owned())], at(13_000)).await.unwrap();
    store.pushes_received(app, &push.task_id, vec!["zz".to_owned()], at(13_000)).await.unwrap();
    store.client_leaves(&session, StateChange::Logout, at(14_000)).await.unwrap();
    store.kick(&change(14_000), app, "zz").await.unwrap().unwrap();
    store.clients_to_end("server").await.unwrap();
    store.server_ends("server").await.unwrap();
}

async fn sending(store: &Store, app: SdkAppId) {
    let now = at(70_000);
    assert_eq!(store.webhooks_due(now, 10).await.unwrap(), [app]);
    let sender = store.claim_webhook(app, now, at(90_000)).await.unwrap().unwrap();
    let events = store.pending_events(app, 3).await.unwrap();
    let sent = events.into_iter().map(|event| Sent {
        id: event.id,
        state: DeliveryState::Delivered,
        answer: WebhookAnswer::default(),
        at: now,
    });
    assert!(store.note_sent(&sender, sent.collect(), at(0), at(0)).await.unwrap());
    store.webhook_deliveries(app, now).await.unwrap();
}

async fn control(store: &Store, app: SdkAppId) {
    let lease = CallLease { app, kind: 0, second: 1, wanted: 2, limit: 3 };
    assert_eq!(store.lease_calls(lease).await.unwrap(), Some(2));
    assert_eq!(store.lease_calls(lease).await.unwrap(), Some(1));
    store.listen_to_servers().await.unwrap().unwrap();
    store.tell_servers("news").await.unwrap();
    assert!(store.credentials("op1@example.org").await.unwrap().is_some());
    assert!(store.credentials_by_id(1).await.unwrap().is_some());
    assert_eq!(store.operators_ready().await.unwrap(), 2);
    let session = store.session(&HASH, at(2), at(1_000_000)).await.unwrap().unwrap();
    store.sessions(1, session.id, at(2)).await.unwrap();
    store.change_password(1, "$argon2id$y", session.id, at(3)).await.unwrap();
    store.end_session(1, session.id).await.unwrap();
    store.attempt_succeeded("op2@example.org", "192.0.2.1").await.unwrap();
    store.setup_link_valid(&HASH, at(2)).await.unwrap();
    store.use_setup_link(&HASH, "x@example.org", "X", "$argon2id$z", at(2)).await.unwrap();
    let job = store.claim_job(at(40_000), at(50_000)).await.unwrap().unwrap();
    store.finish_job(&job.id, job.lease, JobOutcome::Failed(Problem::default()), at(41_000)).await.unwrap();
    store.cancel_job(app, "end-Asked", at(41_000)).await.unwrap();
}

/// What servers do by and by, for all applications.
async fn sweeps(store: &Store, app: SdkAppId) {
    let call = store.calls(app, CallFilter::All).await.unwrap().remove(0);
    let of_two =
        [app, SdkAppId(app.0 + 1)].map(|app| (app, ApiCall { id: "later".to_owned(), ..call.clone() }));
    store.keep_calls(of_two.to_vec()).await.unwrap();
    while store.forget_lost_servers(at(80_000), at(80_000)).await.unwrap() {}
    store.forget_calls(at(10)).await.unwrap();
    store.take_expired_exports(at(DAY)).await.unwrap();
    assert_eq!(store.take_expired_imports(at(30 * DAY)).await.unwrap().len(), 2);
    store.prune_jobs(at(DAY)).await.unwrap();
    store.forget_deliveries(at(DAY), 10).await.unwrap();
    store.revoke_token(app, 1).await.unwrap();
    store.destroy_group(app, "@TGS#明").await.unwrap().unwrap();
    store.remove_webhook(app).await.unwrap().unwrap();
    store.delete_app(&change(80_000), app, "Renamed", "end").await.unwrap();
    let mut purged = store.purge_app_chunk(app, &Purged::default(), 25).await.unwrap();
    while purged.removed > 0 {
        purged = store.purge_app_chunk(app, &purged, 25).await.unwrap();
    }
}
