//! An instant: UTC in the first HTML, the reader's own time zone once the page is taken over.

use crate::browser;
use leptos::prelude::*;
use rollcall_shared::time::Timestamp;

/// Whether the page has been taken over by the browser. The first render on both sides sees `false`.
#[derive(Clone, Copy)]
pub struct Hydrated(pub RwSignal<bool>);

/// An instant.
#[component]
pub fn Time(
    /// When.
    at: Timestamp,
) -> impl IntoView {
    let hydrated = expect_context::<Hydrated>().0;
    let machine = at.to_string();
    let utc = machine[..16].replace('T', " ");
    let shown = move || if hydrated.get() { browser::local_time(at.millis()) } else { utc.clone() };
    view! { <time class="num" datetime=machine>{shown}</time> }
}
