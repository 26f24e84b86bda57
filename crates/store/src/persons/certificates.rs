//! Certificates of erasures: kept, listed and found. Who signs them is the server.

use crate::{
    Result, Store, StoreError,
    db::{Row, sql},
};
use keyset::{Binding, Cursor, Direction, Slice, Value};
use rollcall_shared::{app::SdkAppId, list::Page, person::Certificate};

impl Store {
    /// Keeps the certificate of an erasure, which is complete with it. If there is one already, that one is answered: the same
    /// erasure was asked for twice at once.
    ///
    /// # Errors
    /// The database failed.
    pub async fn keep_certificate(&self, certificate: &Certificate) -> Result<Certificate> {
        self.write(certificate.clone(), |conn, certificate| {
            Box::pin(async move {
                let (app, id) = (certificate.sdkappid, certificate.id.as_str());
                let text = serde_json::to_string(certificate);
                let text = text.map_err(|error| StoreError::Corrupt(error.to_string()))?;
                let keep = sql("UPDATE erasures SET certificate = $3 \
                     WHERE app_id = $1 AND id = $2 AND certificate = ''");
                conn.execute(keep.bind(app).bind(id).bind(text)).await?;
                let kept = sql("SELECT certificate FROM erasures WHERE app_id = $1 AND id = $2");
                conn.fetch_one(kept.bind(app).bind(id)).await?.json(0)
            })
        })
        .await
    }

    /// A page of certificates, newest first. Erasures that were cut off have none.
    ///
    /// # Errors
    /// [`StoreError::Cursor`] for a cursor that is not of this list.
    pub async fn erasures(
        &self,
        app: SdkAppId,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Page<Certificate>> {
        let binding = Binding::new([app.to_string(), "erasures".to_owned()]);
        let from = cursor.map(|text| Cursor::decode(text, &binding)).transpose();
        let from = from.map_err(|_| StoreError::Cursor)?;
        let backward = from.as_ref().is_some_and(|cursor| cursor.direction == Direction::Backward);
        let mut query =
            sql("SELECT certificate FROM erasures WHERE app_id = $1 AND certificate <> ''").bind(app);
        if let Some(cursor) = &from {
            let [Value::Int(at), Value::Text(id)] = cursor.key.as_slice() else {
                return Err(StoreError::Cursor);
            };
            let operator = match (backward, cursor.inclusive) {
                (false, false) => "<",
                (false, true) => "<=",
                (true, false) => ">",
                (true, true) => ">=",
            };
            query.push(" AND (erased_at, id) ").push(operator).push(" (").push_bind(*at);
            query.push(", ").push_bind(id.as_str()).push(")");
        }
        let direction = if backward { "" } else { " DESC" };
        query.push(" ORDER BY erased_at").push(direction).push(", id").push(direction);
        query.push(" LIMIT ").push_bind(limit + 1);
        let rows = self.read().await?.fetch_map(query, |row| read(&row)).await?;
        let key = |of: &Certificate| vec![Value::Int(of.erased_at.millis()), Value::from(of.id.as_str())];
        let page = Slice::new(rows, limit as usize, from.as_ref(), None, key);
        let encode = |cursor: Option<Cursor>| cursor.map(|cursor| cursor.encode(&binding));
        Ok(Page {
            items: page.rows,
            next: encode(page.next),
            previous: encode(page.previous),
            count: None,
            complete: true,
            position: None,
        })
    }

    /// The certificate of one erasure.
    ///
    /// # Errors
    /// The database failed.
    pub async fn erasure(&self, app: SdkAppId, id: &str) -> Result<Option<Certificate>> {
        let one = sql("SELECT certificate FROM erasures WHERE app_id = $1 AND id = $2 AND certificate <> ''");
        let row = self.read().await?.fetch_optional(one.bind(app).bind(id)).await?;
        row.as_ref().map(read).transpose()
    }
}

fn read(row: &Row) -> Result<Certificate> {
    row.json(0)
}
