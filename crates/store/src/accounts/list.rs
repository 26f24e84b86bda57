//! Pages of accounts: cursors, the count beside the rows, and what ends a page. Which way the rows are found is in
//! `reader.rs`.

use super::{
    order::{Order, Place},
    reader::{Found, Reader},
    search::Search,
};
use crate::{Result, Store, StoreError};
use futures::future::{Either, select};
use keyset::{Binding, Cursor, Slice};
use rollcall_shared::{
    account::Account,
    app::SdkAppId,
    list::{AccountFilter, Count, CountMode, CountRelation, ListQuery, Page},
};
use std::pin::pin;

impl Store {
    /// A page. With an exact count that would cost too much, `count` is `None`.
    ///
    /// # Errors
    /// [`StoreError::Cursor`] for a cursor that is not of this list.
    pub async fn list_accounts(&self, app: SdkAppId, query: &ListQuery) -> Result<Page<Account>> {
        let binding = binding(app, query);
        let from = query.cursor.as_deref().map(|text| Cursor::decode(text, &binding)).transpose();
        let from = from.map_err(|_| StoreError::Cursor)?;
        let order = Order::new(query.sort, from.as_ref())?;
        let limit = query.limit as usize;
        let search = Search::new(app, &query.filter);

        let place =
            from.as_ref().map(|cursor| Place { key: cursor.key.clone(), inclusive: cursor.inclusive });
        let rows = async {
            let conn = self.read().await?;
            Reader::new(conn, &search, order, self.search_bounds()).read(place, limit + 1).await
        };
        // Counting takes longer than a page does, so neither waits for the other. A list that ends on its first page
        // counts itself.
        let ends = |found: &Found| from.is_none() && found.stopped.is_none() && found.hits.len() <= limit;
        let (rows, count) = (pin!(rows), pin!(self.count_accounts(app, &query.filter, query.count)));
        let (found, count) = match select(rows, count).await {
            Either::Left((found, count)) => {
                let found = found?;
                let count = match (query.count, ends(&found)) {
                    (CountMode::None, _) => None,
                    (_, true) => Some(Count { value: found.hits.len() as u64, relation: CountRelation::Eq }),
                    (_, false) => count.await?,
                };
                (found, count)
            }
            Either::Right((count, rows)) => (rows.await?, count?),
        };
        let Found { hits, stopped } = found;

        let complete = stopped.is_none();
        let page = Slice::new(hits, limit, from.as_ref(), stopped, |hit| hit.key.clone());
        let encode = |cursor: Option<Cursor>| cursor.map(|cursor| cursor.encode(&binding));
        Ok(Page {
            items: page.rows.into_iter().map(|hit| hit.account).collect(),
            next: encode(page.next),
            previous: encode(page.previous),
            count,
            complete,
        })
    }
}

/// What a cursor belongs to. The page size is not part of it.
fn binding(app: SdkAppId, query: &ListQuery) -> Binding {
    let filter: AccountFilter = query.filter.clone().normalised();
    let list = ListQuery { filter, sort: query.sort, ..ListQuery::default() };
    Binding::new([app.to_string(), textkey::FOLD_VERSION.to_string(), list.to_query_string()])
}
