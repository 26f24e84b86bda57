//! A node of the cluster: Patroni and the PostgreSQL that it starts, killed, stopped or cut off together.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde::Deserialize;
use tokio::time::timeout;

use super::plan::{NodePlan, Words};
use super::spawn;
use crate::Result;
use crate::client::{Ask, Client};
use crate::process::{Process, descendants, signal};

/// How long Patroni is asked. One that is stopped takes the question and says nothing.
const PATIENCE: Duration = Duration::from_secs(2);

/// What Patroni says of a member of the cluster.
#[derive(Clone, Debug, Deserialize)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// `leader`, `quorum_standby` (or `sync_standby`, where one is named), `replica`.
    pub role: String,
    /// `running`, `streaming`, `starting` …
    pub state: String,
}

#[derive(Deserialize)]
struct Members {
    members: Vec<Member>,
}

/// A node.
pub struct Node {
    plan: NodePlan,
    logs: PathBuf,
    process: Process,
}

impl Node {
    /// Starts Patroni, which starts PostgreSQL.
    pub fn start(plan: NodePlan, logs: &Path) -> Result<Self> {
        let process = spawn(&plan.program, logs)?;
        Ok(Self { plan, logs: logs.to_owned(), process })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.plan.program.name
    }

    /// The URL of Rollcall's database on it.
    pub fn url(&self) -> &str {
        &self.plan.postgres
    }

    /// How Patroni ended, if it has.
    pub fn ended(&mut self) -> Option<String> {
        self.process.ended().map(|status| status.to_string())
    }

    /// Kills Patroni and all processes of PostgreSQL at once.
    pub fn kill(&mut self) -> Result<()> {
        signal("KILL", &self.processes())?;
        self.process.kill()
    }

    /// Starts Patroni again after [`Node::kill`], as the machine's supervisor does when it is back.
    pub fn revive(&mut self) -> Result<()> {
        self.process = spawn(&self.plan.program, &self.logs)?;
        Ok(())
    }

    /// Stops all of its processes; those that must be told to go on.
    pub fn freeze(&self) -> Result<Vec<u32>> {
        let all = self.processes();
        signal("STOP", &all)?;
        // PostgreSQL may have started one more meanwhile, but not after this.
        let all = self.processes();
        signal("STOP", &all)?;
        Ok(all)
    }

    /// Takes it off the network.
    pub fn cut(&self) -> Result<()> {
        run(&self.plan.cut)
    }

    /// Brings it back.
    pub fn heal(&self) -> Result<()> {
        run(&self.plan.heal)
    }

    /// What it knows of the cluster; nothing if it does not answer.
    pub async fn members(&self) -> Vec<Member> {
        self.ask().await.map(|said| said.members).unwrap_or_default()
    }

    async fn ask(&self) -> Option<Members> {
        let mut client = Client::at(self.plan.patroni, String::new());
        let ask = Ask::get("/cluster".to_owned());
        let answer = timeout(PATIENCE, client.send(&ask)).await.ok()??;
        answer.read::<Members>().filter(|_| answer.status == 200)
    }

    /// Patroni, PostgreSQL, which is no child of a Patroni that was started after it, and all of their children.
    fn processes(&self) -> Vec<u32> {
        let mut all = descendants(self.process.id());
        let lock = std::fs::read_to_string(self.plan.data.join("postmaster.pid")).unwrap_or_default();
        if let Some(server) = lock.lines().next().and_then(|line| line.parse().ok())
            && is_postgres(server)
        {
            all.extend(descendants(server));
        }
        all.sort_unstable();
        all.dedup();
        all
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // A throw-away node: nothing of it is needed any more, and its processes may be stopped.
        let _ = self.kill();
    }
}

/// Whether the number that a lock file names still belongs to PostgreSQL.
fn is_postgres(id: u32) -> bool {
    std::fs::read_to_string(format!("/proc/{id}/comm")).is_ok_and(|name| name.trim() == "postgres")
}

/// Runs a command of the plan.
pub fn run(words: &Words) -> Result<()> {
    let (program, arguments) = words.split_first().ok_or("the plan does not say how to do this")?;
    let output = Command::new(program).args(arguments).output()?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("`{}` failed: {}", words.join(" "), said.trim()).into())
}
