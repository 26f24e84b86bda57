//! `/api/v1/apps/{app}/events`: server-sent events for a console that watches. Jobs are read from the database,
//! and only while someone listens, so progress is seen whichever server does the work; changed accounts are a
//! hint, of whichever server it was.
//!
//! | event | data | when |
//! |---|---|---|
//! | `job` | a Job | it was enqueued, moved on or ended |
//! | `account` | `{"change","user_ids"}` | accounts were created, updated or deleted; `missed`: read the list again |
//!
//! The id of an event is its time. A browser that comes back with `Last-Event-ID` also gets the jobs that ended
//! meanwhile, and `missed`.

use crate::{changes::News, extract::AppReader, state::AppState};
use axum::{
    extract::State,
    http::HeaderMap,
    response::sse::{Event, KeepAlive, Sse},
};
use futures::{Stream, stream};
use rollcall_shared::{app::SdkAppId, job::Job, time::Timestamp};
use serde_json::json;
use std::{
    collections::{HashMap, VecDeque},
    convert::Infallible,
    time::Duration,
};
use tokio::{
    sync::broadcast::{self, error::RecvError},
    time::{self, Instant},
};

/// How often jobs are read while one of them is under way.
const BUSY: Duration = Duration::from_millis(250);
/// How often they are read otherwise: another replica may have enqueued one.
const IDLE: Duration = Duration::from_secs(2);
/// How often a silent stream says that it lives.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How long a stream lasts. The browser comes back by itself and its permission is looked at again.
const LIFE: Duration = Duration::from_secs(10 * 60);
/// How many jobs are watched.
const WATCHED: u32 = 50;

/// Events of the application: `job` and `account`.
#[utoipa::path(get, path = "/api/v1/apps/{app}/events", tag = "jobs", security(("session" = []), ("token" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID"),
        ("Last-Event-ID" = Option<String>, Header, description = "The id of the last event that was seen")),
    responses((status = 200, content_type = "text/event-stream", body = String,
        description = "Events `job` (a Job) and `account` (`change`, `user_ids`)")))]
pub async fn listen(
    State(state): State<AppState>,
    reader: AppReader,
    headers: HeaderMap,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok());
    let since = last.and_then(|text| text.parse().ok()).map(Timestamp::from_millis);
    let listener = Listener::new(state, reader.id(), since);
    let events = stream::unfold(listener, Listener::next);
    Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT))
}

struct Listener {
    state: AppState,
    app: SdkAppId,
    news: broadcast::Receiver<(SdkAppId, News)>,
    /// Jobs that ended after this are told of too, even if nobody saw them begin.
    since: Timestamp,
    seen: HashMap<String, Job>,
    waiting: VecDeque<Event>,
    read_at: Instant,
    ends_at: Instant,
}

impl Listener {
    fn new(state: AppState, app: SdkAppId, since: Option<Timestamp>) -> Self {
        let now = Instant::now();
        let mut listener = Self {
            news: state.changes.listen(),
            since: since.unwrap_or_else(|| state.clock.now()),
            state,
            app,
            seen: HashMap::new(),
            waiting: VecDeque::new(),
            read_at: now,
            ends_at: now + LIFE,
        };
        if since.is_some() {
            listener.missed();
        }
        listener
    }

    /// The next event; none when the server stops or the stream's time is over.
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        let stop = self.state.stop.clone();
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Some((Ok(event), self));
            }
            tokio::select! {
                () = stop.cancelled() => return None,
                () = time::sleep_until(self.ends_at) => return None,
                () = time::sleep_until(self.read_at) => self.read_jobs().await,
                news = self.news.recv() => match news {
                    Ok((_, News::Missed)) => self.missed(),
                    Ok((app, news)) if app == self.app => self.take(news),
                    Ok(_) => {}
                    Err(RecvError::Lagged(_)) => self.missed(),
                    Err(RecvError::Closed) => return None,
                },
            }
            if !self.waiting.is_empty() {
                // Whoever hears of a change reads again, perhaps from the replica, and must find it there.
                self.state.store.replica_follows().await;
            }
        }
    }

    fn take(&mut self, news: News) {
        match news {
            News::Accounts(change, user_ids) => {
                self.tell("account", &json!({ "change": change, "user_ids": user_ids }));
            }
            News::Jobs => self.read_at = Instant::now(),
            News::Kicked | News::Pushed | News::Missed | News::Ping => {}
        }
    }

    fn missed(&mut self) {
        self.tell("account", &json!({ "change": "missed", "user_ids": [] }));
    }

    async fn read_jobs(&mut self) {
        let jobs = match self.state.store.jobs(self.app, WATCHED).await {
            Ok(jobs) => jobs,
            Err(error) => {
                tracing::warn!(%error, "a listener could not read the jobs");
                Vec::new()
            }
        };
        let busy = jobs.iter().any(|job| !job.state.is_final());
        self.read_at = Instant::now() + if busy { BUSY } else { IDLE };
        // Oldest first, as they happened.
        for job in jobs.into_iter().rev() {
            if self.is_news(&job) {
                if let Ok(data) = serde_json::to_value(&job) {
                    self.tell("job", &data);
                }
                self.seen.insert(job.id.clone(), job);
            }
        }
    }

    fn is_news(&self, job: &Job) -> bool {
        match self.seen.get(&job.id) {
            Some(before) => before != job,
            None => !job.state.is_final() || job.finished_at > Some(self.since),
        }
    }

    fn tell(&mut self, name: &str, data: &serde_json::Value) {
        let id = self.state.clock.now().millis().to_string();
        self.waiting.push_back(Event::default().event(name).id(id).data(data.to_string()));
    }
}
