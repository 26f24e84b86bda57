//! Sentences of an application's settings and tasks.

use super::{counted, number};

/// General.
pub const GENERAL: &str = "General";
/// Saves.
pub const SAVE: &str = "Save";
/// It was saved.
pub const SAVED: &str = "Settings saved.";
/// Someone was faster.
pub const CHANGED_MEANWHILE: &str =
    "Someone else changed these settings meanwhile. What you changed is kept; check and save again.";
/// Someone was faster, with the name.
pub fn name_meanwhile(theirs: &str) -> String {
    format!("Someone else saved the name “{theirs}” meanwhile. Save again to replace it with yours.")
}
/// Name.
pub const NAME: &str = "Name";
/// The default of new accounts.
pub const FRIEND_DEFAULT: &str = "Friend Request Verification of new accounts";
/// Reuse.
pub const REUSE: &str = "A deleted username can be used again";
/// Reuse.
pub const REUSE_AT_ONCE: &str = "At once";
/// Reuse.
pub const REUSE_90: &str = "After 90 days";

/// Custom fields.
pub const CUSTOM_FIELDS: &str = "Custom fields";
/// Custom fields.
pub const CUSTOM_FIELDS_INTRO: &str = "Texts that this application keeps in each profile, beside the usual ones: in the form of an account, in the list and in exports. Programs call them Tag_Profile_Custom_ and the name.";
/// There are none.
pub const NO_CUSTOM_FIELDS: &str = "No custom fields yet.";
/// There is no room for more.
pub const ALL_CUSTOM_FIELDS: &str = "These are all 20 that an application can have.";
/// Column.
pub const COLUMN_READABLE: &str = "Server API reads";
/// Column.
pub const COLUMN_WRITABLE: &str = "Server API writes";
/// A new one.
pub const NEW_CUSTOM_FIELD: &str = "Name of a new field";
/// A new one.
pub const NEW_CUSTOM_FIELD_HINT: &str =
    "1 to 8 letters. It can be neither renamed nor removed once it is added.";
/// Adds it.
pub const ADD_FIELD: &str = "Add field";
/// Someone was faster.
pub const LOOK_AGAIN: &str =
    "Someone else changed the settings meanwhile. Nothing was overwritten; look at them and try again.";
/// A right.
pub fn may_read(field: &str) -> String {
    format!("Server API reads {field}")
}
/// A right.
pub fn may_write(field: &str) -> String {
    format!("Server API writes {field}")
}
/// It was added.
pub fn custom_field_added(field: &str) -> String {
    format!("The custom field {field} was added.")
}

/// Secret key.
pub const SECRET_KEY: &str = "Secret key";
/// Secret key.
pub const SECRET_KEY_INTRO: &str =
    "Signs UserSigs. Whoever has it can act as any account of this application.";
/// Secret key.
pub const REVEAL: &str = "Show";
/// Secret key.
pub const HIDE: &str = "Hide";
/// Secret key.
pub const ROTATE: &str = "Rotate";
/// Secret key.
pub const ROTATE_TITLE: &str = "Rotate the secret key?";
/// Secret key.
pub const ROTATE_BODY: &str = "Every UserSig made with the present key stops working at once. Servers that make UserSigs need the new key.";
/// Secret key.
pub const ROTATED: &str = "The secret key was rotated.";
/// Secret key, hidden.
pub const HIDDEN: &str = "••••••••••••••••••••••••••••••••";

/// Calls of the server API.
pub const CALL_LIMITS: &str = "Server API calls";
/// Calls of the server API.
pub const CALL_LIMITS_INTRO: &str =
    "How many calls this application takes. Calls beyond are answered with code 60007, pushes with 90047.";
/// Calls of the server API.
pub const LIMIT_BULK: &str = "Calls a second on many accounts";
/// Calls of the server API.
pub const LIMIT_OTHER: &str = "Other calls a second";
/// Calls of the server API.
pub const LIMIT_PUSHES: &str = "Pushes to all members in 24 hours";
/// Calls of the server API.
pub const LIMIT_HINT: &str = "0 is any number.";
/// Calls of the server API.
pub const SAVE_LIMITS: &str = "Save limits";

/// Deletion restriction.
pub const RESTRICTION: &str = "Account deletion";
/// Deletion restriction.
pub const RESTRICTION_ON: &str = "Not permitted. This is the default and protects against mistakes.";
/// Deletion restriction.
pub const RESTRICTION_OFF: &str =
    "Permitted. Operators and programs can delete accounts of this application.";
/// Deletion restriction.
pub const LIFT: &str = "Permit deletion";
/// Deletion restriction.
pub const PUT_BACK: &str = "Put the restriction back";
/// Deletion restriction.
pub const LIFT_TITLE: &str = "Permit account deletion?";
/// Deletion restriction.
pub const LIFT_BODY: &str = "Operators and programs will be able to delete accounts of this application, one by one or in batches. A deleted account's data cannot be recovered.";

/// Tokens.
pub const TOKENS: &str = "API tokens";
/// Tokens.
pub const TOKENS_INTRO: &str = "For programs that call the REST API of this application.";
/// Tokens.
pub const NO_TOKENS: &str = "No tokens yet.";
/// Tokens.
pub const CREATE_TOKEN: &str = "Create token";
/// Tokens.
pub const TOKEN_NAME: &str = "What it is for";
/// Tokens.
pub const TOKEN_ACCESS: &str = "Access";
/// Tokens.
pub const ACCESS_READ: &str = "Read";
/// Tokens.
pub const ACCESS_WRITE: &str = "Read and write";
/// Tokens.
pub const TOKEN_DAYS: &str = "Days until it expires";
/// Tokens.
pub const TOKEN_DAYS_RULE: &str = "A number from 1 to 730.";
/// Tokens.
pub const TOKEN_ONCE: &str = "Copy it now: it is shown only this once.";
/// Tokens.
pub const TOKEN_READY: &str = "Token created";
/// Tokens.
pub const TOKEN_REVOKED: &str = "Token revoked.";
/// Tokens.
pub const REVOKE: &str = "Revoke";
/// Column.
pub const COLUMN_EXPIRES: &str = "Expires";
/// Column.
pub const COLUMN_LAST_USED: &str = "Last used";
/// Never used.
pub const NEVER: &str = "Never";

/// Danger zone.
pub const STATUS: &str = "Status";
/// Disable.
pub const DISABLE: &str = "Disable application";
/// Enable.
pub const ENABLE: &str = "Enable application";
/// Disabled.
pub const DISABLED_INTRO: &str = "A disabled application can be read and exported; nothing else.";
/// Deletion.
pub const DELETE_APP: &str = "Delete application";
/// Deletion.
pub const DELETE_APP_INTRO: &str =
    "Removes the application with all its accounts. Its SDKAppID is never used again.";
/// Deletion.
pub const TYPE_NAME: &str = "Type the application's name to confirm";
/// Deletion.
pub const APP_DELETED: &str = "The application was deleted; its rows are being removed.";

/// Tasks.
pub const TASKS: &str = "Tasks";
/// Tasks.
pub const TASKS_INTRO: &str = "Exports, imports, and what is done to all that match, newest first.";
/// Tasks.
pub const NO_TASKS: &str = "No tasks yet";
/// Tasks.
pub const NO_TASKS_BODY: &str =
    "Exports, imports, and what is done to all that match appear here with their progress.";
/// Column.
pub const COLUMN_TASK: &str = "Task";
/// Column.
pub const COLUMN_STATE: &str = "State";
/// Column.
pub const COLUMN_PROGRESS: &str = "Progress";
/// Column.
pub const COLUMN_STARTED: &str = "Asked for";
/// Download.
pub const DOWNLOAD: &str = "Download";
/// Operation.
pub const OPERATION: &str = "Operation";

/// What will go.
pub fn delete_app_body(name: &str, accounts: u64) -> String {
    let accounts = counted(accounts, "account", "accounts");
    format!("{name} and its {accounts} will be removed. This cannot be undone.")
}

/// The label of a token's button.
pub fn revoke_token(name: &str) -> String {
    format!("Revoke {name}")
}

/// A job's kind.
pub const fn job_kind(kind: rollcall_shared::job::JobKind) -> &'static str {
    use rollcall_shared::job::JobKind;
    match kind {
        JobKind::Export => "Export",
        JobKind::Deletion => "Deletion",
        JobKind::Edit => "Edit",
        JobKind::Import => "Import",
        JobKind::AppDeletion => "Application deletion",
    }
}

/// The link to what a job refused.
pub fn refused(count: u64) -> String {
    format!("{} refused (CSV)", number(count))
}

/// A job's state.
pub const fn job_state(state: rollcall_shared::job::JobState) -> &'static str {
    use rollcall_shared::job::JobState;
    match state {
        JobState::Queued => "Queued",
        JobState::Running => "Running",
        JobState::Done => "Done",
        JobState::Failed => "Failed",
        JobState::Cancelled => "Cancelled",
    }
}
