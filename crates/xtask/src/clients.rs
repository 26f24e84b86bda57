//! Clients that others wrote, unmodified, against the vendor's server API: a server SDK from the Python package index and
//! the vendor's libraries for UserSigs. What they do is in e2e/clients.

use std::path::PathBuf;
use std::process::Command;

use crate::process::{Result, run};
use crate::server::{Demo, Server};
use crate::workspace::root;
use crate::{node, python};

const PACKAGES: [&str; 3] = ["timsdk==1.1.12", "tls-sig-api-v2==1.1", "requests==2.32.5"];

/// A Python in which the server SDK can be called, installed once.
pub fn sdk_python() -> Result<PathBuf> {
    Ok(python::environment("server-sdk", &PACKAGES, "testing with server SDKs")?.join("python"))
}

/// Runs them against a server with a filled application.
pub fn check(server: &Server, demo: &Demo) -> Result<()> {
    let python = sdk_python()?;
    node::install("e2e")?;
    let with = |command: &mut Command| -> Result<()> {
        command.current_dir(root()).env("ROLLCALL_URL", server.url());
        command.env("ROLLCALL_APP", demo.sdkappid.to_string()).env("ROLLCALL_KEY", &demo.secret_key);
        run(command)
    };
    with(Command::new(python).arg("e2e/clients/server_sdk.py"))?;
    with(Command::new("node").arg("e2e/clients/usersig.mjs"))
}
