//! A database as a released version left it, by plain SQL: nothing here goes through the store.

use crate::support::Engine;
use rollcall_shared::app::SdkAppId;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};
use std::{collections::BTreeMap, fs, path::Path};

/// The application that the accounts are of.
pub const ALPHA: SdkAppId = SdkAppId(1_400_000_001);

/// What the store derives of an account is data here: user ID, whether it is an admin, nickname, the keys that it is
/// sorted and searched by, and the tokens of the search index.
const ACCOUNTS: &str = include_str!("accounts.tsv");

/// A migration that was released, with the rows that its version could hold beyond those of the one before.
pub struct Released {
    pub name: String,
    sql: String,
    rows: String,
}

/// All migrations, in their order.
pub fn released(engine: Engine) -> Vec<Released> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (folder, bytes) = match engine {
        Engine::Sqlite => ("migrations/sqlite", "BLOB"),
        Engine::Postgres => ("migrations/postgres", "BYTEA"),
    };
    let files = fs::read_dir(here.join(folder)).unwrap().map(|file| file.unwrap().path());
    let mut all: Vec<Released> = files
        .map(|path| {
            let rows = here.join("tests/it/migrations/rows").join(path.file_name().unwrap());
            let rows = fs::read_to_string(rows).unwrap_or_default();
            Released {
                name: path.file_stem().unwrap().to_str().unwrap().to_owned(),
                sql: fs::read_to_string(&path).unwrap(),
                rows: rows.replace("AS BLOB)", &format!("AS {bytes})")),
            }
        })
        .collect();
    all.sort_by(|one, other| one.name.cmp(&other.name));
    all
}

/// An account of `accounts.tsv`.
pub struct Person {
    pub user_id: String,
    pub nickname: String,
    pub is_admin: bool,
    keys: [String; 3],
    tokens: String,
}

/// The accounts of [`ALPHA`].
pub fn people() -> Vec<Person> {
    let person = |line: &str| {
        let fields: Vec<String> = line.split('\t').map(str::to_owned).collect();
        let [user_id, is_admin, nickname, sort_nickname, search_user_id, search_nickname, tokens] =
            fields.try_into().unwrap();
        let keys = [sort_nickname, search_user_id, search_nickname];
        Person { user_id, nickname, is_admin: is_admin == "1", keys, tokens }
    };
    ACCOUNTS.lines().map(person).collect()
}

/// Makes the database of the version that `migrations` end with, and fills it.
pub async fn make(url: &str, migrations: &[Released]) {
    let mut script =
        "CREATE TABLE schema_migrations (version BIGINT PRIMARY KEY, name TEXT NOT NULL);".to_owned();
    for (version, Released { name, sql, .. }) in (1..).zip(migrations) {
        script +=
            &format!("{sql};INSERT INTO schema_migrations (version, name) VALUES ({version}, '{name}');");
    }
    for (at, Released { rows, .. }) in migrations.iter().enumerate() {
        script += rows;
        if at == 0 {
            script.extend(people().iter().map(|person| insert(person, url.starts_with("sqlite"))));
        }
    }
    run(url, script).await;
}

fn insert(person: &Person, is_sqlite: bool) -> String {
    let text = |text: &str| format!("'{}'", text.replace('\'', "''"));
    let Person { user_id, nickname, is_admin, keys, tokens } = person;
    let kept = keys.each_ref().map(|key| text(key)).join(", ");
    let columns = "app_id, user_id, account_type, nickname, photo_url, gender, birth_date, location, whats_up, \
         friend_verification, language, message_settings, friending, level, role, custom, created_at, updated_at, \
         version, created_by, updated_by, sort_nickname, search_user_id, search_nickname, fold_version";
    let values = format!(
        "{}, {}, {}, {}, '', 0, {max}, '', '', 1, {max}, {max}, 0, {max}, {max}, '', 1795000000002, 1795000000003, \
         2, 'admin:administrator', 'token:7', {kept}, 1",
        ALPHA.0,
        text(user_id),
        i32::from(*is_admin),
        text(nickname),
        max = u32::MAX,
    );
    if !is_sqlite {
        return format!("INSERT INTO accounts ({columns}, grams) VALUES ({values}, '{tokens}');");
    }
    let word = |token: &str| format!("{:08x}", token.parse::<i32>().unwrap());
    let words: Vec<String> = tokens.trim_matches(['{', '}']).split(',').map(word).collect();
    format!(
        "INSERT INTO accounts ({columns}) VALUES ({values});INSERT INTO account_grams (rowid, tokens) VALUES \
         (last_insert_rowid(), '{}');",
        words.join(" ")
    )
}

async fn run(url: &str, script: String) {
    let script = sqlx::raw_sql(AssertSqlSafe(script));
    if url.starts_with("sqlite") {
        let mut conn = SqliteConnection::connect(&format!("{url}?mode=rwc")).await.unwrap();
        script.execute(&mut conn).await.unwrap();
        return conn.close().await.unwrap();
    }
    let mut conn = PgConnection::connect(url).await.unwrap();
    script.execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
}

/// The first column of what the statement answers.
pub async fn texts(url: &str, statement: String) -> Vec<String> {
    let statement = AssertSqlSafe(statement);
    if url.starts_with("sqlite") {
        let mut conn = SqliteConnection::connect(url).await.unwrap();
        return sqlx::query_scalar(statement).fetch_all(&mut conn).await.unwrap();
    }
    let mut conn = PgConnection::connect(url).await.unwrap();
    sqlx::query_scalar(statement).fetch_all(&mut conn).await.unwrap()
}

/// The statement of the database's engine.
fn pick(url: &str, sqlite: &str, postgres: &str) -> String {
    if url.starts_with("sqlite") { sqlite } else { postgres }.to_owned()
}

/// How many rows each table has, without what the engine keeps for itself.
pub async fn counts(url: &str) -> BTreeMap<String, i64> {
    let sqlite = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' \
         AND name NOT LIKE 'account_grams_%'";
    let postgres = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'";
    let tables = texts(url, pick(url, sqlite, postgres)).await;
    let count = |table: &String| format!("SELECT '{table} ' || count(*) FROM {table}");
    let counted = texts(url, tables.iter().map(count).collect::<Vec<_>>().join(" UNION ALL ")).await;
    let pair = |text: &String| {
        let (table, rows) = text.split_once(' ').unwrap();
        (table.to_owned(), rows.parse().unwrap())
    };
    counted.iter().map(pair).collect()
}

/// Columns, indexes and constraints, as the engine describes them, in one form whatever way they came about.
pub async fn schema(url: &str) -> Vec<String> {
    let sqlite = "SELECT type || ' ' || name || ' ' || COALESCE(sql, '') FROM sqlite_master ORDER BY 1";
    let postgres = "SELECT concat_ws(' ', 'column', table_name, column_name, data_type, collation_name, is_nullable, \
             column_default, is_identity) FROM information_schema.columns WHERE table_schema = 'public' \
         UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' \
         UNION ALL SELECT concat_ws(' ', 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid)) \
             FROM pg_constraint WHERE connamespace = 'public'::regnamespace \
         UNION ALL SELECT concat_ws(' ', 'options', relname, reloptions::text) FROM pg_class \
             WHERE relnamespace = 'public'::regnamespace \
         ORDER BY 1";
    let described = texts(url, pick(url, sqlite, postgres)).await;
    described.iter().map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}
