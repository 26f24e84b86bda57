//! Schedules of exports: begun once, missed runs made up for once, told what came of them, and their files in order.

use crate::support::{TestDb, at, change, on_both, purge};
use rollcall_shared::{
    app::SdkAppId,
    error::Problem,
    job::{ExportFile, JobResult},
    schedule::{Calendar, ExportSchedule, Retention, RunState, ScheduleSettings, ScheduledExport},
};
use rollcall_store::{
    Actor, Refusal,
    apps::Versioned,
    jobs::{ClaimedJob, JobOutcome},
    schedules::{ScheduleFile, Start, Started},
};

const DAY: i64 = 24 * 60 * 60 * 1000;

/// A schedule that keeps two files.
pub fn settings(name: &str) -> ScheduleSettings {
    let mut export = ScheduledExport::default();
    export.filter.q = "明".to_owned();
    ScheduleSettings {
        name: name.to_owned(),
        time_zone: "Asia/Shanghai".to_owned(),
        export,
        destination: Some("nightly".to_owned()),
        retention: Retention { last: Some(2), days: None },
        ..ScheduleSettings::default()
    }
}

/// A file of a schedule.
pub fn file(app: SdkAppId, schedule: i64, job: &str, millis: i64) -> ScheduleFile {
    let (job, destination) = (job.to_owned(), "nightly".to_owned());
    let location = format!("{app}/{schedule}/{job}.csv");
    ScheduleFile { app, schedule, job, destination, location, created_at: at(millis) }
}

async fn made(db: &TestDb, app: SdkAppId) -> ExportSchedule {
    db.store.create_schedule(&change(0), app, &settings("Nightly"), at(100)).await.unwrap().unwrap()
}

fn start(app: SdkAppId, id: i64, due: Option<(i64, i64)>, job: &str, now: i64) -> Start {
    let due = due.map(|(due, next)| (at(due), at(next)));
    Start { app, id, due, job_id: job.to_owned(), actor: Actor::System, now: at(now) }
}

/// Begins a run by hand, and claims its job.
async fn begun(db: &TestDb, app: SdkAppId, id: i64, job: &str, now: i64) -> ClaimedJob {
    let started = db.store.start_schedule(&start(app, id, None, job, now)).await.unwrap();
    assert!(matches!(started, Started::Job(_)), "{started:?}");
    db.store.claim_job(at(now), at(now + 1000)).await.unwrap().unwrap()
}

async fn a_due_run_begins_once(db: TestDb) {
    let app = db.app("A").await;
    let id = made(&db, app).await.id;
    assert_eq!(db.store.due_schedules(at(99), 10).await.unwrap(), []);
    // Much later than it should have: whoever was away makes up for all that was missed with one run.
    let due = db.store.due_schedules(at(5 * DAY), 10).await.unwrap();
    assert_eq!((due.len(), due[0].id, due[0].due_at), (1, id, at(100)));
    assert_eq!((&due[0].calendar, due[0].time_zone.as_str()), (&Calendar::default(), "Asia/Shanghai"));
    let mut tasks = tokio::task::JoinSet::new();
    for server in 0..8 {
        let (store, job) = (db.store.clone(), format!("server-{server}"));
        let start = start(app, id, Some((100, 6 * DAY)), &job, 5 * DAY);
        tasks.spawn(async move { store.start_schedule(&start).await.unwrap() });
    }
    let started = tasks.join_all().await;
    let jobs: Vec<_> = started.iter().filter(|one| matches!(one, Started::Job(_))).collect();
    assert_eq!((jobs.len(), started.iter().filter(|one| **one == Started::Gone).count()), (1, 7));
    assert_eq!(db.store.due_schedules(at(6 * DAY - 1), 10).await.unwrap(), []);
    assert_eq!(db.store.jobs(app, 10).await.unwrap().len(), 1);
    let claimed = db.store.claim_job(at(5 * DAY), at(6 * DAY)).await.unwrap().unwrap();
    assert_eq!((claimed.schedule, claimed.created_at), (Some(id), at(5 * DAY)));
    assert_eq!(claimed.request["selection"]["filter"]["q"], "明");
    assert_eq!(claimed.request["selection"]["as_of"], at(5 * DAY).to_string());
}
on_both!(a_due_run_begins_once);

async fn a_run_that_goes_on_leaves_the_next_one_out(db: TestDb) {
    let app = db.app("A").await;
    let id = made(&db, app).await.id;
    let running = begun(&db, app, id, "first", 50).await;
    let due = start(app, id, Some((100, 200)), "second", 110);
    assert_eq!(db.store.start_schedule(&due).await.unwrap(), Started::Busy);
    let by_hand = start(app, id, None, "third", 111);
    assert_eq!(db.store.start_schedule(&by_hand).await.unwrap(), Started::Busy);
    let schedule = db.store.schedule(app, id, at(112)).await.unwrap().unwrap();
    let last = schedule.last.unwrap();
    assert_eq!((last.state, last.at, last.job), (RunState::Skipped, at(110), None));
    assert!(last.error.unwrap().contains("had not ended"));
    assert_eq!((schedule.job.as_deref(), schedule.next_at), (Some("first"), Some(at(200))));

    let outcome =
        JobOutcome::Failed(Problem { detail: "The disk is full.".to_owned(), ..Problem::default() });
    assert!(db.store.finish_job("first", running.lease, outcome, at(120)).await.unwrap());
    let schedule = db.store.schedule(app, id, at(121)).await.unwrap().unwrap();
    let last = schedule.last.unwrap();
    assert_eq!((last.state, last.error.as_deref()), (RunState::Failed, Some("The disk is full.")));
    assert_eq!((schedule.job, schedule.version), (None, 1));
    begun(&db, app, id, "fourth", 130).await;
}
on_both!(a_run_that_goes_on_leaves_the_next_one_out);

async fn what_came_of_a_run_is_told(db: TestDb) {
    let app = db.app("A").await;
    let id = made(&db, app).await.id;
    let job = begun(&db, app, id, "job", 50).await;
    let (name, url, sha256) = ("a.csv".to_owned(), "/file".to_owned(), "00".repeat(32));
    let file = ExportFile { name, bytes: 5, rows: 3, sha256, expires_at: at(500), url };
    let done = JobOutcome::Done(JobResult { file: Some(file) });
    db.store.finish_job("job", job.lease, done, at(60)).await.unwrap();
    let last = async |now| db.store.schedules(app, at(now)).await.unwrap().remove(0).last.unwrap();
    let told = last(499).await;
    assert_eq!((told.state, told.at, told.rows), (RunState::Done, at(60), Some(3)));
    assert_eq!((told.file.as_deref(), told.url.as_deref()), (Some("a.csv"), Some("/file")));
    assert_eq!(last(500).await.url, None, "it is gone");

    let started = db.store.start_schedule(&start(app, id, None, "waits", 70)).await.unwrap();
    assert!(matches!(started, Started::Job(_)));
    db.store.cancel_job(app, "waits", at(71)).await.unwrap();
    assert_eq!((last(80).await.state, last(80).await.at), (RunState::Cancelled, at(71)));
}
on_both!(what_came_of_a_run_is_told);

async fn a_change_names_its_version(db: TestDb) {
    let app = db.app("A").await;
    let first = made(&db, app).await;
    let expected = (first.created_at, first.version);
    let paused = ScheduleSettings { paused: true, ..settings("Nightly") };
    let update = async |expected, settings: &ScheduleSettings, next| {
        db.store.update_schedule(&change(1), app, first.id, expected, settings, at(next)).await.unwrap()
    };
    let Versioned::Done(second) = update(expected, &paused, 300).await else { panic!("it is the version") };
    assert_eq!((second.version, second.next_at, second.settings), (2, None, paused.clone()));
    let Versioned::Changed(current) = update(expected, &paused, 300).await else { panic!("it is another") };
    assert_eq!(current.version, 2);
    let Versioned::Done(third) = update((first.created_at, 2), &settings("Nightly"), 300).await else {
        panic!("it is resumed")
    };
    assert_eq!(third.next_at, Some(at(300)));
    // Another name does not move the next run.
    let Versioned::Done(fourth) = update((first.created_at, 3), &settings("Daily"), 400).await else {
        panic!("it is renamed")
    };
    assert_eq!((fourth.next_at, fourth.settings.name.as_str()), (Some(at(300)), "Daily"));

    begun(&db, app, first.id, "runs", 50).await;
    let gone = db.store.delete_schedule(&change(60), app, first.id, expected, 9).await.unwrap();
    assert!(matches!(gone, Versioned::Changed(_)));
    let expected = (first.created_at, 4);
    let gone = db.store.delete_schedule(&change(60), app, first.id, expected, 9).await.unwrap();
    assert!(matches!(gone, Versioned::Done(_)));
    assert_eq!(db.store.schedules(app, at(61)).await.unwrap(), []);
    let gone = db.store.delete_schedule(&change(60), app, first.id, expected, 9).await.unwrap();
    assert_eq!(gone, Versioned::Refused(Refusal::NotFound));
    assert!(made(&db, app).await.id > first.id, "a number is given once");
}
on_both!(a_change_names_its_version);

async fn files_beyond_the_retention_are_surplus(db: TestDb) {
    let app = db.app("A").await;
    let id = made(&db, app).await.id;
    let both = Retention { last: Some(2), days: Some(3) };
    for (job, day) in [("a", 0), ("b", 1), ("c", 2)] {
        assert!(db.store.keep_schedule_file(&file(app, id, job, day * DAY), both).await.unwrap());
    }
    let surplus = async |retention, day: i64| -> Vec<String> {
        let files = db.store.surplus_schedule_files(app, id, retention, at(day * DAY)).await.unwrap();
        files.into_iter().map(|file| file.job).collect()
    };
    assert_eq!(surplus(Retention { last: Some(2), days: None }, 2).await, ["a"]);
    assert_eq!(surplus(Retention { last: Some(3), days: None }, 99).await, [""; 0]);
    assert_eq!(surplus(Retention { last: None, days: Some(3) }, 4).await, ["a", "b"]);
    assert_eq!(surplus(both, 5).await, ["a", "b", "c"]);
    let old = async |day: i64| db.store.old_schedule_files(at(day * DAY)).await.unwrap().len();
    assert_eq!((old(2).await, old(3).await, old(5).await), (0, 1, 3));
    let gone = file(app, id, "a", 0);
    db.store.forget_schedule_file(&gone).await.unwrap();
    assert_eq!(old(5).await, 2);
    // Without days, what is there stays.
    let update = db.store.update_schedule(&change(1), app, id, (at(0), 1), &settings("N"), at(100)).await;
    assert!(matches!(update.unwrap(), Versioned::Done(_)));
    assert_eq!(old(99).await, 0);
    // Of another schedule, or of one that is gone, nothing is noted.
    assert!(!db.store.keep_schedule_file(&file(app, id + 1, "x", 0), both).await.unwrap());
}
on_both!(files_beyond_the_retention_are_surplus);

async fn an_application_has_at_most_twenty_and_takes_them_along(db: TestDb) {
    let (app, other) = (db.app("A").await, db.app("B").await);
    made(&db, other).await;
    for _ in 0..20 {
        made(&db, app).await;
    }
    let more = db.store.create_schedule(&change(0), app, &settings("N"), at(100)).await.unwrap();
    assert_eq!(more, Err(Refusal::Taken));
    let first = db.store.schedules(app, at(0)).await.unwrap()[0].id;
    let kept = file(app, first, "a", 0);
    db.store.keep_schedule_file(&kept, Retention { last: None, days: Some(1) }).await.unwrap();
    db.store.delete_app(&change(50), app, "A", "end").await.unwrap();
    let due = db.store.due_schedules(at(100), 50).await.unwrap();
    assert_eq!(due.iter().map(|due| due.app).collect::<Vec<_>>(), [other], "nothing begins any more");
    let late = start(app, first, Some((100, 200)), "late", 100);
    assert_eq!(db.store.start_schedule(&late).await.unwrap(), Started::Gone);
    purge(&db.store, app, 7).await;
    assert_eq!(db.store.schedules(app, at(100)).await.unwrap(), []);
    assert_eq!(db.store.old_schedule_files(at(9 * DAY)).await.unwrap(), []);
    assert_eq!(db.store.schedules(other, at(100)).await.unwrap().len(), 1);
}
on_both!(an_application_has_at_most_twenty_and_takes_them_along);
