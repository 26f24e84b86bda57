//! Files of accounts: read as of one time, written in bounded memory. What is done with the file is not here: a job
//! keeps it ([`crate::jobs`]), a request streams it ([`crate::api::export_streams`]), a command puts it into a folder.
//!
//! Rows are read in chunks and written by a thread of its own, with a short queue between them, so memory does not grow
//! with the file.

mod columns;
mod feed;
mod make;
mod pack;
mod plan;
mod sheet;
mod zone;

pub use feed::Seen;
pub use make::{Failure, Made, Unmade, make};
pub use plan::Plan;
pub use zone::{UnknownZone, Zone};
