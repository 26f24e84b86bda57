//! Persistence of Rollcall: accounts, applications, operators, jobs, in SQLite or PostgreSQL from one SQL text.
//! Knows accounts; knows neither HTTP nor OpenAPI. Time and secrets' encryption are the caller's.

pub mod accounts;
pub mod api_calls;
pub mod apps;
pub mod call_windows;
pub mod chat;
pub mod clients;
pub mod copy;
mod db;
pub mod error;
pub mod groups;
pub mod imports;
pub mod jobs;
mod migrate;
pub mod news;
pub mod operators;
pub mod persons;
pub mod pushes;
mod replica;
pub mod schedules;
mod store;
pub mod tokens;
pub mod webhooks;
mod writer;

pub use error::{Refusal, StoreError};
pub use replica::{InvalidPosition, Position};
pub use store::{Actor, Change, MigrationReport, OpenOptions, Store};

/// What every call of the store answers.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;
