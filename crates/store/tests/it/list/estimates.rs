//! Counts beyond what is counted exactly, held against the numbers that there are: hits everywhere, hits that stand together in
//! the order of creation or of names, filters and ranges.

use crate::support::{TestDb, at, change, on_both};
use rollcall_shared::{
    account::{Account, NewAccount},
    app::SdkAppId,
    list::{AccountFilter, Count, CountMode, CountRelation, ListQuery},
    profile::Gender,
};

const ACCOUNTS: i64 = 40_000;
const HOUR: i64 = 60 * 60 * 1000;

/// An account whose username does not follow the order of creation.
fn account(n: i64) -> Account {
    let username = n * 7_919 % ACCOUNTS;
    let half = if n % 2 == 0 { "half" } else { "" };
    let crowd = if (11_300..26_100).contains(&n) { "crowd" } else { "" };
    let some = if n < 10_000 { "some" } else { "" };
    let named = if (5_000..18_000).contains(&username) { "named" } else { "" };
    let nickname = format!("{half} {crowd} {some} {named}");
    let gender = if n % 3 == 0 { Gender::Female } else { Gender::Male };
    NewAccount { nickname, gender: Some(gender), ..NewAccount::new(format!("user{username:05}")) }
        .into_account(at(n), Default::default())
}

struct Counted<'a> {
    db: &'a TestDb,
    app: SdkAppId,
}

impl Counted<'_> {
    async fn count(&self, filter: &AccountFilter) -> Count {
        self.db.store.count_accounts(self.app, filter, CountMode::Capped).await.unwrap().unwrap()
    }

    /// An estimate of so many, wrong by so many in a hundred at most, in two digits.
    async fn is_about(&self, filter: &AccountFilter, matches: u64, percent: u64) {
        let Count { value, relation } = self.count(filter).await;
        assert_eq!(relation, CountRelation::Estimate, "{filter:?}: {value}");
        assert!(value.abs_diff(matches) * 100 <= matches * percent, "{filter:?}: {value} of {matches}");
        assert!(value >= 10_000 && value % 1_000 == 0, "{filter:?}: {value}");
    }
}

fn of(q: &str) -> AccountFilter {
    AccountFilter { q: q.into(), ..AccountFilter::default() }
}

async fn what_is_not_counted_is_estimated(db: TestDb) {
    let app = db.app("many").await;
    // What stands beside it belongs to no estimate.
    let beside = db.app("beside").await;
    db.store.load_accounts(&change(0), beside, (0..11_000).map(account).collect()).await.unwrap();
    db.store.load_accounts(&change(0), app, (0..ACCOUNTS).map(account).collect()).await.unwrap();
    if !db.is_sqlite() {
        db.execute("ANALYZE").await;
    }
    let counted = Counted { db: &db, app };
    let since = |q: &str| AccountFilter { created_from: Some(at(5_000)), ..of(q) };
    let between = |q: &str| AccountFilter { created_before: Some(at(33_000)), ..since(q) };
    let women = AccountFilter { gender: vec![Gender::Female], ..of("") };

    for filter in [of("half"), of("crowd"), since(""), between("half"), women.clone()] {
        let before = counted.count(&filter).await;
        assert_eq!(before.relation, CountRelation::Gte, "nothing is known to estimate by: {filter:?}");
    }
    db.store.sample_all(at(HOUR)).await.unwrap();

    counted.is_about(&of("user"), 40_000, 5).await;
    counted.is_about(&of("half"), 20_000, 5).await;
    // Seen in parts of the order alone: by creation, and by name.
    counted.is_about(&of("crowd"), 14_800, 15).await;
    counted.is_about(&of("named"), 13_000, 15).await;
    counted.is_about(&women, 13_333, 15).await;
    counted.is_about(&since(""), 35_001, 3).await;
    counted.is_about(&between(""), 28_000, 3).await;
    counted.is_about(&between("half"), 14_000, 8).await;
    counted.is_about(&AccountFilter { created_from: Some(at(12_000)), ..of("crowd") }, 14_100, 15).await;

    // What is counted is not estimated.
    assert_eq!(counted.count(&of("some")).await, Count::eq(10_000));
    assert_eq!(counted.count(&of("user12345")).await, Count::eq(1));
    assert_eq!(counted.count(&of("absent")).await, Count::eq(0));
    assert_eq!(counted.count(&of("")).await, Count::eq(40_001));
    // An exact count stays one, for whoever is asked to confirm it.
    let exact = db.store.count_accounts(app, &of("crowd"), CountMode::Exact).await.unwrap();
    assert_eq!(exact, Some(Count::eq(14_800)));

    // A page in the middle of the hits is found by the same number.
    let query = ListQuery { filter: of("half"), offset: Some(15_000), limit: 10, ..ListQuery::default() };
    let page = db.store.list_accounts(app, &query).await.unwrap();
    let first: u64 = page.items[0].user_id["user".len()..].parse().unwrap();
    // Half of all usernames, evenly spread.
    assert!((28_000..=32_000).contains(&first), "{first}");
}
on_both!(what_is_not_counted_is_estimated);
