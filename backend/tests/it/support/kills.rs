//! A server that is killed again and again while a task runs, and whoever watches the task.

use super::{
    database::{Database, Engine},
    process::{Process, call, connect, rollcall, start},
};
use axum::http::{Method, header};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use rollcall_shared::{
    account::Account,
    app::{App, SdkAppId},
    job::{Job, JobState},
    list::Page,
    paths,
};
use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection as _};
use std::net::SocketAddr;
use tempfile::TempDir;

/// How often a server is killed if nothing else is said.
const KILLS: u64 = 3;

/// Says something else: `cargo xtask crash` does.
pub const KILLS_ENV: &str = "ROLLCALL_TEST_KILLS";

/// How often the server is killed in each task.
pub fn kills() -> u64 {
    std::env::var(KILLS_ENV).map_or(KILLS, |number| number.parse().unwrap())
}

/// A server with an application, and an operator who is signed in.
pub struct Run {
    pub data: TempDir,
    pub app: SdkAppId,
    pub server: Process,
    pub cookie: String,
    database: Database,
    demo: Value,
    random: u64,
}

impl Run {
    /// With so many demo accounts, beside `administrator`.
    pub async fn begin(engine: Engine, accounts: u64) -> Self {
        let data = tempfile::tempdir().unwrap();
        let database = Database::create(engine, data.path()).await;
        let nowhere = SocketAddr::from(([127, 0, 0, 1], 1));
        let mut demo = rollcall(data.path(), database.url(), nowhere);
        let output = demo.args(["demo", "--accounts", &accounts.to_string(), "--json"]).output().unwrap();
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

    /// Calls the API, which must not refuse it.
    pub async fn call(&self, method: Method, path: &str, body: &Value) -> Value {
        let mut sender = connect(self.server.address).await;
        let auth = (&header::COOKIE, self.cookie.as_str());
        let (status, _, answer) = call(&mut sender, method, path, auth, body).await.unwrap();
        assert!((200..300).contains(&status), "{path}: {status} {answer}");
        answer
    }

    /// Sends or fetches bytes as they are.
    pub async fn bytes(&self, method: Method, path: &str, body: Vec<u8>) -> (u16, Bytes) {
        let mut sender = connect(self.server.address).await;
        let request = hyper::Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, self.server.address.to_string())
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, "application/octet-stream")
            .body(Full::new(Bytes::from(body)))
            .unwrap();
        let answer = sender.send_request(request).await.unwrap();
        let status = answer.status().as_u16();
        (status, answer.into_body().collect().await.unwrap().to_bytes())
    }

    /// The task at a path. One that failed ends the test.
    pub async fn job(&self, path: &str) -> Job {
        let job: Job = serde_json::from_value(self.call(Method::GET, path, &Value::Null).await).unwrap();
        assert!(!job.state.is_final() || job.state == JobState::Done, "{:?}", job.error);
        job
    }

    /// A number below `end`, the same ones in each run.
    pub fn next(&mut self, end: u64) -> u64 {
        self.random =
            self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.random >> 33) % end
    }

    /// Ends the server as a fault of the machine would.
    pub fn end(&mut self) {
        self.server.child.kill().unwrap();
        self.server.child.wait().unwrap();
    }

    /// Lets the leases of a server that ended run out, and starts another.
    pub async fn start_again(&mut self) {
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

    /// Every account, page by page.
    pub async fn accounts(&self) -> Vec<Account> {
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

    /// How many accounts the application says that it has.
    pub async fn total(&self) -> i64 {
        let app = self.call(Method::GET, &paths::app(self.app), &Value::Null).await;
        serde_json::from_value::<App>(app).unwrap().accounts
    }
}
