//! The tags of profiles: their names, JSON types and limits, and what they are of an account.

use super::{admin::AppAdmin, answer::Fault, codes};
use rollcall_shared::{
    account::{Account, AccountPatch, CustomPatch, Patch},
    custom_field::FieldName,
    profile::{FriendVerification, Friending, Gender, LOCATION_MAX, TEXT_MAX},
    validate,
};
use serde::Serialize;
use serde_json::Value;
use std::{borrow::Cow, collections::BTreeSet};

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
    /// A field that the application defines.
    Custom(FieldName),
}

/// What a tag says of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum TagValue<'a> {
    /// A text.
    Text(&'a str),
    /// A number.
    Number(u32),
}

/// What the names of custom fields begin with.
const CUSTOM: &str = "Tag_Profile_Custom_";

impl Tag {
    /// Every tag that every application has.
    pub const OWN: [Self; 12] = [
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
    pub fn name(self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Custom(field) => return Cow::Owned(format!("{CUSTOM}{field}")),
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
        })
    }

    /// The tag of a name. Whether the application defines a custom field of this name is for the caller to see.
    pub fn of(name: &str) -> Result<Self, Fault> {
        let tag = match name.strip_prefix(CUSTOM) {
            Some(field) => field.parse().ok().map(Self::Custom),
            None => Self::OWN.into_iter().find(|tag| tag.name() == name),
        };
        tag.ok_or_else(|| Fault::because(codes::PROFILE_NO_TAG, name))
    }

    /// The tag of each name, if the caller may read it.
    pub fn readable(names: &[String], admin: &AppAdmin) -> Result<Vec<Self>, Fault> {
        let tags = names.iter().map(|name| Self::of(name)).collect::<Result<Vec<_>, _>>()?;
        let custom: Vec<FieldName> = tags.iter().filter_map(|tag| tag.custom()).collect();
        if !custom.is_empty() {
            let fields = admin.custom_fields()?;
            for name in custom {
                let field = fields.iter().find(|field| field.name == name.as_str());
                let field = field.ok_or_else(|| Fault::because(codes::PROFILE_NO_TAG, name.as_str()))?;
                if !field.readable {
                    return Err(Fault::because(codes::PROFILE_NOT_READABLE, name.as_str()));
                }
            }
        }
        Ok(tags)
    }

    const fn custom(self) -> Option<FieldName> {
        match self {
            Self::Custom(name) => Some(name),
            _ => None,
        }
    }

    /// The tags in which two states of an account differ.
    pub fn changed(before: &Account, after: &Account) -> Vec<Self> {
        let names: BTreeSet<&String> = before.custom.keys().chain(after.custom.keys()).collect();
        let custom = names.into_iter().filter_map(|name| name.parse().ok().map(Self::Custom));
        let all = Self::OWN.into_iter().chain(custom);
        all.filter(|tag| tag.value(before) != tag.value(after)).collect()
    }

    /// Its value of an account; none for a custom field that has nothing in it.
    pub fn value(self, account: &Account) -> Option<TagValue<'_>> {
        use TagValue::{Number, Text};
        Some(match self {
            Self::Custom(name) => Text(account.custom.get(name.as_str())?),
            Self::Nick => Text(&account.nickname),
            Self::Gender => Text(gender(account.gender)),
            Self::BirthDay => Number(account.birth_date),
            Self::Location => Text(&account.location),
            Self::SelfSignature => Text(&account.whats_up),
            Self::AllowType => Text(verification(account.friend_verification)),
            Self::Language => Number(account.language),
            Self::Image => Text(&account.photo_url),
            Self::MsgSettings => Number(account.message_settings),
            Self::AdminForbidType => Text(friending(account.friending)),
            Self::Level => Number(account.level),
            Self::Role => Number(account.role),
        })
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
            Self::Custom(name) => {
                let value = self.text(value, TEXT_MAX)?;
                let mut values = match std::mem::take(&mut patch.custom) {
                    Patch::Set(values) => values,
                    Patch::Keep | Patch::Reset => CustomPatch::new(),
                };
                values.insert(name.to_string(), Some(value));
                patch.custom = Patch::Set(values);
            }
        }
        Ok(())
    }

    fn bad_type(self) -> Fault {
        Fault::because(codes::PROFILE_BAD_TYPE, &self.name())
    }

    fn text(self, value: &Value, most: usize) -> Result<String, Fault> {
        let text = value.as_str().ok_or_else(|| self.bad_type())?;
        if text.len() > most {
            return Err(Fault::because(
                codes::PROFILE_TOO_LONG,
                &format!("{} takes {most} bytes.", self.name()),
            ));
        }
        if validate::text(&self.name(), text, most).is_some() {
            return Err(Fault::because(codes::PROFILE_BAD_VALUE, &self.name()));
        }
        Ok(text.to_owned())
    }

    fn number(self, value: &Value) -> Result<u32, Fault> {
        let number = value.as_u64().ok_or_else(|| self.bad_type())?;
        u32::try_from(number).map_err(|_| Fault::because(codes::PROFILE_BAD_VALUE, &self.name()))
    }

    fn choice<T: Copy>(self, value: &Value, all: &[T], name: fn(T) -> &'static str) -> Result<T, Fault> {
        let text = value.as_str().ok_or_else(|| self.bad_type())?;
        let found = all.iter().copied().find(|one| name(*one) == text);
        found.ok_or_else(|| Fault::because(codes::PROFILE_BAD_VALUE, &self.name()))
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
