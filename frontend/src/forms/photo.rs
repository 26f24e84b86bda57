//! The field of a profile photo, with the picture as it will be seen.

use crate::{text::accounts as t, ui::field::TextField};
use leptos::{oco::Oco, prelude::*};
use rollcall_shared::{profile::TEXT_MAX, validate::is_http_url};

/// The field and its preview. Only an http(s) URL is ever given to the browser.
#[component]
pub fn PhotoField(
    /// The element's id.
    #[prop(into)]
    id: Oco<'static, str>,
    /// The URL.
    value: RwSignal<String>,
    /// What is wrong with it.
    #[prop(into)]
    error: Signal<Option<String>>,
    /// Called after each change by the operator.
    #[prop(into)]
    on_edit: Callback<()>,
) -> impl IntoView {
    let broken = RwSignal::new(false);
    let url = Memo::new(move |_| value.with(|v| is_http_url(v).then(|| v.clone())));
    let hint = Signal::derive(move || {
        if broken.get() && url.get().is_some() { t::PHOTO_BROKEN } else { t::PHOTO_HINT }.to_owned()
    });
    Effect::new(move |_| {
        url.track();
        broken.set(false);
    });
    view! {
        <div class="photo-field wide">
            <TextField
                id
                label=t::field(crate::forms::draft::Field::PhotoUrl).into_owned()
                value
                error
                hint
                max_bytes=TEXT_MAX
                kind="url"
                on_edit
            />
            <span class="preview" class:empty=move || url.get().is_none() || broken.get()>
                {move || url.get().map(|url| view! {
                    <img
                        src=url
                        alt=t::PHOTO_PREVIEW
                        referrerpolicy="no-referrer"
                        class:broken=move || broken.get()
                        on:error=move |_| broken.set(true)
                    />
                })}
            </span>
        </div>
    }
}
