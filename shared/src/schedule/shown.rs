//! Schedules as they are shown: with when they run next, and what came of the last run.

use super::ScheduleSettings;
use crate::{
    account::etag,
    profile::{UnknownValue, closed_set},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// A schedule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExportSchedule {
    /// Its number in its application.
    pub id: i64,
    /// When and what, and where to.
    pub settings: ScheduleSettings,
    /// When the next run is; none while it is paused.
    pub next_at: Option<Timestamp>,
    /// The job of the run that is under way.
    pub job: Option<String>,
    /// What came of the last run.
    pub last: Option<LastRun>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who made it.
    pub created_by: String,
    /// Counts its changes.
    pub version: i64,
}

impl ExportSchedule {
    /// The entity tag for `If-Match`. What runs come to does not change it.
    pub fn etag(&self) -> String {
        etag(self.created_at, self.version)
    }
}

closed_set! {
    /// What came of a run.
    RunState {
        /// The file is where it should be.
        #[default]
        Done = 0 => "done",
        /// There is no file; `error` says why.
        Failed = 1 => "failed",
        /// It was stopped on request.
        Cancelled = 2 => "cancelled",
        /// It did not begin, because the run before had not ended.
        Skipped = 3 => "skipped",
    }
}

/// What came of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LastRun {
    /// What came of it.
    pub state: RunState,
    /// When it ended.
    pub at: Timestamp,
    /// Its job; none if it did not begin.
    pub job: Option<String>,
    /// How many accounts the file holds.
    pub rows: Option<u64>,
    /// The name of the file.
    pub file: Option<String>,
    /// Where the file can be fetched, for as long as the server has it.
    pub url: Option<String>,
    /// Why there is none.
    pub error: Option<String>,
}

/// A place outside the server's own files that the administrator of the server named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExportDestination {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: DestinationKind,
}

closed_set! {
    /// What a destination is.
    DestinationKind {
        /// A folder of the server's machine.
        #[default]
        Folder = 0 => "folder",
        /// A bucket of an object store that speaks S3.
        Bucket = 1 => "bucket",
    }
}

/// The schedules of an application, and where their files can go.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExportSchedules {
    /// The schedules by their numbers, at most 20.
    pub items: Vec<ExportSchedule>,
    /// The destinations of this server, by name.
    pub destinations: Vec<ExportDestination>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schedule_is_read_as_it_is_written() {
        let text = r#"{"id":3,"settings":{"name":"Nightly","paused":false,
            "calendar":{"kind":"weekly","days":["friday"],"time":"03:00"},"time_zone":"UTC",
            "export":{"format":"csv","filter":{"q":"ming"}},"destination":"backup","retention":{"last":2}},
            "next_at":"2026-11-27T03:00:00.000Z","job":null,"created_at":"2026-11-22T18:00:00.000Z",
            "created_by":"operator:1","version":1,
            "last":{"state":"skipped","at":"2026-11-22T18:00:00.000Z","error":"The run before had not ended."}}"#;
        let schedule: ExportSchedule = serde_json::from_str(text).unwrap();
        assert_eq!(
            (schedule.settings.name.as_str(), schedule.settings.export.filter.q.as_str()),
            ("Nightly", "ming")
        );
        assert_eq!(
            schedule.last.as_ref().map(|last| (last.state, last.rows)),
            Some((RunState::Skipped, None))
        );
        let written = serde_json::to_string(&schedule).unwrap();
        assert_eq!(serde_json::from_str::<ExportSchedule>(&written).unwrap(), schedule);
    }
}
