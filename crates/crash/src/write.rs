//! The writes of the load: what each asks for, what its answer means, and what it leaves behind.

use hyper::Method;
use rollcall_shared::account::{Account, NewAccount};
use rollcall_shared::app::SdkAppId;
use rollcall_shared::paths;
use rollcall_shared::selection::{BatchResults, ItemStatus};
use serde_json::json;

use crate::book::{Expected, Known};
use crate::client::{Answer, Ask};

/// The header that makes a creation safe to send again.
const KEY: &str = "Idempotency-Key";

/// The server API's answer that means "not now".
const TOO_MANY_CALLS: u64 = 60007;
/// Those that mean a fault: perhaps done, perhaps not.
const FAULTS: [u64; 2] = [70500, 70169];

/// A write. Every account in it is one that no other client writes.
#[derive(Clone, Debug)]
pub enum Write {
    /// One account, with a key.
    Create(NewAccount, String),
    /// Several accounts in one transaction, with a key.
    Batch(Vec<NewAccount>, String),
    /// New nicknames and levels for existing accounts in one transaction, with a key.
    Update(Vec<(NewAccount, Known)>, String),
    /// Another nickname and level for this version of an account.
    Edit(Account, NewAccount),
    /// Deletes this version of an account.
    Delete(Account),
    /// Deletes several accounts in one transaction.
    DeleteAll(Vec<String>),
    /// One account by the server API; the query that proves the caller.
    Import(NewAccount, String),
}

/// What an answer says of a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is done.
    Acknowledged,
    /// It had been done by an earlier try, whose answer was lost.
    DoneBefore,
    /// Nobody knows: it must be sent again.
    InDoubt,
    /// It was not done, and may be sent again.
    Later,
    /// It was done twice.
    Doubled,
    /// What must not be answered.
    Wrong,
}

impl Write {
    /// The request.
    pub fn ask(&self, app: SdkAppId) -> Ask {
        match self {
            Self::Create(new, key) => Ask::post(paths::accounts(app), json!(new)).with(KEY, key.clone()),
            Self::Batch(new, key) => {
                let body = json!({ "accounts": new, "on_existing": "refuse" });
                Ask::post(paths::account_batches(app), body).with(KEY, key.clone())
            }
            Self::Update(updates, key) => {
                let accounts: Vec<_> = updates.iter().map(|(new, _)| new).collect();
                let body = json!({ "accounts": accounts, "on_existing": "update" });
                Ask::post(paths::account_batches(app), body).with(KEY, key.clone())
            }
            Self::Edit(old, new) => Ask {
                method: Method::PATCH,
                path: paths::account(app, &old.user_id),
                header: Some(("If-Match", old.etag())),
                body: json!({ "nickname": new.nickname, "level": new.level }),
            },
            Self::Delete(old) => {
                Ask { method: Method::DELETE, ..Ask::get(paths::account(app, &old.user_id)) }
                    .with("If-Match", old.etag())
            }
            Self::DeleteAll(ids) => Ask::post(paths::account_deletions(app), json!({ "user_ids": ids })),
            Self::Import(new, caller) => {
                let path = format!("/v4/im_open_login_svc/account_import?{caller}&random=1&contenttype=json");
                Ask::post(path, json!({ "UserID": new.user_id, "Nick": new.nickname }))
            }
        }
    }

    /// What the answer says; `again` when the write was in doubt before.
    pub fn judge(&self, answer: &Answer, again: bool) -> Verdict {
        match answer.status {
            500.. => return Verdict::InDoubt,
            429 => return Verdict::Later,
            _ => {}
        }
        match self {
            Self::Create(new, _) => acknowledged_if(
                answer.status == 201
                    && answer
                        .read()
                        .is_some_and(|account| known(new).is(&account) && account.user_id == new.user_id),
            ),
            Self::Batch(new, _) => acknowledged_if(all(answer, new.len(), ItemStatus::Created)),
            Self::Update(updates, _) => acknowledged_if(all(answer, updates.len(), ItemStatus::Updated)),
            Self::Edit(old, new) => edited(&after(old, new), answer, again),
            Self::Delete(_) if again && answer.status == 404 => Verdict::DoneBefore,
            Self::Delete(_) => acknowledged_if(answer.status == 204),
            // Refused, all of them: they are gone, and nothing else refuses accounts that are ours alone.
            Self::DeleteAll(ids) if again && all(answer, ids.len(), ItemStatus::Refused) => {
                Verdict::DoneBefore
            }
            Self::DeleteAll(ids) => acknowledged_if(all(answer, ids.len(), ItemStatus::Deleted)),
            Self::Import(..) => imported(answer),
        }
    }

    /// What it leaves behind, when it was answered like this.
    pub fn effects(&self, answer: &Answer) -> Vec<(String, Expected)> {
        let there = |new: &NewAccount| (new.user_id.clone(), Expected::There(known(new)));
        match self {
            Self::Create(new, _) => {
                let made =
                    answer.read::<Account>().map_or_else(|| known(new), |account| Known::from(&account));
                vec![(new.user_id.clone(), Expected::There(made))]
            }
            Self::Batch(new, _) => new.iter().map(there).collect(),
            Self::Import(new, _) => vec![there(new)],
            Self::Update(updates, _) => {
                let updated = |(new, old): &(NewAccount, Known)| Known {
                    created_at: old.created_at,
                    version: old.version + 1,
                    ..known(new)
                };
                updates.iter().map(|u| (u.0.user_id.clone(), Expected::There(updated(u)))).collect()
            }
            Self::Edit(old, new) => vec![(old.user_id.clone(), Expected::There(after(old, new)))],
            Self::Delete(old) => vec![(old.user_id.clone(), Expected::Gone)],
            Self::DeleteAll(ids) => ids.iter().map(|id| (id.clone(), Expected::Gone)).collect(),
        }
    }
}

/// An account with a nickname and a level that say where they come from.
pub fn account(user_id: String, nickname: String, level: u32) -> NewAccount {
    NewAccount { nickname, level: Some(level), ..NewAccount::new(user_id) }
}

fn known(new: &NewAccount) -> Known {
    Known::new(new.nickname.clone(), new.level.unwrap_or_default())
}

fn after(old: &Account, new: &NewAccount) -> Known {
    Known { created_at: Some(old.created_at), version: old.version + 1, ..known(new) }
}

const fn acknowledged_if(good: bool) -> Verdict {
    if good { Verdict::Acknowledged } else { Verdict::Wrong }
}

/// Whether the answer has this result for every account: a transaction is done whole or not at all.
fn all(answer: &Answer, number: usize, status: ItemStatus) -> bool {
    let results = answer.read::<BatchResults>().filter(|_| answer.status == 200);
    results.is_some_and(|batch| {
        batch.results.len() == number && batch.results.iter().all(|result| result.status == status)
    })
}

fn edited(after: &Known, answer: &Answer, again: bool) -> Verdict {
    match answer.status {
        200 => acknowledged_if(answer.read().is_some_and(|account| after.is(&account))),
        412 if again => {
            let current = answer.body.get("current").cloned().unwrap_or_default();
            match serde_json::from_value::<Account>(current) {
                Ok(current) if after.is(&current) => Verdict::DoneBefore,
                Ok(current) if current.version > after.version => Verdict::Doubled,
                _ => Verdict::Wrong,
            }
        }
        _ => Verdict::Wrong,
    }
}

fn imported(answer: &Answer) -> Verdict {
    let code = answer.body.get("ErrorCode").and_then(serde_json::Value::as_u64);
    match code {
        Some(0) => Verdict::Acknowledged,
        Some(TOO_MANY_CALLS) => Verdict::Later,
        Some(code) if FAULTS.contains(&code) => Verdict::InDoubt,
        _ => Verdict::Wrong,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rollcall_shared::profile::FriendVerification;
    use rollcall_shared::time::Timestamp;
    use serde_json::Value;

    fn stored(nickname: &str, version: i64) -> Account {
        let new = account("a".to_owned(), nickname.to_owned(), 7);
        let account = new.into_account(Timestamp::default(), FriendVerification::default());
        Account { version, ..account }
    }

    fn judged(write: &Write, status: u16, body: Value, again: bool) -> Verdict {
        write.judge(&Answer::new(status, body), again)
    }

    #[test]
    fn an_edit_that_is_sent_again_was_done_before_once_or_twice() {
        let edit = Write::Edit(stored("old", 4), account("a".to_owned(), "new".to_owned(), 7));
        let changed = |current| json!({ "code": "changed_meanwhile", "current": current });
        assert_eq!(judged(&edit, 200, json!(stored("new", 5)), false), Verdict::Acknowledged);
        assert_eq!(judged(&edit, 200, json!(stored("old", 5)), false), Verdict::Wrong);
        assert_eq!(judged(&edit, 412, changed(stored("new", 5)), true), Verdict::DoneBefore);
        assert_eq!(judged(&edit, 412, changed(stored("new", 6)), true), Verdict::Doubled);
        assert_eq!(judged(&edit, 412, changed(stored("other", 5)), true), Verdict::Wrong);
        assert_eq!(judged(&edit, 412, changed(stored("new", 5)), false), Verdict::Wrong);
        assert_eq!(judged(&edit, 503, Value::Null, true), Verdict::InDoubt);
    }

    #[test]
    fn a_transaction_is_done_whole_or_not_at_all() {
        let new = |id: &str| account(id.to_owned(), id.to_owned(), 1);
        let batch = Write::Batch(vec![new("a"), new("b")], "key".to_owned());
        let results = |first, second| json!({ "results": [{ "user_id": "a", "status": first }, { "user_id": "b", "status": second }] });
        assert_eq!(judged(&batch, 200, results("created", "created"), true), Verdict::Acknowledged);
        assert_eq!(judged(&batch, 200, results("created", "refused"), true), Verdict::Wrong);
        let deletion = Write::DeleteAll(vec!["a".to_owned(), "b".to_owned()]);
        assert_eq!(judged(&deletion, 200, results("deleted", "deleted"), false), Verdict::Acknowledged);
        assert_eq!(judged(&deletion, 200, results("refused", "refused"), true), Verdict::DoneBefore);
        assert_eq!(judged(&deletion, 200, results("refused", "deleted"), true), Verdict::Wrong);
        assert_eq!(judged(&deletion, 200, results("refused", "refused"), false), Verdict::Wrong);
    }
}
