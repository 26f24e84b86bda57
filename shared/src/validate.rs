//! The rules of accounts, run while typing and again on the server. Each returns what is wrong, never panics,
//! and knows nothing of a database: "taken" and "limit reached" are found elsewhere.

use crate::{
    account::{AccountPatch, CustomPatch, NewAccount, Patch},
    custom_field,
    error::{FieldError, codes},
    profile::{LOCATION_MAX, RESERVED_PREFIXES, TEXT_MAX, USER_ID_MAX},
};

/// The most bytes of a name of an application, an operator or a token.
pub const NAME_MAX: usize = 80;
/// The fewest and the most bytes of an operator's password.
pub const PASSWORD_BYTES: std::ops::RangeInclusive<usize> = 12..=200;

/// The hard rule of user IDs, for the API: 1 to 32 bytes of printable ASCII, no reserved prefix.
///
/// ```
/// use rollcall_shared::validate::user_id;
/// assert!(user_id("a/b?c #").is_none());
/// assert_eq!(user_id("").unwrap().code, "required");
/// assert_eq!(user_id("@TLS#x").unwrap().code, "reserved");
/// assert_eq!(user_id("é").unwrap().code, "invalid_character");
/// ```
pub fn user_id(value: &str) -> Option<FieldError> {
    const FIELD: &str = "user_id";
    if value.is_empty() {
        return Some(FieldError::new(FIELD, codes::REQUIRED, "Enter a username."));
    }
    if !value.bytes().all(|b| (0x20..=0x7e).contains(&b)) {
        return Some(FieldError::new(FIELD, codes::INVALID_CHARACTER, "Only printable ASCII characters."));
    }
    if let Some(error) = at_most(FIELD, value, USER_ID_MAX) {
        return Some(error);
    }
    let prefix = RESERVED_PREFIXES.iter().find(|p| value.starts_with(**p))?;
    Some(
        FieldError::new(FIELD, codes::RESERVED, format!("Usernames that begin with {prefix} are reserved."))
            .with("prefix", prefix),
    )
}

/// The rule that a console offers for new accounts: letters, digits and `_ - . @`. Other printable characters
/// are legal through the API, but some SDKs and URLs stumble over them.
pub fn user_id_recommended(value: &str) -> Option<FieldError> {
    let hard = user_id(value);
    if hard.is_some() {
        return hard;
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-.@".contains(c);
    (!value.chars().all(plain)).then(|| {
        FieldError::new(
            "user_id",
            codes::INVALID_CHARACTER,
            "Use letters, digits and _ - . @ only: other characters break some client SDKs and URLs.",
        )
    })
}

/// Text of a profile field: at most `max` bytes and no NUL, which databases cannot store.
pub fn text(field: &str, value: &str, max: usize) -> Option<FieldError> {
    if value.contains('\0') {
        return Some(FieldError::new(field, codes::INVALID_CHARACTER, "The NUL character cannot be stored."));
    }
    at_most(field, value, max)
}

/// A profile photo: empty, or an http(s) URL of at most 500 bytes.
///
/// ```
/// use rollcall_shared::validate::photo_url;
/// assert!(photo_url("https://cdn.example.org/u/88.jpg").is_none());
/// assert_eq!(photo_url("javascript:alert(1)").unwrap().code, "invalid_url");
/// ```
pub fn photo_url(value: &str) -> Option<FieldError> {
    if let Some(error) = text("photo_url", value, TEXT_MAX) {
        return Some(error);
    }
    (!value.is_empty() && !is_http_url(value)).then(|| {
        FieldError::new("photo_url", codes::INVALID_URL, "Enter a URL that begins with https:// or http://.")
    })
}

/// Whether a browser may be given this URL as a picture's source.
pub fn is_http_url(value: &str) -> bool {
    let lower = value.get(..8).unwrap_or(value).to_ascii_lowercase();
    let rest = if lower.starts_with("https://") {
        &value[8..]
    } else if lower.starts_with("http://") {
        &value[7..]
    } else {
        return false;
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    // Most are ASCII, whose bytes are quickly seen through.
    let odd_byte = |byte: u8| byte <= b' ' || byte == 0x7f || b"<>\"\\".contains(&byte);
    let odd_character = |c: char| c.is_whitespace() || c.is_control();
    !host.is_empty()
        && !value.bytes().any(odd_byte)
        && (value.is_ascii() || !value.chars().any(odd_character))
}

/// Everything that is wrong with a new account, in the order of its fields; empty when it is fine.
pub fn new_account(account: &NewAccount) -> Vec<FieldError> {
    let location = account.location.as_deref().unwrap_or_default();
    let whats_up = account.whats_up.as_deref().unwrap_or_default();
    [
        user_id(&account.user_id),
        text("nickname", &account.nickname, TEXT_MAX),
        photo_url(&account.photo_url),
        text("location", location, LOCATION_MAX),
        text("whats_up", whats_up, TEXT_MAX),
    ]
    .into_iter()
    .flatten()
    .chain(custom_field::value_errors(account.custom.iter().map(|(k, v)| (k.as_str(), Some(v.as_str())))))
    .collect()
}

/// Everything that is wrong with a patch. Only what it sets is checked, so an old value that today's rules
/// would refuse can stay.
pub fn patch(patch: &AccountPatch) -> Vec<FieldError> {
    let check = |field: &Patch<String>, rule: &dyn Fn(&str) -> Option<FieldError>| {
        field.value().and_then(|value| rule(value))
    };
    let none = CustomPatch::new();
    let custom = patch.custom.value().unwrap_or(&none).iter();
    [
        check(&patch.nickname, &|v| text("nickname", v, TEXT_MAX)),
        check(&patch.photo_url, &photo_url),
        check(&patch.location, &|v| text("location", v, LOCATION_MAX)),
        check(&patch.whats_up, &|v| text("whats_up", v, TEXT_MAX)),
    ]
    .into_iter()
    .flatten()
    .chain(custom_field::value_errors(custom.map(|(field, value)| (field.as_str(), value.as_deref()))))
    .collect()
}

/// A name of an application, an operator or a token: 1 to 80 bytes, not only white space, no control character.
pub fn name(field: &str, value: &str) -> Option<FieldError> {
    if value.trim().is_empty() {
        return Some(FieldError::new(field, codes::REQUIRED, "Enter a name."));
    }
    if value.chars().any(char::is_control) {
        return Some(FieldError::new(field, codes::INVALID_CHARACTER, "Control characters are not allowed."));
    }
    at_most(field, value, NAME_MAX)
}

/// An operator's e-mail address: one `@` with something on both sides, no white space, at most 254 bytes. More
/// than that only the mail server can tell.
pub fn email(value: &str) -> Option<FieldError> {
    if value.is_empty() {
        return Some(FieldError::new("email", codes::REQUIRED, "Enter an e-mail address."));
    }
    let parts = value.split_once('@').is_some_and(|(local, host)| {
        !local.is_empty() && !host.is_empty() && !host.contains('@') && !host.starts_with('.')
    });
    if !parts || value.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Some(FieldError::new("email", codes::INVALID, "Enter an address like name@example.org."));
    }
    at_most("email", value, 254)
}

/// A new password: 12 to 200 bytes. Length is the one rule that helps; nothing else is asked of it.
pub fn password(field: &str, value: &str) -> Option<FieldError> {
    let (min, max) = (*PASSWORD_BYTES.start(), *PASSWORD_BYTES.end());
    if value.len() < min {
        let message = format!("At least {min} characters.");
        return Some(FieldError::new(field, codes::TOO_SHORT, message).with("min", min));
    }
    at_most(field, value, max)
}

fn at_most(field: &str, value: &str, max: usize) -> Option<FieldError> {
    (value.len() > max).then(|| {
        FieldError::new(field, codes::TOO_LONG, format!("At most {max} bytes."))
            .with("max", max)
            .with("actual", value.len())
    })
}
