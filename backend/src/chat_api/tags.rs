//! The tags of profiles: their names, JSON types and limits, and what they are of an account.

use super::{answer::Fault, codes};
use rollcall_shared::{
    account::{Account, AccountPatch, Patch},
    profile::{FriendVerification, Friending, Gender, LOCATION_MAX, TEXT_MAX},
    validate,
};
use serde_json::{Value, json};

/// A field of a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag {
    Nick,
    Gender,
    BirthDay,
    Location,
    SelfSignature,
    AllowType,
    Language,
    Image,
    MsgSettings,
    AdminForbidType,
    Level,
    Role,
}

impl Tag {
    /// Every tag.
    pub const ALL: [Self; 12] = [
        Self::Nick,
        Self::Gender,
        Self::BirthDay,
        Self::Location,
        Self::SelfSignature,
        Self::AllowType,
        Self::Language,
        Self::Image,
        Self::MsgSettings,
        Self::AdminForbidType,
        Self::Level,
        Self::Role,
    ];

    /// Its name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Nick => "Tag_Profile_IM_Nick",
            Self::Gender => "Tag_Profile_IM_Gender",
            Self::BirthDay => "Tag_Profile_IM_BirthDay",
            Self::Location => "Tag_Profile_IM_Location",
            Self::SelfSignature => "Tag_Profile_IM_SelfSignature",
            Self::AllowType => "Tag_Profile_IM_AllowType",
            Self::Language => "Tag_Profile_IM_Language",
            Self::Image => "Tag_Profile_IM_Image",
            Self::MsgSettings => "Tag_Profile_IM_MsgSettings",
            Self::AdminForbidType => "Tag_Profile_IM_AdminForbidType",
            Self::Level => "Tag_Profile_IM_Level",
            Self::Role => "Tag_Profile_IM_Role",
        }
    }

    /// The tag of a name.
    pub fn of(name: &str) -> Result<Self, Fault> {
        let tag = Self::ALL.into_iter().find(|tag| tag.name() == name);
        tag.ok_or_else(|| Fault::because(codes::PROFILE_NO_TAG, name))
    }

    /// Its value of an account.
    pub fn value(self, account: &Account) -> Value {
        match self {
            Self::Nick => json!(account.nickname),
            Self::Gender => json!(gender(account.gender)),
            Self::BirthDay => json!(account.birth_date),
            Self::Location => json!(account.location),
            Self::SelfSignature => json!(account.whats_up),
            Self::AllowType => json!(verification(account.friend_verification)),
            Self::Language => json!(account.language),
            Self::Image => json!(account.photo_url),
            Self::MsgSettings => json!(account.message_settings),
            Self::AdminForbidType => json!(friending(account.friending)),
            Self::Level => json!(account.level),
            Self::Role => json!(account.role),
        }
    }

    /// Adds the value to a patch.
    pub fn set(self, patch: &mut AccountPatch, value: &Value) -> Result<(), Fault> {
        match self {
            Self::Nick => patch.nickname = Patch::Set(self.text(value, TEXT_MAX)?),
            Self::Image => patch.photo_url = Patch::Set(self.text(value, TEXT_MAX)?),
            Self::SelfSignature => patch.whats_up = Patch::Set(self.text(value, TEXT_MAX)?),
            Self::Location => patch.location = Patch::Set(self.text(value, LOCATION_MAX)?),
            Self::Gender => patch.gender = Patch::Set(self.choice(value, Gender::ALL, gender)?),
            Self::AllowType => {
                patch.friend_verification =
                    Patch::Set(self.choice(value, FriendVerification::ALL, verification)?);
            }
            Self::AdminForbidType => {
                patch.friending = Patch::Set(self.choice(value, Friending::ALL, friending)?)
            }
            Self::BirthDay => patch.birth_date = Patch::Set(self.number(value)?),
            Self::Language => patch.language = Patch::Set(self.number(value)?),
            Self::MsgSettings => patch.message_settings = Patch::Set(self.number(value)?),
            Self::Level => patch.level = Patch::Set(self.number(value)?),
            Self::Role => patch.role = Patch::Set(self.number(value)?),
        }
        Ok(())
    }

    fn bad_type(self) -> Fault {
        Fault::because(codes::PROFILE_BAD_TYPE, self.name())
    }

    fn text(self, value: &Value, most: usize) -> Result<String, Fault> {
        let text = value.as_str().ok_or_else(|| self.bad_type())?;
        if text.len() > most {
            return Err(Fault::because(
                codes::PROFILE_TOO_LONG,
                &format!("{} takes {most} bytes.", self.name()),
            ));
        }
        if validate::text(self.name(), text, most).is_some() {
            return Err(Fault::because(codes::PROFILE_BAD_VALUE, self.name()));
        }
        Ok(text.to_owned())
    }

    fn number(self, value: &Value) -> Result<u32, Fault> {
        let number = value.as_u64().ok_or_else(|| self.bad_type())?;
        u32::try_from(number).map_err(|_| Fault::because(codes::PROFILE_BAD_VALUE, self.name()))
    }

    fn choice<T: Copy>(self, value: &Value, all: &[T], name: fn(T) -> &'static str) -> Result<T, Fault> {
        let text = value.as_str().ok_or_else(|| self.bad_type())?;
        let found = all.iter().copied().find(|one| name(*one) == text);
        found.ok_or_else(|| Fault::because(codes::PROFILE_BAD_VALUE, self.name()))
    }
}

const fn gender(value: Gender) -> &'static str {
    match value {
        Gender::Unknown => "Gender_Type_Unknown",
        Gender::Female => "Gender_Type_Female",
        Gender::Male => "Gender_Type_Male",
    }
}

const fn verification(value: FriendVerification) -> &'static str {
    match value {
        FriendVerification::NeedConfirm => "AllowType_Type_NeedConfirm",
        FriendVerification::AllowAny => "AllowType_Type_AllowAny",
        FriendVerification::DenyAny => "AllowType_Type_DenyAny",
    }
}

const fn friending(value: Friending) -> &'static str {
    match value {
        Friending::Allowed => "AdminForbid_Type_None",
        Friending::Forbidden => "AdminForbid_Type_SendOut",
    }
}
