//! The store on real databases: every test has one body, its own database, and runs on both engines.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking, and bodies here are no #[test] functions"
)]

mod accounts;
mod admins;
mod apps;
mod call_windows;
mod copy;
mod creations;
mod custom_fields;
mod edit_many;
mod given_up;
mod imports;
mod jobs;
mod list;
mod migrations;
mod opening;
mod operators;
mod persons;
mod pushes;
mod replica;
mod routing;
mod schedules;
mod snapshot;
mod suggest;
mod support;
mod tidy;
mod walk;
