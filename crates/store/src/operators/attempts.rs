//! Sign-in tries: each is counted as failed before anything is verified, so that parallel guesses see each other.

use super::{Attempt, email_key};
use crate::{
    Result, Store,
    db::{Arg, Conn, sql},
};
use rollcall_shared::time::Timestamp;

/// After how long without a try its failures are forgotten.
const FORGOTTEN: i64 = 24 * 60 * 60 * 1000;
/// The most bytes of a subject that are kept: what is longer is no address of ours.
const SUBJECT_MAX: usize = 320;

/// Whose failures are counted. The numbers are stored.
#[derive(Clone, Copy)]
enum Scope {
    Email = 0,
    Address = 1,
}

impl From<Scope> for Arg {
    fn from(scope: Scope) -> Self {
        Self::Int(scope as i64)
    }
}

impl Store {
    /// Counts a try as failed in one durable statement before anything is verified, per e-mail and per address;
    /// after 5 failures in a row waits double from 1 s to 15 min. Parallel tries see each other.
    ///
    /// # Errors
    /// The database failed.
    pub async fn begin_attempt(&self, email: &str, address: &str, now: Timestamp) -> Result<Attempt> {
        let input = (subject(&email_key(email)), subject(address), now);
        self.write(input, |conn, (email, address, now)| Box::pin(begin(conn, email, address, *now))).await
    }

    /// The try succeeded: forgets the e-mail's failures (the address keeps its others).
    ///
    /// # Errors
    /// The database failed.
    pub async fn attempt_succeeded(&self, email: &str, address: &str) -> Result<()> {
        let input = (subject(&email_key(email)), subject(address));
        self.write(input, |conn, (email, address)| {
            Box::pin(async move {
                let forget = sql("DELETE FROM sign_in_attempts WHERE scope = $1 AND subject = $2");
                conn.execute(forget.bind(Scope::Email).bind(email.as_str())).await?;
                let one_less = sql("UPDATE sign_in_attempts SET failures = failures - 1, blocked_until = 0 \
                     WHERE scope = $1 AND subject = $2 AND failures > 0");
                conn.execute(one_less.bind(Scope::Address).bind(address.as_str())).await.map(drop)
            })
        })
        .await
    }
}

fn subject(text: &str) -> String {
    text[..text.floor_char_boundary(SUBJECT_MAX)].to_owned()
}

async fn begin(conn: &mut Conn, email: &str, address: &str, now: Timestamp) -> Result<Attempt> {
    let forget = sql("DELETE FROM sign_in_attempts WHERE last_at <= $1");
    conn.execute(forget.bind(now.plus_millis(-FORGOTTEN))).await?;
    conn.execute(sql("SAVEPOINT tries")).await?;
    for (scope, subject) in [(Scope::Address, address), (Scope::Email, email)] {
        if let Some(until) = count(conn, scope, subject, now).await? {
            // Only tries that are let through count.
            conn.execute(sql("ROLLBACK TO SAVEPOINT tries")).await?;
            return Ok(Attempt::Wait(until));
        }
    }
    Ok(Attempt::Allowed)
}

/// Counts a failure; the instant to wait for, if the subject is blocked.
async fn count(conn: &mut Conn, scope: Scope, subject: &str, now: Timestamp) -> Result<Option<Timestamp>> {
    // One statement, because its WHERE is what parallel tries queue for.
    let count = sql("INSERT INTO sign_in_attempts (scope, subject, failures, last_at, blocked_until) \
         VALUES ($1, $2, 1, $3, 0) ON CONFLICT (scope, subject) DO UPDATE \
         SET failures = sign_in_attempts.failures + 1, last_at = excluded.last_at, \
         blocked_until = excluded.last_at + CASE \
             WHEN sign_in_attempts.failures < 4 THEN 0 \
             WHEN sign_in_attempts.failures > 13 THEN 900000 \
             ELSE CAST(1000 AS BIGINT) << CAST(sign_in_attempts.failures - 4 AS INTEGER) END \
         WHERE sign_in_attempts.blocked_until <= excluded.last_at");
    if conn.execute(count.bind(scope).bind(subject).bind(now)).await? == 1 {
        return Ok(None);
    }
    let until = sql("SELECT blocked_until FROM sign_in_attempts WHERE scope = $1 AND subject = $2");
    conn.fetch_one(until.bind(scope).bind(subject)).await?.time(0).map(Some)
}
