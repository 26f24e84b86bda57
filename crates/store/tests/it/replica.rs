//! Reads on a replica of PostgreSQL that falls behind, cancels what it is asked, is away, or is no replica. One test:
//! there is one replica, and what halts it halts it for all.

use crate::support::{Database, Engine, TestDb, change, execute, finish};
use rollcall_shared::{account::NewAccount, app::SdkAppId, list::ListQuery};
use rollcall_store::{OpenOptions, Position, Store, StoreError};
use sqlx::{Connection as _, PgConnection};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replica_is_read_when_it_has_what_the_reader_must_see() {
    let replica = replica_url();
    execute(&replica, "SELECT pg_wal_replay_resume()").await;
    let database = Database::new(Engine::Postgres).await;
    let (url, beside) = (database.url.clone(), replica.clone());
    let outcome = tokio::spawn(async move { reads(&url, &beside).await }).await;
    execute(&replica, "SELECT pg_wal_replay_resume()").await;
    database.remove().await;
    finish(outcome);
}

fn replica_url() -> String {
    std::env::var("ROLLCALL_TEST_POSTGRES_REPLICA").expect(
        "ROLLCALL_TEST_POSTGRES_REPLICA must be the URL of a replica of ROLLCALL_TEST_POSTGRES for a superuser; \
         `cargo xtask test` starts one and sets it",
    )
}

async fn reads(url: &str, replica: &str) {
    let db = TestDb::open(url).await;
    let app = db.app("A").await;
    let of_database = of_database(replica, url);
    let store = db.store.clone().with_replica(&of_database, &OpenOptions::default()).await.unwrap();
    assert_eq!(db.store.position().await.unwrap(), None, "nobody has to be told where there is no replica");

    lags_behind(&store, app, &of_database).await;
    cancels(&store, app, &of_database).await;
    is_away(&db, app).await;
    is_none(&db, app, url).await;
    store.close().await;
    db.store.close().await;
}

/// The URL of a database at the replica.
fn of_database(replica: &str, url: &str) -> String {
    let (server, _) = replica.rsplit_once('/').unwrap();
    let (_, name) = url.rsplit_once('/').unwrap();
    format!("{server}/{name}")
}

async fn lags_behind(store: &Store, app: SdkAppId, replica: &str) {
    create(store, app, "before").await;
    let before = store.position().await.unwrap().unwrap();
    follows(replica, "before").await;
    execute(replica, "SELECT pg_wal_replay_pause()").await;
    paused(replica).await;
    create(store, app, "after").await;
    let after = store.position().await.unwrap().unwrap();
    assert!(after > before);

    let (stale, fresh) = (store.reads_after(Position::START), store.reads_after(after));
    for _ in 0..3 {
        assert_eq!(names(&stale, app).await, ["before"], "the replica is read");
        assert!(stale.account(app, "after").await.unwrap().is_none());
        assert_eq!(names(&fresh, app).await, ["after", "before"], "who wrote it sees it");
        assert_eq!(names(&store.reads_after(Position::LATEST), app).await, ["after", "before"]);
        assert_eq!(
            names(store, app).await,
            ["after", "before"],
            "whatever does not say so reads the primary"
        );
    }
    // What decides a write is read where it is written.
    create(&stale, app, "by a reader").await;
    assert_eq!(names(store, app).await, ["after", "before", "by a reader"]);

    execute(replica, "SELECT pg_wal_replay_resume()").await;
    follows(replica, "by a reader").await;
    assert_eq!(names(&stale, app).await, names(&fresh, app).await);
}

/// Waits until the replica has the account, as long as the replica takes; asked itself, for what it does not have yet
/// the store would find at the primary.
async fn follows(replica: &str, user_id: &'static str) {
    let has = async || {
        let mut conn = PgConnection::connect(replica).await.ok()?;
        let count =
            sqlx::query_scalar::<_, i64>("SELECT count(*) FROM accounts WHERE user_id = $1").bind(user_id);
        let count = count.fetch_one(&mut conn).await.ok()?;
        conn.close().await.ok()?;
        (count == 1).then_some(())
    };
    while has().await.is_none() {
        tokio::task::yield_now().await;
    }
}

async fn paused(replica: &str) {
    let mut conn = PgConnection::connect(replica).await.unwrap();
    loop {
        let state: String =
            sqlx::query_scalar("SELECT pg_get_wal_replay_pause_state()").fetch_one(&mut conn).await.unwrap();
        if state == "paused" {
            return conn.close().await.unwrap();
        }
    }
}

/// A connection that the replica ends in the middle of what it is asked is none that a reader hears of.
async fn cancels(store: &Store, app: SdkAppId, replica: &str) {
    let stale = store.reads_after(Position::START);
    let want = names(&stale, app).await;
    let readers = (0..4).map(|_| {
        let (stale, want) = (stale.clone(), want.clone());
        tokio::spawn(async move {
            for _ in 0..100 {
                assert_eq!(names(&stale, app).await, want);
            }
        })
    });
    let readers: Vec<_> = readers.collect();
    for _ in 0..20 {
        execute(
            replica,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
             WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = 'rollcall'",
        )
        .await;
    }
    for reader in readers {
        reader.await.unwrap();
    }
}

/// Nobody listens there.
async fn is_away(db: &TestDb, app: SdkAppId) {
    let nobody = "postgres://postgres@127.0.0.1:1/nothing";
    let store = db.store.clone().with_replica(nobody, &OpenOptions::default()).await.unwrap();
    let stale = store.reads_after(Position::START);
    for _ in 0..3 {
        assert_eq!(names(&stale, app).await, ["after", "before", "by a reader"]);
    }
    assert!(store.position().await.unwrap().is_some());
    store.replica_follows().await;
}

/// A database that is no replica of this one, though it has the same schema: the primary of it, and another one.
async fn is_none(db: &TestDb, app: SdkAppId, url: &str) {
    let other = Database::new(Engine::Postgres).await;
    let beside = TestDb::open(&other.url).await;
    for wrong in [url, other.url.as_str()] {
        let store = db.store.clone().with_replica(wrong, &OpenOptions::default()).await.unwrap();
        let stale = store.reads_after(Position::START);
        assert_eq!(names(&stale, app).await, ["after", "before", "by a reader"]);
    }
    beside.store.close().await;
    other.remove().await;
}

async fn create(store: &Store, app: SdkAppId, user_id: &str) {
    store.create_account(&change(1), app, &NewAccount::new(user_id), None).await.unwrap();
}

/// The listed accounts but for the administrator, by name.
async fn names(store: &Store, app: SdkAppId) -> Vec<String> {
    let page = store.list_accounts(app, &ListQuery::default()).await.unwrap();
    let mut names: Vec<String> = page.items.into_iter().map(|account| account.user_id).collect();
    names.retain(|name| name != "administrator");
    names.sort();
    names
}

#[tokio::test]
async fn sqlite_has_no_replica() {
    let database = Database::new(Engine::Sqlite).await;
    let store = Store::open(&database.url, &OpenOptions::default()).await.unwrap();
    let error = store.with_replica("postgres://localhost/r", &OpenOptions::default()).await.unwrap_err();
    assert!(matches!(error, StoreError::ReplicaOfSqlite), "{error}");
    assert!(error.to_string().contains("ROLLCALL_READ_DATABASE_URL"), "{error}");
}

#[test]
fn positions_are_numbers_from_0_on() {
    for text in ["0", "50332080", "9223372036854775807"] {
        assert_eq!(text.parse::<Position>().unwrap().to_string(), text);
    }
    for text in ["", "-1", "0/3000000", "9223372036854775808", "x"] {
        assert!(text.parse::<Position>().is_err(), "{text}");
    }
}
