//! Name, defaults of new accounts, and when a username can be used again.

use crate::{
    api, browser,
    session::Workspace,
    stores::toasts::Toasts,
    text::{accounts, settings as t},
    ui::field::{SelectField, TextField},
};
use leptos::{ev, prelude::*};
use rollcall_shared::{
    app::{App, AppPatch, UserIdReuse},
    error::codes,
    profile::FriendVerification,
    validate,
};

/// The panel.
#[component]
pub fn General(
    /// The application as it is.
    app: App,
) -> impl IntoView {
    let (workspace, toasts) = (Workspace::get(), Toasts::get());
    let name = RwSignal::new(app.name.clone());
    let friend = RwSignal::new(app.friend_verification_default.to_string());
    let reuse = RwSignal::new(app.user_id_reuse.to_string());
    let (error, busy) = (RwSignal::new(None::<String>), RwSignal::new(false));
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let changed =
            |old: &str, new: RwSignal<String>| (new.get_untracked() != old).then(|| new.get_untracked());
        let patch = AppPatch {
            name: changed(&app.name, name),
            status: None,
            friend_verification_default: changed(app.friend_verification_default.as_str(), friend)
                .and_then(|v| v.parse().ok()),
            user_id_reuse: changed(app.user_id_reuse.as_str(), reuse).and_then(|v| v.parse().ok()),
        };
        error.set(patch.name.as_deref().and_then(|n| validate::name("name", n)).map(|e| e.message));
        if error.with_untracked(Option::is_some) || busy.get_untracked() || patch == AppPatch::default() {
            return;
        }
        busy.set(true);
        let app = app.clone();
        browser::spawn(async move {
            match api::patch_app(&app, &patch).await {
                Ok(_) => {
                    toasts.done(t::SAVED);
                    workspace.refresh();
                }
                Err(refused) if refused.code() == codes::CHANGED_MEANWHILE => {
                    toasts.failed(t::CHANGED_MEANWHILE);
                    workspace.refresh();
                }
                Err(refused) => error.set(Some(refused.field("name").unwrap_or_else(|| refused.message()))),
            }
            busy.set(false);
        });
    };
    view! {
        <section class="panel">
            <h2>{t::GENERAL}</h2>
            <form class="stack" on:submit=submit>
                <TextField id="app-name" label=t::NAME value=name error max_bytes=validate::NAME_MAX required=true />
                <SelectField id="app-friend" label=t::FRIEND_DEFAULT value=friend options=Signal::stored(friend_options()) />
                <SelectField id="app-reuse" label=t::REUSE value=reuse options=Signal::stored(reuse_options()) />
                <div><button type="submit" class="btn" aria-busy=move || busy.get().then_some("true")>{t::SAVE}</button></div>
            </form>
        </section>
    }
}

fn friend_options() -> Vec<(String, String)> {
    let label = |v: &FriendVerification| (v.to_string(), accounts::friend_verification(*v).to_owned());
    FriendVerification::ALL.iter().map(label).collect()
}

fn reuse_options() -> Vec<(String, String)> {
    [(UserIdReuse::AtOnce, t::REUSE_AT_ONCE), (UserIdReuse::After90Days, t::REUSE_90)]
        .map(|(v, label)| (v.to_string(), label.to_owned()))
        .to_vec()
}
