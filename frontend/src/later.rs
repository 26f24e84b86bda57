//! Parts of the console that the first visit does not download: what a page is made of is in the main WASM, and these
//! parts follow with the first sign that someone uses the page. The server has them all.

use crate::{
    browser,
    text::{self, shell},
};
use futures::FutureExt;
use leptos::{prelude::*, wasm_split::SplitLoaderError};
use std::{future::Future, pin::Pin};

/// What a lazy part answers: its view, or that its code could not be fetched.
pub type Fetched<T> = Result<T, SplitLoaderError>;

/// Fetches the code of a part, unless it is here.
pub type Fetch = fn() -> Pin<Box<dyn Future<Output = Fetched<()>>>>;

/// Where the code of a part is.
#[derive(Clone, Copy, PartialEq)]
enum Code {
    Asked,
    Here,
    Missing,
}

/// Fetches these parts once the pointer moves, a finger touches or a key is pressed: well before the click that needs
/// them, and never for whoever only looks. What fails here is fetched when it is needed.
#[cfg(target_arch = "wasm32")]
pub fn when_used(parts: [Fetch; 2]) {
    let window = window();
    for sign in ["pointermove", "pointerdown", "keydown"] {
        let fetch = move |_: &web_sys::Event| {
            for fetch in parts {
                browser::spawn(async move { drop(fetch().await) });
            }
        };
        gloo::events::EventListener::once(&window, sign, fetch).forget();
    }
}

/// Shows `part` at once if its code is here. Otherwise says that it is on its way, or that it did not arrive.
pub fn later<F>(fetch: Fetch, part: impl Fn() -> F + Send + Sync + 'static) -> AnyView
where
    F: Future<Output = Fetched<AnyView>> + 'static,
{
    let show = move || part().now_or_never().and_then(Result::ok).into_any();
    if fetch().now_or_never().is_some_and(|fetched| fetched.is_ok()) {
        show()
    } else {
        waiting(fetch, show).into_any()
    }
}

fn waiting(fetch: Fetch, show: impl Fn() -> AnyView + Send + Sync + 'static) -> impl IntoView {
    let code = RwSignal::new(Code::Asked);
    let ask = move || {
        code.set(Code::Asked);
        browser::spawn(async move {
            let arrived = fetch().await.is_ok();
            code.try_set(if arrived { Code::Here } else { Code::Missing });
        });
    };
    ask();
    move || match code.get() {
        Code::Here => show(),
        Code::Asked => view! { <p class="empty muted" role="status">{text::LOADING}</p> }.into_any(),
        Code::Missing => view! {
            <div class="empty" role="alert">
                <h2>{shell::LOAD_FAILED}</h2>
                <p class="muted">{text::UNREACHABLE}</p>
                <button type="button" class="btn" on:click=move |_| ask()>{text::TRY_AGAIN}</button>
            </div>
        }
        .into_any(),
    }
}
