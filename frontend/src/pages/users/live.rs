//! A list that stays current: what others change shows by itself, while the page is seen and nobody is in the middle of
//! something. The server tells which accounts changed; here it only says that the rows may be old.

use super::state::Users;

/// Reads the list again after changes that others made.
pub fn watch(users: Users) {
    #[cfg(target_arch = "wasm32")]
    browser::watch(users);
    #[cfg(not(target_arch = "wasm32"))]
    let _ = users;
}

#[cfg(target_arch = "wasm32")]
mod browser {
    use super::Users;
    use crate::browser::sleep;
    use gloo::events::EventListener;
    use leptos::prelude::*;
    use rollcall_shared::paths;
    use send_wrapper::SendWrapper;
    use wasm_bindgen::JsCast;
    use web_sys::{Event, EventSource, MessageEvent};

    /// How long changes are gathered, so that an import does not make the rows flicker.
    const GATHER_MS: u32 = 1_000;
    /// Jobs that change accounts, and how they end, as their JSON has it.
    const KINDS: [&str; 2] = ["\"kind\":\"deletion\"", "\"kind\":\"edit\""];
    const ENDS: [&str; 3] = ["\"state\":\"done\"", "\"state\":\"failed\"", "\"state\":\"cancelled\""];
    /// How long to wait before a server that refused is asked again.
    const RETRY_MS: u32 = 5_000;

    pub fn watch(users: Users) {
        let seen = RwSignal::new(!document().hidden());
        let listener = EventListener::new(&document(), "visibilitychange", move |_| {
            seen.try_set(!document().hidden());
        });
        on_cleanup({
            let listener = SendWrapper::new(listener);
            move || drop(listener)
        });
        let refused = RwSignal::new(0_u32);
        // A browser has few connections for one server, and pages that nobody sees need none.
        Effect::new(move |before: Option<()>| {
            refused.track();
            let (Some(app), true) = (users.app.get(), seen.get()) else { return };
            if before.is_some() {
                outdated(users);
            }
            listen(users, &paths::events(app), refused);
        });
    }

    /// Listens until the effect that asked for it runs again.
    fn listen(users: Users, url: &str, refused: RwSignal<u32>) {
        let Ok(source) = EventSource::new(url) else { return };
        let changed = EventListener::new(&source, "account", move |_| outdated(users));
        let worked = EventListener::new(&source, "job", move |event| {
            if has_changed_accounts(event) {
                outdated(users);
            }
        });
        // A connection that breaks is made again by the browser; a refusal is for good.
        let asked = source.clone();
        let failed = EventListener::new(&source, "error", move |_| {
            if asked.ready_state() == EventSource::CLOSED {
                crate::browser::spawn(async move {
                    sleep(RETRY_MS).await;
                    refused.try_update(|refused| *refused += 1);
                });
            }
        });
        let open = SendWrapper::new((source, changed, worked, failed));
        on_cleanup(move || open.0.close());
    }

    /// Whether the event tells of the end of a job that changes accounts: it changed more than could be named. Told by the text of
    /// the two members, because a parser of jobs would be 5 kB more for every first visit; a mistake only reads the rows once more.
    fn has_changed_accounts(event: &Event) -> bool {
        let data = event.dyn_ref::<MessageEvent>().and_then(|message| message.data().as_string());
        let has = |text: &str, all: &[&str]| all.iter().any(|member| text.contains(member));
        data.is_some_and(|text| has(&text, &KINDS) && has(&text, &ENDS))
    }

    /// Reads the rows again soon, unless that happens anyway.
    fn outdated(users: Users) {
        if users.outdated.try_update_value(|outdated| std::mem::replace(outdated, true)) != Some(false) {
            return;
        }
        crate::browser::spawn(async move {
            loop {
                sleep(GATHER_MS).await;
                match users.outdated.try_get_value() {
                    Some(true) if users.is_busy() => {}
                    Some(true) => return users.refresh(),
                    _ => return,
                }
            }
        });
    }
}
