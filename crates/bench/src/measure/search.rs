//! Searches of every kind that has been slow somewhere: rare, common and absent needles, filters, hits at the wrong end.

use rollcall_demo::bench;
use rollcall_shared::list::{AccountFilter, CountMode, ListQuery, Sort, SortField};
use rollcall_shared::paths;
use rollcall_shared::profile::{AccountType, Gender};

use crate::Result;
use crate::measure::Setting;
use crate::report::Line;
use crate::stats::millis;

/// Requests of each kind in a round.
const REQUESTS: usize = 60;

/// Milliseconds of the 95th percentile: the aim, and what must hold.
const AIM: f64 = 30.0;
const GATE: f64 = 100.0;

/// Measures every kind, without a count and with the capped one that the console asks for.
pub async fn all(setting: &Setting<'_>) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    for (name, filter, sort) in kinds() {
        for count in [CountMode::None, CountMode::Capped] {
            let query = ListQuery { filter: filter.clone(), sort, count, ..ListQuery::default() };
            let path = paths::account_list(setting.demo.large, &query);
            let latency = setting.latency(&vec![path; REQUESTS]).await?;
            let counted = if count == CountMode::None { "" } else { ", counted" };
            let p95 = millis(latency.p95);
            lines.push(Line::at_most(
                format!("Search, {name}{counted}"),
                latency.shown(),
                p95,
                AIM,
                Some(GATE),
                "ms",
            ));
        }
    }
    Ok(lines)
}

fn kinds() -> Vec<(&'static str, AccountFilter, Sort)> {
    let needle = |q: &str| AccountFilter { q: q.to_owned(), ..AccountFilter::default() };
    let by = |field, descending| Sort { field, descending };
    let user_id = Sort::default();
    let female = AccountFilter { gender: vec![Gender::Female], ..needle(bench::NEEDLE_COMMON) };
    let admins = AccountFilter { account_type: vec![AccountType::Admin], ..AccountFilter::default() };
    vec![
        ("10 matches", needle(bench::NEEDLE_RARE), user_id),
        ("15,000 matches", needle(bench::NEEDLE_COMMON), user_id),
        ("15,000 matches, newest first", needle(bench::NEEDLE_COMMON), by(SortField::CreatedAt, true)),
        ("every row", needle(bench::NEEDLE_ALL), user_id),
        ("one Chinese character", needle(bench::NEEDLE_CHINESE), user_id),
        ("two Chinese characters", needle(bench::NEEDLE_CHINESE_PAIR), user_id),
        ("two Chinese characters, absent", needle(bench::NEEDLE_CHINESE_ABSENT), user_id),
        ("absent, each pair present", needle(bench::NEEDLE_ABSENT), user_id),
        ("15,000 matches with a filter", female, user_id),
        ("a rare filter alone", admins, by(SortField::CreatedAt, true)),
        ("hits at the end of the order", needle(bench::NEEDLE_CLUSTERED), by(SortField::Nickname, false)),
        ("one nickname 100,000 times", needle(bench::NICKNAME_SHARED), by(SortField::Nickname, false)),
    ]
}
