//! Rows that SQLite's index of tokens names. To ask it may take longer than all that follows, so whoever asks keeps the answer.
//! PostgreSQL's index cannot be asked without the rows.

use super::search::Search;
use crate::{
    Result,
    db::{Conn, Engine, sql},
};

/// All that have the tokens of a search, or as many as tell that they are too many.
pub(super) struct Named {
    count: u64,
    rids: String,
}

impl Named {
    /// Asks the index for one row more than `most`. The search must have tokens.
    pub async fn of(conn: &mut Conn, search: &Search<'_>, most: u32) -> Result<Self> {
        let mut query =
            sql("SELECT count(*), json_group_array(rowid) FROM (SELECT rowid FROM account_grams WHERE ");
        search.push_tokens(&mut query, Engine::Sqlite);
        query.push(&format!(" LIMIT {})", u64::from(most) + 1));
        let row = conn.fetch_one(query.once()).await?;
        Ok(Self { count: row.u64(0)?, rids: row.text(1)? })
    }

    /// Their rowids as a JSON array; none if there are more than `most`, which is at most what the index was asked for.
    pub fn at_most(&self, most: u32) -> Option<&str> {
        (self.count <= u64::from(most)).then_some(self.rids.as_str())
    }
}
