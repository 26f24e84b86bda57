//! Whatever is sent, the answer is an envelope: never another status, never a panic, never a wait.

use super::{Team, envelope};
use crate::support::{Server, on_both_engines};
use axum::http::Method;
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use rollcall_shared::paths;
use serde_json::{Value, json};

on_both_engines!(random_calls_get_an_envelope);

/// Calls on each engine. The bodies are parsed before the database is asked for most of them.
const CALLS: usize = 60_000;

const COMMANDS: [&str; 12] = [
    "im_open_login_svc/account_import",
    "im_open_login_svc/multiaccount_import",
    "im_open_login_svc/account_delete",
    "im_open_login_svc/account_check",
    "openim/query_online_status",
    "openim/querystate",
    "profile/portrait_set",
    "profile/portrait_get",
    "group_open_http_svc/create_group",
    "group_open_http_svc/destroy_group",
    "all_member_push/im_push",
    "im_open_login_svc/no_such",
];

fn name() -> impl Strategy<Value = String> {
    let known = [
        "UserID",
        "Identifier",
        "Nick",
        "FaceUrl",
        "Accounts",
        "AccountList",
        "DeleteItem",
        "CheckItem",
        "To_Account",
        "From_Account",
        "Type",
        "Name",
        "GroupId",
        "MemberList",
        "ProfileItem",
        "TagList",
        "Tag",
        "Value",
        "IsNeedDetail",
        "MsgRandom",
        "MsgLifeTime",
        "MsgBody",
        "MsgType",
        "MsgContent",
    ];
    prop_oneof![8 => prop::sample::select(known.to_vec()).prop_map(str::to_owned), 1 => "\\PC{0,8}"]
}

fn text() -> impl Strategy<Value = String> {
    let known =
        ["administrator", "ming", "Tag_Profile_IM_Nick", "Tag_Profile_IM_Level", "@TIM#", "Gender_Type_Male"];
    prop_oneof![
        prop::sample::select(known.to_vec()).prop_map(str::to_owned),
        "\\PC{0,40}",
        any::<String>(),
        Just("\0".to_owned()),
        "[a-z]{33,600}",
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 64, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((name(), inner), 0..6)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

/// A body: JSON objects of the right names, other JSON, and bytes.
fn body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        6 => prop::collection::vec((name(), value()), 0..5)
            .prop_map(|pairs| Value::Object(pairs.into_iter().collect()).to_string().into_bytes()),
        2 => value().prop_map(|value| value.to_string().into_bytes()),
        1 => prop::collection::vec(any::<u8>(), 0..200),
    ]
}

async fn random_calls_get_an_envelope(server: Server) {
    let team = Team::new(&server).await;
    team.permit_deletion().await;
    let any = json!({"bulk": 0, "other": 0});
    assert_eq!(team.operator.put(&paths::call_limits(team.app.sdkappid), &any).await.status, 200);
    team.call("im_open_login_svc/account_import", &json!({"UserID": "ming"})).await;
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[42; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let good = team.query();
    let query = "[a-z]{0,12}=?(%[0-9a-f]{0,2}|[ -~&&[^ #\"<>]]){0,40}";
    let strategy = (prop::sample::select(COMMANDS.to_vec()), prop::option::weighted(0.1, query), body());
    for _ in 0..CALLS {
        let (command, query, body) = strategy.new_tree(&mut runner).unwrap().current();
        let uri = format!("/v4/{command}?{}", query.as_deref().unwrap_or(&good));
        if uri.parse::<axum::http::Uri>().is_ok() {
            envelope(&team.raw(Method::POST, &uri, body).await);
        }
    }
    for deep in ["[", "{\"a\":", "{\"CheckItem\":["] {
        let uri = format!("/v4/im_open_login_svc/account_check?{good}");
        envelope(&team.raw(Method::POST, &uri, deep.repeat(100_000)).await);
    }
    let long = vec![b' '; 2 * 1024 * 1024];
    let uri = format!("/v4/im_open_login_svc/account_check?{good}");
    assert_eq!(envelope(&team.raw(Method::POST, &uri, long).await)["ErrorCode"], 80002);
}
