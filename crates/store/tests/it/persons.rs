//! What is held about one person, and its erasure: nothing is left but what the certificate says, others keep what is theirs,
//! and rules that outlive an account still hold.

mod filled;

use crate::support::{TestDb, at, change, count_matches_rows, on_both};
use filled::{ID, PIECE, fill, places};
use rollcall_shared::{
    account::NewAccount,
    app::{AppPatch, AppStatus, DeletionRestriction, SdkAppId},
    person::{Certificate, Removed},
    webhook::{DeliveryState, WebhookAnswer, WebhookEvent},
};
use rollcall_store::{
    Actor, Change, Refusal, Store,
    accounts::Replayable,
    clients::ClientSession,
    persons::{Erased, Held, NewErasure},
    webhooks::{Happened, Sent, StateChange},
};
use std::collections::BTreeMap;

fn by_operator(millis: i64) -> Change {
    Change { actor: Actor::Operator(1), now: at(millis) }
}

fn asked(app: SdkAppId, id: &str, user_id: &str) -> NewErasure {
    NewErasure { id: id.to_owned(), app, user_id: user_id.to_owned(), reason: "a letter".to_owned() }
}

async fn erase(store: &Store, app: SdkAppId, user_id: &str) -> Result<Erased, Refusal> {
    store.erase(&by_operator(50_000), &asked(app, "first", user_id)).await.unwrap()
}

fn certificate(app: SdkAppId, erased: &Erased) -> Certificate {
    Certificate {
        id: erased.id.clone(),
        sdkappid: app,
        user_id_sha256: erased.user_hash.clone(),
        erased_at: erased.erased_at,
        erased_by: erased.erased_by.clone(),
        reason: erased.reason.clone(),
        removed: erased.removed.clone(),
        kept: erased.kept.clone(),
        server_version: "1".to_owned(),
        signature: "s".to_owned(),
    }
}

fn counted(removed: &[Removed]) -> BTreeMap<&str, u64> {
    removed.iter().map(|removed| (removed.table.as_str(), removed.rows)).collect()
}

async fn all(store: &Store, app: SdkAppId, user_id: &str, kind: Held) -> Vec<serde_json::Value> {
    let (mut rows, mut after) = (Vec::new(), None);
    loop {
        let page = store.held(app, user_id, kind, after.as_deref()).await.unwrap();
        rows.extend(page.rows);
        after = page.after;
        if after.is_none() {
            return rows;
        }
    }
}

async fn a_bundle_has_what_names_it_and_nobody_else(db: TestDb) {
    let app = fill(&db).await;
    let profile = db.store.profile(app, ID).await.unwrap().unwrap();
    assert_eq!((profile.account.user_id.as_str(), profile.created_by.as_str()), (ID, "system"));
    let marks = db.store.marks(app, ID).await.unwrap();
    assert_eq!((marks.last_kicked_at, marks.last_deleted_at), (Some(at(6_000)), None));
    for (kind, rows) in [
        (Held::Groups, 2),
        (Held::Pushes, 2),
        (Held::Sessions, 1),
        (Held::ApiCalls, 62),
        (Held::Events, 4),
        (Held::Jobs, 3),
        (Held::Answers, 1),
    ] {
        let found = all(&db.store, app, ID, kind).await;
        assert_eq!(found.len(), rows, "{kind:?}: {found:#?}");
        let text = serde_json::to_string(&found).unwrap();
        assert_eq!(text.contains("other"), kind == Held::ApiCalls, "{kind:?}: {text}");
        assert!(all(&db.store, app, "nobody", kind).await.is_empty());
        assert!(all(&db.store, SdkAppId(app.0 + 1), ID, kind).await.is_empty());
    }
}
on_both!(a_bundle_has_what_names_it_and_nobody_else);

async fn nothing_is_left_but_what_the_certificate_says(db: TestDb) {
    let app = fill(&db).await;
    let before = places(&db, PIECE).await;
    assert!(before.len() > 12, "{before:?}");
    let others = places(&db, "other").await;
    let erased = erase(&db.store, app, ID).await.unwrap();
    assert_eq!((erased.erased_at, erased.erased_by.as_str()), (at(50_000), "operator:1"));
    let removed = BTreeMap::from([
        ("accounts", 1),
        ("api_calls", 62),
        ("chat_groups", 2),
        ("group_members", 1),
        ("idempotency_keys", 1),
        ("job_refused", 1),
        ("jobs", 1),
        ("kicks", 1),
        ("milestones", 1),
        ("outbox", 4),
        ("push_deliveries", 1),
        ("pushes", 1),
    ]);
    assert_eq!(counted(&erased.removed), removed);
    let kept: Vec<_> = erased.kept.iter().map(|kept| (kept.table.as_str(), kept.rows)).collect();
    let expected = [
        ("deleted_accounts", Some(1)),
        ("client_sessions", Some(1)),
        ("outbox", Some(1)),
        ("jobs", Some(1)),
        ("files of exports", Some(1)),
        ("accounts", None),
    ];
    assert_eq!(kept, expected);
    assert!(erased.kept.iter().all(|kept| !kept.why.is_empty()));

    let left = BTreeMap::from([
        // It was an admin, and created another account.
        ("accounts".to_owned(), 1),
        ("client_sessions".to_owned(), 1),
        ("deleted_accounts".to_owned(), 1),
        ("jobs".to_owned(), 1),
        ("outbox".to_owned(), 1),
    ]);
    assert_eq!(places(&db, PIECE).await, left);
    // What is of others alone is as it was; what was of both names the other still.
    let now = places(&db, "other").await;
    assert_eq!(now.get("accounts"), others.get("accounts"));
    assert_eq!(now.get("group_members"), others.get("group_members"));
    assert!(now["outbox"] >= 1 && now["api_calls"] >= 1, "{now:?}");
    count_matches_rows(&db, app).await;
}
on_both!(nothing_is_left_but_what_the_certificate_says);

async fn what_stays_for_a_while_goes(db: TestDb) {
    let app = fill(&db).await;
    erase(&db.store, app, ID).await.unwrap();
    // The receiver is told of the deletion, and then nothing is left of it.
    let store = &db.store;
    let sender = store.claim_webhook(app, at(70_000), at(90_000)).await.unwrap().unwrap();
    let events = store.pending_events(app, 100).await.unwrap();
    let deleted = Happened::Deleted(vec![ID.to_owned()]);
    assert_eq!(events.iter().filter(|event| event.happened == deleted).count(), 1);
    let sent = events.into_iter().map(|event| Sent {
        id: event.id,
        state: DeliveryState::Delivered,
        answer: WebhookAnswer::default(),
        at: at(70_000),
    });
    assert!(store.note_sent(&sender, sent.collect(), at(0), at(0)).await.unwrap());
    assert_eq!(places(&db, PIECE).await.get("outbox"), None);
    // Its connection ends, which nobody is told.
    let session = store.clients_to_end("server").await.unwrap().remove(0);
    assert_eq!(session.user_id, ID);
    store.client_leaves(&session, StateChange::Closed, at(71_000)).await.unwrap();
    let left = places(&db, PIECE).await;
    assert_eq!((left.get("outbox"), left.get("client_sessions")), (None, None));
    // The end of another's is told as ever.
    let other = ClientSession { app, user_id: "other".to_owned(), session_id: "o".to_owned() };
    store.client_connects(&other, "server", "Web", at(72_000)).await.unwrap().unwrap();
    store.client_leaves(&other, StateChange::Closed, at(72_001)).await.unwrap();
    let told = store.pending_events(app, 100).await.unwrap();
    assert_eq!(told.iter().filter(|event| event.event == WebhookEvent::StateChanged).count(), 2);

    // Once the task has ended, the same is asked for again.
    store.cancel_job(app, "open", at(73_000)).await.unwrap();
    store.keep_certificate(&certificate(app, &erase(store, app, ID).await.unwrap())).await.unwrap();
    let again = store.erase(&by_operator(74_000), &asked(app, "second", ID)).await.unwrap().unwrap();
    assert_eq!(places(&db, PIECE).await.into_keys().collect::<Vec<_>>(), ["accounts", "deleted_accounts"]);
    assert_eq!((again.id.as_str(), counted(&again.removed)), ("second", BTreeMap::new()));
}
on_both!(what_stays_for_a_while_goes);

async fn an_account_of_the_same_name_inherits_the_mark(db: TestDb) {
    let app = fill(&db).await;
    let store = &db.store;
    erase(store, app, ID).await.unwrap();
    assert_eq!(store.marks(app, ID).await.unwrap().last_kicked_at, None, "one mark is enough");
    let new = NewAccount::new(ID);
    let made = store.create_account(&change(60_000), app, &new, None).await.unwrap();
    let Replayable::Fresh(Ok(account)) = made else { panic!("{made:?}") };
    assert!(account.nickname.is_empty() && account.created_at > at(0));
    let caller = store.chat_caller(app, ID).await.unwrap().unwrap();
    assert_eq!(caller.void_until, Some(at(50_000)));
    assert!(caller.voids(at(50_000).seconds()) && !caller.voids(at(60_000).seconds()));
    // A client whose UserSig was judged before the erasure comes too late, one judged since is let in.
    let session = ClientSession { app, user_id: ID.to_owned(), session_id: "late".to_owned() };
    let late = store.client_connects(&session, "server", "Web", at(49_999)).await.unwrap();
    assert_eq!(late, Err(Refusal::NotFound));
    assert_eq!(store.client_connects(&session, "server", "Web", at(60_001)).await.unwrap(), Ok(()));
    // The new one is a person of its own: its connection's end is told.
    store.client_leaves(&session, StateChange::Closed, at(60_002)).await.unwrap();
    let told = store.pending_events(app, 100).await.unwrap();
    let closed = Happened::StateChanged { user_id: ID.to_owned(), change: StateChange::Closed };
    assert!(told.iter().any(|event| event.happened == closed));
}
on_both!(an_account_of_the_same_name_inherits_the_mark);

async fn a_kick_by_a_clock_that_was_ahead_still_counts(db: TestDb) {
    let app = db.app("A").await;
    db.store.create_account(&change(1), app, &NewAccount::new(ID), None).await.unwrap();
    db.store.kick(&change(99_000), app, ID).await.unwrap().unwrap();
    erase(&db.store, app, ID).await.unwrap();
    assert_eq!(db.store.marks(app, ID).await.unwrap().last_deleted_at, Some(at(99_000)));
}
on_both!(a_kick_by_a_clock_that_was_ahead_still_counts);

async fn what_may_not_be_deleted_is_not_erased(db: TestDb) {
    let app = fill(&db).await;
    let store = &db.store;
    let before = places(&db, PIECE).await;
    assert_eq!(erase(store, app, "administrator").await, Err(Refusal::ProtectedAccount));
    assert_eq!(erase(store, app, "nobody").await, Err(Refusal::NotFound));
    assert_eq!(erase(store, SdkAppId(1), ID).await, Err(Refusal::NotFound));
    let other = db.app("B").await;
    assert_eq!(erase(store, other, ID).await, Err(Refusal::NotFound));
    let restricted = DeletionRestriction { lifted: false, reason: String::new() };
    store.set_deletion_restriction(&change(7), app, &restricted).await.unwrap().unwrap();
    assert_eq!(erase(store, app, ID).await, Err(Refusal::DeletionNotPermitted));
    let disabled = AppPatch { status: Some(AppStatus::Disabled), ..AppPatch::default() };
    store.patch_app(&change(8), app, None, &disabled).await.unwrap();
    assert_eq!(erase(store, app, ID).await, Err(Refusal::AppDisabled));
    assert_eq!(places(&db, PIECE).await, before);
    assert_eq!(places(&db, "a letter").await, BTreeMap::new(), "none was begun");
    count_matches_rows(&db, app).await;
}
on_both!(what_may_not_be_deleted_is_not_erased);

async fn an_erasure_that_was_cut_off_goes_on(db: TestDb) {
    let app = fill(&db).await;
    let store = &db.store;
    // Its server died before the certificate was kept.
    let first = erase(store, app, ID).await.unwrap();
    let again = store.erase(&by_operator(60_000), &asked(app, "second", ID)).await.unwrap().unwrap();
    assert_eq!((&again.id, again.erased_at, &again.removed), (&first.id, first.erased_at, &first.removed));
    assert!(store.erasures(app, None, 10).await.unwrap().items.is_empty(), "not complete yet");
    assert_eq!(store.erasure(app, "first").await.unwrap(), None);

    let whole = certificate(app, &again);
    assert_eq!(store.keep_certificate(&whole).await.unwrap(), whole);
    let twin = Certificate { reason: "another".to_owned(), ..whole.clone() };
    assert_eq!(store.keep_certificate(&twin).await.unwrap(), whole, "the first one stands");
    assert_eq!(store.erasure(app, "first").await.unwrap(), Some(whole));
    assert_eq!(store.erasure(SdkAppId(app.0 + 1), "first").await.unwrap(), None);
}
on_both!(an_erasure_that_was_cut_off_goes_on);

async fn erasures_at_once_are_one(db: TestDb) {
    let app = fill(&db).await;
    let ask = |id: &str| {
        let (store, new) = (db.store.clone(), asked(app, id, ID));
        tokio::spawn(async move { store.erase(&by_operator(50_000), &new).await.unwrap().unwrap() })
    };
    let twins: Vec<_> = ["a", "b", "c", "d"].map(ask).into_iter().collect();
    let mut ids = Vec::new();
    for twin in twins {
        ids.push(twin.await.unwrap().id);
    }
    ids.dedup();
    assert_eq!(ids.len(), 1, "{ids:?}");
    let whole = db.store.erase(&by_operator(60_000), &asked(app, "e", ID)).await.unwrap().unwrap();
    assert_eq!((counted(&whole.removed)["accounts"], counted(&whole.removed)["api_calls"]), (1, 62));
    count_matches_rows(&db, app).await;
}
on_both!(erasures_at_once_are_one);

async fn certificates_are_listed_newest_first(db: TestDb) {
    let app = db.app("A").await;
    for n in 0..5 {
        let user_id = format!("user{n}");
        db.store.create_account(&change(n), app, &NewAccount::new(&*user_id), None).await.unwrap();
        let new = asked(app, &format!("c{n}"), &user_id);
        let erased = db.store.erase(&by_operator(100 + n), &new).await.unwrap().unwrap();
        db.store.keep_certificate(&certificate(app, &erased)).await.unwrap();
    }
    let ids = |page: &rollcall_shared::list::Page<Certificate>| {
        page.items.iter().map(|item| item.id.clone()).collect::<Vec<_>>()
    };
    let first = db.store.erasures(app, None, 2).await.unwrap();
    assert_eq!(ids(&first), ["c4", "c3"]);
    let second = db.store.erasures(app, first.next.as_deref(), 2).await.unwrap();
    assert_eq!(ids(&second), ["c2", "c1"]);
    let back = db.store.erasures(app, second.previous.as_deref(), 2).await.unwrap();
    assert_eq!(ids(&back), ["c4", "c3"]);
    assert!(db.store.erasures(app, Some("x"), 2).await.is_err());
    assert_eq!(places(&db, "user3").await.get("erasures"), None, "no certificate has a user ID");
}
on_both!(certificates_are_listed_newest_first);
