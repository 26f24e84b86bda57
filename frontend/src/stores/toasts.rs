//! Outcomes, told once and in one place. Form errors stand in their form, not here.

use leptos::prelude::*;

/// What a toast says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToastKind {
    /// It worked.
    Done,
    /// It did not; stays until dismissed.
    Failed,
}

/// One outcome.
#[derive(Clone)]
pub struct Toast {
    /// Tells toasts apart.
    pub id: u64,
    /// Whether it worked.
    pub kind: ToastKind,
    /// One sentence.
    pub message: String,
    /// A label and what it does, such as Undo.
    pub action: Option<(String, Callback<()>)>,
}

/// The outcomes that are on the screen.
#[derive(Clone, Copy)]
pub struct Toasts {
    /// Oldest first.
    pub list: RwSignal<Vec<Toast>>,
    next: StoredValue<u64>,
}

impl Default for Toasts {
    fn default() -> Self {
        Self { list: RwSignal::new(Vec::new()), next: StoredValue::new(0) }
    }
}

impl Toasts {
    /// The toasts of this page.
    pub fn get() -> Self {
        expect_context()
    }

    /// It worked.
    pub fn done(self, message: impl Into<String>) {
        self.push(ToastKind::Done, message.into(), None);
    }

    /// It worked, and can be taken back.
    pub fn done_with(self, message: impl Into<String>, label: impl Into<String>, action: Callback<()>) {
        self.push(ToastKind::Done, message.into(), Some((label.into(), action)));
    }

    /// It did not work.
    pub fn failed(self, message: impl Into<String>) {
        self.push(ToastKind::Failed, message.into(), None);
    }

    /// Takes one away.
    pub fn dismiss(self, id: u64) {
        self.list.update(|list| list.retain(|t| t.id != id));
    }

    fn push(self, kind: ToastKind, message: String, action: Option<(String, Callback<()>)>) {
        let id = self.next.get_value();
        self.next.set_value(id + 1);
        let seconds = if action.is_some() { 12 } else { 6 };
        self.list.update(|list| {
            list.push(Toast { id, kind, message, action });
            // A burst must not cover the page.
            if list.len() > 4 {
                list.remove(0);
            }
        });
        if kind == ToastKind::Done {
            crate::browser::spawn(async move {
                crate::browser::sleep(seconds * 1000).await;
                self.list.try_update(|list| list.retain(|t| t.id != id));
            });
        }
    }
}
