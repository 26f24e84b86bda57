//! Walks over all that match: exports, deletions and the admins among them.

use crate::support::{TestDb, at, change, count_matches_rows, on_both, rows};
use rollcall_shared::{
    account::{Account, NewAccount},
    app::{AppPatch, AppStatus, DeletionRestriction, SdkAppId},
    job::JobKind,
    list::AccountFilter,
    profile::{ADMINISTRATOR, AccountType},
    selection::Matching,
};
use rollcall_store::{
    Actor, Refusal,
    jobs::{ClaimedJob, JobHold, NewJob, Progress},
};

/// 9,000 accounts, of which every third is named Ming; one more than two windows of a walk.
async fn fill(db: &TestDb) -> SdkAppId {
    let app = db.app("A").await;
    let account = |n: i64| {
        let nickname = if n % 3 == 0 { "Ming 明" } else { "Zoé" }.to_owned();
        let account_type = if n == 300 { AccountType::Admin } else { AccountType::General };
        let new = NewAccount { nickname, account_type, ..NewAccount::new(format!("u{n}")) };
        new.into_account(at(n), Default::default())
    };
    db.store.load_accounts(&change(0), app, (0..9000).map(account).collect()).await.unwrap();
    app
}

fn named_ming() -> Matching {
    let filter = AccountFilter { q: "ming".to_owned(), ..AccountFilter::default() };
    Matching { filter, except: vec!["u0".to_owned()], as_of: at(6000), expected: None }
}

/// What [`named_ming`] means, by its rules.
fn is_meant(account: &Account) -> bool {
    account.nickname.contains("Ming") && account.user_id != "u0" && account.created_at <= at(6000)
}

async fn an_export_walks_all_that_match_once(db: TestDb) {
    let app = fill(&db).await;
    let everything = rows(&db.store, app, None, 1000).await;
    assert_eq!(everything.len(), 9001);
    assert!(everything.is_sorted_by(|a, b| a.user_id < b.user_id));
    for limit in [1, 7, 5000] {
        let limited = rows(&db.store, app, Some(&named_ming()), limit).await;
        assert!(limited.iter().eq(everything.iter().filter(|account| is_meant(account))), "limit {limit}");
    }
    assert_eq!(db.store.admins_matching(app, &named_ming()).await.unwrap(), ["u300"]);
    let all = Matching { filter: AccountFilter::default(), ..named_ming() };
    assert_eq!(db.store.admins_matching(app, &all).await.unwrap(), [ADMINISTRATOR, "u300"]);
}
on_both!(an_export_walks_all_that_match_once);

async fn all_that_match_are_deleted_and_nothing_else(db: TestDb) {
    let app = fill(&db).await;
    let before = rows(&db.store, app, None, 5000).await;
    let (mut deleted, mut after) = (0, None);
    loop {
        let matching = named_ming();
        let chunk =
            db.store.delete_chunk(&change(9000), app, &matching, after.as_deref(), 500, None).await.unwrap();
        assert!(chunk.done <= 500 && chunk.stopped.is_none());
        deleted += chunk.done;
        after = chunk.after;
        if after.is_none() {
            break;
        }
    }
    let left = rows(&db.store, app, None, 5000).await;
    assert!(left.iter().eq(before.iter().filter(|account| !is_meant(account))));
    assert_eq!(deleted, (before.len() - left.len()) as u64);
    count_matches_rows(&db, app).await;
}
on_both!(all_that_match_are_deleted_and_nothing_else);

async fn the_administrator_survives_a_deletion_of_everything(db: TestDb) {
    let app = db.app("A").await;
    let all = Matching { filter: AccountFilter::default(), except: Vec::new(), as_of: at(0), expected: None };
    let chunk = db.store.delete_chunk(&change(1), app, &all, None, 100, None).await.unwrap();
    assert_eq!(chunk.refused, [(ADMINISTRATOR.to_owned(), Refusal::ProtectedAccount)]);
    assert_eq!((chunk.done, chunk.after, chunk.stopped), (0, None, None));
    count_matches_rows(&db, app).await;
}
on_both!(the_administrator_survives_a_deletion_of_everything);

async fn putting_the_restriction_back_stops_a_deletion(db: TestDb) {
    let app = fill(&db).await;
    let matching = named_ming();
    let chunk = db.store.delete_chunk(&change(1), app, &matching, None, 10, None).await.unwrap();
    assert_eq!((chunk.done, &chunk.stopped), (10, &None));
    let back = DeletionRestriction { lifted: false, reason: String::new() };
    db.store.set_deletion_restriction(&change(2), app, &back).await.unwrap().unwrap();
    let next =
        db.store.delete_chunk(&change(3), app, &matching, chunk.after.as_deref(), 10, None).await.unwrap();
    assert_eq!((next.done, next.stopped), (0, Some(Refusal::DeletionNotPermitted)));
    let disable = AppPatch { status: Some(AppStatus::Disabled), ..AppPatch::default() };
    db.store.patch_app(&change(4), app, None, &disable).await.unwrap();
    let next =
        db.store.delete_chunk(&change(5), app, &matching, chunk.after.as_deref(), 10, None).await.unwrap();
    assert_eq!(next.stopped, Some(Refusal::AppDisabled));
    count_matches_rows(&db, app).await;
}
on_both!(putting_the_restriction_back_stops_a_deletion);

/// Claims a job of this kind that nobody else has.
async fn claimed(db: &TestDb, app: SdkAppId, millis: i64) -> ClaimedJob {
    db.store.claim_job(at(millis), at(millis + 100)).await.unwrap().filter(|job| job.app == app).unwrap()
}

async fn a_step_of_a_job_is_counted_with_what_it_did(db: TestDb) {
    let app = fill(&db).await;
    let job = NewJob {
        id: "deletion".to_owned(),
        app,
        kind: JobKind::Deletion,
        request: serde_json::Value::Null,
        total: 5,
        created_by: Actor::System,
        now: at(1),
        import: None,
        schedule: None,
    };
    db.store.enqueue(&job).await.unwrap();
    let lost = claimed(&db, app, 2).await;
    let all = Matching { filter: AccountFilter::default(), ..named_ming() };
    let step = async |hold: &JobHold, after: Option<&str>| {
        db.store.delete_chunk(&change(3), app, &all, after, 10, Some(hold)).await.unwrap()
    };
    // The administrator is the first, and stays; another one of this page is excepted.
    let chunk = step(&lost.hold(), None).await;
    let shown = db.store.job(app, "deletion").await.unwrap().unwrap();
    assert_eq!((shown.done, shown.total, shown.refused), (chunk.done + 1, chunk.done + 1, 1));
    assert_eq!(db.store.job_refused(app, "deletion", None, 10).await.unwrap()[0].user_id, ADMINISTRATOR);

    // The worker dies without another word; who takes over knows where to go on, and the lost one does nothing more.
    let heir = claimed(&db, app, 200).await;
    assert_eq!((heir.done, heir.refused), (chunk.done + 1, 1));
    assert_eq!(heir.checkpoint["after"].as_str(), chunk.after.as_deref());
    let before = rows(&db.store, app, None, 5000).await.len();
    let nothing = step(&lost.hold(), chunk.after.as_deref()).await;
    assert!(nothing.lost && nothing.done == 0, "{nothing:?}");
    assert_eq!(rows(&db.store, app, None, 5000).await.len(), before);
    let mut after = heir.checkpoint["after"].as_str().map(str::to_owned);
    let mut done = heir.done;
    while let Some(from) = after {
        let chunk = step(&heir.hold(), Some(&from)).await;
        done += chunk.done;
        after = chunk.after.filter(|_| done < 500);
    }
    // What the worker writes beside its steps does not undo them.
    let beside = Progress { total: 9_000, steps: true, ..Progress::default() };
    db.store.job_progress("deletion", heir.lease, &beside, at(400)).await.unwrap();
    let shown = db.store.job(app, "deletion").await.unwrap().unwrap();
    assert_eq!((shown.done, shown.total), (done, 9_000));
    // Nor is the total below them, where the answer to a step was lost on its way to the worker.
    let behind = Progress { total: done - 1, ..beside };
    db.store.job_progress("deletion", heir.lease, &behind, at(400)).await.unwrap();
    assert_eq!(db.store.job(app, "deletion").await.unwrap().unwrap().total, done);
    count_matches_rows(&db, app).await;
}
on_both!(a_step_of_a_job_is_counted_with_what_it_did);
