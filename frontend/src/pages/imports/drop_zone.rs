//! The place to bring a file to: dropped anywhere on the page, or chosen. What becomes of it is the owner's business.

use crate::{
    browser::file::{self, File},
    text::imports as t,
};
use leptos::{ev, prelude::*};

/// The id of the input.
pub const INPUT_ID: &str = "import-file";
/// What the browser's dialog offers first.
const KINDS: &str = ".csv,.tsv,.txt,.xlsx,.ndjson,.jsonl,.gz,.zst,text/csv,application/x-ndjson";

/// The place, with what is wrong beneath it.
#[component]
pub fn DropZone(
    /// What to do.
    label: &'static str,
    /// What is taken.
    #[prop(into)]
    hint: String,
    /// What is wrong.
    error: RwSignal<Option<String>>,
    /// Takes the file.
    take: Callback<File>,
) -> impl IntoView {
    let over = RwSignal::new(false);
    let take_all = move |files: Vec<File>| {
        over.set(false);
        match <[File; 1]>::try_from(files) {
            Ok([file]) => take.run(file),
            Err(files) if files.is_empty() => {}
            Err(_) => error.set(Some(t::ONE_FILE.to_owned())),
        }
    };
    take_drops(over, Callback::new(take_all));
    view! {
        <div class="stack">
            <label class="drop" class:over=move || over.get()>
                <input
                    id=INPUT_ID
                    type="file"
                    class="hidden"
                    accept=KINDS
                    aria-describedby="import-file-hint import-file-error"
                    aria-invalid=move || error.with(Option::is_some).then_some("true")
                    on:change=move |event| take_all(file::chosen(&event))
                />
                <span>{label}</span>
            </label>
            <p class="muted small" id="import-file-hint">{hint}</p>
            <p class="error" id="import-file-error" role="alert">{move || error.get()}</p>
        </div>
    }
}

/// Takes what is dropped anywhere: beside the place the browser would open it instead of the page.
fn take_drops(over: RwSignal<bool>, take: Callback<Vec<File>>) {
    Effect::new(move |_| {
        let above = window_event_listener(ev::dragover, move |event| {
            event.prevent_default();
            over.try_set(true);
        });
        let left = window_event_listener(ev::dragleave, move |event| {
            // It left the window, and not one part of the page for another.
            if event.related_target().is_none() {
                over.try_set(false);
            }
        });
        let dropped = window_event_listener(ev::drop, move |event| {
            event.prevent_default();
            take.try_run(file::dropped(&event));
        });
        on_cleanup(move || {
            above.remove();
            left.remove();
            dropped.remove();
        });
    });
}
