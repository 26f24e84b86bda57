//! The applications: list with totals, and the dialog that creates one.

use crate::{
    api::{self, ApiResult},
    browser, paths,
    paths::UsersOf,
    session::Workspace,
    stores::toasts::Toasts,
    text::{self, number, shell},
    ui::{
        dialog::Dialog,
        field::TextField,
        icon::{Glyph, Icon},
        notice::{Empty, LoadError},
        time::Time,
    },
};
use leptos::{ev, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_navigate;
use rollcall_shared::{
    app::{App, AppStatus, NewApp},
    profile::ADMINS_MAX,
    validate,
};

/// The page.
#[component]
pub fn AppsPage() -> impl IntoView {
    let workspace = Workspace::get();
    let creating = RwSignal::new(false);
    view! {
        <Title text=shell::APPLICATIONS />
        <header class="head">
            <div>
                <h1>{shell::APPLICATIONS}</h1>
                <p class="muted">{shell::APPS_INTRO}</p>
            </div>
            <button class="btn primary" on:click=move |_| creating.set(true)>
                <Glyph icon=Icon::Plus />
                {shell::CREATE_APP}
            </button>
        </header>
        <Transition fallback=|| view! { <p class="muted">{text::LOADING}</p> }>
            {move || workspace.apps.get().flatten().map(|apps| view! { <AppList apps creating /> })}
        </Transition>
        <CreateApp creating />
    }
}

#[component]
fn AppList(apps: ApiResult<Vec<App>>, creating: RwSignal<bool>) -> impl IntoView {
    let workspace = Workspace::get();
    match apps {
        Err(error) => view! { <LoadError error retry=move |()| workspace.apps.refetch() /> }.into_any(),
        Ok(apps) if apps.is_empty() => view! {
            <Empty title=shell::NO_APPS body=shell::NO_APPS_BODY>
                <button class="btn primary" on:click=move |_| creating.set(true)>{shell::CREATE_APP}</button>
            </Empty>
        }
        .into_any(),
        Ok(apps) => view! {
            <div class="grid">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">{shell::COLUMN_NAME}</th>
                            <th scope="col">{shell::COLUMN_SDKAPPID}</th>
                            <th scope="col" class="end">{shell::COLUMN_ACCOUNTS}</th>
                            <th scope="col" class="end optional">{shell::COLUMN_ADMINS}</th>
                            <th scope="col" class="optional">{shell::COLUMN_STATUS}</th>
                            <th scope="col" class="optional">{shell::COLUMN_CREATED}</th>
                        </tr>
                    </thead>
                    <tbody>{apps.into_iter().map(|app| view! { <AppRow app /> }).collect_view()}</tbody>
                </table>
            </div>
        }
        .into_any(),
    }
}

#[component]
fn AppRow(app: App) -> impl IntoView {
    let enabled = app.status == AppStatus::Enabled;
    view! {
        <tr>
            <th scope="row">
                <a href=paths::users(app.sdkappid, UsersOf::Chat)><bdi>{app.name}</bdi></a>
            </th>
            <td class="num">{app.sdkappid.to_string()}</td>
            <td class="num end">{number(app.accounts)}</td>
            <td class="num end optional">{format!("{} / {ADMINS_MAX}", app.admins)}</td>
            <td class="optional">
                <span class="tag" class:off=!enabled>{if enabled { shell::ENABLED } else { shell::DISABLED }}</span>
            </td>
            <td class="muted optional"><Time at=app.created_at /></td>
        </tr>
    }
}

#[component]
fn CreateApp(creating: RwSignal<bool>) -> impl IntoView {
    let cancel = Callback::new(move |()| creating.set(false));
    view! {
        <Dialog open=creating on_cancel=cancel labelled_by="create-app-title" class="narrow">
            <CreateAppForm cancel />
        </Dialog>
    }
}

#[component]
fn CreateAppForm(cancel: Callback<()>) -> impl IntoView {
    let (workspace, toasts, navigate) = (Workspace::get(), Toasts::get(), use_navigate());
    let (name, error, busy) = (RwSignal::new(String::new()), RwSignal::new(None), RwSignal::new(false));
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let form = NewApp { name: name.get_untracked() };
        error.set(validate::name("name", &form.name).map(|e| e.message));
        if error.with_untracked(Option::is_some) || busy.get_untracked() {
            return;
        }
        busy.set(true);
        let navigate = navigate.clone();
        browser::spawn(async move {
            match api::create_app(&form).await {
                Ok(created) => {
                    cancel.run(());
                    workspace.refresh();
                    toasts.done(shell::app_created(&created.app.name));
                    navigate(&paths::users(created.app.sdkappid, UsersOf::Chat), Default::default());
                }
                Err(refused) => error.set(Some(refused.field("name").unwrap_or_else(|| refused.message()))),
            }
            busy.set(false);
        });
    };
    view! {
        <form on:submit=submit>
            <h2 id="create-app-title">{shell::CREATE_APP}</h2>
            <p class="sub">{shell::CREATE_APP_BODY}</p>
            <div class="fields one">
                <TextField id="create-app-name" label=shell::COLUMN_NAME value=name error max_bytes=validate::NAME_MAX required=true />
            </div>
            <div class="foot">
                <button type="button" class="btn" on:click=move |_| cancel.run(())>{text::CANCEL}</button>
                <button type="submit" class="btn primary" aria-busy=move || busy.get().then_some("true")>{text::CONFIRM}</button>
            </div>
        </form>
    }
}
