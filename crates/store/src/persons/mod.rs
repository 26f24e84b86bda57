//! What is held about one person: read for a bundle (`held`, `profile`), and erased (`erase`, `traces`), with certificates of
//! it (`certificates`). Which tables can name a person stands in `tables`. A person is the user ID of an account, which need
//! not exist any more.
//!
//! Where a user ID stands within JSON it is found as a whole JSON text, `"ming"`: free text that mentions it is not.

mod certificates;
mod erase;
mod found;
mod held;
mod profile;
mod rows;
mod tables;
mod traces;

pub use erase::{Erased, NewErasure};
pub use held::{Held, HeldPage};
pub use profile::{Marks, Profile};

use crate::{
    Actor, Result,
    db::{Conn, Sql, sql},
};
use rollcall_shared::{app::SdkAppId, time::Timestamp};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// A user ID of an application, and how it is spelt where it is looked for.
#[derive(Clone, Debug)]
struct Person {
    app: SdkAppId,
    user_id: String,
    /// As `created_by` names an admin.
    actor: String,
    /// As a JSON text, by either of the ways in which programs write a slash.
    literals: [String; 2],
}

impl Person {
    fn new(app: SdkAppId, user_id: &str) -> Self {
        let literal = serde_json::Value::from(user_id).to_string();
        let literals = [literal.clone(), literal.replace('/', "\\/")];
        let actor = Actor::Admin(user_id.to_owned()).to_string();
        Self { app, user_id: user_id.to_owned(), actor, literals }
    }

    /// Whether a JSON text, perhaps cut off, names it: as a value, not as the name of a field.
    fn is_in(&self, json: &str) -> bool {
        let is_value = |end: usize| !json[end..].trim_start().starts_with(':');
        let found = |literal: &String| {
            json.match_indices(literal.as_str()).any(|(start, text)| is_value(start + text.len()))
        };
        self.literals.iter().any(found)
    }

    /// Adds the condition that one of these columns, which hold JSON, may name it.
    fn push_named(&self, statement: &mut Sql, position: &str, columns: &[&str]) {
        statement.push("(");
        for (n, column) in columns.iter().enumerate() {
            for (m, literal) in self.literals.iter().enumerate() {
                statement.push(if n + m == 0 { "" } else { " OR " });
                statement.push(position).push("(").push(column).push(", ");
                statement.push_bind(literal.as_str()).push(") > 0");
            }
        }
        statement.push(")");
    }
}

/// The SHA-256 of a user ID, in hex.
fn hash(user_id: &str) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(user_id.as_bytes()) {
        // Writing into a String does not fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

/// Whether the account was erased at that time or later.
pub(crate) async fn was_erased(
    conn: &mut Conn,
    app: SdkAppId,
    user_id: &str,
    since: Timestamp,
) -> Result<bool> {
    let later = sql("SELECT id FROM erasures WHERE app_id = $1 AND user_hash = $2 AND erased_at >= $3");
    Ok(conn.fetch_optional(later.bind(app).bind(hash(user_id)).bind(since)).await?.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_id_is_found_as_a_whole_text_only() {
        let of = |user_id: &str| Person::new(SdkAppId(1), user_id);
        assert!(of("ming").is_in(r#"{"To_Account":["x","ming"]}"#));
        assert!(!of("ming").is_in(r#"{"To_Account":["ming2","my ming"]}"#));
        assert!(!of("UserID").is_in(r#"{"UserID" : "x"}"#) && of("UserID").is_in(r#"{"a":"UserID""#));
        assert!(of("a/b").is_in(r#""a/b""#) && of("a/b").is_in(r#""a\/b""#));
        assert!(of("a\"b\\").is_in(r#"{"id":"a\"b\\"}"#));
    }
}
