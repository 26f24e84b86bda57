//! One import on its page: where it stands, what is asked of the server, and the watch over its task. What is chosen for it is in
//! [`super::choices`].

use super::choices::Choices;
use crate::{
    api::{self, ApiError, ApiResult},
    browser,
    stores::{confirm::Confirm, toasts::Toasts},
};
use leptos::prelude::*;
use rollcall_shared::{
    app::SdkAppId,
    import::{Import, ImportStage, ImportState},
    job::Job,
};

/// How often a running task is looked at, how often it is asked what others did, and how long a failed look waits.
const LOOK_MS: u32 = 700;
const IDLE_MS: u32 = 3_000;
const RETRY_MS: u32 = 2_000;

/// What the page shows of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Parts of the file are missing.
    Upload,
    /// Columns are chosen.
    Columns,
    /// A task works.
    Running(ImportStage),
    /// What it would do.
    Review,
    /// What it did.
    Applied,
    /// What was taken back.
    Undone,
}

impl Step {
    /// Where an import stands; `choosing` says that its columns are chosen again.
    pub fn of(import: &Import, choosing: bool) -> Self {
        match import.state {
            ImportState::Uploading => Self::Upload,
            ImportState::Uploaded => Self::Columns,
            ImportState::Reviewed if choosing || import.review.is_none() => Self::Columns,
            ImportState::Reviewed => Self::Review,
            ImportState::Reviewing => Self::Running(ImportStage::Review),
            ImportState::Applying => Self::Running(ImportStage::Apply),
            ImportState::Undoing => Self::Running(ImportStage::Undo),
            ImportState::Applied if is_half_undone(import) => Self::Undone,
            ImportState::Applied => Self::Applied,
            ImportState::Undone => Self::Undone,
        }
    }

    /// Its place among the four that the page names.
    pub const fn place(self) -> usize {
        match self {
            Self::Upload => 0,
            Self::Columns => 1,
            Self::Review | Self::Running(ImportStage::Review) => 2,
            Self::Running(_) | Self::Applied | Self::Undone => 3,
        }
    }
}

/// Whether its undoing was stopped, so that a part of it is still applied.
pub fn is_half_undone(import: &Import) -> bool {
    import.state == ImportState::Applied && import.undone.is_some()
}

/// Whether a task works for an import that stands so.
pub const fn is_working(state: ImportState) -> bool {
    matches!(state, ImportState::Reviewing | ImportState::Applying | ImportState::Undoing)
}

/// Whether the same can be asked again soon: the server was not reached, or does not know us at the moment.
pub fn is_passing(error: &ApiError) -> bool {
    matches!(error.status(), 0 | 401 | 408 | 429 | 502..=504)
}

/// An import on its page.
#[derive(Clone, Copy)]
pub struct One {
    /// Of this application.
    pub app: SdkAppId,
    /// As it was last read.
    pub now: RwSignal<Import>,
    /// What is chosen for it.
    pub choices: Choices,
    /// Whether columns are chosen again although there is a review.
    pub choosing: RwSignal<bool>,
    /// Whether a request is on its way.
    pub busy: RwSignal<bool>,
    /// Why the last request was refused.
    pub error: RwSignal<Option<ApiError>>,
    /// Asks before something that cannot be taken back.
    pub confirm: Confirm,
    /// Tells outcomes.
    pub toasts: Toasts,
    /// Whether a step was shown before.
    moved: StoredValue<bool>,
}

impl One {
    /// Provides it to everything below, and watches its tasks.
    pub fn provide(app: SdkAppId, import: Import) -> Self {
        let one = Self {
            app,
            choices: Choices::of(&import),
            now: RwSignal::new(import),
            choosing: RwSignal::new(false),
            busy: RwSignal::new(false),
            error: RwSignal::new(None),
            confirm: Confirm::get(),
            toasts: Toasts::get(),
            moved: StoredValue::new(false),
        };
        provide_context(one);
        one.watch();
        one
    }

    /// That of this page.
    pub fn get() -> Self {
        expect_context()
    }

    /// Its id.
    pub fn id(self) -> String {
        self.now.with_untracked(|now| now.id.clone())
    }

    /// What is shown of it.
    pub fn step(self) -> Step {
        let choosing = self.choosing.get();
        self.now.with(|now| Step::of(now, choosing))
    }

    /// Moves the focus to the heading of a step that takes the place of another. Not to the first one: whoever opens the page is
    /// elsewhere.
    pub fn focus_step(self, heading: &'static str) {
        Effect::new(move |_| {
            if self.moved.get_value() {
                browser::focus(heading);
            }
            self.moved.set_value(true);
        });
    }

    /// Takes over what the server answered; whether the page is still there.
    pub fn show(self, import: Import) -> bool {
        let Some(received) = self.now.try_with_untracked(|now| now.received) else { return false };
        if import.received < received {
            // An answer that was overtaken: what has arrived does not go away.
            return true;
        }
        self.choices.follow(&import);
        self.now.try_set(import).is_none()
    }

    /// Asks for something that is answered with the import.
    pub fn ask(self, call: impl Future<Output = ApiResult<Import>> + 'static) {
        self.send(async move {
            let import = call.await?;
            self.show(import);
            Ok(())
        });
    }

    /// Asks for a task, and shows it.
    pub fn begin(self, call: impl Future<Output = ApiResult<Job>> + 'static) {
        self.send(async move {
            let answer = call.await;
            // Someone else may have been faster: what is refused is refused for what it is now.
            if !matches!(&answer, Err(error) if error.status() != 409) {
                self.read().await;
            }
            answer?;
            self.choosing.try_set(false);
            Ok(())
        });
    }

    fn send(self, call: impl Future<Output = ApiResult<()>> + 'static) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.error.set(None);
        browser::spawn(async move {
            if let Err(error) = call.await {
                self.error.try_set(Some(error));
            }
            self.busy.try_set(false);
        });
    }

    /// Reads it again, as often as the server is not reached; whether it is there still, and the page too.
    pub async fn read(self) -> bool {
        loop {
            let Some(id) = self.now.try_with_untracked(|now| now.id.clone()) else { return false };
            match api::import(self.app, &id).await {
                Ok(import) => return self.show(import),
                Err(error) if is_passing(&error) => browser::sleep(RETRY_MS).await,
                Err(error) => {
                    self.error.try_set(Some(error));
                    return false;
                }
            }
        }
    }

    /// Looks at it again and again: often while a task works, seldom otherwise, because someone else may begin one. A lost network
    /// or session does not end that: the task goes on.
    fn watch(self) {
        Effect::new(move |_| {
            browser::spawn(async move {
                while let Some(state) = self.now.try_with_untracked(|now| now.state) {
                    let is_working = is_working(state);
                    browser::sleep(if is_working { LOOK_MS } else { IDLE_MS }).await;
                    // What was asked for is answered soon, and an upload of this page knows itself how far it is.
                    let is_uploading = || {
                        let id = self.now.try_with_untracked(|now| now.id.clone());
                        id.is_some_and(|id| browser::file::held(&id).is_some())
                    };
                    let is_busy = self.busy.try_get_untracked() != Some(false)
                        || (state == ImportState::Uploading && is_uploading());
                    if !is_working && (is_busy || browser::is_hidden()) {
                        continue;
                    }
                    if !self.read().await {
                        break;
                    }
                }
            });
        });
    }

    /// Asks the running task to stop.
    pub fn stop(self) {
        let Some(job) = self.now.with_untracked(|now| now.job.as_ref().map(|job| job.id.clone())) else {
            return;
        };
        self.send(async move { api::cancel_job(self.app, &job).await.map(drop) });
    }
}

#[cfg(test)]
mod tests {
    use super::{super::values::tests::import, *};
    use rollcall_shared::import::Undone;

    #[test]
    fn an_undoing_that_was_stopped_is_no_import_that_is_applied() {
        let applied = Import { state: ImportState::Applied, ..import(&["user_id"]) };
        assert_eq!(Step::of(&applied, false), Step::Applied);
        let half = Import { undone: Some(Undone { done: 7, ..Undone::default() }), ..applied };
        assert!(is_half_undone(&half));
        assert_eq!(Step::of(&half, false), Step::Undone);
        assert_eq!(
            Step::of(&Import { state: ImportState::Undoing, ..half }, false),
            Step::Running(ImportStage::Undo)
        );
    }
}
