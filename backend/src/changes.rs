//! News for the consoles that listen, and for what runs beside the handlers, from the handlers of this server and, by
//! [`crate::relay`], of the others. A hint and no more: what is true stands in the database.

use rollcall_shared::{
    app::SdkAppId,
    selection::{ItemResult, ItemStatus},
};
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast;

/// How much news a slow listener may lag behind before it is told to read again.
const BACKLOG: usize = 256;

/// What happened to accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// They are new.
    Created,
    /// They have other values now.
    Updated,
    /// They are gone.
    Deleted,
}

/// Something happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum News {
    /// To these accounts.
    Accounts(ChangeKind, Vec<String>),
    /// A job was enqueued or cancelled.
    Jobs,
    /// An account was kicked: connections of its clients are to be ended.
    Kicked,
    /// There is a push to all members.
    Pushed,
    /// Something happened in any application that nobody can name any more.
    Missed,
    /// Nothing happened: servers tell each other that they are heard. Nobody else is told.
    Ping,
}

/// Where news is told.
#[derive(Clone, Debug)]
pub struct Changes {
    /// What happened, wherever.
    all: broadcast::Sender<(SdkAppId, News)>,
    /// What happened at this server.
    own: broadcast::Sender<(SdkAppId, News)>,
}

impl Default for Changes {
    fn default() -> Self {
        Self { all: broadcast::Sender::new(BACKLOG), own: broadcast::Sender::new(BACKLOG) }
    }
}

impl Changes {
    /// Tells of changed accounts.
    pub fn accounts(&self, app: SdkAppId, kind: ChangeKind, user_ids: Vec<String>) {
        if !user_ids.is_empty() {
            self.tell(app, News::Accounts(kind, user_ids));
        }
    }

    /// Tells of what a batch did.
    pub fn results(&self, app: SdkAppId, results: &[ItemResult]) {
        for (status, kind) in [
            (ItemStatus::Created, ChangeKind::Created),
            (ItemStatus::Updated, ChangeKind::Updated),
            (ItemStatus::Deleted, ChangeKind::Deleted),
        ] {
            let of_kind = results.iter().filter(|result| result.status == status);
            self.accounts(app, kind, of_kind.map(|result| result.user_id.clone()).collect());
        }
    }

    /// Tells that there is news of a job.
    pub fn jobs(&self, app: SdkAppId) {
        self.tell(app, News::Jobs);
    }

    /// Tells that an account was kicked.
    pub fn kicked(&self, app: SdkAppId) {
        self.tell(app, News::Kicked);
    }

    /// Tells that there is a push.
    pub fn pushed(&self, app: SdkAppId) {
        self.tell(app, News::Pushed);
    }

    /// Listens from now on.
    pub fn listen(&self) -> broadcast::Receiver<(SdkAppId, News)> {
        self.all.subscribe()
    }

    /// Listens to what happens at this server.
    pub fn own(&self) -> broadcast::Receiver<(SdkAppId, News)> {
        self.own.subscribe()
    }

    /// Passes on what happened at another server.
    pub fn hear(&self, app: SdkAppId, news: News) {
        // The only error is that nobody listens, and nobody has to.
        let _ = self.all.send((app, news));
    }

    /// Tells everyone here that something may have been missed.
    pub fn missed(&self) {
        self.hear(SdkAppId(0), News::Missed);
    }

    fn tell(&self, app: SdkAppId, news: News) {
        let _ = self.own.send((app, news.clone()));
        self.hear(app, news);
    }
}
