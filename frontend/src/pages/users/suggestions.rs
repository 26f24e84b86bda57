//! What a search that found nothing may have meant: links that search for it.

use super::state::Users;
use crate::{api, browser, text::accounts as t};
use leptos::prelude::*;
use rollcall_shared::suggestion::Suggestion;

/// The suggestions for the search that is shown, once they are known. They are a help: where they do not arrive, nothing is said.
#[component]
pub fn Suggestions() -> impl IntoView {
    let users = Users::get();
    let found = RwSignal::new(Vec::new());
    let filter = move || users.url.try_with_untracked(|url| url.list.filter.clone());
    Effect::new(move |_| {
        // Not before the list's own answer: while someone types, most searches find something.
        users.page.track();
        found.set(Vec::new());
        let (Some(app), Some(asked)) = (users.app.get_untracked(), filter()) else { return };
        if asked.q.is_empty() {
            return;
        }
        browser::spawn(async move {
            if let Ok(answer) = api::suggestions(app, &asked).await
                && filter() == Some(asked)
            {
                found.try_set(answer.items);
            }
        });
    });
    let link = move |Suggestion { q, user_id, .. }: Suggestion| {
        let href = users.href(&users.url.get_untracked().search(&q).with_dialog(None));
        let whose = (q != user_id).then(|| view! { " "<bdi class="muted">{user_id}</bdi> });
        view! { <li><a class="btn" data-noscroll="" href=href><bdi>{q}</bdi>{whose}</a></li> }
    };
    let list = move || {
        let found = found.get();
        (!found.is_empty()).then(|| {
            let links = found.into_iter().map(link).collect_view();
            view! { <p>{t::DID_YOU_MEAN}</p><ul class="bar center">{links}</ul> }
        })
    };
    view! { <div class="near" role="status">{list}</div> }
}
