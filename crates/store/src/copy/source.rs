//! What a copy reads: chunks of rows by key, and what tells whether the source is still as it was.

use super::{
    CopyError,
    layout::Layout,
    side::Side,
    tables::ACCOUNTS,
    value::{Kind, Value, key_text},
};
use crate::{
    Result, StoreError,
    accounts::{self, SearchKeys},
    db::{Conn, Engine, sql},
};
use rollcall_shared::app::SdkAppId;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, ops::ControlFlow};

/// How many bytes of text a chunk holds at most, but for its last row.
const WEIGHT: usize = 8 << 20;

/// Rows that are written together.
pub(super) struct Chunk {
    pub rows: Vec<Vec<Value>>,
    /// Of accounts: what is derived from each row.
    pub keys: Vec<SearchKeys>,
}

/// The next rows after a key, at most `limit` and some megabytes; none at the table's end. They are to be written into
/// a database of `engine`.
pub(super) async fn chunk(
    source: &mut Side,
    layout: &Layout,
    after: &[Value],
    limit: usize,
    engine: Engine,
) -> Result<Chunk, CopyError> {
    let select = layout.select_after(source.conn.engine(), after, limit);
    let mut chunk = Chunk { rows: Vec::new(), keys: Vec::new() };
    let mut weight = 0;
    let take = |row| {
        let values = layout.values(&row)?;
        weight += values.iter().map(Value::weight).sum::<usize>();
        if layout.table.name == ACCOUNTS {
            let app = SdkAppId(layout.app_of(&values).unwrap_or_default());
            chunk.keys.push(SearchKeys::of(app, &accounts::account(&row)?));
        }
        chunk.rows.push(values);
        Ok(if weight < WEIGHT { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    };
    source.conn.fetch_each(select, take).await?;
    if engine == Engine::Postgres {
        chunk.rows.iter().try_for_each(|row| refuse_nul(layout, row))?;
    }
    Ok(chunk)
}

fn refuse_nul(layout: &Layout, row: &[Value]) -> Result<(), CopyError> {
    let has_nul = |value: &Value| matches!(value, Value::Text(text) if text.contains('\0'));
    let found = row.iter().zip(&layout.columns).find(|(value, _)| has_nul(value));
    found.map_or(Ok(()), |(_, column)| {
        let (table, key) = (layout.table.name, key_text(&layout.key_of(row)));
        Err(CopyError::Nul { table, key, column: column.name.clone() })
    })
}

/// What tells two states of a source apart, cheaply: of each table how many rows it has and, for each column, the sum of its
/// numbers, shortened, or of its lengths. It finds any ordinary use; what it may miss, the comparison at the end finds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Fingerprint(BTreeMap<String, Vec<i64>>);

impl Fingerprint {
    /// Of the source as it is.
    pub async fn of(conn: &mut Conn, layouts: &[Layout]) -> Result<Self> {
        let mut tables = BTreeMap::new();
        for layout in layouts {
            let mut sums = sql("SELECT count(*)").once();
            for column in &layout.columns {
                let (before, after) = match column.kind {
                    Kind::Int => ("", " % 1000003"),
                    Kind::Text | Kind::Bytes | Kind::Ints => ("length(", ")"),
                };
                sums.push(&format!(", CAST(COALESCE(sum({before}\"{}\"{after}), 0) AS BIGINT)", column.name));
            }
            sums.push(" FROM ").push(layout.table.name);
            let row = conn.fetch_one(sums).await?;
            let sums = (0..=layout.columns.len()).map(|at| row.i64(at)).collect::<Result<_>>()?;
            tables.insert(layout.table.name.to_owned(), sums);
        }
        Ok(Self(tables))
    }

    /// How many rows there are in all.
    pub fn rows(&self) -> u64 {
        self.0.values().filter_map(|sums| sums.first()).map(|rows| rows.unsigned_abs()).sum()
    }

    /// The first table that is not the same in both.
    pub fn difference(&self, other: &Self) -> Option<String> {
        let differs = |(table, sums): &(&String, &Vec<i64>)| other.0.get(*table) != Some(sums);
        self.0.iter().find(differs).map(|(table, _)| table.clone())
    }

    pub fn text(&self) -> Result<String> {
        serde_json::to_string(self).map_err(|error| StoreError::Corrupt(error.to_string()))
    }

    pub fn of_text(text: &str) -> Result<Self> {
        serde_json::from_str(text).map_err(|error| StoreError::Corrupt(error.to_string()))
    }
}
