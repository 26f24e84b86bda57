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
//!
//! Hits in so many of the runs that so few matches could hardly be met in them tell that there are more than are counted, and
//! nobody need look at ten thousand of them. That can be told of some six million rows on; in fewer, counting is quick.

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
/// The most rows that are looked at in all runs together.
const LOOKED_AT: u64 = 8_192;
/// From an end or from a milestone a limit of the stretch is counted exactly, as far as this. A longer stretch than twice this
/// is measured.
const EXACT: u32 = COUNT_CAP as u32 / 2;
/// So many entries are walked from the nearest milestone to a limit of the stretch, before its place between two is guessed.
const WALK: u32 = 10_000;
/// Shares are told in billionths.
const WHOLE: u64 = 1_000_000_000;

const BY_CREATION: Sort = Sort { field: SortField::CreatedAt, descending: false };

/// What a few rows here and there say of a search.
pub(super) struct Sample {
    /// How many rows there are in the stretch, about.
    rows: u64,
    /// The share of hits among them, in billionths; `None` for a range, of which all are hits.
    share: Option<Share>,
}

/// The share of hits in what was looked at.
struct Share {
    billionths: u64,
    /// So many rows were looked at, in runs.
    looked_at: u64,
    /// The runs with a hit.
    met: u64,
}

impl Sample {
    /// Looks at the rows; `None` where there are no milestones.
    ///
    /// # Errors
    /// The database failed.
    pub async fn of(conn: &mut Conn, search: &Search<'_>) -> Result<Option<Self>> {
        let app = search.app();
        if Milestones::of(conn, app, BY_CREATION.field).await?.is_none() {
            return Ok(None);
        }
        let total = count::total(conn, app).await?;
        let bounds = PositionBounds { exact: EXACT, walk: WALK, ..PositionBounds::default() };
        let stretch = framing(search.filter(), BY_CREATION);
        let rows = Frame::of(conn, (app, total), &stretch, BY_CREATION, bounds).await?.rows.value;
        if search.is_range_only() {
            return Ok(Some(Self { rows, share: None }));
        }
        Ok(share(conn, search, rows).await?.map(|share| Self { rows, share: Some(share) }))
    }

    /// About how many match.
    pub fn about(&self) -> u64 {
        self.share.as_ref().map_or(self.rows, |share| scaled(share.billionths, self.rows))
    }

    /// The same to be told; none where it comes to no more than is counted exactly.
    pub fn count(&self) -> Option<Count> {
        let about = self.about();
        (about >= COUNT_CAP).then(|| Count::about(rounded(about, self.rows)))
    }

    /// Whether there are more matches than are counted. So many as are counted, wherever they stand, would be met in
    /// `expected` runs on average: four times that and a few is not chance.
    pub fn surely_many(&self) -> bool {
        let Some(Share { looked_at, met, .. }) = self.share else { return false };
        let expected = looked_at * COUNT_CAP / self.rows.max(1);
        met > 4 * expected + 8
    }
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

/// The share of hits in a stretch of so many rows; `None` if no milestone is in it.
async fn share(conn: &mut Conn, search: &Search<'_>, rows: u64) -> Result<Option<Share>> {
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
    let run = (LOOKED_AT / runs).min(gap).max(1);

    let mut query = sql(
        "SELECT CAST(coalesce(avg(share), 0) AS BIGINT), count(*) FILTER (WHERE share > 0) FROM (SELECT (",
    );
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
    let row = conn.fetch_one(query.once()).await?;
    Ok(Some(Share { billionths: row.u64(0)?, looked_at: runs * run, met: row.u64(1)? }))
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
    use super::{Sample, Share, rounded};

    #[test]
    fn many_is_told_from_hits_in_many_runs_of_many_rows() {
        let sure = |rows, met| {
            let share = Some(Share { billionths: 0, looked_at: 8_192, met });
            Sample { rows, share }.surely_many()
        };
        // Of ten million, ten thousand matches are met in eight runs.
        assert!(sure(10_000_000, 41) && !sure(10_000_000, 40));
        assert!(sure(100_000_000, 9) && !sure(100_000_000, 8));
        // Of a million they may be met in every run.
        assert!(!sure(1_000_000, 64));
        assert!(!Sample { rows: 10_000_000, share: None }.surely_many());
    }

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
