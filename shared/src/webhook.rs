//! Webhooks: where the server tells of what happens to an application's accounts, which events it tells, and what
//! became of them. The form of the requests is in docs/chat-api.md.

use crate::{
    error::{FieldError, codes},
    profile::{UnknownValue, closed_set},
    time::Timestamp,
    validate,
};
use serde::{Deserialize, Serialize};

/// The most bytes of a webhook's URL.
pub const WEBHOOK_URL_MAX: usize = 500;
/// The most bytes of a webhook's token.
pub const WEBHOOK_TOKEN_MAX: usize = 128;
/// The most deliveries of each outcome that are kept to be shown.
pub const DELIVERIES_KEPT: u32 = 100;

closed_set! {
    /// What can be told.
    WebhookEvent {
        /// Accounts were created: by an import, in the console, or by a program.
        #[default]
        AccountsImported = 0 => "accounts_imported",
        /// Accounts were deleted.
        AccountsDeleted = 1 => "accounts_deleted",
        /// A profile was changed.
        ProfileChanged = 2 => "profile_changed",
        /// A client connected or left.
        StateChanged = 3 => "state_changed",
    }
}

impl WebhookEvent {
    /// The event's bit in a set of events.
    pub const fn bit(self) -> u32 {
        1 << self.code()
    }

    /// Its name on the wire, in the vendor's form.
    pub const fn command(self) -> &'static str {
        match self {
            Self::AccountsImported => "Account.CallbackImported",
            Self::AccountsDeleted => "Account.CallbackDeleted",
            Self::ProfileChanged => "Profile.CallbackPortraitSet",
            Self::StateChanged => "State.StateChange",
        }
    }
}

closed_set! {
    /// Where a delivery stands.
    DeliveryState {
        /// It waits, for its turn or to be tried again.
        #[default]
        Waiting = 0 => "waiting",
        /// The receiver took it.
        Delivered = 1 => "delivered",
        /// It was given up.
        GivenUp = 2 => "given_up",
    }
}

/// An application's webhook. Without one, `url` is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Webhook {
    /// Where events are sent, with `http://` or `https://`.
    pub url: String,
    /// Whether requests are signed with a token. The token itself is never shown.
    pub has_token: bool,
    /// What is told.
    pub events: Vec<WebhookEvent>,
}

/// A webhook to be set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WebhookSettings {
    /// Where to send events: an absolute URL of at most 500 bytes, without user, password or fragment.
    pub url: String,
    /// Signs requests; at most 128 bytes. Absent keeps the present one, empty removes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// What to tell; at least one.
    pub events: Vec<WebhookEvent>,
}

impl WebhookSettings {
    /// Everything that is wrong with them.
    pub fn errors(&self) -> Vec<FieldError> {
        let token = self.token.as_deref().and_then(|token| validate::text("token", token, WEBHOOK_TOKEN_MAX));
        let none = self.events.is_empty();
        let events = none.then(|| FieldError::new("events", codes::REQUIRED, "Choose at least one event."));
        [url_error(&self.url), token, events].into_iter().flatten().collect()
    }
}

fn url_error(url: &str) -> Option<FieldError> {
    let bad = |message| Some(FieldError::new("url", codes::INVALID, message));
    if url.is_empty() {
        return Some(FieldError::new("url", codes::REQUIRED, "Enter the address to send events to."));
    }
    if let Some(error) = validate::text("url", url, WEBHOOK_URL_MAX) {
        return Some(error);
    }
    let Some(rest) = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")) else {
        return bad("Enter an address that begins with http:// or https://.");
    };
    let host = rest.split(['/', '?']).next().unwrap_or_default();
    if host.is_empty() || rest.contains(|c: char| c.is_whitespace() || c == '\\') {
        return bad("Enter the whole address, without spaces.");
    }
    if host.contains('@') || url.contains('#') {
        return bad("Enter the address without user, password or fragment.");
    }
    None
}

/// An event that was sent at least once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WebhookDelivery {
    /// What happened.
    pub event: WebhookEvent,
    /// When it happened.
    pub created_at: Timestamp,
    /// Where it stands.
    pub state: DeliveryState,
    /// How often it was sent.
    pub attempts: u32,
    /// What came of the last try.
    pub last: WebhookAnswer,
    /// When that was.
    pub tried_at: Timestamp,
}

/// What came of one try.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WebhookAnswer {
    /// The HTTP status; 0 when there was no answer.
    pub status: u32,
    /// The beginning of the answer, or why there was none.
    pub text: String,
    /// How long it took, in milliseconds.
    pub millis: u32,
}

impl WebhookAnswer {
    /// Whether the receiver took it.
    pub const fn is_taken(&self) -> bool {
        self.status >= 200 && self.status < 300
    }
}

/// The newest events that were sent, and how many wait.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WebhookDeliveries {
    /// How many events wait, as counted up to 10,000.
    pub waiting: u32,
    /// When the next try is, if the receiver could not be reached.
    pub next_try_at: Option<Timestamp>,
    /// The newest, at most 100.
    pub items: Vec<WebhookDelivery>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(url: &str, token: Option<&str>, events: &[WebhookEvent]) -> Vec<String> {
        let settings =
            WebhookSettings { url: url.to_owned(), token: token.map(str::to_owned), events: events.to_vec() };
        settings.errors().into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn a_webhook_needs_an_absolute_address_and_an_event() {
        let one = [WebhookEvent::ProfileChanged];
        assert!(fields("https://example.org/hook?a=b", None, &one).is_empty());
        assert!(fields("http://[::1]:8080", Some(""), &one).is_empty());
        for bad in [
            "",
            "example.org",
            "ftp://example.org",
            "https://",
            "https:///x",
            "https://?",
            "https://a b",
            "https://u:p@example.org",
            "https://example.org/#x",
            "https://example.org\\x",
            &format!("https://{}", "x".repeat(WEBHOOK_URL_MAX)),
        ] {
            assert_eq!(fields(bad, None, &one), ["url"], "{bad}");
        }
        assert_eq!(fields("https://a.b", Some(&"t".repeat(129)), &[]), ["token", "events"]);
    }

    #[test]
    fn every_event_has_a_bit_of_its_own() {
        let bits: u32 = WebhookEvent::ALL.iter().map(|event| event.bit()).sum();
        assert_eq!(bits.count_ones() as usize, WebhookEvent::ALL.len());
    }
}
