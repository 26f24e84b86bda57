//! The corner where outcomes appear. A live region, so that they are read aloud without taking the focus.

use crate::{
    stores::toasts::{Toast, ToastKind, Toasts},
    text,
    ui::icon::{Glyph, Icon},
};
use leptos::prelude::*;

/// Where toasts appear.
#[component]
pub fn ToastCorner() -> impl IntoView {
    let toasts = Toasts::get();
    view! {
        <div class="toasts" role="status" aria-live="polite">
            <For each=move || toasts.list.get() key=|t| t.id let:toast>
                <ToastView toast />
            </For>
        </div>
    }
}

#[component]
fn ToastView(toast: Toast) -> impl IntoView {
    let toasts = Toasts::get();
    let Toast { id, kind, message, action } = toast;
    let failed = kind == ToastKind::Failed;
    let action = action.map(|(label, run)| {
        let click = move |_| {
            toasts.dismiss(id);
            run.run(());
        };
        view! { <button class="link" on:click=click>{label}</button> }
    });
    view! {
        <div class="toast" class:failed=failed>
            <Glyph icon=if failed { Icon::Warning } else { Icon::Check } />
            <span>{message}</span>
            {action}
            <button class="btn quiet icon" aria-label=text::CLOSE on:click=move |_| toasts.dismiss(id)>
                <Glyph icon=Icon::Close />
            </button>
        </div>
    }
}
