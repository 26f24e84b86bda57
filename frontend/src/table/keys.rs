//! The keyboard in the table: arrows or j and k move, Space or x ticks, Shift takes the rows in between, e edits.

use super::{Actions, TableState, row::row_id};
use crate::browser;
use leptos::{ev, prelude::*, wasm_bindgen::JsCast, web_sys};

/// What a key does in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Key {
    /// Moves by so many rows; far means to the end.
    Move(isize),
    Tick,
    Edit,
    Clear,
}

/// The meaning of a key; none when the browser should have it.
fn meaning(key: &str) -> Option<Key> {
    Some(match key {
        "ArrowDown" | "j" | "J" => Key::Move(1),
        "ArrowUp" | "k" | "K" => Key::Move(-1),
        "Home" => Key::Move(isize::MIN),
        "End" => Key::Move(isize::MAX),
        " " | "x" | "X" => Key::Tick,
        "e" => Key::Edit,
        "Escape" => Key::Clear,
        _ => return None,
    })
}

/// A key that was pressed somewhere in a row.
pub fn in_table(event: &ev::KeyboardEvent, state: TableState, actions: Actions) {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let target: Option<web_sys::Element> = event.target().and_then(|t| t.dyn_into().ok());
    let Some(target) = target else { return };
    let row = target.closest("tr").ok().flatten();
    let index = row.and_then(|row| row.get_attribute("data-index")).and_then(|i| i.parse::<usize>().ok());
    let (Some(index), Some(key)) = (index, meaning(&event.key())) else { return };
    // Space on a checkbox, a link or a button is theirs.
    if key == Key::Tick && event.key() == " " && target.tag_name() != "TR" {
        return;
    }
    event.prevent_default();
    match key {
        Key::Move(by) => go(state, actions, (index, by), event.shift_key()),
        Key::Tick => state.tick(index, !state.is_ticked(index), event.shift_key(), actions),
        Key::Clear => state.ticks.set(super::ticks::Ticks::None),
        Key::Edit => {
            let id = state.rows.with_untracked(|rows| rows.at(index).map(|row| row.user_id.clone()));
            if let Some(id) = id {
                actions.edit.run(id);
            }
        }
    }
}

fn go(state: TableState, actions: Actions, (index, by): (usize, isize), range: bool) {
    let further = state.scrolling.further.get_value().filter(|_| state.scrolling.on.get_untracked());
    let rows = match further {
        Some(_) => state.rows.with_untracked(|rows| rows.total),
        None => state.rows.with_untracked(|rows| rows.rows.len()),
    };
    let to = index.saturating_add_signed(by).min(rows.saturating_sub(1));
    if range && !state.tick_range(index, to, true) {
        actions.range_refused.run(());
    }
    state.active.set(to);
    match further {
        Some(further) => further.reach.run(to),
        None => browser::focus(&row_id(to)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_arrows_mean_the_same_and_others_nothing() {
        assert_eq!(meaning("j"), meaning("ArrowDown"));
        assert_eq!(meaning("x"), meaning(" "));
        assert_eq!(meaning("Enter"), None);
        assert_eq!(meaning("q"), None);
    }
}
