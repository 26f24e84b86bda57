//! The confirmation dialog of the page: one, because only one question can be asked at a time.

use crate::{
    stores::confirm::{Confirm, Question},
    text,
    ui::{dialog::Dialog, field::TextField},
};
use leptos::{ev, prelude::*};

/// The confirmation dialog; empty until something asks.
#[component]
pub fn ConfirmDialog(
    /// Shows [`Asked`], whose code need not be here before something asks.
    content: fn(Question, Callback<()>) -> AnyView,
) -> impl IntoView {
    let confirm = Confirm::get();
    let open = Signal::derive(move || confirm.question.with(Option::is_some));
    let cancel = Callback::new(move |()| confirm.question.set(None));
    view! {
        <Dialog open on_cancel=cancel labelled_by="confirm-title" class="narrow">
            {move || confirm.question.get().map(|question| content(question, cancel))}
        </Dialog>
    }
}

/// The question, with the button that says yes.
#[component]
pub fn Asked(
    /// What is asked.
    question: Question,
    /// Closes the dialog.
    cancel: Callback<()>,
) -> impl IntoView {
    let Question { title, body, confirm, danger, typed, then } = question;
    let value = RwSignal::new(String::new());
    let wanted = StoredValue::new(typed.as_ref().map(|(_, wanted)| wanted.clone()));
    let ready = Signal::derive(move || {
        wanted.with_value(|w| w.as_ref().is_none_or(|w| value.with(|v| v.trim() == w)))
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if ready.get_untracked() {
            cancel.run(());
            then.run(());
        }
    };
    view! {
        <form on:submit=submit>
            <h2 id="confirm-title">{title}</h2>
            <div class="prose">{body.into_iter().map(|p| view! { <p>{p}</p> }).collect_view()}</div>
            {typed.map(|(label, _)| view! {
                <div class="fields one">
                    <TextField id="confirm-typed" label=label value />
                </div>
            })}
            <div class="foot">
                <button type="button" class="btn" on:click=move |_| cancel.run(())>{text::CANCEL}</button>
                <button type="submit" class="btn primary" class:danger=danger disabled=move || !ready.get()>{confirm}</button>
            </div>
        </form>
    }
}
