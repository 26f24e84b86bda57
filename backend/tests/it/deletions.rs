//! Deletion of a selection: named accounts at once, all that match by a job that the restriction stops.

use crate::support::{Client, Server, on_both_engines};
use rollcall_backend::jobs;
use rollcall_demo::{SEED, accounts};
use rollcall_shared::{
    app::App,
    job::{Job, JobState, RefusedItem},
    list::Page,
    paths,
    selection::{BatchResults, ItemStatus},
};
use rollcall_store::{Actor, Change};
use serde_json::{Value, json};

on_both_engines!(
    named_accounts_have_a_result_each,
    nothing_is_deleted_while_the_restriction_stands,
    a_selection_that_breaks_a_rule_is_refused,
    all_that_match_are_deleted_by_a_job,
    what_came_after_the_operator_looked_stays,
    putting_the_restriction_back_stops_a_running_job,
    a_job_that_waits_is_stopped_by_the_restriction_too,
    a_cancelled_job_deletes_nothing_more,
);

const AS_OF: &str = "2026-11-22T18:00:00Z";

async fn filled(server: &Server, count: u64) -> (Client, App) {
    let operator = server.operator().await;
    let app = server.create_app(&operator, "Aurora Live").await;
    let now = server.state.clock.now();
    let loaded = accounts(count, SEED, now).collect();
    let change = Change { actor: Actor::System, now };
    server.state.store.load_accounts(&change, app.sdkappid, loaded).await.unwrap();
    permit(&operator, &app, true).await;
    (operator, app)
}

async fn permit(operator: &Client, app: &App, lifted: bool) {
    let body = json!({"lifted": lifted, "reason": "a test"});
    let answer = operator.put(&paths::deletion_restriction(app.sdkappid), &body).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}

async fn left(operator: &Client, app: &App) -> i64 {
    operator.get(&paths::app(app.sdkappid)).await.json::<App>().accounts
}

async fn ask(operator: &Client, app: &App, selection: &Value) -> Job {
    let answer = operator.post(&paths::account_deletions(app.sdkappid), selection).await;
    assert_eq!(answer.status, 202, "{}", answer.text());
    let job: Job = answer.json();
    assert_eq!(answer.header("location"), paths::job(app.sdkappid, &job.id));
    assert_eq!(job.state, JobState::Queued);
    job
}

async fn job(operator: &Client, app: &App, id: &str) -> Job {
    operator.get(&paths::job(app.sdkappid, id)).await.json()
}

async fn named_accounts_have_a_result_each(server: Server) {
    let (operator, app) = filled(&server, 3).await;
    operator.post(&paths::accounts(app.sdkappid), &json!({"user_id": "ming"})).await;
    let named = json!({"user_ids": ["ming", "nobody", "administrator", "ming"]});
    let answer = operator.post(&paths::account_deletions(app.sdkappid), &named).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let results = answer.json::<BatchResults>().results;
    let seen: Vec<_> = results
        .iter()
        .map(|r| (r.user_id.as_str(), r.status, r.errors.first().map_or("", |e| e.code.as_str())))
        .collect();
    let expected = [
        ("ming", ItemStatus::Deleted, ""),
        ("nobody", ItemStatus::Refused, "not_found"),
        ("administrator", ItemStatus::Refused, "protected_account"),
    ];
    assert_eq!((seen.as_slice(), left(&operator, &app).await), (expected.as_slice(), 4));
}

async fn nothing_is_deleted_while_the_restriction_stands(server: Server) {
    let (operator, app) = filled(&server, 3).await;
    permit(&operator, &app, false).await;
    for selection in [json!({"user_ids": ["administrator", "x"]}), json!({"filter": {}, "as_of": AS_OF})] {
        let answer = operator.post(&paths::account_deletions(app.sdkappid), &selection).await;
        assert_eq!(answer.refusal(), (403, "deletion_not_permitted".to_owned()));
    }
    assert_eq!(left(&operator, &app).await, 4);
    assert!(operator.get(&paths::jobs(app.sdkappid)).await.json::<Vec<Job>>().is_empty());
}

async fn a_selection_that_breaks_a_rule_is_refused(server: Server) {
    let (operator, app) = filled(&server, 1).await;
    let many = |count: usize| (0..count).map(|n| n.to_string()).collect::<Vec<_>>();
    let cases = [
        (json!({"user_ids": []}), "user_ids"),
        (json!({"user_ids": many(1001)}), "user_ids"),
        (json!({"filter": {}, "as_of": AS_OF, "except": many(10_001)}), "except"),
        (json!({"filter": {"q": "x".repeat(201)}, "as_of": AS_OF}), "filter.q"),
        (
            json!({"filter": {"created_from": AS_OF, "created_before": "2020-01-01"}, "as_of": AS_OF}),
            "filter.created_before",
        ),
    ];
    for (selection, field) in cases {
        let problem = operator.post(&paths::account_deletions(app.sdkappid), &selection).await.problem();
        assert_eq!((problem.status, problem.errors[0].field.as_str()), (422, field));
    }
    assert_eq!(left(&operator, &app).await, 2);
}

async fn all_that_match_are_deleted_by_a_job(server: Server) {
    let (operator, app) = filled(&server, 1500).await;
    operator.post(&paths::accounts(app.sdkappid), &json!({"user_id": "stays", "type": "admin"})).await;
    let selection = json!({"filter": {}, "except": ["stays"], "as_of": AS_OF, "expected": 1501});
    let asked = ask(&operator, &app, &selection).await;
    assert_eq!((asked.total, left(&operator, &app).await), (1501, 1502));

    jobs::drain(&server.state).await.unwrap();
    let done = job(&operator, &app, &asked.id).await;
    assert_eq!((done.state, done.error), (JobState::Done, None));
    assert_eq!((done.done, done.total, done.refused), (1501, 1501, 1));
    assert_eq!(left(&operator, &app).await, 2);
    let refused = format!("{}/refused", paths::job(app.sdkappid, &asked.id));
    let refused: Page<RefusedItem> = operator.get(&refused).await.json();
    assert_eq!(refused.items.len(), 1);
    assert_eq!(
        (refused.items[0].user_id.as_str(), refused.items[0].errors[0].code.as_str()),
        ("administrator", "protected_account")
    );
}

async fn what_came_after_the_operator_looked_stays(server: Server) {
    let (operator, app) = filled(&server, 20).await;
    // An `as_of` in the future means now.
    let selection = json!({"filter": {}, "as_of": "2999-01-01"});
    let asked = ask(&operator, &app, &selection).await;
    server.clock.advance(1);
    operator.post(&paths::accounts(app.sdkappid), &json!({"user_id": "new"})).await;
    jobs::drain(&server.state).await.unwrap();
    assert_eq!(job(&operator, &app, &asked.id).await.state, JobState::Done);
    assert_eq!(operator.get(&paths::account(app.sdkappid, "new")).await.status, 200);
    assert_eq!(left(&operator, &app).await, 2);
}

async fn putting_the_restriction_back_stops_a_running_job(server: Server) {
    const COUNT: u64 = 20_000;
    let (operator, app) = filled(&server, COUNT).await;
    let asked = ask(&operator, &app, &json!({"filter": {}, "as_of": AS_OF})).await;
    let put_back = async {
        while left(&operator, &app).await == COUNT as i64 + 1 {}
        permit(&operator, &app, false).await;
    };
    let (drained, ()) = tokio::join!(jobs::drain(&server.state), put_back);
    drained.unwrap();
    let stopped = job(&operator, &app, &asked.id).await;
    let error = stopped.error.unwrap();
    assert_eq!((stopped.state, error.code.as_str()), (JobState::Failed, "deletion_not_permitted"));
    let left = left(&operator, &app).await;
    assert!(left > 1 && stopped.done > 0, "{left} {}", stopped.done);
    assert_eq!(stopped.done - stopped.refused, COUNT + 1 - left as u64);
    assert!(error.detail.contains(&stopped.done.to_string()), "{}", error.detail);
}

async fn a_job_that_waits_is_stopped_by_the_restriction_too(server: Server) {
    let (operator, app) = filled(&server, 20).await;
    let asked = ask(&operator, &app, &json!({"filter": {}, "as_of": AS_OF})).await;
    permit(&operator, &app, false).await;
    jobs::drain(&server.state).await.unwrap();
    let stopped = job(&operator, &app, &asked.id).await;
    assert_eq!((stopped.state, stopped.done, left(&operator, &app).await), (JobState::Failed, 0, 21));
}

async fn a_cancelled_job_deletes_nothing_more(server: Server) {
    let (operator, app) = filled(&server, 20).await;
    let asked = ask(&operator, &app, &json!({"filter": {}, "as_of": AS_OF})).await;
    let path = paths::job(app.sdkappid, &asked.id);
    assert_eq!(operator.delete(&path).await.json::<Job>().state, JobState::Cancelled);
    jobs::drain(&server.state).await.unwrap();
    assert_eq!(left(&operator, &app).await, 21);
    // What has ended stays as it is.
    assert_eq!(operator.delete(&path).await.json::<Job>().state, JobState::Cancelled);
}
