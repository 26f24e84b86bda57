//! Accounts as the REST API shows, creates and changes them. Rules are in [`crate::validate`].

use crate::{
    custom_field,
    profile::{AccountType, FriendVerification, Friending, Gender},
    time::Timestamp,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;

/// An account, as it is stored. Strings are never null: absent is `""`, a number's absence is 0.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Account {
    /// The username: 1 to 32 bytes of printable ASCII, case-sensitive, never changed.
    pub user_id: String,
    /// General or admin, never changed by an edit.
    #[serde(rename = "type")]
    pub account_type: AccountType,
    /// At most 500 bytes.
    pub nickname: String,
    /// At most 500 bytes. A console renders http(s) only, whatever an import brought.
    pub photo_url: String,
    /// Gender.
    pub gender: Gender,
    /// YYYYMMDD recommended; any u32 is kept.
    pub birth_date: u32,
    /// At most 16 bytes.
    pub location: String,
    /// The status line, at most 500 bytes.
    pub whats_up: String,
    /// The verification mode for friend requests.
    pub friend_verification: FriendVerification,
    /// A number without a published list.
    pub language: u32,
    /// Bit 0: 0 receives messages, 1 does not.
    pub message_settings: u32,
    /// Whether the account may send friend requests.
    pub friending: Friending,
    /// Any u32.
    pub level: u32,
    /// Any u32.
    pub role: u32,
    /// What it has in the application's custom fields, by name; a field without anything is not there.
    #[serde(default)]
    pub custom: BTreeMap<String, String>,
    /// When this incarnation was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Starts at 1 and grows with each change.
    pub version: i64,
}

impl Account {
    /// The strong entity tag of this state. It names the incarnation (creation time) and the version, so that
    /// an account which was deleted and created again never matches an old tag.
    ///
    /// ```
    /// # use rollcall_shared::account::{etag, NewAccount};
    /// # use rollcall_shared::time::Timestamp;
    /// assert_eq!(etag(Timestamp::from_millis(255), 3), "\"ff-3\"");
    /// ```
    pub fn etag(&self) -> String {
        etag(self.created_at, self.version)
    }
}

/// The entity tag of an incarnation and a version: see [`Account::etag`].
pub fn etag(created_at: Timestamp, version: i64) -> String {
    format!("\"{:x}-{version}\"", created_at.millis())
}

/// The incarnation and version that an entity tag names; `None` when the text is no tag of ours.
pub fn parse_etag(tag: &str) -> Option<(Timestamp, i64)> {
    let (created, version) = tag.trim().strip_prefix('"')?.strip_suffix('"')?.split_once('-')?;
    Some((Timestamp::from_millis(i64::from_str_radix(created, 16).ok()?), version.parse().ok()?))
}

/// An account to be created. A field that is absent takes the default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewAccount {
    /// The username, required.
    pub user_id: String,
    /// General unless said otherwise.
    #[serde(rename = "type", default)]
    pub account_type: AccountType,
    /// The nickname.
    #[serde(default)]
    pub nickname: String,
    /// The URL of the photo.
    #[serde(default)]
    pub photo_url: String,
    /// See [`Account::gender`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gender: Option<Gender>,
    /// See [`Account::birth_date`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<u32>,
    /// See [`Account::location`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// See [`Account::whats_up`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whats_up: Option<String>,
    /// The application's default when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub friend_verification: Option<FriendVerification>,
    /// See [`Account::language`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<u32>,
    /// See [`Account::message_settings`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_settings: Option<u32>,
    /// See [`Account::friending`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub friending: Option<Friending>,
    /// See [`Account::level`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<u32>,
    /// See [`Account::role`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<u32>,
    /// Custom fields by name, each at most 500 bytes; an empty text is as good as none.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub custom: BTreeMap<String, String>,
}

impl NewAccount {
    /// A general account with this username and nothing else.
    pub fn new(user_id: impl Into<String>) -> Self {
        Self { user_id: user_id.into(), ..Self::default() }
    }

    /// The account as it will be stored.
    pub fn into_account(self, now: Timestamp, friend_verification_default: FriendVerification) -> Account {
        Account {
            user_id: self.user_id,
            account_type: self.account_type,
            nickname: self.nickname,
            photo_url: self.photo_url,
            gender: self.gender.unwrap_or_default(),
            birth_date: self.birth_date.unwrap_or_default(),
            location: self.location.unwrap_or_default(),
            whats_up: self.whats_up.unwrap_or_default(),
            friend_verification: self.friend_verification.unwrap_or(friend_verification_default),
            language: self.language.unwrap_or_default(),
            message_settings: self.message_settings.unwrap_or_default(),
            friending: self.friending.unwrap_or_default(),
            level: self.level.unwrap_or_default(),
            role: self.role.unwrap_or_default(),
            custom: self.custom.into_iter().filter(|(_, value)| !value.is_empty()).collect(),
            created_at: now,
            updated_at: now,
            version: 1,
        }
    }
}

/// What a patch says about one field: nothing, "back to the default" (`null` on the wire), or a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Patch<T> {
    /// The field is absent: it keeps its value.
    #[default]
    Keep,
    /// `null`: the field takes its default.
    Reset,
    /// The field takes this value.
    Set(T),
}

impl<T> Patch<T> {
    /// Whether the field is absent.
    pub const fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }

    /// The value to write into `slot`, if the patch says anything.
    pub fn apply(self, slot: &mut T, default: T) {
        match self {
            Self::Keep => {}
            Self::Reset => *slot = default,
            Self::Set(value) => *slot = value,
        }
    }

    /// The value that is set, if one is.
    pub const fn value(&self) -> Option<&T> {
        match self {
            Self::Set(value) => Some(value),
            Self::Keep | Self::Reset => None,
        }
    }
}

impl<T: Serialize> Serialize for Patch<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Keep | Self::Reset => serializer.serialize_none(),
            Self::Set(value) => value.serialize(serializer),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Reset, Self::Set))
    }
}

/// A change of an account: only the fields that are present are checked and written.
///
/// ```
/// use rollcall_shared::account::{AccountPatch, Patch};
/// let patch: AccountPatch = serde_json::from_str(r#"{"nickname":"Ming","level":null}"#).unwrap();
/// assert_eq!(patch.nickname, Patch::Set("Ming".to_owned()));
/// assert_eq!(patch.level, Patch::Reset);
/// assert!(patch.role.is_keep());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AccountPatch {
    /// See [`Account::nickname`].
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub nickname: Patch<String>,
    /// See [`Account::photo_url`].
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub photo_url: Patch<String>,
    /// See [`Account::gender`].
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Gender>))]
    pub gender: Patch<Gender>,
    /// See [`Account::birth_date`].
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<u32>))]
    pub birth_date: Patch<u32>,
    /// See [`Account::location`].
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub location: Patch<String>,
    /// See [`Account::whats_up`].
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub whats_up: Patch<String>,
    /// See [`Account::friend_verification`]; `null` is the application's default.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<FriendVerification>))]
    pub friend_verification: Patch<FriendVerification>,
    /// See [`Account::language`].
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<u32>))]
    pub language: Patch<u32>,
    /// See [`Account::message_settings`].
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<u32>))]
    pub message_settings: Patch<u32>,
    /// See [`Account::friending`].
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Friending>))]
    pub friending: Patch<Friending>,
    /// See [`Account::level`].
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<u32>))]
    pub level: Patch<u32>,
    /// See [`Account::role`].
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<u32>))]
    pub role: Patch<u32>,
    /// Only the custom fields that are named; `null` or an empty text empties one, `null` in place of all of them
    /// empties all.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<BTreeMap<String, Option<String>>>))]
    pub custom: Patch<CustomPatch>,
}

/// New values of custom fields, by name.
pub type CustomPatch = BTreeMap<String, Option<String>>;

impl AccountPatch {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Writes the patch into `account`. Version and times are the caller's.
    pub fn apply(self, account: &mut Account, friend_verification_default: FriendVerification) {
        // Destructured, so that a new field cannot be forgotten.
        let Self {
            nickname,
            photo_url,
            gender,
            birth_date,
            location,
            whats_up,
            friend_verification,
            language,
            message_settings,
            friending,
            level,
            role,
            custom,
        } = self;
        nickname.apply(&mut account.nickname, String::new());
        photo_url.apply(&mut account.photo_url, String::new());
        gender.apply(&mut account.gender, Gender::default());
        birth_date.apply(&mut account.birth_date, 0);
        location.apply(&mut account.location, String::new());
        whats_up.apply(&mut account.whats_up, String::new());
        friend_verification.apply(&mut account.friend_verification, friend_verification_default);
        language.apply(&mut account.language, 0);
        message_settings.apply(&mut account.message_settings, 0);
        friending.apply(&mut account.friending, Friending::default());
        level.apply(&mut account.level, 0);
        role.apply(&mut account.role, 0);
        match custom {
            Patch::Keep => {}
            Patch::Reset => account.custom.clear(),
            Patch::Set(values) => values
                .into_iter()
                .for_each(|(field, value)| custom_field::put(&mut account.custom, &field, value.as_deref())),
        }
    }
}
