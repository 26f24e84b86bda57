//! What a bundle holds, page by page, so that nothing is in memory whole.

use super::{Person, found};
use crate::{Result, Store};
use rollcall_shared::app::SdkAppId;
use serde_json::Value;

/// A kind of rows that can name a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// Groups that it is in, owns or made.
    Groups,
    /// Pushes that it was sent, or sent.
    Pushes,
    /// Connections of its clients.
    Sessions,
    /// Logged calls of the server API that it made, or that name it.
    ApiCalls,
    /// Events for the webhook that are about it, or that it caused.
    Events,
    /// Tasks that name it or refused it.
    Jobs,
    /// Answers that are kept for repeated creations.
    Answers,
}

impl Held {
    /// Every kind.
    pub const ALL: [Self; 7] =
        [Self::Groups, Self::Pushes, Self::Sessions, Self::ApiCalls, Self::Events, Self::Jobs, Self::Answers];
}

/// Rows that name a person.
#[derive(Clone, Debug, PartialEq)]
pub struct HeldPage {
    /// The rows, each an object. What they say of others is left out, but for the texts of logged calls.
    pub rows: Vec<Value>,
    /// Where to go on; `None` at the end.
    pub after: Option<String>,
}

impl Store {
    /// The next rows of a kind that name a person; `after` is of the page before.
    ///
    /// # Errors
    /// The database failed.
    pub async fn held(
        &self,
        app: SdkAppId,
        user_id: &str,
        kind: Held,
        after: Option<&str>,
    ) -> Result<HeldPage> {
        let person = Person::new(app, user_id);
        let page = found::page(&mut self.read().await?, &person, kind, after).await?;
        Ok(HeldPage { rows: page.rows.into_iter().filter_map(|(_, row)| row).collect(), after: page.after })
    }
}
