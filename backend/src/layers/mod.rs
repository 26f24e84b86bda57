//! What happens around every request, outermost first: its id and log line, panics, headers, compression, cross-site
//! protection, time limits. Who may do what is not decided here but in [`crate::extract`].

pub mod access_log;
pub mod headers;
pub mod limits;
pub mod position;
pub mod trace;
