//! The one-time link with which the first operator chooses a password. Only its hash is stored.

use super::{NewOperator, put};
use crate::{Result, Store, db::sql};
use rollcall_shared::{session::Operator, time::Timestamp};

impl Store {
    /// Keeps a one-time link by its hash; links made before end.
    ///
    /// # Errors
    /// The database failed.
    pub async fn put_setup_link(&self, hash: &[u8; 32], now: Timestamp, expires_at: Timestamp) -> Result<()> {
        self.write((*hash, now, expires_at), |conn, (hash, now, expires_at)| {
            Box::pin(async move {
                conn.execute(sql("DELETE FROM setup_links")).await?;
                let keep = sql("INSERT INTO setup_links (hash, created_at, expires_at) VALUES ($1, $2, $3)");
                conn.execute(keep.bind(hash).bind(*now).bind(*expires_at)).await.map(drop)
            })
        })
        .await
    }

    /// Whether the link is still good, without using it.
    ///
    /// # Errors
    /// The database failed.
    pub async fn setup_link_valid(&self, hash: &[u8; 32], now: Timestamp) -> Result<bool> {
        let find = sql("SELECT created_at FROM setup_links WHERE hash = $1 AND expires_at > $2");
        Ok(self.read().await?.fetch_optional(find.bind(hash).bind(now)).await?.is_some())
    }

    /// Uses the link: creates the operator. None when the link is unknown, used or expired; of 50 racing uses one
    /// wins.
    ///
    /// # Errors
    /// The database failed; the link can still be used.
    pub async fn use_setup_link(
        &self,
        hash: &[u8; 32],
        email: &str,
        name: &str,
        password_hash: &str,
        now: Timestamp,
    ) -> Result<Option<Operator>> {
        let input = (*hash, NewOperator::new(email, name, password_hash), now);
        self.write(input, |conn, (hash, operator, now)| {
            Box::pin(async move {
                let take = sql("DELETE FROM setup_links WHERE hash = $1 AND expires_at > $2");
                if conn.execute(take.bind(hash).bind(*now)).await? == 0 {
                    return Ok(None);
                }
                put(conn, operator, *now).await.map(Some)
            })
        })
        .await
    }
}
