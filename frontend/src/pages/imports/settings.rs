//! What holds for the whole file: which accounts it may touch, what empty cells say, and how it is read.

use super::state::One;
use crate::{api, text::imports as t, ui::field::SelectField};
use leptos::prelude::*;
use rollcall_shared::import::{EmptyCells, ImportPolicy, Preview};

/// Which accounts may be touched.
#[component]
pub fn Which() -> impl IntoView {
    let policy = One::get().choices.policy;
    let choices = ImportPolicy::ALL.iter().map(|value| (*value, value.as_str(), t::policy(*value))).collect();
    view! { <Radios name="policy" legend=t::POLICY chosen=policy choices /> }
}

/// What an empty cell says.
#[component]
pub fn Cells() -> impl IntoView {
    let empty = One::get().choices.empty_cells;
    let choices =
        EmptyCells::ALL.iter().map(|value| (*value, value.as_str(), t::empty_cells(*value))).collect();
    view! { <Radios name="empty-cells" legend=t::EMPTY_CELLS chosen=empty choices /> }
}

/// One of several, each with its value in the form and its label.
#[component]
fn Radios<T: Copy + PartialEq + Send + Sync + 'static>(
    name: &'static str,
    legend: &'static str,
    chosen: RwSignal<T>,
    choices: Vec<(T, &'static str, &'static str)>,
) -> impl IntoView {
    let choice = move |(value, text, label): (T, &'static str, &'static str)| {
        let checked = move || chosen.get() == value;
        view! {
            <label class="choice">
                <input type="radio" name=name value=text checked=checked() prop:checked=checked on:change=move |_| chosen.set(value) />
                {label}
            </label>
        }
    };
    view! {
        <fieldset class="field">
            <legend>{legend}</legend>
            {choices.into_iter().map(choice).collect_view()}
        </fieldset>
    }
}

/// How the file is read: folded away as long as it can be.
#[component]
pub fn HowItIsRead(
    /// What is in it.
    preview: Memo<Option<Preview>>,
    /// Why it cannot be read.
    problem: Memo<Option<String>>,
) -> impl IntoView {
    let one = One::get();
    let choices = one.choices;
    let sheets = Signal::derive(move || {
        let sheets = preview.with(|preview| preview.as_ref().map(|p| p.sheets.clone()).unwrap_or_default());
        with_default(t::FIRST_SHEET, sheets.into_iter().map(|sheet| (sheet.clone(), sheet)))
    });
    let has_sheets = move || sheets.with(|sheets| sheets.len() > 1);
    let again = move |_| {
        let (app, id, reading) = (one.app, one.id(), choices.reading());
        one.ask(async move { api::read_import(app, &id, &reading).await });
    };
    view! {
        <details class="reading" open=problem.with_untracked(Option::is_some)>
            <summary>{t::READING}</summary>
            <div class="stack">
                <Show
                    when=has_sheets
                    fallback=move || view! {
                        <SelectField id="import-delimiter" label=t::DELIMITER value=choices.delimiter options=fixed(t::DELIMITERS) />
                        <SelectField id="import-encoding" label=t::ENCODING value=choices.encoding options=fixed(t::ENCODINGS) />
                    }
                >
                    <SelectField id="import-sheet" label=t::SHEET value=choices.sheet options=sheets />
                </Show>
                <Check value=choices.no_header label=t::NO_HEADER />
                <Check value=choices.exact label=t::EXACT />
                <div>
                    <button type="button" class="btn" on:click=again aria-busy=move || one.busy.get().then_some("true")>
                        {t::READ_AGAIN}
                    </button>
                </div>
            </div>
        </details>
    }
}

#[component]
fn Check(value: RwSignal<bool>, label: &'static str) -> impl IntoView {
    let checked = move || value.get();
    view! {
        <label class="choice">
            <input type="checkbox" checked=checked() prop:checked=checked on:change=move |_| value.update(|on| *on = !*on) />
            {label}
        </label>
    }
}

/// Options behind the one that leaves it to the content.
fn with_default(label: &str, options: impl Iterator<Item = (String, String)>) -> Vec<(String, String)> {
    std::iter::once((String::new(), label.to_owned())).chain(options).collect()
}

fn fixed<const N: usize>(options: [(&str, &str); N]) -> Vec<(String, String)> {
    with_default(t::AUTOMATIC, options.into_iter().map(|(value, label)| (value.to_owned(), label.to_owned())))
}
