//! The load: clients side by side, who send again what was not answered. What each of them does is in `worker`.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rollcall_shared::app::SdkAppId;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::book::Book;
use crate::client::{Answer, Ask, Client};
use crate::failures::Failures;
use crate::random::Random;
use crate::worker::Worker;
use crate::write::{Verdict, Write};

/// Clients at the same time.
pub const CLIENTS: usize = 12;

/// How quickly clients work.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// How long a client rests after each step.
    pub rest: Duration,
    /// How long it waits before it sends again what failed.
    pub again: Duration,
}

impl Pace {
    /// As quickly as the server answers: a kill then hits something under way.
    pub const FULL: Self = Self { rest: Duration::ZERO, again: Duration::from_millis(10) };
    /// So that outages of many seconds neither fill the machine with refused requests nor the database with accounts.
    pub const STEADY: Self = Self { rest: Duration::from_millis(100), again: Duration::from_millis(100) };
}

/// What everyone who talks to the server shares.
#[derive(Clone)]
pub struct Target {
    /// Where it listens.
    pub port: u16,
    /// The operator's session.
    pub cookie: String,
    /// The application.
    pub app: SdkAppId,
    /// The query that proves a caller of the server API.
    pub caller: String,
    /// How quickly clients work.
    pub pace: Pace,
    /// What clients were not answered.
    pub failures: Failures,
    book: Arc<Mutex<Book>>,
}

impl Target {
    /// With an empty book.
    pub fn new(port: u16, cookie: String, app: SdkAppId, caller: String, pace: Pace) -> Self {
        Self { port, cookie, app, caller, pace, failures: Failures::default(), book: Arc::default() }
    }

    /// The book. Never held while waiting.
    pub fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A connection.
    pub fn client(&self) -> Client {
        Client::new(self.port, self.cookie.clone()).counted(&self.failures)
    }

    /// Sends a write until it is answered for good, and writes down what came of it.
    pub async fn carry_out(&self, client: &mut Client, write: &Write) {
        let ask = write.ask(self.app);
        // What earlier tries were answered; nothing at all is no answer.
        let mut earlier: Vec<Option<String>> = Vec::new();
        loop {
            let sent = Instant::now();
            let answer = client.send(&ask).await;
            let again = !earlier.is_empty();
            let verdict = answer.as_ref().map_or(Verdict::InDoubt, |answer| write.judge(answer, again));
            match (verdict, answer) {
                (Verdict::Acknowledged | Verdict::DoneBefore, Some(answer)) => {
                    let mut book = self.book();
                    if verdict == Verdict::DoneBefore
                        && let Some(Some(failed)) =
                            earlier.iter().find(|one| one.is_none()).or(earlier.first())
                    {
                        let sentence = format!("{} {} was done, and answered {failed}", ask.method, ask.path);
                        book.notes.push(sentence);
                    }
                    book.sums.in_doubt += u64::from(again);
                    return book.acknowledge(write.effects(&answer), sent);
                }
                (Verdict::Doubled, Some(answer)) => return self.book().doubled.push(told(&ask, &answer)),
                (Verdict::Wrong, Some(answer)) => return self.book().wrong.push(told(&ask, &answer)),
                (Verdict::Later, _) => {}
                (_, answer) => earlier.push(answer.map(|answer| answer.shown())),
            }
            sleep(self.pace.again).await;
        }
    }
}

fn told(ask: &Ask, answer: &Answer) -> String {
    format!("{} {} answered {}", ask.method, ask.path, answer.shown())
}

/// What the clients are to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Write and read.
    Load,
    /// Finish what was begun and wait.
    Quiet,
}

/// The clients.
pub struct Load {
    phase: watch::Sender<Phase>,
    quiet: watch::Receiver<usize>,
    tasks: Vec<JoinHandle<()>>,
}

impl Load {
    /// Starts the clients, quiet.
    pub fn start(target: &Target, seed: u64) -> Self {
        let (phase, _) = watch::channel(Phase::Quiet);
        let (count, quiet) = watch::channel(0);
        let count = Arc::new(count);
        let worker = |number| Worker::new(target, number, Random::new(seed, number as u64));
        let tasks = (0..CLIENTS)
            .map(|number| tokio::spawn(worker(number).run(phase.subscribe(), Arc::clone(&count))))
            .collect();
        Self { phase, quiet, tasks }
    }

    /// Lets them write.
    pub fn go(&self) {
        self.phase.send_replace(Phase::Load);
    }

    /// Lets them finish; returns when everything that was sent is answered.
    pub async fn settle(&mut self) -> crate::Result<()> {
        self.phase.send_replace(Phase::Quiet);
        self.quiet.wait_for(|quiet| *quiet == CLIENTS).await?;
        Ok(())
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}
