//! The connections of this server, by account: how they are found when something is to be told to one.

use super::pushes::Receipts;
use crate::secrets::{SecretError, random_text};
use axum::extract::ws::Utf8Bytes;
use rollcall_shared::app::SdkAppId;
use rollcall_store::clients::ClientSession;
use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, MutexGuard, PoisonError, atomic::AtomicBool},
    time::Duration,
};
use tokio::sync::mpsc;
use tokio_util::task::TaskTracker;

/// The most connections of one account at one server.
const OF_ACCOUNT: usize = 20;
/// How many orders may wait for a connection whose client reads slowly.
const MAILBOX: usize = 64;

/// How often a client must be heard of.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// A silent client is asked so often.
    pub ask: Duration,
    /// One of whom nothing was heard for so long is lost.
    pub patience: Duration,
}

impl Default for Pace {
    /// An account is offline within a minute after its connection was lost.
    fn default() -> Self {
        Self { ask: Duration::from_secs(20), patience: Duration::from_secs(45) }
    }
}

/// What a connection is told to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// End: the account was kicked or deleted, or its application ended.
    End,
    /// End and connect again: others took this server for dead.
    Renew,
    /// Tell the client of a push.
    Push {
        /// The push.
        task_id: String,
        /// What is said.
        text: Utf8Bytes,
    },
    /// See whether pushes wait for the account: another connection of its is gone.
    Look,
}

/// An account.
type Key = (SdkAppId, String);
/// The connections of each account: which, and the way to it.
type Connections = HashMap<Key, Vec<(String, mpsc::Sender<Order>)>>;

/// The connections of this server.
#[derive(Debug)]
pub struct Hub {
    /// The name of this server among the others; new with each start.
    pub server: String,
    /// How often clients must be heard of.
    pub pace: Pace,
    /// The connections' tasks.
    pub tasks: TaskTracker,
    /// Whether the other servers were told that this one lives.
    pub announced: AtomicBool,
    /// Which pushes clients have.
    pub receipts: Receipts,
    connections: Mutex<Connections>,
}

impl Hub {
    /// Without connections yet.
    ///
    /// # Errors
    /// The system's random source failed.
    pub fn new(pace: Pace) -> Result<Self, SecretError> {
        Ok(Self {
            server: random_text()?,
            pace,
            tasks: TaskTracker::new(),
            announced: AtomicBool::new(false),
            receipts: Receipts::default(),
            connections: Mutex::default(),
        })
    }

    /// Takes a connection in, unless the account has too many.
    pub fn join(&self, session: &ClientSession) -> Option<mpsc::Receiver<Order>> {
        let mut connections = self.lock();
        let of_account = connections.entry(key(session)).or_default();
        if of_account.len() >= OF_ACCOUNT {
            return None;
        }
        let (orders, mailbox) = mpsc::channel(MAILBOX);
        of_account.push((session.session_id.clone(), orders));
        Some(mailbox)
    }

    /// Forgets a connection.
    pub fn part(&self, session: &ClientSession) {
        let mut connections = self.lock();
        if let Some(of_account) = connections.get_mut(&key(session)) {
            of_account.retain(|(id, _)| *id != session.session_id);
            if of_account.is_empty() {
                connections.remove(&key(session));
            }
        }
    }

    /// How many connections there are.
    pub fn count(&self) -> usize {
        self.lock().values().map(Vec::len).sum()
    }

    /// The applications that have connections here.
    pub fn apps(&self) -> HashSet<SdkAppId> {
        self.lock().keys().map(|(app, _)| *app).collect()
    }

    /// The newest connection of each account of an application: username and session.
    pub fn newest_of(&self, app: SdkAppId) -> Vec<(String, String)> {
        let connections = self.lock();
        let of_app = connections.iter().filter(|((of, _), _)| *of == app);
        of_app.filter_map(|((_, user), all)| Some((user.clone(), all.last()?.0.clone()))).collect()
    }

    /// Tells a connection; false if it is not here, or its client reads nothing. One that reads nothing is ended, so that what
    /// it was told is not lost without a trace.
    pub fn order(&self, session: &ClientSession, order: &Order) -> bool {
        let mut connections = self.lock();
        let Some(of_account) = connections.get_mut(&key(session)) else { return false };
        let Some(at) = of_account.iter().position(|(id, _)| *id == session.session_id) else { return false };
        let told = of_account[at].1.try_send(order.clone()).is_ok();
        if !told {
            of_account.remove(at);
        }
        told
    }

    /// Makes the newest of the account's other connections see what waits for it.
    pub fn look_again(&self, gone: &ClientSession) {
        let connections = self.lock();
        let of_account = connections.get(&key(gone)).into_iter().flatten();
        if let Some((_, orders)) = of_account.rev().find(|(id, _)| *id != gone.session_id) {
            let _ = orders.try_send(Order::Look);
        }
    }

    /// Tells every connection.
    pub fn order_all(&self, order: Order) {
        for (_, orders) in self.lock().values().flatten() {
            let _ = orders.try_send(order.clone());
        }
    }

    fn lock(&self) -> MutexGuard<'_, Connections> {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn key(session: &ClientSession) -> Key {
    (session.app, session.user_id.clone())
}
