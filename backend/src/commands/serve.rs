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
    places::{Destinations, Place, S3},
    public_url::PublicUrl,
    router,
    secrets::{self, Sealer, random_text},
    state::{AppState, Parts},
    webhooks,
};
use futures::StreamExt as _;
use object_store::ObjectStore;
use rollcall_store::{OpenOptions, Store};
use std::{
    fmt::Display,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio::{net::TcpListener, sync::Notify};
use tokio_util::sync::CancellationToken;

/// How long a one-time link is good: 24 hours.
const SETUP_MILLIS: i64 = 24 * 60 * 60 * 1000;
/// How long a bucket may take to answer when the server starts.
const REACH: Duration = Duration::from_secs(30);
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
    reach_files(&state, &settings.files()).await?;
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
    let s3 = S3::from_env();
    Ok(AppState::new(Parts {
        store,
        clock: Arc::new(SystemClock),
        sealer: Sealer::from_settings(master_key.as_deref(), &settings.data)?,
        passwords: Passwords::new()?,
        public_url,
        files: own_files(settings, &s3)?,
        destinations: Destinations::new(settings.export_to.iter().cloned(), s3),
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

fn own_files(settings: &Settings, s3: &S3) -> Result<Arc<dyn ObjectStore>, CommandError> {
    let place = settings.files();
    if let Place::Folder(folder) = &place {
        make(folder)?;
        files::remove_unfinished(folder).map_err(CommandError::io("removing unfinished exports"))?;
    }
    place.open(s3).map_err(|error| CommandError::Refused(format!("the files at {place}: {error}")))
}

/// Asks a bucket for its files, so that one that cannot be used is found now and not by the first export.
async fn reach_files(state: &AppState, place: &Place) -> CommandResult {
    let asked = async { state.files.list(None).next().await.transpose() };
    let told = |error: &dyn Display| {
        let check = "check its name, AWS_ENDPOINT_URL, AWS_REGION and the credentials";
        CommandError::Refused(format!("the files at {place} cannot be reached ({check}): {error}"))
    };
    match tokio::time::timeout(REACH, asked).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(told(&error)),
        Err(_) => Err(told(&"there was no answer in time")),
    }
}

/// A folder in the data folder.
fn folder(settings: &Settings, name: &str) -> Result<PathBuf, CommandError> {
    let folder = settings.data.join(name);
    make(&folder)?;
    Ok(folder)
}

fn make(folder: &Path) -> CommandResult {
    let what = format!("making the folder {}", folder.display());
    std::fs::create_dir_all(folder).map_err(CommandError::io(what))
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
