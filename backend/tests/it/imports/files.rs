//! Files on their way in: announced, uploaded in parts, looked at, discarded.

use super::{announce, begin, bring, send, show};
use crate::support::{Server, on_both_engines};
use object_store::ObjectStoreExt as _;
use rollcall_shared::{
    app::TokenAccess,
    import::{Import, ImportState, PART_BYTES},
    job::Column,
    paths,
};
use serde_json::json;
use tabular::{Cell, Table as _, Xlsx};

on_both_engines!(
    what_is_announced_wrongly_is_refused,
    parts_come_in_order_and_may_come_again,
    an_upload_that_broke_off_goes_on,
    a_file_is_told_by_its_content,
    a_file_can_be_read_otherwise,
    what_cannot_be_read_is_said,
    a_discarded_import_leaves_nothing,
    imports_end_after_seven_days,
    there_are_fifty_at_most,
    the_template_has_every_column,
);

async fn what_is_announced_wrongly_is_refused(server: Server) {
    let (operator, app) = begin(&server).await;
    for (new, field, code) in [
        (json!({"file_name": " ", "bytes": 1}), "file_name", "required"),
        (json!({"file_name": "x".repeat(256), "bytes": 1}), "file_name", "too_long"),
        (json!({"file_name": "a.csv", "bytes": 0}), "bytes", "out_of_range"),
        (json!({"file_name": "a.csv", "bytes": 2_147_483_649_u64}), "bytes", "out_of_range"),
    ] {
        let problem = operator.post(&paths::imports(app.sdkappid), &new).await.problem();
        let error = problem.field(field).unwrap_or_else(|| panic!("{problem:?}"));
        assert_eq!((problem.status, error.code.as_str()), (422, code));
    }
    let program = server.program(&operator, &app, TokenAccess::Read).await;
    let new = json!({"file_name": "a.csv", "bytes": 1});
    assert_eq!(program.post(&paths::imports(app.sdkappid), &new).await.status, 403);
    let path = paths::app(app.sdkappid);
    let etag = operator.get(&path).await.header("etag").to_owned();
    operator.if_match(&etag).patch(&path, &json!({"status": "disabled"})).await;
    assert_eq!(
        operator.post(&paths::imports(app.sdkappid), &new).await.refusal(),
        (403, "app_disabled".to_owned())
    );
}

async fn parts_come_in_order_and_may_come_again(server: Server) {
    let (operator, app) = begin(&server).await;
    let bytes = ["user_id\n", &"x".repeat(PART_BYTES as usize)].concat();
    let (first, last) = bytes.as_bytes().split_at(PART_BYTES as usize);
    let import = announce(&operator, &app, "users.csv", bytes.len()).await;
    let id = &import.id;
    assert_eq!(send(&operator, &app, id, 1, last).await.refusal(), (409, "not_now".to_owned()));
    assert_eq!(send(&operator, &app, id, 0, last).await.refusal(), (400, "malformed".to_owned()));
    assert_eq!(send(&operator, &app, id, 2, last).await.status, 404);
    assert_eq!(send(&operator, &app, "unknown", 0, first).await.status, 404);
    let wrong_type = operator.put(&paths::import_part(app.sdkappid, id, 0), &json!({})).await;
    assert_eq!(wrong_type.refusal(), (415, "unsupported_media_type".to_owned()));
    let too_much = send(&operator, &app, id, 0, &vec![b'x'; PART_BYTES as usize + 1]).await;
    assert_eq!(too_much.refusal(), (413, "body_too_large".to_owned()));
    for _ in 0..2 {
        let import: Import = send(&operator, &app, id, 0, first).await.json();
        assert_eq!((import.state, import.received), (ImportState::Uploading, PART_BYTES));
    }
    for _ in 0..2 {
        let import: Import = send(&operator, &app, id, 1, last).await.json();
        assert_eq!((import.state, import.received), (ImportState::Uploaded, bytes.len() as u64));
        // One cell of 8 MiB is not borne, and the file is what it is.
        assert!(import.preview.is_none());
        assert!(import.problem.unwrap().detail.contains("line 2"));
    }
}

async fn an_upload_that_broke_off_goes_on(server: Server) {
    let (operator, app) = begin(&server).await;
    let rows: String = (0..900_000).map(|number| format!("user{number:07}\n")).collect();
    let bytes = format!("user_id\n{rows}");
    let parts: Vec<&[u8]> = bytes.as_bytes().chunks(PART_BYTES as usize).collect();
    let import = announce(&operator, &app, "users.csv", bytes.len()).await;
    send(&operator, &app, &import.id, 0, parts[0]).await;
    // The server knows where to go on, whoever asks.
    let other = server.operator().await;
    let known = show(&other, &app, &import.id).await;
    assert_eq!((known.state, known.received / known.part_bytes), (ImportState::Uploading, 1));
    let import: Import = send(&other, &app, &import.id, 1, parts[1]).await.json();
    assert_eq!((import.state, parts.len()), (ImportState::Uploaded, 2));
    assert_eq!(import.preview.unwrap().sample[0], ["user0000000"]);
}

async fn a_file_is_told_by_its_content(server: Server) {
    let (operator, app) = begin(&server).await;
    let mut workbook = Vec::new();
    let scratch = tempfile::tempdir().unwrap();
    let mut table =
        Box::new(Xlsx::new(&mut workbook, &["User ID", "Nick"], "Users", scratch.path()).unwrap());
    for cell in ["ming", "明"] {
        table.cell(Cell::Text(cell)).unwrap();
    }
    table.end_row().unwrap();
    table.finish().unwrap();
    let (gb18030, ..) = encoding_rs::GB18030.encode("账号,昵称\nming,赵明远\nli,李小龙\n");
    let utf16: Vec<u8> =
        "\u{feff}user_id\tnickname\nming\t明\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let files: [(&str, Vec<u8>, &str, Option<&str>); 5] = [
        ("a.csv", b"user_id;nickname\nming;\xe6\x98\x8e\n".to_vec(), "CSV", Some(";")),
        ("b.txt", utf16, "CSV", Some("\t")),
        ("c.csv", gb18030.into_owned(), "CSV", Some(",")),
        ("d.xlsx", workbook, "XLSX", None),
        ("e.ndjson", r#"{"user_id":"ming","nickname":"明","custom":{"Hobby":"x"}}"#.into(), "NDJSON", None),
    ];
    for (name, bytes, format, delimiter) in files {
        let import = bring(&operator, &app, name, &bytes).await;
        let preview = import.preview.unwrap_or_else(|| panic!("{name}: {:?}", import.problem));
        assert_eq!((preview.format.as_str(), preview.delimiter.as_deref()), (format, delimiter), "{name}");
        assert_eq!(preview.sample[0][0], "ming", "{name}");
        if name != "c.csv" {
            let named: Vec<String> = preview.mapping.iter().flatten().map(ToString::to_string).collect();
            assert_eq!(named[..2], ["user_id", "nickname"], "{name}");
        }
        assert_eq!(preview.notice, "", "{name}");
    }
    let import = bring(&operator, &app, "users.xlsx", b"user_id\nming\n").await;
    let notice = import.preview.unwrap().notice;
    assert!(notice.contains("“.xlsx”") && notice.contains("CSV"), "{notice}");
}

async fn a_file_can_be_read_otherwise(server: Server) {
    let (operator, app) = begin(&server).await;
    let import = bring(&operator, &app, "users.csv", b"ming|1,2\nli|3,4").await;
    let path = paths::import_reading(app.sdkappid, &import.id);
    let read: Import = operator.post(&path, &json!({"delimiter": "|", "no_header": true})).await.json();
    let preview = read.preview.unwrap();
    assert_eq!(preview.columns, ["A", "B"]);
    assert_eq!(preview.sample, [["ming", "1,2"], ["li", "3,4"]]);
    let problem = operator.post(&path, &json!({"delimiter": "x", "encoding": "latin1"})).await.problem();
    assert!(problem.field("delimiter").is_some() && problem.field("encoding").is_some());
    let read: Import = operator.post(&path, &json!({"encoding": "utf-16le"})).await.json();
    assert!(read.preview.is_none() && read.problem.is_some());
    let review = json!({"mapping": ["user_id"]});
    let refused = operator.post(&paths::import_review(app.sdkappid, &import.id), &review).await;
    assert_eq!(refused.refusal(), (409, "not_now".to_owned()));
}

async fn what_cannot_be_read_is_said(server: Server) {
    let (operator, app) = begin(&server).await;
    for (bytes, word) in [
        (&b"%PDF-1.7 ..."[..], "PDF"),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 old", ".xls"),
        (b"PK\x03\x04 torn", "workbook"),
        (b"\x1F\x8B\x08 packed", "cannot be unpacked"),
        (b"user_id,user_id\na,b\n", "both named"),
        (b"user_id\n\"never closed\n", "quote"),
        (b"[{\"user_id\":\"a\"}]", "JSON array"),
        (b"user_id\n\xff\xfe\xfd\x00\n", ""),
        (b"\n\n", "empty"),
    ] {
        let import = bring(&operator, &app, "users.csv", bytes).await;
        let problem = import.problem.unwrap_or_else(|| panic!("{:?}", import.preview));
        assert!(import.preview.is_none() && problem.detail.contains(word), "{}", problem.detail);
        assert_eq!(problem.status, 422);
    }
}

async fn a_discarded_import_leaves_nothing(server: Server) {
    let (operator, app) = begin(&server).await;
    let import = bring(&operator, &app, "users.csv", b"user_id\nming\n").await;
    let part = rollcall_backend::imports::part(app.sdkappid, &import.id, 0);
    assert!(server.state.files.head(&part).await.is_ok());
    let path = paths::import(app.sdkappid, &import.id);
    assert_eq!(operator.delete(&path).await.status, 204);
    assert_eq!(operator.get(&path).await.status, 404);
    assert_eq!(operator.delete(&path).await.status, 404);
    assert!(server.state.files.head(&part).await.is_err());
    let left: Vec<Import> = operator.get(&paths::imports(app.sdkappid)).await.json();
    assert!(left.is_empty());
}

async fn imports_end_after_seven_days(server: Server) {
    const DAY: i64 = 24 * 60 * 60 * 1000;
    let (operator, app) = begin(&server).await;
    let import = bring(&operator, &app, "users.csv", b"user_id\nming\n").await;
    let part = rollcall_backend::imports::part(app.sdkappid, &import.id, 0);
    server.clock.advance(7 * DAY);
    rollcall_backend::jobs::files::sweep(&server.state).await.unwrap();
    let operator = server.operator().await;
    assert_eq!(show(&operator, &app, &import.id).await.state, ImportState::Uploaded);
    server.clock.advance(1);
    rollcall_backend::jobs::files::sweep(&server.state).await.unwrap();
    assert_eq!(operator.get(&paths::import(app.sdkappid, &import.id)).await.status, 404);
    assert!(server.state.files.head(&part).await.is_err());
}

async fn there_are_fifty_at_most(server: Server) {
    let (operator, app) = begin(&server).await;
    for number in 0..50 {
        announce(&operator, &app, &format!("{number}.csv"), 10).await;
    }
    let new = json!({"file_name": "a.csv", "bytes": 1});
    assert_eq!(
        operator.post(&paths::imports(app.sdkappid), &new).await.refusal(),
        (409, "too_many".to_owned())
    );
    let listed: Vec<Import> = operator.get(&paths::imports(app.sdkappid)).await.json();
    assert_eq!(listed.len(), 50);
}

async fn the_template_has_every_column(server: Server) {
    let (operator, app) = begin(&server).await;
    let answer = operator.get(&paths::import_template(app.sdkappid)).await;
    assert!(answer.header("content-disposition").contains("template"));
    let own: Vec<&str> =
        Column::ALL.iter().map(|column| column.as_str()).filter(|c| !c.ends_with("_at")).collect();
    assert_eq!(answer.text().trim_start_matches('\u{feff}').trim_end(), own.join(","));
}
