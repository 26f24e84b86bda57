//! Changes that nobody waits for any more, as when a client hangs up: what they leave behind for others.

use crate::support::{TestDb, change, count_matches_rows, on_both};
use futures::future::join_all;
use rollcall_shared::account::NewAccount;
use rollcall_store::{OpenOptions, news::Heard};
use std::{
    collections::BTreeSet,
    future::{Future, poll_fn},
    pin::pin,
    task::Poll,
    time::Duration,
};

/// More than a creation waits for.
const WAITS: u32 = 30;
/// Longer than anything here takes; shorter than anybody's patience.
const SOON: Duration = Duration::from_secs(20);

/// Drops a change when it has waited so often.
async fn give_up(waits: u32, change: impl Future) {
    let (mut change, mut waited) = (pin!(change), 0);
    poll_fn(|context| {
        waited += 1;
        if waited > waits { Poll::Ready(()) } else { change.as_mut().poll(context).map(drop) }
    })
    .await;
}

on_both!(changes_that_are_given_up_are_done_or_not);
async fn changes_that_are_given_up_are_done_or_not(db: TestDb) {
    let app = db.app("Aurora Live").await;
    let store = db.reopen(&OpenOptions::default()).await;
    for waits in (1..=WAITS).chain(1..=WAITS) {
        let new = NewAccount::new(format!("user-{waits}"));
        give_up(waits, store.create_account(&change(0), app, &new, None)).await;
    }
    // Everybody can go on, and counts what is there, once what nobody waits for has ended too.
    let last = NewAccount::new("last");
    store.create_account(&change(1), app, &last, None).await.unwrap();
    store.close().await;
    count_matches_rows(&db, app).await;
}

on_both!(what_is_told_after_changes_that_were_given_up_is_heard);
async fn what_is_told_after_changes_that_were_given_up_is_heard(db: TestDb) {
    let app = db.app("Aurora Live").await;
    let Some(mut listener) = db.store.listen_to_servers().await.unwrap() else { return };
    for waits in 1..=WAITS {
        let new = NewAccount::new(format!("user-{waits}"));
        give_up(waits, db.store.create_account(&change(0), app, &new, None)).await;
    }
    // At once, so that every connection takes part.
    let mut told: BTreeSet<String> = (0..40).map(|n| format!("news {n}")).collect();
    let telling = told.iter().map(|text| db.store.tell_servers(text));
    assert!(join_all(telling).await.into_iter().all(|told| told.is_ok()));
    while !told.is_empty() {
        let heard = tokio::time::timeout(SOON, listener.next()).await;
        match heard {
            Ok(Ok(Heard::Text(text))) => told.remove(&text),
            other => panic!("{other:?}, and {told:?} was not heard"),
        };
    }
}
