//! A deletion of all that match, begun before a kill and ended after it.

use futures::future::join_all;
use rollcall_shared::job::{Job, JobKind, JobState};
use rollcall_shared::paths;
use rollcall_shared::time::Timestamp;
use serde_json::json;
use tokio::time::sleep;

use crate::Result;
use crate::book::{Doom, Expected};
use crate::client::{Ask, Client};
use crate::load::Target;
use crate::write::{Write, account};

/// Accounts in one batch, and batches.
const BATCH: u32 = 1_000;
const BATCHES: u32 = 4;

/// The accounts that a job will delete, made in batches, by the name that they share.
pub async fn prepare(target: &Target, number: u32) -> (String, Vec<String>) {
    let prefix = format!("doom{number}x");
    let batch = |batch: u32| {
        let name = |item| format!("{prefix}-{batch}-{item}");
        let new: Vec<_> = (0..BATCH).map(|item| account(name(item), name(item), item)).collect();
        let ids: Vec<_> = new.iter().map(|new| new.user_id.clone()).collect();
        (Write::Batch(new, format!("key-{prefix}-{batch}")), ids)
    };
    let (writes, ids): (Vec<_>, Vec<_>) = (0..BATCHES).map(batch).unzip();
    join_all(writes.iter().map(|write| async move {
        target.carry_out(&mut target.client(), write).await;
    }))
    .await;
    (prefix, ids.into_iter().flatten().collect())
}

/// Asks for their deletion until that is answered, and writes the job down.
pub async fn begin(target: &Target, prefix: &str, user_ids: Vec<String>) {
    target.book().accounts.extend(user_ids.iter().map(|id| (id.clone(), Expected::Doomed)));
    let far = Timestamp::from_millis(i64::from(u32::MAX) * 1_000);
    let body = json!({ "filter": { "q": prefix }, "as_of": far, "expected": user_ids.len() });
    let ask = Ask::post(paths::account_deletions(target.app), body);
    let mut client = target.client();
    let mut again = false;
    let id = loop {
        // There is no key for this, so whether the job is there is looked up before it is asked for again.
        if again && let Some(id) = unknown_job(target, &mut client).await {
            break id;
        }
        match client.send(&ask).await {
            Some(answer) if answer.status == 202 => match answer.read::<Job>() {
                Some(job) => break job.id,
                None => return target.book().wrong.push(format!("a job is {}", answer.shown())),
            },
            Some(answer) if answer.status < 500 => {
                return target.book().wrong.push(format!("a deletion answered {}", answer.shown()));
            }
            _ => again = true,
        }
        sleep(target.pace.again).await;
    };
    let mut book = target.book();
    book.sums.acknowledged += 1;
    book.sums.in_doubt += u64::from(again);
    book.dooms.push(Doom { id, user_ids });
}

async fn unknown_job(target: &Target, client: &mut Client) -> Option<String> {
    let jobs: Vec<Job> = client.send(&Ask::get(paths::jobs(target.app))).await?.read()?;
    let newest = jobs.into_iter().find(|job| job.kind == JobKind::Deletion && !job.state.is_final())?;
    let known = target.book().dooms.iter().any(|doom| doom.id == newest.id);
    (!known).then_some(newest.id)
}

/// Looks at every job that has not ended, and writes down how those that have did; how many are left.
pub async fn look(target: &Target, client: &mut Client) -> Result<usize> {
    let dooms = std::mem::take(&mut target.book().dooms);
    let mut left = Vec::new();
    for doom in dooms {
        let job: Job = client.call(&Ask::get(paths::job(target.app, &doom.id))).await?;
        if !job.state.is_final() {
            left.push(doom);
            continue;
        }
        let mut book = target.book();
        let number = doom.user_ids.len() as u64;
        if job.state != JobState::Done || job.refused > 0 || job.done != job.total || job.done != number {
            let sentence = format!("a job that deletes {number} accounts ended as {job:?}");
            book.wrong.push(sentence);
        }
        book.sums.jobs += 1;
        if job.state == JobState::Done {
            book.accounts.extend(doom.user_ids.into_iter().map(|id| (id, Expected::Gone)));
        }
    }
    let number = left.len();
    target.book().dooms.extend(left);
    Ok(number)
}
