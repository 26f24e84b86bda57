//! What is offered instead of a search that finds nothing.

use crate::support::{TestDb, change, on_both};
use rollcall_shared::{
    account::NewAccount, app::SdkAppId, list::AccountFilter, profile::Gender, selection::OnExisting,
};

/// Accounts of these usernames and nicknames.
async fn create(db: &TestDb, app: SdkAppId, names: &[(&str, &str)]) {
    let new: Vec<NewAccount> = names
        .iter()
        .map(|(user_id, nickname)| NewAccount {
            nickname: (*nickname).to_owned(),
            gender: if nickname.is_empty() { Some(Gender::Female) } else { Some(Gender::Male) },
            ..NewAccount::new(*user_id)
        })
        .collect();
    db.store.create_accounts(&change(0), app, &new, OnExisting::Refuse, None).await.unwrap();
}

/// The texts that are offered, each with its account.
async fn offered(db: &TestDb, app: SdkAppId, filter: AccountFilter) -> Vec<(String, String)> {
    let found = db.store.suggest_accounts(app, &filter).await.unwrap();
    found.into_iter().map(|one| (one.q, one.user_id)).collect()
}

async fn texts(db: &TestDb, app: SdkAppId, q: &str) -> Vec<String> {
    let filter = AccountFilter { q: q.to_owned(), ..AccountFilter::default() };
    offered(db, app, filter).await.into_iter().map(|(text, _)| text).collect()
}

async fn one_typo_of_each_kind_is_forgiven(db: TestDb) {
    let app = db.app("typos").await;
    create(&db, app, &[("mingyuan", ""), ("u2", "Anne Élodie"), ("u3", "赵明远"), ("wei.lin", "")]).await;
    for typo in ["mingyuuan", "mingyan", "mingyaan", "mnigyuan", "MIGNYUAN", "mingyuna", " ningyuan"] {
        assert_eq!(texts(&db, app, typo).await, ["mingyuan"], "{typo}");
    }
    for typo in ["elodiie", "elode", "Elodia", "eloide"] {
        assert_eq!(texts(&db, app, typo).await, ["Élodie"], "{typo}");
    }
    for typo in ["赵明媛", "赵远远", "张明远", "赵明明远", "赵远明"] {
        assert_eq!(texts(&db, app, typo).await, ["赵明远"], "{typo}");
    }
    assert_eq!(texts(&db, app, "lni").await, ["lin"], "a short word");
}
on_both!(one_typo_of_each_kind_is_forgiven);

async fn two_typos_are_forgiven_in_a_long_text(db: TestDb) {
    let app = db.app("two").await;
    create(&db, app, &[("mingyuan", ""), ("lin", "")]).await;
    assert_eq!(texts(&db, app, "mimgyuen").await, ["mingyuan"]);
    for garbage in ["lon2", "mi", "qqqqqqqq", "明远明远明远", "%_%_%", &"x".repeat(33)] {
        assert!(texts(&db, app, garbage).await.is_empty(), "{garbage}");
    }
}
on_both!(two_typos_are_forgiven_in_a_long_text);

async fn the_nearest_come_first_and_each_text_once(db: TestDb) {
    let app = db.app("order").await;
    let names = [
        ("u1", "Marian"),
        ("u2", "Marian"),
        ("marlon", ""),
        ("marion2", ""),
        ("maryan", ""),
        ("madison", ""),
    ];
    create(&db, app, &names).await;
    assert_eq!(texts(&db, app, "mariam").await, ["Marian"]);
    assert_eq!(texts(&db, app, "naryam").await, ["maryan"], "two typos");
    let many: Vec<String> = (0..9).map(|n| format!("wanda{n}")).collect();
    create(&db, app, &many.iter().map(|name| (name.as_str(), "")).collect::<Vec<_>>()).await;
    assert_eq!(texts(&db, app, "wandax").await, ["wanda0", "wanda1", "wanda2", "wanda3", "wanda4"]);
}
on_both!(the_nearest_come_first_and_each_text_once);

async fn what_is_offered_passes_the_filter(db: TestDb) {
    let (app, other) = (db.app("mine").await, db.app("other").await);
    create(&db, app, &[("mingyuan", ""), ("u2", "Mingyuen")]).await;
    create(&db, other, &[("mingyuam", "")]).await;
    let filter = AccountFilter { q: "mingyuon".to_owned(), ..AccountFilter::default() };
    let pair = |q: &str, user_id: &str| (q.to_owned(), user_id.to_owned());
    let (ming, u2) = (pair("mingyuan", "mingyuan"), pair("Mingyuen", "u2"));
    assert_eq!(offered(&db, app, filter.clone()).await, [ming.clone(), u2.clone()]);
    let men = AccountFilter { gender: vec![Gender::Male], ..filter.clone() };
    assert_eq!(offered(&db, app, men).await, [u2]);
    let women = AccountFilter { gender: vec![Gender::Female], ..filter.clone() };
    assert_eq!(offered(&db, app, women).await, [ming]);
    let now = db.store.account(app, "u2").await.unwrap().unwrap().created_at;
    let before = AccountFilter { created_before: Some(now), ..filter.clone() };
    assert_eq!(offered(&db, app, before).await, []);
    assert_eq!(offered(&db, other, filter).await, [pair("mingyuam", "mingyuam")]);
}
on_both!(what_is_offered_passes_the_filter);

async fn a_name_at_one_typo_is_found_among_many_alike(db: TestDb) {
    let app = db.app("alike").await;
    let many: Vec<String> = (0..600).map(|n| format!("player{n:04}")).collect();
    create(&db, app, &many.iter().map(|name| (name.as_str(), "")).collect::<Vec<_>>()).await;
    assert_eq!(texts(&db, app, "plaeyr0599").await.first().map(String::as_str), Some("player0599"));
    assert!(texts(&db, app, "player05999").await.contains(&"player0599".to_owned()));
}
on_both!(a_name_at_one_typo_is_found_among_many_alike);
