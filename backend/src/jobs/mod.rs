//! Long work: exports, imports, deletions and edits of all that match, the removal of a deleted application's rows. Jobs are rows of
//! the store; workers of any server claim one with a lease, report where it stands, and put it down when the
//! server stops. What a job is asked to do is checked by the handler that enqueues it, not here.
//!
//! A new kind of job is a file with `run(&Work) -> Result<JobResult, Stop>` and a line in `runner::run_kind`. It
//! works in small steps, calls [`Work::advance`] after each and [`Work::go_on`] before the next, and leaves a
//! checkpoint from which another worker can go on.

mod app_deletion;
mod bulk;
mod export;
pub mod files;
mod import;
mod pace;
mod runner;
mod work;

pub(crate) use export::as_filter;
pub use runner::{Workers, drain, start};
pub use work::{Stop, Work};
