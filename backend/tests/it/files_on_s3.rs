//! The server's own files in a bucket: everything that works in a folder works there.

use crate::{
    imports,
    support::{Around, Client, Engine, Server, run, s3::S3Server},
};
use rollcall_backend::jobs;
use rollcall_demo::{SEED, accounts};
use rollcall_shared::{
    app::App,
    job::{ExportFile, Job, JobState},
    paths,
};
use rollcall_store::{Actor, Change};
use serde_json::json;

async fn begin() -> (S3Server, Server, Client, App) {
    let s3 = S3Server::start().await;
    let files = Some(s3.files("s3://bucket/of/rollcall"));
    let server = Server::start_around(Engine::Sqlite, Around { files, ..Around::default() }).await;
    let operator = server.operator().await;
    let app = server.create_app(&operator, "Aurora Live").await;
    (s3, server, operator, app)
}

async fn exported(server: &Server, operator: &Client, app: &App) -> (Job, Option<ExportFile>) {
    let asked = operator.post(&paths::exports(app.sdkappid), &json!({"format": "ndjson"})).await;
    jobs::drain(&server.state).await.unwrap();
    let job: Job = operator.get(asked.header("location")).await.json();
    let file = job.result.clone().and_then(|result| result.file);
    (job, file)
}

#[test]
fn an_export_comes_in_parts_and_is_fetched_in_ranges() {
    run(|| async {
        let (s3, server, operator, app) = begin().await;
        let change = Change { actor: Actor::System, now: server.state.clock.now() };
        let all = accounts(30_000, SEED, change.now).collect();
        server.state.store.load_accounts(&change, app.sdkappid, all).await.unwrap();
        let (_, file) = exported(&server, &operator, &app).await;
        let file = file.unwrap();
        assert!(file.bytes > 6_100_000, "{}", file.bytes);
        assert_eq!(s3.uploads(), (1, 0));
        let whole = operator.get(&file.url).await.body;
        assert_eq!(whole.len() as u64, file.bytes);
        let part = operator.with("range", "bytes=6000000-6000099").get(&file.url).await;
        assert_eq!((part.status.as_u16(), &part.body[..]), (206, &whole[6_000_000..6_000_100]));

        server.clock.advance(jobs::files::KEEP_MILLIS + 1);
        jobs::files::sweep(&server.state).await.unwrap();
        assert_eq!(s3.keys(), [""; 0]);
    });
}

#[test]
fn a_bucket_that_refuses_makes_the_export_fail_and_the_next_goes_on() {
    run(|| async {
        let (s3, server, operator, app) = begin().await;
        s3.refuse(true);
        let (job, file) = exported(&server, &operator, &app).await;
        assert_eq!((job.state, file), (JobState::Failed, None));
        assert!(job.error.unwrap().detail.contains("could not be written"));
        s3.refuse(false);
        let (job, file) = exported(&server, &operator, &app).await;
        assert_eq!((job.state, file.unwrap().rows), (JobState::Done, 1));
    });
}

#[test]
fn an_import_is_brought_reviewed_applied_and_undone() {
    run(|| async {
        let (s3, server, operator, app) = begin().await;
        let rows: String = (0..120).map(|n| format!("user-{n},Name {n}\n")).collect();
        let text = format!("user_id,nickname\n{rows},nobody\n");
        imports::there_and_back(&server, &operator, &app, &text, (120, 1)).await;
        assert!(!s3.keys().is_empty());
        // More than a page of a list.
        server.clock.advance(16 * 24 * 60 * 60 * 1000);
        jobs::files::sweep(&server.state).await.unwrap();
        assert_eq!(s3.keys(), [""; 0]);
    });
}

#[test]
fn a_file_that_was_forgotten_goes_and_one_that_is_not_ours_stays() {
    run(|| async {
        let (s3, server, _, app) = begin().await;
        let files = s3.files("s3://bucket/of/rollcall");
        for name in [format!("{}/forgotten", app.sdkappid), "of/somebody-else".to_owned()] {
            object_store::ObjectStoreExt::put(&files, &name.into(), "x".into()).await.unwrap();
        }
        jobs::files::sweep(&server.state).await.unwrap();
        assert_eq!(s3.keys().len(), 2, "they are young");
        server.clock.advance(16 * 24 * 60 * 60 * 1000);
        jobs::files::sweep(&server.state).await.unwrap();
        assert_eq!(s3.keys(), ["bucket/of/rollcall/of/somebody-else"]);
    });
}
