//! Every sentence of the console, in English. Components name a sentence; they never spell one, so that other
//! languages can follow by giving these names other values.

pub mod accounts;
pub mod groups;
pub mod imports;
pub mod persons;
pub mod pushes;
pub mod schedules;
pub mod settings;
pub mod shell;
pub mod tools;
pub mod webhooks;

/// The product.
pub const PRODUCT: &str = "Rollcall";
/// The button that does what a dialog is for.
pub const CONFIRM: &str = "Confirm";
/// The button that leaves things as they are.
pub const CANCEL: &str = "Cancel";
/// The button of a dialog that only tells something.
pub const CLOSE: &str = "Close";
/// The button that repeats what failed.
pub const TRY_AGAIN: &str = "Try again";
/// Copies what stands beside it.
pub const COPY: &str = "Copy";
/// It was copied.
pub const COPIED: &str = "Copied.";
/// The browser did not let us.
pub const COPY_REFUSED: &str = "The browser did not allow copying. Select the text and copy it by hand.";
/// No session any more.
pub const SESSION_ENDED: &str = "Your session has ended. Sign in again; nothing you typed is lost.";
/// No answer from the server.
pub const UNREACHABLE: &str = "The server could not be reached. Nothing was changed as far as this page knows; check the connection and try again.";
/// A picture of waiting, for screen readers.
pub const LOADING: &str = "Loading…";

/// An answer that cannot be read.
pub fn unreadable(status: u16) -> String {
    format!("The server answered {status} in a form this page does not know. Reload the page and try again.")
}

/// A number as English readers group it: `1,284,902`.
pub fn number(value: impl TryInto<u64>) -> String {
    let digits = value.try_into().unwrap_or_default().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number with its noun: `1 account`, `2 accounts`.
pub fn counted(value: u64, one: &str, many: &str) -> String {
    format!("{} {}", number(value), if value == 1 { one } else { many })
}

/// A size: `227 MB`.
pub fn bytes(value: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if value < 1000 {
        return counted(value, "byte", "bytes");
    }
    let (mut scaled, mut unit) = (value, 0);
    while scaled >= 999_950 && unit + 1 < UNITS.len() {
        scaled /= 1000;
        unit += 1;
    }
    // One decimal below 10, none above: more would say nothing.
    if scaled < 9_950 {
        format!("{}.{} {}", (scaled + 50) / 1000, (scaled + 50) % 1000 / 100, UNITS[unit])
    } else {
        format!("{} {}", (scaled + 500) / 1000, UNITS[unit])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(number(7_u64), "7");
        assert_eq!(number(1_284_902_u64), "1,284,902");
        assert_eq!(counted(1, "account", "accounts"), "1 account");
    }

    #[test]
    fn sizes_are_rounded() {
        assert_eq!(bytes(1), "1 byte");
        assert_eq!(bytes(1500), "1.5 kB");
        assert_eq!(bytes(227_400_000), "227 MB");
        assert_eq!(bytes(9_960), "10 kB");
    }
}
