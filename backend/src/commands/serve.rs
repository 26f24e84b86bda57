//! `rollcall serve`: brings the schema up to date, listens, and stops in good order.

use super::{CommandError, CommandResult, ending::Signals, open};
use crate::{
    changes::Changes,
    chat_api::{Calls, log::CallLog},
    clients,
    clock::SystemClock,
    config::{MASTER_KEY_ENV, Settings},
    jobs::{self, files},
    passwords::Passwords,
    public_url::PublicUrl,
    router,
    secrets::{self, Sealer, random_text},
    state::{AppState, Parts},
    webhooks,
};
use object_store::{ObjectStore, local::LocalFileSystem};
use rollcall_store::{OpenOptions, Store};
use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};
use tokio::{net::TcpListener, sync::Notify};
use tokio_util::sync::CancellationToken;

/// How long a one-time link is good: 24 hours.
const SETUP_MILLIS: i64 = 24 * 60 * 60 * 1000;
/// How long the end may take.
const GRACE: Duration = Duration::from_secs(20);

/// Runs the command until the process is told to stop.
pub async fn run(settings: &Settings) -> CommandResult {
    let listening = format!("listening on {}", settings.listen);
    // Settings that contradict each other are found before anything is opened.
    settings.public_url(settings.listen)?;
    let store = open(settings).await?;
    let store = match &settings.read_database_url {
        Some(url) => store.with_replica(url, &OpenOptions::default()).await?,
        None => store,
    };
    store.migrate().await?;
    let listener = TcpListener::bind(settings.listen).await.map_err(CommandError::io(listening))?;
    let socket = listener.local_addr().map_err(CommandError::io("listening"))?;
    let state = state(settings, store, settings.public_url(socket)?)?;
    let signals = Signals::new().map_err(CommandError::io("waiting for signals"))?;
    announce(&state).await?;
    let workers = jobs::start(&state);
    let stop = state.stop.clone();
    let app = router::app(state.clone())
        .map_err(|error| CommandError::Refused(format!("--public-url: {error}")))?
        .into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(signals.end(state.clone(), Duration::from_secs(settings.drain_seconds.into())));
    let server = axum::serve(listener, app).with_graceful_shutdown(stop.clone().cancelled_owned());
    let served = tokio::select! {
        served = server.into_future() => served,
        () = too_long_after(&stop) => Ok(()),
    };
    let ended = async {
        workers.finished().await;
        state.store.close().await;
    };
    // Jobs have their checkpoints, and what was acknowledged is written: nothing is lost by not waiting for ever.
    if tokio::time::timeout(GRACE, ended).await.is_err() {
        tracing::warn!("work that did not end was cut off");
    }
    served.map_err(CommandError::io("serving"))
}

/// The parts of a server over the store.
pub(super) fn state(
    settings: &Settings,
    store: Store,
    public_url: PublicUrl,
) -> Result<AppState, CommandError> {
    let master_key = std::env::var(MASTER_KEY_ENV).ok();
    Ok(AppState::new(Parts {
        store,
        clock: Arc::new(SystemClock),
        sealer: Sealer::from_settings(master_key.as_deref(), &settings.data)?,
        passwords: Passwords::new()?,
        public_url,
        files: export_files(settings)?,
        // Not /tmp, which may be memory.
        scratch: folder(settings, "scratch")?,
        calls: Calls::default(),
        call_log: CallLog::new()?,
        clients: clients::Hub::new(clients::Pace::default())?,
        changes: Changes::default(),
        webhooks: webhooks::Client::new(settings.webhooks_to_private_networks)
            .map_err(|error| CommandError::Refused(format!("webhooks cannot be sent: {error}")))?,
        jobs: Notify::new(),
        draining: CancellationToken::new(),
        stop: CancellationToken::new(),
    }))
}

fn export_files(settings: &Settings) -> Result<Arc<dyn ObjectStore>, CommandError> {
    let folder = folder(settings, "exports")?;
    files::remove_unfinished(&folder).map_err(CommandError::io("removing unfinished exports"))?;
    let files = LocalFileSystem::new_with_prefix(&folder)
        .map(|files| files.with_fsync(true))
        .map_err(|error| CommandError::Refused(format!("the folder {}: {error}", folder.display())))?;
    Ok(Arc::new(files))
}

/// A folder in the data folder.
fn folder(settings: &Settings, name: &str) -> Result<PathBuf, CommandError> {
    let folder = settings.data.join(name);
    let what = format!("making the folder {}", folder.display());
    std::fs::create_dir_all(&folder).map_err(CommandError::io(what))?;
    Ok(folder)
}

/// Says where the console is, with a one-time link when nobody can sign in yet.
async fn announce(state: &AppState) -> CommandResult {
    println!("Rollcall serves {}", state.public_url);
    if state.store.operators_ready().await? > 0 {
        return Ok(());
    }
    let (token, now) = (random_text()?, state.clock.now());
    state.store.put_setup_link(&secrets::hash(&token), now, now.plus_millis(SETUP_MILLIS)).await?;
    println!("Set a password within 24 hours: {}/setup?token={token}", state.public_url);
    Ok(())
}

/// Requests that were under way have so long to end.
async fn too_long_after(stop: &CancellationToken) {
    stop.cancelled().await;
    tokio::time::sleep(GRACE).await;
    tracing::warn!("requests that did not end were cut off");
}
