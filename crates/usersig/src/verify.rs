//! Reading a UserSig and judging it.

use crate::{
    Claims, Error,
    encoding::{self, Fields},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::Mac;

/// A UserSig that was read, not judged: nothing that it says is proven before [`Self::verify`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserSig {
    claims: Claims,
    sig: String,
}

/// Whom a UserSig has to be of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expected<'a> {
    /// The application that is called.
    pub sdkappid: i64,
    /// Who the caller says to be.
    pub identifier: &'a str,
}

impl UserSig {
    /// Reads the text, in time and memory bounded by [`MAX_LEN`](crate::MAX_LEN) and [`MAX_INFLATED`](crate::MAX_INFLATED).
    ///
    /// # Errors
    /// [`Error::Empty`] or [`Error::Illegal`].
    pub fn parse(text: &str) -> Result<Self, Error> {
        let Fields { version: _, identifier, sdkappid, expire, time, userbuf, sig } = encoding::decode(text)?;
        Ok(Self { claims: Claims { sdkappid, identifier, time, expire, userbuf }, sig })
    }

    /// What it says.
    pub const fn claims(&self) -> &Claims {
        &self.claims
    }

    /// Whether it is of whom it should be, was made with this key, and is good at `now` (seconds since 1970). The signature
    /// is compared in constant time.
    ///
    /// # Errors
    /// The first of [`Error::OtherApp`], [`Error::OtherUser`], [`Error::Forged`] and [`Error::Expired`] that holds.
    pub fn verify(&self, expected: &Expected<'_>, secret_key: &str, now: i64) -> Result<(), Error> {
        if self.claims.sdkappid != expected.sdkappid {
            return Err(Error::OtherApp);
        }
        if self.claims.identifier != expected.identifier {
            return Err(Error::OtherUser);
        }
        let sig = STANDARD.decode(&self.sig).map_err(|_| Error::Forged)?;
        self.claims.mac(secret_key).verify_slice(&sig).map_err(|_| Error::Forged)?;
        if now > self.claims.expires_at() {
            return Err(Error::Expired);
        }
        Ok(())
    }
}
