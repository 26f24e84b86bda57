//! The focus in a list whose rows come and go: it is never lost, and follows the keys.

use super::Engine;
use crate::table::row::row_id;
use leptos::{prelude::*, web_sys};
use std::ops::Range;
use wasm_bindgen::JsCast;
use web_sys::{FocusOptions, HtmlElement};

impl Engine {
    /// What can be done when the rows are in the page: measuring them, scrolling as far as they reach, and giving one the
    /// focus.
    pub(super) fn after_paint(&self, real: f64) {
        let (node, focus) = (self.node.clone(), self.state.borrow().focus);
        let is_there = focus.is_some_and(|index| {
            self.state.borrow().shown.as_ref().is_some_and(|shown| shown.contains(&index))
        });
        if is_there {
            self.state.borrow_mut().focus = None;
        }
        let short = (f64::from(node.scroll_top()) - real).abs() >= 1.0;
        if !short && !is_there {
            return;
        }
        request_animation_frame(move || {
            #[expect(clippy::cast_possible_truncation, reason = "at most eight million pixels")]
            if short {
                node.set_scroll_top(real as i32);
            }
            if let Some(index) = focus.filter(|_| is_there) {
                let row = document().get_element_by_id(&row_id(index));
                focus_quietly(row.and_then(|row| row.dyn_into().ok()).as_ref());
            }
        });
    }

    /// The focus of a row that leaves the page stays in the list.
    pub(super) fn keep_focus(&self, shown: &Range<usize>) {
        let row = document().active_element().and_then(|at| at.closest("tr[data-index]").ok().flatten());
        let index =
            row.filter(|row| self.node.contains(Some(row))).and_then(|row| row.get_attribute("data-index"));
        let index = index.and_then(|index| index.parse::<usize>().ok());
        if index.is_some_and(|index| !shown.contains(&index)) {
            focus_quietly(Some(&self.node));
        }
    }
}

/// Gives an element the focus without scrolling to it: it is in view, and the page would move too.
fn focus_quietly(element: Option<&HtmlElement>) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    if let Some(element) = element {
        // What left the page meanwhile needs no focus.
        let _ = element.focus_with_options(&options);
    }
}
