//! Waits for a job and tells how far it is. A lost network or session does not end the wait: the job goes on.

use crate::{
    api::{self, ApiResult},
    browser,
};
use rollcall_shared::{app::SdkAppId, job::Job};

/// How often a running job is looked at, and how long a failed look waits.
const LOOK_MS: u32 = 300;
const RETRY_MS: u32 = 2000;

/// Looks at a job until it is final. `seen` says whether anyone still wants to know.
pub async fn watch(app: SdkAppId, first: Job, seen: impl Fn(&Job) -> bool) -> Option<ApiResult<Job>> {
    let mut job = first;
    loop {
        if !seen(&job) {
            return None;
        }
        if job.state.is_final() {
            return Some(Ok(job));
        }
        browser::sleep(LOOK_MS).await;
        match api::job(app, &job.id).await {
            Ok(now) => job = now,
            Err(error) if matches!(error.status(), 0 | 401 | 429 | 503) => browser::sleep(RETRY_MS).await,
            Err(error) => return Some(Err(error)),
        }
    }
}
