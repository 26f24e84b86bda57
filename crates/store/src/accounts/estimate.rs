//! How many match, about, where there are more than are counted. It costs the same however many there are.
//!
//! 1. The stretch of the order of creation in which all hits lie, without a range the whole of it, is measured by its milestones:
//!    `frame.rs`. A filter that asks for a range alone is answered by that.
//! 2. Otherwise short runs of rows that follow each other are looked at, which begin at milestones spread evenly over the stretch.
//!    The share of hits among them is that of the stretch.
//!
//! Each row stands as good a chance to be looked at as any other, so hits that stand together make the estimate no larger and no
//! smaller on average. They make it vary more: a crowd of fewer rows than stand between two runs is met or missed. Hits that stand
//! anywhere make it err by a tenth where one row in eighty is a hit, and by a third where one in a thousand is.
//!
//! The order of creation it is because it tells least about names, and because neighbours in it are neighbours on the disk where
//! rows must be fetched. What was created since the milestones were taken, at most a twentieth, counts as part of the
//! stretch and is taken to be like the rest.

use super::{
    count,
    frame::{Frame, framing},
    milestones::{Milestones, PositionBounds, code},
    order::Order,
    search::Search,
};
use crate::{
    Result,
    db::{Conn, Sql, sql},
};
use rollcall_shared::list::{AccountFilter, COUNT_CAP, Count, Sort, SortField};

/// The most runs, each of which is one descent into the index.
const RUNS: u64 = 64;
/// The most rows that are looked at in all runs together, where the index holds what is asked.
const LOOKED_AT: u64 = 8_192;
/// The same where each row must be fetched: filters beside a needle are seldom rare.
const FETCHED: u64 = 2_048;
/// From an end or from a milestone a limit of the stretch is counted exactly, as far as this. A longer stretch than twice this
/// is measured.
const EXACT: u32 = COUNT_CAP as u32 / 2;
/// So many entries are walked from the nearest milestone to a limit of the stretch, before its place between two is guessed.
const WALK: u32 = 10_000;
/// Shares are told in billionths.
const WHOLE: u64 = 1_000_000_000;

const BY_CREATION: Sort = Sort { field: SortField::CreatedAt, descending: false };

/// About how many match; `None` where there are no milestones, and where it comes to no more than is counted exactly.
///
/// # Errors
/// The database failed.
pub(super) async fn estimated(conn: &mut Conn, search: &Search<'_>) -> Result<Option<Count>> {
    let app = search.app();
    if Milestones::of(conn, app, BY_CREATION.field).await?.is_none() {
        return Ok(None);
    }
    let total = count::total(conn, app).await?;
    let bounds = PositionBounds { exact: EXACT, walk: WALK, ..PositionBounds::default() };
    let stretch = framing(search.filter(), BY_CREATION);
    let rows = Frame::of(conn, (app, total), &stretch, BY_CREATION, bounds).await?.rows.value;
    if search.is_range_only() {
        return Ok(told(rows, total));
    }
    let share = share(conn, search, rows).await?;
    Ok(share.and_then(|share| told(scaled(share, rows), rows)))
}

/// An estimate as it is told; none where there would be less than what is counted.
fn told(about: u64, most: u64) -> Option<Count> {
    (about >= COUNT_CAP).then(|| Count::about(rounded(about, most)))
}

/// To two digits, downwards where it would be more than `most`.
fn rounded(value: u64, most: u64) -> u64 {
    let Some(last) = value.checked_ilog10().and_then(|digits| digits.checked_sub(1)) else { return value };
    let unit = 10_u64.pow(last);
    let down = value / unit * unit;
    let near = if value - down >= unit.div_ceil(2) { down.saturating_add(unit) } else { down };
    if near > most { down } else { near }
}

/// So many billionths of a number of rows.
fn scaled(share: u64, rows: u64) -> u64 {
    let scaled = u128::from(rows) * u128::from(share) / u128::from(WHOLE);
    u64::try_from(scaled).unwrap_or(u64::MAX)
}

/// The share of hits in a stretch of so many rows, in billionths; `None` if no milestone is in it.
async fn share(conn: &mut Conn, search: &Search<'_>, rows: u64) -> Result<Option<u64>> {
    let engine = conn.engine();
    let order = Order::of(BY_CREATION);
    let mut query = sql("SELECT count(*), coalesce(min(place), 0), coalesce(max(place), 0) FROM milestones");
    push_in_stretch(&mut query, search);
    let row = conn.fetch_one(query.once()).await?;
    let (milestones, first, last) = (row.u64(0)?, row.u64(1)?, row.u64(2)?);
    if milestones == 0 {
        return Ok(None);
    }
    let runs = milestones.min(RUNS);
    // They stand at equal distances, and no row shall belong to two runs.
    let gap = (last - first).checked_div(milestones - 1).unwrap_or(rows).max(1);
    let run = (if search.is_covered() { LOOKED_AT } else { FETCHED } / runs).min(gap).max(1);

    let mut query = sql("SELECT CAST(coalesce(avg(share), 0) AS BIGINT) FROM (SELECT (");
    query.push(&format!("SELECT avg(CASE WHEN fits THEN {WHOLE} ELSE 0 END) FROM (SELECT (TRUE"));
    search.push_filter(&mut query, engine);
    query.push(") AS fits FROM").push(order.table(engine)).push(" WHERE app_id = ").push_bind(search.app());
    query.push(" AND (created_at, user_id) >= (start.number, start.milestone)");
    search.push_range(&mut query);
    order.push_order(&mut query, usize::try_from(run).unwrap_or(usize::MAX));
    query.push(") AS run) AS share FROM (SELECT number, user_id AS milestone FROM milestones");
    push_in_stretch(&mut query, search);
    // So many of all, evenly spread.
    let nth = format!("(place - {first}) / {gap}");
    query.push(&format!(" AND ({nth} + 1) * {runs} / {milestones} > {nth} * {runs} / {milestones}"));
    query.push(") AS start) AS shares");
    Ok(Some(conn.fetch_one(query.once()).await?.u64(0)?))
}

/// Adds ` WHERE …` for the milestones of the stretch.
fn push_in_stretch(query: &mut Sql, search: &Search<'_>) {
    let AccountFilter { created_from, created_before, .. } = *search.filter();
    query.push(" WHERE app_id = ").push_bind(search.app());
    query.push(" AND field = ").push_bind(code(BY_CREATION.field));
    for (operator, limit) in [(" AND number >= ", created_from), (" AND number < ", created_before)] {
        if let Some(limit) = limit {
            query.push(operator).push_bind(limit);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::rounded;

    #[test]
    fn an_estimate_has_two_digits() {
        let any = u64::MAX;
        for (value, told) in [
            (10_000, 10_000),
            (10_499, 10_000),
            (10_500, 11_000),
            (94_999, 95_000),
            (99_600, 100_000),
            (1_234_567, 1_200_000),
            (7, 7),
            (0, 0),
        ] {
            assert_eq!(rounded(value, any), told, "{value}");
        }
        assert_eq!(rounded(10_600, 10_600), 10_000, "never more than there are");
        assert_eq!(rounded(u64::MAX, any), 18_000_000_000_000_000_000);
    }
}
