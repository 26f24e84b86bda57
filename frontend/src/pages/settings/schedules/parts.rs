//! Parts of the form: the days of a week, a time zone, and when the next runs are.

use super::fields::Fields;
use crate::{api, browser, text::schedules as t, ui::time::Time};
use leptos::prelude::*;
use rollcall_shared::{
    app::SdkAppId,
    export::UTC,
    schedule::{CalendarCheck, Weekday},
    time::Timestamp,
};

/// How long nothing must be typed until the next runs are asked for.
const PAUSE_MS: u32 = 300;
/// The days as they are shown: a week begins with Monday.
const WEEK: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

/// The days of a week.
#[component]
pub fn Days(
    /// Those that are chosen.
    days: RwSignal<Vec<Weekday>>,
    /// What is wrong, if anything.
    error: Signal<Option<String>>,
) -> impl IntoView {
    let day = move |day: Weekday| {
        let chosen = move || days.with(|days| days.contains(&day));
        let toggle = move |_| {
            days.update(|days| {
                let was = days.contains(&day);
                // In the order of the week.
                *days = WEEK
                    .into_iter()
                    .filter(|one| if *one == day { !was } else { days.contains(one) })
                    .collect();
            });
        };
        view! {
            <label class="choice">
                <input type="checkbox" prop:checked=chosen on:change=toggle />
                {t::weekday(day)}
            </label>
        }
    };
    view! {
        <fieldset class="wide" aria-describedby="schedule-days-note">
            <legend>{t::DAYS}</legend>
            {WEEK.map(day).collect_view()}
            <p id="schedule-days-note" class="error">{move || error.get()}</p>
        </fieldset>
    }
}

/// A time zone by its IANA name, with the browser's own as a suggestion.
#[component]
pub fn Zone(
    /// The id of the input.
    id: &'static str,
    /// The label.
    label: &'static str,
    /// The name.
    value: RwSignal<String>,
    /// What is wrong, if anything.
    error: Signal<Option<String>>,
) -> impl IntoView {
    let (list, note) = (format!("{id}-list"), format!("{id}-note"));
    view! {
        <div class="field" class:bad=move || error.with(Option::is_some)>
            <label for=id>{label}</label>
            <input
                id=id
                list=list.clone()
                autocomplete="off"
                spellcheck="false"
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=note.clone()
                prop:value=value
                on:input=move |event| value.set(event_target_value(&event))
            />
            <datalist id=list>
                <option value=UTC></option>
                <option value=browser::time_zone()></option>
            </datalist>
            <small id=note><span class="message">{move || error.get()}</span></small>
        </div>
    }
}

/// When the next runs would be, as the server says it.
#[component]
pub fn Coming(
    /// The application.
    app: SdkAppId,
    /// The form.
    fields: Fields,
) -> impl IntoView {
    let coming = RwSignal::new(Vec::<Timestamp>::new());
    let asked = StoredValue::new(0_u32);
    let wanted = Memo::new(move |_| CalendarCheck {
        calendar: fields.calendar(),
        time_zone: fields.zone.get().trim().to_owned(),
    });
    Effect::new(move |_| {
        let check = wanted.get();
        asked.update_value(|asked| *asked += 1);
        let number = asked.get_value();
        if check.calendar.cron().is_err() {
            coming.set(Vec::new());
            return;
        }
        browser::spawn(async move {
            browser::sleep(PAUSE_MS).await;
            // Something else was typed meanwhile, or the form is closed.
            let is_last = move || asked.try_get_value() == Some(number);
            if !is_last() {
                return;
            }
            let next = api::check_calendar(app, &check).await.map(|runs| runs.next).unwrap_or_default();
            if is_last() {
                coming.try_set(next);
            }
        });
    });
    let times = move || coming.get().into_iter().map(|at| view! { <li><Time at /></li> }).collect_view();
    view! {
        <div class="wide" aria-live="polite">
            <Show when=move || coming.with(|coming| !coming.is_empty())>
                <small class="muted" id="schedule-coming">{t::COMING}</small>
                <ol class="muted" aria-labelledby="schedule-coming">{times}</ol>
            </Show>
        </div>
    }
}
