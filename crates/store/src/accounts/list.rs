//! Pages of accounts: cursors, the count beside the rows, and what ends a page. Which way the rows are found is in
//! `reader.rs`, where a page by position begins in `jump.rs`.

use super::{
    jump::{Jumper, NONE, Target},
    order::{Order, Place},
    reader::{Found, Hit, Reader},
    search::Search,
};
use crate::{Result, Store, StoreError};
use futures::future::{Either, select};
use keyset::{Binding, Cursor, Direction, Slice};
use rollcall_shared::{
    account::Account,
    app::SdkAppId,
    list::{AccountFilter, Count, CountMode, ListQuery, Page},
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
        Order::new(query.sort, from.as_ref())?;
        let target = Target::of(query)?;
        let search = Search::new(app, &query.filter);
        let list = List { store: self, search: &search, query };

        // Counting takes longer than a page does, so neither waits for the other. A list that ends on its first page
        // counts itself.
        let (rows, count) =
            (pin!(list.read(from, target)), pin!(self.count_accounts(app, &query.filter, query.count)));
        let (read, count) = match select(rows, count).await {
            Either::Left((read, count)) => {
                let read = read?;
                let count = match (query.count, read.all()) {
                    (CountMode::None, _) => None,
                    (_, Some(all)) => Some(Count::eq(all)),
                    (_, None) => count.await?,
                };
                (read, count)
            }
            Either::Right((count, read)) => (read.await?, count?),
        };
        let Read { slice, complete, position } = read;
        let encode = |cursor: Option<Cursor>| cursor.map(|cursor| cursor.encode(&binding));
        Ok(Page {
            items: slice.rows.into_iter().map(|hit| hit.account).collect(),
            next: encode(slice.next),
            previous: encode(slice.previous),
            count,
            complete,
            position,
        })
    }
}

/// What was read of a page.
struct Read {
    slice: Slice<Hit>,
    complete: bool,
    position: Option<Count>,
}

impl Read {
    /// How many rows the list has, if the page is all of it.
    fn all(&self) -> Option<u64> {
        let is_all = self.complete && self.slice.next.is_none() && self.slice.previous.is_none();
        is_all.then_some(self.slice.rows.len() as u64)
    }
}

/// A list, to read a page of.
struct List<'a> {
    store: &'a Store,
    search: &'a Search<'a>,
    query: &'a ListQuery,
}

impl List<'_> {
    /// The page from a cursor, or from what is looked for.
    async fn read(&self, from: Option<Cursor>, target: Option<Target>) -> Result<Read> {
        let Some(target) = target else { return self.page(from, None).await };
        let List { store, search, query } = *self;
        let jump = Jumper { store, search, query }.find(target).await?;
        if let Some((_, position)) = &jump.begin {
            let read = self.page(jump.cursor(), Some(*position)).await?;
            if !read.slice.rows.is_empty() || !read.complete || *position == NONE {
                return Ok(read);
            }
        }
        self.last_page(jump.rows).await
    }

    async fn page(&self, from: Option<Cursor>, position: Option<Count>) -> Result<Read> {
        let order = Order::new(self.query.sort, from.as_ref())?;
        let place =
            from.as_ref().map(|cursor| Place { key: cursor.key.clone(), inclusive: cursor.inclusive });
        self.slice(order, place, from.as_ref(), position).await
    }

    /// The page that ends with the last of so many rows.
    async fn last_page(&self, rows: Count) -> Result<Read> {
        // After all rows, where no key is.
        let (direction, inclusive, key) = (Direction::Backward, true, Vec::new());
        let end = Cursor { direction, inclusive, key, ordinal: rows.value };
        let order = Order::of(self.query.sort).reversed();
        let mut read = self.slice(order, None, Some(&end), None).await?;
        read.slice.next = None;
        let before = rows.value.saturating_sub(read.slice.rows.len() as u64);
        let position = Count { value: before, relation: rows.relation };
        read.position = Some(if read.slice.previous.is_none() { NONE } else { position });
        Ok(read)
    }

    async fn slice(
        &self,
        order: Order,
        place: Option<Place>,
        from: Option<&Cursor>,
        position: Option<Count>,
    ) -> Result<Read> {
        let limit = self.query.limit as usize;
        let bounds = self.store.search_bounds();
        let mut reader = Reader::new(self.store.read().await?, self.search, order, bounds);
        let Found { hits, stopped } = reader.read(place, limit + 1).await?;
        let complete = stopped.is_none();
        let slice = Slice::new(hits, limit, from, stopped, |hit| hit.key.clone());
        Ok(Read { slice, complete, position })
    }
}

/// What a cursor belongs to. The page size is not part of it.
fn binding(app: SdkAppId, query: &ListQuery) -> Binding {
    let filter: AccountFilter = query.filter.clone().normalised();
    let list = ListQuery { filter, sort: query.sort, ..ListQuery::default() };
    Binding::new([app.to_string(), textkey::FOLD_VERSION.to_string(), list.to_query_string()])
}
