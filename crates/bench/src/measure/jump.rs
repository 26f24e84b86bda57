//! Places in the middle of the list: by a row's number, by a beginning, by a day.

use rollcall_demo::SEED;
use rollcall_shared::list::{ListQuery, Sort, SortField};
use rollcall_shared::paths;

use crate::Result;
use crate::draw::Draws;
use crate::measure::Setting;
use crate::report::Line;
use crate::stats::millis;

/// Rows that are asked for: what the list that scrolls asks for.
const LIMIT: u32 = 100;

/// Jumps of each kind in a round.
const REQUESTS: usize = 100;

/// Milliseconds of the 95th percentile: a jump is a search.
const AIM: f64 = 50.0;

/// The years that accounts were created in, in milliseconds.
const YEARS: u64 = 3 * 365 * 24 * 60 * 60 * 1_000;

/// Measures each kind.
pub async fn all(setting: &Setting<'_>, rows: u64) -> Result<Vec<Line>> {
    let mut draw = Draws::new(SEED);
    let by = |field, descending| Sort { field, descending };
    let filled_at = setting.demo.filled_at;
    let mut lines = Vec::new();
    for (name, field) in [
        ("username", SortField::UserId),
        ("nickname", SortField::Nickname),
        ("creation", SortField::CreatedAt),
    ] {
        let to =
            |sort, offset| ListQuery { sort, limit: LIMIT, offset: Some(offset), ..ListQuery::default() };
        let queries = (0..REQUESTS).map(|turn| to(by(field, turn % 2 == 1), draw.below(rows))).collect();
        lines.push(measure(setting, &format!("Jump to a row, by {name}"), queries).await?);
    }
    let seek = |sort, text| ListQuery { sort, limit: LIMIT, seek: Some(text), ..ListQuery::default() };
    let mut letters = || {
        let mut letter = || char::from(b'a' + u8::try_from(draw.below(26)).unwrap_or_default());
        String::from_iter([letter(), letter()])
    };
    let texts = (0..REQUESTS).map(|_| seek(by(SortField::Nickname, false), letters())).collect();
    lines.push(measure(setting, "Jump to two letters, by nickname", texts).await?);
    let mut day = || filled_at.plus_millis(-draw.below(YEARS).cast_signed()).to_string();
    let days = (0..REQUESTS).map(|_| seek(by(SortField::CreatedAt, true), day())).collect();
    lines.push(measure(setting, "Jump to an instant, newest first", days).await?);
    Ok(lines)
}

async fn measure(setting: &Setting<'_>, name: &str, queries: Vec<ListQuery>) -> Result<Line> {
    let paths: Vec<String> =
        queries.iter().map(|query| paths::account_list(setting.demo.large, query)).collect();
    let latency = setting.latency(&paths).await?;
    Ok(Line::at_most(name, latency.shown(), millis(latency.p95), AIM, None, "ms p95"))
}
