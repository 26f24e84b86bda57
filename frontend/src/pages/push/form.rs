//! The form of a push: its text, how long it waits, what it will look like, and the question before it is sent.

use crate::{
    api, browser,
    pages::reading::OfCurrent,
    stores::{
        confirm::{Confirm, Question},
        toasts::Toasts,
    },
    text::pushes as t,
    ui::field::{SelectField, TextArea},
};
use leptos::{ev, prelude::*};
use rollcall_shared::{
    app::{App, AppStatus, SdkAppId},
    profile::ADMINISTRATOR,
    push::{MessageElement, NewPush, PUSH_TEXT_MAX, Push},
};

/// What is in the fields.
#[derive(Clone, Copy)]
struct Form {
    app: SdkAppId,
    text: RwSignal<String>,
    lifetime: RwSignal<String>,
    error: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
    /// Names the push until it was sent: sent again after a failure, it is the same one.
    random: StoredValue<Option<u32>>,
    pushes: OfCurrent<Vec<Push>>,
}

impl Form {
    fn new_push(self) -> NewPush {
        let random = self.random.get_value().unwrap_or_else(browser::random_number);
        self.random.set_value(Some(random));
        NewPush {
            random,
            lifetime_seconds: self.lifetime.get_untracked().parse().unwrap_or_default(),
            body: vec![MessageElement::text(&self.text.get_untracked())],
        }
    }

    /// What is wrong with the message.
    fn wrong(self) -> Option<String> {
        match self.text.with_untracked(String::len) {
            0 => Some(t::EMPTY.to_owned()),
            length if length > PUSH_TEXT_MAX => Some(t::TOO_LONG.to_owned()),
            _ => self.new_push().errors().into_iter().next().map(|error| error.message),
        }
    }

    fn send(self, toasts: Toasts) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        let (new, text) = (self.new_push(), self.text.get_untracked());
        browser::spawn(async move {
            let sent = api::push(self.app, &new).await;
            // What was typed meanwhile is another push.
            let is_same = self.text.try_with_untracked(|now| *now == text) == Some(true);
            match sent {
                Ok(_) => {
                    toasts.done(t::ON_ITS_WAY);
                    self.pushes.refetch();
                    if is_same {
                        self.random.try_set_value(None);
                        self.text.try_set(String::new());
                    }
                }
                Err(refused) if is_same => {
                    self.error.try_set(Some(refused.field("body").unwrap_or_else(|| refused.message())));
                }
                Err(refused) => toasts.failed(refused.message()),
            }
            self.busy.try_set(false);
        });
    }
}

/// The panel.
#[component]
pub fn PushForm(
    /// The application.
    app: App,
    /// The pushes that were sent.
    pushes: OfCurrent<Vec<Push>>,
) -> impl IntoView {
    let (confirm, toasts) = (Confirm::get(), Toasts::get());
    let form = Form {
        app: app.sdkappid,
        text: RwSignal::default(),
        lifetime: RwSignal::new(t::LIFETIMES[2].0.to_owned()),
        error: RwSignal::new(None),
        busy: RwSignal::new(false),
        random: StoredValue::new(None),
        pushes,
    };
    // Another text is another push.
    let edited = Callback::new(move |()| {
        form.random.set_value(None);
        form.error.set(None);
    });
    let (accounts, enabled) = (app.accounts, app.status == AppStatus::Enabled);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        form.error.set(form.wrong());
        if form.error.with_untracked(Option::is_some) || form.busy.get_untracked() || !enabled {
            return;
        }
        confirm.ask(Question {
            title: t::question(accounts),
            body: vec![form.text.get_untracked(), t::NO_WAY_BACK.to_owned()],
            confirm: t::SEND.to_owned(),
            danger: false,
            typed: None,
            then: Callback::new(move |()| form.send(toasts)),
        });
    };
    let lifetimes = t::LIFETIMES.map(|(seconds, label)| (seconds.to_owned(), label.to_owned())).to_vec();
    view! {
        <section class="panel" aria-labelledby="push-title">
            <h2 id="push-title">{t::NEW}</h2>
            {(!enabled).then(|| view! { <p class="notice warn">{t::DISABLED}</p> })}
            <form class="stack" novalidate on:submit=submit>
                <TextArea id="push-text" label=t::MESSAGE value=form.text error=form.error max_bytes=PUSH_TEXT_MAX on_edit=edited />
                <SelectField id="push-lifetime" label=t::LIFETIME value=form.lifetime options=lifetimes on_edit=edited />
                <Preview text=form.text />
                <div>
                    <button
                        type="submit" class="btn primary"
                        aria-busy=move || form.busy.get().then_some("true")
                        aria-disabled=(!enabled).then_some("true")
                    >
                        {t::SEND_ASK}
                    </button>
                </div>
            </form>
        </section>
    }
}

/// As a client may show it.
#[component]
fn Preview(text: RwSignal<String>) -> impl IntoView {
    view! {
        <figure class="message">
            <figcaption class="muted">{t::PREVIEW}</figcaption>
            <blockquote>
                <b>{ADMINISTRATOR}</b>
                <p dir="auto" class:muted=move || text.with(String::is_empty)>
                    {move || text.with(|text| if text.is_empty() { t::PREVIEW_EMPTY.to_owned() } else { text.clone() })}
                </p>
            </blockquote>
        </figure>
    }
}
