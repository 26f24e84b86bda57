//! Long work beside short: a million matches are edited and then deleted by a job each, while someone reads lists. How fast
//! the jobs are, and how much slower the lists become.

mod lists;

use std::time::{Duration, Instant};

use hyper::Method;
use rollcall_demo::bench;
use rollcall_shared::app::{App, SdkAppId};
use rollcall_shared::job::{Job, JobState};
use rollcall_shared::paths;
use serde_json::{Value, json};

use crate::Result;
use crate::client::Client;
use crate::measure::{Setting, remove_app_wholly};
use crate::report::Line;
use crate::stats::Latency;
pub use lists::{Lists, Read};

/// How long lists are read before each job, with nothing beside them.
const IDLE: Duration = Duration::from_secs(10);

/// How long a job may take. What is not done then is left: its speed is known.
const PATIENCE: Duration = Duration::from_secs(240);

/// The 95th percentile of lists beside a job divided by that without one, at most.
const AIM: f64 = 2.0;

/// A job that has ended, and the lists that were read meanwhile.
struct Done {
    job: Job,
    took: Duration,
    beside: Read,
}

/// Measures both jobs in the application that was filled for them, and removes it.
pub async fn all(setting: &Setting<'_>) -> Result<Vec<Line>> {
    let app = setting.demo.jobs.ok_or("there is no application for jobs")?;
    let mut client = setting.client().await?;
    let lifted = json!({ "lifted": true, "reason": "It exists to be deleted." }).to_string();
    client.call(Method::PUT, &paths::deletion_restriction(app), lifted).await?;
    let lists = Lists::new(setting, app).await?;

    // In every username of the bench; `administrator` has it not.
    let matching = json!({ "filter": { "q": bench::NEEDLE_ALL }, "as_of": "2999-01-01" });
    let edit = json!({ "selection": matching, "patch": { "level": 77 } });
    let idle = lists.read_for(IDLE).await?;
    let edited = run(&lists, &mut client, app, &paths::account_edits(app), &edit).await?;
    let mut lines = edited.lines("Edit of all that match", &idle);
    let idle = lists.read_for(IDLE).await?;
    let deleted = run(&lists, &mut client, app, &paths::account_deletions(app), &matching).await?;
    lines.extend(deleted.lines("Deletion of all that match", &idle));

    let app: App = client.get(&paths::app(app)).await?;
    remove_app_wholly(setting, &mut client, &app).await?;
    Ok(lines)
}

/// Asks for a job and reads lists until it has ended.
async fn run(lists: &Lists, client: &mut Client, app: SdkAppId, path: &str, body: &Value) -> Result<Done> {
    let reading = lists.begin().await?;
    let begun = Instant::now();
    let job = watch(client, app, path, body).await;
    let took = begun.elapsed();
    let beside = reading.end().await?;
    Ok(Done { job: job?, took, beside })
}

async fn watch(client: &mut Client, app: SdkAppId, path: &str, body: &Value) -> Result<Job> {
    let begun = Instant::now();
    let mut job: Job = client.post(path, body).await?;
    let own = paths::job(app, &job.id);
    let mut cancelled = false;
    while !job.state.is_final() {
        tokio::time::sleep(Duration::from_millis(100)).await;
        if begun.elapsed() > PATIENCE && !cancelled {
            client.call(Method::DELETE, &own, String::new()).await?;
            cancelled = true;
        }
        job = client.get(&own).await?;
    }
    match job.state {
        JobState::Done | JobState::Cancelled => Ok(job),
        _ => Err(format!("the job ended as {:?}: {:?}", job.state, job.error).into()),
    }
}

impl Done {
    fn lines(&self, name: &str, idle: &Read) -> Vec<Line> {
        let (rows, seconds) = (self.job.done, self.took.as_secs_f64());
        let rate = rows as f64 / seconds;
        let end = if self.job.state == JobState::Done { "" } else { ", then cancelled" };
        vec![
            Line::noted(
                format!("{name}, as a job"),
                format!("{rate:.0} rows/s ({rows} rows in {seconds:.0} s{end})"),
            ),
            slowed(&format!("{name}, its own list meanwhile"), &self.beside.own, &idle.own),
            slowed(
                &format!("{name}, deep pages of the large application meanwhile"),
                &self.beside.large,
                &idle.large,
            ),
        ]
    }
}

/// How much slower lists were beside something than with nothing beside them.
pub fn slowed(name: &str, beside: &Latency, idle: &Latency) -> Line {
    let ratio = beside.over(idle).p95;
    let shown = format!("{ratio:.2}: {}; idle {}", beside.shown(), idle.shown());
    Line::at_most(name, shown, ratio, AIM, None, "times idle p95")
}
