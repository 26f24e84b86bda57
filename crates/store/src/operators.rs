//! Operators, their one-time links, sign-in tries and sessions (control tables, without an application).

use crate::{Result, Store};
use rollcall_shared::{session::{Operator, SessionInfo}, time::Timestamp};

/// An operator with what is needed to verify a password.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The operator.
    pub operator: Operator,
    /// The PHC string; empty when no password was set yet.
    pub password_hash: String,
}

/// A session that is being begun.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Whose.
    pub operator: i64,
    /// SHA-256 of the cookie's value.
    pub hash: [u8; 32],
    /// The browser's description of itself.
    pub user_agent: String,
    /// The client's address.
    pub address: String,
    /// When it begins.
    pub now: Timestamp,
    /// When it ends unless used.
    pub expires_at: Timestamp,
}

/// A valid session.
#[derive(Clone, Debug)]
pub struct ActiveSession {
    /// Its id in the list.
    pub id: i64,
    /// Whose it is.
    pub operator: Operator,
    /// When it ends unless used.
    pub expires_at: Timestamp,
}

/// Whether a sign-in may be tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// It may; it has been counted as failed already.
    Allowed,
    /// Not before this instant.
    Wait(Timestamp),
}

impl Store {
    /// How many operators can sign in (have a password).
    pub async fn operators_ready(&self) -> Result<u64> { unimplemented!() }
    /// Adds an operator with a password, or gives an existing e-mail a new one.
    pub async fn put_operator(&self, email: &str, name: &str, password_hash: &str, now: Timestamp) -> Result<Operator> { let _ = (email, name, password_hash, now); unimplemented!() }
    /// Keeps a one-time link by its hash; links made before end.
    pub async fn put_setup_link(&self, hash: &[u8; 32], now: Timestamp, expires_at: Timestamp) -> Result<()> { let _ = (hash, now, expires_at); unimplemented!() }
    /// Whether the link is still good, without using it.
    pub async fn setup_link_valid(&self, hash: &[u8; 32], now: Timestamp) -> Result<bool> { let _ = (hash, now); unimplemented!() }
    /// Uses the link: creates the operator. None when the link is unknown, used or expired; of 50 racing uses one wins.
    pub async fn use_setup_link(&self, hash: &[u8; 32], email: &str, name: &str, password_hash: &str, now: Timestamp) -> Result<Option<Operator>> { let _ = (hash, email, name, password_hash, now); unimplemented!() }
    /// An operator by e-mail, without regard to case.
    pub async fn credentials(&self, email: &str) -> Result<Option<Credentials>> { let _ = email; unimplemented!() }
    /// An operator's credentials by id.
    pub async fn credentials_by_id(&self, operator: i64) -> Result<Option<Credentials>> { let _ = operator; unimplemented!() }
    /// Counts a try as failed in one durable statement before anything is verified, per e-mail and per address; after 5 failures in a row waits double from 1 s to 15 min. Parallel tries see each other.
    pub async fn begin_attempt(&self, email: &str, address: &str, now: Timestamp) -> Result<Attempt> { let _ = (email, address, now); unimplemented!() }
    /// The try succeeded: forgets the e-mail's failures (the address keeps its others).
    pub async fn attempt_succeeded(&self, email: &str, address: &str) -> Result<()> { let _ = (email, address); unimplemented!() }
    /// Replaces the password and ends every other session of the operator. `keep` is the session that stays.
    pub async fn change_password(&self, operator: i64, password_hash: &str, keep: i64, now: Timestamp) -> Result<()> { let _ = (operator, password_hash, keep, now); unimplemented!() }
    /// Begins a session. Removes expired ones.
    pub async fn begin_session(&self, session: &NewSession) -> Result<ActiveSession> { let _ = session; unimplemented!() }
    /// The session of a cookie if it is valid; extends it to `expires_at` and notes its use, at most once a minute.
    pub async fn session(&self, hash: &[u8; 32], now: Timestamp, expires_at: Timestamp) -> Result<Option<ActiveSession>> { let _ = (hash, now, expires_at); unimplemented!() }
    /// The operator's valid sessions, newest first, at most 200. `current` marks one.
    pub async fn sessions(&self, operator: i64, current: i64, now: Timestamp) -> Result<Vec<SessionInfo>> { let _ = (operator, current, now); unimplemented!() }
    /// Ends a session of this operator; false when there is none.
    pub async fn end_session(&self, operator: i64, id: i64) -> Result<bool> { let _ = (operator, id); unimplemented!() }
}
