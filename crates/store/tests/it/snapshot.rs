//! Exports as of one time: what changes between two chunks does not show in them.

use crate::support::{TestDb, at, change, on_both, rows};
use rollcall_shared::{
    account::{Account, AccountPatch, NewAccount, Patch},
    app::SdkAppId,
    export::Consistency,
    list::AccountFilter,
    selection::Matching,
};
use rollcall_store::{OpenOptions, Store, accounts::ExportSnapshot};

/// An application with these accounts beside its administrator.
async fn fill(db: &TestDb, count: usize) -> SdkAppId {
    let app = db.app("A").await;
    let account = |n: usize| NewAccount::new(format!("u{n:03}")).into_account(at(1), Default::default());
    db.store.load_accounts(&change(1), app, (0..count).map(account).collect()).await.unwrap();
    app
}

/// Edits, deletes and creates accounts that the next chunks come to.
async fn change_the_rest(store: &Store, app: SdkAppId) {
    let patch = AccountPatch { nickname: Patch::Set("changed".to_owned()), ..AccountPatch::default() };
    store.patch_account(&change(2), app, "u050", None, &patch).await.unwrap();
    let gone = ["u060".to_owned()];
    store.delete_accounts(&change(2), app, &gone).await.unwrap().unwrap();
    store.create_account(&change(2), app, &NewAccount::new("u055new"), None).await.unwrap();
}

async fn read_on(
    snapshot: &mut ExportSnapshot,
    matching: Option<&Matching>,
    mut after: Option<String>,
) -> Vec<Account> {
    let mut accounts = Vec::new();
    while after.is_some() {
        let chunk = snapshot.chunk(matching, after.as_deref(), 10).await.unwrap();
        accounts.extend(chunk.accounts);
        after = chunk.after;
    }
    accounts
}

async fn what_changes_between_two_chunks_does_not_show(db: TestDb) {
    let app = fill(&db, 100).await;
    let filter = AccountFilter { q: "u0".to_owned(), ..AccountFilter::default() };
    let some = Matching { filter, except: Vec::new(), as_of: at(9), expected: None };
    let before = rows(&db.store, app, None, 1000).await;
    let mut snapshots = Vec::new();
    for matching in [None, Some(&some)] {
        let mut snapshot = db.store.export_snapshot(app).await.unwrap();
        let first = snapshot.chunk(matching, None, 10).await.unwrap();
        snapshots.push((matching, snapshot, first));
    }
    change_the_rest(&db.store, app).await;
    for (matching, mut snapshot, first) in snapshots {
        let mut seen = first.accounts;
        seen.extend(read_on(&mut snapshot, matching, first.after).await);
        let expected = before.iter().filter(|account| matching.is_none() || account.user_id.starts_with('u'));
        assert!(seen.iter().eq(expected), "{seen:?}");
        let named = snapshot.named(&["u060".to_owned(), "u055new".to_owned()]).await.unwrap();
        assert_eq!(named.len(), 1);
        assert_eq!(snapshot.consistency(), Consistency::Snapshot);
        snapshot.close().await;
    }
    let now = rows(&db.store, app, None, 1000).await;
    let ids: Vec<&str> = now.iter().map(|account| account.user_id.as_str()).collect();
    assert!(ids.contains(&"u055new") && !ids.contains(&"u060"));
}
on_both!(what_changes_between_two_chunks_does_not_show);

async fn a_log_that_grows_too_long_makes_it_go_on_page_by_page(db: TestDb) {
    let app = fill(&db, 100).await;
    let store = db.reopen(&OpenOptions { snapshot_log: 100_000, ..OpenOptions::default() }).await;
    let mut snapshot = store.export_snapshot(app).await.unwrap();
    let first = snapshot.chunk(None, None, 10).await.unwrap();
    change_the_rest(&store, app).await;
    let more = |n: usize| NewAccount::new(format!("v{n:04}")).into_account(at(2), Default::default());
    store.load_accounts(&change(2), app, (0..3000).map(more).collect()).await.unwrap();
    let ids: Vec<String> =
        read_on(&mut snapshot, None, first.after).await.into_iter().map(|account| account.user_id).collect();
    let paged = db.is_sqlite();
    let consistency = if paged { Consistency::Paged } else { Consistency::Snapshot };
    assert_eq!(snapshot.consistency(), consistency);
    // Every account once, from the place where the snapshot ended.
    assert!(ids.is_sorted_by(|a, b| a < b));
    let has = |id: &str| ids.iter().any(|other| other == id);
    assert_eq!((has("u060"), has("u055new"), has("v2999")), (!paged, paged, paged));
    snapshot.close().await;
    store.close().await;
}
on_both!(a_log_that_grows_too_long_makes_it_go_on_page_by_page);

async fn too_many_at_once_wait_for_an_end(db: TestDb) {
    let app = fill(&db, 1).await;
    let mut open = Vec::new();
    for _ in 0..4 {
        open.push(db.store.export_snapshot(app).await.unwrap());
    }
    let (store, mut ending) = (db.store.clone(), open.pop().unwrap());
    let waiting = tokio::spawn(async move { store.export_snapshot(app).await });
    ending.close().await;
    waiting.await.unwrap().unwrap();
}
on_both!(too_many_at_once_wait_for_an_end);
