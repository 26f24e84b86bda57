//! Events, kept in the transaction of what they tell: there is none of what was undone, and none is lost.

use crate::{
    Change, Result, StoreError,
    apps::HeldApp,
    db::{Conn, sql},
};
use rollcall_shared::{
    account::Account,
    app::SdkAppId,
    webhook::{DeliveryState, WebhookEvent},
};
use serde::{Deserialize, Serialize};

/// The most accounts that one event names.
const ACCOUNTS_MAX: usize = 1000;

/// What happened to accounts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Happened {
    /// These were created. At most 1,000.
    Imported(Vec<String>),
    /// These were deleted. At most 1,000.
    Deleted(Vec<String>),
    /// A client of one connected or left.
    StateChanged {
        /// The account.
        user_id: String,
        /// What it did.
        change: StateChange,
    },
    /// The profile of one was changed.
    ProfileChanged {
        /// As it was.
        before: Box<Account>,
        /// As it is.
        after: Box<Account>,
    },
}

/// What a client did, or what became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StateChange {
    /// It connected.
    Login,
    /// It said that it leaves.
    Logout,
    /// Its connection was closed, or ended by the server.
    Closed,
    /// Nothing was heard of it any more.
    Lost,
}

impl StateChange {
    pub(crate) fn of(self, user_id: &str) -> Happened {
        Happened::StateChanged { user_id: user_id.to_owned(), change: self }
    }
}

impl Happened {
    /// If there are any.
    pub(crate) fn imported(user_ids: Vec<String>) -> Option<Self> {
        (!user_ids.is_empty()).then_some(Self::Imported(user_ids))
    }

    /// If there are any.
    pub(crate) fn deleted(user_ids: impl IntoIterator<Item = String>) -> Option<Self> {
        let mut user_ids: Vec<String> = user_ids.into_iter().collect();
        user_ids.sort_unstable();
        (!user_ids.is_empty()).then_some(Self::Deleted(user_ids))
    }

    /// If the profile is not as it was.
    pub(crate) fn to_profile(before: &Account, after: &Account) -> Option<Self> {
        let Account { account_type, created_at, updated_at, version, .. } = before;
        let (account_type, created_at, updated_at, version) =
            (*account_type, *created_at, *updated_at, *version);
        let same = Account { account_type, created_at, updated_at, version, ..after.clone() } == *before;
        (!same).then(|| Self::ProfileChanged { before: before.clone().into(), after: after.clone().into() })
    }

    /// What is left of it without this account; `None` if it is about nobody else.
    pub(crate) fn without(self, user_id: &str) -> Option<Self> {
        let others = |mut ids: Vec<String>| {
            ids.retain(|id| id != user_id);
            (!ids.is_empty()).then_some(ids)
        };
        match self {
            Self::Imported(ids) => others(ids).map(Self::Imported),
            Self::Deleted(ids) => others(ids).map(Self::Deleted),
            Self::StateChanged { user_id: of, .. } if of == user_id => None,
            Self::ProfileChanged { after, .. } if after.user_id == user_id => None,
            other => Some(other),
        }
    }

    const fn event(&self) -> WebhookEvent {
        match self {
            Self::Imported(_) => WebhookEvent::AccountsImported,
            Self::Deleted(_) => WebhookEvent::AccountsDeleted,
            Self::ProfileChanged { .. } => WebhookEvent::ProfileChanged,
            Self::StateChanged { .. } => WebhookEvent::StateChanged,
        }
    }
}

/// Keeps what happened for the application's webhook, if it is told of it.
pub(crate) async fn tell(
    conn: &mut Conn,
    change: &Change,
    app: SdkAppId,
    held: &HeldApp,
    happened: Option<Happened>,
) -> Result<()> {
    let Some(happened) = happened.filter(|happened| held.webhook_events & happened.event().bit() != 0) else {
        return Ok(());
    };
    let some = |ids: Vec<String>, of: fn(Vec<String>) -> Happened| {
        ids.chunks(ACCOUNTS_MAX).map(|ids| of(ids.to_vec())).collect::<Vec<_>>()
    };
    let all = match happened {
        Happened::Imported(ids) => some(ids, Happened::Imported),
        Happened::Deleted(ids) => some(ids, Happened::Deleted),
        one @ (Happened::ProfileChanged { .. } | Happened::StateChanged { .. }) => vec![one],
    };
    for happened in all {
        keep(conn, change, app, &happened).await?;
    }
    Ok(())
}

async fn keep(conn: &mut Conn, change: &Change, app: SdkAppId, happened: &Happened) -> Result<()> {
    let text = serde_json::to_string(happened).map_err(|error| StoreError::Corrupt(error.to_string()))?;
    let mut keep =
        sql("INSERT INTO outbox (app_id, event, happened, created_at, created_by, state, attempts, \
         tried_at, status, answer, millis, id) VALUES ($1, $2, $3, $4, $5, $6, 0, 0, 0, '', 0, ");
    // Only tells events apart.
    keep.push(conn.engine().pick("lower(hex(randomblob(16)))", "CAST(gen_random_uuid() AS TEXT)")).push(")");
    let keep = keep.bind(app).bind(happened.event().code()).bind(text).bind(change.now);
    conn.execute(keep.bind(change.actor.to_string()).bind(DeliveryState::Waiting.code())).await.map(drop)
}
