//! Chat > Groups: the list of groups, their members, and their end.

mod members;

use crate::{
    api::{self, ApiResult},
    browser,
    pages::not_found::Missing,
    paths,
    session::Workspace,
    stores::{
        confirm::{Confirm, Question},
        toasts::Toasts,
    },
    text::{self, accounts, groups as t, settings, shell},
    ui::{
        dialog::Dialog,
        notice::{Empty, LoadError},
        time::Time,
    },
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use rollcall_shared::{app::SdkAppId, error::codes, group::Group, list::Page};

/// What the rows share.
#[derive(Clone, Copy)]
struct Groups {
    app: SdkAppId,
    /// The group whose members are shown.
    open: RwSignal<Option<Group>>,
    reload: Callback<()>,
}

/// The page.
#[component]
pub fn GroupsPage() -> impl IntoView {
    let workspace = Workspace::get();
    view! {
        <Title text=t::TITLE />
        <header class="head"><div><h1>{t::TITLE}</h1><p class="muted">{t::INTRO}</p></div></header>
        {move || match workspace.current.get() {
            Some(app) => view! { <GroupList app /> }.into_any(),
            None => view! { <Missing title=shell::APP_NOT_FOUND /> }.into_any(),
        }}
    }
}

#[component]
fn GroupList(app: SdkAppId) -> impl IntoView {
    let query = use_query_map();
    let cursor = Memo::new(move |_| query.with(|query| query.get("cursor")));
    let page = Resource::new(
        move || cursor.get(),
        move |cursor| async move { api::groups(app, cursor.as_deref()).await },
    );
    let open = RwSignal::new(None);
    let groups = Groups { app, open, reload: Callback::new(move |()| page.refetch()) };
    let close = Callback::new(move |()| open.set(None));
    view! {
        <Transition fallback=|| view! { <p class="muted">{text::LOADING}</p> }>
            {move || page.get().map(|page| view! { <Rows groups page /> })}
        </Transition>
        <Dialog open=Signal::derive(move || open.with(Option::is_some)) on_cancel=close labelled_by=members::TITLE_ID class="narrow">
            {move || open.get().map(|group| view! { <members::Members app group close /> })}
        </Dialog>
    }
}

#[component]
fn Rows(groups: Groups, page: ApiResult<Page<Group>>) -> impl IntoView {
    match page {
        Err(error) if error.status() == 404 => view! { <Missing title=shell::APP_NOT_FOUND /> }.into_any(),
        // A cursor of another time is refused for ever; the first page is not.
        Err(error) if error.code() == codes::INVALID_CURSOR => {
            let href = paths::groups(groups.app);
            view! { <p class="muted">{t::STALE} " " <a class="link" href=href>{t::FIRST_PAGE}</a></p> }.into_any()
        }
        Err(error) => view! { <LoadError error retry=groups.reload /> }.into_any(),
        Ok(page) if page.items.is_empty() && page.previous.is_none() => view! { <Empty title=t::NONE body=t::NONE_BODY /> }.into_any(),
        Ok(Page { items, next, previous, .. }) => view! {
            <div class="grid">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">{t::GROUP}</th>
                            <th scope="col" class="optional">{t::TYPE}</th>
                            <th scope="col" class="optional">{t::OWNER}</th>
                            <th scope="col">{t::MEMBERS}</th>
                            <th scope="col" class="optional">{t::CREATED}</th>
                            <th scope="col" class="end">{settings::OPERATION}</th>
                        </tr>
                    </thead>
                    <tbody>{items.into_iter().map(|group| view! { <Row groups group /> }).collect_view()}</tbody>
                </table>
            </div>
            <footer class="pager">
                <nav class="end" aria-label=t::PAGES>
                    <Step app=groups.app cursor=previous label=accounts::PREVIOUS rel="prev" />
                    <Step app=groups.app cursor=next label=accounts::NEXT rel="next" />
                </nav>
            </footer>
        }
        .into_any(),
    }
}

#[component]
fn Step(app: SdkAppId, cursor: Option<String>, label: &'static str, rel: &'static str) -> impl IntoView {
    match cursor {
        Some(cursor) => {
            let href = format!("{}?cursor={cursor}", paths::groups(app));
            view! { <a class="btn" rel=rel data-noscroll="" href=href>{label}</a> }.into_any()
        }
        None => view! { <a class="btn" role="link" aria-disabled="true">{label}</a> }.into_any(),
    }
}

#[component]
fn Row(groups: Groups, group: Group) -> impl IntoView {
    let (confirm, toasts) = (Confirm::get(), Toasts::get());
    let (id, name) = (group.group_id.clone(), group.name.clone());
    let destroy = move |_| {
        let (id, name) = (id.clone(), name.clone());
        confirm.ask(Question {
            title: t::destroy_title(&name),
            body: vec![t::DESTROY_BODY.to_owned()],
            confirm: t::DESTROY.to_owned(),
            danger: true,
            typed: None,
            then: Callback::new(move |()| destroy(groups, toasts, id.clone(), name.clone())),
        });
    };
    let (members_label, destroy_label) =
        (t::members_of(&group.name, group.members), t::destroy_row(&group.name));
    let shown = group.clone();
    view! {
        <tr>
            <th scope="row">
                <bdi>{group.name}</bdi>
                <small class="muted"><bdi>{group.group_id}</bdi></small>
            </th>
            <td class="optional">{t::group_type(group.group_type)}</td>
            <td class="optional"><bdi>{group.owner}</bdi></td>
            <td>
                <button class="link num" aria-label=members_label on:click=move |_| groups.open.set(Some(shown.clone()))>
                    {text::number(group.members)}
                </button>
            </td>
            <td class="muted optional"><Time at=group.created_at /></td>
            <td class="end"><button class="link" aria-label=destroy_label on:click=destroy>{t::DESTROY}</button></td>
        </tr>
    }
}

fn destroy(groups: Groups, toasts: Toasts, id: String, name: String) {
    browser::spawn(async move {
        match api::destroy_group(groups.app, &id).await {
            Ok(()) => toasts.done(t::destroyed(&name)),
            Err(error) => toasts.failed(error.message()),
        }
        groups.reload.try_run(());
    });
}
