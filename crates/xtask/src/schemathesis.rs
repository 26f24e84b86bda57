//! Schemathesis: requests made up from openapi.json, of which none may make the server fail.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::process::{Failure, Result, run, say};
use crate::python;
use crate::server::{Demo, Server};
use crate::workspace::{root, target};

const VERSION: &str = "4.32.5";

/// How many requests are made up for each operation beyond its boundary values.
const EXAMPLES: &str = "40";

/// What never ends, and is therefore not asked for.
const ENDLESS: &str = "/events$";

/// What a signed-in run leaves out besides: it would end the session that the run uses.
const SIGNED_IN_LEAVES_OUT: &str = "/(session|sessions|password|events)(/|$)";

/// Installs Schemathesis into an environment of its own; the path of its program.
pub fn ensure() -> Result<PathBuf> {
    let package = format!("schemathesis=={VERSION}");
    let programs = python::environment("schemathesis", &[&package], "testing the API with Schemathesis")?;
    Ok(programs.join("schemathesis"))
}

/// Sends made-up requests to the server, signed in when there is a `cookie`.
fn check(server: &Server, demo: &Demo, cookie: Option<&str>) -> Result<()> {
    let mut command = Command::new(ensure()?);
    command.current_dir(root()).arg("--config-file").arg(existing(demo)?);
    command.arg("run").arg(root().join("openapi.json")).args(["--url", &server.url()]);
    command.args(["--checks", "not_a_server_error", "--phases", "examples,coverage,fuzzing"]);
    command.args(["--max-examples", EXAMPLES, "--seed", "1", "--request-timeout", "20"]);
    command.args(["--generation-database", "none", "--no-color", "--exclude-path-regex"]);
    match cookie {
        Some(cookie) => command.args([SIGNED_IN_LEAVES_OUT, "--header", &format!("Cookie: {cookie}")]),
        None => command.arg(ENDLESS),
    };
    run(&mut command)
}

/// A configuration that names what exists: made-up numbers of applications would all end in 404.
fn existing(demo: &Demo) -> Result<PathBuf> {
    let file = target().join("xtask/schemathesis.toml");
    let text =
        format!("[parameters]\n\"path.app\" = {}\n\"path.user_id\" = \"administrator\"\n", demo.sdkappid);
    fs::write(&file, text)?;
    Ok(file)
}

/// Both runs against one server.
pub fn check_both(server: &Server, demo: &Demo) -> Result<()> {
    say("signed out");
    check(server, demo, None)?;
    say("signed in");
    let cookie = server.sign_in(demo)?;
    check(server, demo, Some(&cookie))?;
    if server.is_signed_in(&cookie)? {
        Ok(())
    } else {
        Err(Failure::new("a made-up request ended the session, so those after it proved nothing"))
    }
}
