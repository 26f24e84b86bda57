//! How many accounts match, at a bounded price.

use super::{
    estimate::Sample,
    named::Named,
    order::Order,
    search::{Search, Source, TESTED},
};
use crate::{
    Result, Store,
    db::{Conn, Engine, sql},
};
use rollcall_shared::{
    app::SdkAppId,
    list::{AccountFilter, COUNT_CAP, Count, CountMode, CountRelation, Sort},
};

/// The most candidates that a capped count looks at: it estimates when there are more.
const CAPPED_CANDIDATES: u32 = COUNT_CAP as u32;
/// The most candidates that an exact count looks at.
const EXACT_CANDIDATES: u32 = 1_000_000;
/// So many entries of an index tell whether hits are frequent, and so many are walked to count hits that are.
const PROBE: u32 = 5_000;
const WALK: u32 = 200_000;
/// In fewer accounts a sample never tells that there are more matches than are counted.
const TOLD_FROM: u64 = 6_000_000;

impl Store {
    /// How many match; `None` when nobody asked, or when `Exact` would cost more than looking at 1,000,000
    /// candidates.
    ///
    /// # Errors
    /// The database failed.
    pub async fn count_accounts(
        &self,
        app: SdkAppId,
        filter: &AccountFilter,
        mode: CountMode,
    ) -> Result<Option<Count>> {
        let search = Search::new(app, filter);
        if mode == CountMode::None {
            return Ok(None);
        }
        let mut conn = self.read().await?;
        if search.is_everything() {
            let value = total(&mut conn, app).await?;
            return Ok(Some(Count::eq(value)));
        }
        if mode == CountMode::Capped {
            return capped(&mut conn, &search).await.map(Some);
        }
        let source = cheapest(&mut conn, &search, EXACT_CANDIDATES).await?;
        let Tally { candidates, hits } = tally(&mut conn, &search, source, EXACT_CANDIDATES).await?;
        let all = candidates <= u64::from(EXACT_CANDIDATES);
        Ok(all.then_some(Count::eq(hits)))
    }
}

/// How many match: exactly as far as [`COUNT_CAP`], then about. Where that cannot be told, at least so many.
pub(super) async fn capped(conn: &mut Conn, search: &Search<'_>) -> Result<Count> {
    let mut dear = None;
    if conn.engine() == Engine::Sqlite && search.has_tokens() {
        let named = Named::of(conn, search, CAPPED_CANDIDATES).await?;
        if let Some(rids) = named.at_most(CAPPED_CANDIDATES) {
            return hits_of(conn, search, rids).await.map(Count::eq);
        }
        dear = Some(Source::Grams);
    }
    // Where a few rows tell enough, nobody looks at ten thousand.
    let early = if may_be_told(conn, search).await? { Sample::of(conn, search).await? } else { None };
    if let Some(about) = early.as_ref().filter(|sample| sample.surely_many()).and_then(Sample::count) {
        return Ok(about);
    }
    let seen = seen(conn, search, dear).await?;
    if seen.relation != CountRelation::Gte {
        return Ok(seen);
    }
    let sample = if early.is_some() { early } else { Sample::of(conn, search).await? };
    Ok(sample.and_then(|sample| sample.count()).unwrap_or(seen))
}

/// Whether a sample could tell that there are more matches than are counted, as far as that is cheap to know.
async fn may_be_told(conn: &mut Conn, search: &Search<'_>) -> Result<bool> {
    Ok(!search.is_range_only() && total(conn, search.app()).await? >= TOLD_FROM)
}

/// How many are seen to match by looking at so many candidates as a capped count may; `dear` is known to have more.
async fn seen(conn: &mut Conn, search: &Search<'_>, dear: Option<Source>) -> Result<Count> {
    let many = match dear {
        Some(Source::Grams) => search.is_tokens_only(),
        _ => surely_many(conn, search).await?,
    };
    if many {
        return Ok(Count::at_least(COUNT_CAP));
    }
    let source = cheapest_but(conn, search, CAPPED_CANDIDATES, dear).await?;
    let Tally { candidates, hits } = tally(conn, search, source, CAPPED_CANDIDATES).await?;
    Ok(match candidates <= u64::from(CAPPED_CANDIDATES) {
        true => Count::eq(hits),
        false => Count::at_least(hits.min(COUNT_CAP)),
    })
}

/// How many match of those that SQLite's index of tokens named.
async fn hits_of(conn: &mut Conn, search: &Search<'_>, rids: &str) -> Result<u64> {
    let mut query = sql("SELECT count(*) FROM ");
    search.push_from_rids(&mut query, rids);
    search.push_filter(&mut query, Engine::Sqlite);
    conn.fetch_one(query.once()).await?.u64(0)
}

/// Whether there are seen to be more matches than are counted, without reading them one by one.
pub(super) async fn surely_many(conn: &mut Conn, search: &Search<'_>) -> Result<bool> {
    match conn.engine() {
        Engine::Sqlite if search.is_tokens_only() => {
            exceeds(conn, search, Source::Grams, CAPPED_CANDIDATES).await
        }
        Engine::Sqlite => Ok(false),
        Engine::Postgres => reaches_cap(conn, search).await,
    }
}

/// How many accounts the application has.
pub(super) async fn total(conn: &mut Conn, app: SdkAppId) -> Result<u64> {
    const TOTAL: &str = "SELECT CAST(coalesce(sum(accounts), 0) AS BIGINT) FROM app_totals WHERE app_id = $1";
    conn.fetch_one(sql(TOTAL).bind(app)).await?.u64(0)
}

/// Whether a source has more than `most` candidates. Cheap on SQLite; PostgreSQL's index of tokens looks at all of
/// them to answer.
pub(super) async fn exceeds(conn: &mut Conn, search: &Search<'_>, source: Source, most: u32) -> Result<bool> {
    let engine = conn.engine();
    let mut query = sql("SELECT count(*) FROM (SELECT 1 FROM ");
    if (source, engine) == (Source::Grams, Engine::Sqlite) {
        // The index alone, without the rows.
        query.push("account_grams WHERE ");
        search.push_tokens(&mut query, engine);
    } else {
        search.push_from(&mut query, engine, source);
    }
    query.push(&format!(" LIMIT {}) AS some", u64::from(most) + 1));
    Ok(conn.fetch_one(query.once()).await?.u64(0)? > u64::from(most))
}

/// How many have the tokens as PostgreSQL's planner expects, from what it knows of frequent tokens. It looks at none of them.
pub(super) async fn expected(conn: &mut Conn, search: &Search<'_>) -> Result<u64> {
    let mut query = sql("EXPLAIN SELECT 1 FROM ");
    search.push_from(&mut query, Engine::Postgres, Source::Grams);
    let plan = conn.fetch_map(query.once(), |row| row.text(0)).await?;
    Ok(plan.first().and_then(|line| planned_rows(line)).unwrap_or(0))
}

/// The rows in a line like `Seq Scan on accounts  (cost=0.00..1.05 rows=4 width=4)`.
fn planned_rows(line: &str) -> Option<u64> {
    line.split_once(" rows=")?.1.split(' ').next()?.parse().ok()
}

/// Whether a search is seen, on a walk along an index that holds what is asked, to have more hits than are counted.
/// PostgreSQL would fetch each candidate's row instead.
async fn reaches_cap(conn: &mut Conn, search: &Search<'_>) -> Result<bool> {
    if search.is_range_only() {
        return Ok(false);
    }
    // What is not met in the probe's proportion is hardly met within the walk. Where hits stand together the probe may be wrong
    // either way, which costs time and nothing else.
    let enough = u64::from(PROBE) * COUNT_CAP / u64::from(WALK);
    let frequent = hits_among(conn, search, PROBE, enough).await? >= enough;
    Ok(frequent && hits_among(conn, search, WALK, COUNT_CAP + 1).await? > COUNT_CAP)
}

/// The hits among the first `rows` by username, `most` of them at most.
async fn hits_among(conn: &mut Conn, search: &Search<'_>, rows: u32, most: u64) -> Result<u64> {
    let engine = conn.engine();
    let order = Order::new(Sort::default(), None)?;
    let mut query = sql("SELECT count(*) FROM (SELECT 1 FROM (SELECT ");
    query
        .push(TESTED)
        .push(" FROM")
        .push(order.table(engine))
        .push(" WHERE app_id = ")
        .push_bind(search.app());
    order.push_order(&mut query, rows as usize);
    query.push(") AS walked WHERE TRUE");
    search.push_filter(&mut query, engine);
    query.push(&format!(" LIMIT {most}) AS hits"));
    conn.fetch_one(query.once()).await?.u64(0)
}

/// What a count saw: at most one candidate more than it was allowed.
struct Tally {
    candidates: u64,
    hits: u64,
}

async fn tally(conn: &mut Conn, search: &Search<'_>, source: Source, most: u32) -> Result<Tally> {
    let engine = conn.engine();
    let mut query = sql("SELECT count(*), count(*) FILTER (WHERE fits) FROM (SELECT (TRUE");
    search.push_filter(&mut query, engine);
    query.push(") AS fits FROM ");
    search.push_from(&mut query, engine, source);
    query.push(&format!(" LIMIT {}) AS candidates", u64::from(most) + 1));
    let row = conn.fetch_one(query.once()).await?;
    Ok(Tally { candidates: row.u64(0)?, hits: row.u64(1)? })
}

/// The first source that keeps within the bound, or the last one: of a range each row is a candidate, while those that have the
/// tokens may all lie outside of it. PostgreSQL's planner chooses by itself: what it is asked about tokens has the range in it.
pub(super) async fn cheapest(conn: &mut Conn, search: &Search<'_>, most: u32) -> Result<Source> {
    cheapest_but(conn, search, most, None).await
}

/// The same where one of them is known to have more.
async fn cheapest_but(
    conn: &mut Conn,
    search: &Search<'_>,
    most: u32,
    dear: Option<Source>,
) -> Result<Source> {
    // A search for everything has no source; its range is empty on both sides.
    let mut last = Source::Created;
    for source in search.sources() {
        last = source;
        let is_dear = dear == Some(source);
        if conn.engine() == Engine::Postgres || !is_dear && !exceeds(conn, search, source, most).await? {
            break;
        }
    }
    Ok(last)
}

#[cfg(test)]
mod tests {
    use super::planned_rows;

    #[test]
    fn a_plan_says_how_many_rows_it_expects() {
        assert_eq!(
            planned_rows("Bitmap Heap Scan on accounts  (cost=1.5..9.2 rows=84211 width=4)"),
            Some(84_211)
        );
        assert_eq!(planned_rows("  ->  Sort"), None);
    }
}
