//! Operators, their one-time links, sign-in tries and sessions (control tables, without an application). Here are
//! the words for them and the operators themselves.

mod attempts;
mod links;
mod sessions;

use crate::{
    Result, Store,
    db::{Conn, Row, sql},
};
use rollcall_shared::{session::Operator, time::Timestamp};

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
    ///
    /// # Errors
    /// The database failed.
    pub async fn operators_ready(&self) -> Result<u64> {
        let ready = sql("SELECT count(*) FROM operators WHERE password_hash <> ''");
        self.read().await?.fetch_one(ready).await?.u64(0)
    }

    /// Adds an operator with a password, or gives an existing e-mail a new one and ends its sessions.
    ///
    /// # Errors
    /// The database failed.
    pub async fn put_operator(
        &self,
        email: &str,
        name: &str,
        password_hash: &str,
        now: Timestamp,
    ) -> Result<Operator> {
        let input = NewOperator::new(email, name, password_hash);
        self.write((input, now), |conn, (operator, now)| Box::pin(put(conn, operator, *now))).await
    }

    /// An operator by e-mail, without regard to case.
    ///
    /// # Errors
    /// The database failed.
    pub async fn credentials(&self, email: &str) -> Result<Option<Credentials>> {
        let find = sql("SELECT id, email, name, password_hash FROM operators WHERE email_key = $1");
        let row = self.read().await?.fetch_optional(find.bind(email_key(email))).await?;
        row.as_ref().map(credentials).transpose()
    }

    /// An operator's credentials by id.
    ///
    /// # Errors
    /// The database failed.
    pub async fn credentials_by_id(&self, operator: i64) -> Result<Option<Credentials>> {
        let find = sql("SELECT id, email, name, password_hash FROM operators WHERE id = $1");
        let row = self.read().await?.fetch_optional(find.bind(operator)).await?;
        row.as_ref().map(credentials).transpose()
    }

    /// Replaces the password and ends every other session of the operator. `keep` is the session that stays.
    ///
    /// # Errors
    /// The database failed.
    pub async fn change_password(
        &self,
        operator: i64,
        password_hash: &str,
        keep: i64,
        now: Timestamp,
    ) -> Result<()> {
        let input = (operator, password_hash.to_owned(), keep, now);
        self.write(input, |conn, (operator, password_hash, keep, now)| {
            Box::pin(async move {
                let set = sql("UPDATE operators SET password_hash = $2, updated_at = $3 WHERE id = $1");
                conn.execute(set.bind(*operator).bind(password_hash.as_str()).bind(*now)).await?;
                sessions::end_others(conn, *operator, *keep).await
            })
        })
        .await
    }
}

/// An operator to be added, or given a new password.
struct NewOperator {
    email: String,
    name: String,
    password_hash: String,
}

impl NewOperator {
    fn new(email: &str, name: &str, password_hash: &str) -> Self {
        Self {
            email: email.trim().to_owned(),
            name: name.to_owned(),
            password_hash: password_hash.to_owned(),
        }
    }
}

/// The address without regard to case.
fn email_key(email: &str) -> String {
    email.trim().to_lowercase()
}

fn operator(row: &Row) -> Result<Operator> {
    Ok(Operator { id: row.i64(0)?, email: row.text(1)?, name: row.text(2)? })
}

fn credentials(row: &Row) -> Result<Credentials> {
    Ok(Credentials { operator: operator(row)?, password_hash: row.text(3)? })
}

async fn put(conn: &mut Conn, new: &NewOperator, now: Timestamp) -> Result<Operator> {
    let put = sql("INSERT INTO operators (email, email_key, name, password_hash, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $5) ON CONFLICT (email_key) DO UPDATE \
         SET name = excluded.name, password_hash = excluded.password_hash, updated_at = excluded.updated_at \
         RETURNING id, email, name");
    let put = put.bind(new.email.as_str()).bind(email_key(&new.email)).bind(new.name.as_str());
    let stored = operator(&conn.fetch_one(put.bind(new.password_hash.as_str()).bind(now)).await?)?;
    // No session has number 0.
    sessions::end_others(conn, stored.id, 0).await?;
    Ok(stored)
}
