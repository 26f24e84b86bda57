//! A filter as SQL: the test of a row, and the ways to the rows that may pass it. Lists, counts, exports and bulk
//! deletions all ask here, so that they mean the same accounts. Which way a list takes is in `list.rs`.
//!
//! Pieces are pushed onto a statement over `accounts`, after a `WHERE` that has begun.

use super::grams;
use crate::db::{Engine, Sql};
use rollcall_shared::{app::SdkAppId, list::AccountFilter};
use textkey::Needle;

/// Where candidates come from: rows that pass a part of the filter, found without a walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// The index of tokens.
    Grams,
    /// The index of creation times.
    Created,
}

/// The columns that a filter may ask for, which the indexes of all sorts hold.
pub(crate) const TESTED: &str =
    "search_user_id, search_nickname, account_type, gender, friend_verification, friending, created_at";

/// A filter on the accounts of an application, ready to become SQL.
#[derive(Clone, Debug)]
pub(crate) struct Search<'a> {
    app: SdkAppId,
    filter: &'a AccountFilter,
    needle: Needle,
    groups: Vec<Vec<i32>>,
    /// How many of the groups are of the needle.
    of_needle: usize,
}

impl<'a> Search<'a> {
    /// Prepares the filter: folds its search text, once.
    pub fn new(app: SdkAppId, filter: &'a AccountFilter) -> Self {
        let needle = Needle::new(&filter.q);
        let mut groups = grams::of_needle(app, &needle);
        let of_needle = groups.len();
        groups.extend(grams::of_values(app, filter));
        Self { app, filter, needle, groups, of_needle }
    }

    /// Prepares a question to the index of tokens alone: who has all the pieces, wherever, and the values of the filter,
    /// whose search text must be empty.
    pub fn with_pieces(app: SdkAppId, filter: &'a AccountFilter, pieces: &[Needle]) -> Self {
        let mut search = Self::new(app, filter);
        search.groups.extend(pieces.iter().flat_map(|piece| grams::of_needle(app, piece)));
        search
    }

    /// The application.
    pub const fn app(&self) -> SdkAppId {
        self.app
    }

    /// The filter.
    pub const fn filter(&self) -> &'a AccountFilter {
        self.filter
    }

    /// Whether every account passes.
    pub const fn is_everything(&self) -> bool {
        self.groups.is_empty() && !self.has_range()
    }

    /// Whether nothing but a range of creation times is asked for.
    pub const fn is_range_only(&self) -> bool {
        self.groups.is_empty() && self.has_range()
    }

    /// Whether whoever has the tokens passes, collisions aside.
    pub fn is_tokens_only(&self) -> bool {
        !self.groups.is_empty() && !self.has_range() && (self.needle.is_empty() || self.needle.is_gram())
    }

    /// Whether there are tokens to ask the index for.
    pub const fn has_tokens(&self) -> bool {
        !self.groups.is_empty()
    }

    /// How many tokens the search text asks for.
    pub const fn tokens_of_needle(&self) -> usize {
        self.of_needle
    }

    /// The sources that this filter has.
    pub fn sources(&self) -> impl Iterator<Item = Source> {
        let grams = self.has_tokens().then_some(Source::Grams);
        grams.into_iter().chain(self.has_range().then_some(Source::Created))
    }

    const fn has_range(&self) -> bool {
        self.filter.created_from.is_some() || self.filter.created_before.is_some()
    }

    /// Adds ` AND …` for everything that the filter asks of a row.
    pub fn push_filter(&self, sql: &mut Sql, engine: Engine) {
        let AccountFilter {
            q: _,
            account_type,
            gender,
            friend_verification,
            friending,
            created_from: _,
            created_before: _,
        } = self.filter;
        let mut codes = |column: &str, codes: Vec<String>| {
            if !codes.is_empty() {
                sql.push(" AND ").push(column).push(" IN (").push(&codes.join(", ")).push(")");
            }
        };
        // Codes are ours, so they may stand in the text.
        codes("account_type", account_type.iter().map(|value| value.code().to_string()).collect());
        codes("gender", gender.iter().map(|value| value.code().to_string()).collect());
        codes(
            "friend_verification",
            friend_verification.iter().map(|value| value.code().to_string()).collect(),
        );
        codes("friending", friending.iter().map(|value| value.code().to_string()).collect());
        self.push_range(sql);
        if !self.needle.is_empty() {
            let (position, needle) = (engine.position(), self.needle.as_str());
            sql.push(" AND (").push(position).push("(search_user_id, ").push_bind(needle);
            sql.push(") > 0 OR ").push(position).push("(search_nickname, ").push_bind(needle).push(") > 0)");
        }
    }

    /// Adds ` AND …` for the range of creation times alone.
    pub fn push_range(&self, sql: &mut Sql) {
        if let Some(from) = self.filter.created_from {
            sql.push(" AND created_at >= ").push_bind(from);
        }
        if let Some(before) = self.filter.created_before {
            sql.push(" AND created_at < ").push_bind(before);
        }
    }

    /// Adds ` AND …` that lets SQLite make a set of the rows that have the tokens, and pass by all others on a walk along an index.
    /// It lets through all that [`Self::push_filter`] lets through.
    pub fn push_narrowing(&self, sql: &mut Sql) {
        // The plus keeps SQLite from going through the rows of this set instead of walking.
        sql.push(" AND +rid IN (SELECT rowid FROM account_grams WHERE account_grams MATCH ");
        sql.push_bind(grams::fts_query(&self.groups)).push(")");
    }

    /// Adds `accounts … WHERE app_id = …` restricted to the rows of a source.
    pub fn push_from(&self, sql: &mut Sql, engine: Engine, source: Source) {
        match (source, engine) {
            (Source::Grams, Engine::Sqlite) => {
                // CROSS JOIN fixes the order: first the index, then each row by its rid.
                sql.push("account_grams CROSS JOIN accounts ON accounts.rid = account_grams.rowid WHERE ");
                self.push_tokens(sql, engine);
                sql.push(" AND accounts.app_id = ").push_bind(self.app);
                self.push_range(sql);
            }
            (Source::Grams, Engine::Postgres) => {
                // The planner knows how frequent tokens are, and which of them to look up, or none.
                sql.push("accounts WHERE app_id = ").push_bind(self.app).push(" AND ");
                self.push_tokens(sql, engine);
                self.push_range(sql);
            }
            (Source::Created, _) => {
                let hint = engine.pick("INDEXED BY accounts_by_created_at ", "");
                sql.push("accounts ").push(hint).push("WHERE app_id = ").push_bind(self.app);
                self.push_range(sql);
            }
        }
    }

    /// Adds the same for rows that SQLite's index of tokens named, in a JSON array.
    pub fn push_from_rids(&self, sql: &mut Sql, rids: &str) {
        sql.push("json_each(")
            .push_bind(rids)
            .push(") AS named CROSS JOIN accounts ON accounts.rid = named.value");
        sql.push(" WHERE accounts.app_id = ").push_bind(self.app);
        self.push_range(sql);
    }

    /// Adds the question to the index itself. There must be tokens.
    pub fn push_tokens(&self, sql: &mut Sql, engine: Engine) {
        if engine == Engine::Sqlite {
            sql.push("account_grams MATCH ").push_bind(grams::fts_query(&self.groups));
            return;
        }
        let (alone, choices): (Vec<&[i32]>, Vec<&[i32]>) =
            self.groups.iter().map(Vec::as_slice).partition(|group| group.len() == 1);
        let mut and = "";
        if !alone.is_empty() {
            sql.push("grams @> ").push_bind(grams::array(&alone.concat())).push("::int[]");
            and = " AND ";
        }
        for group in choices {
            sql.push(and).push("grams && ").push_bind(grams::array(group)).push("::int[]");
            and = " AND ";
        }
    }
}
