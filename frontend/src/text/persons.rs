//! Sentences about everything that is held about one account, and its erasure.

use crate::text::{counted, number};
use rollcall_shared::person::{Kept, Removed};

/// Downloads everything.
pub const DOWNLOAD_HELD: &str = "Download everything held";
/// Asks for the erasure.
pub const ERASE: &str = "Erase…";
/// The erasure's dialog.
pub const ERASE_TITLE: &str = "Erase this account?";
/// What goes.
pub const ERASE_REMOVES: &str = "Removed: the account with its profile, its memberships, what it was sent, and whatever else names it: logged calls, events that were sent, requests and refusals of tasks that have ended, answers kept for repeated creations. Its clients are signed out.";
/// What stays.
pub const ERASE_KEEPS: &str = "Kept: the username with the time of this deletion, so that its old UserSigs stay void, and files of exports until they are removed, after seven days unless a schedule keeps them longer. The certificate lists what is kept and why.";
/// There is no way back.
pub const ERASE_FINAL: &str = "This cannot be undone.";
/// Why.
pub const REASON: &str = "Reason";
/// What to enter.
pub const REASON_HINT: &str = "Stands in the certificate. Do not name the person.";
/// The field that guards it.
pub const TYPE_USERNAME: &str = "Type the username to confirm";
/// Does it.
pub const ERASE_NOW: &str = "Erase";
/// It was done.
pub const ERASED_TITLE: &str = "The account was erased";
/// What to do with the certificate.
pub const ERASED_SUB: &str = "The certificate does not hold the username, only its SHA-256. It is listed in the application's settings, too.";
/// Downloads a certificate.
pub const DOWNLOAD_CERTIFICATE: &str = "Download certificate";
/// A fact of a certificate.
pub const CERTIFICATE: &str = "Certificate";
/// A fact of a certificate.
pub const USERNAME_HASH: &str = "SHA-256 of the username";
/// A fact of a certificate.
pub const REMOVED: &str = "Removed";
/// A fact of a certificate.
pub const KEPT: &str = "Kept";
/// A fact of a certificate.
pub const ERASED_BY: &str = "By";

/// The panel in the settings.
pub const ERASURES: &str = "Erasures";
/// The panel in the settings.
pub const ERASURES_INTRO: &str =
    "Accounts that were erased, newest first. Accounts are erased from their Edit dialog.";
/// No erasure.
pub const NO_ERASURES: &str = "No account was erased.";
/// Shows earlier ones.
pub const OLDER: &str = "Show older ones";
/// Column.
pub const COLUMN_TIME: &str = "Time";
/// Column.
pub const COLUMN_ROWS: &str = "Rows removed";

/// Rows of one table.
pub fn removed(removed: &Removed) -> String {
    format!("{}: {}", removed.table, counted(removed.rows, "row", "rows"))
}

/// What is left of one table.
pub fn kept(kept: &Kept) -> String {
    match kept.rows {
        Some(rows) => format!("{} ({}): {}", kept.table, number(rows), kept.why),
        None => format!("{}: {}", kept.table, kept.why),
    }
}

/// The label of a certificate's link in a list, with when it was.
pub fn download_certificate(id: &str) -> String {
    format!("Download certificate {id}")
}

/// What the file of a certificate is called.
pub fn certificate_file(id: &str) -> String {
    format!("erasure-{id}.json")
}
