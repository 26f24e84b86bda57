//! Calls that are being written.
use super::*;
use crate::{Change, Refusal, Result, Store, apps::Versioned};
use rollcall_shared::{account::*, app::SdkAppId, list::*, selection::*, time::Timestamp};

impl Store {
    /// A page. `count` exact past its bound answers `Err(Cursor)` never: it answers `count: None` with relation decided by the caller through [`Store::count_accounts`].
    ///
    /// # Errors
    /// [`crate::StoreError::Cursor`] for a cursor that is not of this list.
    pub async fn list_accounts(&self, app: SdkAppId, query: &ListQuery) -> Result<Page<Account>> { let _ = (app, query); unimplemented!() }
    /// How many match; None when `Exact` would cost more than its bound (1,000,000 candidates).
    pub async fn count_accounts(&self, app: SdkAppId, filter: &AccountFilter, mode: CountMode) -> Result<Option<Count>> { let _ = (app, filter, mode); unimplemented!() }
    /// One account.
    pub async fn account(&self, app: SdkAppId, user_id: &str) -> Result<Option<Account>> { let _ = (app, user_id); unimplemented!() }
    /// Creates one account.
    pub async fn create_account(&self, change: &Change, app: SdkAppId, account: &NewAccount, idempotency: Option<&IdempotencyKey>) -> Result<Replayable<Result<Account, Refusal>>> { let _ = (change, app, account, idempotency); unimplemented!() }
    /// Creates or updates up to 1,000 valid accounts in one transaction; refusals are per item. The caller has refused invalid ones.
    pub async fn create_accounts(&self, change: &Change, app: SdkAppId, accounts: &[NewAccount], on_existing: OnExisting, idempotency: Option<&IdempotencyKey>) -> Result<Replayable<Result<Vec<ItemResult>, Refusal>>> { let _ = (change, app, accounts, on_existing, idempotency); unimplemented!() }
    /// Changes one account if it is still the incarnation and version `expected`. A patch that changes nothing keeps the version.
    pub async fn patch_account(&self, change: &Change, app: SdkAppId, user_id: &str, expected: (Timestamp, i64), patch: &AccountPatch) -> Result<Versioned<Account>> { let _ = (change, app, user_id, expected, patch); unimplemented!() }
    /// Deletes one account if it is still `expected`; answers what it was.
    pub async fn delete_account(&self, change: &Change, app: SdkAppId, user_id: &str, expected: (Timestamp, i64)) -> Result<Versioned<Account>> { let _ = (change, app, user_id, expected); unimplemented!() }
    /// Deletes named accounts in one transaction; a result for each distinct name, in order. Refused whole when the application does not permit it.
    pub async fn delete_accounts(&self, change: &Change, app: SdkAppId, user_ids: &[String]) -> Result<Result<Vec<ItemResult>, Refusal>> { let _ = (change, app, user_ids); unimplemented!() }
    /// Deletes the next chunk of all that match, in one transaction that checks the restriction. Walks by username from `after`; about `limit` rows.
    pub async fn delete_chunk(&self, change: &Change, app: SdkAppId, matching: &Matching, after: Option<&str>, limit: u32) -> Result<DeleteChunk> { let _ = (change, app, matching, after, limit); unimplemented!() }
    /// The next rows of an export of all that match (None: all accounts), by username bytes from `after`. Fewer than `limit` rows: the end. A walk that must look past many non-matching rows may answer few rows with `next` set.
    pub async fn export_chunk(&self, app: SdkAppId, matching: Option<&Matching>, after: Option<&str>, limit: u32) -> Result<ExportChunk> { let _ = (app, matching, after, limit); unimplemented!() }
    /// Named accounts, in the order of the names; missing ones are left out.
    pub async fn accounts_by_id(&self, app: SdkAppId, user_ids: &[String]) -> Result<Vec<Account>> { let _ = (app, user_ids); unimplemented!() }
    /// How many of the selection's accounts are admins, and up to 10 of their names.
    pub async fn admins_matching(&self, app: SdkAppId, matching: &Matching) -> Result<Vec<String>> { let _ = (app, matching); unimplemented!() }
    /// Fills an application in bulk, faster than batches, for demos, benches and imports: accounts with their own creation time. Existing IDs are skipped. Any number; returns how many were created.
    pub async fn load_accounts(&self, change: &Change, app: SdkAppId, accounts: Vec<Account>) -> Result<u64> { let _ = (change, app, accounts); unimplemented!() }
}

