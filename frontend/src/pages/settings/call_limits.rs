//! How many calls of the server API the application takes.

use super::loaded::Loaded;
use crate::{
    api, browser, pages::reading::Reading, stores::toasts::Toasts, text::settings as t, ui::field::TextField,
};
use leptos::{ev, prelude::*};
use rollcall_shared::app::{CallLimits, SdkAppId};

/// The panel.
#[component]
pub fn CallLimitsPanel(
    /// The application.
    app: SdkAppId,
) -> impl IntoView {
    let show = move |limits| view! { <Form app limits /> }.into_any();
    view! {
        <section class="panel">
            <h2>{t::CALL_LIMITS}</h2>
            <p class="muted">{t::CALL_LIMITS_INTRO}</p>
            <Reading read=Loaded::get().limits show />
        </section>
    }
}

#[component]
fn Form(app: SdkAppId, limits: CallLimits) -> impl IntoView {
    let toasts = Toasts::get();
    let field = |limit: u32| (RwSignal::new(limit.to_string()), RwSignal::new(None::<String>));
    let ((bulk, bulk_error), (other, other_error), (pushes, pushes_error)) =
        (field(limits.bulk), field(limits.other), field(limits.pushes));
    let busy = RwSignal::new(false);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        // What is no number is none that is allowed.
        let number = |text: RwSignal<String>| text.get_untracked().trim().parse().unwrap_or(u32::MAX);
        let limits = CallLimits { bulk: number(bulk), other: number(other), pushes: number(pushes) };
        let errors = limits.errors();
        let of =
            |field: &str| errors.iter().find(|error| error.field == field).map(|error| error.message.clone());
        bulk_error.set(of("bulk"));
        other_error.set(of("other"));
        pushes_error.set(of("pushes"));
        if !errors.is_empty() || busy.get_untracked() {
            return;
        }
        busy.set(true);
        browser::spawn(async move {
            match api::set_call_limits(app, limits).await {
                Ok(_) => toasts.done(t::SAVED),
                Err(error) => toasts.failed(error.message()),
            }
            busy.try_set(false);
        });
    };
    view! {
        <form class="stack" novalidate on:submit=submit>
            <TextField id="limit-bulk" label=t::LIMIT_BULK value=bulk error=bulk_error hint=t::LIMIT_HINT.to_owned() required=true />
            <TextField id="limit-other" label=t::LIMIT_OTHER value=other error=other_error hint=t::LIMIT_HINT.to_owned() required=true />
            <TextField id="limit-pushes" label=t::LIMIT_PUSHES value=pushes error=pushes_error hint=t::LIMIT_HINT.to_owned() required=true />
            <div><button type="submit" class="btn" aria-busy=move || busy.get().then_some("true")>{t::SAVE_LIMITS}</button></div>
        </form>
    }
}
