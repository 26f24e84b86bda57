//! The way of an export: the question, the job, the file. It goes on when its dialog is closed, and then ends
//! in a toast. The dialog itself is [`super::export_dialog`].

use super::{job_watch, state::Users};
use crate::{
    api::{self, ApiError},
    browser,
    stores::toasts::Toasts,
    text::accounts as t,
};
use leptos::prelude::*;
use rollcall_shared::{
    job::{ExportFile, ExportRequest, Job, JobState},
    selection::Selection,
};

/// What is about to be exported.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    /// Which accounts; none means all.
    pub selection: Option<Selection>,
    /// How many, if that is known.
    pub count: Option<u64>,
    /// Why the last try did not begin.
    pub error: Option<String>,
}

/// Where the export in the dialog stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Phase {
    /// No dialog.
    #[default]
    Closed,
    /// Format and columns are chosen.
    Asking(Ask),
    /// The request is on its way.
    Starting,
    /// The job runs.
    Running(Job),
    /// The file of this job is there.
    Done(String, ExportFile),
    /// There is no file.
    Failed(String),
}

/// The export of this page.
#[derive(Clone, Copy)]
pub struct Exports {
    /// Where it stands.
    pub phase: RwSignal<Phase>,
    users: Users,
    toasts: Toasts,
}

impl Exports {
    /// Provides it to everything below.
    pub fn provide() {
        provide_context(Self {
            phase: RwSignal::new(Phase::Closed),
            users: Users::get(),
            toasts: Toasts::get(),
        });
    }

    /// The export of this page.
    pub fn get() -> Self {
        expect_context()
    }

    /// Asks how to export every account.
    pub fn ask_all(self) {
        let count = self.users.application_now().and_then(|app| u64::try_from(app.accounts).ok());
        self.ask(None, count);
    }

    /// Asks how to export one account.
    pub fn ask_one(self, user_id: String) {
        self.ask(Some(Selection::UserIds { user_ids: vec![user_id] }), Some(1));
    }

    /// Asks how to export the ticked accounts.
    pub fn ask_ticked(self) {
        let (selection, count) = self.users.ticks.with_untracked(|ticks| (ticks.selection(), ticks.count()));
        if selection.is_some() {
            self.ask(selection, count);
        }
    }

    fn ask(self, selection: Option<Selection>, count: Option<u64>) {
        self.phase.set(Phase::Asking(Ask { selection, count, error: None }));
    }

    /// Closes the dialog. A running export goes on.
    pub fn close(self) {
        self.phase.set(Phase::Closed);
    }

    /// Begins.
    pub fn start(self, ask: Ask, request: ExportRequest) {
        let Some(app) = self.users.app.get_untracked() else { return };
        self.phase.set(Phase::Starting);
        browser::spawn(async move {
            match api::export(app, &request).await {
                Err(error) => self.refused(ask, &error),
                Ok(job) => {
                    self.phase.try_update(|phase| {
                        if *phase == Phase::Starting {
                            *phase = Phase::Running(job.clone());
                        }
                    });
                    let id = job.id.clone();
                    let ended = job_watch::watch(app, job, |job| self.show(job)).await;
                    if let Some(ended) = ended {
                        self.end(&id, ended);
                    }
                }
            }
        });
    }

    /// Asks the running export to stop.
    pub fn cancel(self) {
        let Some(app) = self.users.app.get_untracked() else { return };
        let Phase::Running(job) = self.phase.get_untracked() else { return };
        browser::spawn(async move {
            if let Err(error) = api::cancel_job(app, &job.id).await {
                self.toasts.failed(error.message());
            }
        });
    }

    fn refused(self, ask: Ask, error: &ApiError) {
        // Which rule was broken says more than that one was.
        let rule = match error {
            ApiError::Problem(problem) => problem.errors.first().map(|error| error.message.clone()),
            ApiError::Unreachable | ApiError::Unreadable(_) => None,
        };
        let asking = Phase::Asking(Ask { error: Some(rule.unwrap_or_else(|| error.message())), ..ask });
        self.phase.try_set(asking);
    }

    /// Shows how far the job is, if its dialog is open. False when the page is gone.
    fn show(self, job: &Job) -> bool {
        self.phase.try_update(|phase| match phase {
            Phase::Running(shown) if shown.id == job.id => *shown = job.clone(),
            _ => {}
        });
        self.phase.try_get_untracked().is_some()
    }

    fn end(self, id: &str, ended: Result<Job, ApiError>) {
        let open = self.phase.with_untracked(|phase| matches!(phase, Phase::Running(job) if job.id == id));
        let outcome = match ended {
            Ok(job) => outcome(job),
            Err(error) => Err(error.message()),
        };
        match outcome {
            Ok(file) if open => self.phase.set(Phase::Done(id.to_owned(), file)),
            Err(reason) if open => self.phase.set(Phase::Failed(reason)),
            Ok(file) => {
                let download = Callback::new(move |()| browser::go(&file.url));
                self.toasts.done_with(t::EXPORT_SUCCESSFUL, t::DOWNLOAD, download);
            }
            Err(reason) => self.toasts.failed(reason),
        }
    }
}

/// The file of an ended export, or why there is none.
fn outcome(job: Job) -> Result<ExportFile, String> {
    match job.state {
        JobState::Done => {
            job.result.and_then(|result| result.file).ok_or_else(|| t::EXPORT_FAILED.to_owned())
        }
        JobState::Cancelled => Err(t::EXPORT_CANCELLED.to_owned()),
        JobState::Failed | JobState::Queued | JobState::Running => {
            Err(job.error.map_or_else(|| t::EXPORT_FAILED.to_owned(), |problem| problem.detail))
        }
    }
}
