//! The page's shortcuts: `/` searches, `C` creates, `j` goes to the list. They are off while someone types and
//! while a dialog is open, or when the operator has switched them off.

use super::{search::SEARCH_ID, state::Users};
use crate::{browser, prefs::Prefs};
use leptos::{ev, prelude::*, wasm_bindgen::JsCast, web_sys};

/// Listens as long as the page is there.
pub fn listen(users: Users) {
    let prefs = expect_context::<Prefs>();
    Effect::new(move |_| {
        let handle = window_event_listener(ev::keydown, move |event| pressed(&event, users, prefs));
        on_cleanup(move || handle.remove());
        let outside = window_event_listener(ev::pointerdown, |event| close_panels(event.target()));
        on_cleanup(move || outside.remove());
    });
}

fn pressed(event: &ev::KeyboardEvent, users: Users, prefs: Prefs) {
    if event.key() == "Escape" {
        close_panels(None);
    }
    let combined = event.ctrl_key() || event.meta_key() || event.alt_key();
    if event.default_prevented() || combined || !prefs.shortcuts.get_untracked() || is_taken(event) {
        return;
    }
    match event.key().as_str() {
        "/" => browser::focus(SEARCH_ID),
        "c" | "C" => users.create(),
        "j" => focus_first_row(),
        _ => return,
    }
    event.prevent_default();
}

/// Whether the key belongs to a field or to an open dialog.
fn is_taken(event: &ev::KeyboardEvent) -> bool {
    let target: Option<web_sys::Element> = event.target().and_then(|t| t.dyn_into().ok());
    let typing = target.is_some_and(|t| {
        matches!(t.closest("input:not([type=checkbox], [type=radio]), select, textarea"), Ok(Some(_)))
    });
    typing || matches!(document().query_selector("dialog[open]"), Ok(Some(_)))
}

fn focus_first_row() {
    if let Ok(Some(row)) = document().query_selector("tr[data-index][tabindex='0']")
        && let Some(row) = row.dyn_ref::<web_sys::HtmlElement>()
    {
        // A row that left the table meanwhile needs no focus.
        let _ = row.focus();
    }
}

/// Closes the filter panel that is open, unless this target is in it. They share a name, so one at most is.
pub fn close_panels(target: Option<web_sys::EventTarget>) {
    let target: Option<web_sys::Node> = target.and_then(|t| t.dyn_into().ok());
    if let Ok(Some(panel)) = document().query_selector("details[name=filter][open]")
        && !panel.contains(target.as_ref())
    {
        // Removing an attribute that is there cannot fail.
        let _ = panel.remove_attribute("open");
    }
}
