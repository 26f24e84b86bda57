//! What was reviewed is applied, that and nothing else, and taken back.

use super::{account, apply, begin, counts, everyone, review, reviewed, show, totals, undo};
use crate::support::{Client, Server, on_both_engines};
use rollcall_backend::jobs;
use rollcall_shared::{
    app::{App, TokenAccess},
    import::ImportState,
    job::{Job, JobState},
    paths,
};
use serde_json::{Value, json};

on_both_engines!(
    an_import_is_applied_and_undone,
    accounts_that_changed_since_the_review_are_kept,
    accounts_that_changed_since_the_import_are_kept,
    another_review_is_not_applied,
    tasks_begin_only_where_they_may,
    an_import_of_another_application_is_not_found,
    undoing_ends_after_seven_days,
    a_disabled_application_stops_the_task_and_it_goes_on,
    a_read_token_looks_and_does_nothing,
);

const FILE: &str = "user_id,nickname,level,type\nming,赵明远,3,\nli,李,,\nzhou,周,7,\nboss,老板,,admin\n";

async fn create(client: &Client, app: &App, user_id: &str, nickname: &str) {
    let new = json!({"user_id": user_id, "nickname": nickname});
    assert_eq!(client.post(&paths::accounts(app.sdkappid), &new).await.status, 201);
}

async fn edit(client: &Client, app: &App, user_id: &str, patch: &Value) {
    let path = paths::account(app.sdkappid, user_id);
    let etag = client.get(&path).await.header("etag").to_owned();
    assert_eq!(client.if_match(&etag).patch(&path, patch).await.status, 200);
}

async fn lift(client: &Client, app: &App) {
    let lifted = json!({"lifted": true, "reason": "a test"});
    assert_eq!(client.put(&paths::deletion_restriction(app.sdkappid), &lifted).await.status, 200);
}

async fn an_import_is_applied_and_undone(server: Server) {
    let (operator, app) = begin(&server).await;
    create(&operator, &app, "ming", "明").await;
    create(&operator, &app, "li", "李").await;
    let before = account(&operator, &app, "ming").await.unwrap();
    server.clock.advance(1000);
    let import = reviewed(&server, &operator, &app, FILE).await;
    assert_eq!(counts(&import), (2, 1, 1, 0));
    server.clock.advance(1000);
    let import = apply(&server, &operator, &app, &import).await;
    assert_eq!(import.state, ImportState::Applied);
    let applied = import.applied.clone().unwrap();
    assert_eq!((applied.done, applied.refused, applied.complete), (3, 0, true));
    assert_eq!(everyone(&operator, &app).await, ["boss 老板", "li 李", "ming 赵明远", "zhou 周"]);
    assert_eq!(totals(&operator, &app).await, (5, 5));
    let ming = account(&operator, &app, "ming").await.unwrap();
    assert_eq!(
        (ming.level, ming.version, ming.updated_at),
        (3, before.version + 1, server.state.clock.now())
    );
    let admins: App = operator.get(&paths::app(app.sdkappid)).await.json();
    assert_eq!(admins.admins, 2);

    // The restriction of deletions stands, and is about other deletions.
    server.clock.advance(1000);
    let import = undo(&server, &operator, &app, &import).await;
    assert_eq!(import.state, ImportState::Undone);
    let undone = import.undone.unwrap();
    assert_eq!((undone.done, undone.kept, undone.complete), (3, 0, true));
    assert_eq!(everyone(&operator, &app).await, ["li 李", "ming 明"]);
    assert_eq!(totals(&operator, &app).await, (3, 3));
    let after = account(&operator, &app, "ming").await.unwrap();
    assert_eq!(
        (after.level, after.nickname, after.version),
        (before.level, before.nickname, before.version + 2)
    );
    let admins: App = operator.get(&paths::app(app.sdkappid)).await.json();
    assert_eq!(admins.admins, 1);
    // And it can be brought again.
    let again = reviewed(&server, &operator, &app, FILE).await;
    assert_eq!(counts(&again), (2, 1, 1, 0));
}

async fn accounts_that_changed_since_the_review_are_kept(server: Server) {
    let (operator, app) = begin(&server).await;
    create(&operator, &app, "ming", "明").await;
    create(&operator, &app, "gone", "x").await;
    let file = "user_id,nickname\nming,file\ngone,file\nzhou,file\nli,file\n";
    let import = reviewed(&server, &operator, &app, file).await;
    edit(&operator, &app, "ming", &json!({"nickname": "by hand"})).await;
    create(&operator, &app, "zhou", "by hand").await;
    lift(&operator, &app).await;
    operator.post(&paths::account_deletions(app.sdkappid), &json!({"user_ids": ["gone"]})).await;
    let import = apply(&server, &operator, &app, &import).await;
    let applied = import.applied.clone().unwrap();
    assert_eq!((applied.done, applied.refused, applied.complete), (1, 3, true));
    assert_eq!(everyone(&operator, &app).await, ["li file", "ming by hand", "zhou by hand"]);
    let refused = operator.get(&paths::import_refused_file(app.sdkappid, &import.id)).await;
    let lines: Vec<&str> = refused.text().lines().collect();
    assert_eq!(lines.len(), 4, "{lines:?}");
    assert!(lines[1].starts_with("zhou,file,\"Someone changed"), "{lines:?}");
    // What was refused is not taken back.
    let import = undo(&server, &operator, &app, &import).await;
    let undone = import.undone.unwrap();
    assert_eq!((undone.done, undone.kept), (1, 0));
    assert_eq!(everyone(&operator, &app).await, ["ming by hand", "zhou by hand"]);
    assert_eq!(totals(&operator, &app).await, (3, 3));
}

async fn accounts_that_changed_since_the_import_are_kept(server: Server) {
    let (operator, app) = begin(&server).await;
    for user_id in ["a", "b", "c"] {
        create(&operator, &app, user_id, "before").await;
    }
    let file = "user_id,nickname\na,file\nb,file\nc,file\nnew1,file\nnew2,file\nnew3,file\n";
    let import = reviewed(&server, &operator, &app, file).await;
    let import = apply(&server, &operator, &app, &import).await;
    edit(&operator, &app, "a", &json!({"level": 1})).await;
    edit(&operator, &app, "new1", &json!({"level": 1})).await;
    lift(&operator, &app).await;
    operator.post(&paths::account_deletions(app.sdkappid), &json!({"user_ids": ["b", "new2"]})).await;
    server.clock.advance(1);
    create(&operator, &app, "new2", "another incarnation").await;
    let import = undo(&server, &operator, &app, &import).await;
    let undone = import.undone.clone().unwrap();
    assert_eq!((undone.done, undone.kept, undone.complete), (2, 4, true));
    assert_eq!(
        everyone(&operator, &app).await,
        ["a file", "c before", "new1 file", "new2 another incarnation"]
    );
    let kept = operator.get(&paths::job_refused_file(app.sdkappid, &import.job.unwrap().id)).await;
    assert_eq!(kept.text().lines().count(), 5);
    assert_eq!(totals(&operator, &app).await, (5, 5));
}

async fn another_review_is_not_applied(server: Server) {
    let (operator, app) = begin(&server).await;
    let import = reviewed(&server, &operator, &app, "user_id,nickname\nming,明\n").await;
    let seen = import.review.clone().unwrap().digest;
    create(&operator, &app, "ming", "since").await;
    let again = review(&server, &operator, &app, &import, json!({})).await;
    assert_ne!(again.review.unwrap().digest, seen);
    let path = paths::import_apply(app.sdkappid, &import.id);
    let refused = operator.post(&path, &json!({ "digest": seen })).await;
    assert_eq!(refused.refusal(), (409, "changed_meanwhile".to_owned()));
    jobs::drain(&server.state).await.unwrap();
    assert_eq!(everyone(&operator, &app).await, ["ming since"]);
}

async fn tasks_begin_only_where_they_may(server: Server) {
    let (operator, app) = begin(&server).await;
    let import = super::bring(&operator, &app, "users.csv", b"user_id\nming\n").await;
    let id = import.id.clone();
    let (apply_path, undo_path) =
        (paths::import_apply(app.sdkappid, &id), paths::import_undo(app.sdkappid, &id));
    let not_now = (409, "not_now".to_owned());
    assert_eq!(operator.post(&apply_path, &json!({"digest": ""})).await.refusal(), not_now);
    assert_eq!(operator.post(&undo_path, &Value::Null).await.refusal(), not_now);
    let review_path = paths::import_review(app.sdkappid, &id);
    let body = json!({"mapping": ["user_id"]});
    assert_eq!(operator.post(&review_path, &body).await.status, 202);
    assert_eq!(show(&operator, &app, &id).await.state, ImportState::Reviewing);
    assert_eq!(operator.post(&review_path, &body).await.refusal(), not_now);
    assert_eq!(operator.delete(&paths::import(app.sdkappid, &id)).await.refusal(), not_now);
    // A task that waits is cancelled at once, and the file can be reviewed again.
    let job = show(&operator, &app, &id).await.job.unwrap();
    operator.delete(&paths::job(app.sdkappid, &job.id)).await;
    assert_eq!(show(&operator, &app, &id).await.state, ImportState::Uploaded);
    let import = review(&server, &operator, &app, &import, json!({})).await;
    let import = apply(&server, &operator, &app, &import).await;
    let digest = json!({"digest": import.review.as_ref().unwrap().digest});
    assert_eq!(operator.post(&apply_path, &digest).await.refusal(), not_now);
    assert_eq!(operator.post(&review_path, &body).await.refusal(), not_now);
    undo(&server, &operator, &app, &import).await;
    assert_eq!(operator.post(&undo_path, &Value::Null).await.refusal(), not_now);
    assert_eq!(operator.post(&apply_path, &digest).await.refusal(), not_now);
}

async fn an_import_of_another_application_is_not_found(server: Server) {
    let (operator, app) = begin(&server).await;
    let other = server.create_app(&operator, "Other").await;
    let import = reviewed(&server, &operator, &app, "user_id\nming\n").await;
    for path in [
        paths::import(other.sdkappid, &import.id),
        paths::import_refused(other.sdkappid, &import.id, 0, 1),
        paths::import_refused_file(other.sdkappid, &import.id),
    ] {
        assert_eq!(operator.get(&path).await.status, 404, "{path}");
    }
    let digest = json!({"digest": import.review.unwrap().digest});
    assert_eq!(operator.post(&paths::import_apply(other.sdkappid, &import.id), &digest).await.status, 404);
    assert_eq!(operator.delete(&paths::import(other.sdkappid, &import.id)).await.status, 404);
}

async fn undoing_ends_after_seven_days(server: Server) {
    let (operator, app) = begin(&server).await;
    let import = reviewed(&server, &operator, &app, "user_id\nming\n").await;
    let import = apply(&server, &operator, &app, &import).await;
    server.clock.advance(7 * 24 * 60 * 60 * 1000);
    let operator = server.operator().await;
    let answer = operator.post(&paths::import_undo(app.sdkappid, &import.id), &Value::Null).await;
    assert_eq!(answer.status, 404);
    assert_eq!(everyone(&operator, &app).await, ["ming "]);
}

async fn a_disabled_application_stops_the_task_and_it_goes_on(server: Server) {
    let (operator, app) = begin(&server).await;
    let import = reviewed(&server, &operator, &app, "user_id\nming\n").await;
    let digest = json!({"digest": import.review.as_ref().unwrap().digest});
    let path = paths::import_apply(app.sdkappid, &import.id);
    let asked: Job = operator.post(&path, &digest).await.json();
    let app_path = paths::app(app.sdkappid);
    let set = async |status: &str| {
        let etag = operator.get(&app_path).await.header("etag").to_owned();
        operator.if_match(&etag).patch(&app_path, &json!({ "status": status })).await
    };
    set("disabled").await;
    jobs::drain(&server.state).await.unwrap();
    let job: Job = operator.get(&paths::job(app.sdkappid, &asked.id)).await.json();
    assert_eq!((job.state, job.error.unwrap().code.as_str()), (JobState::Failed, "app_disabled"));
    let stopped = show(&operator, &app, &import.id).await;
    assert_eq!((stopped.state, stopped.applied.unwrap().complete), (ImportState::Applied, false));
    set("enabled").await;
    let import = apply(&server, &operator, &app, &import).await;
    assert!(import.applied.unwrap().complete);
    assert_eq!(everyone(&operator, &app).await, ["ming "]);
}

async fn a_read_token_looks_and_does_nothing(server: Server) {
    let (operator, app) = begin(&server).await;
    let import = reviewed(&server, &operator, &app, "user_id\nming\n").await;
    let program = server.program(&operator, &app, TokenAccess::Read).await;
    assert_eq!(show(&program, &app, &import.id).await.id, import.id);
    let digest = json!({"digest": import.review.as_ref().unwrap().digest});
    assert_eq!(program.post(&paths::import_apply(app.sdkappid, &import.id), &digest).await.status, 403);
    let program = server.program(&operator, &app, TokenAccess::Write).await;
    let import = apply(&server, &program, &app, &import).await;
    assert_eq!(import.state, ImportState::Applied);
}
