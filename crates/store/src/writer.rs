//! SQLite's one writer: a task that owns the connection and commits waiting requests together. Each request is answered
//! after the commit, and goes through whole or not at all, whether or not its caller still listens; each but the first has a
//! savepoint for that. PostgreSQL does not come here.

use crate::{
    Result, StoreError,
    db::{Conn, Work, sql},
};
use futures::{FutureExt as _, future::BoxFuture};
use sqlx::{Connection as _, SqliteConnection};
use std::{
    panic::{AssertUnwindSafe, resume_unwind},
    thread,
    time::{Duration, Instant},
};
use tokio::sync::{mpsc, oneshot};

/// How many requests one commit takes, and how long it may gather them.
const GROUP: usize = 100;
const GATHER: Duration = Duration::from_millis(20);
/// How many requests may wait before callers wait to be let in.
const QUEUE: usize = 1024;

/// The way to the writer. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Writer(mpsc::Sender<Message>);

enum Message {
    Write(Box<dyn Pending>),
    Close(oneshot::Sender<()>),
}

impl Writer {
    /// Starts the task.
    pub fn start(connection: SqliteConnection) -> Self {
        let (sender, receiver) = mpsc::channel(QUEUE);
        tokio::spawn(run(Conn::Writer(connection), receiver));
        Self(sender)
    }

    /// Runs `work` in a transaction; returns after the commit. A panic of `work` is the caller's.
    pub async fn write<I, T>(&self, input: I, work: Work<I, T>) -> Result<T>
    where
        I: Send + Sync + 'static,
        T: Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let request = Request { input, work, outcome: None, reply };
        self.0.send(Message::Write(Box::new(request))).await.map_err(|_| closed())?;
        match answer.await.map_err(|_| closed())? {
            Ok(result) => result,
            Err(panic) => resume_unwind(panic),
        }
    }

    /// Waits until everything sent before is committed, and ends the task.
    pub async fn close(&self) {
        let (reply, closed) = oneshot::channel();
        if self.0.send(Message::Close(reply)).await.is_ok() {
            let _ = closed.await;
        }
    }
}

fn closed() -> StoreError {
    StoreError::Unavailable("the store is closed".to_owned())
}

/// A request without its types.
trait Pending: Send {
    /// Whether nobody waits for the answer any more.
    fn is_abandoned(&self) -> bool;
    /// Does the work; whether it may be kept.
    fn run<'c>(&'c mut self, conn: &'c mut Conn) -> BoxFuture<'c, bool>;
    /// Answers, once the transaction's fate is known.
    fn answer(self: Box<Self>, commit: Result<(), &StoreError>);
}

struct Request<I, T> {
    input: I,
    work: Work<I, T>,
    outcome: Option<thread::Result<Result<T>>>,
    reply: oneshot::Sender<thread::Result<Result<T>>>,
}

impl<I: Send + Sync, T: Send> Pending for Request<I, T> {
    fn is_abandoned(&self) -> bool {
        self.reply.is_closed()
    }

    fn run<'c>(&'c mut self, conn: &'c mut Conn) -> BoxFuture<'c, bool> {
        Box::pin(async move {
            let outcome = AssertUnwindSafe((self.work)(conn, &self.input)).catch_unwind().await;
            let keep = matches!(outcome, Ok(Ok(_)));
            self.outcome = Some(outcome);
            keep
        })
    }

    fn answer(self: Box<Self>, commit: Result<(), &StoreError>) {
        let outcome = match (self.outcome, commit) {
            (Some(Ok(Ok(value))), Ok(())) => Ok(Ok(value)),
            // What the request itself met is more telling than what became of its group.
            (Some(Ok(Err(error))), _) => Ok(Err(error)),
            (Some(Err(panic)), _) => Err(panic),
            (_, Err(error)) => Ok(Err(StoreError::Unavailable(error.to_string()))),
            (None, Ok(())) => Ok(Err(closed())),
        };
        // A caller that hung up does not hear it.
        let _ = self.reply.send(outcome);
    }
}

async fn run(mut conn: Conn, mut queue: mpsc::Receiver<Message>) {
    let mut closing = None;
    while closing.is_none()
        && let Some(message) = queue.recv().await
    {
        match message {
            Message::Write(first) => closing = group(&mut conn, first, &mut queue).await,
            Message::Close(reply) => closing = Some(reply),
        }
    }
    queue.close();
    if let Conn::Writer(connection) = conn
        && let Err(error) = connection.close().await
    {
        tracing::warn!(%error, "closing the database");
    }
    if let Some(reply) = closing {
        let _ = reply.send(());
    }
}

/// Commits `first` and what else waits, together. Answers with the request to close, if one was met.
async fn group(
    conn: &mut Conn,
    first: Box<dyn Pending>,
    queue: &mut mpsc::Receiver<Message>,
) -> Option<oneshot::Sender<()>> {
    let mut done = Vec::new();
    let mut closing = None;
    let commit = async {
        conn.execute(sql("BEGIN IMMEDIATE")).await?;
        let begun = Instant::now();
        let mut next = Some(first);
        while let Some(mut request) = next.take() {
            if !request.is_abandoned() {
                let kept = match done.is_empty() {
                    true => first_of_all(conn, request.as_mut()).await,
                    false => savepoint(conn, request.as_mut()).await,
                };
                done.push(request);
                kept?;
            }
            if done.len() < GROUP && begun.elapsed() < GATHER {
                match queue.try_recv() {
                    Ok(Message::Write(request)) => next = Some(request),
                    Ok(Message::Close(reply)) => closing = Some(reply),
                    Err(_) => {}
                }
            }
        }
        conn.execute(sql("COMMIT")).await.map(drop)
    }
    .await;
    if let Err(error) = &commit {
        tracing::error!(%error, requests = done.len(), "a group of writes was not committed");
        // Without a transaction this fails, which is what we want to be sure of.
        let _ = conn.execute(sql("ROLLBACK")).await;
    }
    for request in done {
        request.answer(commit.as_ref().copied());
    }
    closing
}

/// Runs a request before which nothing was done in the transaction: when it fails, that begins anew. Two statements less than with
/// a savepoint, for one that comes alone.
async fn first_of_all(conn: &mut Conn, request: &mut dyn Pending) -> Result<()> {
    if !request.run(conn).await {
        conn.execute(sql("ROLLBACK")).await?;
        conn.execute(sql("BEGIN IMMEDIATE")).await?;
    }
    Ok(())
}

/// Runs one request so that its failure leaves the others' work alone.
async fn savepoint(conn: &mut Conn, request: &mut dyn Pending) -> Result<()> {
    conn.execute(sql("SAVEPOINT request")).await?;
    if !request.run(conn).await {
        conn.execute(sql("ROLLBACK TO request")).await?;
    }
    conn.execute(sql("RELEASE request")).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::{ConnectOptions as _, sqlite::SqliteConnectOptions};
    use tokio::task::JoinSet;

    async fn writer(folder: &tempfile::TempDir) -> Writer {
        let options =
            SqliteConnectOptions::new().filename(folder.path().join("test.db")).create_if_missing(true);
        let writer = Writer::start(options.connect().await.unwrap());
        let table = "CREATE TABLE numbers (number INTEGER PRIMARY KEY)";
        writer.write(table, |conn, table| Box::pin(conn.execute(sql(table)))).await.unwrap();
        writer
    }

    /// Writes two rows, and fails between them where `number` says so.
    async fn two_rows(conn: &mut Conn, number: i64) -> Result<i64> {
        let insert = sql("INSERT INTO numbers (number) VALUES ($1)");
        conn.execute(insert.clone().bind(number)).await?;
        match number % 3 {
            0 => return Err(StoreError::Corrupt(number.to_string())),
            1 => panic!("{number}"),
            _ => conn.execute(insert.bind(number + 1000)).await?,
        };
        Ok(number)
    }

    async fn stored(writer: &Writer) -> Vec<i64> {
        let all: Work<(), Vec<i64>> = |conn, ()| {
            Box::pin(conn.fetch_map(sql("SELECT number FROM numbers ORDER BY 1"), |row| row.i64(0)))
        };
        writer.write((), all).await.unwrap()
    }

    #[tokio::test]
    async fn a_failure_and_a_panic_leave_their_group_alone() {
        let folder = tempfile::tempdir().unwrap();
        let writer = writer(&folder).await;
        let mut tasks = JoinSet::new();
        for number in 0..90 {
            let writer = writer.clone();
            let work: Work<i64, i64> = |conn, number| Box::pin(two_rows(conn, *number));
            tasks.spawn(async move { writer.write(number, work).await });
        }
        let (mut done, mut failed, mut panicked) = (Vec::new(), 0, 0);
        while let Some(outcome) = tasks.join_next().await {
            match outcome {
                Ok(Ok(number)) => done.push(number),
                Ok(Err(StoreError::Corrupt(_))) => failed += 1,
                Ok(Err(error)) => panic!("{error}"),
                Err(error) => panicked += i32::from(error.is_panic()),
            }
        }
        assert_eq!((failed, panicked), (30, 30));
        done.sort_unstable();
        let whole: Vec<i64> = done.iter().copied().chain(done.iter().map(|number| number + 1000)).collect();
        assert_eq!(stored(&writer).await, whole);
    }

    #[tokio::test]
    async fn a_caller_that_hangs_up_leaves_all_or_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let writer = writer(&folder).await;
        let mut tasks = JoinSet::new();
        for number in (2..300).step_by(3) {
            let writer = writer.clone();
            let work: Work<i64, i64> = |conn, number| Box::pin(two_rows(conn, *number));
            tasks.spawn(async move { writer.write(number, work).await });
        }
        tasks.join_next().await.unwrap().unwrap().unwrap();
        tasks.shutdown().await;
        let stored = stored(&writer).await;
        let (low, high): (Vec<i64>, Vec<i64>) = stored.iter().partition(|number| **number < 1000);
        assert!(!low.is_empty());
        assert_eq!(low.iter().map(|number| number + 1000).collect::<Vec<_>>(), high);
        writer.close().await;
        assert!(matches!(
            writer.write((), |_, ()| Box::pin(async { Ok(()) })).await,
            Err(StoreError::Unavailable(_))
        ));
    }
}
