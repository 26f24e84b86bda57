//! The step at which an operator sees what a file would do: four figures, the rows behind them, and the button that applies exactly
//! that.

use super::{
    one::{Discard, Refusal},
    rows::Tabs,
    state::One,
};
use crate::{
    api, browser,
    pages::users::bulk::to_type,
    stores::confirm::Question,
    text::{self, imports as t},
};
use leptos::prelude::*;
use rollcall_shared::import::Review;

/// The id of the heading.
const TITLE_ID: &str = "import-review";

/// The step.
#[component]
pub fn ReviewStep() -> impl IntoView {
    let one = One::get();
    one.focus_step(TITLE_ID);
    // Someone else may review the same file otherwise; then this is another review.
    let review = Memo::new(move |_| one.now.with(|now| now.review.clone()));
    let file = one.now.with_untracked(|now| now.file_name.clone());
    view! {
        <section class="panel wide" aria-labelledby=TITLE_ID>
            <h2 id=TITLE_ID tabindex="-1">{t::REVIEW}</h2>
            {move || review.get().map(|review| view! {
                <p class="muted">{t::reviewed(&review, &file)}</p>
                <Figures review=review.clone() />
                {nothing(&review).map(|said| view! { <p class="notice" role="status">{said}</p> })}
                <Tabs review=review.clone() />
                <Buttons review />
            })}
        </section>
    }
}

/// What there is to say where nothing can be applied.
fn nothing(review: &Review) -> Option<&'static str> {
    match (review.create + review.update, review.refused) {
        (0, 0) => Some(t::NOTHING_TO_DO),
        (0, _) => Some(t::ONLY_REFUSED),
        _ => None,
    }
}

#[component]
fn Figures(review: Review) -> impl IntoView {
    let figures = [
        (t::NEW, review.create),
        (t::CHANGED, review.update),
        (t::UNCHANGED, review.unchanged),
        (t::REFUSED, review.refused),
    ];
    let figure = |(label, count): (&'static str, u64)| {
        view! { <div><dt>{label}</dt><dd class="num">{text::number(count)}</dd></div> }
    };
    view! { <dl class="figures">{figures.into_iter().map(figure).collect_view()}</dl> }
}

#[component]
fn Buttons(review: Review) -> impl IntoView {
    let one = One::get();
    let changes = review.create + review.update;
    let ask = move |_| one.confirm.ask(question(one, &review));
    let back = move |_| {
        one.error.set(None);
        one.choosing.set(true);
    };
    view! {
        <Refusal />
        <div class="bar">
            {(changes > 0).then(|| view! {
                <button type="button" class="btn primary" on:click=ask aria-busy=move || one.busy.get().then_some("true")>
                    {t::apply(changes)}
                </button>
            })}
            <button type="button" class="btn" on:click=back>{t::BACK_TO_COLUMNS}</button>
            <Discard applied=false />
        </div>
    }
}

/// The question before it is applied; what is applied is named by its digest.
fn question(one: One, review: &Review) -> Question {
    let changes = review.create + review.update;
    let until = one.now.with_untracked(|now| browser::local_time(now.expires_at.millis()));
    let digest = review.digest.clone();
    Question {
        title: t::apply_title(changes),
        body: t::apply_body(review, &until),
        confirm: t::apply(changes),
        danger: false,
        typed: to_type(Some(changes)),
        then: Callback::new(move |()| {
            let (app, id, digest) = (one.app, one.id(), digest.clone());
            one.begin(async move { api::apply_import(app, &id, &digest).await });
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_review_without_changes_says_so() {
        let review = |create, refused| Review { create, refused, unchanged: 3, ..Review::default() };
        assert_eq!(nothing(&review(0, 0)), Some(t::NOTHING_TO_DO));
        assert_eq!(nothing(&review(0, 2)), Some(t::ONLY_REFUSED));
        assert_eq!(nothing(&review(1, 2)), None);
    }
}
