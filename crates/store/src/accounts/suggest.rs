//! Accounts that a search may have meant when it found none. What a typo is, and how far a name is from the text, is in
//! `typos.rs`.
//!
//! No statement takes more than [`CANDIDATES`] rows, none of them sorts, and what is near is told here. So a name that is near may
//! be missed where very many names are alike, except a whole name at one typo, which is looked up as it would be. Where there is
//! one, nothing else is asked: to find out that parts of the text are rare, the index of tokens may go through all of them.

use super::{
    order::{Order, Place},
    read::named,
    row::{account, columns},
    search::{Search, Source},
    typos::{Mistyped, Near},
};
use crate::{
    Result, Store,
    db::{Conn, sql},
};
use keyset::Value;
use rollcall_shared::{
    account::Account,
    app::SdkAppId,
    list::{AccountFilter, Sort, SortField},
    suggestion::{SUGGESTIONS_MAX, Suggestion},
};
use std::collections::{BTreeMap, HashSet};
use textkey::Needle;

/// The most rows that one question takes.
const CANDIDATES: usize = 200;

impl Store {
    /// What may have been meant by the filter's search text: texts near to it that find an account, at most
    /// [`SUGGESTIONS_MAX`] and the nearest first. The accounts pass the rest of the filter. Empty for texts of less than three or
    /// more than 32 characters.
    ///
    /// # Errors
    /// The database failed.
    pub async fn suggest_accounts(&self, app: SdkAppId, filter: &AccountFilter) -> Result<Vec<Suggestion>> {
        let Some(typed) = Mistyped::new(&filter.q) else { return Ok(Vec::new()) };
        let values = AccountFilter {
            q: String::new(),
            // Would be tested row by row, among any number of them.
            created_from: None,
            created_before: None,
            ..filter.clone()
        };
        let conn = self.read().await?;
        let mut asked = Suggester { conn, app, filter, values, typed, near: BTreeMap::new() };
        asked.whole_names().await?;
        if asked.near.is_empty() {
            asked.one_typo().await?;
        }
        if asked.near.is_empty() {
            asked.two_typos().await?;
        }
        Ok(asked.suggestions())
    }
}

/// A question, and what is near so far: by distance and username.
struct Suggester<'a> {
    conn: Conn,
    app: SdkAppId,
    filter: &'a AccountFilter,
    /// What else of the filter the index of tokens can tell.
    values: AccountFilter,
    typed: Mistyped,
    near: BTreeMap<(usize, String), Suggestion>,
}

impl Suggester<'_> {
    /// Names at one typo.
    async fn whole_names(&mut self) -> Result<()> {
        let variants = self.typed.variants();
        for field in [SortField::UserId, SortField::Nickname] {
            self.take_named(field, variants.clone()).await?;
        }
        Ok(())
    }

    /// Accounts that have all of the text but where the typo is.
    async fn one_typo(&mut self) -> Result<()> {
        for pieces in self.typed.around_one() {
            self.take_with(&pieces).await?;
        }
        Ok(())
    }

    /// Accounts that have a third of the text, or begin like it.
    async fn two_typos(&mut self) -> Result<()> {
        for pieces in self.typed.around_two() {
            self.take_with(&pieces).await?;
        }
        for field in [SortField::UserId, SortField::Nickname] {
            self.take_beginning(field).await?;
        }
        Ok(())
    }

    /// The first account of each name. A subquery for each, because PostgreSQL would rather read all rows than look up
    /// thousands.
    async fn take_named(&mut self, field: SortField, names: Vec<String>) -> Result<()> {
        let (engine, order) = (self.conn.engine(), by(field));
        let mut query = sql("SELECT DISTINCT user_id FROM (SELECT (SELECT user_id FROM");
        query.push(order.table(engine)).push(" WHERE app_id = ").push_bind(self.app);
        query.push(" AND ").push(order.column()).push(" = name");
        order.push_order(&mut query, 1);
        query
            .push(") AS user_id FROM ")
            .push(engine.pick("(SELECT value AS name FROM json_each(", "unnest("));
        query.push_bind(names).push(engine.pick(")) AS names", "::text[]) AS names (name)"));
        query.push(&format!(") AS found WHERE user_id IS NOT NULL LIMIT {CANDIDATES}"));
        let user_ids = self.conn.fetch_map(query, |row| row.text(0)).await?;
        let query = named(&self.conn, self.app, user_ids);
        let found = self.conn.fetch_map(query, |row| account(&row)).await?;
        self.take(found);
        Ok(())
    }

    /// Some accounts that have these pieces in their names, anywhere.
    async fn take_with(&mut self, pieces: &[Needle]) -> Result<()> {
        let engine = self.conn.engine();
        let search = Search::with_pieces(self.app, &self.values, pieces);
        let mut query = sql(concat!("SELECT ", columns!(), " FROM "));
        search.push_from(&mut query, engine, Source::Grams);
        query.push(&format!(" LIMIT {CANDIDATES}"));
        let found = self.conn.fetch_map(query.once(), |row| account(&row)).await?;
        self.take(found);
        Ok(())
    }

    /// Names from the text's beginning on.
    async fn take_beginning(&mut self, field: SortField) -> Result<()> {
        let (engine, order) = (self.conn.engine(), by(field));
        let key = vec![Value::Text(self.typed.beginning()), Value::from("")];
        let mut query = sql(concat!("SELECT ", columns!(), " FROM"));
        query.push(order.table(engine)).push(" WHERE app_id = ").push_bind(self.app);
        order.push_after(&mut query, Some(&Place { key, inclusive: true }));
        order.push_order(&mut query, CANDIDATES);
        let found = self.conn.fetch_map(query, |row| account(&row)).await?;
        self.take(found);
        Ok(())
    }

    /// Keeps those that are near.
    fn take(&mut self, accounts: Vec<Account>) {
        for account in accounts {
            if let Some(Near { distance, text }) = self.typed.nearest([&account.user_id, &account.nickname])
                && self.filter.admits(&account)
            {
                let Account { user_id, nickname, .. } = account;
                self.near.insert((distance, user_id.clone()), Suggestion { q: text, user_id, nickname });
            }
        }
    }

    /// The nearest, one for each text.
    fn suggestions(self) -> Vec<Suggestion> {
        let mut texts = HashSet::new();
        let new = |suggestion: &Suggestion| texts.insert(textkey::search_key(&suggestion.q));
        self.near.into_values().filter(new).take(SUGGESTIONS_MAX).collect()
    }
}

/// The order of a list by this field.
const fn by(field: SortField) -> Order {
    Order::of(Sort { field, descending: false })
}
