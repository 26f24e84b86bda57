//! `group_open_http_svc`, and the groups as REST v1 shows them.

use super::{Team, code};
use crate::support::{Server, on_both_engines};
use rollcall_shared::{group::GroupMember, list::Page, paths};
use serde_json::{Value, json};

on_both_engines!(
    a_group_is_made_with_its_members,
    an_id_of_ones_own_is_kept,
    bad_groups_have_their_codes,
    a_group_is_destroyed,
    groups_are_paged_newest_first,
    a_deleted_account_leaves_its_groups,
    another_application_sees_nothing,
);

const CREATE: &str = "group_open_http_svc/create_group";
const DESTROY: &str = "group_open_http_svc/destroy_group";

async fn team(server: &Server) -> Team {
    let team = Team::new(server).await;
    team.call("im_open_login_svc/multiaccount_import", &json!({"Accounts": ["a", "b", "c"]})).await;
    team
}

async fn create(team: &Team, body: &Value) -> String {
    let answer = team.call(CREATE, body).await;
    assert_eq!(code(&answer), 0, "{answer}");
    answer["GroupId"].as_str().unwrap().to_owned()
}

async fn members(team: &Team, group_id: &str) -> Vec<(String, String)> {
    let answer = team.operator.get(&paths::group_members(team.app.sdkappid, group_id)).await;
    let members: Vec<GroupMember> = answer.json();
    members.into_iter().map(|member| (member.user_id, member.role.to_string())).collect()
}

fn named(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(id, role)| ((*id).to_owned(), (*role).to_owned())).collect()
}

async fn a_group_is_made_with_its_members(server: Server) {
    let team = team(&server).await;
    let body = json!({
        "Owner_Account": "a", "Type": "Public", "Name": "TestGroup", "Introduction": "hello", "Notification": "welcome",
        "FaceUrl": "https://example.org/g.png", "MaxMemberCount": 500, "ApplyJoinOption": "FreeAccess",
        "MemberList": [{"Member_Account": "b", "Role": "Admin"}, {"Member_Account": "c"}, {"Member_Account": "a"}],
    });
    let id = create(&team, &body).await;
    assert!(id.starts_with("@TGS#") && id.len() > 10, "{id}");
    assert_eq!(members(&team, &id).await, named(&[("a", "owner"), ("b", "admin"), ("c", "member")]));
    let mut shown: Value = team.operator.get(&paths::group(team.app.sdkappid, &id)).await.json();
    shown.as_object_mut().unwrap().remove("created_at");
    let expected = json!({
        "group_id": id, "type": "public", "name": "TestGroup", "owner": "a", "introduction": "hello",
        "notification": "welcome", "face_url": "https://example.org/g.png", "max_members": 500,
        "join_option": "free_access", "members": 3,
    });
    assert_eq!(shown, expected);
    let bare = create(&team, &json!({"Type": "AVChatRoom", "Name": "n"})).await;
    assert_eq!(members(&team, &bare).await, []);
}

async fn an_id_of_ones_own_is_kept(server: Server) {
    let team = team(&server).await;
    let body = json!({"Type": "Work", "Name": "n", "Owner_Account": "a", "GroupId": "a/b?c #"});
    assert_eq!(create(&team, &body).await, "a/b?c #");
    assert_eq!(code(&team.call(CREATE, &body).await), 10025);
    let other = json!({"Type": "Work", "Name": "n", "Owner_Account": "b", "GroupId": "a/b?c #"});
    assert_eq!(code(&team.call(CREATE, &other).await), 10021);
}

async fn bad_groups_have_their_codes(server: Server) {
    let team = team(&server).await;
    let many: Vec<_> = (0..101).map(|n| json!({"Member_Account": format!("m{n}")})).collect();
    for (more, expected) in [
        (json!({"Type": null}), 10004),
        (json!({"Type": "Party"}), 10004),
        (json!({"Type": 1}), 10004),
        (json!({"Name": ""}), 10004),
        (json!({"Name": "x".repeat(31)}), 10004),
        (json!({"GroupId": "@TGS#mine"}), 10004),
        (json!({"GroupId": "x".repeat(49)}), 10004),
        (json!({"GroupId": "é"}), 10004),
        (json!({"Introduction": "x".repeat(241)}), 10004),
        (json!({"Notification": "x".repeat(301)}), 10004),
        (json!({"FaceUrl": "x".repeat(101)}), 10004),
        (json!({"MaxMemberCount": "many"}), 10004),
        (json!({"ApplyJoinOption": "Maybe"}), 10004),
        (json!({"MemberList": {}}), 10004),
        (json!({"MemberList": [{}]}), 10004),
        (json!({"MemberList": [{"Member_Account": "a", "Role": "King"}]}), 10004),
        (json!({"MemberList": many}), 10005),
        (json!({"Owner_Account": "nobody"}), 10019),
        (json!({"MemberList": [{"Member_Account": "nobody"}]}), 10019),
    ] {
        let mut body = json!({"Type": "Public", "Name": "n"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        assert_eq!(code(&team.call(CREATE, &body).await), expected, "{more}");
    }
    let none: Page<Value> = team.operator.get(&paths::groups(team.app.sdkappid)).await.json();
    assert_eq!(none.items, Vec::<Value>::new(), "nothing is half made");
    assert_eq!(code(&team.call("group_open_http_svc/no_such", &json!({})).await), 10003);
}

async fn a_group_is_destroyed(server: Server) {
    let team = team(&server).await;
    let id = create(&team, &json!({"Type": "Public", "Name": "n", "Owner_Account": "a"})).await;
    assert_eq!(code(&team.call(DESTROY, &json!({"GroupId": id})).await), 0);
    assert_eq!(code(&team.call(DESTROY, &json!({"GroupId": id})).await), 10010);
    for bad in [json!({}), json!({"GroupId": 7}), json!({"GroupId": ""}), json!({"GroupId": "é"})] {
        assert_eq!(code(&team.call(DESTROY, &bad).await), 10015, "{bad}");
    }
    let id = create(&team, &json!({"Type": "Public", "Name": "n", "GroupId": ".."})).await;
    let path = paths::group(team.app.sdkappid, &id);
    assert_eq!(team.operator.delete(&path).await.status, 204);
    assert_eq!(team.operator.delete(&path).await.refusal().0, 404);
    assert_eq!(team.operator.get(&path).await.refusal().0, 404);
}

async fn groups_are_paged_newest_first(server: Server) {
    let team = team(&server).await;
    for n in 0..5 {
        create(&team, &json!({"Type": "Public", "Name": "n", "GroupId": format!("g{n}")})).await;
        server.clock.advance(i64::from(n % 2));
    }
    let list = paths::groups(team.app.sdkappid);
    let page =
        async |query: String| -> Page<Value> { team.operator.get(&format!("{list}{query}")).await.json() };
    let ids = |page: &Page<Value>| {
        page.items.iter().map(|group| group["group_id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let first = page("?limit=2".to_owned()).await;
    assert_eq!(ids(&first), ["g4", "g3"]);
    let second = page(format!("?limit=2&cursor={}", first.next.unwrap())).await;
    assert_eq!(ids(&second), ["g2", "g1"]);
    let third = page(format!("?limit=2&cursor={}", second.next.unwrap())).await;
    assert_eq!((ids(&third), third.next), (vec!["g0".to_owned()], None));
    let back = page(format!("?limit=2&cursor={}", third.previous.unwrap())).await;
    assert_eq!(ids(&back), ["g2", "g1"]);
    for bad in ["?limit=0", "?limit=201", "?cursor=x"] {
        assert!([400, 422].contains(&team.operator.get(&format!("{list}{bad}")).await.refusal().0), "{bad}");
    }
}

async fn a_deleted_account_leaves_its_groups(server: Server) {
    let team = team(&server).await;
    team.permit_deletion().await;
    let body =
        json!({"Type": "Public", "Name": "n", "Owner_Account": "a", "MemberList": [{"Member_Account": "b"}]});
    let id = create(&team, &body).await;
    team.call("im_open_login_svc/account_delete", &json!({"DeleteItem": [{"UserID": "a"}]})).await;
    assert_eq!(members(&team, &id).await, named(&[("b", "member")]));
    let group: Value = team.operator.get(&paths::group(team.app.sdkappid, &id)).await.json();
    assert_eq!((&group["owner"], &group["members"]), (&json!(""), &json!(1)));
}

async fn another_application_sees_nothing(server: Server) {
    let team = team(&server).await;
    let id = create(&team, &json!({"Type": "Public", "Name": "n"})).await;
    let other = server.create_app(&team.operator, "Another").await;
    assert_eq!(team.operator.get(&paths::group(other.sdkappid, &id)).await.refusal().0, 404);
    assert_eq!(team.operator.delete(&paths::group(other.sdkappid, &id)).await.refusal().0, 404);
    let none: Page<Value> = team.operator.get(&paths::groups(other.sdkappid)).await.json();
    assert!(none.items.is_empty());
    assert_eq!(server.stranger().get(&paths::groups(team.app.sdkappid)).await.refusal().0, 401);
}
