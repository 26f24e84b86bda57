//! Jobs: claimed once, taken over, cancelled, ended.

use crate::support::{TestDb, at, on_both};
use rollcall_shared::{
    app::SdkAppId,
    error::{FieldError, Problem},
    job::{ExportFile, JobKind, JobResult, JobState, RefusedItem},
};
use rollcall_store::{
    Actor,
    jobs::{Directive, JobOutcome, NewJob, Progress},
};
use serde_json::json;

fn job(app: SdkAppId, id: &str, millis: i64) -> NewJob {
    NewJob {
        id: id.to_owned(),
        app,
        kind: JobKind::Export,
        request: json!({"format": "csv"}),
        total: 10,
        created_by: Actor::Token(7),
        now: at(millis),
        import: None,
        schedule: None,
    }
}

fn file(expires: i64) -> JobResult {
    let (name, url, sha256) = ("a.csv".to_owned(), "/file".to_owned(), "00".repeat(32));
    JobResult { file: Some(ExportFile { name, bytes: 5, rows: 1, sha256, expires_at: at(expires), url }) }
}

async fn a_job_is_claimed_once(db: TestDb) {
    let app = db.app("A").await;
    for number in 0..5 {
        db.store.enqueue(&job(app, &format!("j{number}"), number)).await.unwrap();
    }
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let store = db.store.clone();
        tasks.spawn(async move { store.claim_job(at(10), at(100)).await.unwrap() });
    }
    let mut claimed: Vec<_> = tasks.join_all().await.into_iter().flatten().collect();
    claimed.sort_by(|a, b| a.id.cmp(&b.id));
    let ids: Vec<_> = claimed.iter().map(|job| job.id.as_str()).collect();
    assert_eq!(ids, ["j0", "j1", "j2", "j3", "j4"]);
    let first = &claimed[0];
    assert_eq!((&first.request, &first.checkpoint), (&json!({"format": "csv"}), &json!(null)));
    assert_eq!((first.app, first.total, &first.created_by), (app, 10, &Actor::Token(7)));
}
on_both!(a_job_is_claimed_once);

async fn a_lost_worker_is_taken_over_and_cannot_write(db: TestDb) {
    let app = db.app("A").await;
    db.store.enqueue(&job(app, "j", 0)).await.unwrap();
    let lost = db.store.claim_job(at(1), at(100)).await.unwrap().unwrap();
    let refused = |id: &str| RefusedItem {
        user_id: id.to_owned(),
        errors: vec![FieldError::new("user_id", "taken", "It is.")],
    };
    let progress = Progress {
        done: 12,
        total: 10,
        refused: 2,
        checkpoint: json!({"after": "ming"}),
        refused_items: vec![refused("b"), refused("a")],
        steps: false,
    };
    let told = db.store.job_progress("j", lost.lease, &progress, at(200)).await.unwrap();
    assert_eq!(told, Directive::Continue);
    assert!(db.store.claim_job(at(199), at(300)).await.unwrap().is_none(), "its lease was prolonged");

    let heir = db.store.claim_job(at(200), at(300)).await.unwrap().unwrap();
    assert_eq!((heir.done, heir.total, heir.refused), (12, 12, 2));
    assert_eq!(heir.checkpoint, json!({"after": "ming"}));
    let told = db.store.job_progress("j", lost.lease, &Progress::default(), at(400)).await.unwrap();
    assert_eq!(told, Directive::Lost);
    assert!(!db.store.finish_job("j", lost.lease, JobOutcome::Cancelled, at(210)).await.unwrap());
    // The heir reports again what its predecessor had reported.
    db.store.job_progress("j", heir.lease, &progress, at(300)).await.unwrap();
    let page = db.store.job_refused(app, "j", None, 1).await.unwrap();
    assert_eq!(page, [refused("a")]);
    assert_eq!(db.store.job_refused(app, "j", Some("a"), 9).await.unwrap(), [refused("b")]);

    assert!(db.store.finish_job("j", heir.lease, JobOutcome::Done(file(500)), at(220)).await.unwrap());
    assert!(
        !db.store.finish_job("j", heir.lease, JobOutcome::Cancelled, at(230)).await.unwrap(),
        "it has ended"
    );
    let ended = db.store.job(app, "j").await.unwrap().unwrap();
    assert_eq!(
        (ended.state, ended.started_at, ended.finished_at),
        (JobState::Done, Some(at(1)), Some(at(220)))
    );
    assert_eq!((ended.result, ended.created_by.as_str()), (Some(file(500)), "token:7"));
}
on_both!(a_lost_worker_is_taken_over_and_cannot_write);

async fn a_job_stops_on_request(db: TestDb) {
    let app = db.app("A").await;
    let other = db.app("B").await;
    db.store.enqueue(&job(app, "runs", 0)).await.unwrap();
    let running = db.store.claim_job(at(1), at(100)).await.unwrap().unwrap();
    db.store.enqueue(&job(app, "waits", 2)).await.unwrap();
    assert_eq!(db.store.cancel_job(other, "waits", at(3)).await.unwrap(), None);

    let cancelled = db.store.cancel_job(app, "waits", at(3)).await.unwrap().unwrap();
    assert_eq!((cancelled.state, cancelled.finished_at), (JobState::Cancelled, Some(at(3))));
    assert!(db.store.claim_job(at(4), at(100)).await.unwrap().is_none());
    let asked = db.store.cancel_job(app, "runs", at(5)).await.unwrap().unwrap();
    assert_eq!(asked.state, JobState::Running);
    let told = db.store.job_progress("runs", running.lease, &Progress::default(), at(100)).await.unwrap();
    assert_eq!(told, Directive::Cancel);
    assert!(db.store.finish_job("runs", running.lease, JobOutcome::Cancelled, at(6)).await.unwrap());
    let newest: Vec<_> = db.store.jobs(app, 10).await.unwrap().into_iter().map(|j| (j.id, j.state)).collect();
    let state = JobState::Cancelled;
    assert_eq!(newest, [("waits".to_owned(), state), ("runs".to_owned(), state)]);
    assert_eq!(db.store.jobs(other, 10).await.unwrap(), []);
    assert_eq!(db.store.job(other, "runs").await.unwrap(), None);
}
on_both!(a_job_stops_on_request);

async fn ended_jobs_and_their_files_are_cleared_away(db: TestDb) {
    let app = db.app("A").await;
    for (id, outcome) in [
        ("file", JobOutcome::Done(file(500))),
        ("failed", JobOutcome::Failed(Problem { code: "internal".to_owned(), ..Problem::default() })),
    ] {
        db.store.enqueue(&job(app, id, 0)).await.unwrap();
        let claimed = db.store.claim_job(at(1), at(100)).await.unwrap().unwrap();
        let item = RefusedItem { user_id: "a".to_owned(), errors: Vec::new() };
        let progress = Progress { refused_items: vec![item], ..Progress::default() };
        db.store.job_progress(id, claimed.lease, &progress, at(100)).await.unwrap();
        assert!(db.store.finish_job(id, claimed.lease, outcome, at(10)).await.unwrap());
    }
    let failed = db.store.job(app, "failed").await.unwrap().unwrap();
    assert_eq!(failed.error.unwrap().code, "internal");
    assert_eq!(db.store.prune_jobs(at(10)).await.unwrap(), 0);
    assert_eq!(db.store.prune_jobs(at(11)).await.unwrap(), 1, "the file is still to be had");
    assert_eq!(db.store.job_refused(app, "failed", None, 9).await.unwrap(), []);
    assert_eq!(db.store.take_expired_exports(at(500)).await.unwrap(), []);
    assert_eq!(db.store.take_expired_exports(at(501)).await.unwrap(), [(app, "file".to_owned())]);
    assert_eq!(db.store.take_expired_exports(at(501)).await.unwrap(), []);
    assert_eq!(db.store.job(app, "file").await.unwrap().unwrap().result, None);
    assert_eq!(db.store.prune_jobs(at(501)).await.unwrap(), 1);
    assert_eq!(db.store.jobs(app, 9).await.unwrap(), []);
}
on_both!(ended_jobs_and_their_files_are_cleared_away);
