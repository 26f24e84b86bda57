//! A server that is killed in the middle of creations: what it acknowledged is there afterwards, and is found. And
//! one that goes on when nobody reads its log. The tests here that need a process and sockets.

use crate::support::{Engine, database::Database};
use axum::http::{Method, Request, header};
use http_body_util::{BodyExt, Full};
use hyper::{body::Bytes, client::conn::http1::SendRequest};
use hyper_util::rt::TokioIo;
use rollcall_shared::{
    account::Account,
    app::{App, SdkAppId},
    list::Page,
    paths,
};
use serde_json::{Value, json};
use std::{
    io::BufRead,
    net::{SocketAddr, TcpListener},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio::net::TcpStream;

const CONNECTIONS: usize = 16;
/// The server dies when so many creations were acknowledged, while others are under way.
const KILL_AFTER: usize = 200;

/// A server process; killed when the test ends, however it ends.
struct Server {
    child: Child,
    address: SocketAddr,
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may be dead already, which is what this test does to it.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn rollcall(data: &Path, database: &str, address: SocketAddr) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rollcall"));
    command.args(["--data", &data.display().to_string(), "--database-url", database]);
    command.args(["--listen", &address.to_string()]);
    command
}

/// Starts the server and waits for the line that says it listens.
fn start(data: &Path, database: &str) -> Server {
    start_with(data, database, Stdio::inherit())
}

/// The same with another place for its log.
fn start_with(data: &Path, database: &str, log: Stdio) -> Server {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut command = rollcall(data, database, free);
    let mut child = command.arg("serve").stdout(Stdio::piped()).stderr(log).spawn().unwrap();
    let said = std::io::BufReader::new(child.stdout.take().unwrap());
    let mut lines = said.lines().map_while(Result::ok);
    assert!(lines.any(|line| line.starts_with("Rollcall serves")), "the server did not start");
    // Read on, so that the server never waits for a full pipe.
    std::thread::spawn(move || lines.for_each(drop));
    Server { child, address: free }
}

/// One keep-alive connection.
async fn connect(address: SocketAddr) -> SendRequest<Full<Bytes>> {
    let stream = TokioIo::new(TcpStream::connect(address).await.unwrap());
    let (sender, connection) = hyper::client::conn::http1::handshake(stream).await.unwrap();
    tokio::spawn(connection);
    sender
}

/// Sends a request; `None` when the server died over it.
async fn call(
    sender: &mut SendRequest<Full<Bytes>>,
    method: Method,
    path: &str,
    auth: (&header::HeaderName, &str),
    body: &Value,
) -> Option<(u16, header::HeaderMap, Value)> {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, "127.0.0.1")
        .header(header::CONTENT_TYPE, "application/json")
        .header(auth.0, auth.1)
        .body(Full::new(Bytes::from(body.to_string())))
        .unwrap();
    sender.ready().await.ok()?;
    let response = sender.send_request(request).await.ok()?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let bytes = response.into_body().collect().await.ok()?.to_bytes();
    Some((status, headers, serde_json::from_slice(&bytes).unwrap_or_default()))
}

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
    let mut server = start_with(data.path(), database.url(), Stdio::piped());
    drop(server.child.stderr.take());
    let mut sender = connect(server.address).await;
    let none = (&header::ACCEPT, "application/json");
    let answer = call(&mut sender, Method::GET, "/healthz", none, &Value::Null).await;
    assert_eq!(answer.expect("an answer").0, 200);
    let told = Command::new("kill").args(["-TERM", &server.child.id().to_string()]).status().unwrap();
    assert!(told.success());
    assert!(server.child.wait().unwrap().success());
}
