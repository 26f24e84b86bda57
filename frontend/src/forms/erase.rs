//! What can be done with everything that is held about one account: downloaded, or erased once a reason is given and the
//! username is typed; then the certificate is shown.

use super::FormError;
use crate::{
    api::{self, ApiError},
    browser,
    stores::toasts::Toasts,
    text::{self, persons as t},
    ui::{
        field::{TextArea, TextField},
        time::Time,
    },
};
use leptos::{ev, prelude::*};
use rollcall_shared::{
    app::SdkAppId,
    paths,
    person::{Certificate, ErasureRequest, REASON_MAX},
    profile::ADMINISTRATOR,
};

/// The link that gets the focus when the account is erased.
const DOWNLOAD_ID: &str = "certificate-download";

/// The two actions, for the form of an account.
#[component]
pub fn HeldActions(
    /// The application.
    app: SdkAppId,
    /// The account.
    user_id: String,
    /// Asks for the erasure.
    erase: Callback<()>,
) -> impl IntoView {
    let toasts = Toasts::get();
    let busy = RwSignal::new(false);
    // The first admin stays.
    let erasable = user_id != ADMINISTRATOR;
    let download = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let user_id = user_id.clone();
        browser::spawn(async move {
            if let Err(error) = api::save_bundle(app, &user_id).await {
                toasts.failed(error.message());
            }
            busy.try_set(false);
        });
    };
    view! {
        <div class="bar wide">
            <button type="button" class="link" aria-busy=move || busy.get().then_some("true") on:click=download>
                {t::DOWNLOAD_HELD}
            </button>
            {erasable.then(|| view! {
                <button type="button" class="link" on:click=move |_| erase.run(())>{t::ERASE}</button>
            })}
        </div>
    }
}

/// What an erasure removes and keeps, its reason, and the username once more.
#[component]
pub fn EraseForm(
    /// The application.
    app: SdkAppId,
    /// The account.
    user_id: String,
    /// Whether something was typed.
    dirty: RwSignal<bool>,
    /// Goes back to the account.
    cancel: Callback<()>,
    /// It was erased.
    erased: Callback<Certificate>,
) -> impl IntoView {
    let (reason, typed) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (reason_error, refused) = (RwSignal::new(None::<String>), RwSignal::new(None::<ApiError>));
    let busy = RwSignal::new(false);
    let user_id = StoredValue::new(user_id);
    let ready = Signal::derive(move || user_id.with_value(|id| typed.with(|typed| typed == id)));
    Effect::new(move |_| {
        dirty.set(reason.with(|text| !text.is_empty()) || typed.with(|text| !text.is_empty()))
    });
    Effect::new(move |_| browser::focus("erase-reason"));
    let edited = Callback::new(move |()| {
        reason_error.set(None);
        refused.set(None);
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let request = ErasureRequest {
            user_id: user_id.get_value(),
            reason: reason.get_untracked(),
            confirm: typed.get_untracked(),
        };
        let wrong = request.errors().into_iter().find(|error| error.field == "reason");
        let is_wrong = wrong.is_some();
        reason_error.set(wrong.map(|error| error.message));
        if is_wrong || busy.get_untracked() || !ready.get_untracked() {
            return;
        }
        busy.set(true);
        browser::spawn(async move {
            let answer = api::erase_account(app, &request).await;
            busy.try_set(false);
            match answer {
                Ok(certificate) => drop(erased.try_run(certificate)),
                Err(error) => drop(refused.try_set(Some(error))),
            }
        });
    };
    view! {
        <form novalidate on:submit=submit>
            <div class="fields one">
                <p><strong><bdi>{user_id.get_value()}</bdi></strong></p>
                <p>{t::ERASE_REMOVES}</p>
                <p>{t::ERASE_KEEPS}</p>
                <p><strong>{t::ERASE_FINAL}</strong></p>
                <TextArea id="erase-reason" label=t::REASON value=reason error=reason_error max_bytes=REASON_MAX on_edit=edited />
                <p class="muted">{t::REASON_HINT}</p>
                <TextField id="erase-typed" label=t::TYPE_USERNAME value=typed required=true on_edit=edited />
                <FormError error=refused.into() fields=Vec::new() />
            </div>
            <div class="foot">
                <button type="button" class="btn" on:click=move |_| cancel.run(())>{text::CANCEL}</button>
                <button
                    type="submit"
                    class="btn primary danger"
                    disabled=move || !ready.get()
                    aria-busy=move || busy.get().then_some("true")
                >
                    {t::ERASE_NOW}
                </button>
            </div>
        </form>
    }
}

/// The certificate of an erasure.
#[component]
pub fn Erased(
    /// The certificate.
    certificate: Certificate,
    /// Closes the dialog.
    close: Callback<()>,
) -> impl IntoView {
    Effect::new(move |_| browser::focus(DOWNLOAD_ID));
    let href = paths::erasure(certificate.sdkappid, &certificate.id);
    let name = t::certificate_file(&certificate.id);
    view! {
        <p class="sub">{t::ERASED_SUB}</p>
        <div class="prose"><Facts certificate /></div>
        <div class="foot">
            <a id=DOWNLOAD_ID class="btn primary" href=href download=name rel="external">{t::DOWNLOAD_CERTIFICATE}</a>
            <button type="button" class="btn" on:click=move |_| close.run(())>{text::CLOSE}</button>
        </div>
    }
}

/// What a certificate says.
#[component]
fn Facts(certificate: Certificate) -> impl IntoView {
    let Certificate { id, user_id_sha256, erased_at, erased_by, reason, removed, kept, .. } = certificate;
    let removed = removed.iter().map(|row| view! { <p>{t::removed(row)}</p> }).collect_view();
    let kept = kept.iter().map(|row| view! { <p>{t::kept(row)}</p> }).collect_view();
    view! {
        <dl class="facts">
            <dt>{t::CERTIFICATE}</dt>
            <dd>{id}</dd>
            <dt>{t::USERNAME_HASH}</dt>
            <dd>{user_id_sha256}</dd>
            <dt>{t::COLUMN_TIME}</dt>
            <dd><Time at=erased_at /></dd>
            <dt>{t::ERASED_BY}</dt>
            <dd>{erased_by}</dd>
            <dt>{t::REASON}</dt>
            <dd><bdi>{reason}</bdi></dd>
            <dt>{t::REMOVED}</dt>
            <dd>{removed}</dd>
            <dt>{t::KEPT}</dt>
            <dd>{kept}</dd>
        </dl>
    }
}
