//! What is read of the list, and where it is put. Which rows are shown of it is the engine's.

use super::{AHEAD, Engine, JUMP, State};
use crate::{
    api::{self, ApiResult},
    browser,
    pages::users::scroll::{
        CHUNK,
        run::{Asked, Run, Total},
    },
    text::accounts as t,
};
use leptos::prelude::*;
use rollcall_shared::{
    account::Account,
    list::{Count, CountMode, CountRelation, ListQuery, Page},
};
use std::rc::Rc;

impl Engine {
    /// A page came by the address of the list: another list, another place of it, or the same one after a change.
    pub(super) fn fed(self: &Rc<Self>, page: Page<Account>) {
        let list = self.users.wanted_now();
        let count = page.count.or_else(|| self.count_of_all());
        let mut state = self.state.borrow_mut();
        if let Some(count) = count {
            state.total = Total::of(count);
        }
        // What is on its way was asked for beside rows that are no longer there.
        state.generation += 1;
        state.asking = false;
        if state.list.as_ref() == Some(&list) {
            let seen = state.geometry.seen(state.top, 0).start;
            match state.run.asked(seen) {
                Some(Asked::Address) | None => state.run.replace(Asked::Address, page),
                Some(asked) => {
                    drop(state);
                    return self.ask(asked, true);
                }
            }
        } else {
            let (first, exact) = self.first_of(&page);
            state.list = Some(list);
            state.run = Run::new(first, exact, Asked::Address, page);
            state.correct();
            self.measure(&mut state);
            state.top = state.geometry.of_row(first).min(state.geometry.last());
            self.align(&mut state);
        }
        state.correct();
        drop(state);
        self.render(true);
        self.fetch();
    }

    /// How many rows the whole list has, if nothing is filtered.
    fn count_of_all(&self) -> Option<Count> {
        let app = self.users.application_now()?;
        let value = u64::try_from(app.accounts).ok()?;
        let unfiltered = self.users.url.with_untracked(|url| url.list.filter.is_empty());
        unfiltered.then_some(Count { value, relation: CountRelation::Eq })
    }

    /// The position of a page that came by the address, and whether it is exact.
    fn first_of(&self, page: &Page<Account>) -> (usize, bool) {
        let said = page.position.map(|position| (position.value, position.relation == CountRelation::Eq));
        let (first, exact) = said.unwrap_or_else(|| {
            let (from, paged) = self.users.url.with_untracked(|url| (url.from, url.list.cursor.is_some()));
            if paged { (from.saturating_sub(1), false) } else { (0, true) }
        });
        (usize::try_from(first).unwrap_or(usize::MAX), exact)
    }

    /// Reads what is needed next, one page at a time.
    pub(super) fn fetch(self: &Rc<Self>) {
        let state = self.state.borrow();
        if state.asking || state.list.is_none() || state.geometry.rows == 0 {
            return;
        }
        let (seen, read) = (state.geometry.seen(state.top, 0), state.run.range());
        let far = seen.end + JUMP < read.start || seen.start > read.end + JUMP;
        let asked = if far || read.is_empty() {
            Some(Asked::At(seen.start.saturating_sub(CHUNK as usize / 4)))
        } else if seen.end + AHEAD > read.end && state.run.after().is_some() {
            state.run.after()
        } else if seen.start < read.start + AHEAD {
            state.run.before()
        } else {
            None
        };
        drop(state);
        if let Some(asked) = asked {
            self.ask(asked, false);
        }
    }

    fn ask(self: &Rc<Self>, asked: Asked, again: bool) {
        let mut state = self.state.borrow_mut();
        let Some((Some(app), query)) = state.list.clone() else { return };
        state.asking = true;
        let generation = state.generation;
        drop(state);
        let query = ListQuery {
            limit: CHUNK,
            count: CountMode::None,
            cursor: None,
            offset: None,
            seek: None,
            ..query
        };
        let query = match &asked {
            Asked::Address => query,
            Asked::At(index) => ListQuery { offset: Some(*index as u64), ..query },
            Asked::After(cursor) | Asked::Before(cursor) => {
                ListQuery { cursor: Some(cursor.clone()), ..query }
            }
        };
        let this = self.clone();
        browser::spawn(async move {
            let answer = api::accounts(app, &query).await;
            if this.state.borrow().generation == generation && this.node.is_connected() {
                this.state.borrow_mut().asking = false;
                this.arrived(asked, again, answer);
            }
        });
    }

    fn arrived(self: &Rc<Self>, asked: Asked, again: bool, answer: ApiResult<Page<Account>>) {
        let page = match answer {
            Ok(page) => page,
            Err(error) => return self.toasts.failed(t::not_scrolled(&error.message())),
        };
        let mut state = self.state.borrow_mut();
        let mut moved = 0;
        match asked {
            _ if again => state.run.replace(asked, page),
            Asked::At(index) => {
                let (first, exact) = match page.position {
                    Some(at) => {
                        (usize::try_from(at.value).unwrap_or(index), at.relation == CountRelation::Eq)
                    }
                    None => (index, false),
                };
                moved = first.cast_signed() - index.cast_signed();
                state.run = Run::new(first, exact, asked, page);
            }
            Asked::Before(_) => moved = state.run.extend_before(asked, page),
            Asked::Address | Asked::After(_) => state.run.extend_after(asked, page),
        }
        moved += state.correct();
        self.measure(&mut state);
        if moved != 0 {
            // The rows on the screen stay where they are; only what they are called changes.
            state.top += state.geometry.row * offset_of(moved);
        }
        if state.top < 0.0 || state.top > state.geometry.last() || !state.geometry.is_compressed() {
            self.align_if_needed(&mut state);
        }
        drop(state);
        self.render(true);
        self.fetch();
    }
}

impl State {
    /// Puts positions right that an end of the list has shown to be wrong; how many rows they moved by.
    fn correct(&mut self) -> isize {
        let moved = self.run.correct(&mut self.total);
        self.geometry.rows = self.total.rows;
        moved
    }
}

#[expect(clippy::cast_precision_loss, reason = "no list has 2^52 rows")]
const fn offset_of(rows: isize) -> f64 {
    rows as f64
}
