//! A folder with the configuration of every program, and the plan that says how each is started. The configurations are
//! the files in `templates`, which say why they are as they are.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use super::network::{self, Network};
use super::programs::Programs;
use crate::postgres::user;
use crate::process::{Result, run_quietly, tied};
use crate::workspace::free_low_ports;

const NODES: usize = 3;

/// HAProxy asks every second, and again 500 ms after a failure, which is twice that with room for a busy machine.
const DRAIN_SECONDS: &str = "3";

/// The key that both servers must share. Nothing of a test is secret.
const MASTER_KEY: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// Where everything will be.
pub struct Layout {
    network: Network,
    folder: PathBuf,
    etcd: [u16; 2],
    /// For each node, PostgreSQL's and Patroni's.
    nodes: [[u16; 2]; NODES],
    primary: u16,
    replicas: u16,
    pgbouncer: u16,
    rollcall: u16,
    servers: [u16; 2],
}

impl Layout {
    /// Chooses free ports and a folder that the user postgres can enter.
    pub fn new(network: Network) -> Result<Self> {
        let [e1, e2, n1, r1, n2, r2, n3, r3, primary, replicas, pgbouncer, rollcall, s1, s2] =
            free_low_ports()?;
        Ok(Self {
            network,
            folder: std::env::temp_dir().join(format!("rollcall-cluster-{}", std::process::id())),
            etcd: [e1, e2],
            nodes: [[n1, r1], [n2, r2], [n3, r3]],
            primary,
            replicas,
            pgbouncer,
            rollcall,
            servers: [s1, s2],
        })
    }

    /// Writes the folder; the file with the plan.
    pub fn write(&self, programs: &Programs, server: &Path) -> Result<PathBuf> {
        fs::create_dir_all(&self.folder)?;
        let nodes: Vec<Value> = (1..)
            .zip(self.nodes)
            .map(|(node, ports)| self.node(node, ports, programs))
            .collect::<Result<_>>()?;
        self.fill("haproxy.cfg", include_str!("templates/haproxy.cfg"), &self.servers_of_haproxy())?;
        self.fill("pgbouncer.ini", include_str!("templates/pgbouncer.ini"), &[])?;
        fs::write(self.folder.join("users.txt"), "\"postgres\" \"\"\n\"rollcall\" \"\"\n")?;
        // A copy, because the cache folder is below root's home.
        run_quietly(
            Command::new("cp")
                .args(["-r", "--preserve=timestamps"])
                .arg(&programs.packages)
                .arg(self.folder.join("python")),
        )?;
        if let Some(user) = user() {
            run_quietly(Command::new("chown").args(["-R", user]).arg(&self.folder))?;
        }
        let plan = json!({
            "folder": self.folder,
            "before": network::make(self.network, NODES),
            "after": network::remove(self.network, NODES),
            "etcd": self.etcd(programs),
            "nodes": nodes,
            "proxies": self.proxies(programs),
            "servers": self.servers(server)?,
            "rollcall": self.rollcall,
            "primary": format!("postgres://postgres@127.0.0.1:{}/postgres", self.primary),
            "replicas": format!("postgres://rollcall@127.0.0.1:{}/rollcall", self.replicas),
            "haproxy_socket": self.folder.join("haproxy.sock"),
            "pg_amcheck": programs.postgres.join("pg_amcheck"),
        });
        let file = self.folder.join("plan.json");
        fs::write(&file, format!("{plan:#}\n"))?;
        Ok(file)
    }

    /// Writes a configuration from its template.
    fn fill(&self, name: &str, template: &str, more: &[(&str, String)]) -> Result<PathBuf> {
        let [server1, server2] = self.servers;
        let port = |name, port: u16| (name, port.to_string());
        let mut text = template.to_owned();
        let common = [
            ("folder", self.folder.display().to_string()),
            ("etcd", format!("{}:{}", network::hub(self.network), self.etcd[0])),
            port("primary", self.primary),
            port("replicas", self.replicas),
            port("pgbouncer", self.pgbouncer),
            port("rollcall", self.rollcall),
            port("server1", server1),
            port("server2", server2),
        ];
        for (key, value) in more.iter().chain(&common) {
            text = text.replace(&format!("@{key}@"), value);
        }
        let file = self.folder.join(name);
        fs::write(&file, text)?;
        Ok(file)
    }

    fn servers_of_haproxy(&self) -> [(&'static str, String); 2] {
        let line = |(node, [port, rest]): (usize, [u16; 2])| {
            let address = network::address(self.network, node);
            format!("    server node{node} {address}:{port} check port {rest}\n")
        };
        let lines: String = (1..).zip(self.nodes).map(line).collect();
        [("primaries", lines.clone()), ("standbys", lines)]
    }

    fn etcd(&self, programs: &Programs) -> Value {
        let [clients, peers] = self.etcd;
        let clients = format!("http://{}:{clients}", network::hub(self.network));
        let peers = format!("http://127.0.0.1:{peers}");
        let mut command = tied(&programs.etcd, "TERM", user());
        command.arg("--data-dir").arg(self.folder.join("etcd"));
        command.args(["--listen-client-urls", &clients, "--advertise-client-urls", &clients]);
        command.args(["--listen-peer-urls", &peers, "--initial-advertise-peer-urls", &peers]);
        command.args(["--initial-cluster", &format!("default={peers}"), "--log-level", "warn"]);
        program("etcd", &[], &command, &json!({}))
    }

    fn node(&self, node: usize, [port, rest]: [u16; 2], programs: &Programs) -> Result<Value> {
        let (name, address) = (format!("node{node}"), network::address(self.network, node));
        let folder = self.folder.join(&name);
        fs::create_dir_all(&folder)?;
        let more = [
            ("name", name.clone()),
            ("address", address.clone()),
            ("port", port.to_string()),
            ("rest", rest.to_string()),
            ("programs", programs.postgres.display().to_string()),
            // Before the folder of everything, which has the same name.
            ("folder", folder.display().to_string()),
        ];
        let file = self.fill(&format!("{name}.yaml"), include_str!("templates/patroni.yaml"), &more)?;
        let mut command = tied(&programs.python, "TERM", user());
        command.args(["-m", "patroni"]).arg(file);
        let environment = json!({ "PYTHONPATH": self.folder.join("python"), "HOME": folder });
        let inside = network::inside(self.network, node);
        Ok(json!({
            "program": program(&name, &inside, &command, &environment),
            "patroni": format!("{address}:{rest}"),
            "postgres": format!("postgres://postgres@{address}:{port}/rollcall"),
            "data": folder.join("data"),
            "cut": network::cut(self.network, node),
            "heal": network::heal(self.network, node),
        }))
    }

    fn proxies(&self, programs: &Programs) -> Value {
        let mut haproxy = tied(&programs.haproxy, "TERM", user());
        haproxy.args(["-db", "-f"]).arg(self.folder.join("haproxy.cfg"));
        let mut pgbouncer = tied(&programs.pgbouncer, "INT", user());
        pgbouncer.arg(self.folder.join("pgbouncer.ini"));
        json!([
            program("haproxy", &[], &haproxy, &json!({})),
            program("pgbouncer", &[], &pgbouncer, &json!({})),
        ])
    }

    fn servers(&self, server: &Path) -> Result<Value> {
        let one = |(number, port): (u32, u16)| {
            let data = self.folder.join(format!("server{number}"));
            fs::create_dir_all(&data)?;
            Ok(json!({
                "name": format!("server{number}"),
                "program": server,
                "data": data,
                "port": port,
                "database": format!("postgres://rollcall@127.0.0.1:{}/rollcall", self.pgbouncer),
                "environment": {
                    "ROLLCALL_DRAIN_SECONDS": DRAIN_SECONDS,
                    "ROLLCALL_MASTER_KEY": MASTER_KEY,
                    "ROLLCALL_PUBLIC_URL": format!("http://127.0.0.1:{}", self.rollcall),
                },
            }))
        };
        Ok(Value::Array((1..).zip(self.servers).map(one).collect::<Result<_>>()?))
    }
}

/// How the plan says that a program is started.
fn program(name: &str, inside: &[String], command: &Command, environment: &Value) -> Value {
    let own = [command.get_program()].into_iter().chain(command.get_args());
    let own = own.map(|word| word.to_string_lossy().into_owned());
    let words: Vec<String> = inside.iter().cloned().chain(own).collect();
    json!({ "name": name, "command": words, "environment": environment })
}
