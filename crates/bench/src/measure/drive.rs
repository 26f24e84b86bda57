//! Many callers at the same time for a fixed time, and the callers that more than one measurement needs.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use futures::future::try_join_all;
use hyper::Method;
use rollcall_shared::account::NewAccount;
use rollcall_shared::app::SdkAppId;
use rollcall_shared::paths;

use crate::Result;
use crate::client::Client;
use crate::draw::mix;

/// One of the callers, which makes one call after another.
pub trait Caller: Send + 'static {
    /// Makes a call; whatever is not as it should be is an error.
    fn call(&mut self) -> impl Future<Output = Result<()>> + Send;
}

/// Lets every caller call until the time is over, and at least once; the callers, and how long each call took.
pub async fn run<C: Caller>(callers: Vec<C>, time: Duration) -> Result<(Vec<C>, Vec<Duration>)> {
    let begun = Instant::now();
    // Tasks, so that they use every core, as the server's do.
    let tasks = callers.into_iter().map(|caller| tokio::spawn(one_by_one(caller, begun, time)));
    let done = try_join_all(tasks).await?.into_iter().collect::<Result<Vec<_>>>()?;
    let (callers, samples): (Vec<C>, Vec<_>) = done.into_iter().unzip();
    Ok((callers, samples.concat()))
}

async fn one_by_one<C: Caller>(mut caller: C, begun: Instant, time: Duration) -> Result<(C, Vec<Duration>)> {
    let mut samples = Vec::new();
    loop {
        let asked = Instant::now();
        caller.call().await?;
        samples.push(asked.elapsed());
        if begun.elapsed() >= time {
            return Ok((caller, samples));
        }
    }
}

/// The same; the callers, and how many calls were answered in a second, until the last answer.
pub async fn rate<C: Caller>(callers: Vec<C>, time: Duration) -> Result<(Vec<C>, f64)> {
    let begun = Instant::now();
    let (callers, samples) = run(callers, time).await?;
    Ok((callers, samples.len() as f64 / begun.elapsed().as_secs_f64()))
}

/// New accounts: nobody gets one twice. Cheap to clone.
#[derive(Clone, Default)]
pub struct NewAccounts(Arc<AtomicU64>);

impl NewAccounts {
    /// The next ones. Usernames come in no order, as those of people do.
    pub fn take(&self, count: usize) -> Vec<NewAccount> {
        let count = count as u64;
        let first = self.0.fetch_add(count, Ordering::Relaxed);
        (first..first + count).map(new_account).collect()
    }
}

fn new_account(number: u64) -> NewAccount {
    let scattered = mix(number + 1);
    NewAccount {
        nickname: format!("Élodie 明远 {number}"),
        photo_url: format!("https://cdn.example.org/avatars/{scattered:016x}.webp"),
        ..NewAccount::new(format!("new_{scattered:016x}"))
    }
}

/// Creates accounts one by one.
pub struct Creator {
    /// A connection of its own.
    pub client: Client,
    /// Where.
    pub app: SdkAppId,
    /// Which.
    pub accounts: NewAccounts,
}

impl Caller for Creator {
    async fn call(&mut self) -> Result<()> {
        let account = serde_json::to_string(&self.accounts.take(1).pop())?;
        self.client.call(Method::POST, &paths::accounts(self.app), account).await.map(drop)
    }
}

/// Reads one path after another.
pub struct Reader {
    /// A connection of its own.
    pub client: Client,
    /// What is read, in a circle.
    pub paths: Arc<[String]>,
    /// Which is next.
    pub next: usize,
}

impl Caller for Reader {
    async fn call(&mut self) -> Result<()> {
        let path = &self.paths[self.next % self.paths.len()];
        self.next += 1;
        self.client.call(Method::GET, path, String::new()).await.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_account_is_new_twice() {
        let accounts = NewAccounts::default();
        let taken = [accounts.clone().take(1_000), accounts.take(1_000)].concat();
        let ids: HashSet<String> = taken.into_iter().map(|account| account.user_id).collect();
        assert_eq!(ids.len(), 2_000);
        assert!(ids.iter().all(|id| id.len() <= 32));
    }
}
