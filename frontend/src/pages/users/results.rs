//! The dialog of a deletion: progress while a job runs, and each account that was refused with the reason.

use super::{
    bulk_delete::{Deletions, Phase},
    export_dialog::Progress,
    lazy::{self, Content},
};
use crate::{
    text::{self, accounts as t},
    ui::dialog::Dialog,
};
use leptos::prelude::*;
use rollcall_shared::{job::Job, selection::ItemResult};

const TITLE_ID: &str = "deletion-title";

/// The dialog.
#[component]
pub fn DeletionDialog() -> impl IntoView {
    let deletions = Deletions::get();
    let open = Signal::derive(move || deletions.phase.with(|phase| *phase != Phase::Closed));
    view! {
        <Dialog open on_cancel=move |()| deletions.close() labelled_by=TITLE_ID class="narrow">
            {lazy::content(Content::Deletion)}
        </Dialog>
    }
}

/// What the dialog shows while it is open.
pub fn content() -> impl IntoView {
    let deletions = Deletions::get();
    move || match deletions.phase.get() {
        Phase::Closed => ().into_any(),
        Phase::Running(job) => view! { <Running job /> }.into_any(),
        Phase::Refused { deleted, refused } => view! { <Refused deleted refused /> }.into_any(),
        Phase::Ended { job, reason } => view! { <Ended job reason /> }.into_any(),
    }
}

#[component]
fn Running(job: Job) -> impl IntoView {
    let deletions = Deletions::get();
    view! {
        <h2 id=TITLE_ID>{t::DELETING}</h2>
        <p class="sub">{t::SEE_TASKS}</p>
        <Progress job=Some(job) labelled_by=TITLE_ID />
        <div class="foot">
            <button class="btn danger" on:click=move |_| deletions.cancel()>{t::STOP}</button>
            <button class="btn primary" on:click=move |_| deletions.close()>{text::CLOSE}</button>
        </div>
    }
}

#[component]
fn Refused(deleted: u64, refused: Vec<ItemResult>) -> impl IntoView {
    let many = refused.len() as u64;
    let row = |result: ItemResult| {
        let reason = result.errors.into_iter().map(|error| error.message).collect::<Vec<_>>().join(" ");
        view! { <tr><th scope="row"><bdi>{result.user_id}</bdi></th><td>{reason}</td></tr> }
    };
    view! {
        <h2 id=TITLE_ID>{t::DELETION_RESULT}</h2>
        <div class="prose">
            <p role="status">{t::deleted(deleted)}</p>
            <p>{t::refused(many)}</p>
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
fn Ended(job: Job, reason: String) -> impl IntoView {
    view! {
        <h2 id=TITLE_ID>{t::DELETION_FAILED}</h2>
        <div class="prose">
            <p role="alert">{reason}</p>
            <p>{t::deleted(job.done.saturating_sub(job.refused))}</p>
        </div>
        <CloseFoot />
    }
}

#[component]
fn CloseFoot() -> impl IntoView {
    let deletions = Deletions::get();
    view! {
        <div class="foot">
            <button class="btn primary" on:click=move |_| deletions.close()>{text::CLOSE}</button>
        </div>
    }
}
