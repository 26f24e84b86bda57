//! The way of what is done to many accounts, deletion or edit: the question with its risks, the one call, the results or the job.
//! The dialog that shows them is [`super::bulk_dialog`].

use super::{
    job_watch,
    lazy::{self, Act},
    state::Users,
};
use crate::{
    api::{self, ApiResult, Outcome},
    browser,
    forms::batch_edit::Chosen,
    stores::{
        confirm::{Confirm, Question},
        toasts::Toasts,
    },
    table::ticks::{AllMatching, Ticks},
    text::{self, accounts as t},
};
use leptos::prelude::*;
use rollcall_shared::{
    app::SdkAppId,
    job::{Job, JobKind, JobState},
    list::{LIMIT_MAX, ListQuery},
    profile::{ADMINISTRATOR, AccountType},
    selection::{AccountEdit, ItemResult, ItemStatus, Selection},
};

/// Beyond so many accounts their number has to be typed.
const TYPED_PAST: u64 = 100;
/// What is typed when the number is not known.
const ALL: &str = "all";

/// Where it stands, in the dialog.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Phase {
    /// No dialog.
    #[default]
    Closed,
    /// Fields and their values are chosen.
    Choosing {
        /// Of this application.
        app: SdkAppId,
        /// For these accounts.
        selection: Selection,
        /// How many they are, if that is known.
        count: Option<u64>,
    },
    /// A job deals with all that match.
    Running(JobKind, Job),
    /// Some named accounts were refused.
    Refused {
        /// What was done.
        deed: JobKind,
        /// To how many.
        done: u64,
        /// The others.
        refused: Vec<ItemResult>,
    },
    /// A job ended early, or refused some.
    Ended {
        /// What it did.
        deed: JobKind,
        /// The job.
        job: Job,
        /// Why.
        reason: String,
    },
}

/// What is done to many accounts of this page.
#[derive(Clone, Copy)]
pub struct Bulk {
    /// Where it stands.
    pub phase: RwSignal<Phase>,
    users: Users,
    toasts: Toasts,
    confirm: Confirm,
}

impl Bulk {
    /// Provides it to everything below.
    pub fn provide() {
        let bulk = Self {
            phase: RwSignal::new(Phase::Closed),
            users: Users::get(),
            toasts: Toasts::get(),
            confirm: Confirm::get(),
        };
        // What was chosen was meant for the accounts that were ticked, and no others.
        Effect::new(move |_| {
            let now = bulk.users.app.get();
            let gone = |phase: &Phase| matches!(phase, Phase::Choosing { app, .. } if Some(*app) != now);
            if bulk.phase.with_untracked(gone) {
                bulk.close();
            }
        });
        provide_context(bulk);
    }

    /// That of this page.
    pub fn get() -> Self {
        expect_context()
    }

    /// Asks whether the ticked accounts shall be deleted.
    pub fn ask_deletion(self) {
        lazy::act(self.toasts, Act::AskDeletion(self));
    }

    /// The same, once the code is here.
    pub fn ask_deletion_now(self) {
        let Some(app) = self.users.app.get_untracked() else { return };
        let ticks = self.users.ticks.get_untracked();
        browser::spawn(async move {
            let admins = match &ticks {
                Ticks::AllMatching(all) => match admins_matching(app, all).await {
                    Ok(admins) => admins,
                    Err(error) => return self.toasts.failed(error.message()),
                },
                named => named.named_admins(),
            };
            if let Some(selection) = ticks.selection() {
                let then = Callback::new(move |()| {
                    let selection = selection.clone();
                    let call = async move { api::delete_accounts(app, &selection).await };
                    self.run(JobKind::Deletion, app, Phase::Closed, call);
                });
                self.confirm.ask(delete_question(ticks.count(), &admins, then));
            }
        });
    }

    /// Asks what the ticked accounts shall have.
    pub fn choose(self) {
        let Some(app) = self.users.app.get_untracked() else { return };
        let (selection, count) = self.users.ticks.with_untracked(|ticks| (ticks.selection(), ticks.count()));
        if let Some(selection) = selection {
            self.phase.set(Phase::Choosing { app, selection, count });
        }
    }

    /// Asks whether they shall have what was chosen.
    pub fn ask_edit(self, app: SdkAppId, selection: Selection, count: Option<u64>, (patch, lines): Chosen) {
        let then = Callback::new(move |()| {
            let from = Phase::Choosing { app, selection: selection.clone(), count };
            let edit = AccountEdit { selection: selection.clone(), patch: patch.clone() };
            let call = async move { api::edit_accounts(app, &edit).await };
            self.run(JobKind::Edit, app, from, call);
        });
        self.confirm.ask(edit_question(count, &lines, then));
    }

    /// Does it, after the dialog was as `from`, which stays so until it is begun. The dialog may hold something else by then: that
    /// stays too, and a toast says what came of this.
    fn run(
        self,
        deed: JobKind,
        app: SdkAppId,
        from: Phase,
        call: impl Future<Output = ApiResult<Outcome>> + 'static,
    ) {
        browser::spawn(async move {
            let answer = call.await;
            if answer.is_ok() && self.phase.try_with_untracked(|phase| *phase == from) == Some(true) {
                self.phase.set(Phase::Closed);
            }
            match answer {
                Ok(Outcome::Results(results)) => self.told(deed, results.results),
                Ok(Outcome::Job(job)) => {
                    self.show_if_free(Phase::Running(deed, *job.clone()));
                    let id = job.id.clone();
                    if let Some(ended) = job_watch::watch(app, *job, |job| self.show(job)).await {
                        self.end(deed, &id, ended);
                    }
                }
                Err(error) => self.toasts.failed(error.message()),
            }
        });
    }

    /// Shows this, unless the dialog holds something else; whether it does.
    fn show_if_free(self, next: Phase) -> bool {
        let free = self.phase.try_with_untracked(|phase| *phase == Phase::Closed) == Some(true);
        if free {
            self.phase.set(next);
        }
        free
    }

    /// Asks the running job to stop.
    pub fn cancel(self) {
        let Some(app) = self.users.app.get_untracked() else { return };
        let Phase::Running(_, job) = self.phase.get_untracked() else { return };
        browser::spawn(async move {
            if let Err(error) = api::cancel_job(app, &job.id).await {
                self.toasts.failed(error.message());
            }
        });
    }

    /// Closes the dialog. A running job goes on.
    pub fn close(self) {
        self.phase.set(Phase::Closed);
    }

    /// Named accounts have their results at once.
    fn told(self, deed: JobKind, results: Vec<ItemResult>) {
        let (refused, done): (Vec<_>, Vec<_>) =
            results.into_iter().partition(|r| r.status == ItemStatus::Refused);
        let done = done.len() as u64;
        self.changed();
        if refused.is_empty() {
            return self.toasts.done(t::done(deed, done));
        }
        let many = refused.len() as u64;
        if !self.show_if_free(Phase::Refused { deed, done, refused }) {
            self.toasts.failed(t::not_done(deed, many));
        }
    }

    fn show(self, job: &Job) -> bool {
        self.phase.try_update(|phase| match phase {
            Phase::Running(_, shown) if shown.id == job.id => *shown = job.clone(),
            _ => {}
        });
        self.phase.try_get_untracked().is_some()
    }

    fn end(self, deed: JobKind, id: &str, ended: ApiResult<Job>) {
        self.changed();
        let seen = |phase: &Phase| matches!(phase, Phase::Running(_, shown) if shown.id == id);
        let seen = self.phase.try_with_untracked(seen) == Some(true);
        if seen {
            self.close();
        }
        let job = match ended {
            Ok(job) => job,
            Err(error) => return self.toasts.failed(error.message()),
        };
        let done = job.done.saturating_sub(job.refused);
        let reason = match (job.state, &job.error) {
            (JobState::Failed, Some(problem)) => problem.detail.clone(),
            (JobState::Failed, None) => t::stopped(deed).to_owned(),
            _ if job.refused > 0 => t::refused_by_job(deed, job.refused),
            _ => return self.toasts.done(t::done(deed, done)),
        };
        if seen {
            self.show_if_free(Phase::Ended { deed, job, reason });
        } else {
            self.toasts.failed(reason);
        }
    }

    /// The list is another one now, and nothing of it is ticked.
    fn changed(self) {
        self.users.ticks.try_set(Ticks::None);
        self.users.refresh();
    }
}

/// The question before a deletion: how many, which admins, and that it cannot be undone.
fn delete_question(count: Option<u64>, admins: &[String], then: Callback<()>) -> Question {
    let mut body = vec![t::admins_among(admins)];
    if admins.iter().any(|id| id == ADMINISTRATOR) {
        body.push(t::administrator_stays());
    }
    body.push(t::CANNOT_BE_UNDONE.to_owned());
    let (title, typed) = (t::delete_title(count), to_type(count));
    Question { title, body, confirm: text::CONFIRM.to_owned(), danger: true, typed, then }
}

/// The question before an edit: how many, and what they will have.
fn edit_question(count: Option<u64>, lines: &[(String, String)], then: Callback<()>) -> Question {
    let mut body: Vec<String> = lines.iter().map(|(field, value)| t::will_have(field, value)).collect();
    body.push(t::OVERWRITES.to_owned());
    let (title, typed) = (t::edit_title(count), to_type(count));
    Question { title, body, confirm: text::CONFIRM.to_owned(), danger: true, typed, then }
}

/// What has to be typed before so many are dealt with, with the label of its field.
pub fn to_type(count: Option<u64>) -> Option<(String, String)> {
    let wanted = match count {
        Some(count) if count <= TYPED_PAST => return None,
        Some(count) => count.to_string(),
        None => ALL.to_owned(),
    };
    Some((t::type_number(&wanted), wanted))
}

/// The admins among all that match. There are ten at most, so one page holds them.
async fn admins_matching(app: SdkAppId, all: &AllMatching) -> ApiResult<Vec<String>> {
    let mut filter = all.filter.clone();
    if !filter.account_type.is_empty() && !filter.account_type.contains(&AccountType::Admin) {
        return Ok(Vec::new());
    }
    filter.account_type = vec![AccountType::Admin];
    let query = ListQuery { filter, limit: LIMIT_MAX, ..Default::default() };
    let page = api::accounts(app, &query).await?;
    let meant =
        page.items.into_iter().filter(|a| a.created_at <= all.as_of && !all.except.contains(&a.user_id));
    Ok(meant.map(|account| account.user_id).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_question_names_admins_and_asks_for_the_number_past_a_hundred() {
        let owner = Owner::new();
        owner.set();
        let ask = |count, admins: &[&str]| {
            let admins: Vec<String> = admins.iter().map(|a| (*a).to_owned()).collect();
            delete_question(count, &admins, Callback::new(|()| ()))
        };
        let small = ask(Some(100), &["administrator", "ops"]);
        assert_eq!(small.title, "Delete 100 accounts?");
        assert_eq!(small.body[0], "2 admins are among them: administrator, ops.");
        assert_eq!(small.body[1], "administrator cannot be deleted and stays.");
        assert!(small.body[2].ends_with("This cannot be undone.") && small.typed.is_none());
        assert_eq!(ask(Some(12_044), &[]).typed.unwrap().1, "12044");
        assert_eq!(ask(None, &[]).typed.unwrap().1, "all");
    }
}
