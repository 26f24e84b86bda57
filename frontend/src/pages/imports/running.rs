//! A task at work: how far it is, and the way to stop it.

use super::state::One;
use crate::text::imports as t;
use leptos::prelude::*;
use rollcall_shared::import::ImportStage;

/// The id of the heading.
const TITLE_ID: &str = "import-running";

/// The step.
#[component]
pub fn Running(
    /// What it does.
    stage: ImportStage,
) -> impl IntoView {
    let (one, stopping) = (One::get(), RwSignal::new(false));
    one.focus_step(TITLE_ID);
    // None while it waits for a worker.
    let far = Memo::new(move |_| {
        one.now.with(|now| now.job.as_ref().map(|job| (job.done, job.total.max(job.done).max(1))))
    });
    let stop = move |_| {
        stopping.set(true);
        one.stop();
    };
    // What was asked for and refused can be asked for again.
    Effect::new(move |_| {
        if one.error.with(Option::is_some) {
            stopping.set(false);
        }
    });
    view! {
        <section class="panel wide" aria-labelledby=TITLE_ID>
            <h2 id=TITLE_ID tabindex="-1">{t::under_way(stage)}</h2>
            <p class="muted">{t::under_way_note(stage)}</p>
            <progress
                aria-labelledby=TITLE_ID
                max=move || far.get().map_or(1, |(_, total)| total)
                value=move || far.get().map(|(done, _)| done)
            ></progress>
            <p class="num muted" role="status">{move || far.get().map(|(done, total)| t::progress(done, total))}</p>
            <super::one::Refusal />
            <div>
                <button
                    type="button" class="btn" on:click=stop
                    aria-disabled=move || stopping.get().then_some("true")
                >
                    {move || if stopping.get() { t::STOPPING } else { t::STOP }}
                </button>
            </div>
        </section>
    }
}
