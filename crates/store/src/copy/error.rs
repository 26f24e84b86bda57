//! Why a copy was refused, stopped or found wrong.

use super::Check;
use crate::StoreError;

/// A copy that is not complete. Nothing in the source was changed.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// Both URLs lead to one database.
    #[error("the source and the target are the same database")]
    SameDatabase,
    /// There is no such file.
    #[error("there is no database {0}")]
    NoSource(String),
    /// A server, or another copy, has a database open.
    #[error("{0} is in use: stop every server on it, then copy")]
    InUse(String),
    /// The target was used already.
    #[error("the target is not empty, it has rows in {table}: use a new, empty database")]
    NotEmpty {
        /// The first table that has rows.
        table: &'static str,
    },
    /// The target holds a part of something else.
    #[error(
        "the target holds an unfinished copy of another installation, {from}: finish that one, or use a new, empty \
         database"
    )]
    OtherSource {
        /// Where that is, without a password.
        from: String,
    },
    /// Something wrote into the source after the copy was begun, while no copy was running.
    #[error(
        "the source was changed after this copy was begun, its table {table} for one: stop every server on it and \
         copy again, into a new, empty database"
    )]
    SourceChanged {
        /// The first table that is not as it was.
        table: String,
    },
    /// Another copy runs into the same target.
    #[error("another copy is running into the same database")]
    Overtaken,
    /// A text that PostgreSQL cannot keep.
    #[error(
        "{table} has a NUL character in {column} of the row {key}, which PostgreSQL cannot keep: change that row in the \
         source and copy again, into a new, empty database"
    )]
    Nul {
        /// The table.
        table: &'static str,
        /// The row's key, as JSON.
        key: String,
        /// The column.
        column: String,
    },
    /// The caller asked to stop. The same call goes on where it stopped.
    #[error("the copy was stopped; copy again to go on")]
    Stopped,
    /// The target is not what the source is. It stays marked as unfinished.
    #[error("the copy differs from its source, in {} of its tables: copy again, into a new, empty database",
        .0.iter().filter(|check| !check.is_equal()).count())]
    Differs(Vec<Check>),
    /// A fault of one of the databases. The same call goes on where it stopped.
    #[error(transparent)]
    Store(#[from] StoreError),
}
