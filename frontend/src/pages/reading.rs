//! What pages read of the application that the URL names, beside the application itself.

use crate::{api::ApiResult, browser, session::Workspace, text, ui::notice::LoadError};
use leptos::prelude::*;
use rollcall_shared::app::SdkAppId;
use serde::{Serialize, de::DeserializeOwned};

/// How often a list is read again, while someone looks.
const REFRESH_MS: u32 = 2_000;

/// Something of the application that the URL names; none outside one.
pub type OfCurrent<T> = Resource<Option<ApiResult<T>>>;

/// Begins to read something of the application. For the page, not for what stands within something that waits: that may be made
/// more than once.
pub fn of_current<T, F>(read: fn(SdkAppId) -> F) -> OfCurrent<T>
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

/// What was read last, for what shall not be made again when it is read anew. Reading a resource untracked does not suffice: within
/// what waits it asks whether the resource is ready, and that tracks it, so that what is typed there would be lost.
pub fn last_read<T>(read: Resource<T>) -> Option<T>
where
    T: Clone + Send + Sync + 'static,
{
    untrack(|| read.get_untracked())
}

/// Shows what was read, or why it could not be read. Reading the same again draws nothing
/// anew.
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

/// Reads again after each answer, while the page is seen and `live` holds.
pub fn keep_reading<T>(live: RwSignal<bool>, read: Resource<T>)
where
    T: Clone + Send + Sync + Serialize + DeserializeOwned + 'static,
{
    let waiting = StoredValue::new(false);
    Effect::new(move |_| {
        if read.get().is_none() || !live.get() || waiting.get_value() {
            return;
        }
        waiting.set_value(true);
        browser::spawn(async move {
            loop {
                browser::sleep(REFRESH_MS).await;
                // Gone with its page.
                let Some(live) = live.try_get_untracked() else { return };
                if !live || !browser::is_hidden() {
                    waiting.set_value(false);
                    if live {
                        read.refetch();
                    }
                    return;
                }
            }
        });
    });
}
