//! What happens while someone scrolls: which rows are shown, and what the address says. What is read next is in `reading`,
//! where the focus goes in `focus`. The list moves under its own position (`top`), because the page's cannot tell ten
//! million rows apart; see `geometry`.

mod focus;
mod reading;

use super::{
    Seen,
    geometry::Geometry,
    run::{Run, Total},
};
use crate::{
    browser,
    pages::users::state::{Users, Wanted},
    stores::toasts::Toasts,
    table::window::{Further, Side, Window},
};
use gloo::events::EventListener;
use leptos::{prelude::*, web_sys};
use rollcall_shared::account::Account;
use send_wrapper::SendWrapper;
use std::{cell::RefCell, ops::Range, rc::Rc};
use web_sys::{Element, HtmlElement};

/// So many rows are in the page beyond those that are seen, and so many must be before more are put there.
const AROUND: usize = 24;
const LEAST_AROUND: usize = 6;
/// Rows are read before those so near are needed; farther ones are jumped to.
const AHEAD: usize = 60;
const JUMP: usize = 400;
/// How long the list must rest until it is put in order.
const REST_MS: u32 = 120;
/// How high a row is before one has been seen.
const ROW: f64 = 45.0;

struct Engine {
    users: Users,
    toasts: Toasts,
    node: HtmlElement,
    state: RefCell<State>,
}

struct State {
    list: Option<Wanted>,
    run: Run,
    total: Total,
    geometry: Geometry,
    /// Where the rows are, in pixels among all of them.
    top: f64,
    /// Where the page was scrolled to when that was last looked at.
    real: f64,
    shown: Option<Range<usize>>,
    /// Counts what came by the address: what was asked for before is not wanted any more.
    generation: u32,
    asking: bool,
    resting: bool,
    moves: u32,
    focus: Option<usize>,
}

/// Lets the list in `node` scroll until `owner` ends.
pub fn start(users: Users, node: HtmlElement, owner: &Owner) {
    let state = State {
        list: None,
        run: Run::default(),
        total: Total::default(),
        geometry: Geometry { row: ROW, rows: 0, view: 0.0 },
        top: 0.0,
        real: 0.0,
        shown: None,
        generation: 0,
        asking: false,
        resting: false,
        moves: 0,
        focus: None,
    };
    let engine = Rc::new(Engine {
        users,
        toasts: owner.with(Toasts::get),
        node: node.clone(),
        state: RefCell::new(state),
    });
    owner.with(|| engine.listen(&node));
}

impl Engine {
    fn listen(self: &Rc<Self>, node: &HtmlElement) {
        let scrolled = EventListener::new(node, "scroll", {
            let engine = self.clone();
            move |_| engine.scrolled()
        });
        let resized = EventListener::new(&window(), "resize", {
            let engine = self.clone();
            move |_| engine.measured()
        });
        let open = SendWrapper::new((scrolled, resized));
        on_cleanup(move || drop(open));

        let this = SendWrapper::new(self.clone());
        let reach = Callback::new(move |index| this.reach(index));
        let this = SendWrapper::new(self.clone());
        let between = Callback::new(move |(from, to)| this.between(from, to));
        self.users.scroll.table.further.set_value(Some(Further { reach, between }));
        let this = SendWrapper::new(self.clone());
        Effect::new(move |_| {
            if let Some(Ok(page)) = this.users.page.get() {
                this.fed(page);
            }
        });
    }

    /// Looks how high things are.
    fn measure(&self, state: &mut State) {
        let height = |selector| {
            let element = self.node.query_selector(selector).ok().flatten();
            element
                .map(|element: Element| element.get_bounding_client_rect().height())
                .filter(|height| *height > 1.0)
        };
        let head = height("thead").unwrap_or_default();
        let row = height("tbody:not(.space) > tr").unwrap_or(state.geometry.row);
        let view = (f64::from(self.node.client_height()) - head).max(row);
        state.geometry = Geometry { row, rows: state.total.rows, view };
    }

    /// Puts the page where the rows are.
    fn align(&self, state: &mut State) {
        state.top = state.top.clamp(0.0, state.geometry.last());
        state.real = state.geometry.real(state.top).round();
        // The page must be long enough to go there; how long exactly is said when the rows are put into it.
        browser::set_height(Side::Below.id(), state.geometry.height());
        #[expect(clippy::cast_possible_truncation, reason = "at most eight million pixels")]
        self.node.set_scroll_top(state.real as i32);
        state.shown = None;
    }

    fn measured(self: &Rc<Self>) {
        let mut state = self.state.borrow_mut();
        self.measure(&mut state);
        self.align(&mut state);
        drop(state);
        self.render(true);
        self.fetch();
    }

    fn scrolled(self: &Rc<Self>) {
        let real = f64::from(self.node.scroll_top());
        let mut state = self.state.borrow_mut();
        let step = real - state.real;
        if step.abs() < 1.0 {
            return;
        }
        state.real = real;
        let far = step.abs() > 3.0 * state.geometry.view.max(600.0);
        state.top =
            if !state.geometry.is_compressed() || far { state.geometry.top(real) } else { state.top + step };
        state.moves += 1;
        let out = state.top < 0.0 || state.top > state.geometry.last();
        if out {
            self.align(&mut state);
        }
        drop(state);
        self.render(false);
        self.rest();
        if !far {
            self.fetch();
        }
    }

    /// When the list has rested: reads what is seen, makes room to scroll on, and writes the address.
    fn rest(self: &Rc<Self>) {
        if std::mem::replace(&mut self.state.borrow_mut().resting, true) {
            return;
        }
        let this = self.clone();
        browser::spawn(async move {
            loop {
                let moves = this.state.borrow().moves;
                browser::sleep(REST_MS).await;
                if this.state.borrow().moves == moves {
                    break;
                }
            }
            this.rested();
        });
    }

    fn rested(self: &Rc<Self>) {
        let mut state = self.state.borrow_mut();
        state.resting = false;
        if !self.node.is_connected() {
            return;
        }
        let real = state.geometry.real(state.top).round();
        if (real - state.real).abs() >= 1.0 {
            self.align(&mut state);
        }
        drop(state);
        self.render(false);
        self.fetch();
        self.write_address();
    }

    /// The address names the first row that is seen, so that reload and links come back to it.
    fn write_address(&self) {
        let users = self.users;
        let Some(seen) = users.scroll.seen.try_get_untracked().flatten() else { return };
        let Some(url) = users.url.try_get_untracked() else { return };
        let href = users.href(&url.from(seen.from));
        if let Ok(history) = window().history() {
            let state = history.state().unwrap_or_default();
            // A browser that refuses so many changes only forgets the place.
            let _ = history.replace_state_with_url(&state, "", Some(&href));
        }
    }

    /// Puts the rows around what is seen into the page.
    fn render(&self, anew: bool) {
        let mut state = self.state.borrow_mut();
        let geometry = state.geometry;
        let (seen, read) = (geometry.seen(state.top, 0), state.run.range());
        let within = |range: Range<usize>| {
            let (start, end) = (range.start.max(read.start), range.end.min(read.end));
            start..end.max(start)
        };
        let least = within(geometry.seen(state.top, LEAST_AROUND));
        let enough = state
            .shown
            .as_ref()
            .is_some_and(|shown| least.is_empty() || (shown.start <= least.start && shown.end >= least.end));
        if anew || !enough {
            let shown = within(geometry.seen(state.top, AROUND));
            let shown = if shown.is_empty() { seen.start..seen.start } else { shown };
            let rows = state.run.rows(shown.clone());
            let above = (geometry.of_row(shown.start) + state.real - state.top).max(0.0);
            let below = (geometry.height() - above - geometry.of_row(rows.len())).max(0.0);
            self.keep_focus(&shown);
            let Total { rows: total, exact } = state.total;
            let window = Window { first: shown.start, rows, above, below, total, exact };
            state.shown = Some(shown);
            self.users.scroll.window.try_set(Some(window));
        }
        let waiting = !seen.is_empty() && (seen.start < read.start || seen.end > read.end);
        let exact = state.run.is_exact() && !waiting;
        let said = Seen { from: seen.start as u64 + 1, to: seen.end as u64, exact, waiting };
        let real = state.real;
        drop(state);
        self.users.scroll.seen.try_set(Some(said));
        self.after_paint(real);
    }

    /// Where every pixel is one, the page must be where the rows are.
    fn align_if_needed(&self, state: &mut State) {
        let top = state.top.clamp(0.0, state.geometry.last());
        if (state.geometry.real(top) - state.real).abs() >= 1.0 {
            self.align(state);
        }
        state.top = top;
    }

    fn reach(self: &Rc<Self>, index: usize) {
        let mut state = self.state.borrow_mut();
        let index = index.min(state.total.rows.saturating_sub(1));
        let top = state.geometry.showing(index, state.top);
        state.focus = Some(index);
        state.moves += 1;
        if (top - state.top).abs() >= 1.0 {
            state.top = top;
            self.align(&mut state);
        }
        drop(state);
        self.render(false);
        self.fetch();
        self.rest();
    }

    fn between(&self, from: usize, to: usize) -> Option<Vec<Account>> {
        let state = self.state.borrow();
        let read = state.run.range();
        (read.contains(&from) && read.contains(&to)).then(|| state.run.rows(from..to + 1))
    }
}
