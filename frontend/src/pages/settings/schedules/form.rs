//! The form of a schedule. What is typed stays until it is saved or the form is closed on purpose; what is wrong stands beside its
//! field.

use super::{
    Editing, FORM_TITLE_ID,
    columns::Columns,
    fields::Fields,
    filter::Filter,
    parts::{Coming, Days, Zone},
};
use crate::{
    api::{self, ApiError},
    browser,
    stores::toasts::Toasts,
    text::{self, accounts, schedules as t},
    ui::field::{SelectField, TextField},
};
use leptos::{ev, prelude::*};
use rollcall_shared::{
    app::SdkAppId,
    custom_field::CustomField,
    error::{FieldError, codes},
    export::{Compression, Header},
    job::ExportFormat,
    schedule::{CRON_MAX, ExportDestination, ExportSchedule, Retention, ScheduleSettings},
    validate,
};

/// Where the fields are whose errors have a place, by the API's names.
const PLACES: [(&str, &str); 13] = [
    ("name", "schedule-name"),
    ("calendar.time", "schedule-time"),
    ("calendar.days", "schedule-days-note"),
    ("calendar.expression", "schedule-expression"),
    ("time_zone", "schedule-zone"),
    ("export.filter.q", "schedule-search"),
    ("export.filter.created_before", "schedule-created-to"),
    ("export.columns", "schedule-columns-note"),
    ("export.compression", "schedule-compression"),
    ("export.time_zone", "schedule-file-zone"),
    ("destination", "schedule-destination"),
    ("retention.last", "schedule-keep-last"),
    ("retention.days", "schedule-keep-days"),
];

/// What is wrong, and where.
#[derive(Clone, Copy, Default)]
pub struct Errors(RwSignal<Vec<FieldError>>);

impl Errors {
    /// The error of a field.
    pub fn of(self, field: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            self.0.with(|all| {
                let error = all.iter().find(|error| error.field == field || belongs(&error.field, field))?;
                let is_number = field.starts_with("retention.") && error.code == codes::OUT_OF_RANGE;
                Some(if is_number {
                    format!("{} {}", t::NO_NUMBER, error.message)
                } else {
                    error.message.clone()
                })
            })
        })
    }

    /// Those that no field shows.
    fn others(self) -> Option<String> {
        self.0.with(|all| {
            let is_placed = |error: &FieldError| {
                PLACES.iter().any(|(field, _)| error.field == *field || belongs(&error.field, field))
            };
            all.iter().find(|error| !is_placed(error)).map(|error| error.message.clone())
        })
    }

    /// Shows them, and goes to the first of them.
    fn show(self, errors: Vec<FieldError>) {
        let first = PLACES.iter().find(|(field, _)| errors.iter().any(|error| error.field == *field));
        let first = first.map(|(_, id)| *id);
        self.0.try_set(errors);
        if let Some(id) = first {
            browser::focus(id);
        }
    }
}

/// Whether an error is one of an item of the field: `columns[3]`.
fn belongs(error: &str, field: &str) -> bool {
    error.strip_prefix(field).is_some_and(|rest| rest.starts_with('['))
}

/// The settings of a new schedule.
fn fresh() -> ScheduleSettings {
    let retention = Retention { last: Some(7), days: None };
    ScheduleSettings { time_zone: browser::time_zone(), retention, ..ScheduleSettings::default() }
}

/// The form.
#[component]
pub fn ScheduleForm(
    /// The application.
    app: SdkAppId,
    /// Which schedule.
    editing: Editing,
    /// Where files can go.
    destinations: Vec<ExportDestination>,
    /// The application's custom fields.
    custom: Vec<CustomField>,
    /// Closes the form.
    close: Callback<()>,
    /// Reads the schedules again.
    reload: Callback<()>,
) -> impl IntoView {
    let toasts = Toasts::get();
    let (title, before, old) = match editing {
        Editing::New => (t::NEW_TITLE, fresh(), None),
        Editing::Old(old) => (t::EDIT_TITLE, old.settings.clone(), Some(*old)),
    };
    let (fields, errors) = (Fields::of(&before, &custom), Errors::default());
    let (busy, failed) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let options = places(&destinations, before.destination.as_deref());
    let kept = StoredValue::new((before, old, custom));
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let (before, old, custom) = kept.get_value();
        let settings = untrack(|| fields.settings(&before));
        failed.set(None);
        errors.show(settings.errors(&custom));
        if errors.0.with_untracked(|all| !all.is_empty()) || busy.get_untracked() {
            return;
        }
        busy.set(true);
        browser::spawn(async move {
            match save(app, old, &settings).await {
                Ok(_) => {
                    toasts.done(t::SAVED);
                    reload.try_run(());
                    close.try_run(());
                }
                Err(ApiError::Problem(problem)) if !problem.errors.is_empty() => errors.show(problem.errors),
                Err(error) if error.code() == codes::CHANGED_MEANWHILE => {
                    failed.try_set(Some(t::CHANGED.to_owned()));
                    reload.try_run(());
                }
                Err(error) => {
                    failed.try_set(Some(error.message()));
                }
            }
            busy.try_set(false);
        });
    };
    let misplaced = errors.of("destination");
    let wrong = move || failed.get().or_else(|| errors.others());
    view! {
        <form novalidate on:submit=submit>
            <h2 id=FORM_TITLE_ID>{title}</h2>
            <div class="fields">
                <TextField id="schedule-name" label=t::NAME value=fields.name error=errors.of("name") hint=t::NAME_HINT.to_owned() max_bytes=validate::NAME_MAX required=true wide=true />
                <When app fields errors />
                <What fields errors />
                <SelectField id="schedule-destination" label=t::DESTINATION value=fields.destination options=Signal::stored(options) />
                <small class="muted">{move || misplaced.get().unwrap_or(t::DESTINATION_HINT.to_owned())}</small>
                <TextField id="schedule-keep-last" label=t::KEEP_LAST value=fields.keep_last error=errors.of("retention.last") hint=t::KEEP_HINT.to_owned() />
                <TextField id="schedule-keep-days" label=t::KEEP_DAYS value=fields.keep_days error=errors.of("retention.days") />
            </div>
            {move || wrong().map(|error| view! { <p class="error" role="alert">{error}</p> })}
            <div class="foot">
                <button type="button" class="btn" on:click=move |_| close.run(())>{text::CANCEL}</button>
                <button type="submit" class="btn primary" aria-busy=move || busy.get().then_some("true")>{t::SAVE}</button>
            </div>
        </form>
    }
}

async fn save(
    app: SdkAppId,
    old: Option<ExportSchedule>,
    settings: &ScheduleSettings,
) -> Result<ExportSchedule, ApiError> {
    match old {
        Some(old) => api::put_schedule(app, &old, settings).await,
        None => api::create_schedule(app, settings).await,
    }
}

/// The destinations to choose from, with the one that was chosen even if it is gone.
fn places(destinations: &[ExportDestination], chosen: Option<&str>) -> Vec<(String, String)> {
    let mut all = vec![(String::new(), t::SERVER.to_owned())];
    all.extend(destinations.iter().map(|one| (one.name.clone(), t::destination(one))));
    if let Some(chosen) = chosen.filter(|chosen| !all.iter().any(|(name, _)| name == chosen)) {
        all.push((chosen.to_owned(), t::gone(chosen)));
    }
    all
}

/// When it runs.
#[component]
fn When(app: SdkAppId, fields: Fields, errors: Errors) -> impl IntoView {
    let kinds = t::KINDS.map(|(kind, label)| (kind.to_owned(), label.to_owned())).to_vec();
    let is = move |kind: &'static str| fields.kind.with(|chosen| chosen == kind);
    view! {
        <SelectField id="schedule-kind" label=t::KIND value=fields.kind options=Signal::stored(kinds) />
        <Zone id="schedule-zone" label=t::ZONE value=fields.zone error=errors.of("time_zone") />
        <Show when=move || !is("cron")>
            <TextField id="schedule-time" label=t::TIME value=fields.time error=errors.of("calendar.time") kind="time" required=true />
        </Show>
        <Show when=move || is("cron")>
            <TextField id="schedule-expression" label=t::EXPRESSION value=fields.expression error=errors.of("calendar.expression") hint=t::EXPRESSION_HINT.to_owned() max_bytes=CRON_MAX required=true wide=true />
        </Show>
        <Show when=move || is("weekly")>
            <Days days=fields.days error=errors.of("calendar.days") />
        </Show>
        <Coming app fields />
    }
}

/// What is exported, and how.
#[component]
fn What(fields: Fields, errors: Errors) -> impl IntoView {
    let labelled = |value: String, label: &str| (value, label.to_owned());
    let formats = ExportFormat::ALL.iter().map(|one| labelled(one.to_string(), t::format(*one)));
    let compressions =
        Compression::ALL.iter().map(|one| labelled(one.to_string(), accounts::compression(*one)));
    let headers = Header::ALL.iter().map(|one| labelled(one.to_string(), accounts::header(*one)));
    let (formats, compressions, headers) = (
        Signal::stored(formats.collect::<Vec<_>>()),
        Signal::stored(compressions.collect::<Vec<_>>()),
        Signal::stored(headers.collect::<Vec<_>>()),
    );
    view! {
        <Filter fields errors />
        <SelectField id="schedule-format" label=t::FORMAT value=fields.format options=formats />
        <Show when=move || fields.format() != ExportFormat::Xlsx>
            <SelectField id="schedule-compression" label=accounts::COMPRESSION value=fields.compression options=compressions />
        </Show>
        <Columns fields error=errors.of("export.columns") />
        <Show when=move || fields.format() != ExportFormat::Ndjson>
            <SelectField id="schedule-header" label=accounts::HEADER value=fields.header options=headers />
        </Show>
        <Show when=move || fields.has_zone()>
            <Zone id="schedule-file-zone" label=accounts::TIME_ZONE value=fields.file_zone error=errors.of("export.time_zone") />
        </Show>
        <Show when=move || fields.format() == ExportFormat::Csv>
            <label class="choice wide">
                <input type="checkbox" prop:checked=fields.exact on:change=move |event| fields.exact.set(event_target_checked(&event)) />
                {accounts::EXACT_CELLS}
            </label>
        </Show>
    }
}
