//! Hashing and verifying passwords, off the async threads and few at a time. Who may try lives in
//! [`crate::api::session`].

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// A password could not be hashed or compared: a fault of the machine, never of the password.
#[derive(Debug, thiserror::Error)]
#[error("hashing a password failed: {0}")]
pub struct PasswordError(String);

/// Argon2id with a bound on how many run at once: each takes 19 MiB and a core.
#[derive(Clone, Debug)]
pub struct Passwords {
    params: Params,
    turns: Arc<Semaphore>,
    /// Verified against when there is no such operator, so that both answers take as long.
    dummy: Arc<str>,
}

impl Passwords {
    /// With the parameters that OWASP recommends: 19 MiB, two passes.
    ///
    /// # Errors
    /// The machine gave no random bytes.
    pub fn new() -> Result<Self, PasswordError> {
        Self::with_params(Params::default())
    }

    /// With other parameters, for tests that sign in many times.
    ///
    /// # Errors
    /// The machine gave no random bytes.
    pub fn with_params(params: Params) -> Result<Self, PasswordError> {
        let turns = std::thread::available_parallelism().map_or(2, usize::from);
        let dummy = hash(&params, "no password of anyone")?.into();
        Ok(Self { params, turns: Arc::new(Semaphore::new(turns)), dummy })
    }

    /// The PHC string of a password.
    ///
    /// # Errors
    /// The machine failed.
    pub async fn hash(&self, password: String) -> Result<String, PasswordError> {
        let params = self.params.clone();
        self.run(move || hash(&params, &password)).await?
    }

    /// Whether `password` is the one of `phc`. `None`, or an operator without a password, costs the same time
    /// and is never right.
    ///
    /// # Errors
    /// The machine failed.
    pub async fn verify(&self, phc: Option<String>, password: String) -> Result<bool, PasswordError> {
        let known = phc.filter(|text| !text.is_empty());
        let (is_known, phc) = match known {
            Some(phc) => (true, phc),
            None => (false, self.dummy.to_string()),
        };
        let params = self.params.clone();
        let right = self.run(move || matches(params, &phc, &password)).await?;
        Ok(right && is_known)
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, PasswordError> {
        let fault = |error: &dyn std::fmt::Display| PasswordError(error.to_string());
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(|e| fault(&e))?;
        // The turn moves along: a caller that hangs up must not let the next one start early.
        let task = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work()
        });
        task.await.map_err(|e| fault(&e))
    }
}

fn hash(params: &Params, password: &str) -> Result<String, PasswordError> {
    let hashed: PasswordHash = argon2(params.clone())
        .hash_password(password.as_bytes())
        .map_err(|error| PasswordError(error.to_string()))?;
    Ok(hashed.to_string())
}

fn matches(params: Params, phc: &str, password: &str) -> bool {
    PasswordHash::new(phc)
        .is_ok_and(|parsed| argon2(params).verify_password(password.as_bytes(), &parsed).is_ok())
}

fn argon2(params: Params) -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quick() -> Passwords {
        Passwords::with_params(Params::new(8, 1, 1, None).unwrap()).unwrap()
    }

    #[tokio::test]
    async fn only_the_right_password_verifies() {
        let passwords = quick();
        let phc = passwords.hash("correct horse".into()).await.unwrap();
        assert!(phc.starts_with("$argon2id$"));
        assert!(passwords.verify(Some(phc.clone()), "correct horse".into()).await.unwrap());
        assert!(!passwords.verify(Some(phc), "wrong horse".into()).await.unwrap());
    }

    #[tokio::test]
    async fn nobody_signs_in_with_the_dummy() {
        let passwords = quick();
        assert!(!passwords.verify(None, "no password of anyone".into()).await.unwrap());
        assert!(!passwords.verify(Some(String::new()), "no password of anyone".into()).await.unwrap());
    }
}
