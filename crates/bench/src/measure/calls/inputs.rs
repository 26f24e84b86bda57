//! What is asked: the commands, accounts that are there, accounts that are new, and UserSigs.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

use rollcall_demo::{SEED, bench};
use rollcall_shared::account::NewAccount;
use rollcall_shared::app::SdkAppId;
use rollcall_shared::time::Timestamp;
use rollcall_store::{Actor, Change};
use serde_json::{Value, json};

use crate::Result;

/// Accounts of a call, but for an import of one.
pub const BATCH: usize = 100;

/// Who calls: every application has this admin from its birth.
pub const ADMIN: &str = "administrator";

/// Different calls, at most. Each is made again in time, and until then the database has seen many others.
const CALLS: usize = 1_000;

/// Every tag of a profile, because the store reads all of them.
const TAGS: [&str; 12] = [
    "Tag_Profile_IM_Nick",
    "Tag_Profile_IM_Gender",
    "Tag_Profile_IM_BirthDay",
    "Tag_Profile_IM_Location",
    "Tag_Profile_IM_SelfSignature",
    "Tag_Profile_IM_AllowType",
    "Tag_Profile_IM_Language",
    "Tag_Profile_IM_Image",
    "Tag_Profile_IM_MsgSettings",
    "Tag_Profile_IM_AdminForbidType",
    "Tag_Profile_IM_Level",
    "Tag_Profile_IM_Role",
];

/// A command of the server API that has a call of the store behind it.
#[derive(Clone, Copy, Debug)]
pub enum Command {
    /// `account_check`, of accounts that are there.
    Check,
    /// `portrait_get`, of accounts that are there.
    Get,
    /// `account_import` of a new account.
    Import,
    /// `multiaccount_import` of new accounts.
    ImportMany,
}

impl Command {
    /// In the order in which they are measured: those that change nothing first.
    pub const ALL: [Self; 4] = [Self::Check, Self::Get, Self::Import, Self::ImportMany];

    /// How the table calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Check => "account_check of 100",
            Self::Get => "portrait_get of 100",
            Self::Import => "account_import",
            Self::ImportMany => "multiaccount_import of 100",
        }
    }

    /// Its place beneath the server's address.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Check => "/v4/im_open_login_svc/account_check",
            Self::Get => "/v4/profile/portrait_get",
            Self::Import => "/v4/im_open_login_svc/account_import",
            Self::ImportMany => "/v4/im_open_login_svc/multiaccount_import",
        }
    }
}

/// An application and its secret key.
pub struct Keyed {
    /// The application.
    pub app: SdkAppId,
    /// Its secret key.
    pub key: String,
}

/// Everything that callers share.
pub struct Inputs {
    /// The large application, for commands that read.
    large: Keyed,
    /// One that exists only for this, for commands that write.
    own: Keyed,
    /// User IDs that are there, and the same as bodies of the commands that read.
    there: Vec<There>,
    /// How many new accounts were handed out.
    new: AtomicU64,
    now: Timestamp,
}

struct There {
    ids: Vec<String>,
    check: String,
    get: String,
}

impl Inputs {
    /// For a large application with this many of the demo's accounts.
    pub fn new(large: Keyed, own: Keyed, rows: u64, now: Timestamp) -> Result<Self> {
        let there = there(rows, now);
        if there.is_empty() {
            return Err(format!("calls of {BATCH} accounts need as many rows").into());
        }
        Ok(Self { large, own, there, new: AtomicU64::new(0), now })
    }

    /// The application that a command is about.
    pub const fn of(&self, command: Command) -> &Keyed {
        match command {
            Command::Check | Command::Get => &self.large,
            Command::Import | Command::ImportMany => &self.own,
        }
    }

    /// User IDs that are there, others for every call.
    pub fn ids(&self, call: usize) -> &[String] {
        &self.there(call).ids
    }

    /// As many accounts as the command takes, each of them new.
    pub fn accounts(&self, command: Command) -> Vec<NewAccount> {
        let count = if matches!(command, Command::Import) { 1 } else { BATCH };
        self.take(count).map(new_account).collect()
    }

    /// The body of a call.
    pub fn body(&self, command: Command, call: usize) -> String {
        match command {
            Command::Check => self.there(call).check.clone(),
            Command::Get => self.there(call).get.clone(),
            Command::Import => {
                self.take(1).map(|number| imported(&new_account(number)).to_string()).collect()
            }
            Command::ImportMany => {
                let list: Vec<Value> = self.accounts(command).iter().map(imported).collect();
                json!({ "AccountList": list }).to_string()
            }
        }
    }

    /// The query of a call; each `number` has a UserSig of its own.
    pub fn query(&self, command: Command, number: usize) -> String {
        let Keyed { app, key } = self.of(command);
        // Good for different times: whoever keeps judgements of UserSigs has to know more than one.
        let expire = usersig::MAX_EXPIRE - number as i64;
        let usersig = usersig::Claims::new(app.0, ADMIN, self.now.seconds(), expire).sign(key);
        format!("sdkappid={app}&identifier={ADMIN}&usersig={usersig}&random={number}&contenttype=json")
    }

    /// The change that the server makes of an import.
    pub fn change(&self) -> Change {
        Change { actor: Actor::Admin(ADMIN.to_owned()), now: self.now }
    }

    /// Numbers that nobody else gets.
    fn take(&self, count: usize) -> Range<u64> {
        let count = count as u64;
        let first = self.new.fetch_add(count, Ordering::Relaxed);
        first..first + count
    }

    fn there(&self, call: usize) -> &There {
        &self.there[call % self.there.len()]
    }
}

/// Batches whose accounts lie far apart, by username (which the demo draws at random) and in the table (where they lie in the
/// order in which they were made).
fn there(rows: u64, now: Timestamp) -> Vec<There> {
    let rows = usize::try_from(rows).unwrap_or(usize::MAX);
    let step = (rows / (CALLS * BATCH)).max(1);
    let ids = bench::accounts(rows as u64, SEED, now).step_by(step).map(|account| account.user_id);
    let ids: Vec<String> = ids.collect();
    let calls = (ids.len() / BATCH).min(CALLS);
    let batch = |call: usize| ids.iter().skip(call).step_by(calls).take(BATCH).cloned().collect();
    (0..calls).map(|call| There::of(batch(call))).collect()
}

impl There {
    fn of(ids: Vec<String>) -> Self {
        let items: Vec<Value> = ids.iter().map(|id| json!({ "UserID": id })).collect();
        let check = json!({ "CheckItem": items }).to_string();
        let get = json!({ "To_Account": ids, "TagList": TAGS }).to_string();
        Self { ids, check, get }
    }
}

/// A new account. An odd factor makes different numbers of different numbers, in no order, as usernames come.
fn new_account(number: u64) -> NewAccount {
    let scattered = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    NewAccount {
        nickname: format!("Élodie 明远 {number}"),
        photo_url: format!("https://cdn.example.org/avatars/{scattered:016x}.webp"),
        ..NewAccount::new(format!("call_{scattered:016x}"))
    }
}

fn imported(account: &NewAccount) -> Value {
    json!({ "UserID": account.user_id, "Nick": account.nickname, "FaceUrl": account.photo_url })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn inputs(rows: u64) -> Result<Inputs> {
        let keyed = |app| Keyed { app: SdkAppId(app), key: "key".to_owned() };
        Inputs::new(keyed(1), keyed(2), rows, Timestamp::from_millis(1_795_284_000_000))
    }

    #[test]
    fn a_call_names_a_hundred_different_accounts() {
        let inputs = inputs(250).unwrap();
        for call in 0..3 {
            let ids: HashSet<&String> = inputs.ids(call).iter().collect();
            assert_eq!(ids.len(), BATCH);
        }
        assert_ne!(inputs.ids(0), inputs.ids(1));
        assert!(self::inputs(99).is_err());
    }

    #[test]
    fn no_account_is_new_twice() {
        let inputs = inputs(100).unwrap();
        let mut seen = HashSet::new();
        for command in [Command::Import, Command::ImportMany, Command::Import] {
            for account in inputs.accounts(command) {
                assert!(account.user_id.len() <= 32);
                assert!(seen.insert(account.user_id));
            }
        }
        assert_eq!(seen.len(), BATCH + 2);
    }
}
