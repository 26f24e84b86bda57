//! The photo of an account, or its initials where there is none or it does not load.

use super::highlight::{face_class, initials};
use leptos::{html, prelude::*};
use rollcall_shared::{account::Account, validate::is_http_url};
use std::sync::Arc;

/// The photo over the initials. Whatever an import brought, only http(s) URLs reach the browser.
#[component]
pub fn Face(
    /// The account.
    account: Arc<Account>,
) -> impl IntoView {
    let letters = initials(&account.nickname, &account.user_id);
    let photo = is_http_url(&account.photo_url)
        .then(|| view! { <Photo url=account.photo_url.clone() letters=letters.clone() /> });
    view! {
        <span class=face_class(&account.user_id) aria-hidden="true">
            {letters}
            {photo}
        </span>
    }
}

#[component]
fn Photo(url: String, letters: String) -> impl IntoView {
    let node = NodeRef::<html::Img>::new();
    let broken = RwSignal::new(false);
    // It may have failed before the page was taken over, when nobody listened.
    Effect::new(move |_| {
        if let Some(img) = node.get()
            && img.complete()
            && img.natural_width() == 0
        {
            broken.set(true);
        }
    });
    view! {
        <img
            src=url
            alt=""
            data-letters=letters
            width="28"
            height="28"
            loading="lazy"
            decoding="async"
            referrerpolicy="no-referrer"
            class:broken=move || broken.get()
            node_ref=node
            on:error=move |_| broken.set(true)
            on:load=move |_| broken.set(false)
        />
    }
}
