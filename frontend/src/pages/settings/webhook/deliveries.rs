//! What became of what was sent: the newest deliveries with the last answers, and what waits.

use super::super::loaded::Loaded;
use crate::{pages::reading::Reading, text::webhooks as t, ui::time::Time};
use leptos::prelude::*;
use rollcall_shared::webhook::{WebhookDeliveries, WebhookDelivery};

/// As many are shown.
const SHOWN: usize = 20;

/// The list.
#[component]
pub fn Deliveries() -> impl IntoView {
    let deliveries = Loaded::get().deliveries;
    view! {
        <div class="bar">
            <h3>{t::DELIVERIES}</h3>
            <button class="link" on:click=move |_| deliveries.refetch()>{t::REFRESH}</button>
        </div>
        <Reading read=deliveries show=|deliveries| view! { <Shown deliveries /> }.into_any() />
    }
}

#[component]
fn Shown(deliveries: WebhookDeliveries) -> impl IntoView {
    let WebhookDeliveries { waiting, next_try_at, items } = deliveries;
    let next = next_try_at.map(|at| view! { " " {t::NEXT_TRY} " " <Time at /> });
    view! {
        {(waiting > 0).then(|| view! { <p class="muted" role="status">{t::waiting(waiting)} {next}</p> })}
        <Items items />
    }
}

#[component]
fn Items(items: Vec<WebhookDelivery>) -> impl IntoView {
    if items.is_empty() {
        return view! { <p class="muted">{t::NONE_YET}</p> }.into_any();
    }
    let row = |item: WebhookDelivery| {
        let answer = t::answer(&item.last);
        view! {
            <tr>
                <th scope="row">{t::event(item.event)}</th>
                <td class="muted optional"><Time at=item.created_at /></td>
                <td>{t::state(item.state, item.attempts)}</td>
                <td class="clip" title=item.last.text>{answer}</td>
            </tr>
        }
    };
    view! {
        <div class="grid">
            <table>
                <thead>
                    <tr>
                        <th scope="col">{t::COLUMN_EVENT}</th>
                        <th scope="col" class="optional">{t::COLUMN_TIME}</th>
                        <th scope="col">{t::COLUMN_STATE}</th>
                        <th scope="col">{t::COLUMN_ANSWER}</th>
                    </tr>
                </thead>
                <tbody>{items.into_iter().take(SHOWN).map(row).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}
