//! The dialog of what is done to many accounts: what they shall have, progress while a job runs, and each account that was refused
//! with the reason.

use super::{
    bulk::{Bulk, Phase},
    export_dialog::Progress,
    lazy::{self, Content},
    state::Users,
};
use crate::{
    forms::batch_edit::BatchEditForm,
    text::{self, accounts as t},
    ui::dialog::Dialog,
};
use leptos::prelude::*;
use rollcall_shared::{
    app::SdkAppId,
    job::{Job, JobKind},
    selection::{ItemResult, Selection},
};

const TITLE_ID: &str = "bulk-title";

/// The dialog.
#[component]
pub fn BulkDialog() -> impl IntoView {
    let bulk = Bulk::get();
    let open = Signal::derive(move || bulk.phase.with(|phase| *phase != Phase::Closed));
    view! {
        <Dialog open on_cancel=move |()| bulk.close() labelled_by=TITLE_ID class="narrow">
            {lazy::content(Content::Bulk)}
        </Dialog>
    }
}

/// What the dialog shows while it is open.
pub fn content() -> impl IntoView {
    let bulk = Bulk::get();
    move || match bulk.phase.get() {
        Phase::Closed => ().into_any(),
        Phase::Choosing { app, selection, count } => view! { <Choosing app selection count /> }.into_any(),
        Phase::Running(deed, job) => view! { <Running deed job /> }.into_any(),
        Phase::Refused { deed, done, refused } => view! { <Refused deed done refused /> }.into_any(),
        Phase::Ended { deed, job, reason } => view! { <Ended deed job reason /> }.into_any(),
    }
}

#[component]
fn Choosing(app: SdkAppId, selection: Selection, count: Option<u64>) -> impl IntoView {
    let (bulk, users) = (Bulk::get(), Users::get());
    let go_on = Callback::new(move |chosen| bulk.ask_edit(app, selection.clone(), count, chosen));
    let leave = Callback::new(move |()| bulk.close());
    let custom = users.custom.get_untracked();
    view! { <BatchEditForm title_id=TITLE_ID count custom go_on leave /> }
}

#[component]
fn Running(deed: JobKind, job: Job) -> impl IntoView {
    let bulk = Bulk::get();
    view! {
        <h2 id=TITLE_ID>{t::under_way(deed)}</h2>
        <p class="sub">{t::SEE_TASKS}</p>
        <Progress job=Some(job) labelled_by=TITLE_ID />
        <div class="foot">
            <button class="btn danger" on:click=move |_| bulk.cancel()>{t::STOP}</button>
            <button class="btn primary" on:click=move |_| bulk.close()>{text::CLOSE}</button>
        </div>
    }
}

#[component]
fn Refused(deed: JobKind, done: u64, refused: Vec<ItemResult>) -> impl IntoView {
    let many = refused.len() as u64;
    let row = |result: ItemResult| {
        let reason = result.errors.into_iter().map(|error| error.message).collect::<Vec<_>>().join(" ");
        view! { <tr><th scope="row"><bdi>{result.user_id}</bdi></th><td>{reason}</td></tr> }
    };
    view! {
        <h2 id=TITLE_ID>{t::batch(deed)}</h2>
        <div class="prose">
            <p role="status">{t::done(deed, done)}</p>
            <p>{t::refused(deed, many)}</p>
            <div class="grid">
                <table>
                    <thead><tr><th scope="col">{t::USERNAME}</th><th scope="col">{t::REASON}</th></tr></thead>
                    <tbody>{refused.into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
        </div>
        <CloseFoot />
    }
}

#[component]
fn Ended(deed: JobKind, job: Job, reason: String) -> impl IntoView {
    view! {
        <h2 id=TITLE_ID>{t::stopped(deed)}</h2>
        <div class="prose">
            <p role="alert">{reason}</p>
            <p>{t::done(deed, job.done.saturating_sub(job.refused))}</p>
        </div>
        <CloseFoot />
    }
}

#[component]
fn CloseFoot() -> impl IntoView {
    let bulk = Bulk::get();
    view! {
        <div class="foot">
            <button class="btn primary" on:click=move |_| bulk.close()>{text::CLOSE}</button>
        </div>
    }
}
