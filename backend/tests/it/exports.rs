//! Exports: the rows of the files, in every format, compared with the accounts one by one.

use crate::support::{Answer, Client, Server, on_both_engines};
use calamine::{Data, Reader as _, Xlsx};
use rollcall_backend::jobs;
use rollcall_demo::{SEED, accounts};
use rollcall_shared::{
    account::Account,
    app::App,
    job::{Column, ExportFile, Job, JobState, RefusedItem},
    list::Page,
    paths,
};
use rollcall_store::{Actor, Change};
use serde_json::{Value, json};
use std::io::Cursor;

on_both_engines!(
    csv_holds_every_account_in_order,
    xlsx_holds_every_account_as_text,
    ndjson_holds_accounts_as_the_api_shows_them,
    a_selection_and_columns_are_kept_to,
    named_accounts_that_do_not_exist_are_told,
    an_export_that_was_left_behind_begins_anew,
    an_export_that_cannot_be_written_fails_and_leaves_nothing,
);

const COUNT: u64 = 2_300;

/// An application with accounts, some of them made to break a file.
async fn filled(server: &Server) -> (Client, App, Vec<Account>) {
    let operator = server.operator().await;
    let app = server.create_app(&operator, "Aurora Live").await;
    let now = server.state.clock.now();
    let mut all: Vec<Account> = accounts(COUNT, SEED, now).collect();
    let awkward = [
        "=1+1",
        "'=1",
        "\"quoted\", and\r\nbroken",
        "\t@SUM(A1)",
        "  spaces  ",
        "_x0041_",
        "<b>&amp;</b>",
        "-5",
    ];
    for (account, nickname) in all.iter_mut().zip(awkward) {
        nickname.clone_into(&mut account.nickname);
    }
    all[0].user_id = "=cmd|x".to_owned();
    let change = Change { actor: Actor::System, now };
    server.state.store.load_accounts(&change, app.sdkappid, all.clone()).await.unwrap();
    all.push(operator.get(&paths::account(app.sdkappid, "administrator")).await.json());
    all.sort_by(|a, b| a.user_id.cmp(&b.user_id));
    (operator, app, all)
}

/// Asks for an export, does it and fetches the file.
async fn export(server: &Server, operator: &Client, app: &App, request: &Value) -> (Job, ExportFile, Answer) {
    let asked = operator.post(&paths::exports(app.sdkappid), request).await;
    assert_eq!(asked.status, 202, "{}", asked.text());
    jobs::drain(&server.state).await.unwrap();
    let job: Job = operator.get(asked.header("location")).await.json();
    assert_eq!((job.state, &job.error), (JobState::Done, &None));
    let file = job.result.clone().and_then(|result| result.file).unwrap();
    let answer = operator.get(&file.url).await;
    assert_eq!((answer.status.as_u16(), answer.body.len() as u64), (200, file.bytes));
    (job, file, answer)
}

/// The cells that an account's row must have.
fn cells(account: &Account) -> Vec<String> {
    let json = serde_json::to_value(account).unwrap();
    let cell = |column: &Column| match &json[column.as_str()] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    Column::ALL.iter().map(cell).collect()
}

fn names() -> Vec<String> {
    Column::ALL.iter().map(|column| column.as_str().to_owned()).collect()
}

async fn csv_holds_every_account_in_order(server: Server) {
    let (operator, app, all) = filled(&server).await;
    let (job, file, answer) = export(&server, &operator, &app, &json!({"format": "csv"})).await;
    assert_eq!((job.done, job.total, file.rows), (COUNT + 1, COUNT + 1, COUNT + 1));
    assert_eq!(file.name, "aurora-live-users-2026-11-22.csv");
    let text = answer.text().strip_prefix('\u{feff}').expect("the byte order mark");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), names());
    let mut count = 0;
    for (record, account) in reader.records().zip(&all) {
        let record = record.unwrap();
        assert!(record.iter().all(|cell| !cell.starts_with(['=', '+', '-', '@', '\t', '\r'])), "{record:?}");
        let row: Vec<&str> = record.iter().map(tabular::unguard).collect();
        assert_eq!(row, cells(account));
        count += 1;
    }
    assert_eq!(count, all.len());
}

async fn xlsx_holds_every_account_as_text(server: Server) {
    let (operator, app, all) = filled(&server).await;
    let (_, file, answer) = export(&server, &operator, &app, &json!({"format": "xlsx"})).await;
    assert_eq!(file.name, "aurora-live-users-2026-11-22.xlsx");
    let mut book = Xlsx::new(Cursor::new(answer.body.to_vec())).unwrap();
    let sheet = book.worksheet_range("Users").unwrap();
    let text = |cell: &Data| match cell {
        Data::Empty => String::new(),
        Data::String(text) => text.clone(),
        Data::Float(number) => format!("{number}"),
        other => panic!("{other:?}"),
    };
    let rows: Vec<Vec<String>> = sheet.rows().map(|row| row.iter().map(text).collect()).collect();
    assert_eq!(rows[0], names());
    assert_eq!(rows.len(), all.len() + 1);
    for (row, account) in rows[1..].iter().zip(&all) {
        assert_eq!(row, &cells(account));
    }
}

async fn ndjson_holds_accounts_as_the_api_shows_them(server: Server) {
    let (operator, app, all) = filled(&server).await;
    let (_, _, answer) = export(&server, &operator, &app, &json!({"format": "ndjson"})).await;
    let lines: Vec<Account> = answer.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines, all);
}

async fn a_selection_and_columns_are_kept_to(server: Server) {
    let (operator, app, all) = filled(&server).await;
    let chosen: Vec<&Account> = all.iter().filter(|account| account.gender.as_str() == "female").collect();
    let except = &chosen[0].user_id;
    let selection =
        json!({"filter": {"gender": ["female"]}, "except": [except], "as_of": "2026-11-22T18:00:00Z"});
    let request = json!({"selection": selection, "format": "ndjson", "columns": ["nickname", "user_id"]});
    let (job, file, answer) = export(&server, &operator, &app, &request).await;
    let rows = chosen.len() as u64 - 1;
    assert_eq!((job.done, job.total, file.rows), (rows, rows, rows));
    for (line, account) in answer.text().lines().zip(&chosen[1..]) {
        let expected = format!(
            "{{\"nickname\":{},\"user_id\":{}}}",
            serde_json::to_string(&account.nickname).unwrap(),
            serde_json::to_string(&account.user_id).unwrap()
        );
        assert_eq!(line, expected);
    }
}

async fn named_accounts_that_do_not_exist_are_told(server: Server) {
    let (operator, app, all) = filled(&server).await;
    let one = &all[700];
    let ids = json!({"user_ids": ["ghost1", one.user_id, "ghost2", one.user_id, "ghost3"]});
    let (job, file, answer) =
        export(&server, &operator, &app, &json!({"selection": ids, "format": "ndjson"})).await;
    assert_eq!((file.rows, job.done, job.total, job.refused), (1, 4, 4, 3));
    assert_eq!(serde_json::from_str::<Account>(answer.text().trim()).unwrap(), *one);

    let path = format!("{}/refused?limit=2", paths::job(app.sdkappid, &job.id));
    let first: Page<RefusedItem> = operator.get(&path).await.json();
    let next = first.next.unwrap();
    let second: Page<RefusedItem> = operator.get(&format!("{path}&cursor={next}")).await.json();
    let told: Vec<_> = first.items.iter().chain(&second.items).map(|item| item.user_id.as_str()).collect();
    assert_eq!((told, second.next), (vec!["ghost1", "ghost2", "ghost3"], None));
    assert_eq!(operator.get(&format!("{path}&cursor=x")).await.refusal(), (400, "invalid_cursor".to_owned()));
}

async fn an_export_that_was_left_behind_begins_anew(server: Server) {
    let (operator, app, all) = filled(&server).await;
    let asked = operator.post(&paths::exports(app.sdkappid), &json!({"format": "ndjson"})).await;
    // A worker claims the job, gets somewhere and dies.
    let (store, now) = (&server.state.store, server.state.clock.now());
    let lost = store.claim_job(now, now.plus_millis(1000)).await.unwrap().unwrap();
    let progress = rollcall_store::jobs::Progress { done: 700, total: 2301, ..Default::default() };
    store.job_progress(&lost.id, lost.lease, &progress, now.plus_millis(1000)).await.unwrap();
    jobs::drain(&server.state).await.unwrap();
    assert_eq!(operator.get(asked.header("location")).await.json::<Job>().state, JobState::Running);

    server.clock.advance(1001);
    jobs::drain(&server.state).await.unwrap();
    let job: Job = operator.get(asked.header("location")).await.json();
    assert_eq!((job.state, job.done), (JobState::Done, COUNT + 1));
    let file = operator.get(&job.result.unwrap().file.unwrap().url).await;
    assert_eq!(file.text().lines().count(), all.len());
}

async fn an_export_that_cannot_be_written_fails_and_leaves_nothing(server: Server) {
    let (operator, app, _) = filled(&server).await;
    let asked = operator.post(&paths::exports(app.sdkappid), &json!({"format": "csv"})).await;
    let id = asked.json::<Job>().id;
    // Something stands where the file should go.
    let location = jobs::files::location(app.sdkappid, &id);
    let blocked = object_store::path::Path::from(format!("{location}/block"));
    object_store::ObjectStoreExt::put(&server.state.files, &blocked, "x".into()).await.unwrap();
    jobs::drain(&server.state).await.unwrap();
    let job: Job = operator.get(&paths::job(app.sdkappid, &id)).await.json();
    let error = job.error.unwrap();
    assert_eq!((job.state, job.result, error.code.as_str()), (JobState::Failed, None, "internal"));
    assert!(error.detail.starts_with("The file could not be written"), "no fault of ours: {}", error.detail);
    assert_eq!(operator.get(&paths::export_file(app.sdkappid, &id)).await.refusal().0, 404);
}
