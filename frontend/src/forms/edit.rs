//! The form of an account: loads it, sends what was touched, and opens the comparison when someone else was
//! faster.

use super::{
    FormError, FormEvents,
    conflict::Conflict,
    conflict_view::ConflictView,
    draft::{Draft, Field, restore},
    erase::{EraseForm, Erased, HeldActions},
    fields::AccountFields,
    form::AccountForm,
    on_ctrl_enter,
};
use crate::{
    api::{self, ApiError, Tagged},
    browser,
    stores::toasts::Toasts,
    text::{self, accounts as t, persons},
};
use leptos::{ev, prelude::*};
use rollcall_shared::{
    account::Account, app::SdkAppId, custom_field::FieldName, error::codes, person::Certificate,
};

/// The id of the dialog's heading, the same in every phase.
pub const TITLE_ID: &str = "edit-title";

/// The fields that show their own refusal.
const FIELDS: [Field; 7] = [
    Field::Nickname,
    Field::PhotoUrl,
    Field::Location,
    Field::WhatsUp,
    Field::BirthDate,
    Field::Level,
    Field::Role,
];

/// What the dialog shows.
#[derive(Clone)]
enum Phase {
    Loading,
    Editing(AccountForm),
    Comparing(RwSignal<Conflict>),
    /// The form keeps what was typed meanwhile.
    Erasing(AccountForm),
    Erased(Box<Certificate>),
    Failed(ApiError),
}

/// What the parts of the dialog share.
#[derive(Clone, Copy)]
struct Editor {
    app: SdkAppId,
    custom: StoredValue<Vec<FieldName>>,
    phase: RwSignal<Phase>,
    busy: RwSignal<bool>,
    events: FormEvents,
    toasts: Toasts,
}

/// The form of one account.
#[component]
pub fn EditForm(
    /// The application.
    app: SdkAppId,
    /// The account.
    user_id: String,
    /// The account as the list has it, to show it at once.
    known: Option<Account>,
    /// The application's custom fields.
    custom: Vec<FieldName>,
    /// What it tells the page.
    events: FormEvents,
) -> impl IntoView {
    let known = known.map(|account| AccountForm::new(account, &custom));
    let phase = RwSignal::new(known.map_or(Phase::Loading, Phase::Editing));
    let custom = StoredValue::new(custom);
    let editor = Editor { app, custom, phase, busy: RwSignal::new(false), events, toasts: Toasts::get() };
    load(editor, user_id, known);
    view! {
        <h2 id=TITLE_ID>{move || match phase.get() {
            Phase::Comparing(_) => t::CONFLICT_TITLE,
            Phase::Erasing(_) => persons::ERASE_TITLE,
            Phase::Erased(_) => persons::ERASED_TITLE,
            _ => t::EDIT_TITLE,
        }}</h2>
        {move || match phase.get() {
            Phase::Loading => view! { <p class="sub">{text::LOADING}</p> }.into_any(),
            Phase::Editing(form) => view! { <Editing editor form /> }.into_any(),
            Phase::Comparing(conflict) => {
                let save = Callback::new(move |draft| compared(editor, &draft));
                view! { <ConflictView conflict save leave=events.leave busy=editor.busy /> }.into_any()
            }
            Phase::Erasing(form) => erasing(editor, form),
            Phase::Erased(certificate) => {
                view! { <Erased certificate=*certificate close=events.close /> }.into_any()
            }
            Phase::Failed(error) => view! { <Failed error events /> }.into_any(),
        }}
    }
}

/// Reads the account as it is now. What the list had is replaced as long as nothing was typed over it.
fn load(editor: Editor, user_id: String, known: Option<AccountForm>) {
    let Editor { app, phase, custom, .. } = editor;
    let custom = custom.get_value();
    browser::spawn(async move {
        let answer = api::account(app, &user_id).await;
        match (answer, known) {
            (Ok(Tagged { value, .. }), Some(form)) => {
                let untouched =
                    form.base.try_get_untracked().is_some() && untrack(|| form.draft()).changes().is_empty();
                if untouched && form.base.with_untracked(|base| *base != value) {
                    form.load(&Draft::new(value, &custom));
                }
            }
            (Ok(Tagged { value, .. }), None) => {
                drop(phase.try_set(Phase::Editing(AccountForm::new(value, &custom))))
            }
            (Err(error), Some(_)) if error.status() != 404 => {}
            (Err(error), _) => drop(phase.try_set(Phase::Failed(error))),
        }
    });
}

/// The form of the erasure, in place of that of the account.
fn erasing(editor: Editor, form: AccountForm) -> AnyView {
    let Editor { app, phase, events, .. } = editor;
    let user_id = form.base.with_untracked(|base| base.user_id.clone());
    let cancel = Callback::new(move |()| phase.set(Phase::Editing(form)));
    let erased = Callback::new(move |certificate| {
        events.dirty.set(false);
        phase.set(Phase::Erased(Box::new(certificate)));
        events.changed.run(());
    });
    view! { <EraseForm app user_id dirty=events.dirty cancel erased /> }.into_any()
}

#[component]
fn Editing(editor: Editor, form: AccountForm) -> impl IntoView {
    let events = editor.events;
    let custom = editor.custom.get_value();
    let shown = FIELDS.into_iter().chain(custom.iter().copied().map(Field::Custom)).map(Field::name);
    let draft = Memo::new(move |_| form.draft());
    let changes = Memo::new(move |_| draft.with(|draft| draft.changes().len()));
    let wrong = Memo::new(move |_| draft.with(|draft| draft.errors().len()));
    Effect::new(move |_| events.dirty.set(changes.get() > 0));
    Effect::new(move |_| browser::focus("edit-nickname"));
    let erase = Callback::new(move |()| editor.phase.set(Phase::Erasing(form)));
    let status = move || match (wrong.get(), changes.get()) {
        (0, 0) => t::NO_CHANGES.to_owned(),
        (0, changes) => t::changed(changes),
        (wrong, _) => t::to_correct(wrong),
    };
    let send = move || {
        if !editor.busy.get_untracked() && wrong.get_untracked() == 0 {
            save(editor, form, &draft.get_untracked());
        }
    };
    view! {
        <form
            novalidate
            on:submit=move |event: ev::SubmitEvent| {
                event.prevent_default();
                send();
            }
            on:keydown=move |event| on_ctrl_enter(&event, send)
        >
            <p class="sub">{t::EDIT_SUB}</p>
            <AccountFields form custom=custom.clone()>
                <HeldActions app=editor.app user_id=form.base.with_untracked(|base| base.user_id.clone()) erase />
            </AccountFields>
            <FormError error=form.refused.into() fields=shown.collect() />
            <div class="foot">
                <span class="muted" role="status">{status}</span>
                <button type="button" class="btn" on:click=move |_| events.leave.run(())>
                    {text::CANCEL}
                    <kbd aria-hidden="true">"Esc"</kbd>
                </button>
                <button
                    type="submit"
                    class="btn primary"
                    disabled=move || { wrong.get() > 0 }
                    aria-busy=move || editor.busy.get().then_some("true")
                >
                    {text::CONFIRM}
                    <kbd aria-hidden="true">"Ctrl ↵"</kbd>
                </button>
            </div>
        </form>
    }
}

#[component]
fn Failed(error: ApiError, events: FormEvents) -> impl IntoView {
    events.dirty.set(false);
    let message = if error.status() == 404 { t::GONE.to_owned() } else { error.message() };
    view! {
        <div class="prose"><p role="alert">{message}</p></div>
        <div class="foot">
            <button class="btn primary" on:click=move |_| events.close.run(())>{text::CLOSE}</button>
        </div>
    }
}

/// After the comparison: the chosen values are sent over the version that is there now.
fn compared(editor: Editor, draft: &Draft) {
    if draft.changes().is_empty() {
        editor.events.saved();
        editor.toasts.done(t::KEPT_THEIRS);
        return;
    }
    save(editor, AccountForm::of(draft), draft);
}

/// Sends what was touched.
fn save(editor: Editor, form: AccountForm, draft: &Draft) {
    let Ok(patch) = draft.patch() else { return };
    if patch.is_empty() {
        editor.events.close.run(());
        return;
    }
    let (before, fields, mine) = (draft.base.clone(), draft.changes(), draft.clone());
    editor.busy.set(true);
    form.refused.set(None);
    browser::spawn(async move {
        let answer = api::patch_account(editor.app, &before.user_id, &before.etag(), &patch).await;
        editor.busy.try_set(false);
        match answer {
            Ok(saved) => {
                editor.events.saved();
                offer_undo(editor, before, fields, saved.etag);
            }
            Err(error) if error.status() == 404 => drop(editor.phase.try_set(Phase::Failed(error))),
            Err(error) => match current(&error) {
                Some(theirs) => {
                    editor.phase.try_set(Phase::Comparing(RwSignal::new(Conflict::new(mine, theirs))));
                }
                None => refused(editor, form, error),
            },
        }
    });
}

/// Shows a refusal where it was typed, also when it was sent from the comparison.
fn refused(editor: Editor, form: AccountForm, error: ApiError) {
    form.refused.try_set(Some(error));
    editor.phase.try_set(Phase::Editing(form));
}

/// The account as it is now, out of "changed meanwhile".
fn current(error: &ApiError) -> Option<Account> {
    match error {
        ApiError::Problem(problem) if problem.code == codes::CHANGED_MEANWHILE || problem.status == 412 => {
            serde_json::from_value(problem.current.clone()?).ok()
        }
        _ => None,
    }
}

fn offer_undo(editor: Editor, before: Account, fields: Vec<Field>, etag: String) {
    let Editor { app, toasts, events, .. } = editor;
    let saved = t::saved(&before.user_id);
    let undo = Callback::new(move |()| {
        let (patch, user_id, etag) = (restore(&before, &fields), before.user_id.clone(), etag.clone());
        browser::spawn(async move {
            match api::patch_account(app, &user_id, &etag, &patch).await {
                Ok(_) => {
                    events.changed.try_run(());
                    toasts.done(t::UNDONE);
                }
                Err(error) if matches!(error.status(), 404 | 412) => toasts.failed(t::UNDO_TOO_LATE),
                Err(error) => toasts.failed(error.message()),
            }
        });
    });
    toasts.done_with(saved, t::UNDO, undo);
}
