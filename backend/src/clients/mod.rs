//! Clients of an application's accounts: whoever signs in at `/v1/client` with a UserSig is online for as long as the
//! WebSocket holds (docs/client.md). One file for what a connection says, one for all connections of this server, and one
//! for what servers tell each other of them, which is in the database.

mod connection;
mod hub;
mod pulse;
mod pushes;

pub use connection::connect;
pub use hub::{Hub, Pace};
pub use pulse::{beat, end_marked, run};
pub use pushes::{fan_out, note_received, run_pushes};
