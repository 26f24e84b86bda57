//! Two servers on one PostgreSQL against one: what they read together, and what the second costs when both write. Clients,
//! servers and database share this machine's cores, so two cannot be faster here than one that uses them all: what
//! shows is what they cost each other.

use std::sync::Arc;
use std::time::Duration;

use rollcall_shared::app::SdkAppId;
use rollcall_shared::list::{ListQuery, Sort};
use rollcall_shared::paths;

use crate::client::Client;
use crate::measure::drive::{Caller, Creator, NewAccounts, Reader, rate};
use crate::measure::{ROUNDS, Setting, make_app, remove_app_wholly};
use crate::report::Line;
use crate::server::Server;
use crate::sql::Connection;
use crate::sql::page::Anchor;
use crate::stats::median_number;
use crate::{Options, Result};

/// Connections in all, however many servers they are to.
const CONNECTIONS: usize = 16;

/// How long a round lasts, and how long its warm-up.
const ROUND: Duration = Duration::from_secs(4);
const WARM_UP: Duration = Duration::from_millis(500);

/// Different deep pages.
const PAGES: usize = 2_000;

/// Calls in a second, by one server and by two.
struct Rates {
    one: f64,
    two: f64,
}

/// Measures both kinds of work.
pub async fn all(setting: &Setting<'_>, options: &Options) -> Result<Vec<Line>> {
    let second = Server::start(setting.engine, &options.program).await?;
    let ports = [setting.server.port, second.port];
    let reads = reads(setting, &ports).await?;
    let mut client = setting.client().await?;
    let made = make_app(&mut client, "Bench servers").await?;
    let writes = writes(setting, &ports, made.app.sdkappid).await;
    drop(second);
    remove_app_wholly(setting, &mut client, &made.app).await?;
    let writes = writes?;
    let shown =
        |rates: &Rates, what: &str| format!("one {:.0} {what}/s, two {:.0} {what}/s", rates.one, rates.two);
    let ratio = |rates: &Rates| format!("{:.2}", rates.two / rates.one);
    Ok(vec![
        Line::noted(
            format!("Servers, deep pages on {CONNECTIONS} connections in all"),
            shown(&reads, "pages"),
        ),
        Line::noted("Servers, deep pages, two / one", ratio(&reads)),
        Line::noted(
            format!("Servers, creation one by one on {CONNECTIONS} connections in all"),
            shown(&writes, "accounts"),
        ),
        Line::noted("Servers, creation, two / one", ratio(&writes)),
    ])
}

async fn reads(setting: &Setting<'_>, ports: &[u16; 2]) -> Result<Rates> {
    let (app, sort) = (setting.demo.large, Sort::default());
    let mut connection = Connection::reader(setting.engine).await?;
    let anchors = Anchor::some(&mut connection, app, PAGES).await?;
    let page = |anchor: &Anchor| {
        let cursor = Some(anchor.cursor(app, sort));
        paths::account_list(app, &ListQuery { limit: 100, sort, cursor, ..ListQuery::default() })
    };
    let paths: Arc<[String]> = anchors.iter().map(page).collect();
    let reader =
        |client, number| Reader { client, paths: Arc::clone(&paths), next: number * PAGES / CONNECTIONS };
    compare(setting, ports, reader).await
}

async fn writes(setting: &Setting<'_>, ports: &[u16; 2], app: SdkAppId) -> Result<Rates> {
    let accounts = NewAccounts::default();
    compare(setting, ports, |client, _| Creator { client, app, accounts: accounts.clone() }).await
}

/// One server and two take turns in each round.
async fn compare<C: Caller>(
    setting: &Setting<'_>,
    ports: &[u16; 2],
    caller: impl Fn(Client, usize) -> C,
) -> Result<Rates> {
    let mut one = connect(setting, &ports[..1], &caller).await?;
    let mut two = connect(setting, ports, &caller).await?;
    let (mut of_one, mut of_two) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        for (callers, rates) in [(&mut one, &mut of_one), (&mut two, &mut of_two)] {
            let (warm, _) = rate(std::mem::take(callers), WARM_UP).await?;
            let (back, per_second) = rate(warm, ROUND).await?;
            *callers = back;
            rates.push(per_second);
        }
    }
    Ok(Rates { one: median_number(of_one), two: median_number(of_two) })
}

async fn connect<C>(
    setting: &Setting<'_>,
    ports: &[u16],
    caller: impl Fn(Client, usize) -> C,
) -> Result<Vec<C>> {
    let mut callers = Vec::with_capacity(CONNECTIONS);
    // A session for each: the cookie of one server is not sent to another by its address.
    let mut cookies = Vec::with_capacity(ports.len());
    for port in ports {
        cookies.push(Client::sign_in(*port, &setting.demo.email, &setting.demo.password).await?);
    }
    for number in 0..CONNECTIONS {
        let server = number % ports.len();
        let client = Client::connect(ports[server], &cookies[server]).await?;
        callers.push(caller(client, number));
    }
    Ok(callers)
}
