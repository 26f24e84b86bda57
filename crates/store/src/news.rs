//! What servers of one database tell each other at once, over PostgreSQL's notifications. A hint and no more: it can be lost, and what
//! is true stands in the tables. SQLite has one server, which tells nobody.

use crate::{
    Result, Store,
    db::{Db, sql},
};
use sqlx::postgres::PgListener;

/// The most bytes that can be told at once; PostgreSQL takes less than 8,000.
pub const NEWS_MAX: usize = 7_900;

/// The channel's name in the database.
const CHANNEL: &str = "rollcall_news";

/// What was heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// A server told this; perhaps this one.
    Text(String),
    /// The connection was lost for a while, and what was told meanwhile with it.
    Missed,
}

/// Hears what servers tell, this one too. It keeps one of the pool's connections for itself.
#[derive(Debug)]
pub struct NewsListener(PgListener);

impl Store {
    /// Tells all servers of this database something of at most [`NEWS_MAX`] bytes; on SQLite nobody.
    ///
    /// # Errors
    /// The database failed, or the text is too long.
    pub async fn tell_servers(&self, text: &str) -> Result<()> {
        let Db::Postgres(_) = self.db() else { return Ok(()) };
        let tell = sql("SELECT CAST(pg_notify($1, $2) AS TEXT)").bind(CHANNEL).bind(text);
        self.read().await?.fetch_one(tell).await.map(drop)
    }

    /// Begins to listen; none on SQLite.
    ///
    /// # Errors
    /// The database failed.
    pub async fn listen_to_servers(&self) -> Result<Option<NewsListener>> {
        let Db::Postgres(pool) = self.db() else { return Ok(None) };
        let mut listener = PgListener::connect_with(pool).await?;
        listener.listen(CHANNEL).await?;
        Ok(Some(NewsListener(listener)))
    }
}

impl NewsListener {
    /// Waits for the next news. A lost connection is made again.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn next(&mut self) -> Result<Heard> {
        Ok(match self.0.try_recv().await? {
            Some(told) => Heard::Text(told.payload().to_owned()),
            None => Heard::Missed,
        })
    }
}
