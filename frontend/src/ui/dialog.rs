//! The modal dialog: the browser's own `<dialog>`, which keeps focus inside, returns it, and makes the rest inert.

use leptos::{ev, html, prelude::*};

/// A modal dialog. Its content exists only while it is open, and nothing of it is rendered on the server.
#[component]
pub fn Dialog(
    /// Whether it is open.
    #[prop(into)]
    open: Signal<bool>,
    /// Asked to close by Esc or a click beside it; the owner decides and sets `open`.
    #[prop(into)]
    on_cancel: Callback<()>,
    /// The id of its heading.
    labelled_by: &'static str,
    /// Extra class: `wide`, `narrow`.
    #[prop(optional)]
    class: &'static str,
    /// What is in it.
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(dialog) = node.get() else { return };
        match (open.get(), dialog.open()) {
            // A dialog that cannot be shown (it left the page) has nobody to tell.
            (true, false) => drop(dialog.show_modal()),
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    let children = StoredValue::new(children);
    let cancel = move |event: ev::Event| {
        // Chromium closes on a second Esc whatever is said here; `closed` has the last word then.
        if event.cancelable() {
            event.prevent_default();
            on_cancel.run(());
        }
    };
    // The owner may want it to stay. Shown again before the owner is asked, so that a question stands above it.
    let closed = move |_| {
        if open.get_untracked()
            && let Some(dialog) = node.get_untracked()
        {
            drop(dialog.show_modal());
            on_cancel.run(());
        }
    };
    view! {
        <dialog class=class node_ref=node aria-labelledby=labelled_by on:cancel=cancel on:close=closed>
            <Show when=move || open.get()>{children.with_value(|c| c())}</Show>
        </dialog>
    }
}
