//! `rollcall export`: a whole file or none, written beside a running server or without one.

use crate::support::{Server, on_both_engines, process::rollcall};
use rollcall_shared::{
    account::{Account, NewAccount},
    app::App,
    export::{Compression, Consistency, ExportManifest, Header},
    paths,
};
use rollcall_store::{Actor, Change};
use serde_json::json;
use std::{fs, path::Path, process::Output};

on_both_engines!(
    a_file_is_written_with_its_manifest,
    standard_output_takes_the_file,
    a_refusal_leaves_the_old_file,
);

async fn filled(server: &Server) -> App {
    let operator = server.operator().await;
    let app = server.create_app(&operator, "Aurora Live").await;
    let now = server.state.clock.now();
    let account = |n: usize| {
        let nickname = if n.is_multiple_of(2) { "=even" } else { "odd" }.to_owned();
        NewAccount { nickname, ..NewAccount::new(format!("u{n:04}")) }.into_account(now, Default::default())
    };
    let change = Change { actor: Actor::System, now };
    let all = (0..1500).map(account).collect();
    server.state.store.load_accounts(&change, app.sdkappid, all).await.unwrap();
    app
}

/// Runs the command.
fn export(server: &Server, folder: &Path, app: &App, arguments: &[&str]) -> Output {
    let nowhere = "127.0.0.1:0".parse().unwrap();
    let mut command = rollcall(folder, server.database_url(), nowhere);
    command.args(["--log-level", "error", "export", "--app", &app.sdkappid.to_string()]).args(arguments);
    command.output().unwrap()
}

fn files(folder: &Path) -> Vec<String> {
    let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
    let mut names: Vec<String> = fs::read_dir(folder).unwrap().map(name).collect();
    names.sort();
    names
}

async fn a_file_is_written_with_its_manifest(server: Server) {
    let app = filled(&server).await;
    let folder = tempfile::tempdir().unwrap();
    let (file, manifest) = (folder.path().join("users.csv.zst"), folder.path().join("manifest.json"));
    let arguments = [
        "--format",
        "csv",
        "--output",
        file.to_str().unwrap(),
        "--manifest",
        manifest.to_str().unwrap(),
        "--columns",
        "nickname,user_id",
        "--q",
        "even",
        "--compress",
        "zstd",
        "--exact",
        "--header",
        "zh",
        "--time-zone",
        "Asia/Shanghai",
    ];
    let output = export(&server, folder.path(), &app, &arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(files(folder.path()), ["manifest.json", "users.csv.zst"]);
    let text = String::from_utf8(zstd::decode_all(&fs::read(&file).unwrap()[..]).unwrap()).unwrap();
    assert!(text.starts_with("\u{feff}昵称,用户名\r\n=even,u0000\r\n"), "{}", &text[..60]);
    let manifest: ExportManifest = serde_json::from_slice(&fs::read(&manifest).unwrap()).unwrap();
    assert_eq!((manifest.rows, manifest.name.as_str()), (750, "users.csv.zst"));
    assert_eq!(manifest.bytes, fs::metadata(&file).unwrap().len());
    assert_eq!((manifest.content.bytes, manifest.compression), (text.len() as u64, Compression::Zstd));
    assert_eq!((manifest.header, manifest.time_zone.as_str()), (Header::Zh, "Asia/Shanghai"));
    assert_eq!(manifest.consistency, Consistency::Snapshot);
}

async fn standard_output_takes_the_file(server: Server) {
    let app = filled(&server).await;
    let folder = tempfile::tempdir().unwrap();
    let output = export(&server, folder.path(), &app, &["--format", "ndjson", "--output", "-"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let accounts: Vec<Account> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let operator = server.operator().await;
    let request = json!({"format": "ndjson"});
    assert_eq!(text, operator.post(&paths::export_streams(app.sdkappid), &request).await.text());
    let manifest: ExportManifest = serde_json::from_slice(&output.stderr).unwrap();
    assert_eq!((manifest.rows, accounts.len()), (1501, 1501));
}

async fn a_refusal_leaves_the_old_file(server: Server) {
    let app = filled(&server).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("users.csv");
    fs::write(&file, "old").unwrap();
    let output = ["--output", file.to_str().unwrap()];
    let wrong: [(&[&str], &str); 5] = [
        (&["--format", "xlsx", "--compress", "gzip"], "compression: A workbook is packed already."),
        (&["--format", "csv", "--time-zone", "Mars/Olympus"], "--time-zone: Name a time zone"),
        (&["--format", "csv", "--columns", "level,level"], "columns[1]: Each column"),
        (&["--format", "csv", "--columns", "custom.Hobby"], "columns[0]: "),
        (&["--format", "pdf"], "invalid value"),
    ];
    for (arguments, said) in wrong {
        let ended = export(&server, folder.path(), &app, &[&output[..], arguments].concat());
        let told = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert!(!ended.status.success() && told.contains(said), "{told}");
    }
    let nobody = App { sdkappid: rollcall_shared::app::SdkAppId(1), ..app };
    let ended = export(&server, folder.path(), &nobody, &[&output[..], &["--format", "csv"]].concat());
    assert!(String::from_utf8_lossy(&ended.stderr).contains("there is no application 1"));
    assert_eq!(
        (fs::read_to_string(&file).unwrap().as_str(), files(folder.path())),
        ("old", vec!["users.csv".to_owned()])
    );
}
