//! Which rows are ticked: none, some by name, or all that match a filter. Pure; what a bulk action does with
//! them lives with the page.

use rollcall_shared::{
    account::Account,
    list::AccountFilter,
    profile::AccountType,
    selection::{EXCEPT_MAX, Matching, Selection},
    time::Timestamp,
};
use std::collections::{BTreeMap, BTreeSet};

/// The ticked accounts. They survive paging, because they are named and not positions.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Ticks {
    /// No row is ticked.
    #[default]
    None,
    /// These accounts, with their types, so that a warning can name the admins.
    Some(BTreeMap<String, AccountType>),
    /// Every account that matched the filter at an instant, except some.
    AllMatching(AllMatching),
}

/// See [`Ticks::AllMatching`].
#[derive(Clone, Debug, PartialEq)]
pub struct AllMatching {
    /// The filter.
    pub filter: AccountFilter,
    /// Accounts that were unticked again.
    pub except: BTreeSet<String>,
    /// Accounts created later are not meant.
    pub as_of: Timestamp,
    /// How many matched, if that is known exactly.
    pub matched: Option<u64>,
}

/// The state of the checkbox in the table's head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageTicks {
    /// No row of the page is ticked.
    None,
    /// Some are.
    Some,
    /// All are.
    All,
}

impl Ticks {
    /// Whether nothing is ticked.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::None)
    }

    /// How many are ticked, if that is known.
    pub fn count(&self) -> Option<u64> {
        match self {
            Self::None => Some(0),
            Self::Some(ids) => Some(ids.len() as u64),
            Self::AllMatching(all) => all.matched.map(|n| n.saturating_sub(all.except.len() as u64)),
        }
    }

    /// Whether this row is ticked.
    pub fn has(&self, account: &Account) -> bool {
        match self {
            Self::None => false,
            Self::Some(ids) => ids.contains_key(&account.user_id),
            Self::AllMatching(all) => {
                account.created_at <= all.as_of && !all.except.contains(&account.user_id)
            }
        }
    }

    /// Ticks or unticks rows. A row that came after "all" was chosen cannot join it.
    pub fn set<'a>(&mut self, rows: impl IntoIterator<Item = &'a Account>, on: bool) {
        match self {
            Self::AllMatching(all) => {
                for row in rows {
                    if on {
                        all.except.remove(&row.user_id);
                    } else if all.except.len() < EXCEPT_MAX && row.created_at <= all.as_of {
                        all.except.insert(row.user_id.clone());
                    }
                }
            }
            Self::None | Self::Some(_) => {
                let mut ids = if let Self::Some(ids) = std::mem::take(self) { ids } else { BTreeMap::new() };
                for row in rows {
                    if on {
                        ids.insert(row.user_id.clone(), row.account_type);
                    } else {
                        ids.remove(&row.user_id);
                    }
                }
                *self = if ids.is_empty() { Self::None } else { Self::Some(ids) };
            }
        }
        if self.count() == Some(0) {
            *self = Self::None;
        }
    }

    /// Ticks every account that matches.
    pub fn all_matching(filter: AccountFilter, as_of: Timestamp, matched: Option<u64>) -> Self {
        if matched == Some(0) {
            return Self::None;
        }
        Self::AllMatching(AllMatching {
            filter: filter.normalised(),
            except: BTreeSet::new(),
            as_of,
            matched,
        })
    }

    /// What the list's filter means for the ticks: "all that match" is given up when the filter changes.
    pub fn keep_for(&mut self, filter: &AccountFilter) {
        if matches!(self, Self::AllMatching(all) if all.filter != filter.clone().normalised()) {
            *self = Self::None;
        }
    }

    /// The checkbox in the head of a page with these rows.
    pub fn of_page(&self, rows: &[Account]) -> PageTicks {
        match rows.iter().filter(|row| self.has(row)).count() {
            0 => PageTicks::None,
            n if n == rows.len() => PageTicks::All,
            _ => PageTicks::Some,
        }
    }

    /// The checkbox in the head of a list without pages.
    pub fn of_all(&self) -> PageTicks {
        match self {
            Self::None => PageTicks::None,
            Self::AllMatching(all) if all.except.is_empty() => PageTicks::All,
            Self::Some(_) | Self::AllMatching(_) => PageTicks::Some,
        }
    }

    /// The admins among accounts ticked by name; of a filter's accounts only the server knows.
    pub fn named_admins(&self) -> Vec<String> {
        let Self::Some(ids) = self else { return Vec::new() };
        ids.iter().filter(|(_, t)| **t == AccountType::Admin).map(|(id, _)| id.clone()).collect()
    }

    /// What a bulk request says; nothing when nothing is ticked.
    pub fn selection(&self) -> Option<Selection> {
        match self {
            Self::None => None,
            Self::Some(ids) => Some(Selection::UserIds { user_ids: ids.keys().cloned().collect() }),
            Self::AllMatching(all) => Some(Selection::Matching(Matching {
                filter: all.filter.clone(),
                except: all.except.iter().cloned().collect(),
                as_of: all.as_of,
                expected: self.count(),
            })),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rollcall_shared::account::NewAccount;

    fn account(id: &str, at: i64) -> Account {
        let mut new = NewAccount::new(id);
        if id.starts_with("admin") {
            new.account_type = AccountType::Admin;
        }
        new.into_account(Timestamp::from_millis(at), Default::default())
    }

    #[test]
    fn ticks_survive_other_pages_and_end_at_none() {
        let (first, second) = (account("a", 1), account("b", 1));
        let mut ticks = Ticks::default();
        ticks.set([&first], true);
        ticks.set([&second], true);
        assert_eq!((ticks.count(), ticks.has(&first)), (Some(2), true));
        ticks.set([&first, &second], false);
        assert_eq!(ticks, Ticks::None);
        assert_eq!(ticks.selection(), None);
    }

    #[test]
    fn the_head_shows_none_some_and_all() {
        let rows = [account("a", 1), account("b", 1)];
        let mut ticks = Ticks::default();
        assert_eq!(ticks.of_page(&rows), PageTicks::None);
        ticks.set([&rows[0]], true);
        assert_eq!(ticks.of_page(&rows), PageTicks::Some);
        ticks.set(&rows, true);
        assert_eq!(ticks.of_page(&rows), PageTicks::All);
        assert_eq!(ticks.of_page(&[]), PageTicks::None);
    }

    #[test]
    fn all_that_match_leaves_out_exceptions_and_newcomers() {
        let (old, gone, new) = (account("a", 10), account("b", 10), account("c", 11));
        let mut ticks = Ticks::all_matching(AccountFilter::default(), Timestamp::from_millis(10), Some(7));
        ticks.set([&gone, &new], false);
        assert_eq!((ticks.has(&old), ticks.has(&gone), ticks.has(&new)), (true, false, false));
        assert_eq!(ticks.of_all(), PageTicks::Some);
        assert_eq!(ticks.count(), Some(6));
        let Some(Selection::Matching(matching)) = ticks.selection() else { panic!("a filter's selection") };
        assert_eq!((matching.except, matching.expected), (vec!["b".to_owned()], Some(6)));
        ticks.set([&gone], true);
        assert_eq!(ticks.count(), Some(7));
    }

    #[test]
    fn another_filter_gives_up_all_that_match_but_keeps_named_ones() {
        let other = AccountFilter { q: "x".to_owned(), ..Default::default() };
        let mut all = Ticks::all_matching(AccountFilter::default(), Timestamp::from_millis(1), None);
        all.keep_for(&AccountFilter::default());
        assert!(!all.is_empty());
        all.keep_for(&other);
        assert!(all.is_empty());
        let mut named = Ticks::default();
        named.set([&account("a", 1)], true);
        named.keep_for(&other);
        assert_eq!(named.count(), Some(1));
    }

    #[test]
    fn admins_among_named_ones_are_known() {
        let mut ticks = Ticks::default();
        ticks.set([&account("admin-1", 1), &account("b", 1)], true);
        assert_eq!(ticks.named_admins(), ["admin-1"]);
    }
}
