//! Whether the network and the session are there. The API client reports; banners and the sign-in dialog look.

use leptos::prelude::*;

/// The state of the connection.
#[derive(Clone, Copy, Default)]
pub struct Connection {
    /// The last call did not reach the server.
    pub offline: RwSignal<bool>,
    /// The last call was refused for want of a session.
    pub expired: RwSignal<bool>,
}

#[cfg(target_arch = "wasm32")]
thread_local! {
    static CURRENT: std::cell::Cell<Option<Connection>> = const { std::cell::Cell::new(None) };
}

impl Connection {
    /// Provides the state of this page, where the API client finds it even outside a component.
    pub fn provide() -> Self {
        let connection = Self::default();
        #[cfg(target_arch = "wasm32")]
        CURRENT.set(Some(connection));
        provide_context(connection);
        connection
    }

    /// What the last call showed: `None` for a server that was not reached.
    pub fn report(status: Option<u16>) {
        #[cfg(target_arch = "wasm32")]
        if let Some(connection) = CURRENT.get() {
            if connection.offline.get_untracked() != status.is_none() {
                connection.offline.set(status.is_none());
            }
            if status == Some(401) {
                connection.expired.set(true);
            }
        }
        #[cfg(not(target_arch = "wasm32"))]
        let _ = status;
    }
}
