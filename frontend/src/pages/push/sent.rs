//! The pushes that were sent, newest first, with their figures.

use crate::{
    text::{number, pushes as t},
    ui::time::Time,
};
use leptos::prelude::*;
use rollcall_shared::push::Push;

/// The list.
#[component]
pub fn Sent(
    /// The pushes.
    pushes: Vec<Push>,
) -> impl IntoView {
    if pushes.is_empty() {
        return view! { <p class="muted">{t::NONE}</p> }.into_any();
    }
    view! {
        <div class="grid">
            <table>
                <thead>
                    <tr>
                        <th scope="col">{t::MESSAGE}</th>
                        <th scope="col" class="optional">{t::FROM}</th>
                        <th scope="col" class="end">{t::RECEIVED}</th>
                        <th scope="col" class="end">{t::SENT}</th>
                        <th scope="col" class="end optional">{t::MEMBERS}</th>
                        <th scope="col" class="optional">{t::AT}</th>
                        <th scope="col" class="optional">{t::UNTIL}</th>
                    </tr>
                </thead>
                <tbody>{pushes.into_iter().map(|push| view! { <Row push /> }).collect_view()}</tbody>
            </table>
        </div>
        <p class="muted">{t::FIGURES}</p>
    }
    .into_any()
}

#[component]
fn Row(push: Push) -> impl IntoView {
    let summary = push.summary().to_owned();
    let until = if push.expires_at == push.created_at {
        view! { {t::NOT_AT_ALL_SHORT} }.into_any()
    } else {
        view! { <Time at=push.expires_at /> }.into_any()
    };
    view! {
        <tr>
            <th scope="row" class="clip"><bdi>{summary}</bdi></th>
            <td class="optional"><bdi>{push.from}</bdi></td>
            <td class="end num">{number(push.received)}</td>
            <td class="end num">{number(push.sent)}</td>
            <td class="end num optional">{number(push.accounts)}</td>
            <td class="muted optional"><Time at=push.created_at /></td>
            <td class="muted optional">{until}</td>
        </tr>
    }
}
