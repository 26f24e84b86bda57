//! The list as one that scrolls, instead of pages: what of it the page shares. The numbers are in `geometry`, the rows in
//! `run`, and what happens while someone scrolls in `engine`, which the first visit does not download.

#[cfg(target_arch = "wasm32")]
mod engine;
pub mod geometry;
pub mod run;

use super::state::Users;
use crate::{
    prefs::Prefs,
    table::window::{Scrolling, Window},
    ui::time::Hydrated,
};
use leptos::prelude::*;

/// So many rows are read at a time.
pub const CHUNK: u32 = 100;

/// The rows that are seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The position of the first, from 1.
    pub from: u64,
    /// The position of the last.
    pub to: u64,
    /// Whether the positions are exact.
    pub exact: bool,
    /// Whether these rows are still on their way.
    pub waiting: bool,
}

/// The state of a list that scrolls.
#[derive(Clone, Copy)]
pub struct Scroll {
    /// What the table knows of it.
    pub table: Scrolling,
    /// The rows that are in the page, once someone has scrolled.
    pub window: RwSignal<Option<Window>>,
    /// The rows that are seen.
    pub seen: RwSignal<Option<Seen>>,
}

impl Scroll {
    /// The state of a list that nobody has scrolled yet.
    pub fn new(prefs: Prefs) -> Self {
        let table = Scrolling {
            on: Memo::new(move |_| prefs.scroll.get()),
            node: NodeRef::new(),
            further: StoredValue::new(None),
        };
        Self { table, window: RwSignal::new(None), seen: RwSignal::new(None) }
    }

    /// Forgets what was read: the list is one of pages again, or is gone.
    fn leave(self) {
        self.table.further.try_set_value(None);
        self.window.try_set(None);
        self.seen.try_set(None);
    }
}

/// Lets the list scroll, as long as the caller is there and the operator wants it.
pub fn attach(users: Users) {
    let hydrated = expect_context::<Hydrated>().0;
    Effect::new(move |_| {
        let scroll = users.scroll;
        let (true, Some(node)) = (hydrated.get() && scroll.table.on.get(), scroll.table.node.get()) else {
            return;
        };
        on_cleanup(move || scroll.leave());
        #[cfg(target_arch = "wasm32")]
        super::lazy::start_scrolling(users, node.into());
        #[cfg(not(target_arch = "wasm32"))]
        drop(node);
    });
}

#[cfg(target_arch = "wasm32")]
pub use engine::start;
