//! Parts of the console that the first visit does not download: what a page is made of is in the main WASM, and these
//! parts follow once the page has been taken over and the browser has nothing else to do. The server has them all.

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

/// Runs `then` when the browser has nothing else to do, or soon where browsers do not say so.
#[cfg(target_arch = "wasm32")]
pub fn when_idle(then: impl Fn() + Copy + 'static) {
    if request_idle_callback_with_handle(then).is_err() {
        set_timeout(then, std::time::Duration::from_secs(1));
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
