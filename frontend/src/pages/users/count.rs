//! How many match, beside the filters. Nothing is shown for the whole list: its total stands in the head.

use super::state::Users;
use crate::text::{self, accounts as t};
use leptos::prelude::*;
use rollcall_shared::list::{Count, CountRelation};

/// A count as it is shown: `12,044`, `10,000+`, `about 12,000`.
pub fn shown(count: Count) -> String {
    let number = text::number(count.value);
    match count.relation {
        CountRelation::Eq => number,
        CountRelation::Gte => format!("{number}+"),
        CountRelation::Estimate => t::about(&number),
    }
}

/// The total that the list shows: of the filter, or of the application when nothing is filtered.
pub fn total(users: Users, matched: Option<Count>) -> Option<String> {
    match matched {
        Some(count) => Some(shown(count)),
        None if users.url.with(|url| url.list.filter.is_empty()) => {
            users.application().map(|app| text::number(app.accounts))
        }
        None => None,
    }
}

/// The count.
#[component]
pub fn MatchCount() -> impl IntoView {
    let users = Users::get();
    let matches = move || {
        let page = users.page.get()?.ok()?;
        page.count.map(|count| t::matches(&shown(count)))
    };
    // A live region: whoever searches without seeing the list hears what came of it.
    view! { <span class="end muted num" role="status">{matches}</span> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_says_how_it_is_meant() {
        let count = |value, relation| shown(Count { value, relation });
        assert_eq!(count(12_044, CountRelation::Eq), "12,044");
        assert_eq!(count(10_000, CountRelation::Gte), "10,000+");
        assert_eq!(count(12_000, CountRelation::Estimate), "about 12,000");
    }
}
