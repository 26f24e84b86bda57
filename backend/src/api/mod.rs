//! REST v1: a file per resource, a handler per operation. Which URL leads where stands in [`crate::router`]; who
//! may call stands in each handler's signature.

pub mod app_secrets;
pub mod apps;
pub mod health;
pub mod password;
pub mod session;
pub mod sessions;
pub mod setup;
pub mod tokens;
