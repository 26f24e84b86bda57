//! Events on their way to the applications' webhooks: taken from the store's outbox, sent in their order, tried again
//! where the receiver did not take them. What is told, and when an event is kept, is the store's; the form of a request is
//! that of the vendor ([`crate::chat_api::callbacks`]).

mod client;
mod network;
mod worker;

pub use client::Client;
pub use worker::{deliver_all, run, test};
