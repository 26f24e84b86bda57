//! Reads on a replica that is behind: who has written sees it, others may see what was before. One test, for what halts
//! the replica halts it for all.

use crate::support::{Answer, Client, Server, run};
use rollcall_shared::{
    account::Account,
    app::{App, TokenAccess},
    list::Page,
    paths,
};
use serde_json::json;
use sqlx::{Connection as _, PgConnection};

const POSITION: &str = "rollcall-position";

#[test]
fn whoever_wrote_sees_it_before_the_replica_does() {
    run(|| async {
        let (server, replica) = Server::start_with_replica().await;
        // The replica without the test's database, which it may not have yet.
        let itself = format!("{}/postgres", replica.rsplit_once('/').unwrap().0);
        execute(&itself, "SELECT pg_wal_replay_resume()").await;
        // In a task, so that a failure does not leave the replica halted.
        let outcome = tokio::spawn(async move {
            behind(&server, &replica).await;
            server.state.store.close().await;
            server
        })
        .await;
        execute(&itself, "SELECT pg_wal_replay_resume()").await;
        outcome.unwrap();
    });
}

async fn behind(server: &Server, replica: &str) {
    let (writer, other) = (server.operator().await, server.operator().await);
    let app = server.create_app(&writer, "Aurora Live").await;
    let program = server.program(&writer, &app, TokenAccess::Write).await;
    create(&writer, &app, "before").await;
    follows(replica, "before").await;
    execute(replica, "SELECT pg_wal_replay_pause()").await;
    is_paused(replica).await;

    let created = create(&writer, &app, "after").await;
    assert!(created.cookies().starts_with("rollcall_seen_8080="), "{}", created.cookies());
    let writer = writer.with_cookie(&format!("{}; {}", writer.cookie(), created.cookies()));
    assert_eq!(names(&writer, &app).await, ["after", "before"], "the session that wrote");
    assert_eq!(names(&other, &app).await, ["before"], "another session");
    let show = paths::account(app.sdkappid, "after");
    assert_eq!((writer.get(&show).await.status.as_u16(), other.get(&show).await.status.as_u16()), (200, 404));
    // A cookie that cannot be read asks too much of every replica.
    let broken = other.with_cookie(&format!("{}; rollcall_seen_8080=x", other.cookie()));
    assert_eq!(names(&broken, &app).await, ["after", "before"]);

    let position = created.header(POSITION).to_owned();
    assert_eq!(names(&program, &app).await, ["after", "before"], "a program that says nothing");
    assert_eq!(names(&program.with(POSITION, "0"), &app).await, ["before"], "one that takes what there is");
    assert_eq!(names(&program.with(POSITION, &position), &app).await, ["after", "before"]);
    let by_program = create(&program, &app, "later").await;
    assert_eq!(by_program.cookies(), "", "programs keep no cookies");
    assert!(by_program.header(POSITION).parse::<u64>().unwrap() > position.parse::<u64>().unwrap());
    assert_eq!(
        writer.get(&paths::accounts(app.sdkappid)).await.header(POSITION),
        "",
        "a read changes nothing"
    );

    execute(replica, "SELECT pg_wal_replay_resume()").await;
    follows(replica, "later").await;
    for client in [&writer, &other, &program] {
        assert_eq!(names(client, &app).await, ["after", "before", "later"]);
    }
}

async fn create(client: &Client, app: &App, user_id: &str) -> Answer {
    let answer = client.post(&paths::accounts(app.sdkappid), &json!({ "user_id": user_id })).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer
}

/// The listed accounts but for the administrator, by name.
async fn names(client: &Client, app: &App) -> Vec<String> {
    let answer = client.get(&paths::accounts(app.sdkappid)).await;
    let mut names: Vec<String> =
        answer.json::<Page<Account>>().items.into_iter().map(|account| account.user_id).collect();
    names.retain(|name| name != "administrator");
    names.sort();
    names
}

/// Waits until the replica has the account, as long as it takes.
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

async fn is_paused(replica: &str) {
    let mut conn = PgConnection::connect(replica).await.unwrap();
    loop {
        let state = sqlx::query_scalar::<_, String>("SELECT pg_get_wal_replay_pause_state()");
        if state.fetch_one(&mut conn).await.unwrap() == "paused" {
            return conn.close().await.unwrap();
        }
    }
}

async fn execute(url: &str, statement: &'static str) {
    let mut conn = PgConnection::connect(url).await.unwrap();
    sqlx::raw_sql(statement).execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
}
