//! Pages of the list in each order: the first and deep ones at random; the same statement without a server; the same pages of
//! a smaller database, and of a small application in the large one.
//!
//! "Against a million" compares with a database of its own that holds a million accounts, not with a second application in
//! the large database: what is asked is what happens to an installation that grows. Two applications of one database walk
//! the same trees, as deep and as far from fitting into memory for the small one as for the large, so that such a
//! ratio would stay near 1 however slow both became. What a small application beside a large one pays for it is measured too,
//! by the application with a thousand accounts.

use std::time::Duration;

use rollcall_shared::app::SdkAppId;
use rollcall_shared::list::{ListQuery, Sort, SortField};
use rollcall_shared::paths;

use crate::Result;
use crate::client::Client;
use crate::measure::{ROUNDS, Setting, round};
use crate::report::Line;
use crate::sql::Connection;
use crate::sql::page::{Anchor, Pages};
use crate::stats::Latency;

/// Accounts on a page.
const LIMIT: u32 = 100;

/// Requests of each kind in a round.
const REQUESTS: usize = 200;

/// HTTP divided by the statement alone, and a large application divided by a smaller one, at most.
const COST: f64 = 2.0;
const GROWTH: f64 = 1.3;

/// A smaller installation to compare with, and how many accounts it has.
pub struct Smaller<'a> {
    /// The server on its database.
    pub setting: &'a Setting<'a>,
    /// Its accounts.
    pub rows: u64,
}

/// Measures all of it.
pub async fn all(setting: &Setting<'_>, smaller: Option<&Smaller<'_>>) -> Result<Vec<Line>> {
    let mut large = Contender::new(setting).await?;
    let mut small = match smaller {
        Some(smaller) => Some(Contender::new(smaller.setting).await?),
        None => None,
    };
    let mut lines = Vec::new();
    for (name, field, descending) in [
        ("by username", SortField::UserId, false),
        ("by nickname", SortField::Nickname, false),
        ("by creation", SortField::CreatedAt, false),
        ("newest first", SortField::CreatedAt, true),
    ] {
        let sort = Sort { field, descending };
        let first = measure(&mut large, small.as_mut(), sort, false).await?;
        let deep = measure(&mut large, small.as_mut(), sort, true).await?;
        let rows = smaller.map(|smaller| smaller.rows);
        lines.extend(first.lines(&format!("List {name}, first page of 100"), rows));
        lines.extend(deep.lines(&format!("List {name}, deep page of 100"), rows));
        let depth = deep.http.over(&first.http).p50;
        // A gate where it has always been one.
        let gate = (sort == Sort::default()).then_some(1.5);
        lines.push(Line::at_most(
            format!("List {name}, deep / first"),
            format!("p50 {depth:.2}"),
            depth,
            1.5,
            gate,
            "",
        ));
    }
    let beside = setting.latency(&vec![page(setting.demo.small, Sort::default(), None); REQUESTS]).await?;
    lines.push(Line::noted("List by username, first page of 100, 1,000 accounts beside it", beside.shown()));
    Ok(lines)
}

fn page(app: SdkAppId, sort: Sort, cursor: Option<String>) -> String {
    paths::account_list(app, &ListQuery { limit: LIMIT, sort, cursor, ..ListQuery::default() })
}

/// A server and its database, asked for the same pages in turn.
struct Contender<'a> {
    setting: &'a Setting<'a>,
    app: SdkAppId,
    client: Client,
    connection: Connection,
    /// Other places for each round, and others for HTTP than for the statement: whoever came second would find
    /// the rows in memory.
    anchors: Vec<Anchor>,
}

impl<'a> Contender<'a> {
    async fn new(setting: &'a Setting<'a>) -> Result<Self> {
        let mut connection = Connection::reader(setting.engine).await?;
        let app = setting.demo.large;
        let anchors = Anchor::some(&mut connection, app, REQUESTS * (ROUNDS + 1) * 2).await?;
        Ok(Self { setting, app, client: setting.client().await?, connection, anchors })
    }

    fn anchors(&self, turn: usize) -> &[Anchor] {
        &self.anchors[turn * REQUESTS..(turn + 1) * REQUESTS]
    }

    async fn over_http(&mut self, sort: Sort, deep: bool, turn: usize) -> Result<Latency> {
        let paths: Vec<String> = match deep {
            true => {
                let cursors = self.anchors(turn).iter().map(|anchor| anchor.cursor(self.app, sort));
                cursors.map(|cursor| page(self.app, sort, Some(cursor))).collect()
            }
            false => vec![page(self.app, sort, None); REQUESTS],
        };
        Ok(Latency::of(round(&mut self.client, &paths, Duration::MAX).await?))
    }

    async fn in_sql(&mut self, sort: Sort, deep: bool, turn: usize) -> Result<Latency> {
        let pages = Pages::new(self.setting.engine, self.app, sort, LIMIT);
        let mut samples: Vec<Duration> = Vec::with_capacity(REQUESTS);
        for place in turn * REQUESTS..(turn + 1) * REQUESTS {
            let anchor = deep.then(|| &self.anchors[place]);
            samples.push(pages.time(&mut self.connection, anchor).await?);
        }
        Ok(Latency::of(samples))
    }
}

/// What a kind of page takes.
struct Measured {
    http: Latency,
    sql: Latency,
    smaller: Option<Latency>,
}

/// All take turns in each round. There is one round more than counts, as a warm-up.
async fn measure(
    large: &mut Contender<'_>,
    mut smaller: Option<&mut Contender<'_>>,
    sort: Sort,
    deep: bool,
) -> Result<Measured> {
    let (mut http, mut sql, mut beside) = (Vec::new(), Vec::new(), Vec::new());
    for turn in 0..=ROUNDS {
        http.push(large.over_http(sort, deep, turn * 2).await?);
        sql.push(large.in_sql(sort, deep, turn * 2 + 1).await?);
        if let Some(smaller) = smaller.as_deref_mut() {
            beside.push(smaller.over_http(sort, deep, turn * 2).await?);
        }
    }
    let median = |rounds: &[Latency]| Latency::median_of(&rounds[1..]);
    let smaller = smaller.is_some().then(|| median(&beside));
    Ok(Measured { http: median(&http), sql: median(&sql), smaller })
}

impl Measured {
    fn lines(&self, name: &str, rows: Option<u64>) -> Vec<Line> {
        let cost = self.http.over(&self.sql);
        let mut lines = vec![
            Line::noted(name, self.http.shown()),
            Line::noted(format!("{name}, statement alone"), self.sql.shown()),
            Line::at_most(format!("{name}, HTTP / statement"), cost.shown(), cost.p50, COST, None, "p50"),
        ];
        if let (Some(smaller), Some(rows)) = (&self.smaller, rows) {
            let growth = self.http.over(smaller);
            lines.push(Line::noted(format!("{name}, of {rows} accounts"), smaller.shown()));
            lines.push(Line::at_most(
                format!("{name}, against {rows} accounts"),
                growth.shown(),
                growth.p50,
                GROWTH,
                None,
                "p50",
            ));
        }
        lines
    }
}
