//! The list of imports, and the beginning of a new one.

use super::{drop_zone::DropZone, state::is_half_undone};
use crate::{
    api,
    browser::{self, file::File},
    pages::{
        not_found::Missing,
        reading::{Reading, keep_reading, of_current},
    },
    paths as pages_at,
    session::Workspace,
    text::{self, imports as t, shell},
    ui::time::Time,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use rollcall_shared::{
    app::{AppStatus, SdkAppId},
    import::{FILE_BYTES_MAX, Import, NewImport},
    paths,
};

/// The page.
#[component]
pub fn ListPage(
    /// Of this application.
    app: SdkAppId,
) -> impl IntoView {
    let imports = of_current(api::imports);
    // Someone else may bring a file or begin a task.
    keep_reading(RwSignal::new(true), imports);
    view! {
        <Title text=t::TITLE />
        <header class="head"><div><h1>{t::TITLE}</h1><p class="muted">{t::INTRO}</p></div></header>
        <Transition fallback=|| view! { <p class="muted">{text::LOADING}</p> }>
            <Top app />
        </Transition>
        <section class="stack" aria-labelledby="imports-title">
            <h2 id="imports-title">{t::LIST}</h2>
            <Reading read=imports show=move |imports| view! { <List app imports /> }.into_any() />
        </section>
    }
}

/// What stands above the list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Above {
    Missing,
    Disabled,
    Enabled,
}

/// Stands within the transition, which waits for the application.
#[component]
fn Top(app: SdkAppId) -> impl IntoView {
    let workspace = Workspace::get();
    let above = Memo::new(move |_| {
        workspace.app.get().flatten().map(|read| match read {
            Ok(app) if app.status == AppStatus::Enabled => Above::Enabled,
            Ok(_) => Above::Disabled,
            Err(error) if error.status() == 404 => Above::Missing,
            // Whatever it is, the list says it.
            Err(_) => Above::Enabled,
        })
    });
    move || {
        above.get().map(|above| match above {
            Above::Missing => view! { <Missing title=shell::APP_NOT_FOUND /> }.into_any(),
            Above::Disabled => view! { <p class="notice warn">{t::DISABLED}</p> }.into_any(),
            Above::Enabled => view! { <NewFile app /> }.into_any(),
        })
    }
}

/// Begins an import with the file that is brought.
#[component]
fn NewFile(app: SdkAppId) -> impl IntoView {
    let navigate = use_navigate();
    let (error, busy) = (RwSignal::new(None), RwSignal::new(false));
    let take = Callback::new(move |file: File| {
        if busy.get_untracked() {
            return;
        }
        error.set(wrong(&file));
        if error.with_untracked(Option::is_some) {
            return;
        }
        busy.set(true);
        let navigate = navigate.clone();
        browser::spawn(async move {
            let new = NewImport { file_name: file.name.clone(), bytes: file.bytes };
            match api::new_import(app, &new).await {
                Ok(import) => {
                    browser::file::hold(&import.id, file);
                    // The page may have been left since; the file then waits in the list.
                    if busy.try_set(false).is_none() {
                        navigate(&pages_at::import(app, &import.id), NavigateOptions::default());
                    }
                }
                Err(refused) => {
                    let of_field = refused.field("bytes").or_else(|| refused.field("file_name"));
                    error.try_set(Some(of_field.unwrap_or_else(|| refused.message())));
                    busy.try_set(false);
                }
            }
        });
    });
    view! {
        <section class="panel wide" aria-label=t::UPLOAD aria-busy=move || busy.get().then_some("true")>
            <DropZone label=t::DROP hint=t::ACCEPTED error take />
            <p><a href=paths::import_template(app) download="" rel="external">{t::TEMPLATE}</a></p>
        </section>
    }
}

/// What is known to be wrong with the file before anything is sent.
fn wrong(file: &File) -> Option<String> {
    match file.bytes {
        0 => Some(t::EMPTY_FILE.to_owned()),
        bytes if bytes > FILE_BYTES_MAX => Some(t::too_large(bytes)),
        _ => None,
    }
}

#[component]
fn List(app: SdkAppId, imports: Vec<Import>) -> impl IntoView {
    if imports.is_empty() {
        return view! { <p class="muted">{t::NONE}</p> }.into_any();
    }
    view! {
        <div class="grid imports">
            <table>
                <thead>
                    <tr>
                        <th scope="col">{t::FILE}</th>
                        <th scope="col">{t::STATE}</th>
                        <th scope="col" class="end optional">{t::SIZE}</th>
                        <th scope="col" class="optional">{t::BY}</th>
                        <th scope="col" class="optional">{t::AT}</th>
                        <th scope="col" class="optional">{t::KEPT_UNTIL}</th>
                    </tr>
                </thead>
                <tbody>{imports.into_iter().map(|import| view! { <Row app import /> }).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn Row(app: SdkAppId, import: Import) -> impl IntoView {
    let href = pages_at::import(app, &import.id);
    let state = if is_half_undone(&import) { t::HALF_UNDONE } else { t::state(import.state) };
    view! {
        <tr>
            <th scope="row"><a href=href><bdi>{import.file_name}</bdi></a></th>
            <td><span class="tag">{state}</span></td>
            <td class="end num optional">{text::bytes(import.bytes)}</td>
            <td class="optional"><bdi>{import.created_by}</bdi></td>
            <td class="muted optional"><Time at=import.created_at /></td>
            <td class="muted optional"><Time at=import.expires_at /></td>
        </tr>
    }
}
