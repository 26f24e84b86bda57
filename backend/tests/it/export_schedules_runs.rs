//! Runs of scheduled exports: each once, their files where they should be, the old ones gone, and what came of it told.

use crate::{
    export_schedules::{made, nightly, with},
    support::{Around, Client, Engine, START, Server, on_both_engines, run, s3::S3Server},
};
use rollcall_backend::{
    chat_api::Calls,
    jobs,
    places::{Destination, Destinations},
    schedules,
};
use rollcall_shared::{
    app::App,
    export::ExportManifest,
    job::{Job, JobState},
    paths,
    schedule::{ExportSchedule, LastRun, RunState},
};
use serde_json::{Value, json};
use std::{collections::BTreeSet, path::Path};

on_both_engines!(
    a_due_run_makes_a_file_and_tells_of_it,
    runs_that_were_missed_are_one,
    of_two_servers_one_begins_a_run,
    a_run_by_hand_does_not_move_the_next,
    of_the_servers_own_files_the_newest_stay,
);

const HOUR: i64 = 60 * 60 * 1000;
const DAY: i64 = 24 * HOUR;

async fn begin(server: &Server, settings: &Value) -> (Client, App, ExportSchedule) {
    let operator = server.operator().await;
    let app = server.create_app(&operator, "Aurora Live").await;
    operator.post(&paths::accounts(app.sdkappid), &json!({"user_id": "ming"})).await;
    let schedule = made(&operator, &app, settings).await;
    (operator, app, schedule)
}

async fn show(operator: &Client, app: &App, id: i64) -> ExportSchedule {
    operator.get(&paths::export_schedule(app.sdkappid, id)).await.json()
}

/// Runs a schedule by hand, to its end; what came of it.
async fn ran(server: &Server, operator: &Client, app: &App, id: i64) -> LastRun {
    let answer = operator.post(&paths::export_schedule_run(app.sdkappid, id), &Value::Null).await;
    assert_eq!(answer.status, 202, "{}", answer.text());
    jobs::drain(&server.state).await.unwrap();
    show(operator, app, id).await.last.unwrap()
}

async fn a_due_run_makes_a_file_and_tells_of_it(server: Server) {
    let (operator, app, schedule) = begin(&server, &nightly()).await;
    schedules::start_due(&server.state).await.unwrap();
    assert!(operator.get(&paths::jobs(app.sdkappid)).await.json::<Vec<Job>>().is_empty(), "not yet");
    server.clock.advance(HOUR + 5_000);
    schedules::start_due(&server.state).await.unwrap();
    let begun = show(&operator, &app, schedule.id).await;
    assert_eq!(begun.next_at.unwrap().to_string(), "2026-11-23T19:00:00.000Z");
    let job = begun.job.unwrap();
    jobs::drain(&server.state).await.unwrap();
    let ended = show(&operator, &app, schedule.id).await;
    let last = ended.last.unwrap();
    assert_eq!(
        (last.state, last.job.as_deref(), last.rows, ended.job),
        (RunState::Done, Some(job.as_str()), Some(2), None)
    );
    assert_eq!(last.file.as_deref(), Some("nightly-2026-11-22T19-00-05Z.csv.gz"));
    assert_eq!((last.at.millis(), &last.error), (START + HOUR + 5_000, &None));
    assert_eq!(ended.version, 1, "runs do not change what If-Match means");
    let url = last.url.unwrap();
    assert_eq!(url, paths::export_file(app.sdkappid, &job));
    let file = operator.get(&url).await;
    assert_eq!(file.status, 200);
    assert!(file.header("content-disposition").contains("nightly-2026-11-22T19-00-05Z.csv.gz"));
    let job: Job = operator.get(&paths::job(app.sdkappid, &job)).await.json();
    assert_eq!((job.state, job.created_by.as_str()), (JobState::Done, "system"));
}

async fn runs_that_were_missed_are_one(server: Server) {
    let (_, app, schedule) = begin(&server, &nightly()).await;
    server.clock.advance(5 * DAY);
    let operator = server.operator().await;
    for _ in 0..3 {
        schedules::start_due(&server.state).await.unwrap();
        jobs::drain(&server.state).await.unwrap();
    }
    assert_eq!(operator.get(&paths::jobs(app.sdkappid)).await.json::<Vec<Job>>().len(), 1);
    let next = show(&operator, &app, schedule.id).await.next_at.unwrap();
    assert_eq!(next.to_string(), "2026-11-27T19:00:00.000Z");
}

async fn of_two_servers_one_begins_a_run(server: Server) {
    let (operator, app, _) = begin(&server, &nightly()).await;
    let twin = server.twin(Calls::default()).await;
    server.clock.advance(HOUR);
    let (one, other) = tokio::join!(schedules::start_due(&server.state), schedules::start_due(&twin.state));
    one.unwrap();
    other.unwrap();
    assert_eq!(operator.get(&paths::jobs(app.sdkappid)).await.json::<Vec<Job>>().len(), 1);
}

async fn a_run_by_hand_does_not_move_the_next(server: Server) {
    let (operator, app, schedule) = begin(&server, &with(&json!({"paused": true}))).await;
    let run = paths::export_schedule_run(app.sdkappid, schedule.id);
    let answer = operator.post(&run, &Value::Null).await;
    let job: Job = answer.json();
    assert_eq!(
        (answer.status.as_u16(), answer.header("location")),
        (202, paths::job(app.sdkappid, &job.id).as_str())
    );
    assert_eq!(job.created_by, "operator:1");
    assert_eq!(operator.post(&run, &Value::Null).await.refusal(), (409, "not_now".to_owned()));
    operator.delete(&paths::job(app.sdkappid, &job.id)).await;
    let stopped = show(&operator, &app, schedule.id).await;
    assert_eq!(
        (stopped.last.unwrap().state, stopped.job, stopped.next_at),
        (RunState::Cancelled, None, None)
    );
    assert_eq!(ran(&server, &operator, &app, schedule.id).await.state, RunState::Done);
}

async fn of_the_servers_own_files_the_newest_stay(server: Server) {
    let (operator, app, schedule) = begin(&server, &nightly()).await;
    let mut urls = Vec::new();
    for _ in 0..3 {
        server.clock.advance(60_000);
        urls.push(ran(&server, &operator, &app, schedule.id).await.url.unwrap());
    }
    assert_eq!(operator.get(&urls[0]).await.refusal().0, 404);
    // Longer than any other export, and no sweep takes them for files that were forgotten.
    server.clock.advance(100 * DAY);
    let operator = server.operator().await;
    jobs::files::sweep(&server.state).await.unwrap();
    for url in &urls[1..] {
        assert_eq!(operator.get(url).await.status, 200);
    }
    let etag = show(&operator, &app, schedule.id).await.etag();
    operator.if_match(&etag).delete(&paths::export_schedule(app.sdkappid, schedule.id)).await;
    server.clock.advance(jobs::files::KEEP_MILLIS + 1);
    let operator = server.operator().await;
    jobs::files::sweep(&server.state).await.unwrap();
    assert_eq!(
        operator.get(&urls[2]).await.refusal().0,
        404,
        "a schedule that is gone keeps nothing for good"
    );
}

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn a_folder_gets_the_files_and_keeps_what_it_should() {
    run(|| async {
        let folder = tempfile::tempdir().unwrap();
        let s3 = S3Server::start().await;
        let place = format!("backup={}", folder.path().display());
        let destinations = Destinations::new([place.parse::<Destination>().unwrap()], s3.access());
        let around = Around { destinations, ..Around::default() };
        let server = Server::start_around(Engine::Sqlite, around).await;
        let settings = with(&json!({"destination": "backup", "retention": {"last": 2, "days": 3}}));
        let (operator, app, schedule) = begin(&server, &settings).await;
        let theirs = folder.path().join(app.sdkappid.to_string()).join(schedule.id.to_string());
        std::fs::create_dir_all(&theirs).unwrap();
        std::fs::write(theirs.join("of-somebody-else.csv"), "x").unwrap();
        let mut last = LastRun::default();
        for _ in 0..3 {
            server.clock.advance(60_000);
            last = ran(&server, &operator, &app, schedule.id).await;
            assert_eq!(last.state, RunState::Done, "{last:?}");
        }
        let csv = |minute: i64| format!("nightly-2026-11-22T18-0{minute}-00Z.csv.gz");
        let with_manifest = |name: String| [format!("{name}.manifest.json"), name];
        let mut expected: BTreeSet<String> = [csv(2), csv(3)].into_iter().flat_map(with_manifest).collect();
        expected.insert("of-somebody-else.csv".to_owned());
        assert_eq!(names(&theirs), expected);
        // What lies there is what was proven, and what can be fetched.
        let bytes = std::fs::read(theirs.join(csv(3))).unwrap();
        let manifest = std::fs::read(theirs.join(format!("{}.manifest.json", csv(3)))).unwrap();
        let manifest: ExportManifest = serde_json::from_slice(&manifest).unwrap();
        assert_eq!((manifest.bytes, manifest.rows), (bytes.len() as u64, 2));
        assert_eq!(operator.get(&last.url.unwrap()).await.body, bytes);

        // The folder is gone: said so, nothing else is lost, and it goes on when it is back.
        let away = folder.path().with_extension("away");
        std::fs::rename(folder.path(), &away).unwrap();
        server.clock.advance(60_000);
        let failed = ran(&server, &operator, &app, schedule.id).await;
        assert_eq!((failed.state, failed.rows, failed.url), (RunState::Failed, None, None));
        let error = failed.error.unwrap();
        assert!(error.contains("\u{201c}backup\u{201d}") && error.contains("stay"), "{error}");
        assert!(!error.contains(&folder.path().display().to_string()), "{error}");
        let job: Job = operator.get(&paths::job(app.sdkappid, &failed.job.unwrap())).await.json();
        assert_eq!((job.state, job.error.unwrap().code.as_str()), (JobState::Failed, "unavailable"));
        std::fs::rename(&away, folder.path()).unwrap();
        assert_eq!(names(&theirs), expected);
        // Days count also while nothing runs.
        server.clock.advance(3 * DAY);
        jobs::files::sweep(&server.state).await.unwrap();
        assert_eq!(names(&theirs), BTreeSet::from(["of-somebody-else.csv".to_owned()]));
    });
}

#[test]
fn a_bucket_gets_the_files_and_keeps_what_it_should() {
    run(|| async {
        let s3 = S3Server::start().await;
        let destination: Destination = "weekly=s3://bucket/exports".parse().unwrap();
        let destinations = Destinations::new([destination], s3.access());
        let server = Server::start_around(Engine::Sqlite, Around { destinations, ..Around::default() }).await;
        let settings = with(&json!({"destination": "weekly", "retention": {"last": 1}}));
        let (operator, app, schedule) = begin(&server, &settings).await;
        for _ in 0..2 {
            server.clock.advance(60_000);
            let last = ran(&server, &operator, &app, schedule.id).await;
            assert_eq!(last.state, RunState::Done, "{last:?}");
        }
        let key = format!("bucket/exports/{}/1/nightly-2026-11-22T18-02-00Z.csv.gz", app.sdkappid);
        assert_eq!(s3.keys(), [key.clone(), format!("{key}.manifest.json")]);
        let before = s3.bytes(&key);

        s3.refuse(true);
        server.clock.advance(60_000);
        let failed = ran(&server, &operator, &app, schedule.id).await;
        assert_eq!(failed.state, RunState::Failed);
        assert!(failed.error.unwrap().contains("does not let the server write"));
        s3.refuse(false);
        assert_eq!(s3.bytes(&key), before);
    });
}
