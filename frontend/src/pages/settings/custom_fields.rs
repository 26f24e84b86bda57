//! The custom profile fields of the application's accounts: what the server API may do with each, and new ones.

use crate::{
    api::{self, ApiError},
    browser,
    session::Workspace,
    stores::toasts::Toasts,
    text::settings as t,
    ui::field::TextField,
};
use leptos::{ev, html, prelude::*};
use rollcall_shared::{
    app::{App, AppPatch},
    custom_field::{self, CUSTOM_FIELDS_MAX, CustomField},
    error::codes,
};

/// The id of the heading.
const TITLE_ID: &str = "custom-fields-title";
/// The id of the field for a new name.
const NAME_ID: &str = "custom-name";

/// What the server API may do with a field.
#[derive(Clone, Copy)]
enum Right {
    Read,
    Write,
}

impl Right {
    const fn of(self, field: &CustomField) -> bool {
        match self {
            Self::Read => field.readable,
            Self::Write => field.writable,
        }
    }

    fn set(self, field: &mut CustomField, on: bool) {
        match self {
            Self::Read => field.readable = on,
            Self::Write => field.writable = on,
        }
    }
}

/// The fields as they were saved last, by whoever it was.
#[derive(Clone, Copy)]
struct Fields {
    app: RwSignal<App>,
    busy: RwSignal<bool>,
    workspace: Workspace,
}

impl Fields {
    fn of(now: Memo<App>) -> Self {
        let app = RwSignal::new(now.get_untracked());
        Effect::new(move |_| {
            let read = now.get();
            // What was saved here is known before it is read again.
            if app.with_untracked(|app| read.version > app.version) {
                app.set(read);
            }
        });
        Self { app, busy: RwSignal::new(false), workspace: Workspace::get() }
    }

    fn list(self) -> Vec<CustomField> {
        self.app.with(|app| app.custom_fields.clone())
    }

    /// Saves them changed. Nothing that someone else saved of them meanwhile is overwritten: it is shown, and this is refused.
    async fn save(self, change: impl Fn(&mut Vec<CustomField>)) -> Result<(), ApiError> {
        let Some(before) = self.app.try_get_untracked() else { return Ok(()) };
        self.busy.try_set(true);
        let mut answer = saved(&before, &change).await;
        if matches!(&answer, Err(error) if error.code() == codes::CHANGED_MEANWHILE) {
            // Another setting may have been saved, which is no reason to refuse this.
            match api::app(before.sdkappid).await {
                Ok(now) if now.custom_fields == before.custom_fields => answer = saved(&now, &change).await,
                Ok(now) => drop(self.app.try_set(now)),
                Err(_) => {}
            }
        }
        self.busy.try_set(false);
        self.workspace.refresh();
        self.app.try_set(answer?);
        Ok(())
    }
}

/// Sends them changed.
async fn saved(app: &App, change: &impl Fn(&mut Vec<CustomField>)) -> Result<App, ApiError> {
    let mut fields = app.custom_fields.clone();
    change(&mut fields);
    api::patch_app(app, &AppPatch { custom_fields: Some(fields), ..AppPatch::default() }).await
}

/// The panel.
#[component]
pub fn CustomFieldsPanel(
    /// The application as it is.
    now: Memo<App>,
) -> impl IntoView {
    let fields = Fields::of(now);
    let names = Memo::new(move |_| fields.list().into_iter().map(|field| field.name).collect::<Vec<_>>());
    let count = move || names.with(Vec::len);
    view! {
        <section class="panel" aria-labelledby=TITLE_ID>
            <h2 id=TITLE_ID tabindex="-1">{t::CUSTOM_FIELDS}</h2>
            <p class="muted">{t::CUSTOM_FIELDS_INTRO}</p>
            <Show when=move || { count() > 0 } fallback=|| view! { <p class="muted">{t::NO_CUSTOM_FIELDS}</p> }>
                <div class="grid">
                    <table>
                        <thead>
                            <tr>
                                <th scope="col">{t::NAME}</th>
                                <th scope="col">{t::COLUMN_READABLE}</th>
                                <th scope="col">{t::COLUMN_WRITABLE}</th>
                            </tr>
                        </thead>
                        <tbody>
                            <For each=move || names.get() key=Clone::clone let:name>
                                <Row fields name />
                            </For>
                        </tbody>
                    </table>
                </div>
            </Show>
            <Show
                when=move || { count() < CUSTOM_FIELDS_MAX }
                fallback=|| view! { <p class="muted" role="status">{t::ALL_CUSTOM_FIELDS}</p> }
            >
                <NewField fields />
            </Show>
        </section>
    }
}

#[component]
fn Row(fields: Fields, name: String) -> impl IntoView {
    view! {
        <tr>
            <th scope="row">{name.clone()}</th>
            <td><RightBox fields name=name.clone() right=Right::Read /></td>
            <td><RightBox fields name right=Right::Write /></td>
        </tr>
    }
}

#[component]
fn RightBox(fields: Fields, name: String, right: Right) -> impl IntoView {
    let toasts = Toasts::get();
    let node = NodeRef::<html::Input>::new();
    let label = match right {
        Right::Read => t::may_read(&name),
        Right::Write => t::may_write(&name),
    };
    let name = StoredValue::new(name);
    let on = Memo::new(move |_| {
        let of = |field: &CustomField| name.with_value(|name| field.name == *name);
        fields.list().into_iter().find(of).is_some_and(|field| right.of(&field))
    });
    let change = move |event: ev::Event| {
        let wanted = event_target_checked(&event);
        let back = move || {
            if let Some(input) = node.try_get_untracked().flatten() {
                input.set_checked(on.try_get_untracked().unwrap_or(!wanted));
            }
        };
        if fields.busy.get_untracked() {
            back();
            return;
        }
        let Some(name) = name.try_get_value() else { return };
        browser::spawn(async move {
            let set = |all: &mut Vec<CustomField>| {
                all.iter_mut().filter(|field| field.name == name).for_each(|field| right.set(field, wanted));
            };
            match fields.save(set).await {
                Ok(()) => toasts.done(t::SAVED),
                Err(error) => {
                    back();
                    toasts.failed(sentence(&error));
                }
            }
        });
    };
    view! {
        <input type="checkbox" aria-label=label checked=on.get_untracked() prop:checked=move || on.get() aria-disabled=move || fields.busy.get().then_some("true") node_ref=node on:change=change />
    }
}

#[component]
fn NewField(fields: Fields) -> impl IntoView {
    let toasts = Toasts::get();
    let (name, error) = (RwSignal::new(String::new()), RwSignal::new(None::<String>));
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let mut wanted = fields.app.with_untracked(|app| app.custom_fields.clone());
        let place = wanted.len();
        let new =
            CustomField { name: name.get_untracked().trim().to_owned(), readable: true, writable: true };
        wanted.push(new.clone());
        let old = fields.app.with_untracked(|app| app.custom_fields.clone());
        let errors = custom_field::definition_errors(&old, &wanted);
        error.set(errors.into_iter().next().map(|error| error.message));
        if error.with_untracked(Option::is_some) {
            browser::focus(NAME_ID);
            return;
        }
        if fields.busy.get_untracked() {
            return;
        }
        browser::spawn(async move {
            let added = t::custom_field_added(&new.name);
            match fields.save(|all| all.push(new.clone())).await {
                Ok(()) => {
                    name.try_set(String::new());
                    // The last one takes the field for a new name away.
                    browser::focus(if place + 1 < CUSTOM_FIELDS_MAX { NAME_ID } else { TITLE_ID });
                    toasts.done(added);
                }
                Err(refused) => {
                    let field = format!("custom_fields[{place}].name");
                    error.try_set(Some(refused.field(&field).unwrap_or_else(|| sentence(&refused))));
                }
            }
        });
    };
    let edited = Callback::new(move |()| error.set(None));
    view! {
        <form class="stack" novalidate on:submit=submit>
            <TextField
                id=NAME_ID
                label=t::NEW_CUSTOM_FIELD
                value=name
                error=error
                hint=t::NEW_CUSTOM_FIELD_HINT.to_owned()
                required=true
                on_edit=edited
            />
            <div>
                <button type="submit" class="btn" aria-busy=move || fields.busy.get().then_some("true")>{t::ADD_FIELD}</button>
            </div>
        </form>
    }
}

/// What went wrong. Someone else's change is shown by then.
fn sentence(error: &ApiError) -> String {
    if error.code() == codes::CHANGED_MEANWHILE { t::LOOK_AGAIN.to_owned() } else { error.message() }
}
