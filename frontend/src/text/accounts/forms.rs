//! The forms: create, edit, and the comparison of two edits.

use crate::text::{counted, number};

/// Account Type.
pub const ACCOUNT_TYPE: &str = "Account Type";
/// What a general account is.
pub const GENERAL_HELP: &str = "A user of the application.";
/// What an admin may do.
pub const ADMIN_HELP: &str = "Has the highest level of management permission: may call the RESTful APIs, for example to create or disband a group and to send messages to all members.";
/// Username.
pub const USERNAME: &str = "Username";
/// The rule of usernames.
pub const USERNAME_HINT: &str = "1 to 32 bytes: letters, digits and _ - . @. It cannot be changed later.";
/// It is in use.
pub const USERNAME_TAKEN: &str = "This username is taken.";
/// The rule of photos.
pub const PHOTO_HINT: &str = "The URL of a picture, https:// or http://.";
/// The preview.
pub const PHOTO_PREVIEW: &str = "Preview of the profile photo";
/// The preview did not load.
pub const PHOTO_BROKEN: &str = "No picture was found at this URL. It can be saved all the same.";
/// Shows the account that was created.
pub const SHOW_IN_LIST: &str = "Show in list";

/// The form of an account.
pub const EDIT_TITLE: &str = "Edit account";
/// Below its title.
pub const EDIT_SUB: &str = "Changes reach clients within seconds.";
/// A birth date that is no date.
pub const CHOOSE_A_DATE: &str = "Choose a date.";
/// Empties the birth date.
pub const CLEAR_DATE: &str = "Remove";
/// Messages.
pub const RECEIVES: &str = "Receive messages";
/// Messages.
pub const RECEIVES_NOT: &str = "Do not receive messages";
/// Nothing typed.
pub const NO_CHANGES: &str = "No changes";
/// Takes an edit back.
pub const UNDO: &str = "Undo";
/// It was taken back.
pub const UNDONE: &str = "The edit was undone.";
/// It cannot be taken back.
pub const UNDO_TOO_LATE: &str = "The account was changed again since; the edit was not undone.";
/// Unsaved.
pub const DISCARD_TITLE: &str = "Leave without saving?";
/// Unsaved.
pub const DISCARD_BODY: &str = "What you typed is not saved yet.";
/// Unsaved.
pub const DISCARD: &str = "Discard changes";
/// Someone else was faster.
pub const CONFLICT_TITLE: &str = "This account was changed meanwhile";
/// Someone else was faster.
pub const CONFLICT_SUB: &str = "Nothing is saved yet. Choose for each field which value to keep.";
/// It is another one now.
pub const CONFLICT_ANOTHER: &str =
    "The account was deleted and created again: this is a new account under the same username.";
/// A column of the comparison.
pub const FIELD: &str = "Field";
/// A column of the comparison.
pub const MINE: &str = "Yours";
/// A column of the comparison.
pub const THEIRS: &str = "Saved by someone else";
/// Chooses a column.
pub const KEEP_MINE: &str = "Keep all of yours";
/// Chooses a column.
pub const KEEP_THEIRS: &str = "Keep all of theirs";
/// The other version stays.
pub const KEPT_THEIRS: &str = "The version saved by someone else stays.";
/// The account is gone.
pub const GONE: &str = "This account does not exist any more; it was deleted meanwhile.";

/// Too large a number, or none.
pub fn whole_number(max: u32) -> String {
    format!("A whole number from 0 to {}.", number(max))
}

/// A birth date that is kept as it is.
pub fn stored_as(text: &str) -> String {
    format!("Stored as {text}, which is no date. It stays until you choose one.")
}

/// The number of fields that are wrong.
pub fn to_correct(fields: usize) -> String {
    format!("{} to correct", counted(fields as u64, "field", "fields"))
}

/// The number of fields that will be saved.
pub fn changed(fields: usize) -> String {
    format!("{} changed", counted(fields as u64, "field", "fields"))
}

/// The number of fields that wait for a choice.
pub fn to_choose(fields: usize) -> String {
    format!("{} to choose", counted(fields as u64, "field", "fields"))
}

/// Created.
pub fn created_account(user_id: &str) -> String {
    format!("{user_id} was created.")
}

/// Saved.
pub fn saved(user_id: &str) -> String {
    format!("{user_id} was saved.")
}

/// A choice of the comparison, for screen readers.
pub fn keep(field: &str, side: &str) -> String {
    format!("{field}: {side}")
}
