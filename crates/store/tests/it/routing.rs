//! Every statement over what an application owns needs the rows of that application alone, so a database that spreads rows by
//! app_id finds them in one place. Proven on PostgreSQL, with those tables in partitions by app_id: the plan of each
//! statement, made for the values that it really has, names one partition of each table. The few that need more are listed.

mod partitions;
mod plans;
mod run;
mod schedules;

use crate::support::{Database, Engine, TestDb, finish};
use partitions::{PARTITIONS, partition, partition_name};
use plans::{EXPLAINED, Plan, Plans};
use std::{collections::BTreeSet, fs, path::Path};

/// Statements that look at every partition, by a piece of their text, and why they may.
const EVERYWHERE: &[(&str, &str)] = &[
    ("FROM apps a WHERE a.deleted_at = 0 ORDER BY a.app_id", "the console's list of applications, few rows"),
    ("WHERE t.hash = $1", "who calls with an API token does not say for which application"),
    ("FROM webhooks w WHERE w.lease_until", "each second: which applications have events to send"),
    (
        "SELECT app_id FROM apps WHERE deleted_at = 0 AND app_id = ANY",
        "a log of all applications is written together",
    ),
    ("FROM client_sessions WHERE server_id = $1", "what one server holds, or held, of all applications"),
    ("WITH known AS", "every twenty seconds: which applications PostgreSQL's planner is mistaken about"),
    ("DELETE FROM api_calls WHERE at < $1", "sweep: calls that are too old"),
    ("DELETE FROM job_refused WHERE (app_id, job_id) IN", "sweep: jobs that are too old"),
    ("FROM imports WHERE expires_at < $1", "sweep: imports whose time is over"),
    ("FROM export_schedules s JOIN apps", "every few seconds: which schedules are due"),
    ("WHERE expires_at > 0 AND expires_at <= $1", "sweep: files of schedules whose days are over"),
    ("FROM pushes WHERE has_deliveries = 1 AND expires_at < $1", "sweep: pushes that are over"),
];

#[tokio::test]
async fn a_statement_needs_one_place() {
    let database = Database::new(Engine::Postgres).await;
    let url = database.url.clone();
    // On this thread, where the plans are gathered, but so that a failure leaves no database behind.
    let outcome =
        tokio::task::LocalSet::new().run_until(async { tokio::task::spawn_local(prove(url)).await }).await;
    database.remove().await;
    finish(outcome);
}

async fn prove(url: String) {
    TestDb::open(&url).await.store.close().await;
    let tables = partition(&url).await;
    let db = TestDb::open_as(&url, &format!("{url}{EXPLAINED}")).await;
    let plans = Plans::gather();
    run::run(&db).await;
    db.store.close().await;
    let seen = plans.seen();
    drop(plans);

    let scattered: BTreeSet<&str> = seen
        .iter()
        .filter(|plan| tables.iter().any(|table| places(plan, table).len() > 1))
        .map(|plan| plan.text.as_str())
        .collect();
    let exempt = |text: &str| EVERYWHERE.iter().any(|(piece, _)| text.contains(piece));
    let unlisted: Vec<&str> = scattered.iter().copied().filter(|text| !exempt(text)).collect();
    assert!(unlisted.is_empty(), "statements that need more than one place: {unlisted:#?}");
    for (piece, why) in EVERYWHERE {
        assert!(scattered.iter().any(|text| text.contains(piece)), "listed, but routable: {piece} ({why})");
    }
    // The proof is worth something: each table was looked at, in more than one place by and by.
    for table in &tables {
        let all: BTreeSet<usize> = seen.iter().flat_map(|plan| places(plan, table)).collect();
        assert!(!all.is_empty(), "no statement looked at {table}");
    }
    let routed: BTreeSet<usize> =
        seen.iter().filter(|plan| !exempt(&plan.text)).flat_map(|plan| places(plan, "accounts")).collect();
    assert!(routed.len() > 1, "{routed:?}");
    let texts: BTreeSet<&str> = seen.iter().map(|plan| plan.text.as_str()).collect();
    println!("{} plans of {} statements over {} tables", seen.len(), texts.len(), tables.len());
}

/// Which partitions of a table the plan names.
fn places(plan: &Plan, table: &str) -> Vec<usize> {
    (0..PARTITIONS).filter(|place| plan.relations.contains(&partition_name(table, *place))).collect()
}

/// So that a new function is not forgotten: each is called by name in what the proof runs.
#[test]
fn the_run_calls_every_function_of_the_store() {
    let run = concat!(
        include_str!("routing/run.rs"),
        include_str!("routing/schedules.rs"),
        include_str!("copy/awkward.rs"),
        include_str!("support.rs")
    );
    let mut functions = Vec::new();
    gather(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut functions);
    assert!(functions.len() > 70, "{functions:?}");
    let missing: Vec<&String> = functions.iter().filter(|name| !run.contains(&format!(".{name}("))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// The public asynchronous methods of the files below a folder.
fn gather(folder: &Path, functions: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            // Neither is part of what a server calls.
            if !["db", "copy"].contains(&path.file_name().unwrap().to_str().unwrap()) {
                gather(&path, functions);
            }
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        for (place, _) in text.match_indices("pub async fn ") {
            let (name, rest) = text[place + 13..].split_once(['(', '<']).unwrap();
            // Of these one is beneath the functions, and the other asks where the log is.
            let is_no_query = ["writer.rs", "replica.rs"].iter().any(|file| path.ends_with(file));
            let is_of_store = rest.trim_start().starts_with("&self") && !is_no_query;
            functions.extend(is_of_store.then(|| name.to_owned()));
        }
    }
}
