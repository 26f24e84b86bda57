//! Word of changed accounts, from the handlers of this process to the consoles that listen to it. A hint and no
//! more: what is true stands in the database, and changes that other replicas made are not announced here.

use rollcall_shared::app::SdkAppId;
use serde::Serialize;
use tokio::sync::broadcast;

/// How many changes a slow listener may lag behind before it is told to read again.
const BACKLOG: usize = 256;

/// What happened to accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// They are new.
    Created,
    /// They have other values now.
    Updated,
    /// They are gone.
    Deleted,
}

/// A change of accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountChange {
    /// Whose accounts.
    pub app: SdkAppId,
    /// What happened.
    pub kind: ChangeKind,
    /// To whom.
    pub user_ids: Vec<String>,
}

/// Where changes are announced.
#[derive(Clone, Debug)]
pub struct Changes(broadcast::Sender<AccountChange>);

impl Default for Changes {
    fn default() -> Self {
        Self(broadcast::Sender::new(BACKLOG))
    }
}

impl Changes {
    /// Announces a change. Nobody has to listen.
    pub fn announce(&self, app: SdkAppId, kind: ChangeKind, user_ids: Vec<String>) {
        if !user_ids.is_empty() && self.0.receiver_count() > 0 {
            // The only error is that the last listener has just gone.
            let _ = self.0.send(AccountChange { app, kind, user_ids });
        }
    }

    /// Listens from now on.
    pub fn listen(&self) -> broadcast::Receiver<AccountChange> {
        self.0.subscribe()
    }
}
