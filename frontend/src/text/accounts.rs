//! Sentences of the accounts page: list, filters, forms, deletion and export. The labels that users of the
//! vendor's console know are kept word for word; a test lists them.

use super::{counted, number};
use crate::forms::{draft::Field, languages};
use rollcall_shared::{
    account::Account,
    job::Column,
    profile::{ADMINISTRATOR, ADMINS_MAX, AccountType, FriendVerification, Friending, Gender},
};

/// The page.
pub const TITLE: &str = "Account Management";
/// Below the title.
pub const SHARED_SYSTEM: &str = "Live and Chat share the same account system.";
/// Opens the form of a new account.
pub const CREATE: &str = "Create account";
/// Exports every account.
pub const EXPORT_ALL: &str = "Export all";

/// The list's name for screen readers.
pub const LIST: &str = "Accounts";
/// The search field's label.
pub const SEARCH: &str = "Search username or nickname";
/// The search button, for browsers without scripts.
pub const SEARCH_BUTTON: &str = "Search";
/// Filter chip.
pub const TYPE: &str = "Type";
/// Filter chip.
pub const CREATED: &str = "Created";
/// Filter chip.
pub const MORE_FILTERS: &str = "More filters";
/// First day of a range.
pub const FROM_DAY: &str = "From";
/// Last day of a range.
pub const TO_DAY: &str = "To, included";
/// Which days are meant.
pub const DAYS_ARE_UTC: &str = "Days are counted in UTC.";
/// Applies a filter, for browsers without scripts.
pub const APPLY: &str = "Apply";
/// The menu of columns.
pub const COLUMNS: &str = "Columns";
/// Column of links.
pub const OPERATION: &str = "Operation";
/// Opens the form of an account.
pub const EDIT: &str = "Edit";
/// Exports an account.
pub const EXPORT: &str = "Export";
/// Selects the rows that are shown.
pub const SELECT_PAGE: &str = "Select page";
/// Selects everything that matches.
pub const SELECT_ALL_MATCHING: &str = "Select all that match";
/// Unticks everything.
pub const CLEAR: &str = "Clear";
/// Exports the ticked accounts.
pub const BATCH_EXPORT: &str = "Batch Export";
/// Deletes the ticked accounts.
pub const BATCH_DELETE: &str = "Batch Delete";
/// Previous page.
pub const PREVIOUS: &str = "Previous";
/// Next page.
pub const NEXT: &str = "Next";
/// Page size.
pub const ROWS: &str = "Rows";
/// The pager's name for screen readers.
pub const PAGES: &str = "Pages";

/// Empty.
pub const NO_ACCOUNTS: &str = "No accounts yet";
/// Empty.
pub const NO_ACCOUNTS_BODY: &str = "Create the first one; users of Chat and Live sign in with it.";
/// Nothing matches.
pub const NO_MATCH: &str = "No account matches";
/// Nothing matches.
pub const NO_MATCH_BODY: &str = "Search looks at usernames and nicknames. Filters narrow it further.";
/// Takes the search text away.
pub const CLEAR_SEARCH: &str = "Clear search";
/// Takes everything away.
pub const CLEAR_SEARCH_AND_FILTERS: &str = "Clear search and filters";
/// Takes the filters away.
pub const CLEAR_FILTERS: &str = "Clear filters";
/// The search was cut short.
pub const INCOMPLETE: &str =
    "The search stopped at its limit; more accounts may match. Narrow it to see all.";
/// The application is disabled.
pub const APP_DISABLED: &str = "This application is disabled. Its accounts can be read and exported; enable it in its settings to change them.";

/// Why batch actions are off.
pub const REASON_NOTHING_TICKED: &str = "Tick accounts in the list first.";
/// Why Batch Delete is off.
pub const REASON_NOT_PERMITTED: &str = "Deletion is not permitted in this application.";
/// Why changes are off.
pub const REASON_DISABLED: &str = "The application is disabled.";
/// Why a batch is too large.
pub const REASON_TOO_MANY: &str =
    "At most 1,000 accounts can be ticked one by one; use Select all that match.";

/// The notice while deletion is not permitted, before its link.
pub const NOT_PERMITTED_BEFORE: &str = "Account deletion is not permitted in this application. ";
/// The notice's link.
pub const CLICK_HERE: &str = "Click here";
/// The notice while deletion is not permitted, after its link.
pub const NOT_PERMITTED_AFTER: &str = " to remove the restriction.";
/// The notice while deletion is permitted.
pub const PERMITTED: &str =
    "Account deletion is permitted in this application. Deleted accounts cannot be recovered.";
/// Its link.
pub const PUT_BACK: &str = "Put the restriction back";
/// The dialog that lifts it.
pub const LIFT_TITLE: &str = "Remove the deletion restriction?";
/// The risks.
pub const LIFT_RISKS: [&str; 3] = [
    "Operators of this application will be able to delete accounts, also many at once.",
    "A deleted account's data cannot be recovered: its profile, and what clients and servers keep under its username, lose their owner.",
    "You can put the restriction back at any time. That also stops deletions that are running.",
];
/// Lifted.
pub const LIFTED: &str = "Account deletion is permitted now.";
/// Put back.
pub const RESTRICTED: &str = "The deletion restriction is back.";

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

/// The confirmation.
pub const CANNOT_BE_UNDONE: &str = "A deleted account's data cannot be recovered. This cannot be undone.";
/// Its button.
pub const DELETE: &str = "Delete";
/// Deletion of many.
pub const DELETING: &str = "Deleting accounts";
/// Some were refused.
pub const DELETION_RESULT: &str = "Batch Delete";
/// The restriction came back, or another fault.
pub const DELETION_FAILED: &str = "The deletion stopped";
/// Asks a job to stop.
pub const STOP: &str = "Stop";
/// Where long work is listed.
pub const SEE_TASKS: &str = "It goes on when you close this; see Tasks.";
/// The reason column.
pub const REASON: &str = "Reason";

/// The export's dialog.
pub const EXPORT_TITLE: &str = "Export accounts";
/// File format.
pub const FORMAT: &str = "Format";
/// CSV.
pub const CSV: &str = "CSV";
/// XLSX.
pub const XLSX: &str = "XLSX";
/// Which columns.
pub const ALL_COLUMNS: &str = "All";
/// Which columns.
pub const SHOWN_COLUMNS: &str = "As shown in the list";
/// While it runs.
pub const EXPORTING: &str = "Exporting accounts";
/// Done.
pub const EXPORT_SUCCESSFUL: &str = "Export successful";
/// Not done.
pub const EXPORT_FAILED: &str = "Export failed";
/// Not done.
pub const EXPORT_CANCELLED: &str = "The export was stopped. No file was made.";
/// Fetches the file.
pub const DOWNLOAD: &str = "Download";
/// Fact.
pub const FILE: &str = "File";
/// Fact.
pub const SIZE: &str = "Size";
/// Fact.
pub const SHA256: &str = "SHA-256";
/// Fact.
pub const KEPT_UNTIL: &str = "Kept until";

/// How many accounts and admins the application has.
pub fn totals(accounts: i64, admins: i64) -> String {
    format!(
        "{}, {} of {ADMINS_MAX} admins.",
        counted(accounts.try_into().unwrap_or_default(), "account", "accounts"),
        number(admins)
    )
}

/// The position of the page: `1–50 of 12,044`.
pub fn position(from: u64, rows: u64, total: Option<&str>) -> String {
    let range = format!("{}–{}", number(from), number(from + rows.saturating_sub(1)));
    match total {
        Some(total) => format!("{range} of {total}"),
        None => range,
    }
}

/// How many match.
pub fn matches(total: &str) -> String {
    format!("{total} {}", if total == "1" { "match" } else { "matches" })
}

/// A number that is not exact.
pub fn about(number: &str) -> String {
    format!("about {number}")
}

/// The chip of a filter with values.
pub fn any_of(name: &str, values: &[&str]) -> String {
    match values {
        [] => name.to_owned(),
        [one] => format!("{name}: {one}"),
        many => format!("{name}: any of {}", many.len()),
    }
}

/// The chip of a range of days.
pub fn created(from: Option<&str>, to: Option<&str>) -> String {
    match (from, to) {
        (None, None) => CREATED.to_owned(),
        (Some(from), None) => format!("{CREATED}: from {from}"),
        (None, Some(to)) => format!("{CREATED}: to {to}"),
        (Some(from), Some(to)) => format!("{CREATED}: {from} to {to}"),
    }
}

/// Takes one filter away.
pub fn clear_filter(name: &str) -> String {
    format!("Clear {name}")
}

/// A row's checkbox.
pub fn select_row(user_id: &str) -> String {
    format!("Select {user_id}")
}

/// A row's link, for screen readers.
pub fn edit_row(user_id: &str) -> String {
    format!("{EDIT} {user_id}")
}

/// A row's button, for screen readers.
pub fn export_row(user_id: &str) -> String {
    format!("{EXPORT} {user_id}")
}

/// The counter of ticked rows, after its number.
pub const SELECTED: &str = "selected";
/// The counter when the number is not known.
pub const ALL_MATCHING_SELECTED: &str = "All that match";

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

/// The question before a deletion.
pub fn delete_title(count: Option<u64>) -> String {
    match count {
        Some(count) => format!("Delete {}?", counted(count, "account", "accounts")),
        None => "Delete all accounts that match?".to_owned(),
    }
}

/// Which admins are among them.
pub fn admins_among(admins: &[String]) -> String {
    match admins {
        [] => "No admin is among them.".to_owned(),
        [one] => format!("One admin is among them: {one}."),
        many => format!("{} admins are among them: {}.", many.len(), many.join(", ")),
    }
}

/// The account that stays.
pub fn administrator_stays() -> String {
    format!("{ADMINISTRATOR} cannot be deleted and stays.")
}

/// Typed confirmation.
pub fn type_number(count: &str) -> String {
    format!("Type {count} to confirm")
}

/// Deleted.
pub fn deleted(count: u64) -> String {
    format!("{} deleted.", counted(count, "account", "accounts"))
}

/// Refused.
pub fn refused(count: u64) -> String {
    format!("{} not deleted:", counted(count, "account was", "accounts were"))
}

/// Refused by a job.
pub fn refused_by_job(count: u64) -> String {
    format!("{} not deleted; the reasons are under Tasks.", counted(count, "account was", "accounts were"))
}

/// Progress.
pub fn progress(done: u64, total: u64) -> String {
    format!("{} of {}", number(done), number(total))
}

/// What an export will hold.
pub fn will_export(count: Option<u64>) -> String {
    match count {
        Some(count) => format!("{} will be exported.", counted(count, "account", "accounts")),
        None => "Every account that matches will be exported.".to_owned(),
    }
}

/// Exported.
pub fn complete(rows: u64) -> String {
    format!("{}, complete", number(rows))
}

/// A type.
pub const fn account_type(value: AccountType) -> &'static str {
    match value {
        AccountType::General => "General",
        AccountType::Admin => "Admin",
    }
}

/// A gender.
pub const fn gender(value: Gender) -> &'static str {
    match value {
        Gender::Unknown => "Not stated",
        Gender::Female => "Female",
        Gender::Male => "Male",
    }
}

/// A verification mode.
pub const fn friend_verification(value: FriendVerification) -> &'static str {
    match value {
        FriendVerification::NeedConfirm => "Needs confirmation",
        FriendVerification::AllowAny => "Accepts everyone",
        FriendVerification::DenyAny => "Refuses everyone",
    }
}

/// A friending mode.
pub const fn friending(value: Friending) -> &'static str {
    match value {
        Friending::Allowed => "May send friend requests",
        Friending::Forbidden => "May not send friend requests",
    }
}

/// A field's label.
pub const fn field(field: Field) -> &'static str {
    match field {
        Field::Nickname => "Nickname",
        Field::Gender => "Gender",
        Field::BirthDate => "Birth Date",
        Field::Location => "Location",
        Field::WhatsUp => "What's Up",
        Field::FriendVerification => "Friend Request Verification",
        Field::Language => "Language",
        Field::PhotoUrl => "Profile Photo",
        Field::MessageSettings => "Message settings",
        Field::Friending => "Friending",
        Field::Level => "Level",
        Field::Role => "Role",
    }
}

/// A column's label.
pub const fn column(column: Column) -> &'static str {
    match column {
        Column::UserId => USERNAME,
        Column::Type => TYPE,
        Column::CreatedAt => "Creation time",
        Column::UpdatedAt => "Last change",
        Column::Nickname => field(Field::Nickname),
        Column::PhotoUrl => field(Field::PhotoUrl),
        Column::Gender => field(Field::Gender),
        Column::BirthDate => field(Field::BirthDate),
        Column::Location => field(Field::Location),
        Column::WhatsUp => field(Field::WhatsUp),
        Column::FriendVerification => field(Field::FriendVerification),
        Column::Language => field(Field::Language),
        Column::MessageSettings => field(Field::MessageSettings),
        Column::Friending => field(Field::Friending),
        Column::Level => field(Field::Level),
        Column::Role => field(Field::Role),
    }
}

/// A field's value, as people read it.
pub fn value(field: Field, account: &Account) -> String {
    readable(field, &field.text_of(account))
}

/// A field's text in a form, as people read it.
pub fn readable(field: Field, text: &str) -> String {
    let known = match field {
        Field::Gender => text.parse().ok().map(gender),
        Field::FriendVerification => text.parse().ok().map(friend_verification),
        Field::Friending => text.parse().ok().map(friending),
        Field::MessageSettings => Some(if text == "0" { RECEIVES } else { RECEIVES_NOT }),
        Field::Language => return text.parse().map_or_else(|_| text.to_owned(), languages::name),
        _ => None,
    };
    known.unwrap_or(text).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_labels_that_users_know_are_word_for_word() {
        let labels = [
            TITLE,
            CREATE,
            ACCOUNT_TYPE,
            USERNAME,
            BATCH_DELETE,
            BATCH_EXPORT,
            OPERATION,
            EDIT,
            EXPORT,
            CLICK_HERE,
        ];
        let known = [
            "Account Management",
            "Create account",
            "Account Type",
            "Username",
            "Batch Delete",
            "Batch Export",
            "Operation",
            "Edit",
            "Export",
            "Click here",
        ];
        assert_eq!(labels, known);
        assert_eq!(
            [EXPORT_SUCCESSFUL, DOWNLOAD, crate::text::CONFIRM],
            ["Export successful", "Download", "Confirm"]
        );
        assert_eq!(
            AccountType::ALL.iter().map(|t| account_type(*t)).collect::<Vec<_>>(),
            ["General", "Admin"]
        );
        let fields = [
            "Nickname",
            "Gender",
            "Birth Date",
            "Location",
            "What's Up",
            "Friend Request Verification",
            "Language",
            "Profile Photo",
            "Message settings",
            "Friending",
            "Level",
            "Role",
        ];
        assert_eq!(Field::ALL.map(field), fields);
    }

    #[test]
    fn numbers_stand_in_sentences() {
        assert_eq!(totals(1_284_902, 4), "1,284,902 accounts, 4 of 10 admins.");
        assert_eq!(position(1, 50, Some("12,044")), "1–50 of 12,044");
        assert_eq!(matches("1"), "1 match");
        assert_eq!(any_of(TYPE, &["Admin", "General"]), "Type: any of 2");
        assert_eq!(to_correct(1), "1 field to correct");
        assert_eq!(refused(2), "2 accounts were not deleted:");
        assert_eq!(delete_title(Some(1)), "Delete 1 account?");
    }
}
