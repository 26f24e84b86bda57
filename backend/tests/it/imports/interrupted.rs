//! A server that is killed in the middle of a review, an application and an undoing: each ends as if nothing had happened.

use crate::support::{
    Engine,
    database::Database,
    process::{Process, call, connect, rollcall, start},
};
use axum::http::{Method, header};
use http_body_util::Full;
use hyper::body::Bytes;
use rollcall_shared::{
    account::Account,
    app::{App, SdkAppId},
    import::Import,
    job::{Job, JobState},
    list::Page,
    paths,
};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection as _};
use std::net::SocketAddr;
use tempfile::TempDir;

/// Accounts that are there, and as many that the file adds.
const COUNT: usize = 3_000;
/// How often the server is killed in each stage.
const KILLS: u64 = 7;

struct Run {
    data: TempDir,
    database: Database,
    demo: Value,
    app: SdkAppId,
    server: Process,
    cookie: String,
    random: u64,
}

impl Run {
    async fn begin(engine: Engine) -> Self {
        let data = tempfile::tempdir().unwrap();
        let database = Database::create(engine, data.path()).await;
        let nowhere = SocketAddr::from(([127, 0, 0, 1], 1));
        let mut demo = rollcall(data.path(), database.url(), nowhere);
        let output = demo.args(["demo", "--accounts", "0", "--json"]).output().unwrap();
        let demo: Value = serde_json::from_slice(&output.stdout).unwrap();
        let app = SdkAppId(demo["app"]["sdkappid"].as_i64().unwrap());
        let server = start(data.path(), database.url());
        let mut run = Self { data, database, demo, app, server, cookie: String::new(), random: 7 };
        run.sign_in().await;
        run
    }

    async fn sign_in(&mut self) {
        let mut sender = connect(self.server.address).await;
        let none = (&header::ACCEPT, "application/json");
        let answer = call(&mut sender, Method::POST, &paths::session(), none, &self.demo["operator"]).await;
        let cookie = answer.unwrap().1[header::SET_COOKIE].to_str().unwrap().to_owned();
        self.cookie = cookie.split(';').next().unwrap().to_owned();
    }

    async fn call(&self, method: Method, path: &str, body: &Value) -> Value {
        let mut sender = connect(self.server.address).await;
        let auth = (&header::COOKIE, self.cookie.as_str());
        let (status, _, answer) = call(&mut sender, method, path, auth, body).await.unwrap();
        assert!((200..300).contains(&status), "{path}: {status} {answer}");
        answer
    }

    /// A number below `end`, the same ones in each run.
    fn next(&mut self, end: u64) -> u64 {
        self.random =
            self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.random >> 33) % end
    }

    /// Ends the server as a fault of the machine would, lets its leases run out, and starts another.
    async fn kill(&mut self) {
        self.server.child.kill().unwrap();
        self.server.child.wait().unwrap();
        let release = "UPDATE jobs SET lease_until = 0";
        if self.database.url().starts_with("sqlite") {
            let mut conn = sqlx::SqliteConnection::connect(self.database.url()).await.unwrap();
            sqlx::raw_sql(AssertSqlSafe(release)).execute(&mut conn).await.unwrap();
        } else {
            let mut conn = sqlx::PgConnection::connect(self.database.url()).await.unwrap();
            sqlx::raw_sql(AssertSqlSafe(release)).execute(&mut conn).await.unwrap();
        }
        self.server = start(self.data.path(), self.database.url());
        self.sign_in().await;
    }

    /// Watches a task, and kills its server whenever it has come as far as it was drawn.
    async fn survive(&mut self, job: &str) {
        for kill in 0..=KILLS {
            let draw = self.next(100);
            loop {
                let job: Job =
                    serde_json::from_value(self.call(Method::GET, job, &Value::Null).await).unwrap();
                let reached = kill < KILLS && job.done * 100 >= job.total.max(1) * draw;
                if reached || job.state.is_final() {
                    assert!(!job.state.is_final() || job.state == JobState::Done, "{:?}", job.error);
                    break;
                }
            }
            if kill < KILLS {
                self.kill().await;
            }
        }
    }

    async fn accounts(&self) -> Vec<Account> {
        let mut all = Vec::new();
        let mut path = format!("{}?sort=user_id&limit=200", paths::accounts(self.app));
        loop {
            let page = self.call(Method::GET, &path, &Value::Null).await;
            let page: Page<Account> = serde_json::from_value(page).unwrap();
            all.extend(page.items);
            let Some(next) = page.next else { return all };
            path = format!("{}?sort=user_id&limit=200&cursor={next}", paths::accounts(self.app));
        }
    }

    async fn total(&self) -> i64 {
        let app: App =
            serde_json::from_value(self.call(Method::GET, &paths::app(self.app), &Value::Null).await)
                .unwrap();
        app.accounts
    }
}

async fn killed(engine: Engine) {
    let mut run = Run::begin(engine).await;
    for batch in 0..COUNT / 1000 {
        let new = |n: usize| json!({"user_id": format!("old{:05}", batch * 1000 + n), "nickname": "before"});
        let batch = json!({"accounts": (0..1000).map(new).collect::<Vec<_>>()});
        run.call(Method::POST, &paths::account_batches(run.app), &batch).await;
    }
    let before = run.accounts().await;
    let rows = (0..COUNT).map(|n| format!("old{n:05},after\nnew{n:05},after\n"));
    let file = format!("user_id,nickname\n{}明,bad\n", rows.collect::<String>());
    let new = json!({"file_name": "users.csv", "bytes": file.len()});
    let import = run.call(Method::POST, &paths::imports(run.app), &new).await;
    let id = import["id"].as_str().unwrap().to_owned();
    upload(&run, &paths::import_part(run.app, &id, 0), file).await;

    let body = json!({"mapping": ["user_id", "nickname"]});
    let job = run.call(Method::POST, &paths::import_review(run.app, &id), &body).await;
    run.survive(&paths::job(run.app, job["id"].as_str().unwrap())).await;
    let count = COUNT as u64;
    let import = show(&run, &id).await;
    let review = import.review.unwrap();
    assert_eq!((review.create, review.update, review.unchanged, review.refused), (count, count, 0, 1));
    assert_eq!(run.accounts().await, before, "a review changes nothing");

    let body = json!({"digest": review.digest});
    let job = run.call(Method::POST, &paths::import_apply(run.app, &id), &body).await;
    run.survive(&paths::job(run.app, job["id"].as_str().unwrap())).await;
    let applied = show(&run, &id).await.applied.unwrap();
    assert_eq!((applied.done, applied.refused, applied.complete), (2 * count, 0, true));
    let after = run.accounts().await;
    assert_eq!((after.len(), run.total().await), (2 * COUNT + 1, 2 * COUNT as i64 + 1));
    let others = after.iter().filter(|account| account.user_id != "administrator");
    assert!(others.clone().all(|account| account.nickname == "after"));
    let versions = others.map(|account| (account.user_id.starts_with("old"), account.version));
    assert!(
        versions.clone().all(|(is_old, version)| version == 1 + i64::from(is_old)),
        "nothing is done twice"
    );

    let job = run.call(Method::POST, &paths::import_undo(run.app, &id), &Value::Null).await;
    run.survive(&paths::job(run.app, job["id"].as_str().unwrap())).await;
    let undone = show(&run, &id).await.undone.unwrap();
    assert_eq!((undone.done, undone.kept, undone.complete), (2 * count, 0, true));
    let last = run.accounts().await;
    assert_eq!((last.len(), run.total().await), (COUNT + 1, COUNT as i64 + 1));
    let same = |a: &Account, b: &Account| (&a.user_id, &a.nickname) == (&b.user_id, &b.nickname);
    assert!(last.iter().zip(&before).all(|(a, b)| same(a, b)));
}

async fn show(run: &Run, id: &str) -> Import {
    serde_json::from_value(run.call(Method::GET, &paths::import(run.app, id), &Value::Null).await).unwrap()
}

async fn upload(run: &Run, path: &str, file: String) {
    let mut sender = connect(run.server.address).await;
    let request = hyper::Request::put(path)
        .header(header::HOST, run.server.address.to_string())
        .header(header::COOKIE, &run.cookie)
        .header(header::CONTENT_TYPE, "application/octet-stream")
        .body(Full::new(Bytes::from(file)))
        .unwrap();
    assert_eq!(sender.send_request(request).await.unwrap().status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_survives_kills_on_sqlite() {
    killed(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_survives_kills_on_postgres() {
    killed(Engine::Postgres).await;
}
