//! The upload of an import's file: part after part, with its progress; it pauses, tries again by itself, and goes on where it was,
//! also after the page was loaded anew, once the same file was chosen again.

use super::{
    drop_zone::DropZone,
    one::Discard,
    state::{One, is_passing},
};
use crate::{
    api::{self, ApiError},
    browser::{
        self,
        file::{self, File},
    },
    text::imports as t,
};
use futures::future::{AbortHandle, abortable};
use leptos::{ev, prelude::*};
use rollcall_shared::import::{Import, ImportState};

/// The id of the heading.
const TITLE_ID: &str = "import-upload";
/// How often in a row a part may fail before someone has to look.
const TRIES: u32 = 8;
/// The longest rest between two tries.
const REST_MAX_MS: u32 = 30_000;

/// Where the upload stands.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Phase {
    /// The file has to be chosen.
    Waiting,
    /// Parts are on their way.
    Running,
    /// The last part failed; another try follows.
    Retrying,
    /// It waits to be told to go on, and why.
    Paused(String),
}

impl Phase {
    const fn is_active(&self) -> bool {
        matches!(self, Self::Running | Self::Retrying)
    }
}

/// The upload on this page.
#[derive(Clone, Copy)]
struct Upload {
    one: One,
    phase: RwSignal<Phase>,
    /// Where it began on this page: bytes that were there, and when.
    began: StoredValue<(u64, i64)>,
    /// Ends the part that is on its way.
    abort: StoredValue<Option<AbortHandle>>,
}

impl Upload {
    /// Goes on with the file that is held, if one is.
    fn start(self) {
        let Some(file) = file::held(&self.one.id()) else { return };
        self.end();
        self.phase.set(Phase::Running);
        self.began.set_value((self.one.now.with_untracked(|now| now.received), browser::now_millis()));
        let (sending, abort) = abortable(self.send(file));
        self.abort.set_value(Some(abort));
        browser::spawn(async move {
            // Paused, or left: whoever did it has said so.
            let Ok(ended) = sending.await else { return };
            if let Err(error) = ended {
                self.phase.try_set(Phase::Paused(error));
            }
        });
    }

    /// Sends what is missing.
    ///
    /// # Errors
    /// Why it cannot go on by itself, in a sentence.
    async fn send(self, file: File) -> Result<(), String> {
        let mut failed = 0;
        loop {
            let Some(import) = self.one.now.try_get_untracked() else { return Ok(()) };
            if import.state != ImportState::Uploading {
                return Ok(());
            }
            match self.send_part(&import, &file).await {
                Ok(now) => {
                    failed = if now.received > import.received { 0 } else { failed + 1 };
                    self.one.show(now);
                    self.phase.try_set(Phase::Running);
                }
                Err(error) if is_passing(&error) => failed += 1,
                Err(error) => return Err(error.message()),
            }
            if failed >= TRIES {
                return Err(t::GAVE_UP.to_owned());
            }
            if failed > 0 {
                self.phase.try_set(Phase::Retrying);
                browser::sleep(rest_after(failed)).await;
            }
        }
    }

    /// Sends the next part. One that is not what the server waits for tells what has arrived meanwhile, perhaps from another page.
    async fn send_part(self, import: &Import, file: &File) -> Result<Import, ApiError> {
        match api::put_import_part(self.one.app, import, file).await {
            Err(error) if error.status() == 409 => api::import(self.one.app, &import.id).await,
            answer => answer,
        }
    }

    /// Ends the part that is on its way.
    fn end(self) {
        if let Some(abort) = self.abort.try_get_value().flatten() {
            abort.abort();
        }
    }

    fn pause(self) {
        self.end();
        self.phase.set(Phase::Paused(t::PAUSED.to_owned()));
    }

    /// How far it is, and how long the rest may take.
    fn far(self) -> String {
        let (received, bytes) = self.one.now.with(|now| (now.received, now.bytes));
        let far = t::uploaded(received, bytes);
        match self.seconds_left(received, bytes) {
            Some(seconds) if self.phase.with(|phase| *phase == Phase::Running) => {
                format!("{far}, {}", t::time_left(seconds))
            }
            _ => far,
        }
    }

    fn seconds_left(self, received: u64, bytes: u64) -> Option<u64> {
        let (from, at) = self.began.get_value();
        let millis = u64::try_from(browser::now_millis() - at).ok()?;
        let rest = bytes.saturating_sub(received);
        millis.saturating_mul(rest).checked_div(received.saturating_sub(from)).map(|left| left / 1000)
    }
}

/// How long to rest after so many failures in a row: 1, 2, 4 seconds and so on.
fn rest_after(failed: u32) -> u32 {
    (1_000 << failed.saturating_sub(1).min(5)).min(REST_MAX_MS)
}

/// The step.
#[component]
pub fn Uploading() -> impl IntoView {
    let one = One::get();
    let upload = Upload {
        one,
        phase: RwSignal::new(if file::held(&one.id()).is_some() { Phase::Running } else { Phase::Waiting }),
        began: StoredValue::new((0, 0)),
        abort: StoredValue::new(None),
    };
    one.focus_step(TITLE_ID);
    Effect::new(move |_| upload.start());
    on_cleanup(move || upload.end());
    warn_before_unload(upload);
    let waiting = Memo::new(move |_| upload.phase.with(|phase| *phase == Phase::Waiting));
    view! {
        <section class="panel wide" aria-labelledby=TITLE_ID>
            <h2 id=TITLE_ID tabindex="-1">{t::UPLOAD}</h2>
            <progress
                aria-labelledby=TITLE_ID
                max=move || one.now.with(|now| now.bytes.max(1))
                value=move || one.now.with(|now| now.received)
            ></progress>
            <p class="num muted" role="status">{move || upload.far()}</p>
            <Show when=move || waiting.get() fallback=move || view! { <Controls upload /> }>
                <ChooseAgain upload />
            </Show>
        </section>
    }
}

/// Pauses, or goes on.
#[component]
fn Controls(upload: Upload) -> impl IntoView {
    let active = Memo::new(move |_| upload.phase.with(Phase::is_active));
    let said = move || match upload.phase.get() {
        Phase::Retrying => t::NO_ANSWER.to_owned(),
        Phase::Paused(why) => why,
        _ => t::UPLOAD_STAYS.to_owned(),
    };
    // One button with two labels, so that the focus stays on it.
    let press = move |_| if active.get_untracked() { upload.pause() } else { upload.start() };
    view! {
        <p role="status">{said}</p>
        <div class="bar">
            <button type="button" class="btn" class:primary=move || !active.get() on:click=press>
                {move || if active.get() { t::PAUSE } else { t::GO_ON }}
            </button>
            <Discard applied=false />
        </div>
    }
}

/// Takes the same file once more.
#[component]
fn ChooseAgain(upload: Upload) -> impl IntoView {
    let error = RwSignal::new(None);
    let take = Callback::new(move |file: File| {
        let (id, name, bytes) =
            upload.one.now.with_untracked(|now| (now.id.clone(), now.file_name.clone(), now.bytes));
        if file.name != name || file.bytes != bytes {
            return error.set(Some(t::another_file(&name, bytes)));
        }
        error.set(None);
        file::hold(&id, file);
        upload.start();
        // The input is gone with this.
        browser::focus(TITLE_ID);
    });
    view! {
        <p>{t::CHOOSE_AGAIN}</p>
        <DropZone label=t::DROP_AGAIN hint=upload.one.now.with_untracked(|now| now.file_name.clone()) error take />
        <div class="bar"><Discard applied=false /></div>
    }
}

/// Closing the tab or loading another page while parts are on their way asks first, in the browser's own words.
fn warn_before_unload(upload: Upload) {
    Effect::new(move |_| {
        let handle = window_event_listener(ev::beforeunload, move |event| {
            if upload.phase.try_with_untracked(Phase::is_active) == Some(true) {
                event.prevent_default();
            }
        });
        on_cleanup(move || handle.remove());
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rests_grow_to_half_a_minute() {
        assert_eq!([1, 2, 5, 6, 8, 40].map(rest_after), [1_000, 2_000, 16_000, 30_000, 30_000, 30_000]);
    }
}
