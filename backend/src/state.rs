//! What every handler may use. Nothing of a request lives here.

use crate::{
    changes::Changes,
    chat_api::{Calls, log::CallLog},
    clients,
    clock::Clock,
    passwords::Passwords,
    places::Destinations,
    public_url::PublicUrl,
    secrets::Sealer,
    webhooks,
};
use object_store::ObjectStore;
use rollcall_store::Store;
use std::{ops::Deref, path::PathBuf, sync::Arc};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// The server's parts. The database holds all that lasts, so replicas need not know each other.
#[derive(Debug)]
pub struct Parts {
    /// Persistence.
    pub store: Store,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Encrypts secret keys at rest.
    pub sealer: Sealer,
    /// Hashes passwords.
    pub passwords: Passwords,
    /// Where browsers find the server.
    pub public_url: PublicUrl,
    /// Where the server's own files lie: those of exports and imports.
    pub files: Arc<dyn ObjectStore>,
    /// Where scheduled exports may go besides.
    pub destinations: Destinations,
    /// Where exports keep temporary files while they are made.
    pub scratch: PathBuf,
    /// Calls of the server API, counted.
    pub calls: Calls,
    /// Calls of the server API, to be logged.
    pub call_log: CallLog,
    /// Clients that are connected here.
    pub clients: clients::Hub,
    /// Tells listening consoles of changed accounts.
    pub changes: Changes,
    /// Sends requests to webhooks.
    pub webhooks: webhooks::Client,
    /// Rings when a job was enqueued here, so that it need not wait for the next poll.
    pub jobs: Notify,
    /// Cancelled when the server is told to stop, perhaps a while before it does: it is not ready any more.
    pub draining: CancellationToken,
    /// Cancelled when the server stops: streams end, workers put their job down.
    pub stop: CancellationToken,
}

/// A shared handle on the [`Parts`].
#[derive(Clone, Debug)]
pub struct AppState(Arc<Parts>);

impl AppState {
    /// From its parts.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for AppState {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
