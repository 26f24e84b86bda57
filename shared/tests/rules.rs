//! The rules of accounts, at their borders.

use rollcall_shared::{
    account::{AccountPatch, NewAccount, Patch, etag, parse_etag},
    list::{AccountFilter, ListQuery},
    profile::{AccountType, FriendVerification},
    time::Timestamp,
    validate,
};

fn codes(account: &NewAccount) -> Vec<(String, String)> {
    validate::new_account(account).into_iter().map(|e| (e.field, e.code)).collect()
}

#[test]
fn limits_count_bytes_not_characters() {
    let mut account = NewAccount::new("a");
    account.nickname = "明".repeat(166); // 498 bytes
    account.location = Some("深圳深圳深".into()); // 15 bytes
    assert_eq!(codes(&account), []);
    account.nickname.push('明'); // 501
    account.location = Some("深圳深圳深圳".into()); // 18
    assert_eq!(
        codes(&account),
        [("nickname".to_owned(), "too_long".to_owned()), ("location".to_owned(), "too_long".to_owned())]
    );
}

#[test]
fn user_ids_hold_the_hard_rule_and_the_offered_one() {
    for fine in ["a", " x ", "a/b?c#d", "..", "~tilde", &"x".repeat(32)] {
        assert!(validate::user_id(fine).is_none(), "{fine:?}");
    }
    for (bad, code) in [
        ("", "required"),
        ("é", "invalid_character"),
        ("a\tb", "invalid_character"),
        ("@TIM#robot", "reserved"),
    ] {
        assert_eq!(validate::user_id(bad).map(|e| e.code).as_deref(), Some(code), "{bad:?}");
    }
    assert_eq!(validate::user_id(&"x".repeat(33)).map(|e| e.code).as_deref(), Some("too_long"));
    assert!(validate::user_id_recommended("ming.zhao_88@x-y").is_none());
    assert!(validate::user_id_recommended("a b").is_some());
}

#[test]
fn photos_are_http_only() {
    for fine in ["", "http://x", "HTTPS://cdn.example.org/u/88.jpg?s=1"] {
        assert!(validate::photo_url(fine).is_none(), "{fine:?}");
    }
    for bad in [
        "javascript:alert(1)",
        "data:image/png;base64,AA",
        "//x/y",
        "https://",
        "https://a b",
        "明明明明://x",
    ] {
        assert!(validate::photo_url(bad).is_some(), "{bad:?}");
    }
}

#[test]
fn a_patch_checks_only_what_it_sets() {
    let patch = AccountPatch { location: Patch::Reset, ..AccountPatch::default() };
    assert!(validate::patch(&patch).is_empty());
    let patch = AccountPatch { nickname: Patch::Set("a\0b".into()), ..AccountPatch::default() };
    assert_eq!(validate::patch(&patch)[0].code, "invalid_character");
}

#[test]
fn a_reset_verification_is_the_applications_default() {
    let mut account =
        NewAccount::new("a").into_account(Timestamp::from_millis(1), FriendVerification::NeedConfirm);
    assert_eq!(account.friend_verification, FriendVerification::NeedConfirm);
    let patch: AccountPatch = serde_json::from_str(r#"{"friend_verification":null,"level":7}"#).unwrap();
    patch.apply(&mut account, FriendVerification::DenyAny);
    assert_eq!((account.friend_verification, account.level), (FriendVerification::DenyAny, 7));
}

#[test]
fn entity_tags_come_back() {
    let at = Timestamp::from_millis(1_795_284_131_123);
    assert_eq!(parse_etag(&etag(at, 7)), Some((at, 7)));
    for bad in ["", "W/\"1-1\"", "\"1\"", "1-1", "\"x-1\""] {
        assert_eq!(parse_etag(bad), None, "{bad:?}");
    }
}

#[test]
fn queries_name_what_is_wrong() {
    let errors =
        ListQuery::parse("type=robot&limit=0&sort=height&q=a&q=b&x=1&created_from=yesterday").unwrap_err();
    let fields: Vec<_> = errors.iter().map(|e| e.field.as_str()).collect();
    assert_eq!(fields, ["type", "limit", "sort", "q", "x", "created_from"]);
}

#[test]
fn equal_filters_have_equal_text() {
    let one = ListQuery::parse("type=admin&type=general&type=admin&q=%E6%98%8E").unwrap();
    let two = ListQuery::parse("q=明&type=general&type=admin").unwrap();
    assert_eq!(one.to_query_string(), two.to_query_string());
    assert_eq!(one.filter.account_type, [AccountType::General, AccountType::Admin]);
    assert!(AccountFilter::default().is_empty());
}
