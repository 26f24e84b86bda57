//! REST v1: a file per resource, a handler per operation. Which URL leads where stands in [`crate::router`]; who
//! may call stands in each handler's signature.

pub mod account_batches;
pub mod account_bundles;
pub mod account_deletions;
pub mod account_edits;
pub mod account_suggestions;
pub mod account_types;
pub mod accounts;
pub mod api_calls;
pub mod app_secrets;
pub mod apps;
pub mod call_limits;
mod conditional;
pub mod erasures;
pub mod events;
pub mod export_schedules;
pub mod export_streams;
pub mod exports;
pub mod groups;
pub mod health;
pub mod import_files;
pub mod import_findings;
pub mod import_parts;
pub mod import_tasks;
pub mod imports;
pub mod job_refusals;
pub mod jobs;
pub mod password;
pub mod pushes;
mod selections;
pub mod session;
pub mod sessions;
pub mod setup;
pub mod tokens;
pub mod usersigs;
pub mod webhooks;
