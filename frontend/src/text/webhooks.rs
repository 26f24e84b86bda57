//! Sentences of an application's webhook.

use super::counted;
use rollcall_shared::webhook::{DeliveryState, WebhookAnswer, WebhookEvent};

/// The panel.
pub const TITLE: &str = "Webhook";
/// The panel.
pub const INTRO: &str =
    "Tells a server of yours what happens to the accounts, in the order in which it happens.";
/// Where.
pub const URL: &str = "Address";
/// Where.
pub const URL_HINT: &str = "Begins with https:// or http://";
/// The token.
pub const TOKEN: &str = "Token";
/// The token.
pub const TOKEN_NONE: &str = "Signs each request, so that your server can tell it from others.";
/// The token.
pub const TOKEN_KEPT: &str = "There is one. Leave empty to keep it.";
/// Takes it away.
pub const TOKEN_REMOVE: &str = "Send without a token";
/// What.
pub const EVENTS: &str = "Events";
/// Saves.
pub const SAVE: &str = "Save webhook";
/// It was saved.
pub const SAVED: &str = "Webhook saved.";
/// Sends a test.
pub const TEST: &str = "Send test";
/// Removes it.
pub const REMOVE: &str = "Remove webhook";
/// Before it is removed.
pub const REMOVE_BODY: &str = "Nothing is told any more, and events that wait are forgotten.";
/// It was removed.
pub const REMOVED: &str = "Webhook removed.";
/// What was sent.
pub const DELIVERIES: &str = "Last deliveries";
/// Nothing was sent.
pub const NONE_YET: &str = "Nothing was sent yet. Create or edit an account, or send a test.";
/// Reads again.
pub const REFRESH: &str = "Refresh";
/// A column.
pub const COLUMN_EVENT: &str = "Event";
/// A column.
pub const COLUMN_TIME: &str = "Happened";
/// A column.
pub const COLUMN_STATE: &str = "State";
/// A column.
pub const COLUMN_ANSWER: &str = "Last answer";

/// An event.
pub const fn event(event: WebhookEvent) -> &'static str {
    match event {
        WebhookEvent::AccountsImported => "Accounts created",
        WebhookEvent::AccountsDeleted => "Accounts deleted",
        WebhookEvent::ProfileChanged => "Profile changed",
        WebhookEvent::StateChanged => "Client connected or left",
    }
}

/// Where a delivery stands.
pub fn state(state: DeliveryState, attempts: u32) -> String {
    let tries = counted(attempts.into(), "try", "tries");
    match state {
        DeliveryState::Waiting => format!("Waits, after {tries}"),
        DeliveryState::Delivered => "Delivered".to_owned(),
        DeliveryState::GivenUp => format!("Given up, after {tries}"),
    }
}

/// An answer.
pub fn answer(answer: &WebhookAnswer) -> String {
    match answer.status {
        0 => format!("No answer: {}", answer.text),
        status => format!("{status} in {} ms", answer.millis),
    }
}

/// A test that was taken.
pub fn test_taken(answer: &WebhookAnswer) -> String {
    format!("Your server took the test: {} in {} ms.", answer.status, answer.millis)
}

/// A test that was not taken.
pub fn test_failed(answer: &WebhookAnswer) -> String {
    match answer.status {
        0 => format!("The test did not arrive: {}.", answer.text),
        status => format!("Your server answered the test with {status}: {}", answer.text),
    }
}

/// How many events wait.
pub fn waiting(count: u32) -> String {
    let events = counted(count.into(), "event", "events");
    if count >= 10_000 { format!("At least {events} wait.") } else { format!("{events} to be sent.") }
}

/// When the next try is, before the instant.
pub const NEXT_TRY: &str = "Next try:";
