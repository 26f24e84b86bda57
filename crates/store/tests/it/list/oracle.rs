//! What a list must be, by brute force.

use rollcall_shared::{
    account::Account,
    app::SdkAppId,
    list::{Count, CountMode, CountRelation, ListQuery, Page, SortField},
};
use rollcall_store::Store;
use std::collections::HashMap;
use textkey::{Needle, search_key, sort_key};

/// The accounts of one application, as they should be.
pub struct Oracle {
    app: SdkAppId,
    accounts: Vec<Account>,
    keys: HashMap<String, Keys>,
}

/// The keys of an account: folding 500 bytes again for each question would be most of the test's time.
struct Keys {
    search: [String; 2],
    sort: [String; 2],
}

impl Oracle {
    pub fn new(app: SdkAppId, accounts: impl IntoIterator<Item = Account>) -> Self {
        let mut oracle = Self { app, accounts: Vec::new(), keys: HashMap::new() };
        accounts.into_iter().for_each(|account| oracle.put(account));
        oracle
    }

    pub const fn app(&self) -> SdkAppId {
        self.app
    }

    pub fn accounts(&self) -> &[Account] {
        &self.accounts
    }

    pub fn remove(&mut self, user_id: &str) {
        self.accounts.retain(|account| account.user_id != user_id);
    }

    pub fn put(&mut self, account: Account) {
        self.remove(&account.user_id);
        let names = [&account.user_id, &account.nickname];
        let keys =
            Keys { search: names.map(|name| search_key(name)), sort: names.map(|name| sort_key(name)) };
        self.keys.insert(account.user_id.clone(), keys);
        self.accounts.push(account);
    }

    /// Every account of the list, in order.
    pub fn expected(&self, query: &ListQuery) -> Vec<Account> {
        let needle = Needle::new(&query.filter.q);
        let found = |a: &&Account| {
            query.filter.admits(a) && self.keys[&a.user_id].search.iter().any(|key| needle.is_in(key))
        };
        let mut accounts: Vec<&Account> = self.accounts.iter().filter(found).collect();
        accounts.sort_by_key(|account| {
            let [user_id, nickname] = &self.keys[&account.user_id].sort;
            let (text, time) = match query.sort.field {
                SortField::UserId => (user_id.as_str(), 0),
                SortField::Nickname => (nickname.as_str(), 0),
                SortField::CreatedAt => ("", account.created_at.millis()),
            };
            (text, time, account.user_id.as_str())
        });
        if query.sort.descending {
            accounts.reverse();
        }
        accounts.into_iter().cloned().collect()
    }

    /// Pages through the list, forward to the end and back to the beginning.
    pub async fn check(&self, store: &Store, query: &ListQuery) {
        let expected = self.expected(query);
        // A long list in tiny pages proves no more than a short one.
        let query = &ListQuery { limit: query.limit.max(expected.len() as u32 / 5).max(1), ..query.clone() };
        let first = self.page(store, query, None).await;
        assert_eq!(first.previous, None, "{query:?}");
        let count = Count { value: expected.len() as u64, relation: CountRelation::Eq };
        assert_eq!(first.count, Some(count), "{query:?}");

        let (mut last, mut forward) = (first.clone(), first.items);
        while let Some(next) = last.next.clone() {
            last = self.page(store, query, Some(next)).await;
            forward.extend(last.items.clone());
        }
        same(&forward, &expected, query, "forward");

        let mut back = last.items.clone();
        while let Some(previous) = last.previous.clone() {
            last = self.page(store, query, Some(previous)).await;
            back.splice(0..0, last.items.clone());
        }
        same(&back, &expected, query, "back");
    }

    pub async fn page(&self, store: &Store, query: &ListQuery, cursor: Option<String>) -> Page<Account> {
        let count = if cursor.is_none() { query.count } else { CountMode::None };
        let query = ListQuery { cursor, count, ..query.clone() };
        let page = store.list_accounts(self.app, &query).await.unwrap();
        let limit = query.limit as usize;
        assert!(page.items.len() <= limit, "{query:?}");
        // Only the last page of a direction, or one that says so, is not full.
        let ends = page.next.is_none() || page.previous.is_none();
        assert!(page.items.len() == limit || ends || !page.complete, "{query:?}");
        page
    }
}

fn same(found: &[Account], expected: &[Account], query: &ListQuery, way: &str) {
    let ids = |accounts: &[Account]| accounts.iter().map(|a| a.user_id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(found), ids(expected), "{way}: {query:?}");
    assert_eq!(found, expected, "{way}: {query:?}");
}
