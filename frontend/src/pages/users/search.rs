//! The search field: searches while typing, waits for the end of an input method's composition, and is a plain
//! GET form until the page is taken over. The input is the browser's; no signal writes into it while someone
//! types.

use super::{
    filters::{Others, Part},
    state::{History, Users},
};
use crate::{
    browser,
    text::accounts as t,
    ui::icon::{Glyph, Icon},
};
use leptos::{ev, html, prelude::*};
use rollcall_shared::list::NEEDLE_MAX;

/// The element's id, for the shortcut.
pub const SEARCH_ID: &str = "search";
/// How long typing rests before a search starts.
const REST_MS: u32 = 120;

/// The field.
#[component]
pub fn Search() -> impl IntoView {
    let users = Users::get();
    let node = NodeRef::<html::Input>::new();
    // What the last search looked for: a URL that says the same came from here.
    let sent = StoredValue::new(users.url.with_untracked(|url| url.list.filter.q.clone()));
    let typed = StoredValue::new(0_u32);
    let search = move || {
        let Some(input) = node.get_untracked() else { return };
        let needle = cut(&input.value());
        let url = users.url.get_untracked();
        if url.list.filter.q != needle {
            // Back leads to the list before a search and to a search that was cleared; the letters in between
            // belong to one search.
            let whole = url.list.filter.q.is_empty() || needle.is_empty();
            let history = if whole { History::Push } else { History::Replace };
            sent.set_value(needle.clone());
            users.go(url.search(&needle), history);
        }
    };
    let rest = move || {
        let turn = typed.get_value().wrapping_add(1);
        typed.set_value(turn);
        browser::spawn(async move {
            browser::sleep(REST_MS).await;
            if typed.try_get_value() == Some(turn) {
                search();
            }
        });
    };
    follow_url(users, node, sent, rest);
    view! {
        <form
            class="search"
            role="search"
            method="get"
            action=move || users.path.get()
            on:submit=move |event: ev::SubmitEvent| {
                event.prevent_default();
                search();
            }
        >
            <Glyph icon=Icon::Search />
            <input
                id=SEARCH_ID
                name="q"
                type="search"
                autocomplete="off"
                spellcheck="false"
                dir="auto"
                aria-label=t::SEARCH
                placeholder=t::SEARCH
                value=users.url.with_untracked(|url| url.list.filter.q.clone())
                node_ref=node
                on:input=move |event: ev::Event| {
                    if !is_composing(&event) {
                        rest();
                    }
                }
                on:compositionend=move |_| rest()
            />
            <Others part=Part::Needle />
            <kbd aria-hidden="true">"/"</kbd>
        </form>
    }
}

/// Shows the URL's search text when it changed elsewhere (Back, a cleared search), and searches for what was
/// typed before the page was taken over.
fn follow_url(
    users: Users,
    node: NodeRef<html::Input>,
    sent: StoredValue<String>,
    rest: impl Fn() + Copy + 'static,
) {
    Effect::new(move |followed: Option<bool>| {
        let needle = users.url.with(|url| url.list.filter.q.clone());
        let Some(input) = node.get() else { return false };
        if followed != Some(true) {
            if input.value() != needle {
                rest();
            }
        } else if sent.with_value(|sent| *sent != needle) {
            sent.set_value(needle.clone());
            input.set_value(&needle);
        }
        true
    });
}

fn is_composing(event: &ev::Event) -> bool {
    use leptos::wasm_bindgen::JsCast;
    event.dyn_ref::<leptos::web_sys::InputEvent>().is_some_and(leptos::web_sys::InputEvent::is_composing)
}

/// A search text has at most so many bytes; more would be refused.
fn cut(text: &str) -> String {
    let mut end = text.len().min(NEEDLE_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_search_is_cut_between_characters() {
        assert_eq!(cut("明"), "明");
        assert_eq!(cut(&"明".repeat(100)), "明".repeat(66));
    }
}
