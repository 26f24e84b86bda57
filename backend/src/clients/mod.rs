//! Clients of an application's accounts: whoever signs in at `/v1/client` with a UserSig is online for as long as the
//! WebSocket holds (docs/client.md). One file for a connection, one for what is said over it, one for all
//! connections of this server, one for pushes, and one for what servers tell each other, which is in the database.

mod connection;
mod hub;
mod pulse;
mod pushes;
mod talk;

pub use connection::connect;
pub use hub::{Hub, Pace};
pub use pulse::{beat, end_marked, run};
pub use pushes::{fan_out, note_received, run_pushes, run_receipts};
