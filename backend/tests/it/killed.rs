//! A server that is killed in the middle of creations: what it acknowledged is there afterwards, and is found. And
//! one that goes on when nobody reads its log.

use crate::support::{
    Engine,
    database::Database,
    process::{call, connect, rollcall, start, start_with},
};
use axum::http::{Method, header};
use rollcall_shared::{
    account::Account,
    app::{App, SdkAppId},
    list::Page,
    paths,
};
use serde_json::{Value, json};
use std::{
    net::SocketAddr,
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

const CONNECTIONS: usize = 16;
/// The server dies when so many creations were acknowledged, while others are under way.
const KILL_AFTER: usize = 200;

/// An application and the cookie of an operator, made by the demo.
async fn sign_in(address: SocketAddr, demo: &Value) -> (SdkAppId, String) {
    let mut sender = connect(address).await;
    let none = (&header::ACCEPT, "application/json");
    let (status, headers, _) =
        call(&mut sender, Method::POST, &paths::session(), none, &demo["operator"]).await.unwrap();
    assert_eq!(status, 200);
    let cookie = headers[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
    (SdkAppId(demo["app"]["sdkappid"].as_i64().unwrap()), cookie)
}

/// Creates accounts from one connection until the server is gone; the names that were acknowledged.
async fn create_until_dead(
    address: SocketAddr,
    app: SdkAppId,
    cookie: String,
    worker: usize,
    done: Arc<AtomicUsize>,
) -> Vec<String> {
    let mut sender = connect(address).await;
    let mut acknowledged = Vec::new();
    for n in 0.. {
        let user_id = format!("w{worker}-{n}");
        let body = json!({ "user_id": user_id, "nickname": format!("明 {worker} {n}") });
        let auth = (&header::COOKIE, cookie.as_str());
        let Some((status, ..)) = call(&mut sender, Method::POST, &paths::accounts(app), auth, &body).await
        else {
            break;
        };
        assert_eq!(status, 201);
        acknowledged.push(user_id);
        done.fetch_add(1, Ordering::Relaxed);
    }
    acknowledged
}

async fn killed(engine: Engine) {
    let data = tempfile::tempdir().unwrap();
    let database = Database::create(engine, data.path()).await;
    let nowhere = SocketAddr::from(([127, 0, 0, 1], 1));
    let mut demo = rollcall(data.path(), database.url(), nowhere);
    let output = demo.args(["demo", "--accounts", "0", "--json"]).output().unwrap();
    let demo: Value = serde_json::from_slice(&output.stdout).unwrap();

    let mut server = start(data.path(), database.url());
    let (app, cookie) = sign_in(server.address, &demo).await;
    let done = Arc::new(AtomicUsize::new(0));
    let workers: Vec<_> = (0..CONNECTIONS)
        .map(|w| tokio::spawn(create_until_dead(server.address, app, cookie.clone(), w, done.clone())))
        .collect();
    while done.load(Ordering::Relaxed) < KILL_AFTER {
        tokio::task::yield_now().await;
    }
    server.child.kill().unwrap();
    let mut acknowledged = Vec::new();
    for worker in workers {
        acknowledged.extend(worker.await.unwrap());
    }
    assert!(acknowledged.len() >= KILL_AFTER);

    let server = start(data.path(), database.url());
    // Another port is another cookie.
    let (_, cookie) = sign_in(server.address, &demo).await;
    let mut sender = connect(server.address).await;
    let auth = (&header::COOKIE, cookie.as_str());
    for user_id in &acknowledged {
        let path = format!("{}?q={user_id}&limit=200", paths::accounts(app));
        let (status, _, page) = call(&mut sender, Method::GET, &path, auth, &Value::Null).await.unwrap();
        assert_eq!(status, 200);
        let page: Page<Account> = serde_json::from_value(page).unwrap();
        assert!(page.items.iter().any(|a| a.user_id == *user_id), "{user_id} was acknowledged and is lost");
    }
    let (_, _, page) = call(
        &mut sender,
        Method::GET,
        &format!("{}?limit=1&count=exact", paths::accounts(app)),
        auth,
        &Value::Null,
    )
    .await
    .unwrap();
    let (_, _, totals) = call(&mut sender, Method::GET, &paths::app(app), auth, &Value::Null).await.unwrap();
    let totals: App = serde_json::from_value(totals).unwrap();
    let page: Page<Account> = serde_json::from_value(page).unwrap();
    assert_eq!(page.count.map(|c| c.value), u64::try_from(totals.accounts).ok());
    assert!(totals.accounts > i64::try_from(acknowledged.len()).unwrap(), "administrator is one more");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_survives_a_kill_on_sqlite() {
    killed(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_survives_a_kill_on_postgres() {
    killed(Engine::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_whose_log_nobody_reads_answers_and_ends() {
    let data = tempfile::tempdir().unwrap();
    let database = Database::create(Engine::Sqlite, data.path()).await;
    let mut server = start_with(&[], data.path(), database.url(), Stdio::piped());
    drop(server.child.stderr.take());
    let mut sender = connect(server.address).await;
    let none = (&header::ACCEPT, "application/json");
    let answer = call(&mut sender, Method::GET, "/healthz", none, &Value::Null).await;
    assert_eq!(answer.expect("an answer").0, 200);
    let told = Command::new("kill").args(["-TERM", &server.child.id().to_string()]).status().unwrap();
    assert!(told.success());
    assert!(server.child.wait().unwrap().success());
}
