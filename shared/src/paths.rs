//! The one builder of API paths, for clients and for tests of the server's routes.

use crate::{
    app::SdkAppId,
    import::ChangeKind,
    list::{AccountFilter, ListQuery},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

/// Where the API begins.
pub const API: &str = "/api/v1";

/// What must not stand bare in a path segment.
const SEGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'/')
    .add(b'\\')
    .add(b'^')
    .add(b'|')
    .add(b'[')
    .add(b']')
    .add(b'+')
    .add(b'&')
    .add(b'=')
    .add(b';');

/// A user ID as one segment of a path. `.`, `..` and IDs that begin with `~` would be normalised or mistaken,
/// so they travel as `~` and base64url.
///
/// ```
/// use rollcall_shared::paths::{decode_user_id, encode_user_id};
/// assert_eq!(encode_user_id("a/b?c#d"), "a%2Fb%3Fc%23d");
/// assert_eq!(encode_user_id(".."), "~Li4");
/// for id in ["batch", "a/b", "a?b#c", " x ", ".", "..", "~x", "100%"] {
///     assert_eq!(decode_user_id(&encode_user_id(id)).as_deref(), Some(id));
/// }
/// ```
pub fn encode_user_id(user_id: &str) -> String {
    if user_id == "." || user_id == ".." || user_id.starts_with('~') {
        return format!("~{}", URL_SAFE_NO_PAD.encode(user_id));
    }
    utf8_percent_encode(user_id, SEGMENT).to_string()
}

/// The user ID of a path segment; `None` when the segment is no encoding of one.
pub fn decode_user_id(segment: &str) -> Option<String> {
    let decoded = percent_decode_str(segment).decode_utf8().ok()?;
    from_decoded_segment(&decoded)
}

/// The same for a segment whose percent-encoding a router has already taken away.
pub fn from_decoded_segment(decoded: &str) -> Option<String> {
    match decoded.strip_prefix('~') {
        Some(rest) => String::from_utf8(URL_SAFE_NO_PAD.decode(rest).ok()?).ok(),
        None => Some(decoded.to_owned()),
    }
}

/// The session.
pub fn session() -> String {
    format!("{API}/session")
}

/// The operator's sessions.
pub fn sessions() -> String {
    format!("{API}/sessions")
}

/// One of them.
pub fn session_by_id(id: i64) -> String {
    format!("{API}/sessions/{id}")
}

/// The operator's password.
pub fn password() -> String {
    format!("{API}/password")
}

/// The first use of a one-time link.
pub fn setup() -> String {
    format!("{API}/setup")
}

/// All applications.
pub fn apps() -> String {
    format!("{API}/apps")
}

/// One application.
pub fn app(app: SdkAppId) -> String {
    format!("{API}/apps/{app}")
}

/// Shows its secret key.
pub fn secret_key_reveal(app: SdkAppId) -> String {
    format!("{API}/apps/{app}/secret-key/reveal")
}

/// Makes a new secret key.
pub fn secret_key_rotate(app: SdkAppId) -> String {
    format!("{API}/apps/{app}/secret-key/rotate")
}

/// Makes a UserSig with its key.
pub fn usersigs(app: SdkAppId) -> String {
    format!("{API}/apps/{app}/usersigs")
}

/// Checks one.
pub fn usersig_checks(app: SdkAppId) -> String {
    format!("{API}/apps/{app}/usersig-checks")
}

/// Its deletion restriction.
pub fn deletion_restriction(app: SdkAppId) -> String {
    format!("{API}/apps/{app}/deletion-restriction")
}

/// How many calls of the server API it takes.
pub fn call_limits(app: SdkAppId) -> String {
    format!("{API}/apps/{app}/call-limits")
}

/// Its webhook.
pub fn webhook(app: SdkAppId) -> String {
    format!("{API}/apps/{app}/webhook")
}

/// What became of the events that its webhook was told.
pub fn webhook_deliveries(app: SdkAppId) -> String {
    format!("{API}/apps/{app}/webhook-deliveries")
}

/// Tests its webhook.
pub fn webhook_tests(app: SdkAppId) -> String {
    format!("{API}/apps/{app}/webhook-tests")
}

/// Calls of the server API that pass a filter, as [`crate::api_call::CallFilter`] spells it.
pub fn api_calls(app: SdkAppId, show: &str) -> String {
    format!("{API}/apps/{app}/api-calls?show={show}")
}

/// Its tokens.
pub fn tokens(app: SdkAppId) -> String {
    format!("{API}/apps/{app}/tokens")
}

/// One of its tokens.
pub fn token(app: SdkAppId, id: i64) -> String {
    format!("{API}/apps/{app}/tokens/{id}")
}

/// Its accounts.
pub fn accounts(app: SdkAppId) -> String {
    format!("{API}/apps/{app}/accounts")
}

/// A page of its accounts.
pub fn account_list(app: SdkAppId, query: &ListQuery) -> String {
    let text = query.to_query_string();
    if text.is_empty() { accounts(app) } else { format!("{}?{text}", accounts(app)) }
}

/// What a search that found nothing may have meant.
pub fn account_suggestions(app: SdkAppId, filter: &AccountFilter) -> String {
    let query = ListQuery { filter: filter.clone(), ..ListQuery::default() };
    format!("{API}/apps/{app}/account-suggestions?{}", query.to_query_string())
}

/// One account.
pub fn account(app: SdkAppId, user_id: &str) -> String {
    format!("{API}/apps/{app}/accounts/{}", encode_user_id(user_id))
}

/// Its groups.
pub fn groups(app: SdkAppId) -> String {
    format!("{API}/apps/{app}/groups")
}

/// One of its groups.
pub fn group(app: SdkAppId, group_id: &str) -> String {
    format!("{API}/apps/{app}/groups/{}", encode_user_id(group_id))
}

/// The members of a group.
pub fn group_members(app: SdkAppId, group_id: &str) -> String {
    format!("{}/members", group(app, group_id))
}

/// Its pushes to all members.
pub fn pushes(app: SdkAppId) -> String {
    format!("{API}/apps/{app}/pushes")
}

/// One of its pushes.
pub fn push(app: SdkAppId, task_id: &str) -> String {
    format!("{API}/apps/{app}/pushes/{task_id}")
}

/// Makes an account an admin.
pub fn set_admin(app: SdkAppId, user_id: &str) -> String {
    format!("{}/set-admin", account(app, user_id))
}

/// Makes an account a general one again.
pub fn cancel_admin(app: SdkAppId, user_id: &str) -> String {
    format!("{}/cancel-admin", account(app, user_id))
}

/// Batch creation.
pub fn account_batches(app: SdkAppId) -> String {
    format!("{API}/apps/{app}/account-batches")
}

/// Deletion of a selection.
pub fn account_deletions(app: SdkAppId) -> String {
    format!("{API}/apps/{app}/account-deletions")
}

/// Edits of a selection.
pub fn account_edits(app: SdkAppId) -> String {
    format!("{API}/apps/{app}/account-edits")
}

/// Everything held about an account.
pub fn account_bundles(app: SdkAppId) -> String {
    format!("{API}/apps/{app}/account-bundles")
}

/// Erasure of an account with everything that names it.
pub fn account_erasures(app: SdkAppId) -> String {
    format!("{API}/apps/{app}/account-erasures")
}

/// Certificates of erasures.
pub fn erasures(app: SdkAppId) -> String {
    format!("{API}/apps/{app}/erasures")
}

/// One of them.
pub fn erasure(app: SdkAppId, id: &str) -> String {
    format!("{API}/apps/{app}/erasures/{id}")
}

/// Checks a certificate.
pub fn erasure_verifications(app: SdkAppId) -> String {
    format!("{API}/apps/{app}/erasure-verifications")
}

/// Exports.
pub fn exports(app: SdkAppId) -> String {
    format!("{API}/apps/{app}/exports")
}

/// The file of an export.
pub fn export_file(app: SdkAppId, id: &str) -> String {
    format!("{API}/apps/{app}/exports/{id}/file")
}

/// Imports.
pub fn imports(app: SdkAppId) -> String {
    format!("{API}/apps/{app}/imports")
}

/// One import.
pub fn import(app: SdkAppId, id: &str) -> String {
    format!("{API}/apps/{app}/imports/{id}")
}

/// A part of its file, from 0.
pub fn import_part(app: SdkAppId, id: &str, part: u64) -> String {
    format!("{API}/apps/{app}/imports/{id}/parts/{part}")
}

/// How its file is read.
pub fn import_reading(app: SdkAppId, id: &str) -> String {
    format!("{API}/apps/{app}/imports/{id}/reading")
}

/// Finds out what it would do.
pub fn import_review(app: SdkAppId, id: &str) -> String {
    format!("{API}/apps/{app}/imports/{id}/review")
}

/// Does what was reviewed.
pub fn import_apply(app: SdkAppId, id: &str) -> String {
    format!("{API}/apps/{app}/imports/{id}/apply")
}

/// Takes it back.
pub fn import_undo(app: SdkAppId, id: &str) -> String {
    format!("{API}/apps/{app}/imports/{id}/undo")
}

/// A page of the rows that it refuses.
pub fn import_refused(app: SdkAppId, id: &str, offset: u64, limit: u32) -> String {
    format!("{API}/apps/{app}/imports/{id}/refused?offset={offset}&limit={limit}")
}

/// The rows that it refuses, as a file.
pub fn import_refused_file(app: SdkAppId, id: &str) -> String {
    format!("{API}/apps/{app}/imports/{id}/refused.csv")
}

/// A page of what it would do to accounts.
pub fn import_changes(app: SdkAppId, id: &str, kind: ChangeKind, offset: u64, limit: u32) -> String {
    format!("{API}/apps/{app}/imports/{id}/changes?kind={kind}&offset={offset}&limit={limit}")
}

/// An empty table with every column that an import can have.
pub fn import_template(app: SdkAppId) -> String {
    format!("{API}/apps/{app}/import-template.csv")
}

/// What is proven of the file of an export.
pub fn export_manifest(app: SdkAppId, id: &str) -> String {
    format!("{API}/apps/{app}/exports/{id}/manifest")
}

/// Small exports, answered at once.
pub fn export_streams(app: SdkAppId) -> String {
    format!("{API}/apps/{app}/export-streams")
}

/// Exports that are made again and again.
pub fn export_schedules(app: SdkAppId) -> String {
    format!("{API}/apps/{app}/export-schedules")
}

/// One of them.
pub fn export_schedule(app: SdkAppId, id: i64) -> String {
    format!("{API}/apps/{app}/export-schedules/{id}")
}

/// Runs one of them now.
pub fn export_schedule_run(app: SdkAppId, id: i64) -> String {
    format!("{API}/apps/{app}/export-schedules/{id}/run")
}

/// When the coming runs of a calendar are.
pub fn export_calendar_checks(app: SdkAppId) -> String {
    format!("{API}/apps/{app}/export-calendar-checks")
}

/// Jobs.
pub fn jobs(app: SdkAppId) -> String {
    format!("{API}/apps/{app}/jobs")
}

/// One job.
pub fn job(app: SdkAppId, id: &str) -> String {
    format!("{API}/apps/{app}/jobs/{id}")
}

/// What it refused, as a file.
pub fn job_refused_file(app: SdkAppId, id: &str) -> String {
    format!("{API}/apps/{app}/jobs/{id}/refused.csv")
}

/// Server-sent events of an application.
pub fn events(app: SdkAppId) -> String {
    format!("{API}/apps/{app}/events")
}
