//! What an import did, the way to go on with the rest of it and the way back; and what of it was taken back.

use super::{
    one::{Discard, Refusal},
    state::One,
};
use crate::{
    api,
    pages::users::bulk::to_type,
    paths::{self as pages_at, UsersOf},
    stores::confirm::Question,
    text::imports as t,
    ui::time::Time,
};
use leptos::prelude::*;
use rollcall_shared::{
    import::{Applied as Done, ImportStage, Undone as TakenBack},
    paths,
};

/// The id of the heading.
const TITLE_ID: &str = "import-outcome";

/// The step after it was applied.
#[component]
pub fn Applied() -> impl IntoView {
    let one = One::get();
    one.focus_step(TITLE_ID);
    // Someone else may go on with it.
    let shown = Memo::new(move |_| {
        one.now.with(|now| {
            let refused_rows = now.review.as_ref().map_or(0, |review| review.refused);
            (now.applied.clone().unwrap_or_default(), refused_rows)
        })
    });
    move || {
        let (done, refused_rows) = shown.get();
        view! { <Outcome done refused_rows /> }
    }
}

#[component]
fn Outcome(done: Done, refused_rows: u64) -> impl IntoView {
    let one = One::get();
    let Done { done, refused: kept, complete, .. } = done;
    let title = if complete { t::APPLIED } else { t::STOPPED };
    view! {
        <section class="panel wide" aria-labelledby=TITLE_ID>
            <h2 id=TITLE_ID tabindex="-1">{title}</h2>
            <p>{t::done(done)}</p>
            {(!complete).then(|| view! { <p class="notice warn">{t::STOPPED_BODY}</p> })}
            {(kept > 0).then(|| view! { <p>{t::kept_since_review(kept)} " " <KeptFile stage=ImportStage::Apply /></p> })}
            {(refused_rows > 0).then(|| view! { <RefusedRows rows=refused_rows /> })}
            <Refusal />
            <div class="bar">
                {(!complete).then(|| view! { <GoOn /> })}
                <a class="btn" href=pages_at::users(one.app, UsersOf::Chat)>{t::SEE_ACCOUNTS}</a>
                {(done > 0).then(|| view! { <Undo done /> })}
                <Discard applied=true />
            </div>
        </section>
    }
}

/// The rows that the review refused, ready to be fixed.
#[component]
fn RefusedRows(rows: u64) -> impl IntoView {
    let one = One::get();
    let href = paths::import_refused_file(one.app, &one.id());
    view! {
        <p>
            {t::rows_refused(rows)} " " <a href=href download="" rel="external">{t::DOWNLOAD_REFUSED}</a> " "
            <span class="muted">{t::FIX_AND_UPLOAD}</span>
        </p>
    }
}

/// The accounts that the last task of this stage kept, with the reasons.
#[component]
fn KeptFile(stage: ImportStage) -> impl IntoView {
    let one = One::get();
    let job = one.now.with_untracked(|now| now.job.clone()).filter(|job| job.refused > 0);
    let kept = job.filter(|job| job.import.as_ref().is_some_and(|task| task.stage == stage));
    kept.map(|job| {
        let href = paths::job_refused_file(one.app, &job.id);
        view! { <a href=href download="" rel="external">{t::KEPT_FILE}</a> }
    })
}

/// Goes on with what was stopped.
#[component]
fn GoOn() -> impl IntoView {
    let one = One::get();
    let go_on = move |_| {
        let (app, id) = (one.app, one.id());
        let digest = one.now.with_untracked(|now| now.review.clone().unwrap_or_default().digest);
        one.begin(async move { api::apply_import(app, &id, &digest).await });
    };
    view! {
        <button type="button" class="btn primary" on:click=go_on aria-busy=move || one.busy.get().then_some("true")>
            {t::GO_ON}
        </button>
    }
}

fn undo(one: One) {
    let (app, id) = (one.app, one.id());
    one.begin(async move { api::undo_import(app, &id).await });
}

/// Takes it back, after a question.
#[component]
fn Undo(done: u64) -> impl IntoView {
    let one = One::get();
    let ask = move |_| {
        one.confirm.ask(Question {
            title: t::UNDO_TITLE.to_owned(),
            body: t::UNDO_BODY.map(str::to_owned).to_vec(),
            confirm: t::UNDO.to_owned(),
            danger: true,
            typed: to_type(Some(done)),
            then: Callback::new(move |()| undo(one)),
        });
    };
    let until = one.now.with_untracked(|now| now.expires_at);
    view! {
        <button type="button" class="btn danger" on:click=ask aria-busy=move || one.busy.get().then_some("true")>
            {t::UNDO}
        </button>
        <span class="muted">{t::UNTIL} " " <Time at=until /></span>
    }
}

/// The step after it was taken back.
#[component]
pub fn Undone() -> impl IntoView {
    let one = One::get();
    one.focus_step(TITLE_ID);
    let shown = Memo::new(move |_| one.now.with(|now| now.undone.clone().unwrap_or_default()));
    move || view! { <TakenBackSoFar undone=shown.get() /> }
}

#[component]
fn TakenBackSoFar(undone: TakenBack) -> impl IntoView {
    let one = One::get();
    let TakenBack { kept, complete, .. } = undone;
    let title = if complete { t::UNDONE } else { t::UNDO_STOPPED };
    view! {
        <section class="panel wide" aria-labelledby=TITLE_ID>
            <h2 id=TITLE_ID tabindex="-1">{title}</h2>
            <p>{t::undone(&undone)}</p>
            {(!complete).then(|| view! { <p class="notice warn">{t::UNDO_STOPPED_BODY}</p> })}
            {(kept > 0).then(|| view! { <p>{t::kept_since_apply(kept)} " " <KeptFile stage=ImportStage::Undo /></p> })}
            <Refusal />
            <div class="bar">
                {(!complete).then(|| view! {
                    <button type="button" class="btn primary" on:click=move |_| undo(one)>{t::GO_ON}</button>
                })}
                <a class="btn" href=pages_at::users(one.app, UsersOf::Chat)>{t::SEE_ACCOUNTS}</a>
                <Discard applied=true />
            </div>
        </section>
    }
}
