//! Copies of whole installations, between both engines in every direction.

pub mod awkward;
mod interrupted;
mod refused;

use crate::{
    list::crowd::{Seeded, page_query},
    support::{Database, Engine, TestDb, at, change, count_matches_rows, finish, rows},
};
use awkward::{HASH, LAST_OPERATOR, fill};
use rollcall_shared::{
    account::{Account, NewAccount},
    app::SdkAppId,
    list::{AccountFilter, CountMode, ListQuery, Sort, SortField},
    profile::AccountType,
};
use rollcall_store::{
    OpenOptions, Refusal, Store,
    accounts::Replayable,
    clients::Online,
    copy::{Check, CopyError, CopyOptions, CopyReport, Step, Sum, copy, tables},
};
use sqlx::{Connection as _, PgConnection, SqliteConnection};
use std::{collections::BTreeSet, ops::ControlFlow};

/// The URL of a filled database that nobody has open, and of one that is not there yet.
pub struct Pair {
    pub from: String,
    pub to: String,
    /// The application that has most.
    pub app: SdkAppId,
}

/// Runs `async fn body(pair: Pair)` as two tests: from each engine to the other.
macro_rules! between_engines {
    ($name:ident) => {
        mod $name {
            use crate::support::Engine::{Postgres, Sqlite};

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite_to_postgres() {
                crate::copy::run(Sqlite, Postgres, super::$name).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres_to_sqlite() {
                crate::copy::run(Postgres, Sqlite, super::$name).await;
            }
        }
    };
}
pub(crate) use between_engines;

async fn run<F: Future<Output = ()> + Send + 'static>(from: Engine, to: Engine, body: fn(Pair) -> F) {
    let (source, target) = (Database::new(from).await, Database::new(to).await);
    let (from, to) = (source.url.clone(), target.url.clone());
    let outcome = tokio::spawn(async move {
        let db = TestDb::open(&from).await;
        let app = fill(&db).await;
        db.store.close().await;
        body(Pair { from, to, app }).await;
    })
    .await;
    source.remove().await;
    target.remove().await;
    finish(outcome);
}

/// Copies without a break, a few rows at a time.
pub async fn copied(from: &str, to: &str) -> Result<CopyReport, CopyError> {
    copy(from, to, &CopyOptions { rows: 7 }, &mut |_| ControlFlow::Continue(())).await
}

/// What was compared, without where.
pub fn sums(report: &CopyReport) -> Vec<(Option<SdkAppId>, &'static str, Sum)> {
    report.checks.iter().map(|Check { app, table, source, .. }| (*app, *table, *source)).collect()
}

async fn everything_arrives_and_the_way_back_too(Pair { from, to, app }: Pair) {
    let there = copied(&from, &to).await.unwrap();
    assert!(there.checks.iter().all(Check::is_equal));
    let with_rows: BTreeSet<&str> = there.checks.iter().map(|check| check.table).collect();
    assert_eq!(with_rows, tables().collect(), "the filled installation has rows in every table");
    assert_eq!(there.rows, there.checks.iter().map(|check| check.target.rows).sum::<u64>());

    let again =
        Database::new(if from.starts_with("sqlite") { Engine::Sqlite } else { Engine::Postgres }).await;
    let back = copied(&to, &again.url).await.unwrap();
    assert_eq!(sums(&back), sums(&there), "the same digests by the other engine");
    for url in [&to, &again.url] {
        let (source, copy) = (TestDb::open(&from).await, TestDb::open(url).await);
        same_accounts(&source.store, &copy.store, app).await;
        same_rest(&source.store, &copy.store, app).await;
        goes_on(&copy, app).await;
        source.store.close().await;
        copy.store.close().await;
    }
    again.remove().await;
}
between_engines!(everything_arrives_and_the_way_back_too);

async fn everything_arrives(Pair { from, to, .. }: Pair) {
    let report = copied(&from, &to).await.unwrap();
    assert_eq!(report.checks.iter().map(|check| check.table).collect::<BTreeSet<_>>(), tables().collect());
    assert_eq!(schema(&to).await, schema(&from).await, "with every index, and nothing of the copy's own");
    Store::open(&to, &OpenOptions::default()).await.unwrap().ready().await.unwrap();
}

/// Tables and indexes, as the engine describes them.
async fn schema(url: &str) -> Vec<String> {
    if url.starts_with("sqlite") {
        let all = "SELECT name || coalesce(sql, '') FROM sqlite_master ORDER BY 1";
        let mut conn = SqliteConnection::connect(url).await.unwrap();
        return sqlx::query_scalar(all).fetch_all(&mut conn).await.unwrap();
    }
    let all = "SELECT tablename || ' ' || coalesce(indexdef, '') FROM pg_tables LEFT JOIN pg_indexes USING (tablename) \
         WHERE pg_tables.schemaname = 'public' ORDER BY 1";
    let mut conn = PgConnection::connect(url).await.unwrap();
    sqlx::query_scalar(all).fetch_all(&mut conn).await.unwrap()
}

mod everything_arrives_at_the_same_engine {
    use super::{everything_arrives, run};
    use crate::support::Engine::{Postgres, Sqlite};

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn sqlite() {
        run(Sqlite, Sqlite, everything_arrives).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn postgres() {
        run(Postgres, Postgres, everything_arrives).await;
    }
}

/// The same accounts, found by the same searches in the same order: the derived columns and the index are right.
async fn same_accounts(source: &Store, copy: &Store, app: SdkAppId) {
    let all = rows(source, app, None, 50).await;
    assert!(all.len() > 90);
    assert_eq!(rows(copy, app, None, 50).await, all);
    let mut seeded = Seeded::new(11);
    for _ in 0..150 {
        let query = page_query(&mut seeded, &all);
        let want: Vec<Account> = source.list_accounts(app, &query).await.unwrap().items;
        assert_eq!(copy.list_accounts(app, &query).await.unwrap().items, want, "{query:?}");
    }
    // By the folding of today, whatever the source had.
    let beta = SdkAppId(app.0 + 1);
    let by_nickname =
        ListQuery { sort: Sort { field: SortField::Nickname, descending: true }, ..ListQuery::default() };
    let listed = copy.list_accounts(beta, &by_nickname).await.unwrap().items;
    assert_eq!(
        listed.iter().map(|a| a.user_id.as_str()).collect::<Vec<_>>(),
        ["folded-1", "folded-2", "administrator"]
    );
}

async fn same_rest(source: &Store, copy: &Store, app: SdkAppId) {
    assert_eq!(copy.apps().await.unwrap(), source.apps().await.unwrap());
    assert_eq!(copy.secret_key(app).await.unwrap(), source.secret_key(app).await.unwrap());
    assert_eq!(copy.webhook(app).await.unwrap(), source.webhook(app).await.unwrap());
    assert_eq!(
        copy.token_grant(&HASH, at(9)).await.unwrap(),
        source.token_grant(&HASH, at(9)).await.unwrap()
    );
    assert_eq!(copy.pushes(app).await.unwrap(), source.pushes(app).await.unwrap());
    let groups = source.groups(app, None, 10).await.unwrap().items;
    assert_eq!(copy.groups(app, None, 10).await.unwrap().items, groups);
    for name in ["zz", "Ming", "administrator"] {
        let caller = source.chat_caller(app, name).await.unwrap();
        assert_eq!(copy.chat_caller(app, name).await.unwrap(), caller, "ends of UserSigs: {name}");
    }
    let session = copy.session(&HASH, at(2), at(3)).await.unwrap().unwrap();
    assert_eq!(session.operator.id, 1, "who was signed in still is");
}

/// The copy is an installation like any other.
async fn goes_on(copy: &TestDb, app: SdkAppId) {
    let store = &copy.store;
    count_matches_rows(copy, app).await;
    let admin = NewAccount { account_type: AccountType::Admin, ..NewAccount::new("one more") };
    let one_more = store.create_account(&change(20), app, &admin, None).await.unwrap();
    assert_eq!(one_more, Replayable::Fresh(Err(Refusal::AdminLimit)));
    // The mark of the deletion is at 5, or after the account's own beginning.
    let again = store.create_account(&change(0), app, &NewAccount::new("Ming"), None).await.unwrap();
    let Replayable::Fresh(Ok(again)) = again else { panic!("{again:?}") };
    assert!(again.created_at > at(0), "no old entity tag fits the successor");
    let names = AccountFilter { q: "Ming".to_owned(), ..AccountFilter::default() };
    let found = store.count_accounts(app, &names, CountMode::Exact).await.unwrap().unwrap();
    let listed = rows(store, app, None, 1000).await;
    let matching = listed
        .iter()
        .filter(|a| textkey::contains(&a.user_id, "ming") || textkey::contains(&a.nickname, "ming"));
    assert_eq!(found.value, matching.count() as u64, "what is created after the copy is found");
    store.delete_accounts(&change(21), app, &["Ming".to_owned()]).await.unwrap().unwrap();
    count_matches_rows(copy, app).await;

    let online = store.online(app, vec!["zz".to_owned()], at(7_000)).await.unwrap();
    assert_eq!(online, [Online { user_id: "zz".to_owned(), platform: "Web".to_owned() }]);
    while store.forget_lost_servers(at(70_000), at(70_000)).await.unwrap() {}
    assert_eq!(store.online(app, vec!["zz".to_owned()], at(7_000)).await.unwrap(), []);
    let job = store.claim_job(at(30_001), at(60_000)).await.unwrap().unwrap();
    assert_eq!((job.id.as_str(), job.done, &job.checkpoint), ("job", 10, &serde_json::json!("u")));

    let operator = store.put_operator("new@example.org", "New", "$argon2id$x", at(20)).await.unwrap();
    assert_eq!(operator.id, LAST_OPERATOR + 1, "no operator's number is given twice");
    let apps = store.apps().await.unwrap();
    let next = store.create_app(&change(20), "Next", |_| Vec::new()).await.unwrap();
    assert_eq!(next.sdkappid.0, apps[0].sdkappid.0 + 4, "no application's number is given twice");
}

/// Steps as text, to tell those that were seen.
pub fn step_name(step: &Step<'_>) -> String {
    format!("{step:?}")
}
