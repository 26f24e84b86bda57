//! API tokens: list, make one (its text is shown once), revoke.

use super::loaded::Loaded;
use crate::{
    api, browser,
    pages::reading::Reading,
    stores::toasts::Toasts,
    text::{self, settings as t},
    ui::{
        dialog::Dialog,
        field::{SelectField, TextField},
        time::Time,
    },
};
use leptos::{ev, prelude::*};
use rollcall_shared::{
    app::{ApiToken, NewToken, SdkAppId, TokenAccess},
    validate,
};

/// The panel.
#[component]
pub fn Tokens(
    /// The application.
    app: SdkAppId,
) -> impl IntoView {
    let tokens = Loaded::get().tokens;
    let reload = Callback::new(move |()| tokens.refetch());
    let creating = RwSignal::new(false);
    let cancel = Callback::new(move |()| creating.set(false));
    view! {
        <section class="panel">
            <h2>{t::TOKENS}</h2>
            <p class="muted">{t::TOKENS_INTRO}</p>
            <Reading read=tokens show=move |tokens| view! { <TokenList app tokens reload /> }.into_any() />
            <div><button class="btn" on:click=move |_| creating.set(true)>{t::CREATE_TOKEN}</button></div>
        </section>
        <Dialog open=creating on_cancel=cancel labelled_by="create-token-title" class="narrow">
            <CreateToken app cancel reload />
        </Dialog>
    }
}

#[component]
fn TokenList(app: SdkAppId, tokens: Vec<ApiToken>, reload: Callback<()>) -> impl IntoView {
    if tokens.is_empty() {
        return view! { <p class="muted">{t::NO_TOKENS}</p> }.into_any();
    }
    view! {
        <div class="grid">
            <table>
                <thead>
                    <tr>
                        <th scope="col">{t::NAME}</th>
                        <th scope="col">{t::TOKEN_ACCESS}</th>
                        <th scope="col" class="optional">{t::COLUMN_EXPIRES}</th>
                        <th scope="col" class="optional">{t::COLUMN_LAST_USED}</th>
                        <th scope="col" class="end">{t::OPERATION}</th>
                    </tr>
                </thead>
                <tbody>{tokens.into_iter().map(|token| view! { <TokenRow app token reload /> }).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn TokenRow(app: SdkAppId, token: ApiToken, reload: Callback<()>) -> impl IntoView {
    let toasts = Toasts::get();
    let id = token.id;
    let revoke = move |_| {
        browser::spawn(async move {
            match api::revoke_token(app, id).await {
                Ok(()) => toasts.done(t::TOKEN_REVOKED),
                Err(error) => toasts.failed(error.message()),
            }
            reload.try_run(());
        });
    };
    let label = t::revoke_token(&token.name);
    let last_used = match token.last_used_at {
        Some(at) => view! { <Time at /> }.into_any(),
        None => t::NEVER.into_any(),
    };
    view! {
        <tr>
            <th scope="row"><bdi>{token.name}</bdi></th>
            <td>{access_label(token.access)}</td>
            <td class="muted optional"><Time at=token.expires_at /></td>
            <td class="muted optional">{last_used}</td>
            <td class="end"><button class="link" aria-label=label on:click=revoke>{t::REVOKE}</button></td>
        </tr>
    }
}

const fn access_label(access: TokenAccess) -> &'static str {
    match access {
        TokenAccess::Read => t::ACCESS_READ,
        TokenAccess::Write => t::ACCESS_WRITE,
    }
}

#[component]
fn CreateToken(app: SdkAppId, cancel: Callback<()>, reload: Callback<()>) -> impl IntoView {
    let name = RwSignal::new(String::new());
    let access = RwSignal::new(TokenAccess::Read.to_string());
    let days = RwSignal::new("90".to_owned());
    let (name_error, days_error) = (RwSignal::new(None::<String>), RwSignal::new(None::<String>));
    let (busy, made) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let expires_in_days = days.get_untracked().trim().parse().unwrap_or(0);
        name_error.set(validate::name("name", &name.get_untracked()).map(|e| e.message));
        days_error.set((!(1..=730).contains(&expires_in_days)).then(|| t::TOKEN_DAYS_RULE.to_owned()));
        let wrong = name_error.with_untracked(Option::is_some) || days_error.with_untracked(Option::is_some);
        if wrong || busy.get_untracked() {
            return;
        }
        let access = access.get_untracked().parse().unwrap_or_default();
        let form = NewToken { name: name.get_untracked(), access, expires_in_days };
        busy.set(true);
        browser::spawn(async move {
            match api::create_token(app, &form).await {
                Ok(created) => {
                    made.set(Some(created.token));
                    reload.try_run(());
                }
                Err(refused) => {
                    name_error.set(Some(refused.field("name").unwrap_or_else(|| refused.message())))
                }
            }
            busy.set(false);
        });
    };
    let accesses =
        TokenAccess::ALL.iter().map(|a| (a.to_string(), access_label(*a).to_owned())).collect::<Vec<_>>();
    let accesses = Signal::stored(accesses);
    let form = move || {
        view! {
            <form on:submit=submit>
                <h2 id="create-token-title">{t::CREATE_TOKEN}</h2>
                <div class="fields one">
                    <TextField id="token-name" label=t::TOKEN_NAME value=name error=name_error max_bytes=validate::NAME_MAX required=true />
                    <SelectField id="token-access" label=t::TOKEN_ACCESS value=access options=accesses />
                    <TextField id="token-days" label=t::TOKEN_DAYS value=days error=days_error required=true />
                </div>
                <div class="foot">
                    <button type="button" class="btn" on:click=move |_| cancel.run(())>{text::CANCEL}</button>
                    <button type="submit" class="btn primary" aria-busy=move || busy.get().then_some("true")>{text::CONFIRM}</button>
                </div>
            </form>
        }
    };
    move || match made.get() {
        Some(token) => view! { <TokenMade token cancel /> }.into_any(),
        None => form().into_any(),
    }
}

#[component]
fn TokenMade(token: String, cancel: Callback<()>) -> impl IntoView {
    let toasts = Toasts::get();
    let secret = token.clone();
    let copy = move |_| {
        let secret = secret.clone();
        browser::spawn(async move {
            if browser::copy(secret).await {
                toasts.done(text::COPIED)
            } else {
                toasts.failed(text::COPY_REFUSED)
            }
        });
    };
    view! {
        <h2 id="create-token-title">{t::TOKEN_READY}</h2>
        <p class="sub">{t::TOKEN_ONCE}</p>
        <div class="fields one"><code class="secret" data-testid="token">{token}</code></div>
        <div class="foot">
            <button class="btn" on:click=copy>{text::COPY}</button>
            <button class="btn primary" on:click=move |_| cancel.run(())>{text::CLOSE}</button>
        </div>
    }
    .into_any()
}
