//! Frequent hits that stand together far from where a list by nickname begins: there are too many candidates to collect and
//! sort, and none among the rows that come first. The index of nicknames holds nickname and username, so it can be asked
//! for what may be a hit without reading a row, at some millions a second. What may be one is then read and tested.

use super::{
    list::{Found, Hit},
    order::{Order, Place},
    row::columns,
    search::Search,
};
use crate::{
    Result,
    db::{Conn, Engine, sql},
};
use keyset::Value;
use rollcall_shared::list::SortField;

/// The most rows of the index that are asked at once.
pub(super) const WINDOW: u32 = 100_000;
/// How often, before another way is tried from there.
const WINDOWS: usize = 2;
/// How many rows that may be hits are read at once.
const BATCH: usize = 200;

/// Whether this way leads anywhere: on PostgreSQL, which has noted how frequent tokens are, the list is by nickname and all
/// tokens of the needle are frequent. With a filter beside the needle too much would be read that the filter refuses.
/// SQLite's walk asks its index of tokens as it goes, which was measured to be faster than this.
pub(super) async fn applies(conn: &mut Conn, search: &Search<'_>, order: Order) -> Result<bool> {
    let fits = conn.engine() == Engine::Postgres && order.field == SortField::Nickname;
    let Some(tokens) = search.needle_alone().filter(|_| fits) else { return Ok(false) };
    const FREQUENT: &str = "SELECT count(*) FROM pg_stats, \
        unnest(CAST(CAST(most_common_elems AS text) AS int[]), most_common_elem_freqs) AS element (token, frequency) \
        WHERE schemaname = current_schema() AND tablename = 'accounts' AND attname = 'grams' \
        AND frequency >= 0.02 AND token = ANY($1)";
    let wanted = tokens.len() as u64;
    Ok(conn.fetch_one(sql(FREQUENT).bind(tokens)).await?.u64(0)? == wanted)
}

/// The first hits from `place`, or where this way was given up. Each step asks `rows` of the index.
pub(super) async fn find(
    conn: &mut Conn,
    search: &Search<'_>,
    order: Order,
    mut place: Option<Place>,
    (want, rows): (usize, u32),
) -> Result<Found> {
    let mut hits = Vec::new();
    let mut stopped = None;
    for _ in 0..WINDOWS {
        let until = order.key_after(conn, search, place.as_ref(), rows).await?;
        window(conn, search, order, place, until.as_deref(), want, &mut hits).await?;
        stopped = until;
        if hits.len() >= want || stopped.is_none() {
            return Ok(Found { hits, stopped: None });
        }
        place = stopped.clone().map(|key| Place { key, inclusive: false });
    }
    Ok(Found { hits, stopped })
}

/// Adds the hits from `place` up to the key `until`.
async fn window(
    conn: &mut Conn,
    search: &Search<'_>,
    order: Order,
    mut place: Option<Place>,
    until: Option<&[Value]>,
    want: usize,
    hits: &mut Vec<Hit>,
) -> Result<()> {
    while hits.len() < want {
        let keys = likely(conn, search, order, place.as_ref(), until).await?;
        let (ends, last) = (keys.len() < BATCH, keys.last().map(|(key, _)| key.clone()));
        let ids = keys.into_iter().map(|(_, id)| id).collect();
        hits.extend(tested(conn, search, order, ids, want - hits.len()).await?);
        if ends {
            break;
        }
        place = last.map(|key| Place { key, inclusive: false });
    }
    Ok(())
}

/// The keys and usernames of rows that may be hits, out of the index alone.
async fn likely(
    conn: &mut Conn,
    search: &Search<'_>,
    order: Order,
    place: Option<&Place>,
    until: Option<&[Value]>,
) -> Result<Vec<(Vec<Value>, String)>> {
    let engine = conn.engine();
    let mut query = sql("SELECT ");
    query.push(order.column()).push(", user_id FROM").push(order.table(engine)).push(" WHERE app_id = ");
    query.push_bind(search.app());
    order.push_after(&mut query, place);
    order.push_until(&mut query, until);
    search.push_likely(&mut query, engine);
    order.push_order(&mut query, BATCH);
    conn.fetch_map(query.once(), |row| Ok((order.key(&row, 0, row.str(1)?)?, row.text(1)?))).await
}

/// Which of these accounts are hits.
async fn tested(
    conn: &mut Conn,
    search: &Search<'_>,
    order: Order,
    ids: Vec<String>,
    want: usize,
) -> Result<Vec<Hit>> {
    let engine = conn.engine();
    let mut query = sql(concat!("SELECT ", columns!(), ", "));
    query.push(order.column()).push(" FROM accounts WHERE app_id = ").push_bind(search.app());
    query.push(" AND user_id").push_in(engine, ids);
    search.push_filter(&mut query, engine);
    order.push_order(&mut query, want);
    conn.fetch_map(query.once(), |row| Hit::of(order, &row)).await
}
