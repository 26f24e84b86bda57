//! Reviews: what a file would do is told row by row and field by field, and nothing is done.

use super::{begin, bring, changes, counts, everyone, refused, review, reviewed};
use crate::support::{Client, Server, on_both_engines};
use rollcall_shared::{
    account::Account,
    app::App,
    import::{ChangeKind, Import, RefusedRow, ReviewPage},
    paths,
};
use serde_json::json;

on_both_engines!(
    a_review_tells_what_would_be_done_and_does_nothing,
    refused_rows_come_with_row_column_value_and_rule,
    policies_and_empty_cells_are_kept_to,
    the_tenth_admin_is_the_last,
    usernames_that_are_held_back_are_refused,
    a_mapping_is_checked_and_remembered,
    pages_are_found_by_position,
    refused_rows_are_a_file_that_can_be_brought_again,
    our_own_export_changes_nothing,
    late_columns_of_ndjson_are_not_lost_silently,
);

async fn create(client: &Client, app: &App, user_id: &str, nickname: &str) {
    let new = json!({"user_id": user_id, "nickname": nickname});
    assert_eq!(client.post(&paths::accounts(app.sdkappid), &new).await.status, 201);
}

async fn a_review_tells_what_would_be_done_and_does_nothing(server: Server) {
    let (operator, app) = begin(&server).await;
    create(&operator, &app, "ming", "明").await;
    create(&operator, &app, "li", "李").await;
    let file = "user_id,nickname,level,gender\nming,赵明远,3,female\nli,李,,\nzhou,周,7,\n";
    let import = reviewed(&server, &operator, &app, file).await;
    assert_eq!(counts(&import), (1, 1, 1, 0));
    assert_eq!(import.review.as_ref().unwrap().rows, 3);
    assert_eq!(
        changes(&operator, &app, &import, ChangeKind::Update).await,
        ["2 ming nickname: 明 > 赵明远, gender: unknown > female, level: 0 > 3"]
    );
    assert_eq!(
        changes(&operator, &app, &import, ChangeKind::Create).await,
        ["4 zhou nickname:  > 周, level:  > 7"]
    );
    assert_eq!(everyone(&operator, &app).await, ["li 李", "ming 明"]);
}

async fn refused_rows_come_with_row_column_value_and_rule(server: Server) {
    let (operator, app) = begin(&server).await;
    let long = "x".repeat(501);
    let file = format!(
        "Username,Nick,Gender,Level,Location,Photo\n\
         明,a,,,,\n\
         ok,{long},woman,-1,\"Shenzhen, Guangdong\",javascript:x\n\
         short,a\n\
         ok2,a,,,,\n\
         ok2,b,,,,\n\
         @TIM#x,a,,,,\n\
         ,a,,,,\n"
    );
    let import = reviewed(&server, &operator, &app, &file).await;
    assert_eq!(counts(&import), (1, 0, 0, 6));
    assert_eq!(
        refused(&operator, &app, &import).await,
        [
            "2 Username=明 invalid_character".to_owned(),
            format!(
                "3 Gender=woman unknown_value, Level=-1 out_of_range, Nick={long} too_long, \
                 Photo=javascript:x invalid_url, Location=Shenzhen, Guangdong too_long"
            ),
            "4 = malformed".to_owned(),
            "6 Username=ok2 taken".to_owned(),
            "7 Username=@TIM#x reserved".to_owned(),
            "8 Username= required".to_owned(),
        ]
    );
    assert_eq!(everyone(&operator, &app).await, [""; 0]);
}

async fn policies_and_empty_cells_are_kept_to(server: Server) {
    let (operator, app) = begin(&server).await;
    create(&operator, &app, "ming", "明").await;
    let file = b"user_id,nickname\nming,\nli,\xe6\x9d\x8e\n";
    for (settings, expected) in [
        (json!({}), (1, 0, 1, 0)),
        (json!({"empty_cells": "clear"}), (1, 1, 0, 0)),
        (json!({"policy": "create"}), (1, 0, 0, 1)),
        (json!({"policy": "update", "empty_cells": "clear"}), (0, 1, 0, 1)),
    ] {
        let import = bring(&operator, &app, "users.csv", file).await;
        let import = review(&server, &operator, &app, &import, settings.clone()).await;
        assert_eq!(counts(&import), expected, "{settings}");
    }
}

async fn the_tenth_admin_is_the_last(server: Server) {
    let (operator, app) = begin(&server).await;
    let rows: String = (0..12).map(|number| format!("a{number:02},admin\n")).collect();
    let import =
        reviewed(&server, &operator, &app, &format!("user_id,type\n{rows}administrator,general\n")).await;
    // `administrator` is one already.
    assert_eq!(counts(&import), (9, 0, 0, 4));
    let refused = refused(&operator, &app, &import).await;
    assert!(refused.contains(&"11 type=admin admin_limit".to_owned()), "{refused:?}");
    assert!(refused.contains(&"14 type=general not_writable".to_owned()), "{refused:?}");
}

async fn usernames_that_are_held_back_are_refused(server: Server) {
    let (operator, app) = begin(&server).await;
    create(&operator, &app, "ming", "明").await;
    let path = paths::app(app.sdkappid);
    let etag = operator.get(&path).await.header("etag").to_owned();
    let answer = operator.if_match(&etag).patch(&path, &json!({"user_id_reuse": "after_90_days"})).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let lifted = json!({"lifted": true, "reason": "a test"});
    assert_eq!(operator.put(&paths::deletion_restriction(app.sdkappid), &lifted).await.status, 200);
    let named = json!({"user_ids": ["ming"]});
    assert_eq!(operator.post(&paths::account_deletions(app.sdkappid), &named).await.status, 200);
    let import = reviewed(&server, &operator, &app, "user_id\nming\nli\n").await;
    assert_eq!(counts(&import), (1, 0, 0, 1));
    assert_eq!(refused(&operator, &app, &import).await, ["2 user_id=ming reuse_blocked"]);
}

async fn a_mapping_is_checked_and_remembered(server: Server) {
    let (operator, app) = begin(&server).await;
    let import = bring(&operator, &app, "users.csv", b"who,what\nming,1\n").await;
    assert_eq!(import.preview.as_ref().unwrap().mapping, [None, None]);
    let path = paths::import_review(app.sdkappid, &import.id);
    for (mapping, field, code) in [
        (json!([null, "level"]), "mapping", "required"),
        (json!(["user_id", "user_id"]), "mapping[1]", "invalid"),
        (json!(["user_id", "created_at"]), "mapping[1]", "not_writable"),
        (json!(["user_id", "custom.Hobby"]), "mapping[1]", "unknown_field"),
        (json!(["user_id"]), "mapping", "invalid"),
    ] {
        let problem = operator.post(&path, &json!({ "mapping": mapping })).await.problem();
        let error = problem.field(field).unwrap_or_else(|| panic!("{mapping}: {problem:?}"));
        assert_eq!((problem.status, error.code.as_str()), (422, code), "{mapping}");
    }
    let mapping = json!({"mapping": ["user_id", "level"]});
    assert_eq!(operator.post(&path, &mapping).await.status, 202);
    let next = bring(&operator, &app, "others.csv", b"what,new,who\n1,2,ming\n").await;
    let guessed: Vec<_> =
        next.preview.unwrap().mapping.iter().map(|c| c.map(|c| c.to_string()).unwrap_or_default()).collect();
    assert_eq!(guessed, ["level", "", "user_id"]);
}

async fn pages_are_found_by_position(server: Server) {
    let (operator, app) = begin(&server).await;
    let rows: String = (0..450).map(|number| format!("明{number}\n")).collect();
    let import = reviewed(&server, &operator, &app, &format!("user_id\n{rows}")).await;
    for (offset, limit, first, count) in
        [(0, 1, 2, 1), (120, 200, 122, 200), (440, 200, 442, 10), (450, 50, 0, 0)]
    {
        let path = paths::import_refused(app.sdkappid, &import.id, offset, limit);
        let page: ReviewPage<RefusedRow> = operator.get(&path).await.json();
        assert_eq!((page.total, page.offset, page.items.len()), (450, offset, count));
        assert_eq!(page.items.first().map_or(0, |row| row.row), first);
    }
    for query in ["limit=0", "limit=201", "offset=-1", "x=1"] {
        let path = format!("{}/refused?{query}", paths::import(app.sdkappid, &import.id));
        assert_eq!(operator.get(&path).await.status, 422, "{query}");
    }
    let fresh = bring(&operator, &app, "a.csv", b"user_id\nming\n").await;
    assert_eq!(operator.get(&paths::import_refused(app.sdkappid, &fresh.id, 0, 1)).await.status, 404);
}

async fn refused_rows_are_a_file_that_can_be_brought_again(server: Server) {
    let (operator, app) = begin(&server).await;
    let file = "user_id,nickname,gender\n=x,=1+1,woman\nming,\"a\"\"b, c\",man\nli,李,male\n";
    let import = reviewed(&server, &operator, &app, file).await;
    assert_eq!(counts(&import), (1, 0, 0, 2));
    let answer = operator.get(&paths::import_refused_file(app.sdkappid, &import.id)).await;
    assert_eq!(
        answer.text(),
        "\u{feff}user_id,nickname,gender,reason\r\n\
         '=x,'=1+1,woman,\"gender: Write unknown, female or male.\"\r\n\
         ming,\"a\"\"b, c\",man,\"gender: Write unknown, female or male.\"\r\n"
    );
    let mended = answer.text().replace("woman", "female").replace(",man,", ",male,");
    let import = reviewed(&server, &operator, &app, &mended).await;
    assert_eq!(counts(&import), (2, 0, 0, 0));
    assert_eq!(
        changes(&operator, &app, &import, ChangeKind::Create).await,
        ["2 =x nickname:  > =1+1, gender:  > female", "3 ming nickname:  > a\"b, c, gender:  > male"]
    );
}

async fn our_own_export_changes_nothing(server: Server) {
    let (operator, app) = begin(&server).await;
    let fields = json!([{"name": "Hobby", "readable": true, "writable": true}]);
    let path = paths::app(app.sdkappid);
    let etag = operator.get(&path).await.header("etag").to_owned();
    let set = operator.if_match(&etag).patch(&path, &json!({ "custom_fields": fields })).await;
    assert_eq!(set.status, 200, "{}", set.text());
    for (user_id, nickname) in [("=a", "'=1"), ("b", "line\nbreak"), ("c", "\u{feff}x"), ("d", "  明 ")] {
        let new =
            json!({"user_id": user_id, "nickname": nickname, "custom": {"Hobby": nickname}, "level": 7});
        let made = operator.post(&paths::accounts(app.sdkappid), &new).await;
        assert_eq!(made.status, 201, "{}", made.text());
    }
    for (format, compression) in [
        ("csv", "none"),
        ("csv", "gzip"),
        ("csv", "zstd"),
        ("xlsx", "none"),
        ("ndjson", "none"),
        ("ndjson", "gzip"),
        ("ndjson", "zstd"),
    ] {
        let wish = json!({ "format": format, "compression": compression });
        let asked = operator.post(&paths::exports(app.sdkappid), &wish).await;
        rollcall_backend::jobs::drain(&server.state).await.unwrap();
        let job: rollcall_shared::job::Job = operator.get(asked.header("location")).await.json();
        let made = job.result.unwrap().file.unwrap();
        let file = operator.get(&made.url).await;
        let import = bring(&operator, &app, &made.name, &file.body).await;
        assert_eq!(import.preview.as_ref().unwrap().notice, "");
        let import: Import = review(&server, &operator, &app, &import, json!({"empty_cells": "clear"})).await;
        let shown = changes(&operator, &app, &import, ChangeKind::Update).await;
        assert_eq!(counts(&import), (0, 0, 5, 0), "{wish}: {shown:?}");
    }
    let account: Account = operator.get(&paths::account(app.sdkappid, "b")).await.json();
    assert_eq!(account.version, 1);
}

async fn late_columns_of_ndjson_are_not_lost_silently(server: Server) {
    let (operator, app) = begin(&server).await;
    let mut file: String = (0..100_010).map(|number| format!("{{\"user_id\":\"u{number}\"}}\n")).collect();
    file.push_str("{\"user_id\":\"last\",\"nickname\":\"x\"}\n");
    let import = bring(&operator, &app, "users.ndjson", file.as_bytes()).await;
    assert_eq!(import.preview.as_ref().unwrap().columns, ["user_id"]);
    let import = review(&server, &operator, &app, &import, json!({})).await;
    assert_eq!(counts(&import), (100_010, 0, 0, 1));
    assert_eq!(refused(&operator, &app, &import).await, ["100011 nickname=x unknown_field"]);
}
