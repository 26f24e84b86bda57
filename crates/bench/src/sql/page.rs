//! A page of the list as the statement that the store sends for it, without a server.

use std::time::{Duration, Instant};

use keyset::{Binding, Cursor, Direction, Value};
use rollcall_shared::app::SdkAppId;
use rollcall_shared::list::{ListQuery, Sort, SortField};
use sqlx::AssertSqlSafe;

use super::{Connection, count_rows, fetch_row};
use crate::Result;
use crate::draw::Draws;
use crate::server::Engine;

/// What an account is read from: the store's columns.
const COLUMNS: &str = "user_id, account_type, nickname, photo_url, gender, birth_date, location, whats_up, \
                       friend_verification, language, message_settings, friending, level, role, custom, created_at, \
                       updated_at, version";

/// An account somewhere in the list, by its keys: pages begin after it.
#[derive(Clone, Debug)]
pub struct Anchor {
    search_user_id: String,
    sort_nickname: String,
    created_at: i64,
    user_id: String,
}

impl Anchor {
    /// Accounts of the application at random, from the same draws each time.
    pub async fn some(connection: &mut Connection, app: SdkAppId, count: usize) -> Result<Vec<Self>> {
        const ENDS: &str = "SELECT (SELECT MIN(created_at) FROM accounts WHERE app_id = $1), \
                            (SELECT MAX(created_at) FROM accounts WHERE app_id = $1)";
        const NEXT: &str = "SELECT search_user_id, sort_nickname, created_at, user_id FROM accounts \
                            WHERE app_id = $1 AND created_at >= $2 ORDER BY created_at, user_id LIMIT 1";
        let (first, last): (i64, i64) = fetch_row!(connection, ENDS, app.0);
        let mut draws = Draws::new(count as u64);
        let mut anchors = Vec::with_capacity(count);
        for _ in 0..count {
            // Usernames and nicknames know nothing of the time, so a random instant is a random place of every list. The
            // demo's accounts are the denser the later, in this measure.
            let span = (last - first).unsigned_abs() + 1;
            let ago = draws.below(span).min(draws.below(span));
            let (search_user_id, sort_nickname, created_at, user_id) =
                fetch_row!(connection, NEXT, app.0, last - ago.cast_signed());
            anchors.push(Self { search_user_id, sort_nickname, created_at, user_id });
        }
        Ok(anchors)
    }

    /// The cursor of the page after this account, as the API would have given it to whoever paged there: walking through
    /// millions of rows to be given some would take longer than all that is measured. A cursor that is not made
    /// as the server makes its own is refused, and the measurement fails.
    pub fn cursor(&self, app: SdkAppId, sort: Sort) -> String {
        let list = ListQuery { sort, ..ListQuery::default() }.to_query_string();
        let binding = Binding::new([app.to_string(), textkey::FOLD_VERSION.to_string(), list]);
        let user_id = Value::from(self.user_id.as_str());
        let key = match sort.field {
            SortField::UserId => vec![Value::from(self.search_user_id.as_str()), user_id],
            SortField::Nickname => vec![Value::from(self.sort_nickname.as_str()), user_id],
            SortField::CreatedAt => vec![Value::Int(self.created_at), user_id],
        };
        Cursor { direction: Direction::Forward, inclusive: false, key, ordinal: 0 }.encode(&binding)
    }
}

/// The statements of the pages in one order.
pub struct Pages {
    app: SdkAppId,
    field: SortField,
    first: String,
    after: String,
}

impl Pages {
    /// As the store has them, for pages of `limit` and the row that tells whether there are more.
    pub fn new(engine: &Engine, app: SdkAppId, sort: Sort, limit: u32) -> Self {
        let (column, index) = match sort.field {
            SortField::UserId => ("search_user_id", "accounts_by_user_id"),
            SortField::Nickname => ("sort_nickname", "accounts_by_nickname"),
            SortField::CreatedAt => ("created_at", "accounts_by_created_at"),
        };
        let index = if engine.has_processes() { String::new() } else { format!(" INDEXED BY {index}") };
        let (than, direction) = if sort.descending { ("<", " DESC") } else { (">", "") };
        let from = format!("SELECT {COLUMNS}, {column} FROM accounts{index} WHERE app_id = $1");
        let order = format!("ORDER BY {column}{direction}, user_id{direction} LIMIT {}", limit + 1);
        Self {
            app,
            field: sort.field,
            first: format!("{from} {order}"),
            after: format!("{from} AND ({column}, user_id) {than} ($2, $3) {order}"),
        }
    }

    /// How long the page takes that begins after the anchor (or the first page), until its last row is here.
    pub async fn time(&self, connection: &mut Connection, after: Option<&Anchor>) -> Result<Duration> {
        let begun = Instant::now();
        let (first, next) = (AssertSqlSafe(self.first.as_str()), AssertSqlSafe(self.after.as_str()));
        let app = self.app.0;
        let rows = match (after, self.field) {
            (None, _) => count_rows!(connection, first, app),
            (Some(after), SortField::UserId) => {
                count_rows!(connection, next, app, after.search_user_id.as_str(), after.user_id.as_str())
            }
            (Some(after), SortField::Nickname) => {
                count_rows!(connection, next, app, after.sort_nickname.as_str(), after.user_id.as_str())
            }
            (Some(after), SortField::CreatedAt) => {
                count_rows!(connection, next, app, after.created_at, after.user_id.as_str())
            }
        };
        let took = begun.elapsed();
        if rows == 0 && after.is_none() { Err("the page has no rows".into()) } else { Ok(took) }
    }
}
