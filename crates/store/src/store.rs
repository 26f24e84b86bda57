//! The handle that everything goes through: opening, migrating, closing. What it does with rows lives in the
//! modules of the resources.

use crate::Result;
use rollcall_shared::time::Timestamp;

/// Persistence over one database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {}

/// How to open a database.
#[derive(Clone, Debug)]
pub struct OpenOptions {
    /// The most connections (readers, on SQLite).
    pub connections: u32,
}

impl Default for OpenOptions {
    fn default() -> Self {
        Self { connections: 8 }
    }
}

/// What a migration did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MigrationReport {
    /// The schema before; 0 for an empty database.
    pub from: i64,
    /// The schema now.
    pub to: i64,
}

/// Who changes something: written into `created_by` and `updated_by`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A person at the console.
    Operator(i64),
    /// A program with a token.
    Token(i64),
    /// Rollcall itself.
    System,
}

/// The circumstances of a change.
#[derive(Clone, Debug)]
pub struct Change {
    /// Who.
    pub actor: Actor,
    /// When.
    pub now: Timestamp,
}

impl Store {
    /// Connects; creates a SQLite file that is not there. Does not migrate.
    ///
    /// # Errors
    /// The URL is not ours, or the database cannot be reached.
    pub async fn open(url: &str, options: &OpenOptions) -> Result<Self> {
        let _ = (url, options);
        unimplemented!()
    }

    /// Brings the schema up to date. Several servers may call it at once.
    ///
    /// # Errors
    /// The schema is newer than this binary, or the database failed.
    pub async fn migrate(&self) -> Result<MigrationReport> {
        unimplemented!()
    }

    /// Whether the database answers and has our schema: the readiness check.
    ///
    /// # Errors
    /// It does not.
    pub async fn ready(&self) -> Result<()> {
        unimplemented!()
    }

    /// Finishes what was acknowledged and closes every connection.
    pub async fn close(&self) {
        unimplemented!()
    }
}
