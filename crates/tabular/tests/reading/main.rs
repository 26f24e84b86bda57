//! What a file says is what its reader gives, and no file makes a reader panic, hang or eat memory.
#![expect(clippy::unwrap_used, reason = "helpers of tests may panic like tests")]

mod csv;
mod hostile;
mod mutations;
mod ndjson;
mod packed;
mod support;
mod workbook;
mod xlsx;
