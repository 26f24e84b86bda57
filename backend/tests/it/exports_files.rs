//! The file of an export over HTTP: its name, its bytes, ranges of it, who gets it and for how long.

use crate::support::{Answer, Client, Server, on_both_engines};
use axum::http::Method;
use rollcall_backend::jobs;
use rollcall_shared::{
    app::{App, TokenAccess},
    job::{ExportFile, Job, JobState},
    paths,
};
use serde_json::json;
use sha2::{Digest, Sha256};

on_both_engines!(
    a_file_is_what_its_job_says,
    a_range_is_a_part_of_the_file,
    a_name_in_any_script_arrives,
    a_file_is_for_its_application_only,
    a_file_is_gone_after_seven_days,
    a_request_that_breaks_a_rule_is_refused,
);

async fn exported(server: &Server, name: &str) -> (Client, App, ExportFile) {
    let operator = server.operator().await;
    let app = server.create_app(&operator, name).await;
    operator.post(&paths::accounts(app.sdkappid), &json!({"user_id": "ming", "nickname": "赵明远"})).await;
    let asked = operator.post(&paths::exports(app.sdkappid), &json!({"format": "csv"})).await;
    let id = asked.json::<Job>().id;
    assert_eq!(asked.header("location"), paths::job(app.sdkappid, &id));
    let early = operator.get(&paths::export_file(app.sdkappid, &id)).await;
    assert_eq!(early.refusal(), (404, "not_found".to_owned()));
    jobs::drain(&server.state).await.unwrap();
    let job: Job = operator.get(&format!("{}/{id}", paths::exports(app.sdkappid))).await.json();
    (operator, app, job.result.unwrap().file.unwrap())
}

async fn a_file_is_what_its_job_says(server: Server) {
    let (operator, _, file) = exported(&server, "Aurora Live").await;
    let answer = operator.get(&file.url).await;
    assert_eq!((answer.status.as_u16(), answer.body.len() as u64, file.rows), (200, file.bytes, 2));
    let hash: String = Sha256::digest(&answer.body).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hash, file.sha256);
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8; header=present");
    assert_eq!(answer.header("etag"), format!("\"{}\"", file.sha256));
    assert_eq!(answer.header("cache-control"), "private, no-cache");
    assert!(
        answer
            .header("content-disposition")
            .starts_with("attachment; filename=\"aurora-live-users-2026-11-22.csv\"")
    );
    let again = operator.with("if-none-match", answer.header("etag")).get(&file.url).await;
    assert_eq!((again.status.as_u16(), again.body.len()), (304, 0));
    let head = operator.send(Method::HEAD, &file.url, axum::body::Body::empty()).await;
    assert_eq!((head.status.as_u16(), head.header("content-length")), (200, file.bytes.to_string().as_str()));
}

async fn a_range_is_a_part_of_the_file(server: Server) {
    let (operator, _, file) = exported(&server, "Aurora Live").await;
    let whole = operator.get(&file.url).await.body;
    let ranged = async |range: &str| operator.with("range", range).get(&file.url).await;
    let part = |answer: &Answer, from: usize, to: usize| {
        assert_eq!(answer.status, 206);
        assert_eq!(answer.body, whole[from..to]);
        assert_eq!(answer.header("content-range"), format!("bytes {from}-{}/{}", to - 1, whole.len()));
    };
    part(&ranged("bytes=3-10").await, 3, 11);
    part(&ranged("bytes=20-").await, 20, whole.len());
    part(&ranged("bytes=-5").await, whole.len() - 5, whole.len());
    let beyond = ranged("bytes=999999-").await;
    assert_eq!(
        (beyond.status.as_u16(), beyond.header("content-range")),
        (416, format!("bytes */{}", whole.len()).as_str())
    );
    assert_eq!(ranged("bytes=5-3").await.status, 200);

    let etag = format!("\"{}\"", file.sha256);
    let resumed = operator.with("range", "bytes=7-").with("if-range", &etag).get(&file.url).await;
    part(&resumed, 7, whole.len());
    let other = operator.with("range", "bytes=7-").with("if-range", "\"x\"").get(&file.url).await;
    assert_eq!((other.status.as_u16(), other.body), (200, whole));
}

async fn a_name_in_any_script_arrives(server: Server) {
    let (operator, _, file) = exported(&server, "极光 直播 \"x\"").await;
    assert_eq!(file.name, "极光-直播-x-users-2026-11-22.csv");
    let answer = operator.get(&file.url).await;
    let disposition = answer.header("content-disposition");
    assert!(
        disposition
            .starts_with("attachment; filename=\"__-__-x-users-2026-11-22.csv\"; filename*=UTF-8''%E6%9E%81"),
        "{disposition}"
    );
}

async fn a_file_is_for_its_application_only(server: Server) {
    let (operator, app, file) = exported(&server, "Aurora Live").await;
    let other = server.create_app(&operator, "Boreal Chat").await;
    let id = file.url.split('/').nth_back(1).unwrap();
    assert_eq!(server.stranger().get(&file.url).await.refusal().0, 401);
    let theirs = server.program(&operator, &other, TokenAccess::Write).await;
    assert_eq!(theirs.get(&file.url).await.refusal().0, 403);
    assert_eq!(theirs.get(&paths::export_file(other.sdkappid, id)).await.refusal().0, 404);
    assert_eq!(operator.get(&paths::export_file(other.sdkappid, id)).await.refusal().0, 404);
    let reader = server.program(&operator, &app, TokenAccess::Read).await;
    assert_eq!(reader.get(&file.url).await.status, 200);
}

async fn a_file_is_gone_after_seven_days(server: Server) {
    let (_, app, file) = exported(&server, "Aurora Live").await;
    let id = file.url.split('/').nth_back(1).unwrap();
    let location = jobs::files::location(app.sdkappid, id);
    let there = async || object_store::ObjectStoreExt::head(&server.state.files, &location).await.is_ok();
    server.clock.advance(jobs::files::KEEP_MILLIS - 1);
    let operator = server.operator().await;
    jobs::files::sweep(&server.state).await.unwrap();
    assert_eq!(operator.get(&file.url).await.status, 200);

    server.clock.advance(2);
    assert_eq!(operator.get(&file.url).await.refusal().0, 404);
    assert!(there().await);
    jobs::files::sweep(&server.state).await.unwrap();
    assert!(!there().await);
    let job: Job = operator.get(&paths::job(app.sdkappid, id)).await.json();
    assert_eq!((job.state, job.result.and_then(|result| result.file)), (JobState::Done, None));
}

async fn a_request_that_breaks_a_rule_is_refused(server: Server) {
    let operator = server.operator().await;
    let app = server.create_app(&operator, "Aurora Live").await;
    let cases = [
        (json!({"format": "csv", "columns": []}), "columns"),
        (json!({"format": "csv", "columns": ["level", "user_id", "level"]}), "columns[2]"),
        (json!({"format": "pdf"}), "format"),
        (json!({"format": "csv", "selection": {"user_ids": []}}), "selection.user_ids"),
    ];
    for (request, field) in cases {
        let problem = operator.post(&paths::exports(app.sdkappid), &request).await.problem();
        assert_eq!((problem.status, problem.errors[0].field.as_str()), (422, field));
    }
    assert!(operator.get(&paths::jobs(app.sdkappid)).await.json::<Vec<Job>>().is_empty());
}
