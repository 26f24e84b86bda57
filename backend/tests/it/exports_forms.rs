//! What can be chosen of an export: compression, exact cells, languages of the header, time zones; and what its manifest says.

use crate::support::{Answer, Client, Server, on_both_engines};
use rollcall_backend::jobs;
use rollcall_shared::{
    account::{Account, NewAccount},
    app::{App, TokenAccess},
    export::{Cells, Compression, Consistency, ExportManifest, Header},
    job::{Column, Job, JobState},
    paths,
};
use rollcall_store::{Actor, Change};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::io::Read as _;

on_both_engines!(
    packed_files_hold_what_the_plain_one_does,
    cells_are_exact_on_request,
    a_header_speaks_the_chosen_language,
    times_are_written_in_the_chosen_zone,
    a_wish_that_makes_no_sense_is_refused,
    a_manifest_goes_with_its_file,
    a_workbook_says_what_it_is,
);

/// An application with accounts that spreadsheets would run.
async fn filled(server: &Server) -> (Client, App) {
    let operator = server.operator().await;
    let app = server.create_app(&operator, "Aurora Live").await;
    let account = |n: usize| {
        let nickname = if n.is_multiple_of(2) { "=1+1" } else { "'=1" }.to_owned();
        let new = NewAccount { nickname, ..NewAccount::new(format!("user-{n:04}")) };
        new.into_account(server.state.clock.now(), Default::default())
    };
    let change = Change { actor: Actor::System, now: server.state.clock.now() };
    let all = (0..1500).map(account).collect();
    server.state.store.load_accounts(&change, app.sdkappid, all).await.unwrap();
    (operator, app)
}

/// Exports and fetches the file with its manifest.
async fn export(
    server: &Server,
    operator: &Client,
    app: &App,
    request: Value,
) -> (ExportManifest, Answer, String) {
    let asked = operator.post(&paths::exports(app.sdkappid), &request).await;
    assert_eq!(asked.status, 202, "{}", asked.text());
    let id = asked.json::<Job>().id;
    jobs::drain(&server.state).await.unwrap();
    let job: Job = operator.get(&paths::job(app.sdkappid, &id)).await.json();
    assert_eq!((job.state, &job.error), (JobState::Done, &None));
    let file = job.result.unwrap().file.unwrap();
    let manifest: ExportManifest = operator.get(&paths::export_manifest(app.sdkappid, &id)).await.json();
    let answer = operator.get(&file.url).await;
    assert_eq!((&manifest.name, manifest.bytes, manifest.rows), (&file.name, file.bytes, file.rows));
    assert_eq!((&manifest.sha256, hash(&answer.body)), (&file.sha256, file.sha256.clone()));
    (manifest, answer, id)
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn packed_files_hold_what_the_plain_one_does(server: Server) {
    let (operator, app) = filled(&server).await;
    for format in ["csv", "ndjson"] {
        let (plain, plain_file, _) = export(&server, &operator, &app, json!({"format": format})).await;
        assert_eq!((&plain.content.sha256, plain.content.bytes), (&plain.sha256, plain.bytes));
        for (compression, end, media) in
            [("gzip", "gz", "application/gzip"), ("zstd", "zst", "application/zstd")]
        {
            let request = json!({"format": format, "compression": compression});
            let (manifest, file, id) = export(&server, &operator, &app, request).await;
            assert_eq!(manifest.name, format!("aurora-live-users-2026-11-22.{format}.{end}"));
            assert_eq!(file.header("content-type"), media);
            let mut unpacked = Vec::new();
            match manifest.compression {
                Compression::Gzip => {
                    flate2::read::GzDecoder::new(&file.body[..]).read_to_end(&mut unpacked).unwrap();
                }
                _ => unpacked = zstd::decode_all(&file.body[..]).unwrap(),
            }
            assert!(file.body.len() < unpacked.len() / 2);
            assert!(unpacked == plain_file.body, "{format} {compression}");
            assert_eq!(manifest.content, plain.content);
            // The client's wish to have answers packed does not touch bytes that are fetched in ranges.
            let url = paths::export_file(app.sdkappid, &id);
            let ranged = operator
                .with("accept-encoding", "gzip, br, zstd")
                .with("range", "bytes=10-19")
                .get(&url)
                .await;
            assert_eq!((ranged.status.as_u16(), &ranged.body[..]), (206, &file.body[10..20]));
            assert_eq!(ranged.header("etag"), format!("\"{}\"", manifest.sha256));
        }
    }
}

async fn cells_are_exact_on_request(server: Server) {
    let (operator, app) = filled(&server).await;
    let columns = json!(["nickname"]);
    let (safe, file, _) =
        export(&server, &operator, &app, json!({"format": "csv", "columns": columns})).await;
    assert_eq!(safe.cells, Cells::Safe);
    assert!(file.text().contains("\r\n'=1+1\r\n''=1\r\n"), "{}", &file.text()[..200]);
    let request = json!({"format": "csv", "columns": columns, "cells": "exact"});
    let (exact, file, _) = export(&server, &operator, &app, request).await;
    assert_eq!(exact.cells, Cells::Exact);
    assert!(file.text().contains("\r\n=1+1\r\n'=1\r\n"), "{}", &file.text()[..200]);
    // NDJSON has no marks, whatever is asked.
    let (lines, file, _) =
        export(&server, &operator, &app, json!({"format": "ndjson", "cells": "safe"})).await;
    assert_eq!(lines.cells, Cells::Exact);
    assert!(!file.text().contains("''="));
}

async fn a_header_speaks_the_chosen_language(server: Server) {
    let (operator, app) = filled(&server).await;
    for header in Header::ALL {
        let request = json!({"format": "csv", "header": header});
        let (manifest, file, _) = export(&server, &operator, &app, request).await;
        let labels: Vec<_> = Column::ALL.iter().map(|column| header.label((*column).into())).collect();
        let text = file.text().strip_prefix('\u{feff}').unwrap();
        assert_eq!(text.lines().next().unwrap(), labels.join(","));
        assert_eq!(manifest.header, *header);
    }
}

async fn times_are_written_in_the_chosen_zone(server: Server) {
    let (operator, app) = filled(&server).await;
    let columns = json!(["user_id", "created_at"]);
    for (format, expected) in [
        ("csv", "user-0000,2026-11-23T02:00:00.000+08:00\r\n"),
        ("ndjson", "{\"user_id\":\"user-0000\",\"created_at\":\"2026-11-23T02:00:00.000+08:00\"}\n"),
    ] {
        let request = json!({"format": format, "columns": columns, "time_zone": "asia/shanghai"});
        let (manifest, file, _) = export(&server, &operator, &app, request).await;
        assert!(file.text().contains(expected), "{}", &file.text()[..200]);
        assert_eq!(manifest.time_zone, "Asia/Shanghai");
    }
    let (manifest, file, _) = export(&server, &operator, &app, json!({"format": "ndjson"})).await;
    let first: Account = serde_json::from_str(file.text().lines().next().unwrap()).unwrap();
    assert_eq!(first, operator.get(&paths::account(app.sdkappid, &first.user_id)).await.json());
    assert_eq!((manifest.time_zone.as_str(), manifest.columns), ("UTC", None));
}

async fn a_wish_that_makes_no_sense_is_refused(server: Server) {
    let operator = server.operator().await;
    let app = server.create_app(&operator, "Aurora Live").await;
    let cases = [
        (json!({"format": "xlsx", "compression": "gzip"}), "compression", "invalid"),
        (json!({"format": "csv", "compression": "lz4"}), "compression", "invalid"),
        (json!({"format": "csv", "cells": "raw"}), "cells", "invalid"),
        (json!({"format": "csv", "header": "fr"}), "header", "invalid"),
        (json!({"format": "ndjson", "header": "en"}), "header", "invalid"),
        (json!({"format": "ndjson", "time_zone": "Asia/Shanghai"}), "time_zone", "invalid"),
        (json!({"format": "csv", "time_zone": "Mars/Olympus"}), "time_zone", "unknown_value"),
        (json!({"format": "csv", "time_zone": ""}), "time_zone", "unknown_value"),
        (json!({"format": "csv", "columns": ["custom.Hobby"]}), "columns[0]", "unknown_field"),
    ];
    for (request, field, code) in cases {
        for path in [paths::exports(app.sdkappid), paths::export_streams(app.sdkappid)] {
            let problem = operator.post(&path, &request).await.problem();
            let told = (problem.errors[0].field.as_str(), problem.errors[0].code.as_str());
            assert_eq!((problem.status, told), (422, (field, code)), "{request}");
        }
    }
    assert!(operator.get(&paths::jobs(app.sdkappid)).await.json::<Vec<Job>>().is_empty());
}

async fn a_manifest_goes_with_its_file(server: Server) {
    let (operator, app) = filled(&server).await;
    let request = json!({"format": "csv", "columns": ["level", "user_id"], "compression": "zstd"});
    let (manifest, _, id) = export(&server, &operator, &app, request).await;
    let columns: Vec<String> = manifest.columns.unwrap().iter().map(ToString::to_string).collect();
    assert_eq!((columns, manifest.rows), (vec!["level".to_owned(), "user_id".to_owned()], 1501));
    assert_eq!(manifest.consistency, Consistency::Snapshot);
    assert_eq!(manifest.snapshot_at, server.state.clock.now());

    let path = paths::export_manifest(app.sdkappid, &id);
    assert_eq!(server.stranger().get(&path).await.refusal().0, 401);
    let reader = server.program(&operator, &app, TokenAccess::Read).await;
    assert_eq!(reader.get(&path).await.status, 200);
    let other = server.create_app(&operator, "Boreal Chat").await;
    assert_eq!(operator.get(&paths::export_manifest(other.sdkappid, &id)).await.refusal().0, 404);

    server.clock.advance(jobs::files::KEEP_MILLIS + 1);
    let operator = server.operator().await;
    assert_eq!(operator.get(&path).await.refusal().0, 404);
    jobs::files::sweep(&server.state).await.unwrap();
    assert_eq!(jobs::files::manifest(&server.state, app.sdkappid, &id).await.unwrap(), None);
}

async fn a_workbook_says_what_it_is(server: Server) {
    let (operator, app) = filled(&server).await;
    let request = json!({"format": "xlsx", "header": "zh", "time_zone": "Asia/Shanghai"});
    let (manifest, _, _) = export(&server, &operator, &app, request).await;
    assert_eq!((manifest.cells, manifest.compression), (Cells::Exact, Compression::None));
    assert_eq!((manifest.header, manifest.columns.unwrap().len()), (Header::Zh, Column::ALL.len()));
}
