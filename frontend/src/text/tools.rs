//! Sentences of the development tools.

/// Below the heading.
pub const INTRO: &str = "For developers who connect a server or a client to this application.";
/// Makes a UserSig.
pub const MAKE: &str = "Make a UserSig";
/// Makes a UserSig.
pub const MAKE_INTRO: &str = "Signs a user in for tests. In production your server makes UserSigs itself, so that the secret key never leaves it.";
/// Whose it is.
pub const USER_ID: &str = "Username";
/// How long it is good.
pub const DAYS: &str = "Valid for days";
/// The button.
pub const MAKE_BUTTON: &str = "Make UserSig";
/// The result.
pub const MADE: &str = "UserSig";
/// Until when, before the instant.
pub const VALID_UNTIL: &str = "Valid until";
/// Checks a UserSig.
pub const CHECK: &str = "Check a UserSig";
/// Checks a UserSig.
pub const CHECK_INTRO: &str = "Says whether the server would take it now, or why not and what helps.";
/// The text.
pub const USERSIG: &str = "UserSig to check";
/// Whose it should be.
pub const EXPECTED_USER: &str = "Username it should be of";
/// Whose it should be.
pub const EXPECTED_USER_HINT: &str = "Leave empty for whoever it names.";
/// The button.
pub const CHECK_BUTTON: &str = "Check UserSig";
/// It is good.
pub const GOOD: &str = "This UserSig is good.";
/// What a UserSig says: application.
pub const SDKAPPID: &str = "SDKAppID";
/// What a UserSig says: made.
pub const MADE_AT: &str = "Made";
/// What a UserSig says: end.
pub const EXPIRES_AT: &str = "Expires";
/// An example of a call.
pub const EXAMPLE: &str = "Call the server API";
/// An example of a call.
pub const EXAMPLE_INTRO: &str =
    "Put a UserSig of an admin into USERSIG. The example creates an account, or updates it.";
/// The choice of a language.
pub const LANGUAGE: &str = "Example in";

/// Why a UserSig is refused, with the code that the server API answers.
pub fn refused(code: u32, reason: &str) -> String {
    format!("{code}: {reason}")
}

/// The log of calls.
pub const CALLS: &str = "Recent calls";
/// The log of calls.
pub const CALLS_INTRO: &str = "What was asked of the server API in the last 24 hours, newest first, without secrets. Of a busy application a few calls of each second are kept.";
/// Which calls.
pub const CALLS_SHOW: &str = "Show calls";
/// Which calls.
pub const CALLS_ALL: &str = "All";
/// Which calls.
pub const CALLS_FAILED: &str = "That failed";
/// Which calls.
pub const CALLS_CODE: &str = "With a code";
/// Which calls.
pub const CALLS_CODE_LABEL: &str = "ErrorCode";
/// Whether the list follows what comes in.
pub const CALLS_LIVE: &str = "Follow new calls";
/// There are none.
pub const NO_CALLS: &str = "No such calls yet. Run the example above, and its call shows here by itself.";
/// What was asked.
pub const CALL_REQUEST: &str = "Request";
/// What was answered.
pub const CALL_ANSWER: &str = "Answer";

/// How long a call took.
pub fn millis(micros: u32) -> String {
    format!("{}.{} ms", micros / 1_000, micros % 1_000 / 100)
}
