//! Why a UserSig is refused, and the vendor's numbers for it.

/// Why a UserSig is refused. The order is that of the checks: each says that the ones above it passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is nothing.
    #[error("The UserSig is empty.")]
    Empty,
    /// It is no UserSig: cut short, changed on the way, or of another format.
    #[error("The UserSig in use is illegal: it cannot be decoded. Check that it was copied and sent whole.")]
    Illegal,
    /// It was made for another application.
    #[error("The SDKAppID does not match the UserSig.")]
    OtherApp,
    /// It was made for another user.
    #[error("The UserID does not match the Usersig.")]
    OtherUser,
    /// It was not made with this key.
    #[error("UserSig verification Failed: it was made with another secret key, or changed afterwards.")]
    Forged,
    /// Its time has passed.
    #[error("The UserSig in use is expired. Make a new one.")]
    Expired,
}

impl Error {
    /// The vendor's error code.
    pub const fn code(self) -> u32 {
        match self {
            Self::Expired => 70001,
            Self::Empty => 70002,
            Self::Illegal => 70003,
            Self::Forged => 70009,
            Self::OtherUser => 70013,
            Self::OtherApp => 70014,
        }
    }
}
