//! When SQLite's index of tokens is tidied: not while much is being written, because a pass takes turns with that. When
//! PostgreSQL's planner is told how large an application has become.

use crate::support::{TestDb, at, change, on_both, run_on_postgres};
use rollcall_shared::{
    account::{Account, NewAccount},
    app::SdkAppId,
    profile::FriendVerification,
};
use rollcall_store::accounts::Tidying;

/// Creates accounts that are named after a letter and a number.
async fn create(db: &TestDb, app: SdkAppId, letter: char, count: usize) {
    let account = |number: usize| -> Account {
        NewAccount::new(format!("{letter}{number}")).into_account(at(1), FriendVerification::default())
    };
    let accounts = (0..count).map(account).collect();
    assert_eq!(db.store.load_accounts(&change(1), app, accounts).await.unwrap(), count as u64);
}

async fn tidying_waits_until_writes_cease(db: TestDb) {
    let app = db.app("alpha").await;
    create(&db, app, 'a', 8_000).await;
    if db.is_sqlite() {
        assert!(db.store.wants_tidying().await.unwrap(), "all of it is new");
    }
    db.store.tidy_all().await.unwrap();
    assert!(!db.store.wants_tidying().await.unwrap());

    create(&db, app, 'b', 1_100).await;
    assert!(!db.store.wants_tidying().await.unwrap(), "more may come");
    assert_eq!(db.store.wants_tidying().await.unwrap(), db.is_sqlite(), "no more came");

    create(&db, app, 'c', 1_100).await;
    assert_eq!(db.store.wants_tidying().await.unwrap(), db.is_sqlite(), "too much came to wait any longer");
    let begun = db.store.tidy(Tidying::Begins).await.unwrap();
    assert_eq!(begun, if db.is_sqlite() { Tidying::GoesOn } else { Tidying::Done });
    assert!(!db.store.wants_tidying().await.unwrap(), "a pass is under way");
}
on_both!(tidying_waits_until_writes_cease);

async fn an_application_that_grew_is_known_to_the_planner(db: TestDb) {
    // Nobody else tells the planner meanwhile.
    db.execute("ALTER TABLE accounts SET (autovacuum_enabled = off)").await;
    let large = db.app("large").await;
    create(&db, large, 'a', 9_000).await;
    db.store.tidy_all().await.unwrap();
    let small = db.app("small").await;
    create(&db, small, 'a', 1_500).await;
    assert!(!db.store.wants_tidying().await.unwrap(), "it is small");
    create(&db, small, 'b', 1_500).await;
    assert!(db.store.wants_tidying().await.unwrap());
    db.store.tidy_all().await.unwrap();
    create(&db, small, 'c', 1_100).await;
    assert!(!db.store.wants_tidying().await.unwrap(), "it is known well enough");
}

#[tokio::test]
async fn an_application_that_grew_is_known_to_the_planner_on_postgres() {
    run_on_postgres(an_application_that_grew_is_known_to_the_planner).await;
}
