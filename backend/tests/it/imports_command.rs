//! `rollcall import`: a file is reviewed and applied on the server's machine, beside a running server or without one.

use crate::support::{
    Client, Server, on_both_engines,
    process::{rollcall, start},
};
use axum::http::StatusCode;
use rollcall_shared::{
    account::Account,
    app::App,
    import::{Import, ImportState},
    paths,
};
use serde_json::json;
use std::{fs, path::Path, process::Output};

on_both_engines!(
    a_file_is_reviewed_and_nothing_is_done,
    what_was_reviewed_is_applied,
    rows_that_are_refused_are_written,
    columns_are_named_and_settings_kept_to,
    a_refusal_is_a_sentence_and_leaves_nothing,
    a_running_server_does_not_mind,
);

const FILE: &str = "user_id,nickname,level\nming,赵明远,3\nli,李,\nzhou,周,7\n明,bad,1\n";

/// An application with `ming` and `li`, and a folder with the file.
async fn begin(server: &Server) -> (Client, App, tempfile::TempDir) {
    let operator = server.operator().await;
    let app = server.create_app(&operator, "Aurora Live").await;
    for (user_id, nickname) in [("ming", "明"), ("li", "李")] {
        let new = json!({"user_id": user_id, "nickname": nickname});
        assert_eq!(operator.post(&paths::accounts(app.sdkappid), &new).await.status, StatusCode::CREATED);
    }
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("users.csv"), FILE).unwrap();
    (operator, app, folder)
}

/// Runs the command on the file of this name.
fn import(server: &Server, folder: &Path, app: &App, name: &str, arguments: &[&str]) -> Output {
    let nowhere = "127.0.0.1:0".parse().unwrap();
    let mut command = rollcall(&folder.join("data"), server.database_url(), nowhere);
    let file = folder.join(name).display().to_string();
    command.args(["--log-level", "error", "import", &file, "--app", &app.sdkappid.to_string()]);
    command.args(arguments).output().unwrap()
}

/// What it said, if it did what it was asked for.
#[track_caller]
fn said(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

async fn nickname(client: &Client, app: &App, user_id: &str) -> Option<String> {
    let answer = client.get(&paths::account(app.sdkappid, user_id)).await;
    (answer.status == StatusCode::OK).then(|| answer.json::<Account>().nickname)
}

async fn imports(client: &Client, app: &App) -> Vec<Import> {
    client.get(&paths::imports(app.sdkappid)).await.json()
}

async fn a_file_is_reviewed_and_nothing_is_done(server: Server) {
    let (operator, app, folder) = begin(&server).await;
    let said = said(&import(&server, folder.path(), &app, "users.csv", &[]));
    assert!(
        said.starts_with("4 rows: 1 new, 1 changed, 1 unchanged, 1 refused.\nNothing was changed."),
        "{said}"
    );
    assert_eq!(nickname(&operator, &app, "ming").await.as_deref(), Some("明"));
    assert_eq!(nickname(&operator, &app, "zhou").await, None);
    let listed = imports(&operator, &app).await;
    assert_eq!(
        (listed.len(), listed[0].state, listed[0].created_by.as_str()),
        (1, ImportState::Reviewed, "system")
    );
    assert!(said.contains(&listed[0].id));
}

async fn what_was_reviewed_is_applied(server: Server) {
    let (operator, app, folder) = begin(&server).await;
    let told = said(&import(&server, folder.path(), &app, "users.csv", &["--apply"]));
    assert!(
        told.contains("\n2 accounts created or changed; 0 accounts changed since by someone and kept.\n"),
        "{told}"
    );
    assert_eq!(nickname(&operator, &app, "ming").await.as_deref(), Some("赵明远"));
    assert_eq!(nickname(&operator, &app, "zhou").await.as_deref(), Some("周"));
    let listed = imports(&operator, &app).await;
    assert!(told.contains(&format!("It can be undone until {}", listed[0].expires_at)), "{told}");
    assert_eq!(listed[0].state, ImportState::Applied);

    let again = said(&import(&server, folder.path(), &app, "users.csv", &["--apply"]));
    assert!(again.starts_with("4 rows: 0 new, 0 changed, 3 unchanged, 1 refused.\n0 accounts"), "{again}");
}

async fn rows_that_are_refused_are_written(server: Server) {
    let (_, app, folder) = begin(&server).await;
    let refused = folder.path().join("refused.csv");
    said(&import(&server, folder.path(), &app, "users.csv", &["--refused", refused.to_str().unwrap()]));
    let text = fs::read_to_string(&refused).unwrap();
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("\u{feff}user_id,nickname,level,reason"));
    let row = lines.next().unwrap();
    assert!(row.starts_with("明,bad,1,") && row.contains("user_id: Only printable ASCII"), "{row}");
    assert_eq!(lines.next(), None);
}

async fn columns_are_named_and_settings_kept_to(server: Server) {
    let (operator, app, folder) = begin(&server).await;
    fs::write(folder.path().join("other.csv"), "who,says,points\nming,,9\nnew,x,1\n").unwrap();
    let arguments =
        ["--map", "who=user_id", "--map", "says=nickname", "--map", "points=", "--policy", "update"];
    let cleared = [&arguments[..], &["--empty-cells", "clear", "--apply"]].concat();
    let told = said(&import(&server, folder.path(), &app, "other.csv", &cleared));
    assert!(
        told.starts_with("2 rows: 0 new, 1 changed, 0 unchanged, 1 refused.\n1 account created"),
        "{told}"
    );
    let account: Account = operator.get(&paths::account(app.sdkappid, "ming")).await.json();
    assert_eq!((account.nickname.as_str(), account.level), ("", 0));
    assert_eq!(nickname(&operator, &app, "new").await, None);
}

async fn a_refusal_is_a_sentence_and_leaves_nothing(server: Server) {
    let (operator, app, folder) = begin(&server).await;
    fs::write(folder.path().join("nobody.csv"), "who,says\nming,x\n").unwrap();
    fs::write(folder.path().join("empty.csv"), "").unwrap();
    fs::write(folder.path().join("document.csv"), "%PDF-1.7 ...").unwrap();
    let cases: [(&str, &[&str], &str); 9] = [
        ("users.csv", &["--map", "level"], "--map level: write NAME=FIELD"),
        ("users.csv", &["--map", "points=level"], "--map points=level: the file has no such column"),
        ("users.csv", &["--map", "level=points"], "--map level=points: there is no such field"),
        ("users.csv", &["--map", "level=nickname"], "mapping[2]: "),
        ("users.csv", &["--map", "level=custom.Hobby"], "mapping[2]: "),
        ("nobody.csv", &[], "mapping: "),
        ("empty.csv", &[], "a file has 1 to"),
        ("document.csv", &[], "The file is a PDF document."),
        ("missing.csv", &[], "reading "),
    ];
    for (name, arguments, sentence) in cases {
        let ended = import(&server, folder.path(), &app, name, arguments);
        let told = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(1), "{name} {arguments:?}: {told}");
        assert!(told.contains(sentence), "{name} {arguments:?}: {told}");
    }
    let nobody = App { sdkappid: rollcall_shared::app::SdkAppId(1), ..app.clone() };
    let ended = import(&server, folder.path(), &nobody, "users.csv", &[]);
    assert!(String::from_utf8_lossy(&ended.stderr).contains("there is no application 1"));
    assert!(imports(&operator, &app).await.is_empty());
    assert_eq!(nickname(&operator, &app, "ming").await.as_deref(), Some("明"));
}

async fn a_running_server_does_not_mind(server: Server) {
    let (operator, app, folder) = begin(&server).await;
    // On the same data folder and database: either of the two does the tasks.
    let data = folder.path().join("data");
    fs::create_dir(&data).unwrap();
    let _running = start(&data, server.database_url());
    let told = said(&import(&server, folder.path(), &app, "users.csv", &["--apply"]));
    assert!(told.contains("2 accounts created or changed"), "{told}");
    assert_eq!(nickname(&operator, &app, "zhou").await.as_deref(), Some("周"));
}
