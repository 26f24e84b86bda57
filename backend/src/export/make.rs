//! Reader and writer together.

use super::{
    Plan,
    feed::{Fed, Seen, feed},
    sheet,
};
use rollcall_shared::selection::Selection;
use rollcall_store::{StoreError, accounts::ExportSnapshot};
use std::io::Write;
use tabular::Written;
use tokio::{
    sync::mpsc,
    task::{JoinError, spawn_blocking},
};

/// How many chunks may wait for the writer.
const QUEUE: usize = 2;

/// A file that is complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// How many accounts it holds.
    pub rows: u64,
    /// Its bytes.
    pub file: Written,
    /// Its bytes once they are unpacked.
    pub content: Written,
}

/// Why there is no file.
#[derive(Debug)]
pub enum Failure<E> {
    /// Whoever watches ended it.
    Stopped(E),
    /// The accounts could not be read: the snapshot is gone, and only a beginning anew helps.
    Store(StoreError),
    /// The file could not be written.
    Write(tabular::Error),
    /// The writer panicked.
    Panicked(JoinError),
}

/// What is left when there is no file.
#[derive(Debug)]
pub struct Unmade<W, E> {
    /// The output with something that is no file, for whoever cleans up; none if the writer panicked.
    pub out: Option<W>,
    /// Why.
    pub failure: Failure<E>,
}

/// Writes the accounts of a selection (none means all) to `out`, and gives it back. `seen` is told how far it is, and ends it
/// with an error.
///
/// # Errors
/// There is no file.
pub async fn make<W, E>(
    snapshot: &mut ExportSnapshot,
    plan: &Plan,
    selection: Option<&Selection>,
    mut out: W,
    seen: impl FnMut(Seen) -> Result<(), E>,
) -> Result<(W, Made), Unmade<W, E>>
where
    W: Write + Send + 'static,
{
    let (sender, inbox) = mpsc::channel(QUEUE);
    let plan = plan.clone();
    let writer = spawn_blocking(move || {
        let made = sheet::write(&mut out, &plan, inbox);
        (out, made)
    });
    let fed = feed(snapshot, selection, &sender, seen).await;
    drop(sender);
    let unmade = |out, failure| Err(Unmade { out, failure });
    match (writer.await, fed) {
        (Err(panic), _) => unmade(None, Failure::Panicked(panic)),
        // A reader that stopped is the reason why the writer did; a writer that failed, why the reader could not go on.
        (Ok((out, _)), Err(Fed::Failed(failure))) => unmade(Some(out), failure),
        (Ok((out, Err(error))), _) => unmade(Some(out), Failure::Write(error)),
        (Ok((out, Ok(made))), _) => Ok((out, made)),
    }
}
