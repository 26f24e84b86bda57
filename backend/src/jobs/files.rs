//! The files of exports: where they lie, what they are called and when they go, with those of imports.

use crate::{imports, schedules, state::AppState};
use futures::TryStreamExt as _;
use object_store::{ObjectStore as _, ObjectStoreExt as _, buffered::BufWriter, path::Path};
use rollcall_shared::{
    app::SdkAppId,
    export::{Compression, ExportManifest},
    job::ExportFormat,
    time::Timestamp,
};
use std::{
    collections::{BTreeMap, HashSet},
    io,
    time::Duration,
};

/// How long a file is kept: 7 days.
pub const KEEP_MILLIS: i64 = 7 * DAY;
/// After how long a file that is still there is one that was forgotten: an import may be applied on its last day, and be undone for
/// another 7.
const ORPHAN_MILLIS: i64 = 2 * KEEP_MILLIS + DAY;
/// How long a finished job is listed: 30 days.
const JOB_KEEP_MILLIS: i64 = 30 * DAY;
/// How long a beginning of a file may be one that is still written.
const UNFINISHED_KEEP: Duration = Duration::from_secs(24 * 60 * 60);
/// What the name of a manifest ends with, after that of its file.
pub(crate) const MANIFEST: &str = ".manifest.json";
const DAY: i64 = 24 * 60 * 60 * 1000;

/// Where the file of an export lies. The path never names another file.
pub fn location(app: SdkAppId, job: &str) -> Path {
    Path::from_iter([app.to_string().as_str(), job])
}

/// Where its manifest lies, beside it.
fn manifest_location(app: SdkAppId, job: &str) -> Path {
    Path::from_iter([app.to_string(), format!("{job}{MANIFEST}")])
}

/// Keeps the manifest of an export.
pub(super) async fn put_manifest(
    state: &AppState,
    app: SdkAppId,
    job: &str,
    manifest: &ExportManifest,
) -> io::Result<()> {
    let text = serde_json::to_vec(manifest)?;
    state.files.put(&manifest_location(app, job), text.into()).await?;
    Ok(())
}

/// The manifest of an export; none if there is none, as of files that a server of the release before made.
///
/// # Errors
/// It could not be read.
pub async fn manifest(state: &AppState, app: SdkAppId, job: &str) -> io::Result<Option<ExportManifest>> {
    match state.files.get(&manifest_location(app, job)).await {
        Ok(found) => Ok(Some(serde_json::from_slice(&found.bytes().await?)?)),
        Err(object_store::Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// What a format is called in a file's name.
const fn extension(format: ExportFormat) -> &'static str {
    match format {
        ExportFormat::Csv => "csv",
        ExportFormat::Xlsx => "xlsx",
        ExportFormat::Ndjson => "ndjson",
    }
}

/// What a file's name ends with when it is packed so.
const fn packed(compression: Compression) -> &'static str {
    match compression {
        Compression::None => "",
        Compression::Gzip => ".gz",
        Compression::Zstd => ".zst",
    }
}

/// The media type of a file, by its name.
pub fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("csv") => "text/csv; charset=utf-8; header=present",
        Some("xlsx") => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Some("ndjson") => "application/x-ndjson",
        Some("gz") => "application/gzip",
        Some("zst") => "application/zstd",
        _ => "application/octet-stream",
    }
}

/// The name of a file for the download, like `aurora-live-users-2026-11-22.csv.gz`.
pub fn name(app: &str, day: Timestamp, format: ExportFormat, compression: Compression) -> String {
    let words = words(app);
    let words = if words.is_empty() { "app" } else { words.as_str() };
    format!("{words}-users-{}.{}{}", day.date(), extension(format), packed(compression))
}

/// The words of a name as a file's name has them; empty if there are none.
pub(crate) fn words(name: &str) -> String {
    let lower = name.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

/// Leaves nothing of a file that is not complete, and was not told to be.
pub(crate) async fn discard(out: &mut BufWriter) {
    if let Err(error) = out.abort().await {
        tracing::warn!(%error, "an incomplete file could not be removed");
    }
}

/// Removes the files whose time is over, and jobs that ended long ago.
///
/// # Errors
/// The store or the files could not be reached; the next sweep tries again.
pub async fn sweep(state: &AppState) -> Result<(), SweepError> {
    let now = state.clock.now();
    for (app, job) in state.store.take_expired_exports(now).await? {
        remove(state, app, &job).await?;
    }
    for (app, import) in state.store.take_expired_imports(now).await? {
        imports::remove(state, app, &import).await?;
    }
    schedules::sweep(state).await?;
    remove_orphans(state, now.plus_millis(-ORPHAN_MILLIS)).await?;
    state.store.prune_jobs(now.plus_millis(-JOB_KEEP_MILLIS)).await?;
    Ok(())
}

/// Removes files that nothing names any more: a server died between two steps. What schedules keep for longer is named by its
/// job; what lies there and was never ours stays.
async fn remove_orphans(state: &AppState, before: Timestamp) -> Result<(), SweepError> {
    let mut old: BTreeMap<SdkAppId, Vec<Path>> = BTreeMap::new();
    let mut files = state.files.list(None);
    while let Some(file) = files.try_next().await? {
        let app = file.location.parts().next().and_then(|part| part.as_ref().parse().ok()).map(SdkAppId);
        if let Some(app) = app
            && file.last_modified.timestamp_millis() < before.millis()
        {
            old.entry(app).or_default().push(file.location);
        }
    }
    for (app, locations) in old {
        let jobs = locations.iter().filter_map(job_of).map(str::to_owned).collect();
        let kept: HashSet<String> = state.store.jobs_with_files(app, jobs).await?.into_iter().collect();
        for location in locations {
            if job_of(&location).is_none_or(|job| !kept.contains(job)) {
                delete(state, &location).await?;
            }
        }
    }
    Ok(())
}

/// The job whose file or manifest lies there.
fn job_of(location: &Path) -> Option<&str> {
    let (_, name) = location.as_ref().split_once('/')?;
    Some(name.strip_suffix(MANIFEST).unwrap_or(name)).filter(|job| !job.contains('/'))
}

/// Removes the beginnings of files in a local `folder` that a server left when it died: the store of files hides them,
/// and calls them after the file that they were to become, `#` and a number. Another server may still write a young one.
///
/// # Errors
/// The folder could not be read.
pub fn remove_unfinished(folder: &std::path::Path) -> io::Result<()> {
    for entry in folder.read_dir()? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            remove_unfinished(&entry.path())?;
            continue;
        }
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_unfinished = name.rsplit_once('#').is_some_and(|(_, number)| number.parse::<u32>().is_ok());
        let age = entry.metadata()?.modified()?.elapsed().unwrap_or_default();
        if is_unfinished && age > UNFINISHED_KEEP {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Removes every file of an application.
pub(super) async fn remove_all(state: &AppState, app: SdkAppId) -> object_store::Result<()> {
    let folder = Path::from(app.to_string());
    let files: Vec<_> = state.files.list(Some(&folder)).try_collect().await?;
    for file in files {
        delete(state, &file.location).await?;
    }
    Ok(())
}

/// Removes the file of an export and its manifest.
pub(crate) async fn remove(state: &AppState, app: SdkAppId, job: &str) -> object_store::Result<()> {
    delete(state, &location(app, job)).await?;
    delete(state, &manifest_location(app, job)).await
}

async fn delete(state: &AppState, location: &Path) -> object_store::Result<()> {
    match state.files.delete(location).await {
        Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Why files stay for another round.
#[derive(Debug, thiserror::Error)]
pub enum SweepError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] rollcall_store::StoreError),
    /// The files failed.
    #[error(transparent)]
    Files(#[from] object_store::Error),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_old_beginnings_of_files_are_removed() {
        let folder = tempfile::tempdir().unwrap();
        let app = folder.path().join("1400000001");
        std::fs::create_dir(&app).unwrap();
        for name in ["old#1", "young#1", "old"] {
            let file = std::fs::File::create(app.join(name)).unwrap();
            if name.starts_with("old") {
                file.set_modified(std::time::UNIX_EPOCH).unwrap();
            }
        }
        remove_unfinished(folder.path()).unwrap();
        let left = |name: &str| app.join(name).exists();
        assert!(!left("old#1") && left("young#1") && left("old"));
    }

    #[test]
    fn a_name_is_made_of_the_words_of_the_application() {
        let day: Timestamp = "2026-11-22".parse().unwrap();
        let named = |app, format| name(app, day, format, Compression::None);
        assert_eq!(named("Aurora Live", ExportFormat::Csv), "aurora-live-users-2026-11-22.csv");
        assert_eq!(named("../..\\\"x\"\r\n", ExportFormat::Xlsx), "x-users-2026-11-22.xlsx");
        assert_eq!(named("直播 🎉", ExportFormat::Ndjson), "直播-users-2026-11-22.ndjson");
        assert_eq!(named("🎉", ExportFormat::Csv), "app-users-2026-11-22.csv");
        let packed = |compression| name("a", day, ExportFormat::Ndjson, compression);
        assert_eq!(packed(Compression::Gzip), "a-users-2026-11-22.ndjson.gz");
        assert_eq!(packed(Compression::Zstd), "a-users-2026-11-22.ndjson.zst");
    }
}
