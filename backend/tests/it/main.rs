//! The server's tests: the whole application called without a socket, over real databases. The modules mirror the
//! tree of URLs; each test runs on both engines.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking, and bodies here are no #[test] functions"
)]

mod support;

mod accounts;
mod accounts_idempotency;
mod accounts_list;
mod apps;
mod batches;
mod chat_api;
mod clients;
mod cross_site;
mod custom_fields;
mod deletions;
mod document;
mod edits;
mod ending;
mod export_schedules;
mod export_schedules_runs;
mod exports;
mod exports_command;
mod exports_files;
mod exports_forms;
mod exports_interrupted;
mod exports_round_trip;
mod exports_streams;
mod files_on_s3;
mod headers;
mod health;
mod imports;
mod imports_command;
mod jobs;
mod jobs_events;
mod killed;
mod pages;
mod password;
mod permissions;
mod persons;
mod problems;
mod replica;
mod servers;
mod session;
mod setup;
mod tokens;
mod usersigs;
mod webhooks;
mod webhooks_turns;
