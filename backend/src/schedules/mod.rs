//! Exports that are made again and again. A worker of every server looks for schedules that are due (`start`); the database lets
//! one of them begin each run, as a job like any other export. When its file is complete, the job brings it to its destination
//! (`deliver`) and removes the files that are not kept any more (`retain`). At which instants runs are is in `calendar`.

mod calendar;
mod deliver;
mod retain;
mod start;

pub use calendar::{coming, next};
pub(crate) use deliver::{deliver, file_name, of_job, until};
pub use retain::sweep;
pub use start::{run, start_due};
