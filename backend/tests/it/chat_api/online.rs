//! `openim`: online status, under each of the names that clients call it by.

use super::{Team, code};
use crate::support::{Server, on_both_engines};
use serde_json::json;

on_both_engines!(each_account_has_a_status_or_an_error, bad_requests_have_their_codes);

const QUERY: &str = "openim/query_online_status";

async fn each_account_has_a_status_or_an_error(server: Server) {
    let team = Team::new(&server).await;
    for command in [QUERY, "openim/querystate", "im_open_login_svc/query_online_status"] {
        let body = json!({"IsNeedDetail": 1, "To_Account": ["administrator", "nobody"]});
        let answer = team.call(command, &body).await;
        assert_eq!(code(&answer), 0);
        let offline =
            json!({"To_Account": "administrator", "Status": "Offline", "State": "Offline", "Detail": []});
        assert_eq!(answer["QueryResult"], json!([offline]));
        assert_eq!(answer["ErrorList"], json!([{"To_Account": "nobody", "ErrorCode": 70107}]));
    }
    let known = team.call(QUERY, &json!({"To_Account": ["administrator"]})).await;
    assert_eq!((code(&known), &known["ErrorList"]), (0, &json!([])));
    let unknown = team.call(QUERY, &json!({"To_Account": ["nobody"]})).await;
    assert_eq!((code(&unknown), &unknown["QueryResult"]), (70107, &json!([])));
}

async fn bad_requests_have_their_codes(server: Server) {
    let team = Team::new(&server).await;
    let ids = |n: usize| (0..n).map(|i| format!("u{i}")).collect::<Vec<_>>();
    for (body, expected) in [
        (json!({}), 90001),
        (json!({"To_Account": []}), 90001),
        (json!({"To_Account": "a"}), 90001),
        (json!({"To_Account": [1]}), 90003),
        (json!({"To_Account": ids(501)}), 90011),
        (json!({"To_Account": ids(500)}), 70107),
    ] {
        assert_eq!(code(&team.call(QUERY, &body).await), expected);
    }
}
