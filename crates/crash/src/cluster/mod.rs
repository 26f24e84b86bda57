//! A cluster of the plan's programs: started, watched and ended. What is done to it is in `failover`.

pub mod haproxy;
pub mod node;
mod plan;

use std::fs::OpenOptions;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use futures::future::join_all;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tokio::time::sleep;

use crate::Result;
use crate::process::Process;
use crate::server::{Demo, Server};
use haproxy::Haproxy;
use node::{Member, Node};
pub use plan::Plan;
use plan::Program;

/// How long it may take until all nodes are in their places. On a machine that much else keeps busy, Patroni alone has taken
/// a minute to start.
const PATIENCE: Duration = Duration::from_secs(300);

/// Accounts of a cluster that is only looked at.
const DEMO: u64 = 1_000;

/// What Rollcall's URLs name.
const ROLE: &str = "CREATE ROLE rollcall LOGIN";
const DATABASE: &str = "CREATE DATABASE rollcall OWNER rollcall";

/// A Rollcall server and what HAProxy calls it.
pub struct Named {
    /// The name.
    pub name: String,
    /// The server.
    pub server: Server,
}

/// The cluster. What is dropped first is ended first.
pub struct Cluster {
    /// The Rollcall servers.
    pub servers: Vec<Named>,
    proxies: Vec<(String, Process)>,
    /// PostgreSQL's nodes.
    pub nodes: Vec<Node>,
    etcd: Process,
    /// The way to HAProxy's commands.
    pub haproxy: Haproxy,
    /// Where HAProxy serves Rollcall.
    pub port: u16,
    /// PostgreSQL's `pg_amcheck`.
    pub pg_amcheck: PathBuf,
    /// The URL of Rollcall's database on the standbys.
    pub replicas: String,
    _networks: Networks,
}

/// Networks that are removed when all programs have ended.
struct Networks(Vec<plan::Words>);

impl Cluster {
    /// Starts everything but the Rollcall servers, and makes their database.
    pub async fn start(plan: Plan) -> Result<Self> {
        let networks = Networks(plan.after);
        plan.before.iter().try_for_each(node::run)?;
        let logs = plan.folder.join("logs");
        std::fs::create_dir_all(&logs)?;
        let etcd = spawn(&plan.etcd, &logs)?;
        let nodes = plan.nodes.into_iter().map(|node| Node::start(node, &logs)).collect::<Result<_>>()?;
        let proxies = plan.proxies.iter().map(|program| Ok((program.name.clone(), spawn(program, &logs)?)));
        let proxies = proxies.collect::<Result<_>>()?;
        let servers = plan.servers.into_iter().map(|server| Named {
            name: server.name,
            server: Server::at(
                &server.program,
                &server.data,
                &server.database,
                server.port,
                server.environment,
            ),
        });
        let mut cluster = Self {
            servers: servers.collect(),
            proxies,
            nodes,
            etcd,
            haproxy: Haproxy::at(&plan.haproxy_socket),
            port: plan.rollcall,
            pg_amcheck: plan.pg_amcheck,
            replicas: plan.replicas,
            _networks: networks,
        };
        cluster.is_whole().await?;
        prepare(&plan.primary).await?;
        Ok(cluster)
    }

    /// Fills the database and starts the Rollcall servers.
    pub async fn serve(&mut self, accounts: u64) -> Result<Demo> {
        let first = self.servers.first().ok_or("the plan has no server")?;
        let demo = first.server.demo(accounts)?;
        for Named { server, .. } in &mut self.servers {
            server.start()?;
            server.ready().await?;
        }
        for Named { name, .. } in &self.servers {
            self.haproxy.up(name).await?;
        }
        Ok(demo)
    }

    /// Waits until there is a primary with a synchronous standby, and every other node follows it; the primary's place
    /// among the nodes.
    pub async fn is_whole(&mut self) -> Result<usize> {
        let begun = Instant::now();
        loop {
            let said = self.said().await;
            if let Some(leader) = leader(&said) {
                let place = self.nodes.iter().position(|node| node.name() == leader);
                return place.ok_or_else(|| format!("{leader} is none of the nodes").into());
            }
            if let Some(ended) = self.ended() {
                return Err(ended.into());
            }
            if begun.elapsed() > PATIENCE {
                return Err(format!("not all nodes are in their places: {said:?}").into());
            }
            sleep(Duration::from_millis(200)).await;
        }
    }

    /// What each node knows of all; nothing where it does not answer.
    async fn said(&self) -> Vec<Vec<Member>> {
        join_all(self.nodes.iter().map(Node::members)).await
    }

    /// Which program ended by itself, if one has: a run starts none of them again.
    pub fn ended(&mut self) -> Option<String> {
        let told = |name: &str, status: String| format!("{name} ended by itself: {status}");
        let etcd = self.etcd.ended().map(|status| told("etcd", status.to_string()));
        let mut proxies = self.proxies.iter_mut();
        let proxy = || {
            proxies.find_map(|(name, process)| process.ended().map(|status| told(name, status.to_string())))
        };
        let mut servers = self.servers.iter_mut();
        let server = || servers.find_map(|one| one.server.ended().map(|status| told(&one.name, status)));
        let mut nodes = self.nodes.iter_mut();
        let node = || {
            nodes.find_map(|node| {
                let status = node.ended()?;
                Some(told(&format!("Patroni of {}", node.name()), status))
            })
        };
        etcd.or_else(proxy).or_else(server).or_else(node)
    }
}

/// The primary, when every node says the same: one leads, a synchronous standby and all others follow it. One that comes
/// back may believe for a moment what was true when it went.
fn leader(said: &[Vec<Member>]) -> Option<&str> {
    let mut leaders = said.iter().map(|members| {
        let leads = |member: &&Member| member.role == "leader" && member.state == "running";
        let follow = members.iter().filter(|member| member.role != "leader" && member.state == "streaming");
        let synchronous =
            members.iter().any(|member| ["sync_standby", "quorum_standby"].contains(&member.role.as_str()));
        let whole = synchronous && follow.count() + 1 == said.len();
        members.iter().find(leads).filter(|_| whole).map(|member| member.name.as_str())
    });
    let first = leaders.next()??;
    leaders.all(|leader| leader == Some(first)).then_some(first)
}

/// Starts everything, says where it is, and ends it at Ctrl-C.
pub async fn until_interrupted(plan: Plan) -> Result<()> {
    let folder = plan.folder.clone();
    let interrupted = tokio::signal::ctrl_c();
    let running = async {
        let (primary, patroni) = (plan.primary.clone(), plan.nodes.iter().map(|node| node.patroni));
        let patroni =
            patroni.map(|address| format!("http://{address}/cluster")).collect::<Vec<_>>().join(" ");
        let mut cluster = Cluster::start(plan).await?;
        let Demo { operator, .. } = cluster.serve(DEMO).await?;
        println!("Rollcall   http://127.0.0.1:{}", cluster.port);
        println!("    sign in with {operator}");
        println!("primary    {primary}");
        println!("standbys   {}", cluster.replicas);
        println!("Patroni    {patroni}");
        println!("files      {}", folder.display());
        println!("Ctrl-C stops and removes all of it");
        loop {
            if let Some(ended) = cluster.ended() {
                eprintln!("{ended}");
                // What it looked like is worth more than a tidy end.
                std::future::pending::<()>().await;
            }
            sleep(Duration::from_secs(1)).await;
        }
    };
    tokio::select! {
        ended = running => ended,
        interrupted = interrupted => Ok(interrupted?),
    }
}

impl Drop for Networks {
    fn drop(&mut self) {
        for command in &self.0 {
            // What is left behind is untidy and no more; a later run has other names.
            if let Err(failure) = node::run(command) {
                eprintln!("{failure}");
            }
        }
    }
}

/// Starts a program with a log of its own, in a process group of its own: Ctrl-C is for us, who end everything in order.
/// It starts in the folder of the logs: users that programs run as may not enter ours, and HAProxy insists on coming back.
fn spawn(program: &Program, logs: &Path) -> Result<Process> {
    let (name, arguments) = program.command.split_first().ok_or("the plan has a program without a name")?;
    let log = logs.join(format!("{}.log", program.name));
    let log = OpenOptions::new().create(true).append(true).open(log)?;
    let mut command = Command::new(name);
    command.args(arguments).envs(&program.environment).current_dir(logs).process_group(0);
    command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
    Process::start(&mut command, "TERM")
}

/// Makes Rollcall's role and database on the primary, as soon as HAProxy has found it.
async fn prepare(primary: &str) -> Result<()> {
    let begun = Instant::now();
    let mut connection = loop {
        match PgConnection::connect(primary).await {
            Ok(connection) => break connection,
            Err(failure) if begun.elapsed() > PATIENCE => return Err(failure.into()),
            Err(_) => sleep(Duration::from_millis(200)).await,
        }
    };
    for statement in [ROLE, DATABASE] {
        sqlx::query(AssertSqlSafe(statement.to_owned())).execute(&mut connection).await?;
    }
    connection.close().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(roles: [(&str, &str); 3]) -> Vec<Member> {
        let member = |(number, (role, state)): (usize, (&str, &str))| Member {
            name: format!("node{number}"),
            role: role.to_owned(),
            state: state.to_owned(),
        };
        roles.into_iter().enumerate().map(member).collect()
    }

    #[test]
    fn a_cluster_is_whole_when_all_of_its_nodes_agree_on_who_leads_and_follows() {
        let whole = members([("replica", "streaming"), ("leader", "running"), ("sync_standby", "streaming")]);
        let other = members([("leader", "running"), ("sync_standby", "streaming"), ("replica", "streaming")]);
        let alone = members([("replica", "streaming"), ("leader", "running"), ("replica", "streaming")]);
        let behind = members([("replica", "starting"), ("leader", "running"), ("sync_standby", "streaming")]);
        let all = |members: &Vec<Member>| vec![members.clone(), members.clone(), members.clone()];
        assert_eq!(leader(&all(&whole)), Some("node1"));
        assert_eq!(leader(&all(&alone)), None);
        assert_eq!(leader(&all(&behind)), None);
        assert_eq!(leader(&[whole.clone(), other, whole.clone()]), None);
        assert_eq!(leader(&[whole.clone(), Vec::new(), whole]), None, "one does not answer");
    }
}
