//! Custom profile fields: which an application defines, and what changes may write into them.

use crate::support::{TestDb, at, change, on_both};
use rollcall_shared::{
    account::{Account, AccountPatch, CustomPatch, NewAccount, Patch},
    app::{AppPatch, SdkAppId},
    custom_field::CustomField,
    selection::{ItemStatus, OnExisting},
};
use rollcall_store::{
    Actor, Change, Refusal,
    accounts::{IdempotencyKey, Replayable},
    apps::Versioned,
};

fn field(name: &str, writable: bool) -> CustomField {
    CustomField { name: name.to_owned(), readable: true, writable }
}

async fn define(db: &TestDb, app: SdkAppId, fields: Vec<CustomField>) -> Versioned<()> {
    let patch = AppPatch { custom_fields: Some(fields), ..AppPatch::default() };
    match db.store.patch_app(&change(1), app, None, &patch).await.unwrap() {
        Versioned::Done(_) => Versioned::Done(()),
        Versioned::Changed(_) => Versioned::Changed(()),
        Versioned::Refused(refusal) => Versioned::Refused(refusal),
    }
}

async fn defined(db: &TestDb, app: SdkAppId) -> Vec<CustomField> {
    db.store.app(app).await.unwrap().unwrap().custom_fields
}

fn new(id: &str, values: &[(&str, &str)]) -> NewAccount {
    let custom = values.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    NewAccount { custom, ..NewAccount::new(id) }
}

fn set(values: &[(&str, Option<&str>)]) -> AccountPatch {
    let custom: CustomPatch = values.iter().map(|(k, v)| ((*k).to_owned(), v.map(str::to_owned))).collect();
    AccountPatch { custom: Patch::Set(custom), ..AccountPatch::default() }
}

async fn patch(db: &TestDb, app: SdkAppId, by: Actor, patch: &AccountPatch) -> Result<Account, Refusal> {
    let change = Change { actor: by, now: at(5) };
    match db.store.patch_account(&change, app, "ming", None, patch).await.unwrap() {
        Versioned::Done(account) => Ok(account),
        Versioned::Refused(refusal) => Err(refusal),
        Versioned::Changed(_) => unreachable!("no version was named"),
    }
}

fn values(account: &Account) -> Vec<(&str, &str)> {
    account.custom.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect()
}

/// The codes of a refusal's fields.
fn codes(refusal: &Refusal) -> Vec<(String, String)> {
    refusal.field_errors().into_iter().map(|error| (error.field, error.code)).collect()
}

async fn fields_stay_once_they_are_made(db: TestDb) {
    let app = db.app("A").await;
    assert_eq!(defined(&db, app).await, []);
    assert_eq!(define(&db, app, vec![field("Hobby", true)]).await, Versioned::Done(()));
    let both = vec![field("Team", true), field("Hobby", false)];
    assert_eq!(define(&db, app, both.clone()).await, Versioned::Done(()));
    assert_eq!(defined(&db, app).await, both);
    let Versioned::Refused(refusal) = define(&db, app, vec![field("Team", true)]).await else {
        panic!("a field was removed")
    };
    assert_eq!(codes(&refusal), [("custom_fields".to_owned(), "invalid".to_owned())]);
    assert_eq!(defined(&db, app).await, both);
}
on_both!(fields_stay_once_they_are_made);

async fn two_who_add_a_field_at_once_keep_both_or_are_told(db: TestDb) {
    let app = db.app("A").await;
    let add = async |name: &'static str| define(&db, app, vec![field(name, true)]).await;
    let (one, other) = tokio::join!(add("One"), add("Other"));
    // The list of the second lacks the first's field, which stays.
    let done = [&one, &other].into_iter().filter(|outcome| **outcome == Versioned::Done(())).count();
    assert_eq!((done, defined(&db, app).await.len()), (1, 1), "{one:?} {other:?}");
}
on_both!(two_who_add_a_field_at_once_keep_both_or_are_told);

async fn an_account_has_what_is_defined(db: TestDb) {
    let app = db.app("A").await;
    define(&db, app, vec![field("Hobby", true), field("Team", true)]).await;
    let create = async |account: NewAccount| match db
        .store
        .create_account(&change(2), app, &account, None)
        .await
        .unwrap()
    {
        Replayable::Fresh(answer) => answer,
        other => panic!("{other:?}"),
    };
    let made = create(new("ming", &[("Hobby", "象棋"), ("Team", "")])).await.unwrap();
    assert_eq!(values(&made), [("Hobby", "象棋")]);
    let refusal = create(new("noor", &[("Shoe", "42")])).await.unwrap_err();
    assert_eq!(codes(&refusal), [("custom.Shoe".to_owned(), "unknown_field".to_owned())]);
    assert_eq!(db.store.account(app, "noor").await.unwrap(), None);

    let changed = patch(&db, app, Actor::System, &set(&[("Team", Some("Red"))])).await.unwrap();
    assert_eq!(values(&changed), [("Hobby", "象棋"), ("Team", "Red")]);
    let emptied = patch(&db, app, Actor::System, &set(&[("Hobby", None)])).await.unwrap();
    assert_eq!(values(&emptied), [("Team", "Red")]);
    assert_eq!(db.store.account(app, "ming").await.unwrap(), Some(emptied.clone()));
    let same = patch(&db, app, Actor::System, &set(&[("Hobby", Some(""))])).await.unwrap();
    assert_eq!(same.version, emptied.version);
    let all = AccountPatch { custom: Patch::Reset, ..AccountPatch::default() };
    assert_eq!(values(&patch(&db, app, Actor::System, &all).await.unwrap()), []);
    let refusal = patch(&db, app, Actor::System, &set(&[("Team", Some("x")), ("shoe", None)])).await;
    assert_eq!(codes(&refusal.unwrap_err()), [("custom.shoe".to_owned(), "unknown_field".to_owned())]);
}
on_both!(an_account_has_what_is_defined);

async fn a_refusal_is_not_kept_for_its_key(db: TestDb) {
    let app = db.app("A").await;
    let key = IdempotencyKey { caller: "operator:1".into(), key: "k".into(), body_hash: [1; 32] };
    let account = new("ming", &[("Hobby", "chess")]);
    for _ in 0..2 {
        let answer = db.store.create_account(&change(2), app, &account, Some(&key)).await.unwrap();
        assert!(matches!(answer, Replayable::Fresh(Err(Refusal::Fields(_)))), "{answer:?}");
    }
    define(&db, app, vec![field("Hobby", true)]).await;
    let answer = db.store.create_account(&change(3), app, &account, Some(&key)).await.unwrap();
    assert!(matches!(answer, Replayable::Fresh(Ok(_))), "{answer:?}");
    let again = db.store.create_account(&change(4), app, &account, Some(&key)).await.unwrap();
    assert!(matches!(again, Replayable::Replayed(Ok(_))), "{again:?}");
}
on_both!(a_refusal_is_not_kept_for_its_key);

async fn the_server_api_writes_what_is_writable(db: TestDb) {
    let app = db.app("A").await;
    define(&db, app, vec![field("Hobby", true), field("Team", false)]).await;
    db.store.create_account(&change(2), app, &new("ming", &[("Team", "Red")]), None).await.unwrap();
    let admin = || Actor::Admin("administrator".to_owned());
    let changed = patch(&db, app, admin(), &set(&[("Hobby", Some("chess"))])).await.unwrap();
    assert_eq!(values(&changed), [("Hobby", "chess"), ("Team", "Red")]);
    let both = set(&[("Hobby", Some("go")), ("Team", Some("Blue"))]);
    let refusal = patch(&db, app, admin(), &both).await.unwrap_err();
    assert_eq!(codes(&refusal), [("custom.Team".to_owned(), "not_writable".to_owned())]);
    assert_eq!(db.store.account(app, "ming").await.unwrap(), Some(changed));
    for by in [Actor::Operator(1), Actor::Token(1)] {
        patch(&db, app, by, &both).await.unwrap();
    }
}
on_both!(the_server_api_writes_what_is_writable);

async fn a_batch_refuses_only_what_is_undefined(db: TestDb) {
    let app = db.app("A").await;
    define(&db, app, vec![field("Hobby", true)]).await;
    db.store.create_account(&change(2), app, &new("ming", &[("Hobby", "chess")]), None).await.unwrap();
    let batch =
        [new("ming", &[("Hobby", "go")]), new("noor", &[("Shoe", "42")]), new("li", &[("Hobby", "")])];
    let answer = db.store.create_accounts(&change(3), app, &batch, OnExisting::Update, None).await.unwrap();
    let Replayable::Fresh(Ok(results)) = answer else { panic!("{answer:?}") };
    let seen: Vec<_> = results.iter().map(|result| (result.user_id.as_str(), result.status)).collect();
    let wanted = [("ming", ItemStatus::Updated), ("noor", ItemStatus::Refused), ("li", ItemStatus::Created)];
    assert_eq!(seen, wanted);
    assert_eq!(results[1].errors[0].field, "custom.Shoe");
    assert_eq!(values(&db.store.account(app, "ming").await.unwrap().unwrap()), [("Hobby", "go")]);
    // An empty text is nothing given.
    let again = [new("ming", &[("Hobby", "")])];
    let answer = db.store.create_accounts(&change(4), app, &again, OnExisting::Update, None).await.unwrap();
    let Replayable::Fresh(Ok(results)) = answer else { panic!("{answer:?}") };
    assert_eq!(results[0].status, ItemStatus::Unchanged);
}
on_both!(a_batch_refuses_only_what_is_undefined);
