//! A server as a process of its own, for tests that need signals and sockets.

use super::kills::KILLS_ENV;
use axum::http::{Method, Request, header};
use http_body_util::{BodyExt, Full};
use hyper::{body::Bytes, client::conn::http1::SendRequest};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use std::{
    io::BufRead,
    net::{SocketAddr, TcpListener},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
};
use tokio::net::TcpStream;

/// A server process; killed when the test ends, however it ends.
pub struct Process {
    pub child: Child,
    pub address: SocketAddr,
}

impl Process {
    /// Sends it a signal by its name.
    pub fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &pid]).status().unwrap().success());
    }

    /// Waits for its end.
    pub fn ended(&mut self) -> ExitStatus {
        self.child.wait().unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The program with what every command of it needs.
pub fn rollcall(data: &Path, database: &str, address: SocketAddr) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rollcall"));
    command.args(["--data", &data.display().to_string(), "--database-url", database]);
    command.args(["--listen", &address.to_string()]);
    // It refuses settings that it does not know, and this one is ours.
    command.env_remove(KILLS_ENV);
    command
}

/// Starts the server and waits for the line that says it listens.
pub fn start(data: &Path, database: &str) -> Process {
    start_with(&[], data, database, Stdio::inherit())
}

/// The same with more arguments and another place for its log.
pub fn start_with(arguments: &[&str], data: &Path, database: &str, log: Stdio) -> Process {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut command = rollcall(data, database, free);
    let mut child = command.arg("serve").args(arguments).stdout(Stdio::piped()).stderr(log).spawn().unwrap();
    let said = std::io::BufReader::new(child.stdout.take().unwrap());
    let mut lines = said.lines().map_while(Result::ok);
    assert!(lines.any(|line| line.starts_with("Rollcall serves")), "the server did not start");
    // Read on, so that the server never waits for a full pipe.
    std::thread::spawn(move || lines.for_each(drop));
    Process { child, address: free }
}

/// One keep-alive connection.
pub async fn connect(address: SocketAddr) -> SendRequest<Full<Bytes>> {
    let stream = TokioIo::new(TcpStream::connect(address).await.unwrap());
    let (sender, connection) = hyper::client::conn::http1::handshake(stream).await.unwrap();
    tokio::spawn(connection);
    sender
}

/// Sends a request; `None` when the server died over it.
pub async fn call(
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
