//! The newest calls of the server API, as they come in: what was asked, what was answered, and how long it took.

use crate::{
    api::{self, ApiResult},
    pages::reading::keep_reading,
    text::{self, tools as t},
    ui::{
        field::{SelectField, TextField},
        notice::LoadError,
        time::Time,
    },
};
use leptos::prelude::*;
use rollcall_shared::{
    api_call::{ApiCall, CallFilter},
    app::SdkAppId,
};

/// What is chosen above the list.
#[derive(Clone, Copy)]
struct Choice {
    /// `all`, `failed` or `code`.
    show: RwSignal<String>,
    code: RwSignal<String>,
}

impl Choice {
    /// The filter, as far as the code is a number.
    fn filter(self) -> CallFilter {
        match self.show.get().as_str() {
            "failed" => CallFilter::Failed,
            "code" => self.code.with(|code| CallFilter::of(code)).unwrap_or_default(),
            _ => CallFilter::All,
        }
    }
}

/// The panel.
#[component]
pub fn Calls(
    /// The application.
    app: SdkAppId,
) -> impl IntoView {
    let choice = Choice { show: RwSignal::new("all".to_owned()), code: RwSignal::default() };
    let filter = Memo::new(move |_| choice.filter());
    let live = RwSignal::new(true);
    let calls =
        Resource::new(move || filter.get(), move |filter| async move { api::calls(app, filter).await });
    keep_reading(live, calls);
    view! {
        <section class="panel wide" aria-labelledby="calls-title">
            <h2 id="calls-title">{t::CALLS}</h2>
            <p class="muted">{t::CALLS_INTRO}</p>
            <Filter choice live />
            <Transition fallback=|| view! { <p class="muted">{text::LOADING}</p> }>
                <CallList calls />
            </Transition>
        </section>
    }
}

#[component]
fn Filter(choice: Choice, live: RwSignal<bool>) -> impl IntoView {
    let options = [("all", t::CALLS_ALL), ("failed", t::CALLS_FAILED), ("code", t::CALLS_CODE)];
    let options = options.map(|(key, label)| (key.to_owned(), label.to_owned())).to_vec();
    let by_code = move || choice.show.with(|show| show == "code");
    let checked = move || live.get();
    view! {
        <div class="bar">
            <SelectField id="calls-show" label=t::CALLS_SHOW value=choice.show options=options />
            <Show when=by_code>
                <TextField id="calls-code" label=t::CALLS_CODE_LABEL value=choice.code />
            </Show>
            <label class="choice">
                <input type="checkbox" checked=checked() prop:checked=checked on:change=move |_| live.update(|on| *on = !*on) />
                {t::CALLS_LIVE}
            </label>
        </div>
    }
}

/// Each call keeps its place in the page, and stays open, when the list is read again.
#[component]
fn CallList(calls: Resource<ApiResult<Vec<ApiCall>>>) -> impl IntoView {
    let reload = Callback::new(move |()| calls.refetch());
    let found = Memo::new(move |_| calls.get().and_then(Result::ok).unwrap_or_default());
    let note = move || match calls.get() {
        Some(Err(error)) => view! { <LoadError error retry=reload /> }.into_any(),
        Some(Ok(calls)) if calls.is_empty() => view! { <p class="muted">{t::NO_CALLS}</p> }.into_any(),
        _ => ().into_any(),
    };
    view! {
        {note}
        <ul class="calls" hidden=move || found.with(Vec::is_empty)>
            <For each=move || found.get() key=|call| call.id.clone() children=|call| view! { <Call call /> } />
        </ul>
    }
}

#[component]
fn Call(call: ApiCall) -> impl IntoView {
    let ApiCall { id: _, at, identifier, command, code, micros, request, answer } = call;
    let class = if code == 0 { "tag good" } else { "tag bad" };
    view! {
        <li>
            <details>
                <summary>
                    <span class=class>{code}</span>
                    <code>{command}</code>
                    <bdi class="muted">{identifier}</bdi>
                    <span class="num muted end">{t::millis(micros)}</span>
                    <Time at />
                </summary>
                <h3>{t::CALL_REQUEST}</h3>
                <pre class="secret" tabindex="0">{request}</pre>
                <h3>{t::CALL_ANSWER}</h3>
                <pre class="secret" tabindex="0">{answer}</pre>
            </details>
        </li>
    }
}
