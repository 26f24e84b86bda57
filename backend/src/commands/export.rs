//! `rollcall export`: the accounts of an application as a file that is complete or not there. It reads the database itself,
//! beside a running server or without one. What the file looks like is [`crate::export`]'s.

use super::{CommandError, CommandResult};
use crate::{
    clock::{Clock, SystemClock},
    config::{ExportArguments, Settings},
    export::{Failure, Made, Plan, Seen, UnknownZone, make},
};
use rollcall_shared::{
    app::{App, SdkAppId},
    error::FieldError,
    export::{Cells, Consistency},
    job::ExportRequest,
    list::AccountFilter,
    selection::{Matching, Selection},
    time::Timestamp,
};
use rollcall_store::{OpenOptions, Store};
use std::{
    convert::Infallible,
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};
use tempfile::NamedTempFile;

/// How many accounts are written between two lines that say how far it is.
const TOLD: u64 = 100_000;

/// Runs the command.
pub async fn run(settings: &Settings, arguments: ExportArguments) -> CommandResult {
    let store = open(settings).await?;
    let done = tokio::select! {
        done = export(settings, &store, &arguments) => done,
        _ = tokio::signal::ctrl_c() => Err(CommandError::Refused("stopped; there is no new file".to_owned())),
    };
    store.close().await;
    done
}

/// Opens a database that is there, and has this binary's schema.
async fn open(settings: &Settings) -> Result<Store, CommandError> {
    let url = settings.database();
    let path = url.strip_prefix("sqlite://").map(|path| path.split('?').next().unwrap_or_default());
    if let Some(path) = path
        && !Path::new(path).exists()
    {
        return Err(CommandError::Refused(format!("there is no database {path}")));
    }
    let store = Store::open(&url, &OpenOptions::default()).await?;
    store.ready().await?;
    Ok(store)
}

async fn export(settings: &Settings, store: &Store, arguments: &ExportArguments) -> CommandResult {
    let now = SystemClock.now();
    let app = SdkAppId(arguments.app);
    let app = store.app(app).await?;
    let app =
        app.ok_or_else(|| CommandError::Refused(format!("there is no application {}", arguments.app)))?;
    let request = request(arguments, &app, now)?;
    let plan = Plan::new(&request, &app, scratch(settings, arguments))
        .map_err(|unknown: UnknownZone| CommandError::Refused(format!("--time-zone: {unknown}")))?;
    let source = Source { store, app: &app, plan: &plan, selection: request.selection.as_ref() };
    let (made, consistency) = if is_standard_output(&arguments.output) {
        source.write(io::stdout()).await.map(|(_, made, consistency)| (made, consistency))?
    } else {
        source.put(&arguments.output).await?
    };
    let name = arguments.output.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let manifest = plan.manifest(name, &made, now, consistency);
    let text = serde_json::to_string(&manifest).map_err(|error| CommandError::Refused(error.to_string()))?;
    match &arguments.manifest {
        Some(file) => {
            let what = format!("writing the manifest {}", file.display());
            fs::write(file, text + "\n").map_err(CommandError::io(what))
        }
        None => {
            eprintln!("{text}");
            Ok(())
        }
    }
}

fn is_standard_output(output: &Path) -> bool {
    output == Path::new("-")
}

/// Where a workbook's rows wait: beside the file, on whose disk it has to fit anyway.
fn scratch(settings: &Settings, arguments: &ExportArguments) -> PathBuf {
    if is_standard_output(&arguments.output) {
        settings.data.join("scratch")
    } else {
        folder(&arguments.output)
    }
}

fn folder(file: &Path) -> PathBuf {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or_else(|| Path::new(".")).to_owned()
}

fn request(arguments: &ExportArguments, app: &App, now: Timestamp) -> Result<ExportRequest, CommandError> {
    let matching = |q: &String| {
        let filter = AccountFilter { q: q.clone(), ..AccountFilter::default() };
        Matching { filter, except: Vec::new(), as_of: now, expected: None }
    };
    let filtered = arguments.q.as_ref().map(matching);
    let mut errors =
        filtered.iter().flat_map(|matching| matching.filter.check()).collect::<Vec<FieldError>>();
    let normal = |matching: Matching| Matching { filter: matching.filter.normalised(), ..matching };
    let request = ExportRequest {
        selection: filtered.map(|matching| Selection::Matching(normal(matching))),
        format: arguments.format,
        columns: arguments.columns.clone(),
        compression: arguments.compress,
        cells: if arguments.exact { Cells::Exact } else { Cells::Safe },
        header: arguments.header,
        time_zone: arguments.time_zone.clone(),
    };
    errors.extend(request.form_errors(&app.custom_fields));
    match errors.into_iter().next() {
        Some(error) => Err(CommandError::Refused(format!("{}: {}", error.field, error.message))),
        None => Ok(request),
    }
}

/// What is written.
struct Source<'a> {
    store: &'a Store,
    app: &'a App,
    plan: &'a Plan,
    selection: Option<&'a Selection>,
}

impl Source<'_> {
    /// Writes the file under another name beside it, and gives it its own once it is complete and on the disk.
    async fn put(&self, output: &Path) -> Result<(Made, Consistency), CommandError> {
        let what = || format!("writing {}", output.display());
        let folder = folder(output);
        let begun = NamedTempFile::new_in(&folder).map_err(CommandError::io(what()))?;
        let (begun, made, consistency) = self.write(begun).await?;
        begun.as_file().sync_all().map_err(CommandError::io(what()))?;
        begun.persist(output).map_err(|error| error.error).map_err(CommandError::io(what()))?;
        // So that the name survives a power cut too.
        File::open(&folder).and_then(|folder| folder.sync_all()).map_err(CommandError::io(what()))?;
        Ok((made, consistency))
    }

    async fn write<W: Write + Send + 'static>(&self, out: W) -> Result<(W, Made, Consistency), CommandError> {
        let mut snapshot = self.store.export_snapshot(self.app.sdkappid).await?;
        let mut told = Told::default();
        let seen = |seen| {
            told.seen(&seen);
            Ok::<(), Infallible>(())
        };
        let made = make(&mut snapshot, self.plan, self.selection, out, seen).await;
        let consistency = snapshot.consistency();
        snapshot.close().await;
        let (out, made) = made.map_err(|unmade| failed(unmade.failure))?;
        Ok((out, made, consistency))
    }
}

fn failed(failure: Failure<Infallible>) -> CommandError {
    match failure {
        Failure::Stopped(never) => match never {},
        Failure::Store(error) => error.into(),
        Failure::Write(error) => CommandError::Refused(format!("the file could not be written: {error}")),
        Failure::Panicked(panic) => CommandError::Refused(panic.to_string()),
    }
}

/// What was said of the progress.
#[derive(Default)]
struct Told {
    accounts: u64,
}

impl Told {
    fn seen(&mut self, seen: &Seen) {
        let Seen::Accounts(more) = seen else { return };
        let before = self.accounts / TOLD;
        self.accounts += more;
        if self.accounts / TOLD > before {
            eprintln!("{} accounts", self.accounts);
        }
    }
}
