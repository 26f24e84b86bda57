//! State that outlives a page: toasts, the one confirmation dialog, whether the session and the network are there.

pub mod confirm;
pub mod connection;
pub mod toasts;
