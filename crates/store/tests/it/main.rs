//! The store on real databases: every test has one body, its own database, and runs on both engines.

mod list;
mod support;
