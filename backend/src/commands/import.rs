//! `rollcall import`: brings a file of accounts as the console does, beside a server or without one. What was reviewed can be looked
//! at in the console afterwards, and an import that was applied can be undone there.

use super::{CommandError, CommandResult, open, serve};
use crate::{
    config::{ImportArguments, Settings},
    imports::{self, Refusals},
    jobs,
    secrets::random_text,
    state::AppState,
};
use futures::TryStreamExt as _;
use object_store::ObjectStoreExt as _;
use rollcall_shared::{
    app::{App, SdkAppId},
    error::{FieldError, Problem},
    import::{FILE_BYTES_MAX, Import, Mapping, NewImport, PART_BYTES, Preview, Review, ReviewRequest},
    job::{AnyColumn, Job, JobState},
};
use rollcall_store::{
    Actor, Change,
    imports::{Announced, Begin, Begun},
};
use std::{
    fs::File,
    io::{Read as _, Write as _},
    path::Path,
    time::Duration,
};

/// How often a task that a server does is looked at.
const POLL: Duration = Duration::from_millis(200);

pub(super) async fn run(settings: &Settings, arguments: ImportArguments) -> CommandResult {
    let store = open(settings).await?;
    store.migrate().await?;
    let state = serve::state(settings, store, settings.public_url(settings.listen)?)?;
    let app = state.store.app(arguments.app).await?;
    let app =
        app.ok_or_else(|| CommandError::Refused(format!("there is no application {}", arguments.app)))?;
    let import = bring(&state, &app, &arguments.file).await?;
    let request = match request(&app, &import, &arguments) {
        Ok(request) => request,
        Err(refused) => {
            discard(&state, app.sdkappid, &import.id).await?;
            return Err(refused);
        }
    };
    let import = task(&state, app.sdkappid, &import.id, Begin::Review(request)).await?;
    let review = import.review.clone().unwrap_or_default();
    say(&review);
    if let Some(file) = &arguments.refused {
        write_refused(&state, app.sdkappid, &import.id, file).await?;
    }
    if arguments.apply {
        let import = task(&state, app.sdkappid, &import.id, Begin::Apply(review.digest)).await?;
        let applied = import.applied.unwrap_or_default();
        println!(
            "{} created or changed; {} changed since by someone and kept.",
            counted(applied.done, "account"),
            counted(applied.refused, "account")
        );
        println!("It can be undone until {} in the console, as import {}.", import.expires_at, import.id);
    } else {
        println!(
            "Nothing was changed. Look at it in the console, as import {}, or run this with --apply.",
            import.id
        );
    }
    state.store.close().await;
    Ok(())
}

fn say(review: &Review) {
    let Review { rows, create, update, unchanged, refused, .. } = review;
    let rows = counted(*rows, "row");
    println!("{rows}: {create} new, {update} changed, {unchanged} unchanged, {refused} refused.");
}

fn counted(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn told(problem: Option<&Problem>) -> CommandError {
    CommandError::Refused(problem.map(|problem| problem.detail.clone()).unwrap_or_default())
}

fn wrong(errors: &[FieldError]) -> CommandError {
    let all = errors.iter().map(|error| format!("{}: {}", error.field, error.message));
    CommandError::Refused(all.collect::<Vec<_>>().join("\n"))
}

/// Puts the file beside those that browsers bring.
async fn bring(state: &AppState, app: &App, path: &Path) -> Result<Import, CommandError> {
    let reading = || CommandError::io(format!("reading {}", path.display()));
    let mut file = File::open(path).map_err(reading())?;
    let bytes = file.metadata().map_err(reading())?.len();
    if !(1..=FILE_BYTES_MAX).contains(&bytes) {
        return Err(CommandError::Refused(format!(
            "a file has 1 to {FILE_BYTES_MAX} bytes, and this one {bytes}"
        )));
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let (id, new) = (random_text()?, NewImport { file_name: name, bytes });
    match state.store.announce_import(&change(state), app.sdkappid, &id, &new).await? {
        Announced::Kept => {}
        Announced::TooMany => {
            return Err(CommandError::Refused(
                "there are too many imports; discard one in the console".to_owned(),
            ));
        }
        Announced::Refused(refusal) => return Err(CommandError::Refused(refusal.field_error().message)),
    }
    for part in 0..bytes.div_ceil(PART_BYTES) {
        let (from, mut piece) = (part * PART_BYTES, Vec::new());
        (&mut file).take(PART_BYTES).read_to_end(&mut piece).map_err(reading())?;
        let length = piece.len() as u64;
        let location = imports::part(app.sdkappid, &id, part);
        state.files.put(&location, piece.into()).await.map_err(|error| kept(&error))?;
        state.store.import_received(app.sdkappid, &id, from, length).await?;
    }
    let record = state.store.import_record(app.sdkappid, &id).await?;
    let record = record.ok_or_else(|| CommandError::Refused("the import is gone".to_owned()))?;
    imports::look(state, app, record).await.map_err(|error| told(Some(&error.into_problem())))?;
    find(state, app.sdkappid, &id).await
}

fn kept(error: &object_store::Error) -> CommandError {
    CommandError::Refused(format!("a part of the file could not be kept: {error}"))
}

fn change(state: &AppState) -> Change {
    Change { actor: Actor::System, now: state.clock.now() }
}

async fn find(state: &AppState, app: SdkAppId, id: &str) -> Result<Import, CommandError> {
    let import = state.store.import(app, id).await?;
    import.ok_or_else(|| CommandError::Refused("the import was discarded meanwhile".to_owned()))
}

/// What the review is asked for.
fn request(app: &App, import: &Import, arguments: &ImportArguments) -> Result<ReviewRequest, CommandError> {
    let preview = import.preview.as_ref().ok_or_else(|| told(import.problem.as_ref()))?;
    Ok(ReviewRequest {
        mapping: mapping(app, preview, &arguments.map)?,
        policy: arguments.policy,
        empty_cells: arguments.empty_cells,
    })
}

/// Leaves nothing of a file that was refused.
async fn discard(state: &AppState, app: SdkAppId, id: &str) -> CommandResult {
    if state.store.discard_import(app, id).await? {
        imports::remove(state, app, id).await.map_err(|error| kept(&error))?;
    }
    Ok(())
}

/// What the columns mean: as they are named on the command line, else as they were guessed.
fn mapping(app: &App, preview: &Preview, named: &[String]) -> Result<Vec<Option<AnyColumn>>, CommandError> {
    let mut mapping = preview.mapping.clone();
    for pair in named {
        let unclear = |what: &str| CommandError::Refused(format!("--map {pair}: {what}"));
        let (name, field) = pair.split_once('=').ok_or_else(|| unclear("write NAME=FIELD"))?;
        let place = preview.columns.iter().position(|column| column == name);
        let place = place.ok_or_else(|| unclear("the file has no such column"))?;
        mapping[place] = match field {
            "" => None,
            field => Some(field.parse().map_err(|_| unclear("there is no such field"))?),
        };
    }
    Mapping::new(mapping.clone()).map_err(|errors| wrong(&errors))?;
    let undefined = imports::undefined(&mapping, &app.custom_fields);
    if undefined.is_empty() { Ok(mapping) } else { Err(wrong(&undefined)) }
}

/// Begins a task and waits for its end; whoever is free does it, this process or a server.
async fn task(state: &AppState, app: SdkAppId, id: &str, begin: Begin) -> Result<Import, CommandError> {
    let begun = state.store.begin_import(&change(state), app, id, begin, &random_text()?).await?;
    let Begun::Job(job) = begun else {
        return Err(CommandError::Refused(format!("the import cannot go on: {begun:?}")));
    };
    loop {
        jobs::drain(state).await?;
        match state.store.job(app, &job.id).await? {
            Some(Job { state: JobState::Done, .. }) => return find(state, app, id).await,
            Some(Job { state: JobState::Failed, error, .. }) => return Err(told(error.as_ref())),
            Some(Job { state: JobState::Queued | JobState::Running, .. }) => tokio::time::sleep(POLL).await,
            Some(Job { state: JobState::Cancelled, .. }) | None => {
                return Err(CommandError::Refused(
                    "the task was cancelled; what was done stays done".to_owned(),
                ));
            }
        }
    }
}

async fn write_refused(state: &AppState, app: SdkAppId, id: &str, path: &Path) -> CommandResult {
    let record = state.store.import_record(app, id).await?;
    let record =
        record.ok_or_else(|| CommandError::Refused("the import was discarded meanwhile".to_owned()))?;
    let writing = || CommandError::io(format!("writing {}", path.display()));
    let refusals = Refusals::new(state, app, record).await.map_err(|error| kept(&error))?;
    let mut parts = std::pin::pin!(refusals.parts());
    let mut file = File::create(path).map_err(writing())?;
    while let Some(part) = parts.try_next().await.map_err(writing())? {
        file.write_all(&part).map_err(writing())?;
    }
    file.sync_all().map_err(writing())
}
