//! Schemathesis: requests made up from openapi.json, of which none may make the server fail.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::apt;
use crate::process::{Failure, Result, run, run_quietly, say};
use crate::server::{Demo, Server};
use crate::workspace::{cache, root};

const VERSION: &str = "4.32.5";

/// What a signed-in run leaves out: the first three would end the session that the run uses, the last never ends.
const LEFT_OUT: [(&str, &str); 4] = [
    ("--exclude-path", "/api/v1/session"),
    ("--exclude-path", "/api/v1/password"),
    ("--exclude-path-regex", "/sessions"),
    ("--exclude-path-regex", "/events$"),
];

/// Installs Schemathesis into a Python environment in the cache; the path of its program.
pub fn ensure() -> Result<PathBuf> {
    let folder = cache()?.join("tools").join(format!("schemathesis-{VERSION}"));
    let program = folder.join("bin/schemathesis");
    // Written last, so that half an environment is not taken for one.
    let complete = folder.join(".complete");
    if complete.exists() {
        return Ok(program);
    }
    say(format_args!("installing schemathesis {VERSION} into {} (once)", folder.display()));
    let make = || run_quietly(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder));
    if make().is_err() {
        apt::install(&["python3", "python3-venv"], "testing the API with Schemathesis")?;
        make()?;
    }
    let pip = folder.join("bin/pip");
    run_quietly(Command::new(pip).args(["install", "--quiet", &format!("schemathesis=={VERSION}")]))
        .map_err(|failure| {
            Failure::new(format!("{failure}; pip needs the Python package index, so check the network"))
        })?;
    fs::write(complete, VERSION)?;
    Ok(program)
}

/// Sends made-up requests to the server, signed in when there is a `cookie`.
pub fn check(server: &Server, cookie: Option<&str>) -> Result<()> {
    let mut command = Command::new(ensure()?);
    command.current_dir(root()).arg("run").arg(root().join("openapi.json")).args(["--url", &server.url()]);
    command.args([
        "--checks",
        "not_a_server_error",
        "--phases",
        "examples,coverage,fuzzing",
        "--max-examples",
        "12",
    ]);
    command.args(["--seed", "1", "--request-timeout", "20", "--generation-database", "none", "--no-color"]);
    match cookie {
        Some(cookie) => {
            command.args(["--header", &format!("Cookie: {cookie}")]);
            command.args(LEFT_OUT.iter().flat_map(|(option, path)| [option, path]));
        }
        None => {
            command.args(["--exclude-path-regex", "/events$"]);
        }
    }
    run(&mut command)
}

/// Both runs against one server.
pub fn check_both(server: &Server, demo: &Demo) -> Result<()> {
    say("signed out");
    check(server, None)?;
    say("signed in");
    check(server, Some(&server.sign_in(demo)?))
}
