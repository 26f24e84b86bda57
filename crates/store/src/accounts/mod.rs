//! Accounts: what their calls take and answer. The calls themselves live in a module for each kind of them.

mod admin;
mod batch;
mod bounds;
mod count;
mod counters;
mod create;
mod creations;
mod custom;
mod delete;
mod edit;
mod edit_many;
mod estimate;
mod frame;
mod grams;
mod idempotency;
mod import;
mod interpolate;
mod jump;
mod list;
mod milestones;
mod named;
mod order;
mod purge;
mod read;
mod reader;
mod row;
mod sample;
mod search;
mod snapshot;
mod suggest;
mod sweep;
mod tidy;
mod typos;
mod walk;
mod write;

pub use bounds::SearchBounds;
pub(crate) use create::create_first;
pub(crate) use creations::Creations;
pub(crate) use delete::{hold_one, remove_one};
pub(crate) use grams::SearchKeys;
pub use import::{AppliedBy, ImportChunk, Looked};
pub use milestones::PositionBounds;
pub(crate) use purge::purge;
pub(crate) use row::{AFTER_COLUMNS, account, columns};
pub use sample::Sampling;
pub use snapshot::ExportSnapshot;
pub(crate) use snapshot::Snapshots;
pub use tidy::Tidying;
pub(crate) use tidy::{Unsettled, tidy_within};
pub(crate) use write::{index, rows_at_once};

use crate::Refusal;
use rollcall_shared::account::Account;

/// The Idempotency-Key of a creation, scoped to application and caller.
#[derive(Clone, Debug)]
pub struct IdempotencyKey {
    /// The caller: `operator:1`, `token:7`.
    pub caller: String,
    /// The header's value, at most 255 bytes.
    pub key: String,
    /// SHA-256 of method, path and body.
    pub body_hash: [u8; 32],
}

/// The answer of a call that may carry an Idempotency-Key.
#[derive(Clone, Debug, PartialEq)]
pub enum Replayable<T> {
    /// Done now.
    Fresh(T),
    /// Done by an earlier call with the same key and body.
    Replayed(T),
    /// The key was used with another body.
    Mismatch,
}

/// What one chunk of a change of all that match did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WalkChunk {
    /// How many were dealt with: deleted, or as they shall be now.
    pub done: u64,
    /// Accounts that stay, and why.
    pub refused: Vec<(String, Refusal)>,
    /// Where the next chunk begins. None when nothing is left.
    pub after: Option<String>,
    /// The whole job must stop: the restriction was put back, the application disabled or gone, a field is not defined.
    pub stopped: Option<Refusal>,
    /// Another worker has the job: nothing was done.
    pub lost: bool,
}

/// Rows of an export.
#[derive(Clone, Debug, PartialEq)]
pub struct ExportChunk {
    /// The accounts.
    pub accounts: Vec<Account>,
    /// Where to go on; None at the end.
    pub after: Option<String>,
}
