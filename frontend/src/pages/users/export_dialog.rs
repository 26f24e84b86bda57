//! The dialog of an export: progress, and "Export successful" with the download. What is asked before is
//! [`super::export_form`].

use super::{
    export::{Exports, Phase},
    export_form::ExportForm,
    lazy::{self, Content},
    state::Users,
};
use crate::{
    api, browser,
    text::{self, accounts as t},
    ui::{
        dialog::Dialog,
        icon::{Glyph, Icon},
        time::Time,
    },
};
use leptos::prelude::*;
use rollcall_shared::{
    export::{Compression, ExportManifest},
    job::{ExportFile, Job},
    paths,
};

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
        Phase::Asking(ask) => view! { <ExportForm ask title_id=TITLE_ID /> }.into_any(),
        Phase::Starting => view! { <Running job=None /> }.into_any(),
        Phase::Running(job) => view! { <Running job=Some(job) /> }.into_any(),
        Phase::Done(id, file) => view! { <Done id file /> }.into_any(),
        Phase::Failed(reason) => view! { <Failed reason /> }.into_any(),
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
fn Done(id: String, file: ExportFile) -> impl IntoView {
    let (exports, app) = (Exports::get(), Users::get().app.get_untracked());
    let manifest = RwSignal::new(None);
    let link = app.map(|app| paths::export_manifest(app, &id)).map(|href| {
        view! { <a class="btn" href=href download="manifest.json" rel="external">{t::MANIFEST}</a> }
    });
    browser::spawn(async move {
        // Without it the file is as good.
        if let Some(app) = app
            && let Ok(read) = api::export_manifest(app, &id).await
        {
            manifest.try_set(Some(read));
        }
    });
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
            {move || manifest.get().map(|manifest| view! { <Proven manifest /> })}
        </dl>
        <div class="foot">
            {link}
            <button class="btn" on:click=move |_| exports.close()>{text::CLOSE}</button>
            <a id=NEXT_ID class="btn primary" href=url download=name rel="external">{t::DOWNLOAD}</a>
        </div>
    }
}

/// As of when the accounts are, and what is inside a packed file.
#[component]
fn Proven(manifest: ExportManifest) -> impl IntoView {
    let packed = manifest.compression != Compression::None;
    view! {
        <dt>{t::AS_OF}</dt>
        <dd><Time at=manifest.snapshot_at />", "{t::consistency(manifest.consistency)}</dd>
        {packed.then(|| view! { <dt>{t::UNPACKED}</dt><dd class="num">{text::bytes(manifest.content.bytes)}</dd> })}
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
