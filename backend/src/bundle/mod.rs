//! Everything that is held about one account, written into a ZIP. Rows are read in pages and written by a thread of its own
//! into a nameless file of the scratch folder, so memory does not grow with what there is. What is read is the store's
//! business.

mod archive;
mod readme;

use crate::{
    error::{ApiError, ApiResult},
    state::AppState,
};
use archive::Part;
use rollcall_shared::{app::App, time::Timestamp};
use rollcall_store::{
    StoreError,
    persons::{Held, Marks, Profile},
};
use serde::Serialize;
use std::fs::File;
use tokio::sync::mpsc;

/// How many pages may wait for the writer.
const QUEUE: usize = 2;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The application.
    pub app: App,
    /// The username.
    pub user_id: String,
    /// Who asks, for people to read.
    pub by: String,
    /// When.
    pub now: Timestamp,
}

/// What it is called for the download: of the username only what is harmless in any file system.
pub fn name(user_id: &str, now: Timestamp) -> String {
    let words: Vec<&str> =
        user_id.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let words = if words.is_empty() { "account".to_owned() } else { words.join("-") };
    format!("{words}-held-{}.zip", now.date())
}

/// What a file of rows is called.
const fn file_of(kind: Held) -> &'static str {
    match kind {
        Held::Groups => "groups.ndjson",
        Held::Pushes => "pushes.ndjson",
        Held::Sessions => "sessions.ndjson",
        Held::ApiCalls => "api-calls.ndjson",
        Held::Events => "events.ndjson",
        Held::Jobs => "jobs.ndjson",
        Held::Answers => "answers.ndjson",
    }
}

/// Makes the ZIP: an open file at its beginning, and how long it is. `None` if nothing is held.
///
/// # Errors
/// The database failed, or the file cannot be written or would be too large; nothing of it is left.
pub async fn make(state: &AppState, asked: Asked) -> ApiResult<Option<(File, u64)>> {
    let (sender, inbox) = mpsc::channel(QUEUE);
    let scratch = state.scratch.clone();
    let writer = tokio::task::spawn_blocking(move || archive::write(&scratch, inbox));
    let fed = feed(state, &asked, &sender).await;
    drop(sender);
    let written = writer.await.map_err(|panic| ApiError::internal(&panic))?;
    match fed {
        Ok(true) => written.map(Some).map_err(|error| ApiError::internal(&error)),
        Ok(false) => Ok(None),
        Err(Fed::Refused(error)) => Err(error),
        Err(Fed::WriterGone) => Err(match written {
            Err(error) => ApiError::internal(&error),
            Ok(_) => ApiError::internal(&"the bundle was abandoned"),
        }),
    }
}

/// Why the reader ended early.
enum Fed {
    Refused(ApiError),
    WriterGone,
}

impl From<ApiError> for Fed {
    fn from(error: ApiError) -> Self {
        Self::Refused(error)
    }
}

impl From<StoreError> for Fed {
    fn from(error: StoreError) -> Self {
        Self::Refused(error.into())
    }
}

/// Reads everything and sends it to the writer; whether there is anything.
async fn feed(state: &AppState, asked: &Asked, sender: &mpsc::Sender<Part>) -> Result<bool, Fed> {
    let Asked { app, user_id, .. } = asked;
    let send = async |part| sender.send(part).await.map_err(|_| Fed::WriterGone);
    let profile = state.store.profile(app.sdkappid, user_id).await?;
    let marks = state.store.marks(app.sdkappid, user_id).await?;
    let mut held = profile.is_some() || !marks.is_empty();
    if let Some(profile) = &profile {
        send(Part::File("profile.json", json::<Profile>(profile)?)).await?;
    }
    send(Part::File("marks.json", json::<Marks>(&marks)?)).await?;
    for kind in Held::ALL {
        let mut after: Option<String> = None;
        loop {
            let page = state.store.held(app.sdkappid, user_id, kind, after.as_deref()).await?;
            held |= !page.rows.is_empty();
            send(Part::Rows(file_of(kind), page.rows)).await?;
            after = page.after;
            if after.is_none() {
                break;
            }
        }
    }
    send(Part::File("README.txt", readme::text(asked, profile.is_some()).into_bytes())).await?;
    if held {
        send(Part::End).await?;
    }
    Ok(held)
}

fn json<T: Serialize>(value: &T) -> ApiResult<Vec<u8>> {
    let text = serde_json::to_string_pretty(value).map_err(|error| ApiError::internal(&error))?;
    Ok((text + "\n").into_bytes())
}

#[cfg(test)]
mod tests {
    use super::name;
    use rollcall_shared::time::Timestamp;

    #[test]
    fn a_name_is_harmless_whatever_the_user_id() {
        let day: Timestamp = "2026-11-22".parse().unwrap();
        assert_eq!(name("ming_1", day), "ming-1-held-2026-11-22.zip");
        assert_eq!(name("../..\\\"; x=\"a\r\n", day), "x-a-held-2026-11-22.zip");
        assert_eq!(name("%%", day), "account-held-2026-11-22.zip");
    }
}
