//! One request to a webhook, and what came of it.

use super::network::{PublicNames, REFUSED, is_public};
use reqwest::{Response, Url, redirect};
use rollcall_shared::webhook::WebhookAnswer;
use serde_json::Value;
use std::{error::Error, net::IpAddr, sync::Arc, time::Duration};
use tokio::time::Instant;

/// How long a receiver has for its answer, as the vendor's documents say.
const PATIENCE: Duration = Duration::from_secs(2);
/// As many bytes of an answer are read, and kept.
const READ_MAX: usize = 4096;
const KEPT_MAX: usize = 500;

/// Sends requests to webhooks.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    private_networks: bool,
}

impl Client {
    /// Allowed to ask addresses in private networks, or not.
    ///
    /// # Errors
    /// The system's certificates cannot be used.
    pub fn new(private_networks: bool) -> Result<Self, reqwest::Error> {
        // Fails only if there is one already, which is as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut http = reqwest::Client::builder()
            .user_agent(concat!("rollcall/", env!("CARGO_PKG_VERSION")))
            .timeout(PATIENCE)
            .redirect(redirect::Policy::none())
            .no_proxy();
        if !private_networks {
            http = http.dns_resolver(Arc::new(PublicNames));
        }
        Ok(Self { http: http.build()?, private_networks })
    }

    /// Posts `body`; whatever goes wrong is told in the answer.
    pub async fn post(&self, url: Url, body: &Value) -> WebhookAnswer {
        let begun = Instant::now();
        let (status, text) = match self.send(url, body).await {
            Ok((status, text)) => (status, text),
            Err(error) => (0, error),
        };
        let millis = u32::try_from(begun.elapsed().as_millis()).unwrap_or(u32::MAX);
        WebhookAnswer { status: u32::from(status), text: shown(&text), millis }
    }

    async fn send(&self, url: Url, body: &Value) -> Result<(u16, String), String> {
        // The resolver is not asked about an address that is written out.
        let literal = url.host_str().map(|host| host.trim_matches(['[', ']']));
        let literal = literal.and_then(|host| host.parse::<IpAddr>().ok());
        if !self.private_networks && literal.is_some_and(|address| !is_public(address)) {
            return Err(REFUSED.to_owned());
        }
        let request = self.http.post(url).header("content-type", "application/json").body(body.to_string());
        let answer = request.send().await.map_err(reason)?;
        let status = answer.status().as_u16();
        Ok((status, beginning(answer).await))
    }
}

/// The beginning of an answer's body, as far as it arrives in time.
async fn beginning(mut answer: Response) -> String {
    let mut read = Vec::new();
    while read.len() < READ_MAX
        && let Ok(Some(chunk)) = answer.chunk().await
    {
        read.extend_from_slice(&chunk[..chunk.len().min(READ_MAX - read.len())]);
    }
    String::from_utf8_lossy(&read).into_owned()
}

/// What went wrong, as the innermost error tells it. Without the URL, whose query may hold a secret.
fn reason(error: reqwest::Error) -> String {
    if error.is_timeout() {
        return format!("no answer within {} seconds", PATIENCE.as_secs());
    }
    let error = error.without_url();
    let mut innermost: &dyn Error = &error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

/// As much of a text as is kept, without what neither a database nor a page should hold.
fn shown(text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_control() || *c == '\n').collect();
    text[..text.floor_char_boundary(KEPT_MAX)].to_owned()
}
