//! What can go wrong below the handlers: faults ([`StoreError`]) and refusals by a rule ([`Refusal`]).

use rollcall_shared::time::Timestamp;

/// A fault: nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database cannot be reached or did not answer in time; trying again may help.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// The database was written by a newer Rollcall.
    #[error("the database has schema {found}, this binary knows {known}: start the newer binary")]
    SchemaNewer {
        /// The schema of the database.
        found: i64,
        /// The newest schema that this binary knows.
        known: i64,
    },
    /// The database was never migrated, or is older than this binary.
    #[error("the database has schema {found}, this binary needs {known}: run `rollcall migrate`")]
    SchemaOlder {
        /// The schema of the database.
        found: i64,
        /// The schema that this binary needs.
        known: i64,
    },
    /// The URL names no engine that we have.
    #[error("{0} is no database URL: use sqlite://path or postgres://…")]
    Url(String),
    /// A cursor that is not ours, or of another list.
    #[error("the cursor does not belong to this list")]
    Cursor,
    /// Any other fault of the database.
    #[error("database: {0}")]
    Database(#[source] sqlx::Error),
    /// A stored value that no rule of ours can have written.
    #[error("a stored value cannot be read: {0}")]
    Corrupt(String),
}

/// A rule of the store that said no, found in the transaction itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No such application.
    AppNotFound,
    /// The application is disabled.
    AppDisabled,
    /// No such account (or job, token …).
    NotFound,
    /// The user ID is in use.
    Taken,
    /// The user ID is held back until then.
    ReuseBlocked {
        /// When it can be used.
        until: Timestamp,
    },
    /// There are 10 admins.
    AdminLimit,
    /// It is `administrator`.
    ProtectedAccount,
    /// The application does not permit deletion.
    DeletionNotPermitted,
}
