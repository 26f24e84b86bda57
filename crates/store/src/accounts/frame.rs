//! The stretch of an order's index in which a list lies, and the ways between its rows and their positions: a short walk from
//! an end, else from a milestone, else a guess.
//!
//! Positions count from the beginning of the list, in its direction, so that those near its beginning are exact even where its
//! end is known about.

use super::{
    interpolate,
    milestones::{Milestone, Milestones, PositionBounds},
    order::{Order, Place},
    search::Search,
};
use crate::{Result, db::Conn};
use keyset::Value;
use rollcall_shared::{
    app::SdkAppId,
    list::{AccountFilter, Count, CountRelation, Sort, SortField},
};

/// Rows that stand together in the index of an order: all of an application, or those of a range of creation times.
#[derive(Debug)]
pub(super) struct Frame<'a> {
    search: Search<'a>,
    order: Order,
    bounds: PositionBounds,
    milestones: Option<Milestones>,
    /// How many rows the index has.
    total: u64,
    /// How many of them stand before the frame, by ascending key.
    before: u64,
    /// How many rows the frame has.
    pub rows: Count,
}

/// A row whose position is known, or an end of the list.
#[derive(Clone, Debug)]
struct Anchor {
    position: u64,
    key: Option<Vec<Value>>,
}

impl Anchor {
    /// Where reading begins at the row, with it.
    fn place(&self) -> Option<Place> {
        self.key.clone().map(|key| Place { key, inclusive: true })
    }
}

/// The part of a filter that bounds a stretch of an order's index.
pub(super) fn framing(filter: &AccountFilter, sort: Sort) -> AccountFilter {
    let AccountFilter { created_from, created_before, .. } = *filter;
    match sort.field {
        SortField::CreatedAt => AccountFilter { created_from, created_before, ..AccountFilter::default() },
        SortField::UserId | SortField::Nickname => AccountFilter::default(),
    }
}

impl<'a> Frame<'a> {
    /// The frame that a filter of [`framing`] makes of an application with `total` accounts.
    pub async fn of(
        conn: &mut Conn,
        (app, total): (SdkAppId, u64),
        filter: &'a AccountFilter,
        sort: Sort,
        bounds: PositionBounds,
    ) -> Result<Self> {
        let (search, order) = (Search::new(app, filter), Order::of(sort));
        // From the nearer end everything is exact.
        let milestones = match total > 2 * u64::from(bounds.exact) {
            true => Milestones::of(conn, app, sort.field).await?,
            false => None,
        };
        let mut frame = Self { search, order, bounds, milestones, total, before: 0, rows: Count::eq(total) };
        if frame.search.is_everything() {
            return Ok(frame);
        }
        let few = 2 * u64::from(bounds.exact);
        let rows = order.count_between(conn, &frame.search, (None, None), few + 1).await?;
        frame.rows = Count::eq(rows);
        if rows > few {
            let [from, before] = frame.limits(conn, filter, sort).await?;
            frame.before = from.value;
            frame.rows = Count::about(before.value.saturating_sub(from.value).max(rows).min(total));
        }
        Ok(frame)
    }

    /// How many of all rows stand before the beginning and before the end of the filter's range.
    async fn limits(&self, conn: &mut Conn, filter: &AccountFilter, sort: Sort) -> Result<[Count; 2]> {
        let everything = AccountFilter::default();
        let search = Search::new(self.search.app(), &everything);
        let order = Order::of(Sort { descending: false, ..sort });
        let (bounds, milestones, total) = (self.bounds, self.milestones, self.total);
        let all = Frame { search, order, bounds, milestones, total, before: 0, rows: Count::eq(total) };
        let mut limits = [Count::eq(0), Count::eq(total)];
        for (limit, at) in limits.iter_mut().zip([filter.created_from, filter.created_before]) {
            if let Some(at) = at {
                let key = vec![Value::Int(at.millis()), Value::from("")];
                *limit = all.position(conn, &Place { key, inclusive: true }).await?;
            }
        }
        Ok(limits)
    }

    /// The key of the row at a position, or about there; none beyond the end.
    pub(super) async fn key_at(
        &self,
        conn: &mut Conn,
        position: u64,
    ) -> Result<Option<(Vec<Value>, CountRelation)>> {
        let rows = self.rows.value;
        let Some(after) = rows.checked_sub(position).and_then(|rows| rows.checked_sub(1)) else {
            return Ok(None);
        };
        let (low, high) = self.around_position(conn, position, after).await?;
        let ahead = position.saturating_sub(low.position);
        // The end is no row: the last one stands before it.
        let back = high.position.saturating_sub(position + u64::from(high.key.is_none()));
        let walk = u64::from(self.bounds.walk);
        if ahead.min(back) > walk {
            let share = ahead as f64 / (ahead + back) as f64;
            let edges = self.edges(conn, &low, &high).await?;
            let key = edges.map(|(low, high)| interpolate::between(&low, &high, share));
            return Ok(key.map(|key| (key, CountRelation::Estimate)));
        }
        // The beginning is where it is, also where the end is known about.
        let from_low = ahead <= back || position <= u64::from(self.bounds.exact);
        let (order, anchor, rows) = match from_low {
            true => (self.order, &low, ahead),
            false => (self.order.reversed(), &high, back),
        };
        let key = order.key_after(conn, &self.search, anchor.place().as_ref(), rows).await?;
        Ok(key.map(|key| (key, self.relation(anchor))))
    }

    /// How many rows of the list stand before a place.
    pub(super) async fn position(&self, conn: &mut Conn, place: &Place) -> Result<Count> {
        let (low, high) = self.around_place(conn, place).await?;
        let walk = u64::from(self.bounds.walk);
        // What is counted from an end is exact.
        let end_first = low.key.is_some() && high.key.is_none();
        let ways = [!end_first, end_first];
        for from_low in ways {
            let (from, to) = match from_low {
                true => (low.place(), Some(place.clone())),
                false => (Some(place.clone()), high.place()),
            };
            let ends = (from.as_ref(), to.as_ref());
            let rows = self.order.count_between(conn, &self.search, ends, walk + 1).await?;
            if rows <= walk {
                let (anchor, value) = match from_low {
                    true => (&low, low.position + rows),
                    false => (&high, high.position.saturating_sub(rows)),
                };
                return Ok(Count { value, relation: self.relation(anchor) });
            }
        }
        let edges = self.edges(conn, &low, &high).await?;
        let share = edges.map_or(0.0, |(from, to)| interpolate::share(&from, &to, &place.key));
        let way = high.position.saturating_sub(low.position) as f64 * share;
        Ok(Count::about(low.position + way as u64))
    }

    /// Whether what is counted from here is exact.
    const fn relation(&self, anchor: &Anchor) -> CountRelation {
        match anchor {
            Anchor { key: None, position: 0 } => CountRelation::Eq,
            Anchor { key: None, .. } => self.rows.relation,
            Anchor { key: Some(_), .. } => CountRelation::Estimate,
        }
    }

    /// The anchors at or before a position, which so many rows follow, and after it.
    async fn around_position(&self, conn: &mut Conn, position: u64, after: u64) -> Result<(Anchor, Anchor)> {
        let far = position.min(after) > u64::from(self.bounds.exact);
        let Some(milestones) = self.milestones.filter(|_| far) else { return Ok(self.ends()) };
        let rank = self.before + if self.order.is_descending() { after } else { position };
        let place = self.scale(rank, self.total, milestones.accounts);
        let (below, above) = milestones.around_place(conn, place).await?;
        Ok(self.anchors(below, above, 0))
    }

    /// The anchors before and after a place.
    async fn around_place(&self, conn: &mut Conn, place: &Place) -> Result<(Anchor, Anchor)> {
        let Some(milestones) = self.milestones else { return Ok(self.ends()) };
        let (below, above) = milestones.around_key(conn, &place.key).await?;
        Ok(self.anchors(below, above, u64::from(self.bounds.exact)))
    }

    /// Both ends.
    const fn ends(&self) -> (Anchor, Anchor) {
        (Anchor { position: 0, key: None }, Anchor { position: self.rows.value, key: None })
    }

    /// Milestones as anchors in the list's direction; an end instead of what is missing, outside or within `exact` rows of it.
    fn anchors(&self, below: Option<Milestone>, above: Option<Milestone>, exact: u64) -> (Anchor, Anchor) {
        let (mut low, mut high) = self.ends();
        let descending = self.order.is_descending();
        let (first, second) = if descending { (above, below) } else { (below, above) };
        if let Some(anchor) = first.and_then(|milestone| self.anchor(milestone))
            && anchor.position > exact
        {
            low = anchor;
        }
        if let Some(anchor) = second.and_then(|milestone| self.anchor(milestone))
            && anchor.position + exact < high.position
        {
            high = anchor;
        }
        (low, high)
    }

    /// Where a milestone stands in the list by now; none outside of it.
    fn anchor(&self, Milestone { place, key }: Milestone) -> Option<Anchor> {
        let accounts = self.milestones.map_or(self.total, |milestones| milestones.accounts);
        let rank = self.scale(place, accounts, self.total).checked_sub(self.before)?;
        let after = self.rows.value.checked_sub(rank + 1)?;
        let position = if self.order.is_descending() { after } else { rank };
        Some(Anchor { position, key: Some(key) })
    }

    /// A number of rows among so many as one among so many others. What was created since the milestones were taken stands
    /// anywhere in an order of names, and at the end of the order of creation.
    fn scale(&self, rows: u64, among: u64, others: u64) -> u64 {
        if self.order.field == SortField::CreatedAt || among == 0 {
            return rows.min(others);
        }
        let scaled = u128::from(rows) * u128::from(others) / u128::from(among);
        u64::try_from(scaled).unwrap_or(u64::MAX)
    }

    /// The keys of two anchors; of an end, that of the row there. None if there are no rows.
    async fn edges(
        &self,
        conn: &mut Conn,
        low: &Anchor,
        high: &Anchor,
    ) -> Result<Option<(Vec<Value>, Vec<Value>)>> {
        let mut keys = Vec::new();
        for (anchor, order) in [(low, self.order), (high, self.order.reversed())] {
            keys.push(match &anchor.key {
                Some(key) => Some(key.clone()),
                None => order.key_after(conn, &self.search, None, 0).await?,
            });
        }
        let high = keys.pop().flatten();
        Ok(keys.pop().flatten().zip(high))
    }
}
