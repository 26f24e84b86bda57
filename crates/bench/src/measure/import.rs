//! An import of as many accounts as the large application has, up to a million, into an empty application: how fast it is reviewed,
//! applied and undone, how much memory that takes, how it compares with plain insertions, and what lists cost meanwhile.

use std::time::{Duration, Instant};

use hyper::Method;
use rollcall_shared::account::NewAccount;
use rollcall_shared::app::SdkAppId;
use rollcall_shared::import::{Import, PART_BYTES};
use rollcall_shared::paths;
use serde_json::{Value, json};

use crate::Result;
use crate::client::Client;
use crate::measure::drive::NewAccounts;
use crate::measure::jobs::{Lists, Read, slowed};
use crate::measure::task::{self, Done};
use crate::measure::{Setting, make_app, remove_app_wholly};
use crate::report::Line;
use crate::sql::Connection;
use crate::sql::insert::{self, Row};

/// The most accounts in the file.
const ROWS: u64 = 1_000_000;
/// How many of the accounts that are inserted by plain statements, for comparison, are made ready at once, and how many of them one
/// transaction has.
const READY: usize = 50_000;
const TOGETHER: usize = 1_000;
/// How long lists are read before, with nothing beside them.
const IDLE: Duration = Duration::from_secs(10);
/// The aims: rows in a second of the review, the application against plain insertions, MiB of growth.
const REVIEW: f64 = 200_000.0;
const APPLY: f64 = 0.5;
const GROWTH: f64 = 128.0;

/// Measures the whole way of one file.
pub async fn all(setting: &Setting<'_>, rows: u64) -> Result<Vec<Line>> {
    let rows = rows.min(ROWS);
    let mut client = setting.client().await?;
    let app = make_app(&mut client, "Bench import").await?.app;
    let id = app.sdkappid;
    let accounts = NewAccounts::default();
    let plain = plain(setting, id, &accounts, usize::try_from(rows)?).await?;
    let file = file(&accounts.take(usize::try_from(rows)?));
    let import = upload(&mut client, id, &file).await?;
    drop(file);

    let mapping = import.preview.map(|preview| preview.mapping).unwrap_or_default();
    let path = paths::import_review(id, &import.id);
    let reviewed = task::run(setting, &mut client, id, &path, &json!({ "mapping": mapping })).await?;
    let mut lines = vec![
        Line::at_least(
            "Import, review of a file of new accounts",
            shown(&reviewed, rows),
            rate(&reviewed, rows),
            REVIEW,
            "rows/s",
        ),
        task::growth("Import, review", &reviewed, GROWTH),
    ];
    let import: Import = client.get(&paths::import(id, &import.id)).await?;
    let digest = import.review.map(|review| review.digest).unwrap_or_default();
    let lists = Lists::new(setting, id).await?;
    let idle = lists.read_for(IDLE).await?;
    let path = paths::import_apply(id, &import.id);
    let (applied, beside) =
        beside_lists(setting, &lists, &mut client, id, &path, &json!({ "digest": digest })).await?;
    let ratio = rate(&applied, rows) / plain;
    lines.extend([
        Line::noted("Import, application", shown(&applied, rows)),
        Line::noted("Plain insertions into the same tables", format!("{plain:.0} rows/s")),
        Line::at_least("Import, application / plain", format!("{ratio:.2}"), ratio, APPLY, ""),
        task::growth("Import, application", &applied, GROWTH),
        slowed("Import, its own list meanwhile", &beside.own, &idle.own),
        slowed("Import, deep pages of the large application meanwhile", &beside.large, &idle.large),
    ]);
    let undone =
        task::run(setting, &mut client, id, &paths::import_undo(id, &import.id), &Value::Null).await?;
    lines.push(Line::noted("Import, undoing", shown(&undone, rows)));
    lines.push(task::growth("Import, undoing", &undone, GROWTH));
    client.call(Method::DELETE, &paths::import(id, &import.id), String::new()).await?;
    remove_app_wholly(setting, &mut client, &app).await?;
    Ok(lines)
}

fn rate(done: &Done, rows: u64) -> f64 {
    rows as f64 / done.seconds
}

fn shown(done: &Done, rows: u64) -> String {
    format!("{:.0} rows/s ({rows} rows in {:.1} s)", rate(done, rows), done.seconds)
}

/// Runs the task while lists are read.
async fn beside_lists(
    setting: &Setting<'_>,
    lists: &Lists,
    client: &mut Client,
    app: SdkAppId,
    path: &str,
    body: &Value,
) -> Result<(Done, Read)> {
    let reading = lists.begin().await?;
    let done = task::run(setting, client, app, path, body).await;
    let beside = reading.end().await?;
    Ok((done?, beside))
}

/// The accounts as CSV.
fn file(accounts: &[NewAccount]) -> Vec<u8> {
    let mut text = String::from("user_id,nickname,photo_url\n");
    for NewAccount { user_id, nickname, photo_url, .. } in accounts {
        let nickname = nickname.replace('"', "\"\"");
        text.push_str(&format!("{user_id},\"{nickname}\",{photo_url}\n"));
    }
    text.into_bytes()
}

async fn upload(client: &mut Client, app: SdkAppId, file: &[u8]) -> Result<Import> {
    let new = json!({ "file_name": "bench.csv", "bytes": file.len() });
    let mut import: Import = client.post(&paths::imports(app), &new).await?;
    for (number, part) in (0..).zip(file.chunks(usize::try_from(PART_BYTES)?)) {
        let path = paths::import_part(app, &import.id, number);
        import = serde_json::from_slice(&client.put_bytes(&path, part.to_vec()).await?)?;
    }
    Ok(import)
}

/// Accounts in a second by plain statements in transactions of as many rows as the server's: as many as the file has, because indexes
/// grow slower the more comes at once.
async fn plain(setting: &Setting<'_>, app: SdkAppId, accounts: &NewAccounts, rows: usize) -> Result<f64> {
    let mut connection = Connection::writer(setting.engine).await?;
    let at = setting.demo.filled_at.millis();
    let (mut written, mut took) = (0, Duration::ZERO);
    while written < rows {
        let some = accounts.take(READY.min(rows - written));
        let ready: Vec<Row> = some.iter().map(|account| Row::new(app, account, at)).collect();
        let begun = Instant::now();
        for some in ready.chunks(TOGETHER) {
            insert::committed(&mut connection, some).await?;
        }
        took += begun.elapsed();
        written += ready.len();
    }
    Ok(written as f64 / took.as_secs_f64())
}
