//! Pages of the list: the first, deep ones at random, and those of a small application beside the large one.

use rollcall_shared::account::Account;
use rollcall_shared::app::SdkAppId;
use rollcall_shared::list::{ListQuery, Page};
use rollcall_shared::paths;

use crate::Result;
use crate::measure::{ROUNDS, Setting};
use crate::report::Line;
use crate::sql::Connection;
use crate::stats::{Latency, millis};

/// Accounts on a page.
const LIMIT: u32 = 100;

/// Requests of each kind in a round.
const REQUESTS: usize = 200;

/// A place in the list: the cursor for the API, and the username before it for SQL.
struct Anchor {
    cursor: String,
    user_id: String,
}

/// Measures all of it.
pub async fn all(setting: &Setting<'_>) -> Result<Vec<Line>> {
    let (large, small) = (setting.demo.large, setting.demo.small);
    let first = setting.latency(&vec![page(large, None); REQUESTS]).await?;
    let anchors = anchors(setting, large).await?;
    let deep: Vec<String> = anchors.iter().map(|anchor| page(large, Some(anchor.cursor.clone()))).collect();
    let deep = setting.latency(&deep).await?;
    let beside = setting.latency(&vec![page(small, None); REQUESTS]).await?;
    let raw_first = raw(setting, large, &[None; REQUESTS]).await?;
    let starts: Vec<Option<&str>> = anchors.iter().map(|anchor| Some(anchor.user_id.as_str())).collect();
    let raw_deep = raw(setting, large, &starts).await?;
    let ratio = |over: Latency, under: Latency| millis(over.p50) / millis(under.p50);
    let (depth, cost, deep_cost) = (ratio(deep, first), ratio(first, raw_first), ratio(deep, raw_deep));
    Ok(vec![
        Line::noted("List, first page of 100", first.shown()),
        Line::noted("List, deep page of 100", deep.shown()),
        Line::at_most("List, deep / first", format!("{depth:.2}"), depth, 1.5, Some(1.5), ""),
        Line::noted("List, first page in SQL alone", raw_first.shown()),
        Line::at_most("List, first page, HTTP / SQL", format!("{cost:.2}"), cost, 3.0, None, ""),
        Line::at_most("List, deep page, HTTP / SQL", format!("{deep_cost:.2}"), deep_cost, 3.0, None, ""),
        Line::noted("List, first page of a small application beside it", beside.shown()),
    ])
}

fn page(app: SdkAppId, cursor: Option<String>) -> String {
    paths::account_list(app, &ListQuery { limit: LIMIT, cursor, ..ListQuery::default() })
}

/// Walks the whole list once in the largest steps and keeps some places, evenly spread and visited out of order.
async fn anchors(setting: &Setting<'_>, app: SdkAppId) -> Result<Vec<Anchor>> {
    let mut client = setting.client().await?;
    let mut seen = Vec::new();
    let mut cursor = None;
    loop {
        let query = ListQuery { limit: 200, cursor, ..ListQuery::default() };
        let page: Page<Account> = client.get(&paths::account_list(app, &query)).await?;
        let (Some(next), Some(last)) = (page.next, page.items.last()) else { break };
        seen.push(Anchor { cursor: next.clone(), user_id: last.user_id.clone() });
        cursor = Some(next);
    }
    let step = (seen.len() / REQUESTS).max(1);
    let mut kept: Vec<Anchor> = seen.into_iter().step_by(step).take(REQUESTS).collect();
    // Any fixed order that is not the list's: neighbours would find each other's pages in memory.
    kept.sort_by_key(|anchor| anchor.user_id.bytes().rev().collect::<Vec<u8>>());
    Ok(kept)
}

async fn raw(setting: &Setting<'_>, app: SdkAppId, starts: &[Option<&str>]) -> Result<Latency> {
    let mut connection = Connection::open(setting.engine).await?;
    let mut rounds = Vec::new();
    // One round more, as a warm-up.
    for _ in 0..=ROUNDS {
        let mut samples = Vec::new();
        for start in starts {
            samples.push(connection.time_page(app, *start).await?);
        }
        rounds.push(Latency::of(samples));
    }
    Ok(Latency::median_of(&rounds[1..]))
}
