//! The reader: the accounts of a selection, chunk by chunk, on their way to the writer.

use super::Failure;
use rollcall_shared::{account::Account, selection::Selection};
use rollcall_store::accounts::ExportSnapshot;
use std::collections::HashSet;
use tokio::sync::mpsc;

/// How many rows are read at once: large enough for speed, small enough for memory.
const CHUNK: u32 = 1000;

/// What the reader sends to the writer. A queue that ends without `End` was abandoned.
pub(super) enum Rows {
    More(Vec<Account>),
    End,
}

/// What the reader has come by, for whoever watches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// So many more accounts go into the file; 0 where a walk found none for a while.
    Accounts(u64),
    /// These were named, and are not there.
    Missing(Vec<String>),
}

/// Why the reader ended early.
pub(super) enum Fed<E> {
    Failed(Failure<E>),
    WriterGone,
}

impl<E> From<Failure<E>> for Fed<E> {
    fn from(failure: Failure<E>) -> Self {
        Self::Failed(failure)
    }
}

/// Reads the accounts and sends them to the writer. `seen` may end it.
pub(super) async fn feed<E>(
    snapshot: &mut ExportSnapshot,
    selection: Option<&Selection>,
    sender: &mpsc::Sender<Rows>,
    mut seen: impl FnMut(Seen) -> Result<(), E>,
) -> Result<(), Fed<E>> {
    let send = async |rows| sender.send(rows).await.map_err(|_| Fed::WriterGone);
    let matching = match selection {
        Some(Selection::UserIds { user_ids }) => {
            send(Rows::More(named(snapshot, user_ids, &mut seen).await?)).await?;
            return send(Rows::End).await;
        }
        Some(Selection::Matching(matching)) => Some(matching),
        None => None,
    };
    let mut after: Option<String> = None;
    loop {
        let chunk = snapshot.chunk(matching, after.as_deref(), CHUNK).await.map_err(Failure::Store)?;
        seen(Seen::Accounts(chunk.accounts.len() as u64)).map_err(Failure::Stopped)?;
        send(Rows::More(chunk.accounts)).await?;
        if chunk.after.is_none() {
            return send(Rows::End).await;
        }
        after = chunk.after;
    }
}

/// The named accounts, each once.
async fn named<E>(
    snapshot: &mut ExportSnapshot,
    user_ids: &[String],
    seen: &mut impl FnMut(Seen) -> Result<(), E>,
) -> Result<Vec<Account>, Failure<E>> {
    let mut met = HashSet::new();
    let distinct: Vec<String> = user_ids.iter().filter(|id| met.insert(id.as_str())).cloned().collect();
    let accounts = snapshot.named(&distinct).await.map_err(Failure::Store)?;
    let found: HashSet<&str> = accounts.iter().map(|account| account.user_id.as_str()).collect();
    let missing = distinct.iter().filter(|id| !found.contains(id.as_str())).cloned().collect();
    seen(Seen::Missing(missing)).map_err(Failure::Stopped)?;
    seen(Seen::Accounts(accounts.len() as u64)).map_err(Failure::Stopped)?;
    Ok(accounts)
}
