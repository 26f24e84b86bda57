//! Applications. A secret key arrives and leaves encrypted: the store never sees it.

use crate::{Change, Refusal, Result, Store};
use rollcall_shared::{
    app::{App, AppPatch, DeletionRestriction, SdkAppId},
    time::Timestamp,
};

/// What became of a change that named a version.
#[derive(Clone, Debug, PartialEq)]
pub enum Versioned<T> {
    /// It was made.
    Done(T),
    /// The resource is another version by now; this is how it stands.
    Changed(T),
    /// A rule refused it.
    Refused(Refusal),
}

impl Store {
    /// Every application, by SDKAppID, with exact totals. At most 1,000.
    pub async fn apps(&self) -> Result<Vec<App>> { unimplemented!() }
    /// One application. Applications whose deletion was asked for are gone.
    pub async fn app(&self, app: SdkAppId) -> Result<Option<App>> { let _ = app; unimplemented!() }
    /// Creates an application with the account `administrator`. `seal` encrypts the key for the SDKAppID given.
    pub async fn create_app(&self, change: &Change, name: &str, seal: impl Fn(SdkAppId) -> Vec<u8> + Send + Sync + 'static) -> Result<App> { let _ = (change, name, seal); unimplemented!() }
    /// Changes settings. A disabled application takes only `status`. `expected` is the incarnation and version of If-Match; `None` skips the check.
    pub async fn patch_app(&self, change: &Change, app: SdkAppId, expected: Option<(Timestamp, i64)>, patch: &AppPatch) -> Result<Versioned<App>> { let _ = (change, app, expected, patch); unimplemented!() }
    /// The encrypted secret key.
    pub async fn secret_key(&self, app: SdkAppId) -> Result<Option<Vec<u8>>> { let _ = app; unimplemented!() }
    /// Replaces the encrypted secret key; false when there is no such enabled application.
    pub async fn set_secret_key(&self, change: &Change, app: SdkAppId, sealed: &[u8]) -> Result<Result<(), Refusal>> { let _ = (change, app, sealed); unimplemented!() }
    /// Lifts or puts back the deletion restriction.
    pub async fn set_deletion_restriction(&self, change: &Change, app: SdkAppId, restriction: &DeletionRestriction) -> Result<Result<App, Refusal>> { let _ = (change, app, restriction); unimplemented!() }
    /// Marks the application as gone at once and enqueues the job that removes its rows. `name` must be its name, else NotFound is not the answer: `Changed`.
    pub async fn delete_app(&self, change: &Change, app: SdkAppId, name: &str, job_id: &str) -> Result<Versioned<()>> { let _ = (change, app, name, job_id); unimplemented!() }
    /// Removes up to `limit` rows that a deleted application owns; the number removed, 0 when nothing is left.
    pub async fn purge_app_chunk(&self, app: SdkAppId, limit: u32) -> Result<u64> { let _ = (app, limit); unimplemented!() }
}
