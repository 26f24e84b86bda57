//! What is done to a cluster, how often and in which order.

use clap::Args;

/// What is done.
#[derive(Args)]
pub struct Options {
    /// How often each of the following is done
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
    pub rounds: u32,
    /// Kill the primary: Patroni and all processes of PostgreSQL
    #[arg(long)]
    kill: bool,
    /// Stop all of its processes, and let them go on when there is another primary
    #[arg(long)]
    stop: bool,
    /// Take it off the network, and bring it back when there is another primary
    #[arg(long)]
    cut: bool,
    /// Restart the Rollcall servers in turn, by SIGTERM
    #[arg(long)]
    restart: bool,
    /// Makes the same choices again
    #[arg(long)]
    pub seed: Option<u64>,
    /// Accounts that are there before
    #[arg(long, default_value_t = 2_000)]
    pub accounts: u64,
}

/// What is done in the middle of the load.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strike {
    /// SIGKILL of the primary.
    Kill,
    /// SIGSTOP of it, and SIGCONT when there is another one.
    Stop,
    /// Its network goes away, and comes back when there is another one.
    Cut,
    /// The servers are restarted in turn, by SIGTERM; they say to HAProxy that they will be gone.
    Restart,
}

impl Strike {
    /// What the report calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Kill => "primary killed",
            Self::Stop => "primary stopped (SIGSTOP)",
            Self::Cut => "primary off the network",
            Self::Restart => "servers restarted in turn",
        }
    }
}

impl Options {
    /// What is done in each round, in order.
    pub fn each(&self) -> Vec<Strike> {
        let all = [
            (self.kill, Strike::Kill),
            (self.stop, Strike::Stop),
            (self.cut, Strike::Cut),
            (self.restart, Strike::Restart),
        ];
        all.into_iter().filter(|(wanted, _)| *wanted).map(|(_, strike)| strike).collect()
    }
}
