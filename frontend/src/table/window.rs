//! The rows of a list that are there: a page, or, where the list scrolls, those around what is seen. What reads more of
//! them while someone scrolls lives with the page.

use crate::browser;
use leptos::{html, prelude::*};
use rollcall_shared::account::Account;

/// Consecutive rows of a list, and the space of those around them that are not there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Window {
    /// The position of the first row in the list, from 0; always 0 for a page.
    pub first: usize,
    /// The rows.
    pub rows: Vec<Account>,
    /// The space above them, in pixels.
    pub above: f64,
    /// The space below them, in pixels.
    pub below: f64,
    /// How many rows the list has, where it scrolls.
    pub total: usize,
    /// Whether that is exact.
    pub exact: bool,
}

impl Window {
    /// A page.
    pub fn page(rows: Vec<Account>) -> Self {
        Self { rows, ..Self::default() }
    }

    /// The row at a position of the list.
    pub fn at(&self, index: usize) -> Option<&Account> {
        self.rows.get(index.checked_sub(self.first)?)
    }

    /// The rows between two positions, both included, if all are there.
    pub fn between(&self, from: usize, to: usize) -> Option<&[Account]> {
        let start = from.checked_sub(self.first)?;
        self.rows.get(start..=to.checked_sub(self.first)?)
    }

    /// The rows with their positions.
    pub fn numbered(self) -> impl Iterator<Item = (usize, Account)> {
        self.rows.into_iter().enumerate().map(move |(n, row)| (self.first + n, row))
    }

    /// What assistive software is told: all rows with the head, or -1 where nobody knows. Nothing of a page.
    pub fn row_count(&self) -> Option<String> {
        (self.total > 0).then(|| if self.exact { (self.total + 1).to_string() } else { "-1".to_owned() })
    }

    /// Where the rows begin, and which they are.
    pub fn ids(&self) -> (usize, Vec<String>) {
        (self.first, self.rows.iter().map(|row| row.user_id.clone()).collect())
    }
}

/// What a list that scrolls can be asked for, beyond the rows that are there.
#[derive(Clone, Copy)]
pub struct Further {
    /// Brings the row at a position into view and gives it the focus.
    pub reach: Callback<usize>,
    /// The rows between two positions, both included, if all have been read.
    pub between: Callback<(usize, usize), Option<Vec<Account>>>,
}

/// How a list scrolls.
#[derive(Clone, Copy)]
pub struct Scrolling {
    /// Whether it does.
    pub on: Memo<bool>,
    /// What scrolls.
    pub node: NodeRef<html::Div>,
    /// Who reads more rows, once it is there.
    pub further: StoredValue<Option<Further>>,
}

impl Scrolling {
    /// The rows between two positions, if all have been read.
    pub fn between(self, from: usize, to: usize) -> Option<Vec<Account>> {
        self.further.get_value().and_then(|further| further.between.run((from, to)))
    }
}

/// A side of the rows that are there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Above them.
    Above,
    /// Below them.
    Below,
}

impl Side {
    /// The id of the element that is as high as the rows which are not there.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Above => "space-above",
            Self::Below => "space-below",
        }
    }
}

/// The space of rows that are not there.
#[component]
pub fn Space(
    /// Where it is.
    side: Side,
    /// The rows that are there.
    rows: Memo<Window>,
    /// Whether there can be any.
    on: Memo<bool>,
) -> impl IntoView {
    let id = side.id();
    // Not an attribute: the page's policy refuses styles in the HTML, and the first HTML has no space.
    Effect::new(move |_| {
        let height = rows.with(|rows| if side == Side::Above { rows.above } else { rows.below });
        browser::set_height(id, height);
    });
    move || {
        on.get().then(|| {
            view! {
                <tbody class="space" aria-hidden="true">
                    <tr><td id=id></td></tr>
                </tbody>
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rollcall_shared::account::NewAccount;

    fn window() -> Window {
        let row = |id: &str| NewAccount::new(id).into_account(Default::default(), Default::default());
        Window { first: 10, rows: ["a", "b", "c"].map(row).to_vec(), ..Window::default() }
    }

    #[test]
    fn rows_are_found_by_their_position_in_the_list() {
        let window = window();
        assert_eq!(window.at(11).map(|row| row.user_id.as_str()), Some("b"));
        assert_eq!((window.at(9), window.at(13)), (None, None));
        assert_eq!(window.between(10, 12).map(<[_]>::len), Some(3));
        assert_eq!((window.between(9, 11), window.between(11, 13)), (None, None));
        assert_eq!(window.numbered().map(|(n, _)| n).collect::<Vec<_>>(), [10, 11, 12]);
    }
}
