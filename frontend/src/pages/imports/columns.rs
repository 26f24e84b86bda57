//! The step at which columns get their meanings: each with its first cells, a choice and what is wrong with it.

use super::{
    choices::Choices,
    one::{Discard, Refusal},
    settings::{Cells, HowItIsRead, Which},
    state::One,
};
use crate::{
    api, browser,
    session::Workspace,
    text::{accounts, imports as t},
};
use leptos::{ev, prelude::*};
use rollcall_shared::{
    custom_field::CustomField,
    import::Preview,
    job::{AnyColumn, Column},
};

/// The id of the heading.
const TITLE_ID: &str = "import-columns";
/// The id of what is wrong with the columns together.
const ERROR_ID: &str = "import-columns-error";

/// The step.
#[component]
pub fn Columns() -> impl IntoView {
    let one = One::get();
    one.focus_step(TITLE_ID);
    let preview = Memo::new(move |_| one.now.with(|now| now.preview.clone()));
    let problem =
        Memo::new(move |_| one.now.with(|now| now.problem.as_ref().map(|problem| problem.detail.clone())));
    let facts = move || {
        let bytes = one.now.with(|now| now.bytes);
        preview.with(|p| p.as_ref().map(|p| t::facts(&p.format, bytes, p.columns.len())))
    };
    view! {
        <section class="panel wide" aria-labelledby=TITLE_ID>
            <h2 id=TITLE_ID tabindex="-1">
                {move || if problem.with(Option::is_some) { t::CANNOT_BE_READ } else { t::COLUMNS }}
            </h2>
            <p class="muted num">{facts}</p>
            {move || problem.get().map(|detail| view! {
                <div class="notice warn stack" role="alert"><p>{detail}</p><p>{t::WHAT_TO_DO}</p></div>
            })}
            {move || preview.get().map(|preview| view! { <Meanings preview /> })}
            <HowItIsRead preview problem />
            <Show when=move || preview.with(Option::is_some)>
                <Which />
                <Cells />
            </Show>
            <Buttons preview />
        </section>
    }
}

/// The table of columns.
#[component]
fn Meanings(preview: Preview) -> impl IntoView {
    let Preview { columns, sample, notice, .. } = preview;
    let cells = move |place: usize| -> Vec<String> {
        sample.iter().filter_map(|row| row.get(place)).take(3).cloned().collect()
    };
    let row = move |(place, name): (usize, String)| {
        let sample = cells(place);
        view! { <ColumnRow place name=t::column(&name, place) sample /> }
    };
    view! {
        <p>{t::COLUMNS_INTRO}</p>
        {(!notice.is_empty()).then(|| view! { <p class="notice">{notice}</p> })}
        <div class="grid">
            <table class="meanings">
                <thead>
                    <tr>
                        <th scope="col">{t::COLUMN}</th>
                        <th scope="col">{t::SAMPLE}</th>
                        <th scope="col">{t::MEANING}</th>
                    </tr>
                </thead>
                <tbody>{columns.into_iter().enumerate().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

#[component]
fn ColumnRow(place: usize, name: String, sample: Vec<String>) -> impl IntoView {
    let label = t::meaning_of(&name);
    let cell = |text: String| view! { <li><bdi>{text}</bdi></li> };
    view! {
        <tr>
            <th scope="row"><bdi>{name}</bdi></th>
            <td><ul class="sample muted">{sample.into_iter().map(cell).collect_view()}</ul></td>
            <td><Meaning place label /></td>
        </tr>
    }
}

/// The id of the choice of a column.
fn choice_id(place: usize) -> String {
    format!("import-column-{place}")
}

/// The choice of a column.
#[component]
fn Meaning(place: usize, label: String) -> impl IntoView {
    let one = One::get();
    let (choices, workspace) = (one.choices, Workspace::get());
    let field = format!("mapping[{place}]");
    let wrong = Memo::new(move |_| {
        let local =
            choices.errors().into_iter().find(|error| error.field == field).map(|error| error.message);
        local.or_else(|| one.error.with(|error| error.as_ref().and_then(|error| error.field(&field))))
    });
    let chosen = Memo::new(move |_| choices.meanings.with(|meanings| meanings.get(place).copied().flatten()));
    let offered = Memo::new(move |_| {
        let read = workspace.app.get().flatten().and_then(Result::ok);
        let custom = read.map(|app| app.custom_fields).unwrap_or_default();
        offered(&custom, chosen.get_untracked())
    });
    let choose = move |event: ev::Event| {
        choices.choose(place, event_target_value(&event).parse().ok());
        one.error.set(None);
    };
    let option = move |column: Option<AnyColumn>| {
        let value = column.map(|column| column.to_string()).unwrap_or_default();
        let label = column.map_or(t::LEAVE_OUT.into(), accounts::column);
        let own = move || chosen.get() == column;
        view! { <option value=value selected=chosen.get_untracked() == column prop:selected=own>{label}</option> }
    };
    let note = format!("{}-error", choice_id(place));
    view! {
        <div class="field" class:bad=move || wrong.with(Option::is_some)>
            <select
                id=choice_id(place)
                aria-label=label
                aria-describedby=note.clone()
                aria-invalid=move || wrong.with(Option::is_some).then_some("true")
                on:change=choose
            >
                {move || offered.get().into_iter().map(option).collect_view()}
            </select>
            <p class="error" id=note>{move || wrong.get()}</p>
        </div>
    }
}

/// What a column can mean: leaving it out first, then every field that an import may set. What is chosen is among them, also if the
/// application has no such field any more.
fn offered(custom: &[CustomField], chosen: Option<AnyColumn>) -> Vec<Option<AnyColumn>> {
    let importable =
        |column: &AnyColumn| !matches!(column, AnyColumn::Own(Column::CreatedAt | Column::UpdatedAt));
    let mut all: Vec<_> = AnyColumn::all(custom.iter().filter_map(CustomField::field_name))
        .into_iter()
        .filter(importable)
        .collect();
    all.extend(chosen.filter(|chosen| !all.contains(chosen)));
    std::iter::once(None).chain(all.into_iter().map(Some)).collect()
}

#[component]
fn Buttons(preview: Memo<Option<Preview>>) -> impl IntoView {
    let one = One::get();
    let back = move || one.now.with(|now| now.review.is_some()) && one.choosing.get();
    // The username is missing, or the server says something of the columns together.
    let together = Memo::new(move |_| {
        let local =
            one.choices.errors().into_iter().find(|error| error.field == "mapping").map(|e| e.message);
        local.or_else(|| one.error.with(|error| error.as_ref().and_then(|error| error.field("mapping"))))
    });
    let review = move |_| {
        if let Some(place) = first_wrong(one.choices) {
            return browser::focus(&choice_id(place));
        }
        let (app, id, request) = (one.app, one.id(), one.choices.request());
        one.begin(async move { api::review_import(app, &id, &request).await });
    };
    view! {
        <Show when=move || preview.with(Option::is_some)>
            <p class="error" id=ERROR_ID role="status">{move || together.get()}</p>
        </Show>
        <Refusal />
        <div class="bar">
            <Show when=move || preview.with(Option::is_some)>
                <button
                    type="button" class="btn primary" on:click=review
                    aria-describedby=ERROR_ID aria-busy=move || one.busy.get().then_some("true")
                >
                    {t::REVIEW_CHANGES}
                </button>
                <Show when=back>
                    <button type="button" class="btn" on:click=move |_| one.choosing.set(false)>{t::BACK_TO_REVIEW}</button>
                </Show>
            </Show>
            <Discard applied=false />
            <Show when=move || preview.with(Option::is_some)><span class="muted">{t::REVIEW_NOTE}</span></Show>
        </div>
    }
}

/// The first column that has to be put right; where the username is missing, the first of all.
fn first_wrong(choices: Choices) -> Option<usize> {
    let errors = untrack(|| choices.errors());
    let place = |field: &str| field.strip_prefix("mapping[")?.strip_suffix(']')?.parse().ok();
    let mut places: Vec<usize> = errors.iter().map(|error| place(&error.field).unwrap_or_default()).collect();
    places.sort_unstable();
    places.first().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_not_offered_and_what_is_chosen_always_is() {
        let gone: AnyColumn = "custom.Gone".parse().unwrap();
        let offered = offered(&[], Some(gone));
        assert_eq!(offered.first(), Some(&None));
        assert_eq!(offered.last(), Some(&Some(gone)));
        assert_eq!(offered.len(), Column::ALL.len());
        assert!(!offered.contains(&Some(AnyColumn::Own(Column::CreatedAt))));
    }

    #[test]
    fn the_first_wrong_column_is_found() {
        let owner = Owner::new();
        owner.set();
        let choices = Choices::of(&super::super::values::tests::import(&["user_id", "level", "team"]));
        assert_eq!(first_wrong(choices), None);
        choices.choose(2, Some(AnyColumn::Own(Column::Level)));
        assert_eq!(first_wrong(choices), Some(2));
        choices.choose(0, None);
        assert_eq!(first_wrong(choices), Some(0));
    }
}
