//! What a list must be, by brute force.

use rollcall_shared::{
    account::Account,
    app::SdkAppId,
    list::{Count, CountRelation, ListQuery, Page, SortField},
};
use rollcall_store::Store;
use textkey::contains;

/// The accounts of one application, as they should be.
pub struct Oracle {
    app: SdkAppId,
    accounts: Vec<Account>,
}

impl Oracle {
    pub fn new(app: SdkAppId, accounts: impl IntoIterator<Item = Account>) -> Self {
        Self { app, accounts: accounts.into_iter().collect() }
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
        self.accounts.push(account);
    }

    /// Every account of the list, in order.
    fn expected(&self, query: &ListQuery) -> Vec<Account> {
        let (q, filter) = (&query.filter.q, &query.filter);
        let found = |a: &&Account| filter.admits(a) && (contains(&a.user_id, q) || contains(&a.nickname, q));
        let mut accounts: Vec<Account> = self.accounts.iter().filter(found).cloned().collect();
        accounts.sort_by_cached_key(|account| {
            let (text, time) = match query.sort.field {
                SortField::UserId => (textkey::sort_key(&account.user_id), 0),
                SortField::Nickname => (textkey::sort_key(&account.nickname), 0),
                SortField::CreatedAt => (String::new(), account.created_at.millis()),
            };
            (text, time, account.user_id.clone())
        });
        if query.sort.descending {
            accounts.reverse();
        }
        accounts
    }

    /// Pages through the list, forward to the end and back to the beginning.
    pub async fn check(&self, store: &Store, query: &ListQuery) {
        let expected = self.expected(query);
        // A long list in tiny pages proves no more than a short one.
        let query = &ListQuery { limit: query.limit.max(expected.len() as u32 / 8).max(1), ..query.clone() };
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

    async fn page(&self, store: &Store, query: &ListQuery, cursor: Option<String>) -> Page<Account> {
        let query = ListQuery { cursor, ..query.clone() };
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
