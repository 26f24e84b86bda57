//! From the rows that were read to a page and its neighbours.

use crate::{Cursor, Direction, Value};

/// A page: its rows in the order of the list, and the cursors of the pages beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slice<T> {
    /// The rows, in the order of the list.
    pub rows: Vec<T>,
    /// Where the page after begins; `None` at the end.
    pub next: Option<Cursor>,
    /// Where the page before ends; `None` at the beginning.
    pub previous: Option<Cursor>,
}

impl<T> Slice<T> {
    /// Makes a page of `limit` rows out of `read`: up to `limit + 1` rows in the order in which they were read
    /// from `from` (backward means last row first). `key` is the unique key of a row.
    ///
    /// `stopped` is for a reader that gave up early: the last key that it looked at. Then there is more in the
    /// direction of reading, beginning right after that key, however few rows came.
    pub fn new(
        mut read: Vec<T>,
        limit: usize,
        from: Option<&Cursor>,
        stopped: Option<Vec<Value>>,
        key: impl Fn(&T) -> Vec<Value>,
    ) -> Self {
        let more = read.len() > limit;
        read.truncate(limit);
        let backward = from.is_some_and(|cursor| cursor.direction == Direction::Backward);
        // Where reading goes on: after the last row, or after the last key that was looked at.
        let far = if more { read.last().map(&key) } else { stopped };
        // Where it came from: before the first row. Without a row, the place itself, and the row there if any.
        let near = match (read.first(), from) {
            (_, None) => None,
            (Some(row), Some(_)) => Some((key(row), false)),
            (None, Some(cursor)) => Some((cursor.key.clone(), !cursor.inclusive)),
        };
        let (before, after) = ordinals(from, backward, read.len() as u64, far.is_some());
        let cursor = |direction, inclusive, key, ordinal| Cursor { direction, inclusive, key, ordinal };
        if backward {
            read.reverse();
            return Self {
                rows: read,
                previous: far.map(|key| cursor(Direction::Backward, false, key, before)),
                next: near.map(|(key, inclusive)| cursor(Direction::Forward, inclusive, key, after)),
            };
        }
        Self {
            rows: read,
            next: far.map(|key| cursor(Direction::Forward, false, key, after)),
            previous: near.map(|(key, inclusive)| cursor(Direction::Backward, inclusive, key, before)),
        }
    }
}

/// How many rows of the list stand before the page, and before what follows it. Backward reading learns the
/// truth when it arrives at the beginning.
fn ordinals(from: Option<&Cursor>, backward: bool, length: u64, more: bool) -> (u64, u64) {
    let at = from.map_or(0, |cursor| cursor.ordinal);
    let before = match (backward, more) {
        (false, _) => at,
        (true, true) => at.saturating_sub(length),
        (true, false) => 0,
    };
    (before, before.saturating_add(length))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(row: &i64) -> Vec<Value> {
        vec![Value::Int(*row)]
    }

    /// Reads a page out of a sorted list, as a database would.
    fn read(list: &[i64], limit: usize, from: Option<&Cursor>) -> Slice<i64> {
        let at = |cursor: &Cursor| match cursor.key[..] {
            [Value::Int(at)] => at,
            _ => panic!("not a key of this list"),
        };
        let rows: Vec<i64> = match from {
            None => list.to_vec(),
            Some(c) if c.direction == Direction::Forward => {
                list.iter().copied().filter(|row| *row > at(c) || (c.inclusive && *row == at(c))).collect()
            }
            Some(c) => list
                .iter()
                .rev()
                .copied()
                .filter(|row| *row < at(c) || (c.inclusive && *row == at(c)))
                .collect(),
        };
        Slice::new(rows.into_iter().take(limit + 1).collect(), limit, from, None, key)
    }

    #[test]
    fn an_empty_page_leads_back_to_where_it_came_from() {
        let first = read(&[1, 2, 3], 2, None);
        let gone = read(&[1, 2], 2, first.next.as_ref());
        assert_eq!((gone.rows.len(), gone.next.clone()), (0, None));
        assert_eq!(read(&[1, 2], 2, gone.previous.as_ref()).rows, [1, 2]);
    }

    #[test]
    fn a_reader_that_gave_up_goes_on_where_it_stopped() {
        let page = Slice::new(vec![3], 5, None, Some(vec![Value::Int(40)]), key);
        assert_eq!(page.next.unwrap().key, [Value::Int(40)]);
        assert_eq!(page.previous, None);
    }

    proptest! {
        #[test]
        fn every_row_is_seen_once_both_ways(length in 0_i64..60, limit in 1_usize..9) {
            let list: Vec<i64> = (0..length).collect();
            let (mut seen, mut page) = (Vec::new(), read(&list, limit, None));
            prop_assert_eq!(&page.previous, &None);
            loop {
                seen.extend(page.rows.clone());
                let Some(next) = page.next.clone() else { break };
                prop_assert_eq!(next.ordinal, seen.len() as u64);
                page = read(&list, limit, Some(&next));
            }
            prop_assert_eq!(&seen, &list);

            let mut back = page.rows.clone();
            while let Some(previous) = page.previous.clone() {
                prop_assert_eq!(previous.ordinal, (list.len() - back.len()) as u64);
                page = read(&list, limit, Some(&previous));
                prop_assert_eq!(page.next.as_ref().map(|c| c.ordinal), Some((list.len() - back.len()) as u64));
                back.splice(0..0, page.rows.clone());
            }
            prop_assert_eq!(&back, &list);
        }

        #[test]
        fn cursors_survive_their_row(length in 3_i64..60, limit in 1_usize..9) {
            let list: Vec<i64> = (0..length).collect();
            let first = read(&list, limit, None);
            let without: Vec<i64> = list.iter().copied().filter(|row| !first.rows.contains(row)).collect();
            let rest: Vec<i64> = without.iter().copied().take(limit).collect();
            if let Some(next) = first.next {
                prop_assert_eq!(read(&without, limit, Some(&next)).rows, rest);
            }
        }
    }
}
