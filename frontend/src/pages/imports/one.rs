//! One import: its head, the step at which it stands, and what can be said of its last task.

use super::{
    Wanted,
    columns::Columns,
    outcome,
    review::ReviewStep,
    running::Running,
    state::{One, Step},
    upload::Uploading,
};
use crate::{
    api::{self, ApiError, ApiResult},
    browser,
    pages::{not_found::Missing, reading::last_read},
    paths as pages_at,
    session::Workspace,
    stores::confirm::Question,
    text::{self, imports as t},
    ui::{
        icon::{Glyph, Icon},
        notice::LoadError,
    },
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use rollcall_shared::{
    app::SdkAppId,
    import::{Import, ImportStage},
    job::JobState,
};

/// What there is to show: the same for as long as it is the same import.
#[derive(Clone, Debug, PartialEq)]
enum Shown {
    Import,
    Failed(ApiError),
    Nothing,
}

/// The page of an import.
#[component]
pub fn ImportPage(
    /// Of this application.
    app: SdkAppId,
    /// Its id.
    id: String,
) -> impl IntoView {
    let wanted: Wanted = (app, id);
    let read = Resource::new(move || wanted.clone(), |(app, id)| async move { api::import(app, &id).await });
    view! {
        <Title text=t::TITLE />
        <p><a href=pages_at::imports(app)>{t::ALL}</a></p>
        <Transition fallback=|| view! { <p class="muted">{text::LOADING}</p> }>
            <Ready app read />
        </Transition>
    }
}

/// Stands within the transition, which waits for what is read here.
#[component]
fn Ready(app: SdkAppId, read: Resource<ApiResult<Import>>) -> impl IntoView {
    let workspace = Workspace::get();
    let shown = Memo::new(move |_| {
        // The columns' choices need the application's fields.
        workspace.app.get()?;
        read.get().map(|read| match read {
            Ok(_) => Shown::Import,
            Err(error) if error.status() == 404 => Shown::Nothing,
            Err(error) => Shown::Failed(error),
        })
    });
    let import = move || last_read(read).and_then(Result::ok);
    let retry = Callback::new(move |()| read.refetch());
    move || {
        shown.get().map(|shown| match shown {
            Shown::Import => import().map(|import| view! { <Steps app import /> }).into_any(),
            Shown::Failed(error) => view! { <LoadError error retry /> }.into_any(),
            Shown::Nothing => view! { <Missing title=t::NOT_FOUND /> }.into_any(),
        })
    }
}

#[component]
fn Steps(app: SdkAppId, import: Import) -> impl IntoView {
    let name = import.file_name.clone();
    let one = One::provide(app, import);
    let step = Memo::new(move |_| one.step());
    view! {
        <header class="head"><div><h1 class="file"><bdi>{name}</bdi></h1></div></header>
        <ol class="steps" aria-label=t::STEPS>
            {t::STEP_NAMES.into_iter().enumerate().map(|(place, name)| view! {
                <li aria-current=move || (step.get().place() == place).then_some("step")>{name}</li>
            }).collect_view()}
        </ol>
        <LastTask one />
        {move || match step.get() {
            Step::Upload => view! { <Uploading /> }.into_any(),
            Step::Columns => view! { <Columns /> }.into_any(),
            Step::Running(stage) => view! { <Running stage /> }.into_any(),
            Step::Review => view! { <ReviewStep /> }.into_any(),
            Step::Applied => view! { <outcome::Applied /> }.into_any(),
            Step::Undone => view! { <outcome::Undone /> }.into_any(),
        }}
    }
}

/// Says that the last task failed, or that a review was stopped.
#[component]
fn LastTask(one: One) -> impl IntoView {
    let said = Memo::new(move |_| {
        one.now.with(|now| {
            let job = now.job.as_ref()?;
            let stage = job.import.as_ref().map(|task| task.stage);
            match job.state {
                JobState::Failed => job.error.as_ref().map(|problem| problem.detail.clone()),
                JobState::Cancelled if stage == Some(ImportStage::Review) => {
                    Some(t::REVIEW_STOPPED.to_owned())
                }
                _ => None,
            }
        })
    });
    move || {
        said.get().map(|said| {
            view! {
                <div class="notice warn" role="status"><Glyph icon=Icon::Warning /><span>{said}</span></div>
            }
        })
    }
}

/// What was refused last, in a sentence, where no field says it.
#[component]
pub fn Refusal() -> impl IntoView {
    let one = One::get();
    view! { <p class="error" role="alert">{move || one.error.with(|error| error.as_ref().map(ApiError::message))}</p> }
}

/// The button that removes the import, after a question: as long as nothing was applied, discarding changes no account.
#[component]
pub fn Discard(
    /// Whether something was applied.
    applied: bool,
) -> impl IntoView {
    let (one, navigate) = (One::get(), use_navigate());
    let (title, body, confirm, done) = if applied {
        (t::REMOVE_TITLE, t::REMOVE_BODY, t::REMOVE, t::REMOVED)
    } else {
        (t::DISCARD_TITLE, t::DISCARD_BODY, t::DISCARD, t::DISCARDED)
    };
    let then = Callback::new(move |()| {
        let (id, navigate) = (one.id(), navigate.clone());
        // Nobody looks at what is about to go.
        one.busy.set(true);
        browser::spawn(async move {
            match api::discard_import(one.app, &id).await {
                Ok(()) => {
                    one.toasts.done(done);
                    if one.now.try_with_untracked(|_| ()).is_some() {
                        navigate(&pages_at::imports(one.app), NavigateOptions::default());
                    }
                }
                Err(error) => {
                    one.busy.try_set(false);
                    one.toasts.failed(error.message());
                }
            }
        });
    });
    let ask = move |_| {
        one.confirm.ask(Question {
            title: title.to_owned(),
            body: vec![body.to_owned()],
            confirm: confirm.to_owned(),
            danger: true,
            typed: None,
            then,
        });
    };
    view! { <button type="button" class="btn quiet" on:click=ask>{confirm}</button> }
}
