//! The log of calls: what was asked and answered, for developers to look at. Written beside the calls and not within them:
//! each second, and of a busy application a few calls of each second only.

use super::{admin, answer::Envelope};
use crate::{secrets, state::AppState};
use axum::http::{Method, Uri};
use rollcall_shared::{
    api_call::{ApiCall, CALL_TEXT_MAX},
    app::SdkAppId,
    time::Timestamp,
};
use serde_json::Value;
use std::{
    fmt,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use tokio::time;

/// How often what was noted is written.
const WRITE: Duration = Duration::from_secs(1);
/// As many calls of one application, and of all, are noted between two writings.
const OF_APP: usize = 20;
const OF_ALL: usize = 500;
/// What stands for a secret.
const MASKED: &str = "•••";
/// The most bytes of a caller's name that are kept: more than any account's.
const NAME_MAX: usize = 64;

/// Calls that were noted and not written yet.
pub struct CallLog {
    waiting: Mutex<Vec<(SdkAppId, ApiCall)>>,
    /// Tells this process's calls from those of others, and from each other.
    process: u32,
    next: AtomicU32,
}

impl fmt::Debug for CallLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CallLog")
    }
}

impl CallLog {
    /// Of this process.
    ///
    /// # Errors
    /// The system's random source failed.
    pub fn new() -> Result<Self, secrets::SecretError> {
        let process = u32::from_be_bytes(secrets::random()?);
        Ok(Self { waiting: Mutex::default(), process, next: AtomicU32::new(0) })
    }

    /// Notes a call, unless the application has many.
    pub fn note(&self, call: &Heard<'_>, envelope: &Envelope, now: Timestamp) {
        let Some((app, identifier)) = admin::named(call.uri.query().unwrap_or_default()) else { return };
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() >= OF_ALL || waiting.iter().filter(|(of, _)| *of == app).count() >= OF_APP {
            return;
        }
        let path = call.uri.path();
        let call = ApiCall {
            id: self.id(now),
            at: now,
            identifier: kept(&identifier, NAME_MAX),
            command: kept(path.strip_prefix("/v4/").unwrap_or(path), NAME_MAX),
            code: envelope.code,
            micros: u32::try_from(call.took.as_micros()).unwrap_or(u32::MAX),
            request: kept(&request(call), CALL_TEXT_MAX),
            answer: kept(&envelope.text, CALL_TEXT_MAX),
        };
        waiting.push((app, call));
    }

    fn id(&self, now: Timestamp) -> String {
        let next = self.next.fetch_add(1, Ordering::Relaxed);
        format!("{:013}-{:08x}{next:08x}", now.millis(), self.process)
    }

    fn take(&self) -> Vec<(SdkAppId, ApiCall)> {
        std::mem::take(&mut self.waiting.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A call as it came in, and how long it took.
#[derive(Debug)]
pub struct Heard<'a> {
    /// The method.
    pub method: &'a Method,
    /// Path and query.
    pub uri: &'a Uri,
    /// The body, as far as it was read.
    pub body: &'a [u8],
    /// How long it took.
    pub took: Duration,
}

/// The first line and the body, without secrets.
fn request(Heard { method, uri, body, .. }: &Heard<'_>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
        if !is_secret(&name) {
            query.append_pair(&name, &value);
        }
    }
    let (path, query) = (uri.path(), query.finish());
    format!("{method} {path}?{query}&usersig={MASKED}\n\n{}", masked(body))
}

fn masked(body: &[u8]) -> String {
    let Ok(mut value) = serde_json::from_slice::<Value>(body) else {
        return String::from_utf8_lossy(body).into_owned();
    };
    if mask(&mut value) { value.to_string() } else { String::from_utf8_lossy(body).into_owned() }
}

/// Hides values whose names say that they are secret; whether there were any.
fn mask(value: &mut Value) -> bool {
    match value {
        Value::Object(fields) => {
            let mut found = false;
            for (name, value) in fields {
                if is_secret(name) {
                    *value = MASKED.into();
                    found = true;
                } else {
                    found |= mask(value);
                }
            }
            found
        }
        Value::Array(values) => values.iter_mut().fold(false, |found, value| mask(value) | found),
        _ => false,
    }
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["sig", "token", "secret", "password"].iter().any(|word| name.contains(word))
}

/// As much of a text as is kept, without what a database cannot hold.
fn kept(text: &str, most: usize) -> String {
    let text = text.replace('\0', "");
    text[..text.floor_char_boundary(most)].to_owned()
}

/// Writes what was noted, each second until the server stops.
pub async fn run(state: AppState) {
    let mut ticks = time::interval(WRITE);
    loop {
        let stopped = tokio::select! {
            () = state.stop.cancelled() => true,
            _ = ticks.tick() => false,
        };
        if let Err(error) = write(&state).await {
            tracing::warn!(%error, "calls of the server API could not be logged");
        }
        if stopped {
            return;
        }
    }
}

/// Writes what was noted.
///
/// # Errors
/// The database failed; what was noted is lost.
pub async fn write(state: &AppState) -> Result<(), rollcall_store::StoreError> {
    let calls = state.call_log.take();
    if calls.is_empty() { Ok(()) } else { state.store.keep_calls(calls).await }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_masked() {
        let uri: Uri = "/v4/a/b?sdkappid=1&usersig=eJx*&identifier=x&random=1".parse().unwrap();
        let body = br#"{"UserID":"a","Deep":[{"Password":"p","Nick":"n"}],"token":"t"}"#;
        let call = Heard { method: &Method::POST, uri: &uri, body, took: Duration::ZERO };
        assert_eq!(
            request(&call),
            "POST /v4/a/b?sdkappid=1&identifier=x&random=1&usersig=•••\n\n\
             {\"Deep\":[{\"Nick\":\"n\",\"Password\":\"•••\"}],\"UserID\":\"a\",\"token\":\"•••\"}"
        );
        assert_eq!(masked(b"{ \"Nick\" : 1 }"), "{ \"Nick\" : 1 }", "what has no secret stays as it came");
        assert_eq!(masked(&[b'{', 0xff]), "{\u{fffd}");
    }
}
