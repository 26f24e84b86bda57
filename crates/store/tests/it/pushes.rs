//! Pushes to all members: which are the same, how many are taken, and who gets them over which connection.

use crate::support::{TestDb, at, change, on_both, purge};
use rollcall_shared::{
    account::NewAccount,
    app::{CallLimits, SdkAppId},
    push::{MessageElement, NewPush, Push},
    selection::OnExisting,
};
use rollcall_store::{Refusal, clients::ClientSession, pushes::Pushed, webhooks::StateChange};

const SERVER: &str = "server";

fn new(random: u32, lifetime_seconds: u32) -> NewPush {
    NewPush { random, lifetime_seconds, body: vec![MessageElement::text("你好 👋")] }
}

async fn push(db: &TestDb, app: SdkAppId, millis: i64, random: u32) -> Pushed {
    db.store.push(&change(millis), app, "administrator", &new(random, 60)).await.unwrap()
}

async fn made(db: &TestDb, app: SdkAppId, millis: i64, new: &NewPush) -> Push {
    match db.store.push(&change(millis), app, "administrator", new).await.unwrap() {
        Pushed::Made(push) => push,
        other => panic!("{other:?}"),
    }
}

async fn accounts(db: &TestDb, app: SdkAppId, millis: i64, ids: &[&str]) {
    let accounts: Vec<NewAccount> = ids.iter().map(|id| NewAccount::new(*id)).collect();
    db.store.create_accounts(&change(millis), app, &accounts, OnExisting::Refuse, None).await.unwrap();
}

/// A connection of an account, whose server is believed for a minute.
async fn connect(db: &TestDb, app: SdkAppId, millis: i64, user_id: &str, session_id: &str) -> ClientSession {
    let session = ClientSession { app, user_id: user_id.to_owned(), session_id: session_id.to_owned() };
    db.store.server_lives(SERVER, at(millis), at(millis + 60_000)).await.unwrap();
    db.store.client_connects(&session, SERVER, "Web", at(millis)).await.unwrap().unwrap();
    session
}

async fn claim(db: &TestDb, push: &Push, session: &ClientSession, millis: i64) -> usize {
    let asked = vec![(session.user_id.clone(), session.session_id.clone())];
    db.store.claim_push(session.app, &push.task_id, asked, at(millis)).await.unwrap().len()
}

async fn pending(db: &TestDb, session: &ClientSession, millis: i64) -> Vec<u32> {
    let pushes = db.store.pushes_pending(session, 20, at(millis)).await.unwrap();
    pushes.iter().map(|push| push.random).collect()
}

async fn the_same_is_sent_once_and_not_too_many(db: TestDb) {
    let app = db.app("A").await;
    accounts(&db, app, 1, &["a", "b"]).await;
    let first = made(&db, app, 10_000, &new(1, 60)).await;
    assert_eq!((first.accounts, first.sent, first.received), (3, 0, 0));
    assert_eq!(first.expires_at, at(70_000));
    assert_eq!(push(&db, app, 10_001, 1).await, Pushed::Same(first.clone()));
    assert_eq!(push(&db, app, 11_000, 2).await, Pushed::TooSoon);
    assert!(matches!(push(&db, app, 11_001, 2).await, Pushed::Made(_)));
    let week = 7 * 24 * 60 * 60 * 1_000;
    assert!(matches!(push(&db, app, 10_000 + week, 1).await, Pushed::Made(_)), "a week later it is another");

    let limits = CallLimits { pushes: 2, ..CallLimits::default() };
    db.store.set_call_limits(&change(0), app, limits).await.unwrap().unwrap();
    let later = 10_000 + week;
    assert!(matches!(push(&db, app, later + 2_000, 3).await, Pushed::Made(_)));
    assert_eq!(push(&db, app, later + 4_000, 4).await, Pushed::TooMany);
    let day = 24 * 60 * 60 * 1_000;
    assert!(matches!(push(&db, app, later + day, 4).await, Pushed::Made(_)), "the first is a day old");
    let listed: Vec<u32> = db.store.pushes(app).await.unwrap().iter().map(|push| push.random).collect();
    assert_eq!(listed, [4, 3, 1, 2, 1]);
    assert_eq!(db.store.find_push(app, &first.task_id).await.unwrap(), Some(first));
    let gone = db.store.push(&change(0), SdkAppId(1), "administrator", &new(1, 0)).await.unwrap();
    assert_eq!(gone, Pushed::Refused(Refusal::AppNotFound));
}
on_both!(the_same_is_sent_once_and_not_too_many);

async fn pushes_at_once_keep_the_rules(db: TestDb) {
    let app = db.app("A").await;
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..20 {
        let store = db.store.clone();
        tasks.spawn(async move { store.push(&change(5_000), app, "administrator", &new(n % 4, 0)).await });
    }
    let outcomes = tasks.join_all().await;
    let count = |is: fn(&Pushed) -> bool| outcomes.iter().filter(|one| is(one.as_ref().unwrap())).count();
    assert_eq!(count(|one| matches!(one, Pushed::Made(_))), 1);
    assert_eq!(count(|one| matches!(one, Pushed::Same(_))), 4);
    assert_eq!(count(|one| matches!(one, Pushed::TooSoon)), 15);
}
on_both!(pushes_at_once_keep_the_rules);

async fn one_connection_of_an_account_gets_it(db: TestDb) {
    let app = db.app("A").await;
    accounts(&db, app, 1, &["ming", "mei"]).await;
    let push = made(&db, app, 1_000, &new(7, 60)).await;
    accounts(&db, app, 1_001, &["late"]).await;
    let (phone, web) =
        (connect(&db, app, 2_000, "ming", "phone").await, connect(&db, app, 2_000, "ming", "web").await);
    let late = connect(&db, app, 2_000, "late", "late").await;
    assert_eq!(pending(&db, &phone, 2_000).await, [7]);
    assert!(pending(&db, &late, 2_000).await.is_empty(), "who came later was not meant");
    assert_eq!(claim(&db, &push, &late, 2_000).await, 0);
    assert_eq!(claim(&db, &push, &phone, 2_000).await, 1);
    assert_eq!(claim(&db, &push, &web, 2_000).await, 0, "the phone gets it");
    assert!(pending(&db, &web, 2_000).await.is_empty());

    // The phone is gone without a word: the other may have it.
    db.store.client_leaves(&phone, StateChange::Lost, at(3_000)).await.unwrap();
    assert_eq!(pending(&db, &web, 3_000).await, [7]);
    assert_eq!(claim(&db, &push, &web, 3_000).await, 1);
    // And when its server is lost, whoever connects next.
    let next = ClientSession { session_id: "next".to_owned(), ..web.clone() };
    assert!(pending(&db, &next, 50_000).await.is_empty());
    db.store.server_ends(SERVER).await.unwrap();
    assert_eq!(pending(&db, &next, 50_000).await, [7]);

    let received = async |ids: &[&str]| {
        let ids = ids.iter().map(|id| (*id).to_owned()).collect();
        db.store.pushes_received(app, &push.task_id, ids, at(4_000)).await.unwrap();
    };
    received(&["ming", "mei", "nobody"]).await;
    received(&["ming"]).await;
    assert!(pending(&db, &next, 50_000).await.is_empty(), "it has it");
    assert_eq!(claim(&db, &push, &next, 50_000).await, 0);
    let shown = db.store.find_push(app, &push.task_id).await.unwrap().unwrap();
    assert_eq!((shown.sent, shown.received), (1, 1), "one account, however often it was tried");
}
on_both!(one_connection_of_an_account_gets_it);

async fn what_is_over_waits_for_nobody_and_is_forgotten(db: TestDb) {
    let app = db.app("A").await;
    accounts(&db, app, 1, &["ming", "mei"]).await;
    let ming = connect(&db, app, 500, "ming", "web").await;
    let now_only = made(&db, app, 1_000, &new(1, 0)).await;
    let mei = connect(&db, app, 2_000, "mei", "web").await;
    assert_eq!(claim(&db, &now_only, &mei, 2_500).await, 0, "it came when that was over");
    let waits = made(&db, app, 3_000, &new(2, 10)).await;
    assert_eq!(claim(&db, &now_only, &ming, 3_000).await, 1);
    assert_eq!(pending(&db, &ming, 3_000).await, [2]);
    assert_eq!(pending(&db, &ming, 13_000).await, [0_u32; 0]);
    assert_eq!(claim(&db, &waits, &ming, 12_000).await, 1);
    db.store.client_leaves(&ming, StateChange::Lost, at(12_500)).await.unwrap();
    let again = connect(&db, app, 12_500, "ming", "again").await;
    assert_eq!(claim(&db, &waits, &again, 13_000).await, 0, "over, so nobody takes it over");

    let hour = 60 * 60 * 1_000;
    assert!(!db.store.forget_deliveries(at(hour), 10).await.unwrap());
    while db.store.forget_deliveries(at(hour + 20_000), 1).await.unwrap() {}
    let shown = db.store.pushes(app).await.unwrap();
    assert_eq!(shown.iter().map(|push| push.sent).collect::<Vec<_>>(), [1, 1], "the figures stay");
    let month = 31 * 24 * hour;
    made(&db, app, month, &new(3, 0)).await;
    assert_eq!(db.store.pushes(app).await.unwrap().len(), 1);
}
on_both!(what_is_over_waits_for_nobody_and_is_forgotten);

async fn pushes_go_with_their_application(db: TestDb) {
    let app = db.app("A").await;
    accounts(&db, app, 1, &["ming"]).await;
    let ming = connect(&db, app, 500, "ming", "web").await;
    let push = made(&db, app, 1_000, &new(1, 60)).await;
    assert_eq!(claim(&db, &push, &ming, 1_000).await, 1);
    db.store.delete_app(&change(2_000), app, "A", "job").await.unwrap();
    purge(&db.store, app, 1).await;
    assert!(db.store.pushes(app).await.unwrap().is_empty());
}
on_both!(pushes_go_with_their_application);
