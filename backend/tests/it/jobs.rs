//! Jobs as their application sees them, and what workers do with them whatever their kind.

use crate::support::{Client, Server, on_both_engines};
use rollcall_backend::jobs;
use rollcall_shared::{
    app::{App, TokenAccess},
    job::{Job, JobKind, JobState},
    paths,
};
use serde_json::json;

on_both_engines!(
    jobs_are_listed_newest_first,
    a_job_is_for_its_application_only,
    cancelling_needs_the_right_to_write,
    a_server_that_stops_leaves_jobs_to_the_next,
    workers_do_what_is_enqueued_and_stop_with_the_server,
    a_deleted_application_leaves_nothing,
);

async fn signed_in(server: &Server) -> (Client, App) {
    let operator = server.operator().await;
    let app = server.create_app(&operator, "Aurora Live").await;
    (operator, app)
}

async fn ask(operator: &Client, app: &App, format: &str) -> Job {
    let answer = operator.post(&paths::exports(app.sdkappid), &json!({ "format": format })).await;
    assert_eq!(answer.status, 202, "{}", answer.text());
    answer.json()
}

async fn jobs_are_listed_newest_first(server: Server) {
    let (operator, app) = signed_in(&server).await;
    let first = ask(&operator, &app, "csv").await;
    server.clock.advance(1);
    let second = ask(&operator, &app, "ndjson").await;
    let listed: Vec<Job> = operator.get(&paths::jobs(app.sdkappid)).await.json();
    assert_eq!(listed, [second.clone(), first.clone()]);
    assert_eq!((first.kind, first.state, first.total), (JobKind::Export, JobState::Queued, 1));
    jobs::drain(&server.state).await.unwrap();
    let listed: Vec<Job> = operator.get(&paths::jobs(app.sdkappid)).await.json();
    assert!(listed.iter().all(|job| job.state == JobState::Done && job.started_at.is_some()));
    assert_eq!(operator.get(&paths::job(app.sdkappid, &first.id)).await.json::<Job>(), listed[1]);
    assert_eq!(operator.get(&paths::job(app.sdkappid, "nothing")).await.refusal().0, 404);
}

async fn a_job_is_for_its_application_only(server: Server) {
    let (operator, app) = signed_in(&server).await;
    let other = server.create_app(&operator, "Boreal Chat").await;
    let job = ask(&operator, &app, "csv").await;
    for path in [
        paths::job(other.sdkappid, &job.id),
        format!("{}/refused", paths::job(other.sdkappid, &job.id)),
        format!("{}/{}", paths::exports(other.sdkappid), job.id),
    ] {
        assert_eq!(operator.get(&path).await.refusal(), (404, "not_found".to_owned()));
    }
    assert_eq!(operator.delete(&paths::job(other.sdkappid, &job.id)).await.refusal().0, 404);
    assert_eq!(operator.get(&paths::jobs(other.sdkappid)).await.json::<Vec<Job>>(), []);
}

async fn cancelling_needs_the_right_to_write(server: Server) {
    let (operator, app) = signed_in(&server).await;
    let reader = server.program(&operator, &app, TokenAccess::Read).await;
    let job = ask(&reader, &app, "csv").await;
    let path = paths::job(app.sdkappid, &job.id);
    assert_eq!(reader.delete(&path).await.refusal(), (403, "forbidden".to_owned()));
    assert_eq!(operator.delete(&path).await.json::<Job>().state, JobState::Cancelled);
    jobs::drain(&server.state).await.unwrap();
    assert_eq!(reader.get(&path).await.json::<Job>().result, None);
}

async fn a_server_that_stops_leaves_jobs_to_the_next(server: Server) {
    let (operator, app) = signed_in(&server).await;
    let job = ask(&operator, &app, "csv").await;
    server.state.stop.cancel();
    jobs::drain(&server.state).await.unwrap();
    let waits: Job = operator.get(&paths::job(app.sdkappid, &job.id)).await.json();
    assert_eq!(waits.state, JobState::Queued);
}

async fn workers_do_what_is_enqueued_and_stop_with_the_server(server: Server) {
    let (operator, app) = signed_in(&server).await;
    let workers = jobs::start(&server.state);
    let job = ask(&operator, &app, "csv").await;
    let path = paths::job(app.sdkappid, &job.id);
    let ended = loop {
        let job: Job = operator.get(&path).await.json();
        if job.state.is_final() {
            break job;
        }
        tokio::task::yield_now().await;
    };
    assert_eq!((ended.state, ended.done), (JobState::Done, 1));
    workers.finished().await;
    assert!(server.state.stop.is_cancelled());
}

async fn a_deleted_application_leaves_nothing(server: Server) {
    let (operator, app) = signed_in(&server).await;
    let export = ask(&operator, &app, "csv").await;
    jobs::drain(&server.state).await.unwrap();
    let location = jobs::files::location(app.sdkappid, &export.id);
    let there = async || object_store::ObjectStoreExt::head(&server.state.files, &location).await.is_ok();
    assert!(there().await);

    let answer = operator.delete(&format!("{}?confirm=Aurora%20Live", paths::app(app.sdkappid))).await;
    assert_eq!((answer.status.as_u16(), answer.json::<Job>().kind), (202, JobKind::AppDeletion));
    jobs::drain(&server.state).await.unwrap();
    assert!(!there().await);
    assert_eq!(server.state.store.account(app.sdkappid, "administrator").await.unwrap(), None);
    assert_eq!(operator.get(&paths::accounts(app.sdkappid)).await.refusal().0, 404);
}
