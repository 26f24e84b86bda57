//! Exports that are made again and again: the list, and the form of one of them in a dialog that stays open while the list is
//! read again.

mod columns;
mod fields;
mod filter;
mod form;
mod list;
mod parts;

use super::loaded::Loaded;
use crate::{
    pages::reading::{keep_reading, last_read},
    text::{self, schedules as t},
    ui::{dialog::Dialog, notice::LoadError},
};
use leptos::prelude::*;
use rollcall_shared::{
    app::{App, SdkAppId},
    schedule::{ExportSchedule, ExportSchedules},
};

/// The id of the dialog's heading.
const FORM_TITLE_ID: &str = "schedule-form-title";

/// Which schedule the dialog is about.
#[derive(Clone, Debug, PartialEq)]
enum Editing {
    New,
    Old(Box<ExportSchedule>),
}

/// The panel.
#[component]
pub fn SchedulesPanel(
    /// The application.
    app: SdkAppId,
    /// The same as it is, for its custom fields.
    now: Memo<App>,
) -> impl IntoView {
    let schedules = Loaded::get().schedules;
    let editing = RwSignal::new(None::<Editing>);
    let live = RwSignal::new(false);
    keep_reading(live, schedules);
    let last = move || schedules.get().flatten().and_then(Result::ok);
    // While a run is under way its result is looked for.
    Effect::new(move |_| {
        live.set(last().is_some_and(|all| all.items.iter().any(|one| one.job.is_some())));
    });
    let reload = Callback::new(move |()| schedules.refetch());
    let close = Callback::new(move |()| editing.set(None));
    let open = Signal::derive(move || editing.with(Option::is_some));
    let form = move || {
        let read = last_read(schedules).flatten().and_then(Result::ok);
        let destinations = read.map(|read| read.destinations).unwrap_or_default();
        let custom = now.with_untracked(|app| app.custom_fields.clone());
        let editing = editing.get_untracked().unwrap_or(Editing::New);
        view! { <form::ScheduleForm app editing destinations custom close reload /> }
    };
    view! {
        <section class="panel wide" aria-labelledby="schedules-title">
            <h2 id="schedules-title">{t::TITLE}</h2>
            <p class="muted">{t::INTRO}</p>
            <Transition fallback=|| view! { <p class="muted">{text::LOADING}</p> }>
                <Read app editing reload />
            </Transition>
            <div><button class="btn" on:click=move |_| editing.set(Some(Editing::New))>{t::ADD}</button></div>
        </section>
        <Dialog open on_cancel=close labelled_by=FORM_TITLE_ID>{form}</Dialog>
    }
}

/// The list as it was read last, or why it could not be read. Stands within the transition, which waits for what is read here.
#[component]
fn Read(app: SdkAppId, editing: RwSignal<Option<Editing>>, reload: Callback<()>) -> impl IntoView {
    let schedules = Loaded::get().schedules;
    let last = Memo::new(move |_| schedules.get().flatten());
    let failed =
        Memo::new(move |_| last.with(|last| last.as_ref().and_then(|last| last.as_ref().err().cloned())));
    let is_there = Memo::new(move |_| last.with(Option::is_some));
    let all = Memo::new(move |before: Option<&ExportSchedules>| {
        last.get().and_then(Result::ok).or_else(|| before.cloned()).unwrap_or_default()
    });
    move || match (is_there.get(), failed.get()) {
        (false, _) => ().into_any(),
        (true, Some(error)) => view! { <LoadError error retry=reload /> }.into_any(),
        (true, None) => view! { <list::List app all editing reload /> }.into_any(),
    }
}
