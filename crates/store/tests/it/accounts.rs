//! Creating, editing and deleting accounts: alone, in batches, and many at once.

use crate::support::{TestDb, at, change, count_matches_rows, on_both};
use rollcall_shared::{
    account::{Account, AccountPatch, NewAccount, Patch},
    app::{AppPatch, AppStatus, SdkAppId, UserIdReuse},
    profile::{ADMINISTRATOR, AccountType, Gender},
    selection::{ItemStatus, OnExisting},
};
use rollcall_store::{
    Refusal,
    accounts::{IdempotencyKey, Replayable},
    apps::Versioned,
};

/// A creation without a key.
async fn create(db: &TestDb, app: SdkAppId, account: NewAccount, millis: i64) -> Result<Account, Refusal> {
    match db.store.create_account(&change(millis), app, &account, None).await.unwrap() {
        Replayable::Fresh(answer) => answer,
        other => panic!("{other:?}"),
    }
}

fn admin(id: &str) -> NewAccount {
    NewAccount { account_type: AccountType::Admin, ..NewAccount::new(id) }
}

fn nickname(text: &str) -> AccountPatch {
    AccountPatch { nickname: Patch::Set(text.to_owned()), ..AccountPatch::default() }
}

fn tag(account: &Account) -> (rollcall_shared::time::Timestamp, i64) {
    (account.created_at, account.version)
}

async fn every_field_is_kept(db: TestDb) {
    let app = db.app("A").await;
    let given = NewAccount {
        account_type: AccountType::Admin,
        nickname: "Élodie 明远 👩‍🚀".to_owned(),
        photo_url: "https://example.com/é.png".to_owned(),
        gender: Some(Gender::Female),
        birth_date: Some(u32::MAX),
        location: Some("深圳".to_owned()),
        whats_up: Some("';--".to_owned()),
        friend_verification: Some(rollcall_shared::profile::FriendVerification::DenyAny),
        language: Some(7),
        message_settings: Some(1),
        friending: Some(rollcall_shared::profile::Friending::Forbidden),
        level: Some(u32::MAX),
        role: Some(3),
        ..NewAccount::new(" a/b?c ")
    };
    let created = create(&db, app, given.clone(), 5).await.unwrap();
    assert_eq!(created, given.into_account(at(5), Default::default()));
    assert_eq!(db.store.account(app, " a/b?c ").await.unwrap(), Some(created.clone()));
    let ids = [" a/b?c ".to_owned(), "none".to_owned(), ADMINISTRATOR.to_owned()];
    let found = db.store.accounts_by_id(app, &ids).await.unwrap();
    assert_eq!(found.iter().map(|a| a.user_id.as_str()).collect::<Vec<_>>(), [" a/b?c ", ADMINISTRATOR]);
    count_matches_rows(&db, app).await;
}
on_both!(every_field_is_kept);

async fn fifty_admins_at_once_leave_ten(db: TestDb) {
    let app = db.app("A").await;
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..50 {
        let store = db.store.clone();
        let new = admin(&format!("admin{number}"));
        tasks.spawn(async move { store.create_account(&change(1), app, &new, None).await.unwrap() });
    }
    let answers = tasks.join_all().await;
    let created = answers.iter().filter(|answer| matches!(answer, Replayable::Fresh(Ok(_)))).count();
    let refused =
        answers.iter().filter(|answer| **answer == Replayable::Fresh(Err(Refusal::AdminLimit))).count();
    // `administrator` is the tenth.
    assert_eq!((created, refused), (9, 41));
    assert_eq!(db.store.app(app).await.unwrap().unwrap().admins, 10);
    count_matches_rows(&db, app).await;

    // A place that becomes free can be taken again, also in a batch.
    let ids: Vec<String> = answers
        .into_iter()
        .filter_map(|answer| match answer {
            Replayable::Fresh(Ok(account)) => Some(account.user_id),
            _ => None,
        })
        .take(2)
        .collect();
    db.store.delete_accounts(&change(2), app, &ids).await.unwrap().unwrap();
    let batch = [admin("x1"), NewAccount::new("x2"), admin("x3"), admin("x4"), admin(ADMINISTRATOR)];
    let Replayable::Fresh(Ok(results)) =
        db.store.create_accounts(&change(3), app, &batch, OnExisting::Refuse, None).await.unwrap()
    else {
        panic!("the batch was refused");
    };
    let codes: Vec<_> = results
        .iter()
        .map(|r| (r.user_id.as_str(), r.errors.first().map_or("", |e| e.code.as_str())))
        .collect();
    let expected = [("x1", ""), ("x2", ""), ("x3", ""), ("x4", "admin_limit"), (ADMINISTRATOR, "taken")];
    assert_eq!(codes, expected);
    count_matches_rows(&db, app).await;
}
on_both!(fifty_admins_at_once_leave_ten);

async fn one_of_fifty_creations_of_a_username_wins(db: TestDb) {
    let app = db.app("A").await;
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..50 {
        let store = db.store.clone();
        // Admins among them: their places must not be lost with the race.
        let new = NewAccount {
            nickname: number.to_string(),
            ..if number % 2 == 0 { admin("same") } else { NewAccount::new("same") }
        };
        tasks.spawn(async move { store.create_account(&change(1), app, &new, None).await.unwrap() });
    }
    let answers = tasks.join_all().await;
    let winners: Vec<_> = answers
        .iter()
        .filter_map(|a| if let Replayable::Fresh(Ok(a)) = a { Some(a) } else { None })
        .collect();
    assert_eq!(winners.len(), 1);
    assert!(
        answers.iter().all(|a| matches!(a, Replayable::Fresh(Ok(_) | Err(Refusal::Taken)))),
        "{answers:?}"
    );
    assert_eq!(db.store.account(app, "same").await.unwrap().as_ref(), Some(winners[0]));
    count_matches_rows(&db, app).await;
}
on_both!(one_of_fifty_creations_of_a_username_wins);

async fn overlapping_batches_neither_lose_nor_repeat(db: TestDb) {
    let app = db.app("A").await;
    let mut tasks = tokio::task::JoinSet::new();
    for start in 0..8 {
        let store = db.store.clone();
        tasks.spawn(async move {
            // In opposite orders, which would be deadlocks if the batch kept them.
            let mut batch: Vec<NewAccount> =
                (start * 20..start * 20 + 120).map(|n| NewAccount::new(format!("u{n}"))).collect();
            if start % 2 == 0 {
                batch.reverse();
            }
            let answer =
                store.create_accounts(&change(1), app, &batch, OnExisting::Refuse, None).await.unwrap();
            let Replayable::Fresh(Ok(results)) = answer else { panic!("{answer:?}") };
            assert!(results.iter().map(|r| &r.user_id).eq(batch.iter().map(|a| &a.user_id)));
            results.iter().filter(|r| r.status == ItemStatus::Created).count()
        });
    }
    let created: usize = tasks.join_all().await.into_iter().sum();
    assert_eq!(created, 7 * 20 + 120);
    count_matches_rows(&db, app).await;
}
on_both!(overlapping_batches_neither_lose_nor_repeat);

async fn a_batch_creates_updates_and_leaves(db: TestDb) {
    let app = db.app("A").await;
    let old = create(&db, app, NewAccount { nickname: "Old".to_owned(), ..admin("old") }, 1).await.unwrap();
    create(&db, app, NewAccount { level: Some(4), ..NewAccount::new("same") }, 1).await.unwrap();
    let batch = [
        NewAccount { nickname: "first".to_owned(), ..NewAccount::new("twice") },
        NewAccount { level: Some(9), ..NewAccount::new("old") },
        NewAccount { level: Some(4), ..NewAccount::new("same") },
        NewAccount { nickname: "last".to_owned(), ..NewAccount::new("twice") },
    ];
    let answer = db.store.create_accounts(&change(2), app, &batch, OnExisting::Update, None).await.unwrap();
    let Replayable::Fresh(Ok(results)) = answer else { panic!("{answer:?}") };
    let statuses: Vec<_> = results.iter().map(|r| (r.user_id.as_str(), r.status)).collect();
    let expected =
        [("twice", ItemStatus::Created), ("old", ItemStatus::Updated), ("same", ItemStatus::Unchanged)];
    assert_eq!(statuses, expected);
    assert_eq!(db.store.account(app, "twice").await.unwrap().unwrap().nickname, "last");
    // The type and what was not given stay.
    let updated = Account { level: 9, version: 2, updated_at: at(2), ..old };
    assert_eq!(db.store.account(app, "old").await.unwrap(), Some(updated));
    count_matches_rows(&db, app).await;
}
on_both!(a_batch_creates_updates_and_leaves);

async fn a_repeated_creation_gets_the_first_answer(db: TestDb) {
    let app = db.app("A").await;
    let key = |body: u8| IdempotencyKey {
        caller: "token:1".to_owned(),
        key: "k".to_owned(),
        body_hash: [body; 32],
    };
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let store = db.store.clone();
        let key = key(1);
        tasks.spawn(async move {
            store.create_account(&change(1), app, &NewAccount::new("ming"), Some(&key)).await.unwrap()
        });
    }
    let answers = tasks.join_all().await;
    let created = db.store.account(app, "ming").await.unwrap().unwrap();
    assert_eq!(answers.iter().filter(|a| **a == Replayable::Fresh(Ok(created.clone()))).count(), 1);
    assert_eq!(answers.iter().filter(|a| **a == Replayable::Replayed(Ok(created.clone()))).count(), 19);

    let again = |millis, key| {
        let store = db.store.clone();
        async move {
            store.create_account(&change(millis), app, &NewAccount::new("ming"), Some(&key)).await.unwrap()
        }
    };
    assert_eq!(again(2, key(2)).await, Replayable::Mismatch);
    let other_caller = IdempotencyKey { caller: "token:2".to_owned(), ..key(2) };
    assert_eq!(again(2, other_caller).await, Replayable::Fresh(Err(Refusal::Taken)));
    // The last millisecond of the 24 hours, and the one after.
    const DAY: i64 = 24 * 60 * 60 * 1000;
    assert_eq!(again(DAY, key(1)).await, Replayable::Replayed(Ok(created)));
    assert_eq!(again(DAY + 1, key(1)).await, Replayable::Fresh(Err(Refusal::Taken)));
}
on_both!(a_repeated_creation_gets_the_first_answer);

async fn of_two_edits_the_second_sees_the_first(db: TestDb) {
    let app = db.app("A").await;
    let old = create(&db, app, NewAccount::new("ming"), 1).await.unwrap();
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..20 {
        let (store, expected) = (db.store.clone(), tag(&old));
        tasks.spawn(async move {
            let patch = nickname(&format!("n{number}"));
            store.patch_account(&change(2), app, "ming", Some(expected), &patch).await.unwrap()
        });
    }
    let answers = tasks.join_all().await;
    let now = db.store.account(app, "ming").await.unwrap().unwrap();
    assert_eq!((now.version, now.updated_at), (2, at(2)));
    assert_eq!(answers.iter().filter(|a| **a == Versioned::Done(now.clone())).count(), 1);
    assert_eq!(answers.iter().filter(|a| **a == Versioned::Changed(now.clone())).count(), 19);

    let same = db
        .store
        .patch_account(&change(3), app, "ming", Some(tag(&now)), &nickname(&now.nickname))
        .await
        .unwrap();
    assert_eq!(same, Versioned::Done(now), "a patch that changes nothing keeps the version");
    let none =
        db.store.patch_account(&change(3), app, "none", Some(tag(&old)), &nickname("x")).await.unwrap();
    assert_eq!(none, Versioned::Refused(Refusal::NotFound));
}
on_both!(of_two_edits_the_second_sees_the_first);

async fn of_edit_and_deletion_one_wins(db: TestDb) {
    let app = db.app("A").await;
    for round in 0..20 {
        let id = format!("u{round}");
        let old = create(&db, app, NewAccount::new(id.as_str()), 1).await.unwrap();
        let patch = nickname("edited");
        let doer = change(2);
        let (edit, deletion) = tokio::join!(
            db.store.patch_account(&doer, app, &id, Some(tag(&old)), &patch),
            db.store.delete_account(&doer, app, &id, tag(&old)),
        );
        let stored = db.store.account(app, &id).await.unwrap();
        match (edit.unwrap(), deletion.unwrap(), stored) {
            (Versioned::Done(edited), Versioned::Changed(seen), Some(stored)) => {
                assert_eq!((&edited, &seen), (&stored, &stored));
            }
            (Versioned::Refused(Refusal::NotFound), Versioned::Done(deleted), None) => {
                assert_eq!(deleted, old)
            }
            other => panic!("{other:?}"),
        }
    }
    count_matches_rows(&db, app).await;
}
on_both!(of_edit_and_deletion_one_wins);

async fn an_old_editor_never_meets_a_new_incarnation(db: TestDb) {
    let app = db.app("A").await;
    let old = create(&db, app, NewAccount::new("ming"), 1).await.unwrap();
    // Deleted and created again within the same millisecond, by clocks that disagree.
    db.store.delete_account(&change(1), app, "ming", tag(&old)).await.unwrap();
    let new = create(&db, app, NewAccount::new("ming"), -5).await.unwrap();
    assert!(new.created_at > old.created_at);
    assert_ne!(new.etag(), old.etag());
    assert_eq!(db.store.account(app, "ming").await.unwrap().as_ref(), Some(&new));
    let edit =
        db.store.patch_account(&change(2), app, "ming", Some(tag(&old)), &nickname("x")).await.unwrap();
    assert_eq!(edit, Versioned::Changed(new.clone()));
    let deletion = db.store.delete_account(&change(2), app, "ming", tag(&old)).await.unwrap();
    assert_eq!(deletion, Versioned::Changed(new));
    count_matches_rows(&db, app).await;
}
on_both!(an_old_editor_never_meets_a_new_incarnation);

async fn a_deleted_username_is_held_back_for_90_days(db: TestDb) {
    const DAYS: i64 = 90 * 24 * 60 * 60 * 1000;
    let app = db.app("A").await;
    let patch = AppPatch { user_id_reuse: Some(UserIdReuse::After90Days), ..AppPatch::default() };
    db.store.patch_app(&change(0), app, None, &patch).await.unwrap();
    create(&db, app, admin("ming"), 1).await.unwrap();
    db.store.delete_accounts(&change(10), app, &["ming".to_owned()]).await.unwrap().unwrap();
    let blocked = Refusal::ReuseBlocked { until: at(10 + DAYS) };
    assert_eq!(create(&db, app, admin("ming"), 10 + DAYS - 1).await, Err(blocked));
    count_matches_rows(&db, app).await;
    assert!(create(&db, app, admin("ming"), 10 + DAYS).await.is_ok());
    count_matches_rows(&db, app).await;
}
on_both!(a_deleted_username_is_held_back_for_90_days);

async fn deletions_name_what_stays(db: TestDb) {
    let app = db.app("A").await;
    create(&db, app, NewAccount::new("a"), 1).await.unwrap();
    let ids = ["none", "a", ADMINISTRATOR, "a"].map(str::to_owned);
    let results = db.store.delete_accounts(&change(2), app, &ids).await.unwrap().unwrap();
    let codes: Vec<_> = results
        .iter()
        .map(|r| (r.user_id.as_str(), r.status, r.errors.first().map_or("", |e| e.code.as_str())))
        .collect();
    let expected = [
        ("none", ItemStatus::Refused, "not_found"),
        ("a", ItemStatus::Deleted, ""),
        (ADMINISTRATOR, ItemStatus::Refused, "protected_account"),
    ];
    assert_eq!(codes, expected);
    let administrator = db.store.account(app, ADMINISTRATOR).await.unwrap().unwrap();
    let alone = db.store.delete_account(&change(2), app, ADMINISTRATOR, tag(&administrator)).await.unwrap();
    assert_eq!(alone, Versioned::Refused(Refusal::ProtectedAccount));
    count_matches_rows(&db, app).await;
}
on_both!(deletions_name_what_stays);

async fn a_disabled_application_is_only_read(db: TestDb) {
    let app = db.app("A").await;
    let ming = create(&db, app, NewAccount::new("ming"), 1).await.unwrap();
    let disable = AppPatch { status: Some(AppStatus::Disabled), ..AppPatch::default() };
    db.store.patch_app(&change(2), app, None, &disable).await.unwrap();
    assert_eq!(create(&db, app, NewAccount::new("x"), 3).await, Err(Refusal::AppDisabled));
    let edit =
        db.store.patch_account(&change(3), app, "ming", Some(tag(&ming)), &nickname("x")).await.unwrap();
    assert_eq!(edit, Versioned::Refused(Refusal::AppDisabled));
    let deletion = db.store.delete_accounts(&change(3), app, &["ming".to_owned()]).await.unwrap();
    assert_eq!(deletion, Err(Refusal::AppDisabled));
    let batch =
        db.store.create_accounts(&change(3), app, &[NewAccount::new("x")], OnExisting::Refuse, None).await;
    assert_eq!(batch.unwrap(), Replayable::Fresh(Err(Refusal::AppDisabled)));
    assert_eq!(db.store.account(app, "ming").await.unwrap(), Some(ming));
    let nowhere = create(&db, SdkAppId(1), NewAccount::new("x"), 3).await;
    assert_eq!(nowhere, Err(Refusal::AppNotFound));
}
on_both!(a_disabled_application_is_only_read);

async fn a_bulk_load_skips_what_is_there(db: TestDb) {
    let app = db.app("A").await;
    create(&db, app, NewAccount { nickname: "mine".to_owned(), ..NewAccount::new("u7") }, 1).await.unwrap();
    let many: Vec<Account> = (0..2500)
        .map(|n| NewAccount { level: Some(n), ..NewAccount::new(format!("u{n}")) })
        .map(|new| new.into_account(at(-1000), Default::default()))
        .collect();
    let created = db.store.load_accounts(&change(2), app, many.clone()).await.unwrap();
    assert_eq!(created, 2499);
    assert_eq!(db.store.load_accounts(&change(3), app, many.clone()).await.unwrap(), 0);
    assert_eq!(db.store.account(app, "u7").await.unwrap().unwrap().nickname, "mine");
    assert_eq!(db.store.account(app, "u2499").await.unwrap().as_ref(), many.last());
    count_matches_rows(&db, app).await;
}
on_both!(a_bulk_load_skips_what_is_there);

async fn applications_do_not_meet(db: TestDb) {
    let (one, two) = (db.app("One").await, db.app("Two").await);
    let mine =
        create(&db, one, NewAccount { nickname: "mine".to_owned(), ..NewAccount::new("ming") }, 1).await;
    let theirs =
        create(&db, two, NewAccount { nickname: "theirs".to_owned(), ..NewAccount::new("ming") }, 1).await;
    let key = IdempotencyKey { caller: "operator:1".to_owned(), key: "k".to_owned(), body_hash: [1; 32] };
    for app in [one, two] {
        let answer =
            db.store.create_account(&change(2), app, &NewAccount::new("k"), Some(&key)).await.unwrap();
        assert!(matches!(answer, Replayable::Fresh(Ok(_))), "{answer:?}");
    }
    let deleted =
        db.store.delete_accounts(&change(3), two, &["ming".to_owned(), "k".to_owned()]).await.unwrap();
    assert!(deleted.unwrap().iter().all(|result| result.status == ItemStatus::Deleted));
    assert_eq!(db.store.account(one, "ming").await.unwrap(), mine.ok());
    assert_eq!(db.store.account(two, "ming").await.unwrap(), None);
    assert!(db.store.account(one, "k").await.unwrap().is_some());
    // The mark of one is not a mark of the other.
    let again = create(&db, two, NewAccount::new("ming"), 1).await.unwrap();
    assert!(again.created_at > theirs.unwrap().created_at);
    count_matches_rows(&db, one).await;
    count_matches_rows(&db, two).await;
}
on_both!(applications_do_not_meet);
