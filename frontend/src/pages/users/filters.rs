//! The filter chips. Each opens a panel with a GET form: without scripts its button applies it, with them every
//! change does. `<details>` is the popover that works from the first byte on and needs no geometry.

use super::{
    state::{History, Users},
    url::PageUrl,
};
use crate::{
    pages::filter::{Choice, Set, first_day, last_day},
    text::accounts as t,
    ui::icon::{Glyph, Icon},
};
use leptos::{ev, html, prelude::*};
use rollcall_shared::list::AccountFilter;

/// What a form says of the filter. It is a value and no closure, so that the chips are one component and not four.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What is searched for.
    Needle,
    /// The day of creation.
    Created,
    /// Ticked values.
    Sets(&'static [Set]),
}

impl Part {
    fn clear(self, filter: &mut AccountFilter) {
        match self {
            Self::Needle => filter.q.clear(),
            Self::Created => (filter.created_from, filter.created_before) = (None, None),
            Self::Sets(sets) => sets.iter().for_each(|set| set.clear(filter)),
        }
    }
}

/// The sets behind "more".
const MORE: &[Set] = &[Set::FriendVerification, Set::Friending];

/// All chips.
#[component]
pub fn Filters() -> impl IntoView {
    let users = Users::get();
    let more_label = Signal::derive(move || {
        let active = users.url.with(|url| {
            MORE.iter()
                .filter(|set| !set.chosen(&url.list.filter).is_empty())
                .map(|set| set.label())
                .collect::<Vec<_>>()
        });
        t::any_of(t::MORE_FILTERS, &active)
    });
    view! {
        <div class="chips">
            <SetChip sets=&[Set::Type] />
            <CreatedChip />
            <SetChip sets=&[Set::Gender] />
            <Chip name=t::MORE_FILTERS label=more_label part=Part::Sets(MORE)>
                <SetChoices set=Set::FriendVerification />
                <SetChoices set=Set::Friending />
            </Chip>
        </div>
    }
}

#[component]
fn SetChip(sets: &'static [Set; 1]) -> impl IntoView {
    let (users, [set]) = (Users::get(), *sets);
    let label =
        Signal::derive(move || users.url.with(|url| t::any_of(set.label(), &set.chosen(&url.list.filter))));
    view! {
        <Chip name=set.label() label part=Part::Sets(sets)>
            <SetChoices set />
        </Chip>
    }
}

#[component]
fn SetChoices(set: Set) -> impl IntoView {
    let users = Users::get();
    let choice = move |(value, label): Choice| {
        let checked = move || users.url.with(|url| set.has(&url.list.filter, value));
        view! {
            <label class="choice">
                <input type="checkbox" name=set.name() value=value checked=checked() prop:checked=checked />
                {label}
            </label>
        }
    };
    view! {
        <fieldset>
            <legend>{set.label()}</legend>
            {set.choices().into_iter().map(choice).collect_view()}
        </fieldset>
    }
}

#[component]
fn CreatedChip() -> impl IntoView {
    let users = Users::get();
    let from = move || users.url.with(|url| url.list.filter.created_from.map(first_day));
    let to = move || users.url.with(|url| url.list.filter.created_before.map(last_day));
    let label = Signal::derive(move || t::created(from().as_deref(), to().as_deref()));
    view! {
        <Chip name=t::CREATED label part=Part::Created>
            <fieldset>
                <legend>{t::column(rollcall_shared::job::Column::CreatedAt.into())}</legend>
                <label class="day">{t::FROM_DAY}<input type="date" name="created_from" value=from() /></label>
                <label class="day">{t::TO_DAY}<input type="date" name="created_to" value=to() /></label>
                <p class="muted">{t::DAYS_ARE_UTC}</p>
            </fieldset>
        </Chip>
    }
}

/// A chip: it opens a panel, and beside it stands the way to clear it while it is in use.
#[component]
fn Chip(
    /// The filter's name.
    name: &'static str,
    /// The name with what is chosen.
    label: Signal<String>,
    /// What it says of the filter.
    part: Part,
    /// The panel's fields.
    children: Children,
) -> impl IntoView {
    let users = Users::get();
    let form = NodeRef::<html::Form>::new();
    let on = Memo::new(move |_| label.with(|label| label != name));
    let cleared = move || {
        let mut url = users.url.get();
        part.clear(&mut url.list.filter);
        users.href(&url.first_page().with_dialog(None))
    };
    // Several panels change one URL: what the others say is read from it, not from hidden fields alone.
    let apply = move || {
        let Some(form) = form.get_untracked() else { return };
        let mut url = users.url.get_untracked();
        part.clear(&mut url.list.filter);
        let added = PageUrl::parse(&fields(&form)).list.filter;
        merge(&mut url.list.filter, added);
        users.go(url.first_page(), History::Push);
    };
    view! {
        <div class="chip" class:on=on>
            <details name="filter">
                <summary>{label}</summary>
                <form
                    class="pop"
                    method="get"
                    action=move || users.path.get()
                    node_ref=form
                    on:change=move |_| apply()
                    on:submit=move |event: ev::SubmitEvent| {
                        event.prevent_default();
                        apply();
                    }
                >
                    {children()}
                    <Others part />
                    <button class="btn unscripted">{t::APPLY}</button>
                </form>
            </details>
            {move || on.get().then(|| view! {
                <a class="clear" href=cleared data-noscroll="" aria-label=t::clear_filter(name)><Glyph icon=Icon::Close /></a>
            })}
        </div>
    }
}

/// The rest of the URL as hidden fields, for a form that is sent without scripts.
#[component]
pub fn Others(
    /// What the form itself says of the filter.
    part: Part,
) -> impl IntoView {
    let users = Users::get();
    move || {
        let mut url = users.url.get().first_page().with_dialog(None);
        part.clear(&mut url.list.filter);
        let href = url.href("");
        let query = href.trim_start_matches('?').to_owned();
        form_urlencoded::parse(query.as_bytes())
            .map(|(name, value)| view! { <input type="hidden" name=name.into_owned() value=value.into_owned() /> })
            .collect_view()
    }
}

/// The query string of what a panel's own fields say; the hidden ones are the rest of the URL.
pub fn fields(form: &leptos::web_sys::HtmlFormElement) -> String {
    use leptos::wasm_bindgen::JsCast;
    let mut out = form_urlencoded::Serializer::new(String::new());
    let elements = form.elements();
    for i in 0..elements.length() {
        let element = elements.item(i);
        let input = element.as_ref().and_then(|e| e.dyn_ref::<leptos::web_sys::HtmlInputElement>());
        let Some(input) = input else { continue };
        match input.type_().as_str() {
            "checkbox" if input.checked() => _ = out.append_pair(&input.name(), &input.value()),
            "date" | "number" | "text" => _ = out.append_pair(&input.name(), &input.value()),
            _ => {}
        }
    }
    out.finish()
}

/// Adds what one panel says to what the others say.
fn merge(filter: &mut AccountFilter, added: AccountFilter) {
    filter.account_type.extend(added.account_type);
    filter.gender.extend(added.gender);
    filter.friend_verification.extend(added.friend_verification);
    filter.friending.extend(added.friending);
    filter.created_from = added.created_from.or(filter.created_from);
    filter.created_before = added.created_before.or(filter.created_before);
}
