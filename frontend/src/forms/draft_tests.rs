use super::*;
use rollcall_shared::{account::NewAccount, profile::Gender, time::Timestamp};

fn ming() -> Account {
    let mut account = NewAccount::new("ming")
        .into_account(Timestamp::from_millis(1), rollcall_shared::profile::FriendVerification::AllowAny);
    account.nickname = "赵明远".to_owned();
    account.birth_date = 19_880_514;
    account.message_settings = 0b110;
    account
}

fn typed(field: Field, text: &str) -> Draft {
    let mut draft = Draft::new(ming(), &[]);
    draft.set(field, text.to_owned());
    draft
}

#[test]
fn an_untouched_draft_says_nothing() {
    let draft = Draft::new(ming(), &[]);
    assert!(draft.patch().unwrap().is_empty());
    assert!(draft.changes().is_empty());
}

#[test]
fn every_field_is_named_like_its_member_and_reaches_the_patch() {
    let texts = [
        "N",
        "male",
        "2000-01-31",
        "Wien",
        "hi",
        "deny_any",
        "17",
        "https://a.example/x",
        "1",
        "forbidden",
        "4294967295",
        "3",
    ];
    for (field, text) in Field::OWN.into_iter().zip(texts) {
        let patch = serde_json::to_value(typed(field, text).patch().unwrap()).unwrap();
        let members: Vec<_> = patch.as_object().unwrap().keys().collect();
        assert_eq!(members, [field.name().as_ref()]);
    }
}

#[test]
fn typing_the_old_value_again_touches_nothing() {
    let mut draft = typed(Field::Nickname, "x");
    assert_eq!(draft.changes(), [Field::Nickname]);
    draft.set(Field::Nickname, "赵明远".to_owned());
    assert!(draft.changes().is_empty());
}

#[test]
fn limits_are_bytes() {
    assert_eq!(typed(Field::Location, "Shenzhen, Guangdong").errors()[0].message, "At most 16 bytes.");
    assert!(typed(Field::Location, "深圳市南山").errors().is_empty());
    assert_eq!(typed(Field::Location, "深圳市南山区").error(Field::Location).unwrap().code, "too_long");
    assert_eq!(typed(Field::PhotoUrl, "javascript:alert(1)").errors()[0].field, "photo_url");
}

#[test]
fn an_old_value_that_rules_refuse_can_stay() {
    let mut account = ming();
    account.photo_url = "javascript:alert(1)".to_owned();
    account.location = "x".repeat(40);
    let mut draft = Draft::new(account, &[]);
    draft.set(Field::Nickname, "new".to_owned());
    assert_eq!(draft.patch().unwrap().nickname, Patch::Set("new".to_owned()));
}

#[test]
fn numbers_end_at_the_largest_and_empty_is_zero() {
    assert_eq!(typed(Field::Level, "4294967295").patch().unwrap().level, Patch::Set(u32::MAX));
    assert_eq!(typed(Field::Level, " 7 ").patch().unwrap().level, Patch::Set(7));
    assert_eq!(typed(Field::Role, "").patch().unwrap().role, Patch::Set(0));
    for bad in ["4294967296", "-1", "1.5", "seven"] {
        assert_eq!(typed(Field::Role, bad).errors()[0].code, "out_of_range", "{bad}");
    }
}

#[test]
fn an_odd_birth_date_is_kept_until_touched() {
    let mut account = ming();
    account.birth_date = 19_880_599;
    let mut draft = Draft::new(account, &[]);
    assert_eq!(draft.text(Field::BirthDate), "19880599");
    draft.set(Field::Nickname, "x".to_owned());
    assert!(draft.patch().unwrap().birth_date.is_keep());
    draft.set(Field::BirthDate, String::new());
    assert_eq!(draft.patch().unwrap().birth_date, Patch::Set(0));
}

#[test]
fn only_the_first_bit_of_the_message_settings_changes() {
    assert_eq!(typed(Field::MessageSettings, "1").patch().unwrap().message_settings, Patch::Set(0b111));
    assert!(Draft::new(ming(), &[]).patch().unwrap().message_settings.is_keep());
}

#[test]
fn undo_restores_what_was_stored() {
    let mut account = ming();
    account.gender = Gender::Female;
    account.birth_date = u32::MAX;
    let patch = restore(&account, &[Field::Gender, Field::BirthDate, Field::MessageSettings]);
    let mut changed = ming();
    changed.message_settings = 1;
    patch.apply(&mut changed, Default::default());
    assert_eq!(
        (changed.gender, changed.birth_date, changed.message_settings),
        (Gender::Female, u32::MAX, 0b110)
    );
    assert_eq!(changed.nickname, "赵明远");
}

#[test]
fn a_custom_field_is_sent_alone_and_emptied_with_null() {
    let hobby: FieldName = "Hobby".parse().unwrap();
    let team: FieldName = "Team".parse().unwrap();
    let mut account = ming();
    account.custom.insert("Team".to_owned(), "Red".to_owned());
    let mut draft = Draft::new(account.clone(), &[hobby, team]);
    assert!(draft.changes().is_empty());
    draft.set(Field::Custom(hobby), "chess".to_owned());
    let patch = serde_json::to_value(draft.patch().unwrap()).unwrap();
    assert_eq!(patch, serde_json::json!({"custom": {"Hobby": "chess"}}));
    draft.set(Field::Custom(team), String::new());
    let patch = serde_json::to_value(draft.patch().unwrap()).unwrap();
    assert_eq!(patch, serde_json::json!({"custom": {"Hobby": "chess", "Team": null}}));

    let undo = restore(&account, &draft.changes());
    let mut changed = account.clone();
    draft.patch().unwrap().apply(&mut changed, Default::default());
    assert_eq!(changed.custom, [("Hobby".to_owned(), "chess".to_owned())].into());
    undo.apply(&mut changed, Default::default());
    assert_eq!(changed, account);

    draft.set(Field::Custom(hobby), "x".repeat(501));
    assert_eq!(draft.errors()[0].field, "custom.Hobby");
}
