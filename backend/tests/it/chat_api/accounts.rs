//! `im_open_login_svc`: import, deletion, lookup.

use super::{Team, code};
use crate::support::{Server, on_both_engines};
use rollcall_shared::{account::Account, paths};
use serde_json::{Value, json};

on_both_engines!(
    an_import_creates_and_updates_what_is_given,
    a_bad_import_says_why_and_changes_nothing,
    many_are_imported_and_failures_are_named,
    a_batch_holds_1_to_100,
    deletion_needs_the_restriction_lifted,
    deletion_has_a_result_for_each,
    a_deleted_username_may_be_held_back,
    check_tells_who_exists,
    the_console_and_the_api_see_the_same_account,
);

const IMPORT: &str = "im_open_login_svc/account_import";
const IMPORT_MANY: &str = "im_open_login_svc/multiaccount_import";
const DELETE: &str = "im_open_login_svc/account_delete";
const CHECK: &str = "im_open_login_svc/account_check";

async fn account(team: &Team, user_id: &str) -> Account {
    team.operator.get(&paths::account(team.app.sdkappid, user_id)).await.json()
}

async fn an_import_creates_and_updates_what_is_given(server: Server) {
    let team = Team::new(&server).await;
    let full =
        json!({"UserID": "ming", "Nick": "明远", "FaceUrl": "https://example.org/ming.png", "Type": 0});
    let answer = team.call(IMPORT, &full).await;
    assert_eq!(answer, json!({"ActionStatus": "OK", "ErrorInfo": "", "ErrorCode": 0}));
    let created = account(&team, "ming").await;
    assert_eq!(
        (created.nickname.as_str(), created.photo_url.as_str()),
        ("明远", "https://example.org/ming.png")
    );

    assert_eq!(code(&team.call(IMPORT, &json!({"UserID": "ming", "Nick": "Ming"})).await), 0);
    let updated = account(&team, "ming").await;
    assert_eq!((updated.nickname, updated.photo_url), ("Ming".to_owned(), created.photo_url));
    assert_eq!(updated.version, created.version + 1);

    assert_eq!(code(&team.call(IMPORT, &json!({"UserID": "ming"})).await), 0);
    assert_eq!(account(&team, "ming").await.version, updated.version, "nothing was given");
}

async fn a_bad_import_says_why_and_changes_nothing(server: Server) {
    let team = Team::new(&server).await;
    for (body, expected) in [
        (json!({}), 70402),
        (json!({"UserID": 7}), 60015),
        (json!({"UserID": null}), 60015),
        (json!({"UserID": ""}), 70402),
        (json!({"UserID": "é"}), 70402),
        (json!({"UserID": "@TIM#x"}), 70402),
        (json!({"UserID": "x".repeat(33)}), 70402),
        (json!({"UserID": "ming", "Nick": 7}), 70402),
        (json!({"UserID": "ming", "Nick": "x".repeat(501)}), 70402),
        (json!({"UserID": "ming", "Nick": "\u{0}"}), 70402),
        (json!({"UserID": "ming", "FaceUrl": "x".repeat(501)}), 70402),
    ] {
        assert_eq!(code(&team.call(IMPORT, &body).await), expected, "{body}");
    }
    let check = team.call(CHECK, &json!({"CheckItem": [{"UserID": "ming"}]})).await;
    assert_eq!(check["ResultItem"][0]["AccountStatus"], "NotImported");
}

async fn many_are_imported_and_failures_are_named(server: Server) {
    let team = Team::new(&server).await;
    let old = team.call(IMPORT_MANY, &json!({"Accounts": ["a", "b", "a", "é", ""]})).await;
    assert_eq!((code(&old), &old["FailAccounts"]), (0, &json!(["é", ""])));
    let new = json!({"AccountList": [
        {"UserID": "a", "Nick": "A"}, {"UserID": "c", "Nick": "x".repeat(501)}, {"UserID": "d"}]});
    let new = team.call(IMPORT_MANY, &new).await;
    assert_eq!((code(&new), &new["FailAccounts"]), (0, &json!(["c"])));
    assert_eq!(account(&team, "a").await.nickname, "A");
    let all = team.call(IMPORT_MANY, &json!({"Accounts": ["a", "b"]})).await;
    assert_eq!(all["FailAccounts"], json!([]), "always an array");
}

async fn a_batch_holds_1_to_100(server: Server) {
    let team = Team::new(&server).await;
    let ids = |n: usize| (0..n).map(|i| format!("u{i}")).collect::<Vec<_>>();
    let items = |n: usize| ids(n).into_iter().map(|id| json!({"UserID": id})).collect::<Vec<_>>();
    for (n, expected) in [(0, 70206), (100, 0), (101, 70206)] {
        assert_eq!(code(&team.call(IMPORT_MANY, &json!({"Accounts": ids(n)})).await), expected, "{n}");
        assert_eq!(code(&team.call(CHECK, &json!({"CheckItem": items(n)})).await), expected, "{n}");
    }
    for body in [json!({}), json!({"CheckItem": {}}), json!({"CheckItem": ["a"]}), json!({"CheckItem": [{}]})]
    {
        assert_eq!(code(&team.call(CHECK, &body).await), 70402, "{body}");
    }
    assert_eq!(code(&team.call(IMPORT_MANY, &json!({"Accounts": [1]})).await), 60015);
}

async fn deletion_needs_the_restriction_lifted(server: Server) {
    let team = Team::new(&server).await;
    team.call(IMPORT, &json!({"UserID": "ming"})).await;
    let delete = json!({"DeleteItem": [{"UserID": "ming"}]});
    assert_eq!(code(&team.call(DELETE, &delete).await), 71000);
    assert_eq!(account(&team, "ming").await.user_id, "ming");
    team.permit_deletion().await;
    assert_eq!(code(&team.call(DELETE, &delete).await), 0);
}

async fn deletion_has_a_result_for_each(server: Server) {
    let team = Team::new(&server).await;
    team.permit_deletion().await;
    team.call(IMPORT, &json!({"UserID": "a"})).await;
    let items = ["a", "b", "administrator"].map(|id| json!({"UserID": id}));
    let answer = team.call(DELETE, &json!({"DeleteItem": items})).await;
    assert_eq!(code(&answer), 0);
    let results: Vec<(&Value, &Value)> = answer["ResultItem"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| (&item["UserID"], &item["ResultCode"]))
        .collect();
    assert_eq!(
        results,
        [(&json!("a"), &json!(0)), (&json!("b"), &json!(70107)), (&json!("administrator"), &json!(71000))]
    );
    assert_eq!(answer["ResultItem"][1]["ResultInfo"], "Err_TLS_PT_Open_Login_Account_Not_Exist");
}

async fn a_deleted_username_may_be_held_back(server: Server) {
    let team = Team::new(&server).await;
    team.permit_deletion().await;
    let rule = json!({"user_id_reuse": "after_90_days"});
    assert_eq!(team.operator.patch(&paths::app(team.app.sdkappid), &rule).await.status, 200);
    team.call(IMPORT, &json!({"UserID": "a"})).await;
    team.call(DELETE, &json!({"DeleteItem": [{"UserID": "a"}]})).await;
    assert_eq!(code(&team.call(IMPORT, &json!({"UserID": "a"})).await), 70399);
    let many = team.call(IMPORT_MANY, &json!({"Accounts": ["a", "b"]})).await;
    assert_eq!(many["FailAccounts"], json!(["a"]));
}

async fn check_tells_who_exists(server: Server) {
    let team = Team::new(&server).await;
    let items = ["administrator", "nobody", "Administrator"].map(|id| json!({"UserID": id}));
    let answer = team.call(CHECK, &json!({"CheckItem": items})).await;
    let item = |id: &str, status: &str| json!({"UserID": id, "ResultCode": 0, "ResultInfo": "", "AccountStatus": status});
    let expected = [
        item("administrator", "Imported"),
        item("nobody", "NotImported"),
        item("Administrator", "NotImported"),
    ];
    assert_eq!(answer["ResultItem"], json!(expected));
}

async fn the_console_and_the_api_see_the_same_account(server: Server) {
    let team = Team::new(&server).await;
    let mut news = server.state.changes.listen();
    team.call(IMPORT, &json!({"UserID": "ming", "Nick": "Ming"})).await;
    assert!(format!("{:?}", news.try_recv().unwrap()).contains("ming"), "an open console is told");
    let list = team.operator.get(&format!("{}?q=ming", paths::accounts(team.app.sdkappid))).await;
    assert_eq!(list.json::<Value>()["items"][0]["user_id"], "ming");
    let elsewhere = server.create_app(&team.operator, "Another").await;
    let other = team.operator.get(&paths::account(elsewhere.sdkappid, "ming")).await;
    assert_eq!(other.status, 404, "of this application only");
}
