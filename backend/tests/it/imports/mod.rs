//! Imports: a file is brought, reviewed, applied and undone, as a program does it.

mod applied;
mod files;
mod hostile;
mod interrupted;
mod reviews;
mod workbooks;

use crate::support::{Answer, Client, Server};
use axum::{
    body::Body,
    http::{Method, header},
};
use rollcall_backend::jobs;
use rollcall_shared::{
    account::Account,
    app::App,
    import::{ApplyRequest, ChangeKind, Import, ImportState, PART_BYTES, RefusedRow, ReviewPage, RowChange},
    job::{Job, JobState},
    list::Page,
    paths,
};
use serde_json::{Value, json};

/// An application with an operator.
async fn begin(server: &Server) -> (Client, App) {
    let operator = server.operator().await;
    let app = server.create_app(&operator, "Aurora Live").await;
    (operator, app)
}

/// Announces a file.
async fn announce(client: &Client, app: &App, name: &str, bytes: usize) -> Import {
    let new = json!({"file_name": name, "bytes": bytes});
    let answer = client.post(&paths::imports(app.sdkappid), &new).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

/// Sends a part.
async fn send(client: &Client, app: &App, id: &str, part: u64, bytes: &[u8]) -> Answer {
    let path = paths::import_part(app.sdkappid, id, part);
    let client = client.with(header::CONTENT_TYPE, "application/octet-stream");
    client.send(Method::PUT, &path, Body::from(bytes.to_vec())).await
}

/// Brings a whole file.
async fn bring(client: &Client, app: &App, name: &str, bytes: &[u8]) -> Import {
    let mut import = announce(client, app, name, bytes.len()).await;
    for (part, bytes) in (0..).zip(bytes.chunks(PART_BYTES as usize)) {
        let answer = send(client, app, &import.id, part, bytes).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        import = answer.json();
    }
    assert_eq!(import.state, ImportState::Uploaded);
    import
}

async fn show(client: &Client, app: &App, id: &str) -> Import {
    client.get(&paths::import(app.sdkappid, id)).await.json()
}

/// Begins a task and does it; the import afterwards.
async fn task(server: &Server, client: &Client, app: &App, id: &str, path: &str, body: &Value) -> Import {
    let answer = client.post(path, body).await;
    assert_eq!(answer.status, 202, "{}", answer.text());
    jobs::drain(&server.state).await.unwrap();
    let job: Job = client.get(answer.header("location")).await.json();
    assert_eq!((job.state, &job.error), (JobState::Done, &None));
    show(client, app, id).await
}

/// Reviews a file with the mapping that was guessed.
async fn review(server: &Server, client: &Client, app: &App, import: &Import, settings: Value) -> Import {
    let mut body = json!({"mapping": import.preview.as_ref().unwrap().mapping});
    body.as_object_mut().unwrap().extend(settings.as_object().unwrap().clone());
    task(server, client, app, &import.id, &paths::import_review(app.sdkappid, &import.id), &body).await
}

async fn apply(server: &Server, client: &Client, app: &App, import: &Import) -> Import {
    let digest = import.review.as_ref().unwrap().digest.clone();
    let body = serde_json::to_value(ApplyRequest { digest }).unwrap();
    task(server, client, app, &import.id, &paths::import_apply(app.sdkappid, &import.id), &body).await
}

async fn undo(server: &Server, client: &Client, app: &App, import: &Import) -> Import {
    let path = paths::import_undo(app.sdkappid, &import.id);
    task(server, client, app, &import.id, &path, &Value::Null).await
}

/// Brings a file and reviews it with the mapping that was guessed.
async fn reviewed(server: &Server, client: &Client, app: &App, text: &str) -> Import {
    let import = bring(client, app, "users.csv", text.as_bytes()).await;
    review(server, client, app, &import, json!({})).await
}

/// Brings a file, reviews it, applies it and takes it back, wherever the server's files lie. It creates as many accounts and refuses as
/// many rows as `expected` says.
pub async fn there_and_back(server: &Server, client: &Client, app: &App, text: &str, expected: (u64, u64)) {
    let import = reviewed(server, client, app, text).await;
    let (create, _, _, refused) = counts(&import);
    assert_eq!((create, refused), expected);
    let path = paths::import_changes(app.sdkappid, &import.id, ChangeKind::Create, create - 1, 50);
    let page: ReviewPage<RowChange> = client.get(&path).await.json();
    assert_eq!(page.items.len(), 1, "a page by its position");
    let applied = apply(server, client, app, &import).await;
    assert_eq!(applied.state, ImportState::Applied);
    let undone = undo(server, client, app, &import).await;
    assert_eq!(undone.state, ImportState::Undone);
}

/// How many would be created, changed, are unchanged and refused.
fn counts(import: &Import) -> (u64, u64, u64, u64) {
    let review = import.review.as_ref().unwrap();
    (review.create, review.update, review.unchanged, review.refused)
}

/// The refused rows as `row column=value code`.
async fn refused(client: &Client, app: &App, import: &Import) -> Vec<String> {
    let page: ReviewPage<RefusedRow> =
        client.get(&paths::import_refused(app.sdkappid, &import.id, 0, 200)).await.json();
    let text = |row: &RefusedRow| {
        let errors = row.errors.iter().map(|e| format!("{}={} {}", e.column, e.value, e.error.code));
        format!("{} {}", row.row, errors.collect::<Vec<_>>().join(", "))
    };
    page.items.iter().map(text).collect()
}

async fn changes(client: &Client, app: &App, import: &Import, kind: ChangeKind) -> Vec<String> {
    let page: ReviewPage<RowChange> =
        client.get(&paths::import_changes(app.sdkappid, &import.id, kind, 0, 200)).await.json();
    let text = |change: &RowChange| {
        let fields = change.fields.iter().map(|f| format!("{}: {} > {}", f.field, f.before, f.after));
        format!("{} {} {}", change.row, change.user_id, fields.collect::<Vec<_>>().join(", "))
    };
    page.items.iter().map(text).collect()
}

async fn account(client: &Client, app: &App, user_id: &str) -> Option<Account> {
    let answer = client.get(&paths::account(app.sdkappid, user_id)).await;
    (answer.status == 200).then(|| answer.json())
}

/// Every account but `administrator`, as `user_id nickname`.
async fn everyone(client: &Client, app: &App) -> Vec<String> {
    let page: Page<Account> =
        client.get(&format!("{}?sort=user_id&limit=200", paths::accounts(app.sdkappid))).await.json();
    let others = page.items.into_iter().filter(|account| account.user_id != "administrator");
    others.map(|account| format!("{} {}", account.user_id, account.nickname)).collect()
}

/// The total that the application counts, and the true one.
async fn totals(client: &Client, app: &App) -> (i64, u64) {
    let counted: App = client.get(&paths::app(app.sdkappid)).await.json();
    let page: Page<Account> =
        client.get(&format!("{}?limit=1&count=exact", paths::accounts(app.sdkappid))).await.json();
    (counted.accounts, page.count.unwrap().value)
}
