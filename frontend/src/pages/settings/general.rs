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

/// What is in the fields.
#[derive(Clone, Copy)]
struct Fields {
    name: RwSignal<String>,
    friend: RwSignal<String>,
    reuse: RwSignal<String>,
}

impl Fields {
    fn of(app: &App) -> Self {
        Self {
            name: RwSignal::new(app.name.clone()),
            friend: RwSignal::new(app.friend_verification_default.to_string()),
            reuse: RwSignal::new(app.user_id_reuse.to_string()),
        }
    }

    /// What differs from `base`.
    fn patch(self, base: &App) -> AppPatch {
        let changed =
            |old: &str, new: RwSignal<String>| (new.get_untracked() != old).then(|| new.get_untracked());
        AppPatch {
            name: changed(&base.name, self.name),
            status: None,
            friend_verification_default: changed(base.friend_verification_default.as_str(), self.friend)
                .and_then(|v| v.parse().ok()),
            user_id_reuse: changed(base.user_id_reuse.as_str(), self.reuse).and_then(|v| v.parse().ok()),
            custom_fields: None,
        }
    }

    /// Shows what someone else saved, except in the fields that the operator changed.
    fn take_unchanged(self, patch: &AppPatch, theirs: &App) {
        if patch.name.is_none() {
            self.name.set(theirs.name.clone());
        }
        if patch.friend_verification_default.is_none() {
            self.friend.set(theirs.friend_verification_default.to_string());
        }
        if patch.user_id_reuse.is_none() {
            self.reuse.set(theirs.user_id_reuse.to_string());
        }
    }
}

/// The panel.
#[component]
pub fn General(
    /// The application as it is.
    app: App,
    /// The same whenever it is read again.
    now: Memo<App>,
) -> impl IntoView {
    let (workspace, toasts) = (Workspace::get(), Toasts::get());
    let fields = Fields::of(&app);
    let (error, busy) = (RwSignal::new(None::<String>), RwSignal::new(false));
    // What the fields are compared with: the application as it was loaded, or as someone else left it since.
    let base = StoredValue::new(app);
    // Shows what someone else saved, and says so where the operator has typed another name.
    let take = move |theirs: App, meanwhile: Option<&str>| {
        let before = base.get_value();
        let patch = fields.patch(&before);
        fields.take_unchanged(&patch, &theirs);
        if patch.name.is_some_and(|name| name != theirs.name) && theirs.name != before.name {
            error.set(Some(t::name_meanwhile(&theirs.name)));
        } else if let Some(meanwhile) = meanwhile {
            toasts.failed(meanwhile);
        }
        base.set_value(theirs);
    };
    Effect::new(move |_| take(now.get(), None));
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let app = base.get_value();
        let patch = fields.patch(&app);
        error.set(patch.name.as_deref().and_then(|n| validate::name("name", n)).map(|e| e.message));
        if error.with_untracked(Option::is_some) || busy.get_untracked() || patch == AppPatch::default() {
            return;
        }
        busy.set(true);
        browser::spawn(async move {
            match api::patch_app(&app, &patch).await {
                Ok(_) => {
                    toasts.done(t::SAVED);
                    workspace.refresh();
                }
                Err(refused) if refused.code() == codes::CHANGED_MEANWHILE => {
                    match api::app(app.sdkappid).await {
                        Ok(theirs) => take(theirs, Some(t::CHANGED_MEANWHILE)),
                        Err(unread) => error.set(Some(unread.message())),
                    }
                }
                Err(refused) => error.set(Some(refused.field("name").unwrap_or_else(|| refused.message()))),
            }
            busy.try_set(false);
        });
    };
    view! {
        <section class="panel">
            <h2>{t::GENERAL}</h2>
            <form class="stack" on:submit=submit>
                <TextField id="app-name" label=t::NAME value=fields.name error max_bytes=validate::NAME_MAX required=true />
                <SelectField id="app-friend" label=t::FRIEND_DEFAULT value=fields.friend options=Signal::stored(friend_options()) />
                <SelectField id="app-reuse" label=t::REUSE value=fields.reuse options=Signal::stored(reuse_options()) />
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
