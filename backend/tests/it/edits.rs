//! The same change for many accounts: named ones at once, all that match by a job; and the file of what a job refused.

use crate::support::{Client, Server, on_both_engines};
use rollcall_backend::jobs;
use rollcall_demo::{SEED, accounts};
use rollcall_shared::{
    account::Account,
    app::{App, TokenAccess},
    job::{Job, JobKind, JobState},
    list::Page,
    paths,
    selection::{BatchResults, ItemStatus},
};
use rollcall_store::{Actor, Change};
use serde_json::{Value, json};

on_both_engines!(
    named_accounts_are_changed_together,
    all_that_match_are_changed_by_a_job,
    what_breaks_a_rule_is_named_and_nothing_changes,
    a_program_that_may_only_read_is_refused,
    a_disabled_application_stops_a_job_that_waits,
    what_a_job_refused_is_a_file,
);

const AS_OF: &str = "2026-11-22T18:00:00Z";

async fn filled(server: &Server, count: u64) -> (Client, App) {
    let operator = server.operator().await;
    let app = server.create_app(&operator, "Aurora Live").await;
    let now = server.state.clock.now();
    let change = Change { actor: Actor::System, now };
    let loaded = accounts(count, SEED, now).collect();
    server.state.store.load_accounts(&change, app.sdkappid, loaded).await.unwrap();
    (operator, app)
}

/// How many accounts a query finds.
async fn count(operator: &Client, app: &App, query: &str) -> u64 {
    let path = format!("{}?count=exact&limit=1&{query}", paths::accounts(app.sdkappid));
    operator.get(&path).await.json::<Page<Account>>().count.unwrap().value
}

async fn edit(operator: &Client, app: &App, selection: &Value, patch: &Value) -> Job {
    let body = json!({"selection": selection, "patch": patch});
    let answer = operator.post(&paths::account_edits(app.sdkappid), &body).await;
    assert_eq!(answer.status, 202, "{}", answer.text());
    let job: Job = answer.json();
    assert_eq!(answer.header("location"), paths::job(app.sdkappid, &job.id));
    assert_eq!((job.kind, job.state), (JobKind::Edit, JobState::Queued));
    job
}

async fn named_accounts_are_changed_together(server: Server) {
    let (operator, app) = filled(&server, 3).await;
    for id in ["ming", "noor"] {
        let new = json!({"user_id": id, "level": 7});
        assert_eq!(operator.post(&paths::accounts(app.sdkappid), &new).await.status, 201);
    }
    let selection = json!({"user_ids": ["ming", "nobody", "noor", "ming"]});
    let body = json!({"selection": selection, "patch": {"level": null, "location": "Wien"}});
    let answer = operator.post(&paths::account_edits(app.sdkappid), &body).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let results = answer.json::<BatchResults>().results;
    let seen: Vec<_> = results.iter().map(|r| (r.user_id.as_str(), r.status)).collect();
    let expected =
        [("ming", ItemStatus::Updated), ("nobody", ItemStatus::Refused), ("noor", ItemStatus::Updated)];
    assert_eq!(seen, expected);
    let ming: Account = operator.get(&paths::account(app.sdkappid, "ming")).await.json();
    assert_eq!((ming.level, ming.location.as_str(), ming.version), (0, "Wien", 2));
    assert_eq!(count(&operator, &app, "q=ming").await, 1);
}

async fn all_that_match_are_changed_by_a_job(server: Server) {
    let (operator, app) = filled(&server, 2_500).await;
    let women = count(&operator, &app, "gender=female").await;
    let men = count(&operator, &app, "gender=male").await;
    assert!(women > 100 && men > 100);
    let selection = json!({"filter": {"gender": ["female"]}, "as_of": AS_OF, "expected": women});
    let asked = edit(&operator, &app, &selection, &json!({"gender": "male", "nickname": "改"})).await;
    assert_eq!(asked.total, women);
    jobs::drain(&server.state).await.unwrap();
    let job: Job = operator.get(&paths::job(app.sdkappid, &asked.id)).await.json();
    assert_eq!((job.state, job.done, job.total, job.refused), (JobState::Done, women, women, 0));
    assert_eq!(count(&operator, &app, "gender=female").await, 0);
    assert_eq!(count(&operator, &app, "gender=male").await, women + men);
    assert_eq!(count(&operator, &app, "q=%E6%94%B9").await, women);
}

async fn what_breaks_a_rule_is_named_and_nothing_changes(server: Server) {
    let (operator, app) = filled(&server, 2).await;
    let all = json!({"filter": {}, "as_of": AS_OF});
    let named = json!({"user_ids": ["administrator"]});
    for selection in [&all, &named] {
        for (patch, field, code) in [
            (json!({}), "patch", "required"),
            (json!({"location": "12345678901234567"}), "patch.location", "too_long"),
            (json!({"photo_url": "javascript:alert(1)"}), "patch.photo_url", "invalid_url"),
            (json!({"custom": {"Hobby": "x".repeat(501)}}), "patch.custom.Hobby", "too_long"),
            (json!({"custom": {"Hobby": "chess"}}), "patch.custom.Hobby", "unknown_field"),
        ] {
            let body = json!({"selection": selection, "patch": patch});
            let problem = operator.post(&paths::account_edits(app.sdkappid), &body).await.problem();
            let error = &problem.errors[0];
            assert_eq!(
                (problem.status, error.field.as_str(), error.code.as_str()),
                (422, field, code),
                "{body}"
            );
        }
    }
    for (selection, field) in [
        (json!({"user_ids": []}), "selection.user_ids"),
        (json!({"filter": {"q": "x".repeat(201)}, "as_of": AS_OF}), "selection.filter.q"),
    ] {
        let body = json!({"selection": selection, "patch": {"level": 1}});
        let problem = operator.post(&paths::account_edits(app.sdkappid), &body).await.problem();
        assert_eq!((problem.status, problem.errors[0].field.as_str()), (422, field));
    }
    let typed = json!({"selection": all, "patch": {"type": "admin"}});
    assert_eq!(operator.post(&paths::account_edits(app.sdkappid), &typed).await.status, 422);
    assert_eq!(operator.get(&paths::jobs(app.sdkappid)).await.json::<Vec<Job>>(), []);
}

async fn a_program_that_may_only_read_is_refused(server: Server) {
    let (operator, app) = filled(&server, 2).await;
    let reader = server.program(&operator, &app, TokenAccess::Read).await;
    let body = json!({"selection": {"user_ids": ["administrator"]}, "patch": {"level": 1}});
    let refused = reader.post(&paths::account_edits(app.sdkappid), &body).await;
    assert_eq!(refused.refusal(), (403, "forbidden".to_owned()));
    let writer = server.program(&operator, &app, TokenAccess::Write).await;
    assert_eq!(writer.post(&paths::account_edits(app.sdkappid), &body).await.status, 200);
}

async fn a_disabled_application_stops_a_job_that_waits(server: Server) {
    let (operator, app) = filled(&server, 20).await;
    let asked = edit(&operator, &app, &json!({"filter": {}, "as_of": AS_OF}), &json!({"level": 77})).await;
    operator.patch(&paths::app(app.sdkappid), &json!({"status": "disabled"})).await;
    jobs::drain(&server.state).await.unwrap();
    let job: Job = operator.get(&paths::job(app.sdkappid, &asked.id)).await.json();
    assert_eq!((job.state, job.done), (JobState::Failed, 0));
    assert_eq!(job.error.unwrap().code, "app_disabled");
}

async fn what_a_job_refused_is_a_file(server: Server) {
    let (operator, app) = filled(&server, 2).await;
    let lifted = json!({"lifted": true, "reason": "a test"});
    operator.put(&paths::deletion_restriction(app.sdkappid), &lifted).await;
    let all = json!({"filter": {}, "as_of": AS_OF});
    let asked: Job = operator.post(&paths::account_deletions(app.sdkappid), &all).await.json();
    jobs::drain(&server.state).await.unwrap();
    let answer = operator.get(&paths::job_refused_file(app.sdkappid, &asked.id)).await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "text/csv; charset=utf-8"));
    let text = answer.text().strip_prefix('\u{feff}').expect("the byte order mark");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    assert_eq!(reader.headers().unwrap(), vec!["user_id", "field", "code", "reason"]);
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let reason = "The account administrator stays: it cannot be deleted.";
    assert_eq!(rows, [vec!["administrator", "user_id", "protected_account", reason]]);
    assert_eq!(operator.get(&paths::job_refused_file(app.sdkappid, "nothing")).await.refusal().0, 404);
}
