//! What a review found that would be done to one account: all that is needed to do it, to see that it is still what was
//! reviewed, and to take it back.

use rollcall_shared::{
    account::{AccountPatch, NewAccount},
    import::{ChangeKind, RowChange, changes},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// A change of one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedChange {
    /// The row of the file that asks for it.
    pub row: u64,
    /// What would be done.
    #[serde(flatten)]
    pub planned: Planned,
}

/// What would be done to an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Planned {
    /// It would be created.
    Create(Box<NewAccount>),
    /// It would be changed.
    Update {
        /// Whose account.
        user_id: String,
        /// The incarnation that was looked at.
        created_at: Timestamp,
        /// Its version then.
        version: i64,
        /// What takes the change back.
        before: Box<AccountPatch>,
        /// The change.
        after: Box<AccountPatch>,
    },
}

impl PlannedChange {
    /// Whose account.
    pub fn user_id(&self) -> &str {
        match &self.planned {
            Planned::Create(account) => &account.user_id,
            Planned::Update { user_id, .. } => user_id,
        }
    }

    /// As an operator sees it.
    pub fn show(&self) -> RowChange {
        let (kind, fields) = match &self.planned {
            Planned::Create(account) => (ChangeKind::Create, created(account)),
            Planned::Update { before, after, .. } => (ChangeKind::Update, changes(before, after)),
        };
        RowChange { row: self.row, user_id: self.user_id().to_owned(), kind, fields }
    }
}

/// The fields of a new account that are not at their default.
fn created(account: &NewAccount) -> Vec<rollcall_shared::import::FieldChange> {
    let default = NewAccount::new(account.user_id.as_str());
    let blank = default.into_account(Timestamp::from_millis(0), Default::default());
    let whole = account.clone().into_account(Timestamp::from_millis(0), Default::default());
    let (after, _) = rollcall_shared::import::between(&blank, &whole);
    let mut fields = changes(&AccountPatch::default(), &after);
    if whole.account_type != blank.account_type {
        let after = whole.account_type.to_string();
        fields.insert(
            0,
            rollcall_shared::import::FieldChange { field: "type".into(), before: String::new(), after },
        );
    }
    fields
}
