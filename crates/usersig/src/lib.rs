//! UserSigs (TLSSigAPIv2): the tickets that sign users, and admins with the server API, in to chat servers.
//!
//! A UserSig says who someone is, in which application, since when and for how long, signed with the application's secret
//! key. Whoever holds the key can make one; whoever holds the key can check one; nothing is stored anywhere.
//!
//! ```
//! use usersig::{Claims, Expected, UserSig};
//!
//! let key = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e";
//! let claims = Claims::new(1_400_000_000, "xiaojun", 1_700_000_000, usersig::DEFAULT_EXPIRE);
//! let text = claims.sign(key);
//!
//! let expected = Expected { sdkappid: 1_400_000_000, identifier: "xiaojun" };
//! let sig = UserSig::parse(&text)?;
//! sig.verify(&expected, key, 1_700_000_060)?;
//!
//! let late = sig.verify(&expected, key, 1_800_000_000).unwrap_err();
//! assert_eq!((late, late.code()), (usersig::Error::Expired, 70001));
//! # Ok::<(), usersig::Error>(())
//! ```
//!
//! # The format
//! The format is the vendor's; its libraries for Node and Python are what this crate is tested against.
//!
//! 1. The content is `TLS.identifier:{id}\nTLS.sdkappid:{app}\nTLS.time:{made}\nTLS.expire:{seconds}\n` and, where there is
//!    a userbuf, `TLS.userbuf:{base64}\n`.
//! 2. `TLS.sig` is the base64 of HMAC-SHA256 over it. The key is the text of 64 hexadecimal digits, not the bytes it stands for.
//! 3. A JSON object with these, with `TLS.ver` and `TLS.sig`, is compressed (zlib, RFC 1950) and encoded as base64 with `*`
//!    for `+`, `-` for `/` and `_` for `=`.
//!
//! Libraries differ in the order and spacing of the JSON and in how well they compress, so two UserSigs of the same claims
//! differ too: parse them, never compare them.

mod claims;
mod encoding;
mod error;
mod verify;

pub use claims::{Claims, DEFAULT_EXPIRE, MAX_EXPIRE};
pub use error::Error;
pub use verify::{Expected, UserSig};

/// The longest text that is taken for a UserSig, in bytes. One without a userbuf has some 200.
pub const MAX_LEN: usize = 8 * 1024;
/// The most that a UserSig may unfold to, in bytes: a small text can be made to unfold to gigabytes.
pub const MAX_INFLATED: usize = 16 * 1024;
