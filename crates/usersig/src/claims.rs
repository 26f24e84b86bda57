//! What a UserSig says, and how it is signed.

use crate::encoding::{self, Fields};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// How long a UserSig is good for where nothing else is asked for, in seconds: 180 days.
pub const DEFAULT_EXPIRE: i64 = 180 * 24 * 60 * 60;
/// The longest that a UserSig should be made for, in seconds: 50 years of 365 days.
pub const MAX_EXPIRE: i64 = 50 * 365 * 24 * 60 * 60;

/// What a UserSig says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// The application.
    pub sdkappid: i64,
    /// The user.
    pub identifier: String,
    /// When it was made, in seconds since 1970.
    pub time: i64,
    /// For how many seconds it is good.
    pub expire: i64,
    /// What else the maker wanted to say, in base64: a room and rights in it. Servers that know nothing of it still let the
    /// user in.
    pub userbuf: Option<String>,
}

impl Claims {
    /// Claims without a userbuf.
    pub fn new(sdkappid: i64, identifier: impl Into<String>, time: i64, expire: i64) -> Self {
        Self { sdkappid, identifier: identifier.into(), time, expire, userbuf: None }
    }

    /// The same with a userbuf.
    #[must_use]
    pub fn with_userbuf(mut self, userbuf: &[u8]) -> Self {
        self.userbuf = Some(STANDARD.encode(userbuf));
        self
    }

    /// The last second in which the UserSig is good.
    pub const fn expires_at(&self) -> i64 {
        self.time.saturating_add(self.expire)
    }

    /// The UserSig, signed with the application's secret key (the text of 64 hexadecimal digits).
    pub fn sign(&self, secret_key: &str) -> String {
        let sig = STANDARD.encode(self.mac(secret_key).finalize().into_bytes());
        encoding::encode(&Fields::of(self, sig))
    }

    /// The signature's computation, to be compared or written down.
    pub(crate) fn mac(&self, secret_key: &str) -> Hmac<Sha256> {
        let Self { sdkappid, identifier, time, expire, userbuf } = self;
        let mut content = format!(
            "TLS.identifier:{identifier}\nTLS.sdkappid:{sdkappid}\nTLS.time:{time}\nTLS.expire:{expire}\n"
        );
        if let Some(userbuf) = userbuf {
            content.push_str("TLS.userbuf:");
            content.push_str(userbuf);
            content.push('\n');
        }
        // A key of any length does: long ones are hashed first, so this cannot fail.
        #[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
        let mac = Hmac::<Sha256>::new_from_slice(secret_key.as_bytes()).expect("HMAC takes any key");
        mac.chain_update(content)
    }
}
