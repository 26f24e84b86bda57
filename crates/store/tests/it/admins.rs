//! General accounts that become admins, and admins that stop being ones.

use crate::support::{TestDb, change, count_matches_rows, on_both};
use rollcall_shared::{
    account::{Account, NewAccount},
    app::SdkAppId,
    list::{AccountFilter, CountMode},
    profile::{ADMINISTRATOR, AccountType},
};
use rollcall_store::{Refusal, accounts::Replayable};

async fn create(db: &TestDb, app: SdkAppId, id: &str) -> Account {
    match db.store.create_account(&change(1), app, &NewAccount::new(id), None).await.unwrap() {
        Replayable::Fresh(Ok(account)) => account,
        other => panic!("{other:?}"),
    }
}

async fn a_type_changes_by_its_own_verb(db: TestDb) {
    let app = db.app("A").await;
    let old = create(&db, app, "ming").await;
    let store = &db.store;
    let set =
        async |id: &str, to: AccountType| store.set_account_type(&change(5), app, id, to).await.unwrap();
    let admin = set("ming", AccountType::Admin).await.unwrap();
    assert_eq!((admin.account_type, admin.version), (AccountType::Admin, old.version + 1));
    assert_eq!(set("ming", AccountType::Admin).await.unwrap(), admin, "again changes nothing");
    assert_eq!(set("ming", AccountType::General).await.unwrap().account_type, AccountType::General);
    assert_eq!(set(ADMINISTRATOR, AccountType::General).await, Err(Refusal::ProtectedAccount));
    assert_eq!(set("nobody", AccountType::Admin).await, Err(Refusal::NotFound));
    assert_eq!(store.app(app).await.unwrap().unwrap().admins, 1, "administrator alone");
    let filter = AccountFilter { account_type: vec![AccountType::Admin], ..AccountFilter::default() };
    let found = store.count_accounts(app, &filter, CountMode::Exact).await.unwrap().unwrap();
    assert_eq!(found.value, 1, "the search index follows");
}
on_both!(a_type_changes_by_its_own_verb);

async fn there_are_never_more_than_10_admins_however_they_became_it(db: TestDb) {
    let app = db.app("A").await;
    for n in 0..30 {
        create(&db, app, &format!("u{n}")).await;
    }
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..30 {
        let store = db.store.clone();
        let id = format!("u{n}");
        tasks.spawn(async move {
            store.set_account_type(&change(2), app, &id, AccountType::Admin).await.unwrap()
        });
    }
    let answers = tasks.join_all().await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 9);
    assert_eq!(db.store.app(app).await.unwrap().unwrap().admins, 10);
    count_matches_rows(&db, app).await;
}
on_both!(there_are_never_more_than_10_admins_however_they_became_it);
