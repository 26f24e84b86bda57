//! A server that is killed in the middle of a review, an application and an undoing: each ends as if nothing had happened.

use crate::support::{
    Engine,
    kills::{Run, kills},
};
use axum::http::Method;
use rollcall_shared::{account::Account, import::Import, paths};
use serde_json::{Value, json};

/// How many looks at the task a kill waits at most within a step.
const LOOKS: u64 = 12;

/// Watches a task, and kills its server again and again: in turn after so many looks as were drawn, and when it has come as far as was
/// drawn and somewhere in the step after that. How often it was struck before its end.
async fn survive(run: &mut Run, path: &str) -> u64 {
    let mut struck = 0;
    for kill in 0..kills() {
        let far = if kill % 2 == 1 { run.next(100) } else { 0 };
        let looks = run.next(LOOKS);
        let mut looked = 0;
        let is_final = loop {
            let job = run.job(path).await;
            if job.done * 100 >= job.total.max(1) * far {
                looked += 1;
            }
            if job.state.is_final() || looked > looks {
                break job.state.is_final();
            }
        };
        struck += u64::from(!is_final);
        run.end();
        run.start_again().await;
    }
    while !run.job(path).await.state.is_final() {}
    struck
}

async fn killed(engine: Engine) {
    // Accounts that are there, and as many that the file adds: enough for every kill to find something to be done.
    let batches = usize::try_from(kills().div_ceil(2)).unwrap().max(3);
    let count = batches * 1000;
    let mut run = Run::begin(engine, 0).await;
    let app = run.app;
    for batch in 0..batches {
        let new = |n: usize| json!({"user_id": format!("old{:05}", batch * 1000 + n), "nickname": "before"});
        let batch = json!({"accounts": (0..1000).map(new).collect::<Vec<_>>()});
        run.call(Method::POST, &paths::account_batches(app), &batch).await;
    }
    let before = run.accounts().await;
    let rows = (0..count).map(|n| format!("old{n:05},after\nnew{n:05},after\n"));
    let file = format!("user_id,nickname\n{}明,bad\n", rows.collect::<String>());
    let new = json!({"file_name": "users.csv", "bytes": file.len()});
    let import = run.call(Method::POST, &paths::imports(app), &new).await;
    let id = import["id"].as_str().unwrap().to_owned();
    let part = paths::import_part(app, &id, 0);
    assert_eq!(run.bytes(Method::PUT, &part, file.into_bytes()).await.0, 200);

    let body = json!({"mapping": ["user_id", "nickname"]});
    // It may be over before the first kill: nothing is written for each account.
    task(&mut run, &paths::import_review(app, &id), &body).await;
    let changes = count as u64;
    let review = show(&run, &id).await.review.unwrap();
    assert_eq!((review.create, review.update, review.unchanged, review.refused), (changes, changes, 0, 1));
    assert_eq!(run.accounts().await, before, "a review changes nothing");

    let body = json!({"digest": review.digest});
    assert!(task(&mut run, &paths::import_apply(app, &id), &body).await > 0, "no kill struck");
    let applied = show(&run, &id).await.applied.unwrap();
    assert_eq!((applied.done, applied.refused, applied.complete), (2 * changes, 0, true));
    let after = run.accounts().await;
    assert_eq!((after.len(), run.total().await), (2 * count + 1, 2 * count as i64 + 1));
    let others = after.iter().filter(|account| account.user_id != "administrator");
    assert!(others.clone().all(|account| account.nickname == "after"));
    let versions = others.map(|account| (account.user_id.starts_with("old"), account.version));
    assert!(
        versions.clone().all(|(is_old, version)| version == 1 + i64::from(is_old)),
        "nothing is done twice"
    );

    assert!(task(&mut run, &paths::import_undo(app, &id), &Value::Null).await > 0, "no kill struck");
    let undone = show(&run, &id).await.undone.unwrap();
    assert_eq!((undone.done, undone.kept, undone.complete), (2 * changes, 0, true));
    let last = run.accounts().await;
    assert_eq!((last.len(), run.total().await), (count + 1, count as i64 + 1));
    let same = |a: &Account, b: &Account| (&a.user_id, &a.nickname) == (&b.user_id, &b.nickname);
    assert!(last.iter().zip(&before).all(|(a, b)| same(a, b)));
}

/// Begins a task, and sees it through the kills; how many struck it.
async fn task(run: &mut Run, path: &str, body: &Value) -> u64 {
    let job = run.call(Method::POST, path, body).await;
    survive(run, &paths::job(run.app, job["id"].as_str().unwrap())).await
}

async fn show(run: &Run, id: &str) -> Import {
    serde_json::from_value(run.call(Method::GET, &paths::import(run.app, id), &Value::Null).await).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_survives_kills_on_sqlite() {
    killed(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_survives_kills_on_postgres() {
    killed(Engine::Postgres).await;
}
