//! The account types and rules of Rollcall: what a server, a browser and a script agree on.
//!
//! Everything here is pure: no I/O, no clock, no randomness, and it compiles for `wasm32-unknown-unknown`.
//! The wire shapes are those of the REST API `/api/v1`; limits are in **bytes** of UTF-8 unless a name says
//! otherwise.
//!
//! | module | what it holds |
//! |---|---|
//! | [`account`] | accounts, new accounts and patches |
//! | [`custom_field`] | custom profile fields that an application defines |
//! | [`profile`] | the values a profile field can take |
//! | [`validate`] | the rules, each a function from a value to a [`error::FieldError`] |
//! | [`list`] | filters, sorts, pages and their query strings |
//! | [`selection`] | which accounts a bulk action means, and its results |
//! | [`import`] | what the columns and rows of a brought table say about accounts |
//! | [`suggestion`] | what a search that found nothing may have meant |
//! | [`app`] | applications, their restriction and tokens |
//! | [`group`] | groups and their members |
//! | [`person`] | what is held about one account, and its erasure |
//! | [`push`] | pushes to all members |
//! | [`usersig`] | UserSigs, made and checked |
//! | [`api_call`] | the log of calls of the server API |
//! | [`webhook`] | webhooks, their events and deliveries |
//! | [`session`] | operators, sign-in and sessions |
//! | [`job`] | long work and exports |
//! | [`export`] | how a file of accounts is written, and what is proven of it |
//! | [`schedule`] | exports that are made again and again |
//! | [`error`] | problems (RFC 9457) and field errors |
//! | [`paths`] | the one builder of API paths |
//!
//! ```
//! use rollcall_shared::{account::NewAccount, validate};
//!
//! let mut account = NewAccount::new("ming");
//! account.nickname = "赵明远".into();
//! assert!(validate::new_account(&account).is_empty());
//!
//! account.location = Some("Shenzhen, Guangdong".into());
//! let errors = validate::new_account(&account);
//! assert_eq!(errors[0].field, "location");
//! assert_eq!(errors[0].message, "At most 16 bytes.");
//! ```

pub mod account;
pub mod api_call;
pub mod app;
pub mod custom_field;
pub mod error;
pub mod export;
pub mod group;
pub mod import;
pub mod job;
pub mod list;
pub mod paths;
pub mod person;
pub mod profile;
pub mod push;
pub mod schedule;
pub mod selection;
pub mod session;
pub mod suggestion;
pub mod time;
pub mod usersig;
pub mod validate;
pub mod webhook;
