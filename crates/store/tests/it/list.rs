//! Pages, searches and counts against an oracle: brute force over the rules of `rollcall-shared` and `textkey`.

pub mod crowd;
mod estimates;
mod oracle;
mod positions;

use crate::support::{TestDb, at, change, on_both};
use crowd::{Seeded, crowd, page_query};
use oracle::Oracle;
use rollcall_shared::{
    account::{Account, AccountPatch, NewAccount, Patch},
    list::{AccountFilter, CountMode, ListQuery},
    profile::{ADMINISTRATOR, AccountType},
};
use rollcall_store::{OpenOptions, Store, StoreError, accounts::SearchBounds};

/// Bounds so tight that a crowd of hundreds takes every way that a search can take.
const TIGHT: [SearchBounds; 3] = [
    SearchBounds { few: 3, first_walk: 10, next_walk: 20, many: 40, last_walk: 60, whole: 1_000_000 },
    SearchBounds { few: 0, first_walk: 1, next_walk: 2, many: 0, last_walk: 25, whole: 0 },
    SearchBounds { few: 0, first_walk: 7, next_walk: 0, many: 1_000, last_walk: 0, whole: 0 },
];

/// The store as it is, and over the same database with tight bounds.
async fn stores(db: &TestDb) -> Vec<Store> {
    let mut stores = vec![db.store.clone()];
    for bounds in TIGHT {
        stores.push(
            db.reopen(&OpenOptions { connections: 2, search: Some(bounds), ..OpenOptions::default() }).await,
        );
    }
    stores
}

async fn every_page_is_what_brute_force_says(db: TestDb) {
    let mut seeded = Seeded::new(20_261_122);
    let app = db.app("crowd").await;
    // A crowd beside it, in which everything matches too.
    let beside = db.app("beside").await;
    let accounts = crowd(&mut seeded, 320);
    db.store.load_accounts(&change(0), beside, accounts[..40].to_vec()).await.unwrap();
    assert_eq!(db.store.load_accounts(&change(0), app, accounts.clone()).await.unwrap(), 320);

    let administrator = db.store.account(app, ADMINISTRATOR).await.unwrap().unwrap();
    let mut oracle = Oracle::new(app, accounts.into_iter().chain([administrator]));
    let stores = stores(&db).await;
    ask(&stores, &oracle, &mut seeded, 700).await;
    if !db.is_sqlite() {
        // What PostgreSQL knows of its rows decides which way a search takes.
        db.execute("ANALYZE").await;
        ask(&stores, &oracle, &mut seeded, 300).await;
    }

    edit(&db, &mut oracle, &mut seeded).await;
    ask(&stores, &oracle, &mut seeded, 150).await;
    delete_and_create_again(&db, &mut oracle, &mut seeded).await;
    ask(&stores, &oracle, &mut seeded, 150).await;

    db.store.tidy_all().await.unwrap();
    assert!(!db.store.wants_tidying().await.unwrap());
    ask(&stores, &oracle, &mut seeded, 150).await;

    if db.is_sqlite() {
        db.execute_on_sqlite("VACUUM").await;
        ask(&stores, &oracle, &mut seeded, 150).await;
    }
    for store in &stores {
        store.close().await;
    }
}
on_both!(every_page_is_what_brute_force_says);

/// Random questions; every store must agree with the oracle on each.
async fn ask(stores: &[Store], oracle: &Oracle, seeded: &mut Seeded, questions: usize) {
    for number in 0..questions {
        let query = page_query(seeded, oracle.accounts());
        oracle.check(&stores[number % stores.len()], &query).await;
    }
}

async fn edit(db: &TestDb, oracle: &mut Oracle, seeded: &mut Seeded) {
    for n in 0..60 {
        let account = seeded.pick(oracle.accounts()).clone();
        let other = crowd(seeded, 1).remove(0);
        let patch = AccountPatch {
            nickname: if n % 3 == 0 { Patch::Keep } else { Patch::Set(other.nickname) },
            gender: Patch::Set(other.gender),
            friending: Patch::Set(other.friending),
            friend_verification: Patch::Set(other.friend_verification),
            ..AccountPatch::default()
        };
        let expected = (account.created_at, account.version);
        let id = &account.user_id;
        db.store.patch_account(&change(n), oracle.app(), id, Some(expected), &patch).await.unwrap();
        oracle.put(db.store.account(oracle.app(), id).await.unwrap().unwrap());
    }
}

async fn delete_and_create_again(db: &TestDb, oracle: &mut Oracle, seeded: &mut Seeded) {
    let ids: Vec<String> = oracle.accounts().iter().map(|account| account.user_id.clone()).collect();
    let gone: Vec<String> =
        ids.into_iter().filter(|id| id != ADMINISTRATOR && seeded.below(4) == 0).collect();
    assert!(gone.len() > 40);
    db.store.delete_accounts(&change(0), oracle.app(), &gone).await.unwrap().unwrap();
    for (n, id) in gone.iter().enumerate() {
        oracle.remove(id);
        if n % 2 == 0 {
            let nickname = crowd(seeded, 1).remove(0).nickname;
            let account = NewAccount { nickname, ..NewAccount::new(id.as_str()) };
            let created = db.store.create_account(&change(n as i64), oracle.app(), &account, None).await;
            assert!(created.is_ok());
            oracle.put(db.store.account(oracle.app(), id).await.unwrap().unwrap());
        }
    }
}

async fn a_cursor_belongs_to_one_list(db: TestDb) {
    let (app, other) = (db.app("one").await, db.app("two").await);
    let accounts = crowd(&mut Seeded::new(7), 20);
    db.store.load_accounts(&change(0), app, accounts).await.unwrap();
    let query = ListQuery { limit: 5, ..ListQuery::default() };
    let cursor = db.store.list_accounts(app, &query).await.unwrap().next;
    assert!(cursor.is_some());

    let with = |query: ListQuery| ListQuery { cursor: cursor.clone(), ..query };
    // The page size is not part of the list.
    let page = db.store.list_accounts(app, &with(ListQuery { limit: 9, ..query.clone() })).await.unwrap();
    assert_eq!(page.items.len(), 9);

    let filter = AccountFilter { account_type: vec![AccountType::General], ..AccountFilter::default() };
    for (app, query) in [
        (other, with(query.clone())),
        (app, with(ListQuery { sort: "-user_id".parse().unwrap(), ..query.clone() })),
        (app, with(ListQuery { sort: "created_at".parse().unwrap(), ..query.clone() })),
        (app, with(ListQuery { filter, ..query.clone() })),
        (app, ListQuery { cursor: Some("nonsense".into()), ..query.clone() }),
    ] {
        let error = db.store.list_accounts(app, &query).await.unwrap_err();
        assert!(matches!(error, StoreError::Cursor), "{error}");
    }
}
on_both!(a_cursor_belongs_to_one_list);

async fn a_cursor_survives_its_anchor(db: TestDb) {
    let app = db.app("one").await;
    let accounts: Vec<Account> = (0..30)
        .map(|n| NewAccount::new(format!("u{n:02}")).into_account(at(n), Default::default()))
        .collect();
    db.store.load_accounts(&change(0), app, accounts).await.unwrap();
    let ids = |items: &[Account]| items.iter().map(|account| account.user_id.clone()).collect::<Vec<_>>();

    let filter = AccountFilter { q: "u".into(), ..AccountFilter::default() };
    let first = ListQuery { limit: 10, filter, ..ListQuery::default() };
    let page = db.store.list_accounts(app, &first).await.unwrap();
    db.store.delete_accounts(&change(0), app, &ids(&page.items)[5..]).await.unwrap().unwrap();
    let second =
        db.store.list_accounts(app, &ListQuery { cursor: page.next, ..first.clone() }).await.unwrap();
    assert_eq!(ids(&second.items)[0], "u10");
    let back = db.store.list_accounts(app, &ListQuery { cursor: second.previous, ..first }).await.unwrap();
    assert_eq!(ids(&back.items), ["u00", "u01", "u02", "u03", "u04"]);
    assert_eq!(back.previous, None);
}
on_both!(a_cursor_survives_its_anchor);

async fn counts_stop_at_their_bounds(db: TestDb) {
    let app = db.app("many").await;
    let account = |n: i64| {
        let rare = if n % 10 == 0 { "rare" } else { "" };
        // So many have "half", and one more has "more".
        let half = if n < 10_000 { "half more" } else { "" };
        let more = if n == 10_000 { "more" } else { "" };
        let nickname = format!("{rare} {half}{more}");
        NewAccount { nickname, ..NewAccount::new(format!("user{n}")) }.into_account(at(n), Default::default())
    };
    db.store.load_accounts(&change(0), app, (0..21_000).map(account).collect()).await.unwrap();
    let count = async |q: &str, mode| {
        let filter = AccountFilter { q: q.into(), ..AccountFilter::default() };
        db.store
            .count_accounts(app, &filter, mode)
            .await
            .unwrap()
            .map(|c| (c.value, format!("{:?}", c.relation)))
    };
    let eq = |value| Some((value, "Eq".to_owned()));
    assert_eq!(count("user", CountMode::None).await, None);
    assert_eq!(count("", CountMode::Capped).await, eq(21_001));
    assert_eq!(count("user", CountMode::Capped).await, Some((10_000, "Gte".to_owned())));
    assert_eq!(count("half", CountMode::Capped).await, eq(10_000));
    assert_eq!(count("more", CountMode::Capped).await, Some((10_000, "Gte".to_owned())));
    assert_eq!(count("user", CountMode::Exact).await, eq(21_000));
    assert_eq!(count("rare", CountMode::Capped).await, eq(2_100));
    assert_eq!(count("user20999", CountMode::Capped).await, eq(1));
    assert_eq!(count("absent", CountMode::Exact).await, eq(0));
}
on_both!(counts_stop_at_their_bounds);
