//! The values that profile fields can take, and their limits. Rules that combine them are in
//! [`crate::validate`].

use serde::{Deserialize, Serialize};

/// The largest user ID, in bytes (chat-api, section 4).
pub const USER_ID_MAX: usize = 32;
/// The largest nickname, status line and photo URL, in bytes of UTF-8 (chat-api, section 3).
pub const TEXT_MAX: usize = 500;
/// The largest location, in bytes of UTF-8: five Chinese characters (chat-api, section 3).
pub const LOCATION_MAX: usize = 16;
/// The most admins that one application can have.
pub const ADMINS_MAX: u32 = 10;
/// The account that every application is born with: always admin, never deleted.
pub const ADMINISTRATOR: &str = "administrator";
/// User IDs with one of these prefixes belong to the system.
pub const RESERVED_PREFIXES: [&str; 5] = ["@TLS#", "@TIM#", "@RBT#", "@TOA#", "@TGS#"];

/// Declares a closed set of values with one text form for the wire, the database's code and the list of all.
macro_rules! closed_set {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $code:literal => $text:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vmeta])* $variant),+ }

        impl $name {
            /// Every value, in order of its code.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The wire text.
            pub const fn as_str(self) -> &'static str { match self { $(Self::$variant => $text),+ } }

            /// The number that is stored; it never changes its meaning.
            pub const fn code(self) -> i32 { match self { $(Self::$variant => $code),+ } }

            /// The value of a stored number.
            pub const fn from_code(code: i32) -> Option<Self> { match code { $($code => Some(Self::$variant),)+ _ => None } }
        }

        impl std::str::FromStr for $name {
            type Err = UnknownValue;
            fn from_str(text: &str) -> Result<Self, UnknownValue> {
                match text { $($text => Ok(Self::$variant),)+ _ => Err(UnknownValue) }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(self.as_str()) }
        }
    };
}
pub(crate) use closed_set;

/// The text names no value of the set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownValue;

closed_set! {
    /// What an account may do. It is chosen at creation and cannot be edited.
    AccountType {
        /// A user of the application.
        #[default]
        General = 0 => "general",
        /// An app admin: may call the server API, for example to create or disband a group and to message everyone.
        Admin = 1 => "admin",
    }
}

closed_set! {
    /// Gender, as the account states it.
    Gender {
        /// Not stated.
        #[default]
        Unknown = 0 => "unknown",
        /// Female.
        Female = 1 => "female",
        /// Male.
        Male = 2 => "male",
    }
}

closed_set! {
    /// How a request to become this account's friend is answered.
    FriendVerification {
        /// The account is asked.
        NeedConfirm = 0 => "need_confirm",
        /// Everyone is accepted.
        #[default]
        AllowAny = 1 => "allow_any",
        /// Everyone is refused.
        DenyAny = 2 => "deny_any",
    }
}

closed_set! {
    /// Whether the admin lets this account send friend requests.
    Friending {
        /// It may.
        #[default]
        Allowed = 0 => "allowed",
        /// It may not.
        Forbidden = 1 => "forbidden",
    }
}
