//! As much HTTP/1.1 as waiting for a server and signing in take: one request per connection, to the loopback.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use crate::process::{Failure, Result};

/// An answer: its status, its head as it came, and its body.
pub struct Answer {
    /// The status code.
    pub status: u16,
    head: String,
    /// The body, not decoded.
    pub body: String,
}

impl Answer {
    /// The first part of the cookie that the answer sets: `name=value`.
    pub fn cookie(&self) -> Option<&str> {
        let line = self.head.lines().find(|line| line.to_ascii_lowercase().starts_with("set-cookie:"))?;
        line.split_once(':')?.1.split(';').next().map(str::trim)
    }
}

/// GET `path`.
pub fn get(port: u16, path: &str) -> Result<Answer> {
    get_with(port, path, "")
}

/// GET `path` with a cookie (`name=value`).
pub fn get_as(port: u16, path: &str, cookie: &str) -> Result<Answer> {
    get_with(port, path, &format!("Cookie: {cookie}\r\n"))
}

fn get_with(port: u16, path: &str, headers: &str) -> Result<Answer> {
    let head = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n");
    request(port, &format!("{head}{headers}\r\n"))
}

/// POST `body`, which is JSON, to `path`.
pub fn post(port: u16, path: &str, body: &str) -> Result<Answer> {
    let length = body.len();
    let head = format!("POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n");
    request(port, &format!("{head}Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"))
}

fn request(port: u16, text: &str) -> Result<Answer> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(2))?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    stream.write_all(text.as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let answer = String::from_utf8_lossy(&answer);
    let (head, body) = answer
        .split_once("\r\n\r\n")
        .ok_or_else(|| Failure::new("the server's answer has no end of head"))?;
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
    let status = status.ok_or_else(|| Failure::new(format!("not an HTTP answer: {head}")))?;
    Ok(Answer { status, head: head.to_owned(), body: body.to_owned() })
}
