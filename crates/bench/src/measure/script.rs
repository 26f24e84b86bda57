//! Measurements that only a browser can make: scripts for Node beside this crate's manifest, which print what they saw as JSON.

use std::process::Command;

use serde::de::DeserializeOwned;

use crate::measure::Setting;
use crate::{Options, Result};

/// Runs a script on the large application's list of users.
pub fn run<T: DeserializeOwned>(script: &str, setting: &Setting<'_>, options: &Options) -> Result<T> {
    let mut node = Command::new("node");
    node.arg(script).arg(&options.chromium).arg(format!("http://127.0.0.1:{}", setting.server.port));
    node.arg(format!("/apps/{}/chat/users", setting.demo.large)).env("ROLLCALL_COOKIE", &setting.cookie);
    let output = node.output()?;
    if !output.status.success() {
        return Err(format!("{script} failed:\n{}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}
