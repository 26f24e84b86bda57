//! The one confirmation before something that cannot be taken back.

use leptos::prelude::*;

/// A question.
#[derive(Clone)]
pub struct Question {
    /// The dialog's title.
    pub title: String,
    /// What will happen, a paragraph each.
    pub body: Vec<String>,
    /// The button's label.
    pub confirm: String,
    /// Whether it destroys something.
    pub danger: bool,
    /// What must be typed first, with the label of its field.
    pub typed: Option<(String, String)>,
    /// What to do when confirmed.
    pub then: Callback<()>,
}

/// The question that is being asked, if one is.
#[derive(Clone, Copy, Default)]
pub struct Confirm {
    /// The question.
    pub question: RwSignal<Option<Question>>,
}

impl Confirm {
    /// The confirmation of this page.
    pub fn get() -> Self {
        expect_context()
    }

    /// Asks.
    pub fn ask(self, question: Question) {
        self.question.set(Some(question));
    }
}
