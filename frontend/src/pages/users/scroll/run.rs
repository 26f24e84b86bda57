//! The rows that have been read of a list that scrolls: one run without gaps, made of pages as the server gave them. Where
//! the run stands in the list may be an estimate; it is put right when one of its ends is an end of the list.

use rollcall_shared::{
    account::Account,
    list::{Count, CountRelation, Page},
};
use std::{collections::VecDeque, ops::Range};

/// So many pages are kept on the side that is scrolled away from.
const KEPT: usize = 3;

/// How a page was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// By the address of the list.
    Address,
    /// As the one at about this position.
    At(usize),
    /// As the one after the run, by this cursor.
    After(String),
    /// As the one before the run, by this cursor.
    Before(String),
}

/// A page of the run.
#[derive(Clone, Debug)]
struct Part {
    asked: Asked,
    rows: Vec<Account>,
    previous: Option<String>,
    next: Option<String>,
}

impl Part {
    fn new(asked: Asked, page: Page<Account>) -> Self {
        let Page { items, next, previous, .. } = page;
        Self { asked, rows: items, previous, next }
    }
}

/// How many rows the list has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Total {
    /// The number.
    pub rows: usize,
    /// Whether it is exact.
    pub exact: bool,
}

impl Total {
    /// What a count says.
    pub fn of(count: Count) -> Self {
        let rows = usize::try_from(count.value).unwrap_or(usize::MAX);
        Self { rows, exact: count.relation == CountRelation::Eq }
    }
}

/// The run.
#[derive(Clone, Debug, Default)]
pub struct Run {
    first: usize,
    exact: bool,
    parts: VecDeque<Part>,
}

impl Run {
    /// The run of one page that begins at a position.
    pub fn new(first: usize, exact: bool, asked: Asked, page: Page<Account>) -> Self {
        Self { first, exact, parts: VecDeque::from([Part::new(asked, page)]) }
    }

    /// The positions of its rows.
    pub fn range(&self) -> Range<usize> {
        self.first..self.first + self.parts.iter().map(|part| part.rows.len()).sum::<usize>()
    }

    /// Whether its positions are exact.
    pub const fn is_exact(&self) -> bool {
        self.exact
    }

    /// The rows at positions of the list; all of them must have been read.
    pub fn rows(&self, wanted: Range<usize>) -> Vec<Account> {
        let from = wanted.start.saturating_sub(self.first);
        self.parts.iter().flat_map(|part| &part.rows).skip(from).take(wanted.len()).cloned().collect()
    }

    /// How to ask for the page after it; none at the end of the list.
    pub fn after(&self) -> Option<Asked> {
        self.parts.back()?.next.clone().map(Asked::After)
    }

    /// How to ask for the page before it; none at the beginning of the list.
    pub fn before(&self) -> Option<Asked> {
        self.parts.front()?.previous.clone().map(Asked::Before)
    }

    /// How the page with a position was asked for, to read it again.
    pub fn asked(&self, index: usize) -> Option<Asked> {
        let (_, part) = self.part_at(index)?;
        self.parts.get(part).map(|part| part.asked.clone())
    }

    fn part_at(&self, index: usize) -> Option<(usize, usize)> {
        let mut first = self.first;
        for (n, part) in self.parts.iter().enumerate() {
            if (first..first + part.rows.len()).contains(&index) {
                return Some((first, n));
            }
            first += part.rows.len();
        }
        None
    }

    /// Adds a page at the end, and lets go of pages far before it.
    pub fn extend_after(&mut self, asked: Asked, page: Page<Account>) {
        self.parts.push_back(Part::new(asked, page));
        while self.parts.len() > 2 * KEPT {
            self.first += self.parts.pop_front().map_or(0, |part| part.rows.len());
        }
    }

    /// Adds a page at the beginning, and lets go of pages far behind it. How many positions all rows have moved by, because
    /// there turned out to be more before them than was thought.
    pub fn extend_before(&mut self, asked: Asked, page: Page<Account>) -> isize {
        let part = Part::new(asked, page);
        let moved = part.rows.len().saturating_sub(self.first);
        self.first = self.first.saturating_sub(part.rows.len());
        self.parts.push_front(part);
        self.parts.truncate(2 * KEPT);
        moved.cast_signed()
    }

    /// Puts a page that was read again in its place, and lets go of all others.
    pub fn replace(&mut self, asked: Asked, page: Page<Account>) {
        let mut first = self.first;
        for part in &self.parts {
            if part.asked == asked {
                break;
            }
            first += part.rows.len();
        }
        *self = Self { first, exact: self.exact, parts: VecDeque::from([Part::new(asked, page)]) };
    }

    /// Puts the run and the total right where the run has an end of the list. How many positions all rows have moved by.
    pub fn correct(&mut self, total: &mut Total) -> isize {
        let (at_beginning, at_end) = (self.before().is_none(), self.after().is_none());
        let was = self.first;
        if at_beginning {
            (self.first, self.exact) = (0, true);
        }
        let end = self.range().end;
        if at_end && !self.exact && total.exact {
            self.first = total.rows.saturating_sub(self.range().len());
            self.exact = true;
        } else if at_end {
            // The count is older than the rows, or no better.
            *total = Total { rows: end, exact: self.exact };
        } else if end >= total.rows {
            *total = Total { rows: end + 1, exact: false };
        }
        self.first.cast_signed() - was.cast_signed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rollcall_shared::account::NewAccount;

    /// A page of these numbers in a list of 100.
    fn page(numbers: Range<usize>) -> Page<Account> {
        let row = |n: usize| {
            NewAccount::new(format!("u{n:03}")).into_account(Default::default(), Default::default())
        };
        Page {
            next: (numbers.end < 100).then(|| format!("after {}", numbers.end)),
            previous: (numbers.start > 0).then(|| format!("before {}", numbers.start)),
            items: numbers.map(row).collect(),
            count: None,
            complete: true,
            position: None,
        }
    }

    fn names(run: &Run, range: Range<usize>) -> Vec<String> {
        run.rows(range).into_iter().map(|row| row.user_id).collect()
    }

    #[test]
    fn a_run_grows_on_both_sides_and_lets_go_of_what_is_far() {
        let mut run = Run::new(50, true, Asked::At(50), page(50..60));
        run.extend_after(Asked::After("after 60".to_owned()), page(60..70));
        assert_eq!(run.extend_before(Asked::Before("before 50".to_owned()), page(40..50)), 0);
        assert_eq!((run.range(), names(&run, 59..61)), (40..70, vec!["u059".to_owned(), "u060".to_owned()]));
        for start in [70, 80, 90] {
            run.extend_after(Asked::After(format!("after {start}")), page(start..start + 10));
        }
        run.extend_before(Asked::Before("before 40".to_owned()), page(30..40));
        assert_eq!(run.range(), 30..90);
        assert_eq!(run.after(), Some(Asked::After("after 90".to_owned())));
        run.extend_after(Asked::After("after 90".to_owned()), page(90..100));
        assert_eq!((run.range(), run.after()), (40..100, None));
        assert_eq!(run.before(), Some(Asked::Before("before 40".to_owned())));
    }

    #[test]
    fn positions_are_put_right_at_the_ends_of_the_list() {
        let mut total = Total { rows: 100, exact: true };
        // Thought to be at 3, but there are ten before it.
        let mut run = Run::new(3, false, Asked::At(3), page(10..20));
        assert_eq!(run.correct(&mut total), 0);
        assert_eq!(run.extend_before(Asked::Before("before 10".to_owned()), page(0..10)), 7);
        assert_eq!((run.correct(&mut total), run.range(), run.is_exact()), (0, 0..20, true));
        // Thought to be at 70.
        let mut run = Run::new(70, false, Asked::At(70), page(90..100));
        assert_eq!((run.correct(&mut total), run.range()), (20, 90..100));
        // Nobody knew how many there are.
        let mut total = Total { rows: 50, exact: false };
        let mut run = Run::new(60, false, Asked::At(60), page(60..70));
        run.correct(&mut total);
        assert_eq!(total, Total { rows: 71, exact: false });
        // One more came since they were counted.
        let mut counted = Total { rows: 99, exact: true };
        let mut sure = Run::new(90, true, Asked::At(90), page(90..100));
        assert_eq!((sure.correct(&mut counted), counted), (0, Total { rows: 100, exact: true }));
        run.replace(Asked::At(60), page(90..100));
        run.correct(&mut total);
        assert_eq!(total, Total { rows: 70, exact: false });
    }

    #[test]
    fn a_page_that_is_read_again_stays_where_it_was() {
        let mut run = Run::new(50, true, Asked::At(50), page(50..60));
        let next = Asked::After("after 60".to_owned());
        run.extend_after(next.clone(), page(60..70));
        assert_eq!(run.asked(64), Some(next.clone()));
        run.replace(next, page(60..69));
        assert_eq!((run.range(), names(&run, 60..61)), (60..69, vec!["u060".to_owned()]));
        assert_eq!(run.asked(50), None);
    }
}
