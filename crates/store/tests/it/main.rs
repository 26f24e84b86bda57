//! The store on real databases: every test has one body, its own database, and runs on both engines.

mod accounts;
mod apps;
mod jobs;
mod list;
mod opening;
mod operators;
mod support;
mod walk;
