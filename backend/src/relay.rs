//! News between servers: what happened at this one is told to the others of the same database, and theirs to whoever listens here.
//! What news there is stands in [`crate::changes`]; how it travels, in the store.

use crate::{
    changes::{Changes, News},
    state::AppState,
};
use rollcall_shared::app::SdkAppId;
use rollcall_store::{
    StoreError,
    news::{Heard, NEWS_MAX, NewsListener},
};
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, time::Duration};
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time,
};

/// How long to wait before the database is asked again.
const PAUSE: Duration = Duration::from_secs(2);
/// How often a server that has nothing to tell says so, to itself as well; and after how long a silence is none.
const PING: Duration = Duration::from_secs(20);
const SILENCE: Duration = Duration::from_secs(60);
/// How many usernames one message names: fewer than fit, whatever characters they are of.
const NAMED: usize = 100;

/// News as it travels.
#[derive(Debug, Serialize, Deserialize)]
struct Message<'a> {
    /// The server where it happened.
    server: Cow<'a, str>,
    app: SdkAppId,
    news: News,
}

/// Carries news until the server stops. On SQLite there is nobody else.
pub async fn run(state: AppState) {
    let mut own = state.changes.own();
    while !state.stop.is_cancelled() {
        match state.store.listen_to_servers().await {
            Ok(None) => return,
            Ok(Some(listener)) => {
                // Whatever was told before was not heard, here and there.
                state.changes.missed();
                if let Err(error) = carry(&state, listener, &mut own).await {
                    tracing::warn!(%error, "other servers are not heard");
                }
            }
            Err(error) => tracing::warn!(%error, "other servers are not heard"),
        }
        tokio::select! {
            () = state.stop.cancelled() => return,
            () = time::sleep(PAUSE) => {}
        }
    }
}

/// Hears and tells until either fails. Neither is broken off by the other: half a reconnection would lose that something was missed.
async fn carry(
    state: &AppState,
    mut listener: NewsListener,
    own: &mut Receiver<(SdkAppId, News)>,
) -> Result<(), StoreError> {
    tell(state, SdkAppId(0), News::Missed).await?;
    let hearing = async {
        loop {
            match time::timeout(SILENCE, listener.next()).await {
                Ok(heard) => hear(&state.changes, &state.clients.server, heard?),
                // Not even this server: the connection died without a word.
                Err(_) => return Err(StoreError::Unavailable("nothing was heard for a minute".to_owned())),
            }
        }
    };
    let telling = async {
        loop {
            match time::timeout(PING, own.recv()).await {
                Ok(Ok((app, news))) => tell(state, app, news).await?,
                // More happened than could be told: the others are to look for themselves.
                Ok(Err(RecvError::Lagged(_))) => tell(state, SdkAppId(0), News::Missed).await?,
                Ok(Err(RecvError::Closed)) => return Ok(()),
                Err(_) => tell(state, SdkAppId(0), News::Ping).await?,
            }
        }
    };
    tokio::select! {
        () = state.stop.cancelled() => Ok(()),
        heard = hearing => heard,
        told = telling => told,
    }
}

fn hear(changes: &Changes, server: &str, heard: Heard) {
    let Heard::Text(text) = heard else { return changes.missed() };
    match serde_json::from_str::<Message<'_>>(&text) {
        Ok(message) if message.server == server => {}
        Ok(Message { news: News::Ping, .. }) => {}
        Ok(message) => changes.hear(message.app, message.news),
        // Of a server of another version.
        Err(error) => {
            tracing::debug!(%error, "news that this server does not understand");
            changes.missed();
        }
    }
}

async fn tell(state: &AppState, app: SdkAppId, news: News) -> Result<(), StoreError> {
    for news in parts(news) {
        let message = Message { server: Cow::Borrowed(&state.clients.server), app, news };
        let text = serde_json::to_string(&message).unwrap_or_default();
        debug_assert!(text.len() <= NEWS_MAX, "{} bytes of news", text.len());
        state.store.tell_servers(&text).await?;
    }
    Ok(())
}

/// The news in parts that fit into a message.
fn parts(news: News) -> Vec<News> {
    match news {
        News::Accounts(kind, user_ids) => {
            user_ids.chunks(NAMED).map(|some| News::Accounts(kind, some.to_vec())).collect()
        }
        other => vec![other],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::changes::ChangeKind;
    use rollcall_shared::profile::USER_ID_MAX;

    #[test]
    fn the_longest_names_fit_and_come_back() {
        let ids: Vec<String> = (0..250).map(|_| "\"".repeat(USER_ID_MAX)).collect();
        let parts = parts(News::Accounts(ChangeKind::Updated, ids));
        assert_eq!(parts.len(), 3);
        for news in parts {
            let server = Cow::Owned("s".repeat(43));
            let message = Message { server, app: SdkAppId(i64::MAX), news: news.clone() };
            let text = serde_json::to_string(&message).unwrap();
            assert!(text.len() <= NEWS_MAX, "{}", text.len());
            assert_eq!(serde_json::from_str::<Message<'_>>(&text).unwrap().news, news);
        }
    }
}
