//! The list: head, search, filters, columns, batch bar, pager.

use crate::text::{counted, number};
use rollcall_shared::profile::{ADMINS_MAX, AccountType};

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
/// Gives the ticked accounts the same values.
pub const BATCH_EDIT: &str = "Batch Edit";
/// Deletes the ticked accounts.
pub const BATCH_DELETE: &str = "Batch Delete";
/// Previous page.
pub const PREVIOUS: &str = "Previous";
/// Next page.
pub const NEXT: &str = "Next";
/// Page size.
pub const ROWS: &str = "Rows";
/// One list that scrolls, instead of pages.
pub const SCROLL: &str = "Scroll";
/// Opens the ways to a place of the list.
pub const GO_TO: &str = "Go to";
/// The place by its number.
pub const GO_TO_ROW: &str = "Row";
/// The place by the field that the list is ordered by.
pub const GO_TO_USERNAME: &str = "Username from";
/// The same.
pub const GO_TO_NICKNAME: &str = "Nickname from";
/// The same.
pub const GO_TO_DAY: &str = "Day (UTC)";
/// Goes there.
pub const GO: &str = "Go";
/// Why a range cannot be ticked.
pub const RANGE_NOT_READ: &str = "The rows between are not loaded, so only this one was ticked. Tick a shorter range, or Select all that match.";
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
/// What else could be searched for.
pub const DID_YOU_MEAN: &str = "Did you mean";
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

/// How many accounts and admins the application has.
pub fn totals(accounts: i64, admins: i64) -> String {
    format!(
        "{}, {} of {ADMINS_MAX} admins.",
        counted(accounts.try_into().unwrap_or_default(), "account", "accounts"),
        number(admins)
    )
}

/// The position of the page: `1–50 of 12,044`, or `about 1,201–1,250 of 12,044`.
pub fn position(from: u64, to: u64, exact: bool, total: Option<&str>) -> String {
    let range = format!("{}–{}", number(from), number(to));
    let range = if exact { range } else { about(&range) };
    match total {
        Some(total) => format!("{range} of {total}"),
        None => range,
    }
}

/// Rows could not be read while someone scrolled.
pub fn not_scrolled(why: &str) -> String {
    format!("The rows here are not loaded. {why} Scroll on to try again.")
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

/// Makes a general account an admin, or an admin a general account.
pub const fn retype(to: AccountType) -> &'static str {
    match to {
        AccountType::Admin => "Set as admin",
        AccountType::General => "Cancel admin",
    }
}

/// The same for screen readers.
pub fn retype_row(to: AccountType, user_id: &str) -> String {
    format!("{}: {user_id}", retype(to))
}

/// The question before it.
pub fn retype_title(to: AccountType, user_id: &str) -> String {
    match to {
        AccountType::Admin => format!("Set {user_id} as admin?"),
        AccountType::General => format!("Cancel {user_id} as admin?"),
    }
}

/// What it means.
pub const fn retype_body(to: AccountType) -> &'static str {
    match to {
        AccountType::Admin => {
            "Admins may call the server API, which imports and deletes accounts. An application has at most 10."
        }
        AccountType::General => "It may no longer call the server API. The account stays.",
    }
}

/// It was done.
pub fn retyped(to: AccountType, user_id: &str) -> String {
    match to {
        AccountType::Admin => format!("{user_id} is an admin now."),
        AccountType::General => format!("{user_id} is a general account now."),
    }
}

/// A row's button, for screen readers.
pub fn export_row(user_id: &str) -> String {
    format!("{EXPORT} {user_id}")
}

/// The counter of ticked rows, after its number.
pub const SELECTED: &str = "selected";
/// The counter when the number is not known.
pub const ALL_MATCHING_SELECTED: &str = "All that match";
