//! Chat > Push: a message to all members, and how far the last ones have come.

mod form;
mod sent;

use crate::{
    api,
    pages::{
        of_app::OfApp,
        reading::{OfCurrent, Reading, keep_reading, of_current},
    },
    text::pushes as t,
};
use leptos::prelude::*;
use leptos_meta::Title;
use rollcall_shared::{app::App, push::Push};

/// The pushes that were sent, read with the page.
#[derive(Clone, Copy)]
struct Pushes(OfCurrent<Vec<Push>>);

/// The page.
#[component]
pub fn PushPage() -> impl IntoView {
    let pushes = of_current(api::pushes);
    keep_reading(RwSignal::new(true), pushes);
    provide_context(Pushes(pushes));
    view! {
        <Title text=t::TITLE />
        <header class="head"><div><h1>{t::TITLE}</h1><p class="muted">{t::INTRO}</p></div></header>
        <OfApp show=|app| view! { <Panels app /> }.into_any() />
    }
}

#[component]
fn Panels(app: App) -> impl IntoView {
    let Pushes(pushes) = expect_context();
    view! {
        <form::PushForm app pushes />
        <section class="panel wide" aria-labelledby="sent-title">
            <h2 id="sent-title">{t::SENT_TITLE}</h2>
            <Reading read=pushes show=|pushes| view! { <sent::Sent pushes /> }.into_any() />
        </section>
    }
}
