//! The plan that `cargo xtask` writes beside the configurations: what is started how, and where it answers.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::Result;

/// A command, word by word; none where there is nothing to do.
pub type Words = Vec<String>;

/// The cluster.
#[derive(Deserialize)]
pub struct Plan {
    /// Where everything lies; removed when all went well.
    pub folder: PathBuf,
    /// Run before anything is started, in order.
    pub before: Vec<Words>,
    /// Run after everything has ended, in order.
    pub after: Vec<Words>,
    /// Where Patroni's nodes agree.
    pub etcd: Program,
    /// PostgreSQL's nodes.
    pub nodes: Vec<NodePlan>,
    /// HAProxy and PgBouncer.
    pub proxies: Vec<Program>,
    /// The Rollcall servers.
    pub servers: Vec<ServerPlan>,
    /// The port at which HAProxy serves all of them.
    pub rollcall: u16,
    /// The URL of the maintenance database of whichever node is primary, for a superuser.
    pub primary: String,
    /// The URL of Rollcall's database on the standbys.
    pub replicas: String,
    /// Where HAProxy takes commands.
    pub haproxy_socket: PathBuf,
    /// PostgreSQL's `pg_amcheck`.
    pub pg_amcheck: PathBuf,
}

/// A program that runs until it is told to end.
#[derive(Deserialize)]
pub struct Program {
    /// What messages and its log are called.
    pub name: String,
    /// Stays in the foreground.
    pub command: Words,
    /// Variables beside ours.
    pub environment: BTreeMap<String, String>,
}

/// A node: Patroni, and the PostgreSQL that it starts.
#[derive(Deserialize)]
pub struct NodePlan {
    /// Patroni.
    pub program: Program,
    /// Where Patroni answers.
    pub patroni: SocketAddr,
    /// The URL of Rollcall's database on this node, for a superuser.
    pub postgres: String,
    /// PostgreSQL's folder.
    pub data: PathBuf,
    /// Takes the node off the network.
    pub cut: Words,
    /// Brings it back.
    pub heal: Words,
}

/// A Rollcall server.
#[derive(Deserialize)]
pub struct ServerPlan {
    /// What HAProxy calls it.
    pub name: String,
    /// Its program.
    pub program: PathBuf,
    /// Its folder.
    pub data: PathBuf,
    /// Where it listens.
    pub port: u16,
    /// Its database, by PgBouncer.
    pub database: String,
    /// What it must share with the others.
    pub environment: BTreeMap<String, String>,
}

impl Plan {
    /// Reads it.
    pub fn read(file: &Path) -> Result<Self> {
        Ok(serde_json::from_slice(&std::fs::read(file)?)?)
    }
}
