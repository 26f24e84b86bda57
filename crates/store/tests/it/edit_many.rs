//! The edit of many accounts: named ones, and all that match; what is found afterwards is what was written.

use crate::support::{TestDb, at, change, count_matches_rows, on_both, rows};
use rollcall_shared::{
    account::{Account, AccountPatch, NewAccount, Patch},
    app::{AppPatch, AppStatus, SdkAppId},
    list::{AccountFilter, ListQuery},
    profile::{ADMINISTRATOR, FriendVerification, Gender},
    selection::{ItemStatus, Matching, OnExisting},
};
use rollcall_store::Refusal;

const COUNT: usize = 450;

/// Accounts of which every third is a woman called 明.
async fn fill(db: &TestDb) -> SdkAppId {
    let app = db.app("A").await;
    let account = |number: usize| NewAccount {
        nickname: if number.is_multiple_of(3) { format!("明{number}") } else { String::new() },
        gender: Some(if number.is_multiple_of(3) { Gender::Female } else { Gender::Male }),
        message_settings: Some(6),
        ..NewAccount::new(format!("u{number:04}"))
    };
    let all: Vec<NewAccount> = (0..COUNT).map(account).collect();
    db.store.create_accounts(&change(1), app, &all, OnExisting::Refuse, None).await.unwrap();
    app
}

fn patch() -> AccountPatch {
    AccountPatch {
        nickname: Patch::Set("新しい Élan".to_owned()),
        gender: Patch::Reset,
        friend_verification: Patch::Set(FriendVerification::DenyAny),
        level: Patch::Set(u32::MAX),
        ..AccountPatch::default()
    }
}

fn women(except: &[&str]) -> Matching {
    let filter = AccountFilter { gender: vec![Gender::Female], ..AccountFilter::default() };
    let except = except.iter().map(|id| (*id).to_owned()).collect();
    Matching { filter, except, as_of: at(1), expected: None }
}

/// How many a search finds.
async fn found(db: &TestDb, app: SdkAppId, q: &str) -> usize {
    let filter = AccountFilter { q: q.to_owned(), ..AccountFilter::default() };
    let query = ListQuery { filter, limit: 200, ..ListQuery::default() };
    db.store.list_accounts(app, &query).await.unwrap().items.len()
}

/// Edits all that match, in chunks of `limit`; how many were dealt with.
async fn edit_all(db: &TestDb, app: SdkAppId, matching: &Matching, limit: u32) -> u64 {
    let (mut done, mut after) = (0, None::<String>);
    loop {
        let wanted = (matching, &patch());
        let chunk =
            db.store.patch_chunk(&change(9), app, wanted, after.as_deref(), limit, None).await.unwrap();
        assert!(chunk.done <= u64::from(limit) && chunk.stopped.is_none() && chunk.refused.is_empty());
        done += chunk.done;
        after = chunk.after;
        if after.is_none() {
            return done;
        }
    }
}

async fn all_that_match_are_edited_and_nothing_else(db: TestDb) {
    let app = fill(&db).await;
    db.store.create_accounts(&change(5), app, &[late()], OnExisting::Refuse, None).await.unwrap();
    let before = rows(&db.store, app, None, 5000).await;
    assert_eq!(found(&db, app, "明").await, 150);
    let matching = women(&["u0003"]);
    assert_eq!(edit_all(&db, app, &matching, 37).await, 149);
    let after = rows(&db.store, app, None, 5000).await;
    let expected = |old: &Account| {
        let meant = old.gender == Gender::Female && old.created_at <= at(1) && old.user_id != "u0003";
        let mut new = old.clone();
        if meant {
            patch().apply(&mut new, FriendVerification::default());
            new.version += 1;
            new.updated_at = at(9);
        }
        new
    };
    assert!(after.iter().eq(before.iter().map(expected).collect::<Vec<_>>().iter()));
    // The search index follows: old names are not found any more, new ones are.
    assert_eq!((found(&db, app, "明").await, found(&db, app, "しい elan").await), (1, 149));
    assert_eq!(found(&db, app, "u00").await, 100);
    count_matches_rows(&db, app).await;
    // Nothing matches any more, so a second run changes nothing.
    assert_eq!(edit_all(&db, app, &matching, 100).await, 0);
    assert!(rows(&db.store, app, None, 5000).await == after);
}
on_both!(all_that_match_are_edited_and_nothing_else);

/// A woman who came after the question.
fn late() -> NewAccount {
    NewAccount { gender: Some(Gender::Female), ..NewAccount::new("late") }
}

async fn named_accounts_have_a_result_each(db: TestDb) {
    let app = fill(&db).await;
    let ids: Vec<String> =
        ["u0001", "none", ADMINISTRATOR, "u0001"].iter().map(|id| (*id).to_owned()).collect();
    let edit = async |millis: i64| {
        let results = db.store.patch_accounts(&change(millis), app, &ids, &patch()).await.unwrap().unwrap();
        results.into_iter().map(|result| (result.user_id, result.status)).collect::<Vec<_>>()
    };
    let with = |status: ItemStatus| {
        vec![
            ("u0001".to_owned(), status),
            ("none".to_owned(), ItemStatus::Refused),
            (ADMINISTRATOR.to_owned(), status),
        ]
    };
    assert_eq!(edit(3).await, with(ItemStatus::Updated));
    assert_eq!(edit(4).await, with(ItemStatus::Unchanged));
    let account = db.store.account(app, "u0001").await.unwrap().unwrap();
    assert_eq!((account.version, account.updated_at, account.message_settings), (2, at(3), 6));
    assert_eq!(account.gender, Gender::Unknown);
    count_matches_rows(&db, app).await;
}
on_both!(named_accounts_have_a_result_each);

async fn a_disabled_application_stops_an_edit(db: TestDb) {
    let app = fill(&db).await;
    let disable = AppPatch { status: Some(AppStatus::Disabled), ..AppPatch::default() };
    db.store.patch_app(&change(4), app, None, &disable).await.unwrap();
    let chunk = db.store.patch_chunk(&change(5), app, (&women(&[]), &patch()), None, 10, None).await.unwrap();
    assert_eq!((chunk.done, chunk.stopped), (0, Some(Refusal::AppDisabled)));
    let named = db.store.patch_accounts(&change(6), app, &["u0001".to_owned()], &patch()).await.unwrap();
    assert_eq!(named, Err(Refusal::AppDisabled));
}
on_both!(a_disabled_application_stops_an_edit);
