//! Databases of every released schema version, brought to the newest: nothing is lost, and the store reads all of it.
//!
//! A database of an earlier version is made of the migrations' own files and of rows by plain SQL, as that version had
//! them: `migrations/accounts.tsv`, and `migrations/rows/` with a file for each migration that made room for rows.

mod fixture;

use crate::support::{Database, Engine, TestDb, at, change, count_matches_rows, on_both, rows};
use fixture::{ALPHA, Person, Released, counts, people, released};
use rollcall_shared::{
    account::NewAccount,
    app::SdkAppId,
    list::{AccountFilter, ListQuery, Sort, SortField},
    profile::AccountType,
};
use rollcall_store::{
    MigrationReport, OpenOptions, Refusal, Store,
    accounts::{IdempotencyKey, Replayable},
};
use serde_json::json;
use std::collections::BTreeSet;

async fn a_database_of_every_released_version_is_migrated(db: TestDb) {
    let engine = if db.is_sqlite() { Engine::Sqlite } else { Engine::Postgres };
    let all = released(engine);
    let newest = all.len() as i64;
    assert_eq!(db.store.migrate().await.unwrap(), MigrationReport { from: newest, to: newest });
    let fresh = fixture::schema(db.url()).await;
    for version in 1..all.len() {
        println!("from {}", all[version - 1].name);
        let database = Database::new(engine).await;
        goes_on_from(&database.url, &all[..version], newest).await;
        assert_eq!(fixture::schema(&database.url).await, fresh, "as if it had been made today");
        database.remove().await;
    }
}
on_both!(a_database_of_every_released_version_is_migrated);

/// Makes a database of the version that `migrations` end with, migrates it and goes on with it.
async fn goes_on_from(url: &str, migrations: &[Released], newest: i64) {
    fixture::make(url, migrations).await;
    let before = counts(url).await;
    let empty: Vec<_> = before.iter().filter(|(_, rows)| **rows == 0).map(|(table, _)| table).collect();
    assert!(empty.is_empty(), "migrations/rows/ has nothing for {empty:?}");

    let store = Store::open(url, &OpenOptions::default()).await.unwrap();
    let report = MigrationReport { from: migrations.len() as i64, to: newest };
    assert_eq!(store.migrate().await.unwrap(), report);
    store.ready().await.unwrap();
    let mut after = counts(url).await;
    after.retain(|table, _| before.contains_key(table) && table != "schema_migrations");
    let before = before.into_iter().filter(|(table, _)| table != "schema_migrations").collect();
    assert_eq!(after, before, "no row is lost");

    let db = TestDb::open(url).await;
    if db.is_sqlite() {
        let merging = "SELECT CAST(v AS TEXT) FROM account_grams_config WHERE k = 'deletemerge'";
        assert_eq!(fixture::texts(url, merging.to_owned()).await, ["0"], "deletions do not stall");
    }
    everyone_is_there(&db).await;
    what_was_begun_goes_on(&db).await;
    rules_still_hold(&db).await;
    store.close().await;
    db.store.close().await;
}

/// Accounts read one by one, in lists of every order and by every search that can find them.
async fn everyone_is_there(db: &TestDb) {
    let (store, people) = (&db.store, people());
    let apps = store.apps().await.unwrap();
    let named: BTreeSet<_> = apps.iter().map(|app| (app.sdkappid.0, app.accounts, app.admins)).collect();
    assert_eq!(named, BTreeSet::from([(ALPHA.0, people.len() as i64, 10), (ALPHA.0 + 1, 0, 0)]));
    count_matches_rows(db, ALPHA).await;
    let ids: BTreeSet<&str> = people.iter().map(|person| person.user_id.as_str()).collect();
    for field in SortField::ALL {
        let query = ListQuery { sort: Sort { field: *field, descending: true }, ..ListQuery::default() };
        let listed = store.list_accounts(ALPHA, &query).await.unwrap().items;
        assert_eq!(listed.iter().map(|account| account.user_id.as_str()).collect::<BTreeSet<_>>(), ids);
    }
    for person in &people {
        is_found(store, person).await;
    }
    let admins = AccountFilter { account_type: vec![AccountType::Admin], ..AccountFilter::default() };
    assert_eq!(found(store, admins).await.len(), 10);
}

async fn is_found(store: &Store, person: &Person) {
    let account = store.account(ALPHA, &person.user_id).await.unwrap().unwrap();
    assert_eq!(account.nickname, person.nickname);
    assert_eq!(account.account_type == AccountType::Admin, person.is_admin);
    assert_eq!((account.level, account.created_at), (u32::MAX, at(2)));
    for name in [&person.user_id, &person.nickname] {
        // The whole name, and the one character that it begins with.
        for needle in [name.clone(), name.chars().take(1).collect()] {
            let filter = AccountFilter { q: needle, ..AccountFilter::default() };
            let hits = found(store, filter).await;
            assert!(hits.contains(&person.user_id), "{name:?} finds {hits:?}");
        }
    }
}

async fn found(store: &Store, filter: AccountFilter) -> Vec<String> {
    let query = ListQuery { filter, ..ListQuery::default() };
    let page = store.list_accounts(ALPHA, &query).await.unwrap();
    page.items.into_iter().map(|account| account.user_id).collect()
}

/// Callers, keys and jobs of the version before are those of this one.
async fn what_was_begun_goes_on(db: &TestDb) {
    let store = &db.store;
    let hash = *b"0123456789abcdef0123456789abcdef";
    assert_eq!(store.token_grant(&hash, at(10)).await.unwrap().unwrap().app, ALPHA);
    assert_eq!(store.session(&hash, at(10), at(20)).await.unwrap().unwrap().operator.id, 1);
    assert!(store.setup_link_valid(&hash, at(10)).await.unwrap());
    let key = IdempotencyKey { caller: "token:7".to_owned(), key: "k 明".to_owned(), body_hash: hash };
    let again =
        store.create_account(&change(10), ALPHA, &NewAccount::new("again"), Some(&key)).await.unwrap();
    assert_eq!(again, Replayable::Replayed(Err(Refusal::AdminLimit)), "answered as it was then");

    assert_eq!(store.job_refused(ALPHA, "half", None, 10).await.unwrap().len(), 1);
    assert_eq!(store.jobs(ALPHA, 10).await.unwrap().len(), 2);
    // Its server is gone, and the lease ran out.
    let job = store.claim_job(at(30_001), at(60_000)).await.unwrap().unwrap();
    assert_eq!((job.id.as_str(), job.done, job.total, job.refused), ("half", 10, 100, 1));
    assert_eq!(job.checkpoint, json!("ming_1"));
    let waiting = store.claim_job(at(30_001), at(60_000)).await.unwrap().unwrap();
    assert_eq!((waiting.id.as_str(), waiting.app), ("waits", SdkAppId(ALPHA.0 + 2)));
}

/// What counts and marks keep: the cap of admins, the end of a deleted account, the numbers given.
async fn rules_still_hold(db: &TestDb) {
    let store = &db.store;
    let admin = NewAccount { account_type: AccountType::Admin, ..NewAccount::new("one more") };
    let one_more = store.create_account(&change(40), ALPHA, &admin, None).await.unwrap();
    assert_eq!(one_more, Replayable::Fresh(Err(Refusal::AdminLimit)));
    let again = store.create_account(&change(0), ALPHA, &NewAccount::new("gone"), None).await.unwrap();
    let Replayable::Fresh(Ok(again)) = again else { panic!("{again:?}") };
    assert!(again.created_at > at(1), "no old entity tag fits the successor");
    assert_eq!(
        found(store, AccountFilter { q: "gone".to_owned(), ..AccountFilter::default() }).await,
        ["gone"]
    );
    let all: Vec<String> = rows(store, ALPHA, None, 7).await.into_iter().map(|row| row.user_id).collect();
    for names in all.chunks(6) {
        store.delete_accounts(&change(41), ALPHA, names).await.unwrap().unwrap();
    }
    count_matches_rows(db, ALPHA).await;
    assert_eq!(store.app(ALPHA).await.unwrap().unwrap().accounts, 1, "only the administrator stays");
    let operator = store.put_operator("new@example.org", "New", "$argon2id$x", at(40)).await.unwrap();
    assert_eq!(operator.id, 3);
    let next = store.create_app(&change(40), "Next", |_| Vec::new()).await.unwrap();
    assert_eq!(next.sdkappid.0, ALPHA.0 + 4, "no application's number is given twice");
}
