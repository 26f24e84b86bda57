//! `profile`: every tag read and written, and every refusal.

use super::{Team, code};
use crate::support::{Server, on_both_engines};
use rollcall_shared::{account::Account, paths};
use serde_json::{Value, json};

on_both_engines!(
    every_tag_is_written_and_read_back,
    a_new_account_has_the_defaults,
    all_items_or_none,
    missing_accounts_are_named,
    bad_requests_have_their_codes,
    custom_fields_have_rights,
);

const GET: &str = "profile/portrait_get";
const SET: &str = "profile/portrait_set";

fn values() -> Vec<(&'static str, Value, Value)> {
    [
        ("Nick", json!(""), json!("明远 👩‍🚀")),
        ("Gender", json!("Gender_Type_Unknown"), json!("Gender_Type_Female")),
        ("BirthDay", json!(0), json!(20_190_419)),
        ("Location", json!(""), json!("深圳")),
        ("SelfSignature", json!(""), json!("hello")),
        ("AllowType", json!("AllowType_Type_AllowAny"), json!("AllowType_Type_DenyAny")),
        ("Language", json!(0), json!(7)),
        ("Image", json!(""), json!("https://example.org/a.png")),
        ("MsgSettings", json!(0), json!(1)),
        ("AdminForbidType", json!("AdminForbid_Type_None"), json!("AdminForbid_Type_SendOut")),
        ("Level", json!(0), json!(4_294_967_295_u32)),
        ("Role", json!(0), json!(3)),
    ]
    .to_vec()
}

fn tag(name: &str) -> String {
    format!("Tag_Profile_IM_{name}")
}

fn item(name: &str, value: &Value) -> Value {
    json!({"Tag": tag(name), "Value": value})
}

async fn team(server: &Server) -> Team {
    let team = Team::new(server).await;
    team.call("im_open_login_svc/account_import", &json!({"UserID": "ming"})).await;
    team
}

async fn set(team: &Team, items: &Value) -> u64 {
    let answer = team.call(SET, &json!({"From_Account": "ming", "ProfileItem": items})).await;
    assert_eq!(answer["ErrorDisplay"], "");
    code(&answer)
}

async fn get(team: &Team) -> Value {
    let tags: Vec<_> = values().iter().map(|(name, ..)| tag(name)).collect();
    let mut answer = team.call(GET, &json!({"To_Account": ["ming"], "TagList": tags})).await;
    assert_eq!((code(&answer), &answer["ErrorDisplay"]), (0, &json!("")));
    answer["UserProfileItem"][0]["ProfileItem"].take()
}

async fn every_tag_is_written_and_read_back(server: Server) {
    let team = team(&server).await;
    let items: Vec<_> = values().iter().map(|(name, _, value)| item(name, value)).collect();
    assert_eq!(set(&team, &json!(items)).await, 0);
    assert_eq!(get(&team).await, json!(items));
}

async fn a_new_account_has_the_defaults(server: Server) {
    let team = team(&server).await;
    let items: Vec<_> = values().iter().map(|(name, default, _)| item(name, default)).collect();
    assert_eq!(get(&team).await, json!(items));
}

async fn all_items_or_none(server: Server) {
    let team = team(&server).await;
    let before = get(&team).await;
    for (value, expected) in [
        (item("Location", &json!("12345678901234567")), 40601),
        (item("Nick", &json!("x".repeat(501))), 40601),
        (item("Nick", &json!(7)), 40610),
        (item("Level", &json!("7")), 40610),
        (item("Level", &json!(-1)), 40610),
        (item("Level", &json!(4_294_967_296_u64)), 40605),
        (item("Gender", &json!("Gender_Type_Other")), 40605),
        (item("Gender", &json!(1)), 40610),
        (item("AllowType", &json!("")), 40605),
        (item("Shoe", &json!("")), 40009),
        (json!({"Tag": "Tag_Profile_Custom_Abc", "Value": ""}), 40009),
        (json!({"Tag": 7, "Value": ""}), 40001),
        (json!({"Tag": tag("Nick")}), 40001),
        (json!(7), 40001),
    ] {
        let items = json!([item("Role", &json!(9)), value]);
        assert_eq!(set(&team, &items).await, expected, "{value}");
    }
    assert_eq!(get(&team).await, before);
}

async fn missing_accounts_are_named(server: Server) {
    let team = team(&server).await;
    let body = json!({"To_Account": ["ming", "nobody"], "TagList": [tag("Nick")]});
    let answer = team.call(GET, &body).await;
    assert_eq!(code(&answer), 0);
    assert_eq!(answer["Fail_Account"], json!(["nobody"]));
    let missing = &answer["UserProfileItem"][1];
    assert_eq!((&missing["To_Account"], &missing["ResultCode"]), (&json!("nobody"), &json!(40003)));
    assert!(missing.get("ProfileItem").is_none());
    let body = json!({"From_Account": "nobody", "ProfileItem": [item("Nick", &json!("x"))]});
    assert_eq!(code(&team.call(SET, &body).await), 40003);
}

async fn bad_requests_have_their_codes(server: Server) {
    let team = team(&server).await;
    let many: Vec<_> = (0..101).map(|n| n.to_string()).collect();
    for (body, expected) in [
        (json!({"To_Account": [], "TagList": []}), 40002),
        (json!({"To_Account": many, "TagList": []}), 40001),
        (json!({"To_Account": "ming", "TagList": []}), 40001),
        (json!({"To_Account": [7], "TagList": []}), 40001),
        (json!({"To_Account": ["ming"]}), 40001),
        (json!({"To_Account": ["ming"], "TagList": ["Tag_Profile_IM_Shoe"]}), 40009),
    ] {
        assert_eq!(code(&team.call(GET, &body).await), expected, "{body}");
    }
    assert_eq!(code(&team.call(SET, &json!({"From_Account": 7, "ProfileItem": []})).await), 40001);
}

async fn custom_fields_have_rights(server: Server) {
    let team = team(&server).await;
    let right = |name: &str, readable: bool, writable: bool| json!({"name": name, "readable": readable, "writable": writable});
    let fields =
        json!([right("Hobby", true, true), right("Level", true, false), right("Secret", false, true)]);
    let defined =
        team.operator.patch(&paths::app(team.app.sdkappid), &json!({"custom_fields": fields})).await;
    assert_eq!(defined.status, 200, "{}", defined.text());
    let custom =
        |name: &str, value: &Value| json!({"Tag": format!("Tag_Profile_Custom_{name}"), "Value": value});
    let read = async |names: &[&str]| {
        let tags: Vec<String> = names.iter().map(|name| format!("Tag_Profile_Custom_{name}")).collect();
        team.call(GET, &json!({"To_Account": ["ming"], "TagList": tags})).await
    };
    // A field without anything in it is absent.
    assert_eq!(read(&["Hobby"]).await["UserProfileItem"][0]["ProfileItem"], json!([]));
    let items =
        json!([custom("Hobby", &json!("象棋")), custom("Secret", &json!("x")), item("Role", &json!(9))]);
    assert_eq!(set(&team, &items).await, 0);
    let answer = read(&["Hobby", "Level"]).await;
    let profile = &answer["UserProfileItem"][0]["ProfileItem"];
    assert_eq!(profile, &json!([custom("Hobby", &json!("象棋"))]));
    assert_eq!(code(&read(&["Hobby", "Secret"]).await), 40007);
    assert_eq!(code(&read(&["Shoe"]).await), 40009);
    assert_eq!(code(&read(&["hobby"]).await), 40009);
    for (value, expected) in [
        (custom("Level", &json!("7")), 40008),
        (custom("Shoe", &json!("42")), 40009),
        (custom("Hobbies12", &json!("x")), 40009),
        (custom("Hobby", &json!(7)), 40610),
        (custom("Hobby", &json!("x".repeat(501))), 40601),
        (custom("Hobby", &json!("a\0")), 40605),
    ] {
        let items = json!([item("Role", &json!(1)), value]);
        assert_eq!(set(&team, &items).await, expected, "{value}");
    }
    let ming: Account = team.operator.get(&paths::account(team.app.sdkappid, "ming")).await.json();
    assert_eq!((ming.role, ming.custom["Hobby"].as_str(), ming.custom["Secret"].as_str()), (9, "象棋", "x"));
    assert_eq!(set(&team, &json!([custom("Hobby", &json!(""))])).await, 0);
    assert_eq!(read(&["Hobby"]).await["UserProfileItem"][0]["ProfileItem"], json!([]));
}
