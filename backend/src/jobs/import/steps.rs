//! The application of what was reviewed, and the way back, in short transactions. The task that is taken up again goes on after the
//! last of them.

use super::{
    super::{Stop, Work, bulk, pace::Pace},
    review::digest,
};
use crate::{
    error::ApiError,
    imports::{self, Findings, Kept, RecordReader},
};
use axum::http::StatusCode;
use rollcall_shared::error::codes;
use rollcall_store::{
    Change,
    accounts::{AppliedBy, ImportChunk, WalkChunk},
    imports::{ImportRecord, PlannedChange},
};
use serde::Deserialize;
use std::{fmt, str::FromStr, time::Instant};

/// What is done with the changes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// They are made.
    There,
    /// They are taken back.
    Back,
}

/// How far the way back goes.
#[derive(Default, Deserialize)]
struct Extent {
    /// Whether all was applied.
    complete: bool,
    /// Where the application stopped, if it began.
    until: Option<String>,
}

pub(super) async fn run(work: &Work, record: &ImportRecord, way: Way) -> Result<(), Stop> {
    is_what_was_reviewed(work, record).await?;
    work.advance(|progress| progress.steps = true);
    let end = match way {
        Way::There => None,
        Way::Back => end_of(work)?,
    };
    if end == Some(Place::default()) {
        return Ok(());
    }
    let begin: Place = work.job.checkpoint["after"].as_str().unwrap_or_default().parse().unwrap_or_default();
    for (number, findings) in [Findings::Creates, Findings::Updates].into_iter().enumerate() {
        let offset = match number.cmp(&begin.file) {
            std::cmp::Ordering::Less => continue,
            std::cmp::Ordering::Equal => begin.offset,
            std::cmp::Ordering::Greater => 0,
        };
        let location = imports::findings(work.job.app, &record.id, &record.findings, findings);
        let reader = RecordReader::open(&work.state.files, location, offset).await.map_err(lost)?;
        File { work, record, way, number, end }.run(reader).await?;
    }
    Ok(())
}

/// Where the way back ends; none for the whole way.
fn end_of(work: &Work) -> Result<Option<Place>, Stop> {
    let extent: Extent = work.request()?;
    Ok((!extent.complete).then(|| extent.until.and_then(|place| place.parse().ok()).unwrap_or_default()))
}

/// Refuses findings that are not those whose digest was named.
async fn is_what_was_reviewed(work: &Work, record: &ImportRecord) -> Result<(), Stop> {
    let hash = async |findings| {
        let location = imports::findings(work.job.app, &record.id, &record.findings, findings);
        let sha256 = RecordReader::sha256(&work.state.files, &location).await.map_err(lost)?;
        Ok::<_, Stop>(Kept { records: 0, sha256 })
    };
    let found = digest(&hash(Findings::Creates).await?, &hash(Findings::Updates).await?);
    if record.review.as_ref().is_some_and(|review| review.digest == found) {
        return Ok(());
    }
    let detail =
        "What the review found is not what it was any more, so nothing was done. Review the file again.";
    Err(Stop::failed(&ApiError::new(StatusCode::CONFLICT, codes::CHANGED_MEANWHILE, detail)))
}

fn lost(error: object_store::Error) -> Stop {
    Stop::Failed(Box::new(imports::lost(&error)))
}

/// A place in the findings: how the store keeps where the task goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    /// Which of the two files.
    file: usize,
    /// Which byte of it.
    offset: u64,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.offset)
    }
}

impl FromStr for Place {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (file, offset) = text.split_once(':').ok_or(())?;
        Ok(Self { file: file.parse().map_err(drop)?, offset: offset.parse().map_err(drop)? })
    }
}

/// One of the two files on its way.
struct File<'a> {
    work: &'a Work,
    record: &'a ImportRecord,
    way: Way,
    number: usize,
    end: Option<Place>,
}

impl File<'_> {
    async fn run(&self, mut reader: RecordReader) -> Result<(), Stop> {
        let mut pace = Pace::new();
        loop {
            self.work.go_on()?;
            let changes = self.some(&mut reader, pace.limit()).await?;
            if changes.is_empty() {
                return Ok(());
            }
            let begun = Instant::now();
            let chunk = self.step(changes, self.place(&reader)).await?;
            if chunk.lost {
                return Err(Stop::Lost);
            }
            pace.learn(begun);
            bulk::note(self.work, &chunk);
            if let Some(refusal) = &chunk.stopped {
                return Err(bulk::stopped_by(self.work, refusal));
            }
        }
    }

    const fn place(&self, reader: &RecordReader) -> Place {
        Place { file: self.number, offset: reader.offset() }
    }

    async fn some(&self, reader: &mut RecordReader, limit: u32) -> Result<Vec<PlannedChange>, Stop> {
        let mut changes = Vec::new();
        while changes.len() < limit as usize && self.end.is_none_or(|end| self.place(reader) < end) {
            match reader.next().await.map_err(lost)? {
                Some(change) => changes.push(change),
                None => break,
            }
        }
        Ok(changes)
    }

    async fn step(&self, changes: Vec<PlannedChange>, next: Place) -> Result<WalkChunk, Stop> {
        let (work, record) = (self.work, self.record);
        let chunk = ImportChunk { changes, next: next.to_string(), hold: work.job.hold() };
        let (store, app, actor) = (&work.state.store, work.job.app, work.job.created_by.clone());
        let applied_at = record.applied_at.unwrap_or_else(|| work.state.clock.now());
        match self.way {
            Way::There => {
                let change = Change { actor, now: applied_at };
                work.retry(|| store.apply_import_chunk(&change, app, chunk.clone())).await
            }
            Way::Back => {
                let change = Change { actor, now: work.state.clock.now() };
                let applied = AppliedBy { at: applied_at, job: record.apply_job.clone() };
                work.retry(|| store.undo_import_chunk(&change, app, chunk.clone(), applied.clone())).await
            }
        }
    }
}
