//! The form of an export: format and columns, and what most people never need below "More options".

use super::{
    export::{Ask, Exports},
    export_choice::{Choice, Which},
    export_columns::OwnColumns,
    state::Users,
};
use crate::{
    browser,
    text::{self, accounts as t},
    ui::field::SelectField,
};
use leptos::{ev, prelude::*};
use rollcall_shared::{
    export::{Cells, Compression, Header, UTC},
    job::{AnyColumn, ExportFormat},
};

/// The ids of the time zone, its suggestions and its hint.
const ZONE_ID: &str = "export-zone";
const ZONES_ID: &str = "export-zones";
const ZONE_HINT_ID: &str = "export-zone-hint";

/// What stands in the form.
#[derive(Clone, Copy)]
struct Form {
    format: RwSignal<ExportFormat>,
    which: RwSignal<Which>,
    order: RwSignal<Vec<(AnyColumn, bool)>>,
    compression: RwSignal<String>,
    header: RwSignal<String>,
    exact: RwSignal<bool>,
    time_zone: RwSignal<String>,
}

impl Form {
    fn of(choice: &Choice, users: Users) -> Self {
        let (custom, shown) = (users.custom.get_untracked(), users.columns.get_untracked());
        Self {
            format: RwSignal::new(choice.format),
            which: RwSignal::new(choice.which),
            order: RwSignal::new(choice.order(&custom, &shown)),
            compression: RwSignal::new(choice.compression.to_string()),
            header: RwSignal::new(choice.header.to_string()),
            exact: RwSignal::new(choice.cells == Cells::Exact),
            time_zone: RwSignal::new(choice.time_zone.clone()),
        }
    }

    fn choice(self) -> Choice {
        let chosen = self.order.get().into_iter().filter(|(_, chosen)| *chosen);
        Choice {
            format: self.format.get(),
            which: self.which.get(),
            own: chosen.map(|(column, _)| column).collect(),
            compression: self.compression.get().parse().unwrap_or_default(),
            cells: if self.exact.get() { Cells::Exact } else { Cells::Safe },
            header: self.header.get().parse().unwrap_or_default(),
            time_zone: Some(self.time_zone.get())
                .filter(|zone| !zone.trim().is_empty())
                .unwrap_or(UTC.to_owned()),
        }
    }
}

/// The form.
#[component]
pub fn ExportForm(
    /// What is exported.
    ask: Ask,
    /// The id of the heading.
    title_id: &'static str,
) -> impl IntoView {
    let (exports, users) = (Exports::get(), Users::get());
    let app = users.app.get_untracked();
    let remembered = app.map(Choice::remembered).unwrap_or_default();
    let (form, special) = (Form::of(&remembered, users), remembered.is_special());
    let choice = Memo::new(move |_| form.choice());
    let (what, error) = (t::will_export(ask.count), ask.error.clone());
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let choice = choice.get_untracked();
        if let Some(app) = app {
            choice.remember(app);
        }
        exports.start(ask.clone(), choice.request(ask.selection.clone(), users.columns.get_untracked()));
    };
    view! {
        <form on:submit=submit>
            <h2 id=title_id>{t::EXPORT_TITLE}</h2>
            <p class="sub">{what}</p>
            <div class="fields one">
                <fieldset>
                    <legend>{t::FORMAT}</legend>
                    <Radio name="format" chosen=form.format value=ExportFormat::Csv label=t::CSV />
                    <Radio name="format" chosen=form.format value=ExportFormat::Xlsx label=t::XLSX />
                    <Radio name="format" chosen=form.format value=ExportFormat::Ndjson label=t::NDJSON />
                </fieldset>
                <fieldset>
                    <legend>{t::COLUMNS}</legend>
                    <Radio name="columns" chosen=form.which value=Which::All label=t::ALL_COLUMNS />
                    <Radio name="columns" chosen=form.which value=Which::Shown label=t::SHOWN_COLUMNS />
                    <Radio name="columns" chosen=form.which value=Which::Own label=t::OWN_COLUMNS />
                </fieldset>
                <Show when=move || form.which.get() == Which::Own>
                    <OwnColumns order=form.order />
                </Show>
                <details class="more" open=special>
                    <summary>{t::MORE_OPTIONS}</summary>
                    <MoreOptions form choice />
                </details>
                {error.map(|error| view! { <p class="error" role="alert">{error}</p> })}
            </div>
            <div class="foot">
                <button type="button" class="btn" on:click=move |_| exports.close()>{text::CANCEL}</button>
                <button type="submit" class="btn primary">{text::CONFIRM}</button>
            </div>
        </form>
    }
}

/// One choice out of a few that are all seen.
#[component]
fn Radio<T: Copy + PartialEq + Send + Sync + 'static>(
    name: &'static str,
    chosen: RwSignal<T>,
    value: T,
    label: &'static str,
) -> impl IntoView {
    view! {
        <label class="choice">
            <input
                type="radio"
                name=name
                prop:checked=move || chosen.get() == value
                on:change=move |_| chosen.set(value)
            />
            {label}
        </label>
    }
}

/// What the format has of it.
#[component]
fn MoreOptions(form: Form, choice: Memo<Choice>) -> impl IntoView {
    let compressions =
        Compression::ALL.iter().map(|value| (value.to_string(), t::compression(*value).to_owned()));
    let headers = Header::ALL.iter().map(|value| (value.to_string(), t::header(*value).to_owned()));
    let (compressions, headers) =
        (Signal::stored(compressions.collect::<Vec<_>>()), Signal::stored(headers.collect::<Vec<_>>()));
    view! {
        <Show when=move || choice.with(Choice::packs)>
            <SelectField id="export-compression" label=t::COMPRESSION value=form.compression options=compressions />
        </Show>
        <Show when=move || choice.with(Choice::speaks)>
            <SelectField id="export-header" label=t::HEADER value=form.header options=headers />
        </Show>
        <Show when=move || choice.with(Choice::has_zone)>
            <Zone value=form.time_zone />
        </Show>
        <Show when=move || choice.with(Choice::marks)>
            <label class="choice">
                <input
                    type="checkbox"
                    prop:checked=form.exact
                    on:change=move |event| form.exact.set(event_target_checked(&event))
                />
                {t::EXACT_CELLS}
            </label>
            <small class="muted">{t::EXACT_HINT}</small>
        </Show>
    }
}

#[component]
fn Zone(value: RwSignal<String>) -> impl IntoView {
    view! {
        <div class="field">
            <label for=ZONE_ID>{t::TIME_ZONE}</label>
            <input
                id=ZONE_ID
                list=ZONES_ID
                autocomplete="off"
                spellcheck="false"
                aria-describedby=ZONE_HINT_ID
                prop:value=value
                on:input=move |event| value.set(event_target_value(&event))
            />
            <datalist id=ZONES_ID>
                <option value=UTC></option>
                <option value=browser::time_zone()></option>
            </datalist>
            <small id=ZONE_HINT_ID>{t::TIME_ZONE_HINT}</small>
        </div>
    }
}
