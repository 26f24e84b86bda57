//! What servers tell each other of clients, through the database: that they live, which connections are to be ended, and what
//! became of those of a server that was lost.

use super::{hub::Order, pushes::note_received};
use crate::{
    changes::{ChangeKind, News},
    state::AppState,
};
use rollcall_shared::app::SdkAppId;
use rollcall_store::StoreError;
use std::{sync::atomic::Ordering, time::Duration};
use tokio::{sync::broadcast::error::RecvError, time};

/// How often a server says that it lives.
const BEAT: Duration = Duration::from_secs(5);
/// For how long others believe it, in milliseconds.
const BELIEVED: i64 = 20_000;
/// How long after that its sessions are ended by others.
const MOURNED: i64 = 10_000;

/// Runs until the server stops.
pub async fn run(state: AppState) {
    let mut ticks = time::interval(BEAT);
    let mut news = state.changes.listen();
    loop {
        tokio::select! {
            () = state.stop.cancelled() => break,
            _ = ticks.tick() => {}
            told = news.recv() => {
                // A kick or a deletion ends connections at once, at whichever server it was.
                if ends(&told)
                    && let Err(error) = end_marked(&state).await
                {
                    tracing::warn!(%error, "connections of clients could not be ended");
                }
                continue;
            }
        }
        if let Err(error) = beat(&state).await {
            tracing::warn!(%error, "the server could not say that it lives");
        }
    }
    state.clients.tasks.close();
    state.clients.tasks.wait().await;
    note_received(&state).await;
    if let Err(error) = state.store.server_ends(&state.clients.server).await {
        tracing::warn!(%error, "the server could not say that it ends");
    }
}

fn ends(told: &Result<(SdkAppId, News), RecvError>) -> bool {
    matches!(
        told,
        Ok((_, News::Kicked | News::Missed | News::Accounts(ChangeKind::Deleted, _)))
            | Err(RecvError::Lagged(_))
    )
}

/// Does once what is done all the time.
///
/// # Errors
/// The database failed.
pub async fn beat(state: &AppState) -> Result<(), StoreError> {
    let now = state.clock.now();
    if state.clients.count() == 0 {
        // Nobody asks whether it lives.
        state.clients.announced.store(false, Ordering::SeqCst);
    } else if !lives(state).await? {
        state.clients.order_all(Order::Renew);
    }
    end_marked(state).await?;
    while state.store.forget_lost_servers(now.plus_millis(-MOURNED), now).await? {}
    Ok(())
}

/// Says that this server lives; false if it had said so before, and others have not believed it any more.
async fn lives(state: &AppState) -> Result<bool, StoreError> {
    let now = state.clock.now();
    let until = now.plus_millis(BELIEVED);
    let lived = state.store.server_lives(&state.clients.server, now, until).await?;
    let was_announced = state.clients.announced.swap(true, Ordering::SeqCst);
    Ok(lived || !was_announced)
}

/// Says that this server lives before its first connection is written.
pub(super) async fn announce(state: &AppState) -> Result<(), StoreError> {
    if !state.clients.announced.load(Ordering::SeqCst) {
        lives(state).await?;
    }
    Ok(())
}

/// Ends the connections whose accounts were kicked or deleted, wherever that happened.
///
/// # Errors
/// The database failed.
pub async fn end_marked(state: &AppState) -> Result<(), StoreError> {
    if state.clients.count() == 0 {
        return Ok(());
    }
    for session in state.store.clients_to_end(&state.clients.server).await? {
        state.clients.order(&session, &Order::End);
    }
    Ok(())
}
