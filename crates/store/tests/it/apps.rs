//! Applications: settings, keys, tokens, and their end.

use crate::support::{TestDb, at, change, count_matches_rows, on_both, purge, rows};
use rollcall_shared::{
    account::NewAccount,
    app::{AppPatch, AppStatus, CallLimits, FIRST_SDKAPPID, NewToken, SdkAppId, TokenAccess},
    group::{Group, GroupType, JoinOption, MemberRole},
    job::{JobKind, JobState},
    profile::{ADMINISTRATOR, AccountType, FriendVerification},
};
use rollcall_store::{
    Refusal,
    apps::{Purged, Versioned},
    groups::NewGroup,
    tokens::TokenGrant,
};

const DAY: i64 = 24 * 60 * 60 * 1000;

async fn numbers_begin_where_they_must_and_are_never_given_twice(db: TestDb) {
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..10 {
        let store = db.store.clone();
        tasks.spawn(async move {
            store.create_app(&change(1), "Same", |app| app.0.to_be_bytes().to_vec()).await.unwrap()
        });
    }
    let mut numbers: Vec<i64> = tasks.join_all().await.into_iter().map(|app| app.sdkappid.0).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (FIRST_SDKAPPID.0..FIRST_SDKAPPID.0 + 10).collect::<Vec<_>>());
    let last = SdkAppId(FIRST_SDKAPPID.0 + 9);
    assert_eq!(db.store.secret_key(last).await.unwrap(), Some(last.0.to_be_bytes().to_vec()));
    let administrator = db.store.account(last, ADMINISTRATOR).await.unwrap().unwrap();
    assert_eq!(administrator.account_type, AccountType::Admin);
    let app = db.store.app(last).await.unwrap().unwrap();
    assert_eq!((app.accounts, app.admins, app.version, app.created_at), (1, 1, 1, at(1)));

    db.store.delete_app(&change(2), last, "Same", "job").await.unwrap();
    purge(&db.store, last, 100).await;
    let next = db.store.create_app(&change(3), "Next", |_| Vec::new()).await.unwrap();
    assert_eq!(next.sdkappid.0, last.0 + 1);
    assert_eq!(db.store.apps().await.unwrap().len(), 10);
}
on_both!(numbers_begin_where_they_must_and_are_never_given_twice);

async fn settings_change_by_version(db: TestDb) {
    let app = db.store.create_app(&change(1), "Old", |_| Vec::new()).await.unwrap();
    let rename = AppPatch { name: Some("New".to_owned()), ..AppPatch::default() };
    let renamed = db.store.patch_app(&change(2), app.sdkappid, Some((at(1), 1)), &rename).await.unwrap();
    let Versioned::Done(renamed) = renamed else { panic!("{renamed:?}") };
    assert_eq!((renamed.name.as_str(), renamed.version), ("New", 2));
    let late = db.store.patch_app(&change(3), app.sdkappid, Some((at(1), 1)), &rename).await.unwrap();
    assert_eq!(late, Versioned::Changed(renamed.clone()));
    let same = db.store.patch_app(&change(3), app.sdkappid, None, &rename).await.unwrap();
    assert_eq!(same, Versioned::Done(renamed));

    let deny = AppPatch {
        friend_verification_default: Some(FriendVerification::DenyAny),
        status: Some(AppStatus::Disabled),
        ..AppPatch::default()
    };
    db.store.patch_app(&change(4), app.sdkappid, None, &deny).await.unwrap();
    let refused = db.store.patch_app(&change(5), app.sdkappid, None, &rename).await.unwrap();
    assert_eq!(refused, Versioned::Refused(Refusal::AppDisabled));
    assert_eq!(
        db.store.set_secret_key(&change(5), app.sdkappid, b"new").await.unwrap(),
        Err(Refusal::AppDisabled)
    );
    let enable = AppPatch { status: Some(AppStatus::Enabled), ..AppPatch::default() };
    db.store.patch_app(&change(6), app.sdkappid, None, &enable).await.unwrap();
    db.store.set_secret_key(&change(7), app.sdkappid, b"new").await.unwrap().unwrap();
    assert_eq!(db.store.secret_key(app.sdkappid).await.unwrap().as_deref(), Some(&b"new"[..]));
    // A new account copies the default.
    let new = NewAccount::new("ming");
    db.store.create_account(&change(8), app.sdkappid, &new, None).await.unwrap();
    let ming = db.store.account(app.sdkappid, "ming").await.unwrap().unwrap();
    assert_eq!(ming.friend_verification, FriendVerification::DenyAny);
}
on_both!(settings_change_by_version);

fn group(id: &str) -> Group {
    Group {
        group_id: id.to_owned(),
        group_type: GroupType::Public,
        name: "n".to_owned(),
        owner: String::new(),
        introduction: String::new(),
        notification: String::new(),
        face_url: String::new(),
        max_members: 0,
        join_option: JoinOption::NeedPermission,
        members: 0,
        created_at: at(0),
    }
}

async fn a_deleted_application_leaves_nothing_and_takes_nothing_along(db: TestDb) {
    let (gone, stays) = (db.app("Gone").await, db.app("Stays").await);
    for app in [gone, stays] {
        let many = (0..250).map(|n| NewAccount::new(format!("u{n}")).into_account(at(0), Default::default()));
        db.store.load_accounts(&change(0), app, many.collect()).await.unwrap();
        let token = NewToken { name: "t".to_owned(), access: TokenAccess::Read, expires_in_days: 1 };
        let hash = [u8::from(app == gone); 32];
        db.store.create_token(&change(0), app, &token, &hash).await.unwrap().unwrap();
        db.store.delete_accounts(&change(0), app, &["u1".to_owned()]).await.unwrap().unwrap();
        db.store.kick(&change(0), app, "u2").await.unwrap().unwrap();
        let limits = CallLimits { bulk: 1, other: 2, pushes: 3 };
        db.store.set_call_limits(&change(0), app, limits).await.unwrap().unwrap();
        let new = NewGroup { group: group("g"), members: vec![("u2".to_owned(), MemberRole::Member)] };
        db.store.create_group(&change(0), app, &new).await.unwrap().unwrap();
    }
    let wrong = db.store.delete_app(&change(1), gone, "gone", "job").await.unwrap();
    assert_eq!(wrong, Versioned::Changed(()));
    let early = db.store.purge_app_chunk(gone, &Purged::default(), 100).await.unwrap();
    assert_eq!(early.removed, 0, "it was not deleted yet");
    assert_eq!(db.store.delete_app(&change(1), gone, "Gone", "job").await.unwrap(), Versioned::Done(()));

    assert_eq!(db.store.app(gone).await.unwrap(), None);
    assert_eq!(db.store.token_grant(&[1; 32], at(2)).await.unwrap(), None);
    let late = db.store.create_account(&change(2), gone, &NewAccount::new("late"), None).await.unwrap();
    assert_eq!(late, rollcall_store::accounts::Replayable::Fresh(Err(Refusal::AppNotFound)));
    let job = db.store.job(gone, "job").await.unwrap().unwrap();
    assert_eq!((job.kind, job.state, job.total), (JobKind::AppDeletion, JobState::Queued, 250));

    let (mut removed, mut purged) = (Vec::new(), Purged::default());
    loop {
        purged = db.store.purge_app_chunk(gone, &purged, 100).await.unwrap();
        match purged.removed {
            0 => break,
            rows => removed.push(rows),
        }
    }
    assert_eq!(removed[..3], [100, 100, 50]);
    assert_eq!(rows(&db.store, gone, None, 100).await, []);
    assert!(db.store.job(gone, "job").await.unwrap().is_some(), "the job tells how it went");
    assert_eq!(db.store.group(gone, "g").await.unwrap(), None);
    assert_eq!(db.store.group_members(gone, "g").await.unwrap(), []);
    assert_eq!(db.store.call_limits(gone).await.unwrap(), CallLimits::default());
    assert_eq!(db.store.group_members(stays, "g").await.unwrap().len(), 1);
    count_matches_rows(&db, stays).await;
    assert_eq!(db.store.app(stays).await.unwrap().unwrap().accounts, 250);
    let grant = db.store.token_grant(&[0; 32], at(2)).await.unwrap();
    assert_eq!(grant, Some(TokenGrant { id: 1, app: stays, access: TokenAccess::Read }));
}
on_both!(a_deleted_application_leaves_nothing_and_takes_nothing_along);

async fn tokens_end_and_are_counted(db: TestDb) {
    let app = db.app("A").await;
    let token = |days| NewToken { name: "t".to_owned(), access: TokenAccess::Write, expires_in_days: days };
    let hash = |n: u8| {
        let mut hash = [7; 32];
        hash[0] = n;
        hash
    };
    for n in 0..200 {
        let days = if n == 50 { 1 } else { 2 };
        db.store.create_token(&change(0), app, &token(days), &hash(n)).await.unwrap().unwrap();
    }
    assert_eq!(db.store.token_grant(&hash(50), at(DAY - 1)).await.unwrap().unwrap().id, 51);
    assert_eq!(db.store.token_grant(&hash(50), at(DAY)).await.unwrap(), None);
    let one_more = db.store.create_token(&change(DAY - 1), app, &token(1), &hash(200)).await.unwrap();
    assert_eq!(one_more, Err(Refusal::Taken));
    // The expired one makes room; numbers are not used again.
    let one_more = db.store.create_token(&change(DAY), app, &token(1), &hash(200)).await.unwrap().unwrap();
    assert_eq!((one_more.id, one_more.expires_at), (201, at(2 * DAY)));
    assert!(db.store.revoke_token(app, 201).await.unwrap());
    assert!(!db.store.revoke_token(app, 201).await.unwrap());
    let next = db.store.create_token(&change(DAY), app, &token(1), &hash(200)).await.unwrap().unwrap();
    assert_eq!(next.id, 202);

    let seen =
        |tokens: Vec<rollcall_shared::app::ApiToken>| tokens.iter().find(|t| t.id == 1).unwrap().last_used_at;
    assert_eq!(seen(db.store.tokens(app).await.unwrap()), None);
    for (used, noted) in [(5, 5), (60_004, 5), (60_005, 60_005)] {
        db.store.token_grant(&hash(0), at(used)).await.unwrap().unwrap();
        assert_eq!(seen(db.store.tokens(app).await.unwrap()), Some(at(noted)));
    }
}
on_both!(tokens_end_and_are_counted);
