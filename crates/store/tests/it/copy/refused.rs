//! Copies that are refused, and what they say.

use super::{Pair, between_engines, copied};
use crate::support::{Database, Engine, TestDb, at, change, execute};
use rollcall_shared::account::NewAccount;
use rollcall_store::{
    OpenOptions, Store, StoreError,
    copy::{CopyError, CopyOptions, Step, copy},
};
use std::ops::ControlFlow;

/// Copies as far as the table before the first that is compared.
async fn unfinished(from: &str, to: &str) {
    let mut stop = |step: Step<'_>| match step {
        Step::Compare(_) => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    };
    let outcome = copy(from, to, &CopyOptions::default(), &mut stop).await;
    assert!(matches!(outcome, Err(CopyError::Stopped)));
}

async fn a_target_that_was_used_is_refused(Pair { from, to, .. }: Pair) {
    let target = TestDb::open(&to).await;
    target.store.put_operator("a@example.org", "A", "x", at(0)).await.unwrap();
    target.store.close().await;
    let error = copied(&from, &to).await.unwrap_err();
    assert!(matches!(error, CopyError::NotEmpty { table: "operators" }), "{error}");
    let target = TestDb::open(&to).await;
    assert_eq!(target.store.apps().await.unwrap(), [], "nothing was written");
    target.store.close().await;
    copied(&from, &to).await.unwrap_err();

    // A server that was started there once, and nothing else, is no use.
    execute(&to, "DELETE FROM operators").await;
    let target = TestDb::open(&to).await;
    target.store.put_setup_link(&[1; 32], at(0), at(1)).await.unwrap();
    target.store.close().await;
    copied(&from, &to).await.unwrap();
    let error = copied(&from, &to).await.unwrap_err();
    assert!(matches!(error, CopyError::NotEmpty { .. }), "it is complete: {error}");
}
between_engines!(a_target_that_was_used_is_refused);

async fn a_source_that_changed_meanwhile_is_refused(Pair { from, to, app }: Pair) {
    unfinished(&from, &to).await;
    let source = TestDb::open(&from).await;
    source.store.create_account(&change(50), app, &NewAccount::new("late"), None).await.unwrap();
    source.store.close().await;
    let error = copied(&from, &to).await.unwrap_err();
    assert!(matches!(error, CopyError::SourceChanged { .. }), "{error}");
    let error = Store::open(&to, &OpenOptions::default()).await.unwrap_err();
    assert!(matches!(error, StoreError::UnfinishedCopy { .. }), "{error}");
}
between_engines!(a_source_that_changed_meanwhile_is_refused);

async fn another_source_is_refused(Pair { from, to, .. }: Pair) {
    unfinished(&from, &to).await;
    let other = Database::new(Engine::Sqlite).await;
    let db = TestDb::open(&other.url).await;
    db.app("Other").await;
    db.store.close().await;
    let error = copied(&other.url, &to).await.unwrap_err();
    assert!(matches!(&error, CopyError::OtherSource { .. }), "{error}");
    let error = copied(&to, &other.url).await.unwrap_err();
    assert!(matches!(error, CopyError::Store(StoreError::UnfinishedCopy { .. })), "no source: {error}");
    copied(&from, &to).await.unwrap();
    other.remove().await;
}
between_engines!(another_source_is_refused);

async fn a_copy_that_differs_is_found(Pair { from, to, app }: Pair) {
    unfinished(&from, &to).await;
    execute(&to, "UPDATE accounts SET whats_up = 'x' WHERE user_id = 'zz'").await;
    execute(&to, "DELETE FROM group_members").await;
    let error = copied(&from, &to).await.unwrap_err();
    let CopyError::Differs(checks) = &error else { panic!("{error}") };
    let wrong: Vec<_> = checks.iter().filter(|check| !check.is_equal()).collect();
    assert_eq!(wrong.iter().map(|check| check.table).collect::<Vec<_>>(), ["accounts", "group_members"]);
    assert!(wrong.iter().all(|check| check.app == Some(app)));
    assert_eq!(wrong[0].source.rows, wrong[0].target.rows);
    assert_eq!((wrong[1].source.rows, wrong[1].target.rows), (2, 0));
    assert!(Store::open(&to, &OpenOptions::default()).await.is_err(), "it stays marked");
}
between_engines!(a_copy_that_differs_is_found);

async fn a_database_in_use_is_refused(Pair { from, to, .. }: Pair) {
    let server = TestDb::open(&from).await;
    server.store.apps().await.unwrap();
    let error = copied(&from, &to).await.unwrap_err();
    assert!(matches!(&error, CopyError::InUse(_)), "the source: {error}");
    server.store.close().await;
    let server = TestDb::open(&to).await;
    server.store.apps().await.unwrap();
    let error = copied(&from, &to).await.unwrap_err();
    assert!(matches!(&error, CopyError::InUse(_)), "the target: {error}");
    server.store.close().await;
    copied(&from, &to).await.unwrap();
}
between_engines!(a_database_in_use_is_refused);

async fn another_schema_is_refused(Pair { from, to, .. }: Pair) {
    execute(&from, "INSERT INTO schema_migrations (version, name) VALUES (1000, 'from the future')").await;
    let error = copied(&from, &to).await.unwrap_err();
    assert!(matches!(error, CopyError::Store(StoreError::SchemaNewer { found: 1000, .. })), "{error}");
    execute(&from, "DELETE FROM schema_migrations WHERE version >= 9").await;
    let error = copied(&from, &to).await.unwrap_err();
    assert!(error.to_string().contains("rollcall migrate"), "{error}");
    assert!(matches!(error, CopyError::Store(StoreError::SchemaOlder { .. })), "{error}");
}
between_engines!(another_schema_is_refused);

async fn a_database_is_not_copied_into_itself(Pair { from, to, .. }: Pair) {
    let error = copied(&from, &from).await.unwrap_err();
    assert!(matches!(error, CopyError::SameDatabase), "{error}");
    let alias =
        if from.starts_with("sqlite") { from.replace("/test.db", "/./test.db") } else { format!("{from}?") };
    let error = copied(&from, &alias).await.unwrap_err();
    assert!(matches!(error, CopyError::SameDatabase | CopyError::InUse(_)), "{error}");
    copied(&from, &to).await.unwrap();
}
between_engines!(a_database_is_not_copied_into_itself);

/// SQLite keeps texts that PostgreSQL does not.
#[tokio::test]
async fn a_nul_is_refused_by_name_where_it_cannot_be_kept() {
    let (source, other) = (Database::new(Engine::Sqlite).await, Database::new(Engine::Sqlite).await);
    let target = Database::new(Engine::Postgres).await;
    let db = TestDb::open(&source.url).await;
    let app = db.app("A").await;
    db.store.create_account(&change(1), app, &NewAccount::new("ming"), None).await.unwrap();
    db.store.close().await;
    execute(&source.url, "UPDATE accounts SET nickname = 'a' || char(0) || 'b' WHERE user_id = 'ming'").await;
    let refused = copied(&source.url, &target.url).await;
    let kept = copied(&source.url, &other.url).await;
    target.remove().await;
    let error = refused.unwrap_err();
    let CopyError::Nul { table: "accounts", key, column } = &error else { panic!("{error}") };
    assert!(key.contains("\"ming\"") && column == "nickname", "{error}");
    let copy = TestDb::open(&other.url).await;
    assert!(kept.is_ok());
    assert_eq!(copy.store.account(app, "ming").await.unwrap().unwrap().nickname, "a\0b");
}

#[tokio::test]
async fn a_source_that_is_not_there_is_not_made() {
    let (source, target) = (Database::new(Engine::Sqlite).await, Database::new(Engine::Sqlite).await);
    let error = copied(&source.url, &target.url).await.unwrap_err();
    assert!(matches!(error, CopyError::NoSource(_)), "{error}");
    for url in [&source.url, &target.url] {
        assert!(!std::path::Path::new(url.strip_prefix("sqlite://").unwrap()).exists());
    }
    let error = copied("mysql://me:secret@host/db", &target.url).await.unwrap_err();
    assert!(!error.to_string().contains("secret"), "{error}");
}
