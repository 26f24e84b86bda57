//! The form of a new account. A creation that is tried again, after a lost answer or a new sign-in, carries the
//! same key as long as the form is the same: the account is created once.

use super::{FormError, FormEvents, on_ctrl_enter, photo::PhotoField};
use crate::{
    api::{self, ApiError, Tagged},
    browser,
    text::{self, accounts as t},
    ui::field::TextField,
};
use leptos::{ev, prelude::*};
use rollcall_shared::{
    account::{Account, NewAccount},
    app::SdkAppId,
    error::codes,
    profile::{AccountType, TEXT_MAX, USER_ID_MAX},
    validate,
};

/// The fields that show their own refusal.
const FIELDS: &[&str] = &["user_id", "type", "nickname", "photo_url"];

/// The form's signals.
#[derive(Clone, Copy)]
struct NewForm {
    account_type: RwSignal<AccountType>,
    user_id: RwSignal<String>,
    nickname: RwSignal<String>,
    photo_url: RwSignal<String>,
    refused: RwSignal<Option<ApiError>>,
    tried: RwSignal<bool>,
    busy: RwSignal<bool>,
    attempt: StoredValue<Option<(NewAccount, String)>>,
}

impl NewForm {
    fn new() -> Self {
        Self {
            account_type: RwSignal::new(AccountType::General),
            user_id: RwSignal::new(String::new()),
            nickname: RwSignal::new(String::new()),
            photo_url: RwSignal::new(String::new()),
            refused: RwSignal::new(None),
            tried: RwSignal::new(false),
            busy: RwSignal::new(false),
            attempt: StoredValue::new(None),
        }
    }

    fn account(self) -> NewAccount {
        NewAccount {
            account_type: self.account_type.get(),
            nickname: self.nickname.get(),
            photo_url: self.photo_url.get().trim().to_owned(),
            ..NewAccount::new(self.user_id.get())
        }
    }

    /// The rule that a field breaks. "Enter a username" waits for the first try.
    fn error(self, field: &'static str) -> Option<String> {
        let account = self.account();
        let own = match field {
            "user_id" if account.user_id.is_empty() && !self.tried.get() => None,
            "user_id" => validate::user_id_recommended(&account.user_id),
            "nickname" => validate::text("nickname", &account.nickname, TEXT_MAX),
            "photo_url" => validate::photo_url(&account.photo_url),
            _ => None,
        };
        own.map(|error| error.message).or_else(|| self.refusal(field))
    }

    fn refusal(self, field: &str) -> Option<String> {
        self.refused.with(|refused| {
            let error = refused.as_ref()?;
            error.field(field).or_else(|| {
                let taken = field == "user_id" && error.code() == codes::TAKEN;
                let limit = field == "type" && error.code() == codes::ADMIN_LIMIT;
                if taken { Some(t::USERNAME_TAKEN.to_owned()) } else { limit.then(|| error.message()) }
            })
        })
    }

    fn is_dirty(self) -> bool {
        let account = self.account();
        account != NewAccount::default()
    }

    /// The key of this attempt: another form gets another one.
    fn key(self, account: &NewAccount) -> String {
        let before = self.attempt.get_value().filter(|(form, _)| form == account);
        let key = before.map_or_else(browser::random_id, |(_, key)| key);
        self.attempt.set_value(Some((account.clone(), key.clone())));
        key
    }
}

/// The form.
#[component]
pub fn CreateForm(
    /// The application.
    app: SdkAppId,
    /// What it tells the page.
    events: FormEvents,
    /// The account that was created.
    created: Callback<Account>,
) -> impl IntoView {
    let form = NewForm::new();
    Effect::new(move |_| events.dirty.set(form.is_dirty()));
    Effect::new(move |_| browser::focus("create-user-id"));
    let send = move || send(app, form, events, created);
    let field_error = move |field| Signal::derive(move || form.error(field));
    let edited = Callback::new(move |()| form.refused.set(None));
    view! {
        <form
            novalidate
            on:submit=move |event: ev::SubmitEvent| {
                event.prevent_default();
                send();
            }
            on:keydown=move |event| on_ctrl_enter(&event, send)
        >
            <h2 id="create-title">{t::CREATE}</h2>
            <div class="fields one">
                <TypeChoice form />
                <TextField
                    id="create-user-id"
                    label=t::USERNAME.to_owned()
                    value=form.user_id
                    error=field_error("user_id")
                    hint=t::USERNAME_HINT.to_owned()
                    max_bytes=USER_ID_MAX
                    required=true
                    on_edit=edited
                />
                <TextField
                    id="create-nickname"
                    label=t::field(super::draft::Field::Nickname).into_owned()
                    value=form.nickname
                    error=field_error("nickname")
                    max_bytes=TEXT_MAX
                    on_edit=edited
                />
                <PhotoField id="create-photo-url" value=form.photo_url error=field_error("photo_url") on_edit=edited />
                <FormError error=form.refused.into() fields=FIELDS.iter().map(|field| (*field).into()).collect() />
            </div>
            <div class="foot">
                <button type="button" class="btn" on:click=move |_| events.leave.run(())>
                    {text::CANCEL}
                    <kbd aria-hidden="true">"Esc"</kbd>
                </button>
                <button type="submit" class="btn primary" aria-busy=move || form.busy.get().then_some("true")>
                    {text::CONFIRM}
                    <kbd aria-hidden="true">"Ctrl ↵"</kbd>
                </button>
            </div>
        </form>
    }
}

#[component]
fn TypeChoice(form: NewForm) -> impl IntoView {
    let choice = move |value: AccountType, help: &'static str| {
        let help_id = format!("create-type-{value}");
        view! {
            <label class="choice">
                <input
                    type="radio"
                    name="type"
                    value=value.as_str()
                    aria-describedby=help_id.clone()
                    prop:checked=move || form.account_type.get() == value
                    on:change=move |_| {
                        form.account_type.set(value);
                        form.refused.set(None);
                    }
                />
                <span>{t::account_type(value)}</span>
            </label>
            <p class="muted help" id=help_id>{help}</p>
        }
    };
    view! {
        <fieldset class="types" class:bad=move || form.refusal("type").is_some()>
            <legend>{t::ACCOUNT_TYPE}</legend>
            {choice(AccountType::General, t::GENERAL_HELP)}
            {choice(AccountType::Admin, t::ADMIN_HELP)}
            <p class="message" role="alert">{move || form.refusal("type")}</p>
        </fieldset>
    }
}

fn send(app: SdkAppId, form: NewForm, events: FormEvents, created: Callback<Account>) {
    form.tried.set(true);
    let wrong = untrack(|| FIELDS.iter().any(|field| form.error(field).is_some()));
    if wrong || form.busy.get_untracked() {
        return;
    }
    let account = untrack(|| form.account());
    let key = form.key(&account);
    form.busy.set(true);
    form.refused.set(None);
    browser::spawn(async move {
        let answer = api::create_account(app, &account, &key).await;
        form.busy.try_set(false);
        match answer {
            Ok(Tagged { value, .. }) => {
                events.saved();
                created.try_run(value);
            }
            Err(error) => drop(form.refused.try_set(Some(error))),
        }
    });
}
