//! Sentences of Chat > Push.

use super::counted;

/// The page.
pub const TITLE: &str = "Push";
/// The page.
pub const INTRO: &str = "A message to all members, at once to those whose clients are connected. Programs send pushes with im_push.";
/// The form.
pub const NEW: &str = "New push";
/// The text.
pub const MESSAGE: &str = "Message";
/// The text's rule.
pub const EMPTY: &str = "Enter a message.";
/// The text's rule.
pub const TOO_LONG: &str = "At most 10,000 bytes.";
/// How long it waits.
pub const LIFETIME: &str = "Members who are offline";
/// Seconds, and what they mean.
pub const LIFETIMES: [(&str, &str); 4] = [
    ("0", "Do not get it"),
    ("3600", "Get it when they connect within an hour"),
    ("86400", "Get it when they connect within a day"),
    ("604800", "Get it when they connect within a week"),
];
/// The preview.
pub const PREVIEW: &str = "Preview";
/// The preview of nothing.
pub const PREVIEW_EMPTY: &str = "What you type appears here.";
/// The button that asks.
pub const SEND_ASK: &str = "Send push…";
/// The button that sends.
pub const SEND: &str = "Send push";
/// In the question.
pub const NO_WAY_BACK: &str = "A push cannot be taken back.";
/// It was sent.
pub const ON_ITS_WAY: &str = "The push is on its way.";
/// Of a disabled application.
pub const DISABLED: &str = "This application is disabled. Enable it in Settings to send pushes.";

/// What was sent.
pub const SENT_TITLE: &str = "Sent pushes";
/// Nothing was.
pub const NONE: &str = "No pushes yet. What you send appears here with its figures.";
/// A column.
pub const FROM: &str = "From";
/// A column.
pub const RECEIVED: &str = "Received";
/// A column.
pub const SENT: &str = "Sent";
/// A column.
pub const MEMBERS: &str = "Members";
/// A column.
pub const AT: &str = "Time";
/// A column.
pub const UNTIL: &str = "Waits until";
/// Instead of a time.
pub const NOT_AT_ALL_SHORT: &str = "—";
/// Below the list.
pub const FIGURES: &str = "Sent: to how many members' clients. Received: how many of those have confirmed it. Members: how many there were.";

/// The question's title.
pub fn question(accounts: i64) -> String {
    format!("Send this to {}?", counted(accounts.unsigned_abs(), "member", "members"))
}
