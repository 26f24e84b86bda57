//! A server that is killed in the middle of an export, of CSV and of a workbook: whatever stands under the name of a file is whole,
//! and in the end it has every account once.

use crate::support::{
    Engine,
    kills::{Run, kills},
};
use axum::http::Method;
use calamine::{Data, Reader as _, Xlsx};
use rollcall_shared::{
    export::ExportManifest,
    job::{ExportFormat, Job},
    paths,
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::{collections::BTreeSet, fs, io::Cursor};

/// Enough that an export lasts for many looks at it.
const ACCOUNTS: u64 = 20_000;

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Asks for all accounts; the id of the task.
async fn begin(run: &Run, format: ExportFormat) -> String {
    let job = run.call(Method::POST, &paths::exports(run.app), &json!({"format": format})).await;
    serde_json::from_value::<Job>(job).unwrap().id
}

/// Looks at the task until it has ended or was looked at so often; how often it was, if it has ended.
async fn watch(run: &Run, id: &str, most: u64) -> Option<u64> {
    for looks in 0..=most {
        if run.job(&paths::job(run.app, id)).await.state.is_final() {
            return Some(looks);
        }
    }
    None
}

/// What lies in the folder of exports under a name that can be asked for.
fn names(run: &Run) -> BTreeSet<String> {
    let folder = run.data.path().join("exports").join(run.app.to_string());
    let entries = fs::read_dir(folder).into_iter().flatten();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    // The store of files keeps beginnings of files under such names, and shows them to nobody.
    names.filter(|name| !name.contains('#')).collect()
}

/// What an export that was cut off left under the name of its file is the whole file, or not there.
fn only_whole_files(run: &Run, done: &BTreeSet<String>, format: ExportFormat, everyone: &[String]) {
    let folder = run.data.path().join("exports").join(run.app.to_string());
    for name in names(run).difference(done).filter(|name| !name.ends_with(".json")) {
        assert_eq!(user_ids(format, &fs::read(folder.join(name)).unwrap()), everyone, "{name}");
    }
}

/// The usernames in a file, in its order.
fn user_ids(format: ExportFormat, bytes: &[u8]) -> Vec<String> {
    if format == ExportFormat::Csv {
        let text = std::str::from_utf8(bytes).unwrap().trim_start_matches('\u{feff}');
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        return reader.records().map(|record| tabular::unguard(&record.unwrap()[0]).to_owned()).collect();
    }
    let mut book = Xlsx::new(Cursor::new(bytes.to_vec())).unwrap();
    let sheet = book.worksheet_range("Users").unwrap();
    let text = |row: &[Data]| row[0].to_string();
    sheet.rows().skip(1).map(text).collect()
}

/// The file of a task that is done holds every account once, and is what the task and the manifest say.
async fn is_whole(run: &Run, id: &str, format: ExportFormat, everyone: &[String]) {
    let job = run.job(&paths::job(run.app, id)).await;
    let rows = everyone.len() as u64;
    assert_eq!((job.done, job.total, job.refused), (rows, rows, 0));
    let file = job.result.unwrap().file.unwrap();
    let manifest = run.call(Method::GET, &paths::export_manifest(run.app, id), &Value::Null).await;
    let manifest: ExportManifest = serde_json::from_value(manifest).unwrap();
    let (status, bytes) = run.bytes(Method::GET, &file.url, Vec::new()).await;
    assert_eq!((status, bytes.len() as u64, sha256(&bytes)), (200, manifest.bytes, manifest.sha256));
    assert_eq!((file.rows, manifest.rows, &file.sha256), (rows, rows, &sha256(&bytes)));
    assert_eq!(user_ids(format, &bytes), everyone);
}

async fn killed(engine: Engine) {
    let mut run = Run::begin(engine, ACCOUNTS).await;
    let accounts = run.accounts().await.into_iter();
    let mut everyone: Vec<String> = accounts.map(|account| account.user_id).collect();
    everyone.sort();
    assert_eq!(everyone.len() as u64, ACCOUNTS + 1);
    let mut done = BTreeSet::new();
    for format in [ExportFormat::Csv, ExportFormat::Xlsx] {
        let mut id = begin(&run, format).await;
        let looks = watch(&run, &id, u64::MAX).await.unwrap().max(1);
        let (mut struck, mut tries) = (0, 0);
        while struck < kills() {
            tries += 1;
            assert!(tries <= 20 * kills(), "hardly a kill struck an export of {looks} looks");
            let draw = run.next(looks);
            if watch(&run, &id, draw).await.is_some() {
                // It was faster than the kill.
                is_whole(&run, &id, format, &everyone).await;
                done.extend([id.clone(), format!("{id}.manifest.json")]);
                id = begin(&run, format).await;
                continue;
            }
            run.end();
            only_whole_files(&run, &done, format, &everyone);
            run.start_again().await;
            struck += 1;
        }
        watch(&run, &id, u64::MAX).await;
        is_whole(&run, &id, format, &everyone).await;
        done.extend([id.clone(), format!("{id}.manifest.json")]);
    }
    assert_eq!(names(&run), done, "nothing else is left");
    assert_eq!(fs::read_dir(run.data.path().join("scratch")).unwrap().count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_survives_kills_on_sqlite() {
    killed(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_survives_kills_on_postgres() {
    killed(Engine::Postgres).await;
}
