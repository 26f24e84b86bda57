//! Which side of the store a caller's reads come from: the replica, if there is one that has what this caller wrote.
//! How callers are told what to name here is in [`crate::layers::position`].

use super::{Caller, client};
use crate::{layers::position::POSITION, state::AppState};
use axum::http::request::Parts;
use rollcall_store::{Position, Store};

/// The store as this caller may read it. Without a word an operator has written nothing of late, for browsers keep
/// cookies; a program that says nothing may know nothing of positions, and reads from the primary.
pub(super) fn side(parts: &Parts, state: &AppState, caller: &Caller) -> Store {
    let named = parts.headers.get(POSITION).map(|value| value.to_str().unwrap_or_default());
    let needed = match caller {
        Caller::Operator(_) => {
            let cookie = client::cookie(&parts.headers, &state.public_url.seen_cookie_name());
            [named, cookie].into_iter().flatten().map(position).max().unwrap_or(Position::START)
        }
        Caller::Token(_) => named.map_or(Position::LATEST, position),
    };
    state.store.reads_after(needed)
}

/// What cannot be read as a position is none that a replica could have.
fn position(text: &str) -> Position {
    text.parse().unwrap_or(Position::LATEST)
}
