//! An application's tasks: exports and deletions of all that match, with progress while they run.

use crate::{
    api::{self, ApiResult},
    browser,
    pages::not_found::Missing,
    paths as pages_at,
    session::Workspace,
    stores::toasts::Toasts,
    text::{self, imports, number, settings as t, shell},
    ui::{
        notice::{Empty, LoadError},
        time::Time,
    },
};
use leptos::prelude::*;
use leptos_meta::Title;
use rollcall_shared::{
    app::SdkAppId,
    job::{Job, JobState},
    paths,
};

/// How often a list with running jobs is read again.
const REFRESH_MS: u32 = 1000;

/// The page.
#[component]
pub fn TasksPage() -> impl IntoView {
    let workspace = Workspace::get();
    view! {
        <Title text=t::TASKS />
        <header class="head">
            <div>
                <h1>{t::TASKS}</h1>
                <p class="muted">{t::TASKS_INTRO}</p>
            </div>
        </header>
        {move || match workspace.current.get() {
            Some(app) => view! { <Tasks app /> }.into_any(),
            None => view! { <Missing title=shell::APP_NOT_FOUND /> }.into_any(),
        }}
    }
}

#[component]
fn Tasks(app: SdkAppId) -> impl IntoView {
    let jobs = Resource::new(move || app, api::jobs);
    Effect::new(move |_| {
        let running = matches!(jobs.get(), Some(Ok(list)) if list.iter().any(|j| !j.state.is_final()));
        if running {
            browser::spawn(async move {
                browser::sleep(REFRESH_MS).await;
                jobs.refetch();
            });
        }
    });
    let reload = Callback::new(move |()| jobs.refetch());
    view! {
        <Transition fallback=|| view! { <p class="muted">{text::LOADING}</p> }>
            {move || jobs.get().map(|jobs| view! { <TaskList app jobs reload /> })}
        </Transition>
    }
}

#[component]
fn TaskList(app: SdkAppId, jobs: ApiResult<Vec<Job>>, reload: Callback<()>) -> impl IntoView {
    match jobs {
        Err(error) if error.status() == 404 => view! { <Missing title=shell::APP_NOT_FOUND /> }.into_any(),
        Err(error) => view! { <LoadError error retry=reload /> }.into_any(),
        Ok(jobs) if jobs.is_empty() => view! { <Empty title=t::NO_TASKS body=t::NO_TASKS_BODY /> }.into_any(),
        Ok(jobs) => view! {
            <div class="grid">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">{t::COLUMN_TASK}</th>
                            <th scope="col">{t::COLUMN_STATE}</th>
                            <th scope="col">{t::COLUMN_PROGRESS}</th>
                            <th scope="col" class="optional">{t::COLUMN_STARTED}</th>
                            <th scope="col" class="end">{t::OPERATION}</th>
                        </tr>
                    </thead>
                    <tbody>{jobs.into_iter().map(|job| view! { <TaskRow app job reload /> }).collect_view()}</tbody>
                </table>
            </div>
        }
        .into_any(),
    }
}

#[component]
fn TaskRow(app: SdkAppId, job: Job, reload: Callback<()>) -> impl IntoView {
    let toasts = Toasts::get();
    let id = job.id.clone();
    let cancel = move |_| {
        let id = id.clone();
        browser::spawn(async move {
            if let Err(error) = api::cancel_job(app, &id).await {
                toasts.failed(error.message());
            }
            reload.try_run(());
        });
    };
    let refused = (job.refused > 0).then(|| {
        let href = paths::job_refused_file(app, &job.id);
        view! { <a class="small" href=href download="" rel="external">{t::refused(job.refused)}</a> }
    });
    let file = job.result.and_then(|r| r.file);
    let operation = match file {
        Some(file) => {
            view! { <a href=file.url download=file.name rel="external">{t::DOWNLOAD}</a> }.into_any()
        }
        None if !job.state.is_final() => {
            view! { <button class="link" on:click=cancel>{text::CANCEL}</button> }.into_any()
        }
        None => ().into_any(),
    };
    let failed = job.state == JobState::Failed;
    let what = match job.import {
        Some(task) => {
            view! { <a href=pages_at::import(app, &task.id)>{imports::task(task.stage)}</a> }.into_any()
        }
        None => t::job_kind(job.kind).into_any(),
    };
    view! {
        <tr>
            <th scope="row">{what}</th>
            <td>
                <span class="tag" class:bad=failed>{t::job_state(job.state)}</span>
                {job.error.map(|e| view! { <p class="muted small">{e.detail}</p> })}
            </td>
            <td class="num">{format!("{} / {}", number(job.done), number(job.total))} " " {refused}</td>
            <td class="muted optional"><Time at=job.created_at /></td>
            <td class="end">{operation}</td>
        </tr>
    }
}
