//! What can go wrong below the handlers: faults ([`StoreError`]) and refusals by a rule ([`Refusal`]).

use rollcall_shared::{
    error::{FieldError, codes},
    profile::ADMINS_MAX,
    selection::{ItemResult, ItemStatus},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

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
    /// A copy into the database was begun and not finished.
    #[error(
        "the database holds an unfinished copy of {from}: run `rollcall copy` again with the same two databases, or \
         use another database"
    )]
    UnfinishedCopy {
        /// The database that was being copied, without a password.
        from: String,
    },
    /// The URL names no engine that we have.
    #[error("{0} is no database URL: use sqlite://path or postgres://…")]
    Url(String),
    /// A read replica was named for a store that is not on PostgreSQL.
    #[error(
        "a read replica is one of PostgreSQL, and the database is SQLite: leave ROLLCALL_READ_DATABASE_URL out"
    )]
    ReplicaOfSqlite,
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Fields that break a rule which depends on what is stored; at least one.
    Fields(Vec<FieldError>),
}

impl Refusal {
    /// Every field that it is about, and why.
    pub fn field_errors(&self) -> Vec<FieldError> {
        match self {
            Self::Fields(errors) => errors.clone(),
            other => vec![other.field_error()],
        }
    }

    /// The refusal as an error of the field that it is about, or of the first of them.
    pub fn field_error(&self) -> FieldError {
        match self {
            Self::AppNotFound => {
                FieldError::new("sdkappid", codes::NOT_FOUND, "There is no such application.")
            }
            Self::AppDisabled => FieldError::new(
                "sdkappid",
                codes::APP_DISABLED,
                "The application is disabled: it can be read, exported and enabled, nothing else.",
            ),
            Self::NotFound => FieldError::new("user_id", codes::NOT_FOUND, "There is no such account."),
            Self::Taken => FieldError::new("user_id", codes::TAKEN, "This username is taken."),
            Self::ReuseBlocked { until } => {
                let message =
                    format!("This username was deleted and can be used again from {}.", until.date());
                FieldError::new("user_id", codes::REUSE_BLOCKED, message).with("until", until)
            }
            Self::AdminLimit => {
                let message = format!("An application has at most {ADMINS_MAX} admins.");
                FieldError::new("type", codes::ADMIN_LIMIT, message).with("max", ADMINS_MAX)
            }
            Self::ProtectedAccount => FieldError::new(
                "user_id",
                codes::PROTECTED_ACCOUNT,
                "The account administrator stays: it cannot be deleted.",
            ),
            Self::DeletionNotPermitted => FieldError::new(
                "user_id",
                codes::DELETION_NOT_PERMITTED,
                "This application does not permit account deletion. Lift the restriction first.",
            ),
            Self::Fields(errors) => errors.first().cloned().unwrap_or_default(),
        }
    }

    /// The result of an account of a batch that was refused.
    pub fn item(&self, user_id: String) -> ItemResult {
        ItemResult { user_id, status: ItemStatus::Refused, errors: self.field_errors() }
    }
}

impl StoreError {
    /// Whether the same transaction may go through when it is tried again: PostgreSQL ended it because of
    /// another one (serialization failure, deadlock).
    pub(crate) fn is_conflict(&self) -> bool {
        matches!(self.code().as_deref(), Some("40001" | "40P01"))
    }

    /// The database's own code of the fault.
    pub(crate) fn code(&self) -> Option<Cow<'_, str>> {
        let Self::Database(sqlx::Error::Database(error)) = self else { return None };
        error.code()
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        if is_unavailable(&error) { Self::Unavailable(error.to_string()) } else { Self::Database(error) }
    }
}

/// Whether the fault lies with the database's reachability, space or load, not with what was asked.
fn is_unavailable(error: &sqlx::Error) -> bool {
    use sqlx::{Error, error::DatabaseError as _, postgres::PgDatabaseError, sqlite::SqliteError};
    match error {
        Error::Io(_) | Error::Tls(_) | Error::PoolTimedOut | Error::PoolClosed | Error::WorkerCrashed => true,
        Error::Database(error) => {
            if let Some(error) = error.try_downcast_ref::<PgDatabaseError>() {
                // Connection, resources, operator's intervention, fault of the system.
                return ["08", "53", "57", "58"].iter().any(|class| error.code().starts_with(class));
            }
            let code =
                error.try_downcast_ref::<SqliteError>().and_then(|error| error.code()?.parse::<i32>().ok());
            // PERM, BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN; the higher bytes only refine these.
            matches!(code.map(|code| code & 0xff), Some(3 | 5 | 6 | 8 | 10 | 13 | 14))
        }
        _ => false,
    }
}
