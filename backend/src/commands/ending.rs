//! When a server ends: what signals ask for, and what is told in which order. What then ends is not here: it waits
//! for the state's tokens.

use crate::state::AppState;
use std::{io, time::Duration};
#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

/// What the process was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    /// SIGINT: somebody sits at the terminal and waits.
    Interrupt,
    /// SIGTERM: a supervisor restarts the server.
    Terminate,
}

/// The signals that end a server, noted from when this is made.
#[derive(Debug)]
pub struct Signals {
    #[cfg(unix)]
    interrupt: Signal,
    #[cfg(unix)]
    terminate: Signal,
}

impl Signals {
    /// Begins to note them: until now they ended the process at once.
    ///
    /// # Errors
    /// The system refused it.
    pub fn new() -> io::Result<Self> {
        Ok(Self {
            #[cfg(unix)]
            interrupt: signal(SignalKind::interrupt())?,
            #[cfg(unix)]
            terminate: signal(SignalKind::terminate())?,
        })
    }

    #[cfg(unix)]
    async fn next(&mut self) -> Asked {
        tokio::select! {
            _ = self.interrupt.recv() => Asked::Interrupt,
            _ = self.terminate.recv() => Asked::Terminate,
        }
    }

    #[cfg(not(unix))]
    async fn next(&mut self) -> Asked {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        Asked::Interrupt
    }

    /// Waits for a signal and ends the server: streams first, which would hold the graceful end up for ever. Before
    /// that a server that is terminated says for `drain` that it is not ready, and goes on serving, so that a load
    /// balancer sends requests elsewhere before the socket closes. A second signal ends the wait.
    pub async fn end(mut self, state: AppState, drain: Duration) {
        let asked = self.next().await;
        state.draining.cancel();
        if asked == Asked::Terminate && !drain.is_zero() {
            tracing::info!(seconds = drain.as_secs(), "not ready any more, and stopping soon");
            tokio::select! {
                () = tokio::time::sleep(drain) => {}
                _ = self.next() => {}
            }
        }
        tracing::info!("stopping");
        state.stop.cancel();
    }
}
