//! Searches of every kind that has been slow somewhere: rare, common and absent needles, filters alone and together, hits at the
//! wrong end; in the large application, and in a small one beside it.

use std::time::Duration;

use rollcall_demo::bench;
use rollcall_shared::app::SdkAppId;
use rollcall_shared::list::{AccountFilter, CountMode, ListQuery, Sort, SortField};
use rollcall_shared::paths;
use rollcall_shared::profile::{AccountType, FriendVerification, Friending, Gender};
use rollcall_shared::time::Timestamp;

use crate::Result;
use crate::measure::Setting;
use crate::report::Line;
use crate::stats::millis;

/// Requests of each kind in a round, and how long a round goes on: a kind that is far too slow shows it in fewer.
const REQUESTS: usize = 60;
const ROUND: Duration = Duration::from_secs(3);

/// Accounts up to which the first of the two aims holds.
const MILLION: u64 = 1_000_000;

/// A day in milliseconds.
const DAY: i64 = 24 * 60 * 60 * 1_000;

/// Milliseconds of the 95th percentile: the aim, and what must hold.
#[derive(Clone, Copy)]
struct Aim {
    aim: f64,
    gate: Option<f64>,
}

impl Aim {
    const fn of(rows: u64) -> Self {
        if rows > MILLION { Self { aim: 50.0, gate: None } } else { Self { aim: 30.0, gate: Some(100.0) } }
    }
}

/// Measures every kind, without a count and with the capped one that the console asks for.
pub async fn all(setting: &Setting<'_>, rows: u64) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    for kind in kinds(setting.demo.filled_at) {
        for count in [CountMode::None, CountMode::Capped] {
            let counted = if count == CountMode::None { "" } else { ", counted" };
            let name = format!("Search, {}{counted}", kind.name);
            lines.push(measure(setting, setting.demo.large, &kind, count, name, Aim::of(rows)).await?);
        }
    }
    lines.extend(suggestions(setting, Aim::of(rows)).await?);
    for kind in kinds(setting.demo.filled_at).into_iter().filter(|kind| kind.in_small) {
        let name = format!("Search in 1,000 accounts beside it, {}, counted", kind.name);
        let aim = Aim::of(rows);
        lines.push(measure(setting, setting.demo.small, &kind, CountMode::Capped, name, aim).await?);
    }
    Ok(lines)
}

async fn measure(
    setting: &Setting<'_>,
    app: SdkAppId,
    kind: &Kind,
    count: CountMode,
    name: String,
    Aim { aim, gate }: Aim,
) -> Result<Line> {
    let query = ListQuery { filter: kind.filter.clone(), sort: kind.sort, count, ..ListQuery::default() };
    let paths = vec![paths::account_list(app, &query); REQUESTS];
    let latency = setting.latency_within(&paths, ROUND).await?;
    let shown = latency.shown() + &cut(setting, &paths[0]).await?;
    Ok(Line::at_most(name, shown, millis(latency.p95), aim, gate, "ms p95"))
}

/// What a page that was cut short says of itself: its time alone would praise it.
async fn cut(setting: &Setting<'_>, path: &str) -> Result<String> {
    let page: serde_json::Value = setting.client().await?.get(path).await?;
    let rows = page.get("items").and_then(|items| items.as_array()).map_or(0, Vec::len);
    let whole = page.get("complete").is_none_or(|complete| complete == true);
    Ok(if whole { String::new() } else { format!("; cut short with {rows} rows") })
}

/// What is offered where nothing matches: typing errors in names that few have, that many are like, and in none.
async fn suggestions(setting: &Setting<'_>, Aim { aim, .. }: Aim) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    for (name, q) in [
        ("a username with two letters exchanged", "adminitsrator"),
        ("a short name", "mnig"),
        ("a long text of frequent letters", "anlinaernaxei"),
        ("two Chinese characters and a wrong one", "王小龘"),
        ("a text near to nothing", "zqxjkvwqzxj"),
    ] {
        let filter = AccountFilter { q: q.to_owned(), ..AccountFilter::default() };
        let paths = vec![paths::account_suggestions(setting.demo.large, &filter); REQUESTS];
        let latency = setting.latency_within(&paths, ROUND).await?;
        let (name, p95) = (format!("Suggestions for {name}"), millis(latency.p95));
        lines.push(Line::at_most(name, latency.shown(), p95, aim, None, "ms p95"));
    }
    Ok(lines)
}

/// A kind of search.
struct Kind {
    name: &'static str,
    filter: AccountFilter,
    sort: Sort,
    /// Whether it means something in the small application, whose accounts have none of the needles put in.
    in_small: bool,
}

/// Every kind, of an application that was filled at this instant. Numbers of matches are of a million accounts.
fn kinds(filled_at: Timestamp) -> Vec<Kind> {
    let everything = AccountFilter::default;
    let needle = |q: &str| AccountFilter { q: q.to_owned(), ..everything() };
    let by = |field, descending| Sort { field, descending };
    let (user_id, nickname) = (Sort::default(), by(SortField::Nickname, false));
    let newest = by(SortField::CreatedAt, true);
    let admins = |q| AccountFilter { account_type: vec![AccountType::Admin], ..needle(q) };
    let today = |q| AccountFilter { created_from: Some(filled_at.plus_millis(-DAY)), ..needle(q) };
    let female = |q| AccountFilter { gender: vec![Gender::Female], ..needle(q) };
    let combined = |q| AccountFilter {
        friend_verification: vec![FriendVerification::NeedConfirm, FriendVerification::DenyAny],
        friending: vec![Friending::Forbidden],
        created_from: Some(filled_at.plus_millis(-365 * DAY)),
        ..female(q)
    };
    let kind = |name, filter, sort, in_small| Kind { name, filter, sort, in_small };
    vec![
        kind("10 matches", needle(bench::NEEDLE_RARE), user_id, false),
        kind("15,000 matches", needle(bench::NEEDLE_COMMON), user_id, false),
        kind("15,000 matches, newest first", needle(bench::NEEDLE_COMMON), newest, false),
        kind("every row", needle(bench::NEEDLE_ALL), user_id, false),
        kind("one letter", needle("a"), user_id, true),
        kind("one letter, by nickname", needle("q"), nickname, true),
        kind("two letters", needle("an"), user_id, true),
        kind("one Chinese character", needle(bench::NEEDLE_CHINESE), user_id, true),
        kind("two Chinese characters", needle(bench::NEEDLE_CHINESE_PAIR), user_id, true),
        kind("two Chinese characters, absent", needle(bench::NEEDLE_CHINESE_ABSENT), user_id, true),
        kind("absent, each pair present", needle(bench::NEEDLE_ABSENT), user_id, true),
        kind("15,000 matches with a filter", female(bench::NEEDLE_COMMON), user_id, false),
        kind("a rare filter alone", admins(""), newest, true),
        kind("hits at the end of the order", needle(bench::NEEDLE_CLUSTERED), nickname, false),
        kind("one nickname 100,000 times", needle(bench::NICKNAME_SHARED), nickname, false),
        kind("filters combined", combined(""), user_id, true),
        kind("filters combined, with one letter", combined("a"), nickname, true),
        kind("created today, by nickname", today(""), nickname, true),
        kind("created today, one letter, by nickname", today("a"), nickname, true),
        kind("one letter, type admin", admins("a"), user_id, true),
    ]
}
