//! The Rollcall server: REST v1, the vendor's server API and the console over one store.
//!
//! The whole application is the function [`app`]: tests call it without a socket. `main.rs` only reads the
//! settings and runs one of the [`commands`]. A request passes [`layers`], finds its handler in [`router`], is
//! let in by an extractor of [`extract`], and fails through [`error`] alone.

pub mod api;
pub mod bundle;
pub mod certificates;
pub mod changes;
pub mod chat_api;
pub mod clients;
pub mod clock;
pub mod commands;
pub mod config;
pub mod console;
pub mod error;
pub mod export;
pub mod extract;
pub mod imports;
pub mod jobs;
pub mod layers;
pub mod openapi;
pub mod passwords;
pub mod places;
pub mod public_url;
pub mod relay;
pub mod router;
pub mod schedules;
pub mod secrets;
pub mod state;
pub mod webhooks;

pub use router::app;
