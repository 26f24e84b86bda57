//! Accounts that were erased, with their certificates.

use super::loaded::Loaded;
use crate::{
    api, browser,
    pages::reading::Reading,
    stores::toasts::Toasts,
    text::{self, persons as t, settings},
    ui::time::Time,
};
use leptos::prelude::*;
use rollcall_shared::{app::SdkAppId, list::Page, paths, person::Certificate};

/// The panel.
#[component]
pub fn Erasures(
    /// The application.
    app: SdkAppId,
) -> impl IntoView {
    let erasures = Loaded::get().erasures;
    view! {
        <section class="panel" aria-labelledby="erasures-title">
            <h2 id="erasures-title">{t::ERASURES}</h2>
            <p class="muted">{t::ERASURES_INTRO}</p>
            <Reading read=erasures show=move |page| view! { <List app page /> }.into_any() />
        </section>
    }
}

#[component]
fn List(app: SdkAppId, page: Page<Certificate>) -> impl IntoView {
    let toasts = Toasts::get();
    if page.items.is_empty() {
        return view! { <p class="muted">{t::NO_ERASURES}</p> }.into_any();
    }
    let (items, next) = (RwSignal::new(page.items), RwSignal::new(page.next));
    let busy = RwSignal::new(false);
    let older = move |_| {
        let Some(cursor) = next.get_untracked().filter(|_| !busy.get_untracked()) else { return };
        busy.set(true);
        browser::spawn(async move {
            match api::older_erasures(app, &cursor).await {
                Ok(page) => {
                    items.try_update(|items| items.extend(page.items));
                    next.try_set(page.next);
                }
                Err(error) => toasts.failed(error.message()),
            }
            busy.try_set(false);
        });
    };
    view! {
        <div class="grid">
            <table>
                <thead>
                    <tr>
                        <th scope="col">{t::COLUMN_TIME}</th>
                        <th scope="col">{t::REASON}</th>
                        <th scope="col" class="optional">{t::COLUMN_ROWS}</th>
                        <th scope="col" class="end">{settings::OPERATION}</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || items.get() key=|item| item.id.clone() children=|item| view! { <Row item /> } />
                </tbody>
            </table>
        </div>
        {move || next.get().map(|_| view! {
            <div>
                <button class="btn" aria-busy=move || busy.get().then_some("true") on:click=older>{t::OLDER}</button>
            </div>
        })}
    }
    .into_any()
}

#[component]
fn Row(item: Certificate) -> impl IntoView {
    let href = paths::erasure(item.sdkappid, &item.id);
    let (name, label) = (t::certificate_file(&item.id), t::download_certificate(&item.id));
    let rows: u64 = item.removed.iter().map(|removed| removed.rows).sum();
    view! {
        <tr>
            <th scope="row"><Time at=item.erased_at /></th>
            <td><bdi>{item.reason}</bdi></td>
            <td class="num optional">{text::number(rows)}</td>
            <td class="end"><a href=href download=name rel="external" aria-label=label>{settings::DOWNLOAD}</a></td>
        </tr>
    }
}
