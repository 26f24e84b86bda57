//! What the panels show beside the application. Read with the page and not by the panels themselves, which stand within
//! what waits for the application and may be made more than once: so it lies in the first HTML.

use crate::{
    api::{self, ApiResult},
    session::Workspace,
    text,
    ui::notice::LoadError,
};
use leptos::prelude::*;
use rollcall_shared::{
    app::{ApiToken, CallLimits, SdkAppId},
    webhook::{Webhook, WebhookDeliveries},
};
use serde::{Serialize, de::DeserializeOwned};

/// Something of the application that the URL names; none outside one.
pub type OfCurrent<T> = Resource<Option<ApiResult<T>>>;

/// All of it.
#[derive(Clone, Copy)]
pub struct Loaded {
    /// API tokens.
    pub tokens: OfCurrent<Vec<ApiToken>>,
    /// Limits of calls.
    pub limits: OfCurrent<CallLimits>,
    /// The webhook.
    pub webhook: OfCurrent<Webhook>,
    /// What became of what it was sent.
    pub deliveries: OfCurrent<WebhookDeliveries>,
}

impl Loaded {
    /// Begins to read, for the panels below.
    pub fn provide() {
        provide_context(Self {
            tokens: of_current(api::tokens),
            limits: of_current(api::call_limits),
            webhook: of_current(api::webhook),
            deliveries: of_current(api::webhook_deliveries),
        });
    }

    /// What this page has read.
    pub fn get() -> Self {
        expect_context()
    }
}

fn of_current<T, F>(read: fn(SdkAppId) -> F) -> OfCurrent<T>
where
    T: Clone + Send + Sync + Serialize + DeserializeOwned + 'static,
    F: Future<Output = ApiResult<T>> + Send + 'static,
{
    let current = Workspace::get().current;
    Resource::new(
        move || current.get(),
        move |app| async move {
            match app {
                Some(app) => Some(read(app).await),
                None => None,
            }
        },
    )
}

/// Shows something of it, or why it could not be read. What is shown stays, with what was typed in it, for as long as the same
/// is read again.
#[component]
pub fn Reading<T, F>(
    /// What is read.
    read: OfCurrent<T>,
    /// What is shown of it.
    show: F,
) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + Serialize + DeserializeOwned + 'static,
    F: Fn(T) -> AnyView + Copy + Send + Sync + 'static,
{
    view! {
        <Transition fallback=|| view! { <p class="muted">{text::LOADING}</p> }>
            <Read read show />
        </Transition>
    }
}

/// Stands within the transition, which waits for what is read here.
#[component]
fn Read<T, F>(read: OfCurrent<T>, show: F) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + Serialize + DeserializeOwned + 'static,
    F: Fn(T) -> AnyView + Copy + Send + Sync + 'static,
{
    let last = Memo::new(move |_| read.get().flatten());
    let retry = Callback::new(move |()| read.refetch());
    move || {
        last.get().map(|last| match last {
            Ok(value) => show(value),
            Err(error) => view! { <LoadError error retry /> }.into_any(),
        })
    }
}
