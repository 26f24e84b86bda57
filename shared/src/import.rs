//! What a table that someone brings says about accounts: which of its columns means what, what a row asks for, and how an import
//! stands. Pure: the console shows it while someone chooses columns, and the server reads files by it. How files are read is not
//! here.
//!
//! ```
//! use rollcall_shared::import::{EmptyCells, Mapping, guess};
//!
//! let header = ["User ID", "Nick name", "Team"].map(str::to_owned);
//! let mapping = Mapping::new(guess(&header, &[])).unwrap();
//! let row = mapping.read(&["ming", "赵明远", "red"], EmptyCells::Keep).unwrap();
//! assert_eq!(row.user_id, "ming");
//! assert_eq!(row.patch.nickname.value().unwrap(), "赵明远");
//! ```

mod cell;
mod difference;
mod mapping;
mod run;

pub use difference::{between, changes};
pub use mapping::{Mapping, guess};
pub use run::{
    Applied, ApplyRequest, CellError, ChangeKind, FILE_BYTES_MAX, FILE_NAME_MAX, FieldChange, IMPORTS_MAX,
    Import, ImportStage, ImportState, ImportTask, NewImport, PART_BYTES, Preview, Reading, RefusedRow,
    Review, ReviewPage, ReviewRequest, RowChange, SAMPLE_ROWS, Undone,
};

use crate::{
    account::{AccountPatch, NewAccount, Patch},
    error::FieldError,
    profile::{AccountType, UnknownValue, closed_set},
    validate,
};
use serde::{Deserialize, Serialize};

closed_set! {
    /// Which accounts an import may touch.
    ImportPolicy {
        /// New ones are created, those that are there get what the file says.
        #[default]
        Both = 0 => "both",
        /// New ones are created; those that are there are refused.
        Create = 1 => "create",
        /// Those that are there get what the file says; new ones are refused.
        Update = 2 => "update",
    }
}

closed_set! {
    /// What an empty cell says of an account that is there.
    EmptyCells {
        /// Nothing: the field keeps its value.
        #[default]
        Keep = 0 => "keep",
        /// The field takes its default.
        Clear = 1 => "clear",
    }
}

/// What a row asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRow {
    /// Whose account.
    pub user_id: String,
    /// The type of a new account. That of an account which is there never changes.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub account_type: Option<AccountType>,
    /// The fields that it names.
    #[serde(default)]
    pub patch: AccountPatch,
}

impl ImportRow {
    /// Everything that is wrong with it, whether the account is there or not.
    pub fn errors(&self) -> Vec<FieldError> {
        validate::user_id(&self.user_id).into_iter().chain(validate::patch(&self.patch)).collect()
    }

    /// The account that it creates if there is none.
    pub fn into_new(self) -> NewAccount {
        let Self { user_id, account_type, patch } = self;
        // Destructured, so that a new field cannot be forgotten.
        let AccountPatch {
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
        } = patch;
        let custom = set(custom).unwrap_or_default();
        NewAccount {
            user_id,
            account_type: account_type.unwrap_or_default(),
            nickname: set(nickname).unwrap_or_default(),
            photo_url: set(photo_url).unwrap_or_default(),
            gender: set(gender),
            birth_date: set(birth_date),
            location: set(location),
            whats_up: set(whats_up),
            friend_verification: set(friend_verification),
            language: set(language),
            message_settings: set(message_settings),
            friending: set(friending),
            level: set(level),
            role: set(role),
            custom: custom.into_iter().filter_map(|(field, value)| Some((field, value?))).collect(),
        }
    }
}

fn set<T>(patch: Patch<T>) -> Option<T> {
    match patch {
        Patch::Set(value) => Some(value),
        Patch::Keep | Patch::Reset => None,
    }
}
