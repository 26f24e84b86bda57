//! The log goes to standard error, as text or JSON; standard output belongs to a command's result.

use super::{CommandError, CommandResult};
use crate::config::{LogFormat, Settings};
use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;

/// Starts the log.
pub fn start(settings: &Settings) -> CommandResult {
    let filter = EnvFilter::try_new(&settings.log_level)
        .map_err(|error| CommandError::Refused(format!("--log-level: {error}")))?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        // Whoever read the log may be gone. To say so there would panic, in every request.
        .log_internal_errors(false);
    let started = match settings.log_format {
        LogFormat::Text => log.try_init(),
        LogFormat::Json => log.json().flatten_event(true).try_init(),
    };
    started.map_err(|error| CommandError::Refused(format!("starting the log: {error}")))
}
