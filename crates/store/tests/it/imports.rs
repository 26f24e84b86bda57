//! Imports in the store: tasks that race, steps that are counted once, and what a step does when another worker has its task.

use crate::support::{TestDb, at, change, count_matches_rows, on_both};
use rollcall_shared::{
    account::NewAccount,
    app::SdkAppId,
    import::{ImportState, NewImport, Preview, Reading, Review, ReviewRequest},
    job::{Column, JobResult},
    profile::AccountType,
};
use rollcall_store::{
    accounts::{AppliedBy, ImportChunk},
    imports::{Begin, Begun, Looked, Planned, PlannedChange},
    jobs::{JobHold, JobOutcome},
};
use tokio::task::JoinSet;

async fn brought(db: &TestDb, app: SdkAppId) {
    brought_as(db, app, "import").await;
}

async fn brought_as(db: &TestDb, app: SdkAppId, id: &str) {
    let new = NewImport { file_name: "a.csv".to_owned(), bytes: 3 };
    db.store.announce_import(&change(1), app, id, &new).await.unwrap();
    assert!(db.store.import_received(app, id, 0, 3).await.unwrap());
    db.store.keep_look(app, id, &look()).await.unwrap();
}

fn look() -> Looked {
    let found = Ok(Preview { columns: vec!["id".to_owned()], ..Preview::default() });
    Looked { reading: Reading::default(), found }
}

fn review() -> Begin {
    Begin::Review(ReviewRequest { mapping: vec![Some(Column::UserId.into())], ..ReviewRequest::default() })
}

/// Begins a task twenty times at once: it begins once.
async fn race(db: &TestDb, app: SdkAppId, begin: Begin, name: &str) -> JobHold {
    let mut tasks = JoinSet::new();
    for number in 0..20 {
        let (store, begin, id) = (db.store.clone(), begin.clone(), format!("{name}{number}"));
        tasks.spawn(async move { store.begin_import(&change(2), app, "import", begin, &id).await.unwrap() });
    }
    let begun = tasks.join_all().await;
    let jobs: Vec<&Begun> = begun.iter().filter(|begun| matches!(begun, Begun::Job(_))).collect();
    assert_eq!(jobs.len(), 1, "{begun:?}");
    let others = begun.iter().filter(|begun| matches!(begun, Begun::NotNow(state) if !is_rest(*state)));
    assert_eq!(others.count(), 19, "{begun:?}");
    db.store.claim_job(at(3), at(100)).await.unwrap().unwrap().hold()
}

const fn is_rest(state: ImportState) -> bool {
    matches!(
        state,
        ImportState::Uploaded | ImportState::Reviewed | ImportState::Applied | ImportState::Undone
    )
}

async fn done(db: &TestDb, hold: &JobHold) {
    let outcome = JobOutcome::Done(JobResult::default());
    assert!(db.store.finish_job(&hold.id, hold.lease, outcome, at(9)).await.unwrap());
}

fn new(user_id: &str, kind: AccountType) -> PlannedChange {
    let account = NewAccount { account_type: kind, ..NewAccount::new(user_id) };
    PlannedChange { row: 2, planned: Planned::Create(Box::new(account)) }
}

async fn each_task_begins_once(db: TestDb) {
    let app = db.app("A").await;
    brought(&db, app).await;
    let hold = race(&db, app, review(), "review").await;
    let found = Review { create: 1, digest: "d".to_owned(), ..Review::default() };
    assert!(db.store.keep_review(app, "import", &hold, "f", &found).await.unwrap());
    done(&db, &hold).await;
    let hold = race(&db, app, Begin::Apply("d".to_owned()), "apply").await;
    done(&db, &hold).await;
    let hold = race(&db, app, Begin::Undo, "undo").await;
    done(&db, &hold).await;
    let import = db.store.import(app, "import").await.unwrap().unwrap();
    assert_eq!(import.state, ImportState::Undone);
}
on_both!(each_task_begins_once);

/// Someone reads the file otherwise while its review begins: whoever comes first, the review has its import.
async fn a_look_takes_no_import_from_a_task_that_begins(db: TestDb) {
    let app = db.app("A").await;
    for round in 0..40 {
        let id = format!("import{round}");
        brought_as(&db, app, &id).await;
        let mut looks = JoinSet::new();
        let begin = |looks: &mut JoinSet<()>| {
            for _ in 0..4 {
                let (store, id) = (db.store.clone(), id.clone());
                looks.spawn(async move { store.keep_look(app, &id, &look()).await.unwrap() });
            }
        };
        begin(&mut looks);
        let (store, to_begin, name) = (db.store.clone(), id.clone(), format!("review{round}"));
        let begun = tokio::spawn(async move {
            store.begin_import(&change(2), app, &to_begin, review(), &name).await.unwrap()
        });
        begin(&mut looks);
        looks.join_all().await;
        let Begun::Job(job) = begun.await.unwrap() else { panic!("it did not begin") };
        let import = db.store.import(app, &id).await.unwrap().unwrap();
        assert_eq!((import.state, import.job.map(|job| job.id)), (ImportState::Reviewing, Some(job.id)));
    }
}
on_both!(a_look_takes_no_import_from_a_task_that_begins);

async fn a_worker_that_lost_its_task_changes_nothing(db: TestDb) {
    let app = db.app("A").await;
    brought(&db, app).await;
    let hold = race(&db, app, review(), "review").await;
    // Its lease ran out, and another has it.
    let other = db.store.claim_job(at(200), at(300)).await.unwrap().unwrap().hold();
    assert!(!db.store.keep_review(app, "import", &hold, "late", &Review::default()).await.unwrap());
    let found = Review { digest: "d".to_owned(), ..Review::default() };
    assert!(db.store.keep_review(app, "import", &other, "f", &found).await.unwrap());
    done(&db, &other).await;
    let lost = race(&db, app, Begin::Apply("d".to_owned()), "apply").await;
    let held = db.store.claim_job(at(400), at(500)).await.unwrap().unwrap().hold();
    let chunk = |hold: &JobHold| ImportChunk {
        changes: vec![new("ming", AccountType::General)],
        next: "0:1".to_owned(),
        hold: hold.clone(),
    };
    assert!(db.store.apply_import_chunk(&change(5), app, chunk(&lost)).await.unwrap().lost);
    assert!(db.store.account(app, "ming").await.unwrap().is_none());
    let step = db.store.apply_import_chunk(&change(5), app, chunk(&held)).await.unwrap();
    assert_eq!((step.done, step.lost), (1, false));
    let job = db.store.job(app, &held.id).await.unwrap().unwrap();
    assert_eq!((job.done, job.refused), (1, 0));
}
on_both!(a_worker_that_lost_its_task_changes_nothing);

async fn places_for_admins_hold_also_for_imports(db: TestDb) {
    let app = db.app("A").await;
    brought(&db, app).await;
    let hold = race(&db, app, review(), "review").await;
    let found = Review { digest: "d".to_owned(), ..Review::default() };
    db.store.keep_review(app, "import", &hold, "f", &found).await.unwrap();
    done(&db, &hold).await;
    let hold = race(&db, app, Begin::Apply("d".to_owned()), "apply").await;
    // One place is taken by `administrator`, and two by someone since the review.
    let since = ["x", "y"].map(|id| NewAccount { account_type: AccountType::Admin, ..NewAccount::new(id) });
    for account in &since {
        db.store.create_account(&change(4), app, account, None).await.unwrap();
    }
    let admins: Vec<PlannedChange> = (0..9).map(|n| new(&format!("a{n}"), AccountType::Admin)).collect();
    let chunk = ImportChunk { changes: admins.clone(), next: "0:1".to_owned(), hold: hold.clone() };
    let step = db.store.apply_import_chunk(&change(5), app, chunk).await.unwrap();
    assert_eq!((step.done, step.refused.len()), (7, 2));
    count_matches_rows(&db, app).await;
    done(&db, &hold).await;
    let job = hold.id.clone();
    let hold = race(&db, app, Begin::Undo, "undo").await;
    let chunk = ImportChunk { changes: admins, next: "0:1".to_owned(), hold };
    let applied = AppliedBy { at: at(5), job };
    let step = db.store.undo_import_chunk(&change(6), app, chunk, applied).await.unwrap();
    assert_eq!((step.done, step.refused.len()), (7, 0));
    count_matches_rows(&db, app).await;
    let app = db.store.app(app).await.unwrap().unwrap();
    assert_eq!((app.accounts, app.admins), (3, 3));
}
on_both!(places_for_admins_hold_also_for_imports);
