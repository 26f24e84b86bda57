//! The insertion of accounts as plain statements, without a server: rows with the keys and tokens that they have in the
//! store, into the same tables with the same indexes, and nothing of what the store does beside (totals, marks of deletions,
//! events, keys of idempotency).

use rollcall_shared::account::NewAccount;
use rollcall_shared::app::SdkAppId;
use sqlx::postgres::{PgArguments, PgConnection};
use sqlx::sqlite::{SqliteArguments, SqliteConnection};
use sqlx::{Arguments as _, AssertSqlSafe};

use super::Connection;
use crate::Result;
use crate::draw::mix;

/// How many rows one statement writes: what the store found best.
const SQLITE_ROWS: usize = 16;
const POSTGRES_ROWS: usize = 100;

/// Columns that have the same value in every row here, with that value; what the others are is in [`Row`].
const SAME: &str = "account_type, gender, birth_date, location, whats_up, friend_verification, language, \
                    message_settings, friending, level, role, custom, version, created_by, updated_by, fold_version";
const SAME_VALUES: &str = "0, 0, 0, '', '', 1, 0, 0, 0, 0, 0, '', 1, 'bench', 'bench', 1";
const OWN: &str = "app_id, user_id, nickname, photo_url, created_at, updated_at, sort_nickname, search_user_id, \
                   search_nickname";

/// An account ready to be written: what takes processor time before is done.
pub struct Row {
    app: i64,
    user_id: String,
    nickname: String,
    photo_url: String,
    created_at: i64,
    sort_nickname: String,
    search_user_id: String,
    search_nickname: String,
    tokens: Vec<i32>,
}

impl Row {
    /// Of an account that is created at this instant, in milliseconds.
    pub fn new(app: SdkAppId, account: &NewAccount, created_at: i64) -> Self {
        let search_user_id = textkey::search_key(&account.user_id);
        let search_nickname = textkey::search_key(&account.nickname);
        let grams = [&search_user_id, &search_nickname].into_iter().flat_map(|key| textkey::grams(key));
        // Other numbers than the store's tokens, but as many of them, as far apart, and shared by the same accounts.
        let mut tokens: Vec<i32> = grams.map(|gram| token(app, gram.code())).collect();
        tokens.extend((0..4).map(|field| token(app, 1 << 60 | field)));
        tokens.sort_unstable();
        tokens.dedup();
        Self {
            app: app.0,
            user_id: account.user_id.clone(),
            nickname: account.nickname.clone(),
            photo_url: account.photo_url.clone(),
            created_at,
            sort_nickname: textkey::sort_key(&account.nickname),
            search_user_id,
            search_nickname,
            tokens,
        }
    }

    /// Its username.
    pub fn user_id(&self) -> &str {
        &self.user_id
    }

    /// The tokens as SQLite's index takes them.
    fn words(&self) -> String {
        self.tokens.iter().map(|token| format!("{token:08x}")).collect::<Vec<_>>().join(" ")
    }
}

fn token(app: SdkAppId, code: u64) -> i32 {
    ((mix(code ^ mix(app.0.cast_unsigned())) >> 32) as u32).cast_signed()
}

/// Inserts the rows in one transaction and returns when they are durable.
pub async fn committed(connection: &mut Connection, rows: &[Row]) -> Result<()> {
    connection.begin().await?;
    inserted(connection, rows).await?;
    connection.run("COMMIT").await
}

/// Inserts the rows in the transaction that is open.
pub async fn inserted(connection: &mut Connection, rows: &[Row]) -> Result<()> {
    match connection {
        Connection::Sqlite(connection) => {
            for some in rows.chunks(SQLITE_ROWS) {
                in_sqlite(connection, some).await?;
            }
        }
        Connection::Postgres(connection) => {
            for some in rows.chunks(POSTGRES_ROWS) {
                in_postgres(connection, some).await?;
            }
        }
    }
    Ok(())
}

/// The values of [`OWN`], in their order.
macro_rules! add_own {
    ($values:expr, $row:expr) => {{
        $values.add($row.app)?;
        $values.add($row.user_id.as_str())?;
        $values.add($row.nickname.as_str())?;
        $values.add($row.photo_url.as_str())?;
        $values.add($row.created_at)?;
        $values.add($row.created_at)?;
        $values.add($row.sort_nickname.as_str())?;
        $values.add($row.search_user_id.as_str())?;
        $values.add($row.search_nickname.as_str())?;
    }};
}

async fn in_sqlite(connection: &mut SqliteConnection, rows: &[Row]) -> Result<()> {
    let mut values = SqliteArguments::default();
    for row in rows {
        add_own!(values, row);
    }
    let tuples_of_own = tuples(rows.len(), 9, SAME_VALUES);
    let text = format!("INSERT INTO accounts ({OWN}, {SAME}) VALUES {tuples_of_own} RETURNING rid");
    let query = sqlx::query_scalar_with(AssertSqlSafe(text), values);
    let rids: Vec<i64> = query.fetch_all(&mut *connection).await?;

    let mut values = SqliteArguments::default();
    for (rid, row) in rids.into_iter().zip(rows) {
        values.add(rid)?;
        values.add(row.words())?;
    }
    let text = format!("INSERT INTO account_grams (rowid, tokens) VALUES {}", tuples(rows.len(), 2, ""));
    sqlx::query_with(AssertSqlSafe(text), values).execute(connection).await?;
    Ok(())
}

async fn in_postgres(connection: &mut PgConnection, rows: &[Row]) -> Result<()> {
    let mut values = PgArguments::default();
    for row in rows {
        add_own!(values, row);
        values.add(row.tokens.as_slice())?;
    }
    let tuples = tuples(rows.len(), 10, SAME_VALUES);
    let text = format!("INSERT INTO accounts ({OWN}, grams, {SAME}) VALUES {tuples}");
    sqlx::query_with(AssertSqlSafe(text), values).execute(connection).await?;
    Ok(())
}

/// As many tuples, each of so many placeholders and of `more` at its end.
fn tuples(rows: usize, placeholders: usize, more: &str) -> String {
    let tuple = |row: usize| {
        let numbers = (1..=placeholders).map(|place| format!("${}", row * placeholders + place));
        let more = Some(more.to_owned()).filter(|more| !more.is_empty());
        format!("({})", numbers.chain(more).collect::<Vec<_>>().join(", "))
    };
    (0..rows).map(tuple).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_numbered_through_all_rows() {
        assert_eq!(tuples(2, 2, "0, ''"), "($1, $2, 0, ''), ($3, $4, 0, '')");
        assert_eq!(tuples(1, 3, ""), "($1, $2, $3)");
    }

    #[test]
    fn accounts_share_tokens_for_what_they_share_in_one_application_only() {
        let tokens = |app, id: &str| Row::new(SdkAppId(app), &NewAccount::new(id.to_owned()), 0).tokens;
        let shared = |a: &[i32], b: &[i32]| a.iter().filter(|token| b.contains(token)).count();
        // "m", "i", "n", "mi", "in", and the four values.
        assert_eq!(shared(&tokens(1, "ming"), &tokens(1, "min")), 9);
        assert_eq!(shared(&tokens(1, "ming"), &tokens(2, "ming")), 0);
    }
}
