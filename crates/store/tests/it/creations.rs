//! Single creations that come at the same time and are written together.

use crate::support::{TestDb, change, count_matches_rows, on_both};
use rollcall_shared::{
    account::{Account, NewAccount},
    app::SdkAppId,
    profile::AccountType,
};
use rollcall_store::{OpenOptions, Refusal, Store, accounts::Replayable};
use std::collections::BTreeMap;
use tokio::task::JoinSet;

type Answer = Result<Account, Refusal>;

/// Asks for all of them at once.
async fn at_once(store: &Store, asked: Vec<(SdkAppId, NewAccount)>) -> Vec<(SdkAppId, String, Answer)> {
    let mut tasks = JoinSet::new();
    for (app, new) in asked {
        let store = store.clone();
        tasks.spawn(async move {
            let answer = store.create_account(&change(5), app, &new, None).await.unwrap();
            let Replayable::Fresh(answer) = answer else { panic!("{answer:?}") };
            (app, new.user_id, answer)
        });
    }
    tasks.join_all().await
}

async fn total(db: &TestDb, app: SdkAppId) -> i64 {
    db.store.app(app).await.unwrap().unwrap().accounts
}

async fn each_is_answered_as_if_it_had_come_alone(db: TestDb) {
    let (one, other) = (db.app("one").await, db.app("other").await);
    let mut asked = Vec::new();
    for number in 0..120 {
        let app = if number % 3 == 0 { other } else { one };
        // Three of each name in each application, and now and then a field that nobody has defined.
        let mut new = NewAccount::new(format!("u{}", number / 9));
        if number % 10 == 7 {
            new = NewAccount::new(format!("wrong{number}"));
            new.custom.insert("Nobody".to_owned(), "x".to_owned());
        }
        asked.push((app, new));
    }
    let names: Vec<(SdkAppId, String)> = asked.iter().map(|(app, new)| (*app, new.user_id.clone())).collect();
    let mut winners: BTreeMap<(SdkAppId, String), usize> = BTreeMap::new();
    for (app, user_id, answer) in at_once(&db.store, asked).await {
        match answer {
            Ok(account) => {
                assert_eq!(db.store.account(app, &user_id).await.unwrap(), Some(account));
                *winners.entry((app, user_id)).or_default() += 1;
            }
            Err(Refusal::Taken) => assert!(user_id.starts_with('u'), "{user_id}"),
            Err(Refusal::Fields(_)) => assert!(user_id.starts_with("wrong"), "{user_id}"),
            Err(refusal) => panic!("{user_id}: {refusal:?}"),
        }
    }
    assert!(winners.values().all(|count| *count == 1), "{winners:?}");
    for (app, user_id) in names.iter().filter(|(_, user_id)| user_id.starts_with('u')) {
        assert!(winners.contains_key(&(*app, user_id.clone())), "{user_id} of {app} has no winner");
    }
    for app in [one, other] {
        // And the administrator.
        let made = winners.keys().filter(|(of, _)| *of == app).count() + 1;
        assert_eq!(total(&db, app).await, made as i64);
    }
}
on_both!(each_is_answered_as_if_it_had_come_alone);

async fn admins_beyond_the_tenth_are_refused_and_hold_up_nobody(db: TestDb) {
    let app = db.app("admins").await;
    let new = |number: i32| {
        let account_type = if number % 2 == 0 { AccountType::Admin } else { AccountType::General };
        (app, NewAccount { account_type, ..NewAccount::new(format!("a{number}")) })
    };
    let answers = at_once(&db.store, (0..40).map(new).collect()).await;
    let made = |kind: AccountType| {
        answers
            .iter()
            .filter(|(.., answer)| answer.as_ref().is_ok_and(|made| made.account_type == kind))
            .count()
    };
    // The administrator is the first of ten.
    assert_eq!((made(AccountType::Admin), made(AccountType::General)), (9, 20));
    let mut refused = answers.iter().filter_map(|(.., answer)| answer.as_ref().err());
    assert!(refused.all(|refusal| *refusal == Refusal::AdminLimit), "{answers:?}");
    assert_eq!(total(&db, app).await, 30);
}
on_both!(admins_beyond_the_tenth_are_refused_and_hold_up_nobody);

async fn callers_that_hang_up_take_nobody_with_them(db: TestDb) {
    let app = db.app("gone").await;
    let store = db.reopen(&OpenOptions::default()).await;
    let mut impatient = JoinSet::new();
    for number in 0..60 {
        let store = store.clone();
        let new = NewAccount::new(format!("gone{number}"));
        impatient.spawn(async move { store.create_account(&change(5), app, &new, None).await });
    }
    tokio::task::yield_now().await;
    let patient = (0..60).map(|number| (app, NewAccount::new(format!("here{number}")))).collect();
    let (answers, ()) = tokio::join!(at_once(&store, patient), impatient.shutdown());
    assert!(answers.iter().all(|(.., answer)| answer.is_ok()), "{answers:?}");
    // Waits for creations that nobody waited for any more, so that what is counted stays.
    store.close().await;
    count_matches_rows(&db, app).await;
}
on_both!(callers_that_hang_up_take_nobody_with_them);
