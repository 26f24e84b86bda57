//! Copies that are cut off and go on.

use super::{Pair, between_engines, copied, step_name, sums};
use crate::support::{Database, Engine};
use futures::FutureExt as _;
use rollcall_store::{
    OpenOptions, Store, StoreError,
    copy::{CopyError, CopyOptions, CopyReport, Step, copy},
};
use std::{collections::HashSet, future::poll_fn, ops::ControlFlow, pin::pin, task::Poll};

const FEW: CopyOptions = CopyOptions { rows: 7 };

/// What a copy into a third database is like that nothing cuts off.
async fn undisturbed(from: &str) -> CopyReport {
    let other = Database::new(Engine::Sqlite).await;
    let report = copied(from, &other.url).await.unwrap();
    other.remove().await;
    report
}

async fn a_copy_that_stops_at_every_step_is_whole(Pair { from, to, .. }: Pair) {
    let mut seen = HashSet::new();
    let report = loop {
        let mut stop = |step: Step<'_>| match seen.insert(step_name(&step)) {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        };
        match copy(&from, &to, &FEW, &mut stop).await {
            Ok(report) => break report,
            Err(CopyError::Stopped) => {}
            Err(error) => panic!("{error}"),
        }
        if seen.len() % 16 == 1 {
            refuses_to_open(&to, &from).await;
        }
    };
    assert!(seen.len() > 80, "{}", seen.len());
    assert_eq!(sums(&report), sums(&undisturbed(&from).await));
    Store::open(&to, &OpenOptions::default()).await.unwrap().ready().await.unwrap();
}
between_engines!(a_copy_that_stops_at_every_step_is_whole);

async fn refuses_to_open(to: &str, from: &str) {
    let error = Store::open(to, &OpenOptions::default()).await.unwrap_err();
    let StoreError::UnfinishedCopy { from: named } = &error else { panic!("{error}") };
    let place = from.rsplit_once('/').unwrap().1;
    assert!(named.ends_with(place) && error.to_string().contains("rollcall copy"), "{error}");
}

/// Like a kill: the copy is dropped wherever it waits, in the middle of transactions too.
async fn a_copy_that_is_dropped_anywhere_is_whole(Pair { from, to, .. }: Pair) {
    let mut polls = 10;
    let mut furthest = 0;
    let report = loop {
        let mut reached = None;
        let mut note = |step: Step<'_>| {
            if let Step::Rows { copied, .. } = step {
                reached = Some(copied);
            }
            ControlFlow::Continue(())
        };
        let outcome = {
            let mut copying = pin!(copy(&from, &to, &FEW, &mut note));
            let mut left = polls;
            poll_fn(|context| match copying.poll_unpin(context) {
                Poll::Ready(outcome) => Poll::Ready(Some(outcome)),
                Poll::Pending if left == 0 => Poll::Ready(None),
                Poll::Pending => {
                    left -= 1;
                    Poll::Pending
                }
            })
            .await
        };
        if let Some(reached) = reached {
            assert!(reached >= furthest, "what was written stays written");
            furthest = reached;
        }
        match outcome {
            Some(outcome) => break outcome.unwrap(),
            None => polls += polls / 3,
        }
    };
    assert_eq!(sums(&report), sums(&undisturbed(&from).await));
}
between_engines!(a_copy_that_is_dropped_anywhere_is_whole);
