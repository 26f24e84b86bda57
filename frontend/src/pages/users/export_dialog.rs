//! The dialog of an export: format and columns, progress, and "Export successful" with the download.

use super::{
    export::{Ask, Exports, Phase},
    lazy::{self, Content},
    state::Users,
};
use crate::{
    browser,
    text::{self, accounts as t},
    ui::{
        dialog::Dialog,
        icon::{Glyph, Icon},
        time::Time,
    },
};
use leptos::{ev, prelude::*};
use rollcall_shared::job::{ExportFile, ExportFormat, Job};

/// The id of the dialog's heading, the same in every phase.
const TITLE_ID: &str = "export-title";
/// The id of the button that has the focus once there is nothing to choose any more.
const NEXT_ID: &str = "export-next";

/// Moves the focus along when a phase takes the place of another: it would fall out of the dialog.
fn focus_next() {
    Effect::new(|_| browser::focus(NEXT_ID));
}

/// The dialog.
#[component]
pub fn ExportDialog() -> impl IntoView {
    let exports = Exports::get();
    let open = Signal::derive(move || exports.phase.with(|phase| *phase != Phase::Closed));
    view! {
        <Dialog open on_cancel=move |()| exports.close() labelled_by=TITLE_ID class="narrow">
            {lazy::content(Content::Export)}
        </Dialog>
    }
}

/// What the dialog shows while it is open.
pub fn content() -> impl IntoView {
    let exports = Exports::get();
    move || match exports.phase.get() {
        Phase::Closed => ().into_any(),
        Phase::Asking(ask) => view! { <Asking ask /> }.into_any(),
        Phase::Starting => view! { <Running job=None /> }.into_any(),
        Phase::Running(job) => view! { <Running job=Some(job) /> }.into_any(),
        Phase::Done(file) => view! { <Done file /> }.into_any(),
        Phase::Failed(reason) => view! { <Failed reason /> }.into_any(),
    }
}

#[component]
fn Asking(ask: Ask) -> impl IntoView {
    let (exports, users) = (Exports::get(), Users::get());
    let (format, shown_only) = (RwSignal::new(ExportFormat::Csv), RwSignal::new(false));
    let (what, error) = (t::will_export(ask.count), ask.error.clone());
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let columns = shown_only.get_untracked().then(|| users.columns.get_untracked());
        exports.start(ask.clone(), format.get_untracked(), columns);
    };
    let format_choice = move |value: ExportFormat, label: &'static str| {
        view! {
            <label class="choice">
                <input
                    type="radio"
                    name="format"
                    value=value.as_str()
                    prop:checked=move || format.get() == value
                    on:change=move |_| format.set(value)
                />
                {label}
            </label>
        }
    };
    let columns_choice = move |value: bool, label: &'static str| {
        view! {
            <label class="choice">
                <input
                    type="radio"
                    name="columns"
                    prop:checked=move || shown_only.get() == value
                    on:change=move |_| shown_only.set(value)
                />
                {label}
            </label>
        }
    };
    view! {
        <form on:submit=submit>
            <h2 id=TITLE_ID>{t::EXPORT_TITLE}</h2>
            <p class="sub">{what}</p>
            <div class="fields one">
                <fieldset>
                    <legend>{t::FORMAT}</legend>
                    {format_choice(ExportFormat::Csv, t::CSV)}
                    {format_choice(ExportFormat::Xlsx, t::XLSX)}
                </fieldset>
                <fieldset>
                    <legend>{t::COLUMNS}</legend>
                    {columns_choice(false, t::ALL_COLUMNS)}
                    {columns_choice(true, t::SHOWN_COLUMNS)}
                </fieldset>
                {error.map(|error| view! { <p class="error" role="alert">{error}</p> })}
            </div>
            <div class="foot">
                <button type="button" class="btn" on:click=move |_| exports.close()>{text::CANCEL}</button>
                <button type="submit" class="btn primary">{text::CONFIRM}</button>
            </div>
        </form>
    }
}

/// A progress bar with its numbers; without a job it only moves.
#[component]
pub fn Progress(
    /// The job; none while it is being asked for.
    job: Option<Job>,
    /// The id of the heading that names it.
    labelled_by: &'static str,
) -> impl IntoView {
    let (done, total) = job.map_or((None, 1), |job| (Some(job.done), job.total.max(job.done).max(1)));
    view! {
        <div class="progress">
            <progress max=total value=done aria-labelledby=labelled_by></progress>
            <span class="num muted" role="status">{done.map(|done| t::progress(done, total))}</span>
        </div>
    }
}

#[component]
fn Running(job: Option<Job>) -> impl IntoView {
    let exports = Exports::get();
    let running = job.is_some();
    focus_next();
    view! {
        <h2 id=TITLE_ID>{t::EXPORTING}</h2>
        <p class="sub">{t::SEE_TASKS}</p>
        <Progress job labelled_by=TITLE_ID />
        <div class="foot">
            {running.then(|| view! { <button class="btn" on:click=move |_| exports.cancel()>{t::STOP}</button> })}
            <button id=NEXT_ID class="btn primary" on:click=move |_| exports.close()>{text::CLOSE}</button>
        </div>
    }
}

#[component]
fn Done(file: ExportFile) -> impl IntoView {
    let exports = Exports::get();
    let ExportFile { name, bytes, rows, sha256, expires_at, url } = file;
    focus_next();
    view! {
        <h2 id=TITLE_ID class="outcome"><Glyph icon=Icon::Check />{t::EXPORT_SUCCESSFUL}</h2>
        <dl class="facts">
            <dt>{t::FILE}</dt>
            <dd>{name.clone()}</dd>
            <dt>{t::LIST}</dt>
            <dd class="num">{t::complete(rows)}</dd>
            <dt>{t::SIZE}</dt>
            <dd class="num">{text::bytes(bytes)}</dd>
            <dt>{t::SHA256}</dt>
            <dd class="num hash">{sha256}</dd>
            <dt>{t::KEPT_UNTIL}</dt>
            <dd><Time at=expires_at /></dd>
        </dl>
        <div class="foot">
            <button class="btn" on:click=move |_| exports.close()>{text::CLOSE}</button>
            <a id=NEXT_ID class="btn primary" href=url download=name rel="external">{t::DOWNLOAD}</a>
        </div>
    }
}

#[component]
fn Failed(reason: String) -> impl IntoView {
    let exports = Exports::get();
    focus_next();
    view! {
        <h2 id=TITLE_ID>{t::EXPORT_FAILED}</h2>
        <div class="prose"><p role="alert">{reason}</p></div>
        <div class="foot">
            <button id=NEXT_ID class="btn primary" on:click=move |_| exports.close()>{text::CLOSE}</button>
        </div>
    }
}
