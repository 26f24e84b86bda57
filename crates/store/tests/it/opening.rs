//! Opening, migrating and closing.

use crate::support::{TestDb, change, count_matches_rows, on_both};
use rollcall_shared::account::NewAccount;
use rollcall_store::{MigrationReport, OpenOptions, Store, StoreError};

async fn servers_may_migrate_at_once(db: TestDb) {
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let store = db.reopen(&OpenOptions::default()).await;
        tasks.spawn(async move {
            let report = store.migrate().await.unwrap();
            store.ready().await.unwrap();
            store.close().await;
            report
        });
    }
    let reports = tasks.join_all().await;
    let MigrationReport { to, .. } = reports[0];
    assert!(reports.iter().all(|report| *report == MigrationReport { from: to, to }), "{reports:?}");
}
on_both!(servers_may_migrate_at_once);

async fn a_newer_schema_is_refused_and_an_older_one_named(db: TestDb) {
    let MigrationReport { to, .. } = db.store.migrate().await.unwrap();
    db.execute("INSERT INTO schema_migrations (version, name) VALUES (1000, 'from the future')").await;
    for error in [db.store.migrate().await.unwrap_err(), db.store.ready().await.unwrap_err()] {
        assert!(matches!(error, StoreError::SchemaNewer { found: 1000, known } if known == to), "{error}");
    }
    db.execute("DELETE FROM schema_migrations").await;
    let error = db.store.ready().await.unwrap_err();
    assert!(matches!(error, StoreError::SchemaOlder { found: 0, known } if known == to), "{error}");
    db.execute("DROP TABLE schema_migrations").await;
    let error = db.store.ready().await.unwrap_err();
    assert!(matches!(error, StoreError::SchemaOlder { found: 0, .. }), "{error}");
}
on_both!(a_newer_schema_is_refused_and_an_older_one_named);

async fn what_was_acknowledged_is_there_after_closing(db: TestDb) {
    let app = db.app("A").await;
    let second = db.reopen(&OpenOptions::default()).await;
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..200 {
        let store = second.clone();
        tasks.spawn(async move {
            let new = NewAccount::new(format!("u{number}"));
            store.create_account(&change(1), app, &new, None).await.is_ok().then_some(new.user_id)
        });
    }
    // Some callers hang up at once; closing does not wait for anyone.
    let mut acknowledged = Vec::new();
    for _ in 0..50 {
        acknowledged.extend(tasks.join_next().await.unwrap().unwrap());
    }
    tasks.abort_all();
    second.close().await;
    while let Some(done) = tasks.join_next().await {
        acknowledged.extend(done.ok().flatten());
    }
    assert_eq!(db.store.accounts_by_id(app, &acknowledged).await.unwrap().len(), acknowledged.len());
    assert!(acknowledged.len() >= 50);
    count_matches_rows(&db, app).await;
    let error = second.create_account(&change(2), app, &NewAccount::new("late"), None).await.unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
    assert!(second.ready().await.is_err());
}
on_both!(what_was_acknowledged_is_there_after_closing);

#[tokio::test]
async fn other_urls_are_refused_without_their_password() {
    for url in ["mysql://me:secret@host/db", "nonsense", "sqlite::memory:", "sqlite://"] {
        let error = Store::open(url, &OpenOptions::default()).await.unwrap_err();
        assert!(matches!(error, StoreError::Url(_)), "{url}: {error}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}
