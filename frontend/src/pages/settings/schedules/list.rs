//! The schedules: when they run, what came of it, and what can be done with each. Rows stay while they are read again, and with
//! them the focus.

use super::Editing;
use crate::{
    api::{self, ApiResult},
    browser,
    stores::{
        confirm::{Confirm, Question},
        toasts::Toasts,
    },
    text::{schedules as t, settings},
    ui::time::Time,
};
use leptos::prelude::*;
use rollcall_shared::{
    app::SdkAppId,
    schedule::{ExportSchedule, ExportSchedules, LastRun, RunState, ScheduleSettings},
};

/// The list.
#[component]
pub fn List(
    /// The application.
    app: SdkAppId,
    /// Its schedules.
    all: Memo<ExportSchedules>,
    /// What the form is about.
    editing: RwSignal<Option<Editing>>,
    /// Reads them again.
    reload: Callback<()>,
) -> impl IntoView {
    let some = Memo::new(move |_| all.with(|all| !all.items.is_empty()));
    view! {
        <Show when=move || some.get() fallback=|| view! { <p class="muted">{t::NONE}</p> }>
            <div class="grid">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">{settings::NAME}</th>
                            <th scope="col" class="optional">{t::COLUMN_WHEN}</th>
                            <th scope="col">{t::COLUMN_NEXT}</th>
                            <th scope="col">{t::COLUMN_LAST}</th>
                            <th scope="col" class="end">{settings::OPERATION}</th>
                        </tr>
                    </thead>
                    <tbody>
                        <For each=move || all.get().items key=|schedule| schedule.id let:first>
                            <Row app all first editing reload />
                        </For>
                    </tbody>
                </table>
            </div>
        </Show>
    }
}

#[component]
fn Row(
    app: SdkAppId,
    all: Memo<ExportSchedules>,
    first: ExportSchedule,
    editing: RwSignal<Option<Editing>>,
    reload: Callback<()>,
) -> impl IntoView {
    let schedule = Memo::new(move |_| {
        let same = |all: &ExportSchedules| all.items.iter().find(|one| one.id == first.id).cloned();
        all.with(same).unwrap_or_else(|| first.clone())
    });
    let name = move || schedule.with(|schedule| schedule.settings.name.clone());
    let when =
        move || schedule.with(|schedule| t::when(&schedule.settings.calendar, &schedule.settings.time_zone));
    let next = move || match schedule.with(|schedule| schedule.next_at) {
        Some(at) => view! { <Time at /> }.into_any(),
        None => view! { <span class="tag">{t::PAUSED}</span> }.into_any(),
    };
    let last = move || match schedule.with(|schedule| (schedule.job.is_some(), schedule.last.clone())) {
        (true, _) => t::RUNNING.into_any(),
        (false, last) => view! { <Last last /> }.into_any(),
    };
    view! {
        <tr>
            <th scope="row"><bdi>{name}</bdi></th>
            <td class="muted optional">{when}</td>
            <td class="muted">{next}</td>
            <td>{last}</td>
            <td class="end"><Actions app schedule editing reload /></td>
        </tr>
    }
}

/// What came of the last run.
#[component]
fn Last(last: Option<LastRun>) -> impl IntoView {
    let Some(LastRun { state, at, rows, file, url, error, .. }) = last else {
        return view! { <span class="muted">{t::NEVER}</span> }.into_any();
    };
    let link = url.zip(file).map(|(url, name)| {
        let label = t::of(t::DOWNLOAD, &name);
        view! { " " <a href=url download=name aria-label=label rel="external">{t::DOWNLOAD}</a> }
    });
    view! {
        <span class:tag=state != RunState::Done class:bad=state == RunState::Failed>{t::outcome(state, rows)}</span>
        " "
        <Time at />
        {link}
        {error.map(|error| view! { <p class="error">{error}</p> })}
    }
    .into_any()
}

#[component]
fn Actions(
    app: SdkAppId,
    schedule: Memo<ExportSchedule>,
    editing: RwSignal<Option<Editing>>,
    reload: Callback<()>,
) -> impl IntoView {
    let (toasts, confirm) = (Toasts::get(), Confirm::get());
    let busy = RwSignal::new(false);
    // What has been done is told, and the list read again.
    let told = move |answer: ApiResult<()>, done: &'static str| {
        match answer {
            Ok(()) => toasts.done(done),
            Err(error) => toasts.failed(error.message()),
        }
        busy.try_set(false);
        reload.try_run(());
    };
    let running = move || schedule.with(|schedule| schedule.job.is_some());
    let paused = move || schedule.with(|schedule| schedule.settings.paused);
    let run = move |_| {
        if busy.get_untracked() || untrack(running) {
            return;
        }
        busy.set(true);
        let id = schedule.with_untracked(|schedule| schedule.id);
        browser::spawn(async move { told(api::run_schedule(app, id).await.map(drop), t::BEGUN) });
    };
    let pause = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let before = schedule.get_untracked();
        browser::spawn(async move {
            let paused = !before.settings.paused;
            let settings = ScheduleSettings { paused, ..before.settings.clone() };
            let answer = api::put_schedule(app, &before, &settings).await.map(drop);
            told(answer, if paused { t::NOW_PAUSED } else { t::NOW_RESUMED });
        });
    };
    let delete = Callback::new(move |()| {
        let Some(before) = schedule.try_get_untracked() else { return };
        browser::spawn(async move { told(api::delete_schedule(app, &before).await, t::DELETED) });
    });
    let label = move |action: &'static str| schedule.with(|schedule| t::of(action, &schedule.settings.name));
    let ask = move |_| {
        confirm.ask(Question {
            title: format!("{}?", untrack(|| label(t::DELETE))),
            body: vec![t::DELETE_BODY.to_owned()],
            confirm: t::DELETE.to_owned(),
            danger: true,
            typed: None,
            then: delete,
        });
    };
    let edit = move |_| editing.set(Some(Editing::Old(Box::new(schedule.get_untracked()))));
    let pausing = move || if paused() { t::RESUME } else { t::PAUSE };
    view! {
        <div class="bar">
            <button class="link" aria-label=move || label(t::RUN) aria-disabled=move || running().then_some("true") on:click=run>{t::RUN}</button>
            <button class="link" aria-label=move || label(pausing()) on:click=pause>{pausing}</button>
            <button class="link" aria-label=move || label(t::EDIT) on:click=edit>{t::EDIT}</button>
            <button class="link" aria-label=move || label(t::DELETE) on:click=ask>{t::DELETE}</button>
        </div>
    }
}
