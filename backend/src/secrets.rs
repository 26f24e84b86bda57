//! Random secrets, their hashes, and the encryption of what must be shown again. How passwords are hashed lives
//! in [`crate::passwords`].

use crate::certificates::Signer;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead, KeyInit, Payload},
};
use rollcall_shared::app::SdkAppId;
use sha2::{Digest, Sha256};
use std::{fmt, path::Path};

/// What an API token begins with, so that secret scanners find leaked ones.
pub const TOKEN_PREFIX: &str = "rc_";
/// The file of the master key in the data folder.
pub const KEY_FILE: &str = "master.key";
/// The first byte of everything sealed, so that the form can change.
const SEALED_V1: u8 = 1;
const NONCE_BYTES: usize = 24;

/// The machine has no randomness to give, or a master key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The system's random source failed.
    #[error("the system gave no random bytes: {0}")]
    Random(getrandom::Error),
    /// The file of the master key cannot be read or made.
    #[error("the master key {path}: {source}")]
    File {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The master key is not 64 hex digits.
    #[error("the master key must be 64 hex digits")]
    Malformed,
    /// Sealed bytes do not open: another master key, another application, or damage.
    #[error("a secret key does not open with this master key")]
    Sealed,
}

/// `N` random bytes.
///
/// # Errors
/// The system's random source failed.
pub fn random<const N: usize>() -> Result<[u8; N], SecretError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(SecretError::Random)?;
    Ok(bytes)
}

/// A secret of 256 bits as 43 characters of base64url.
///
/// # Errors
/// The system's random source failed.
pub fn random_text() -> Result<String, SecretError> {
    Ok(URL_SAFE_NO_PAD.encode(random::<32>()?))
}

/// SHA-256 of a secret. The secrets are random, so a fast hash is enough.
pub fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// Bytes as lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// Encrypts the applications' secret keys at rest, each bound to its SDKAppID, and has what else comes of the master key.
#[derive(Clone)]
pub struct Sealer {
    cipher: XChaCha20Poly1305,
    signer: Signer,
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealer")
    }
}

impl Sealer {
    /// With this master key.
    pub fn new(master_key: &[u8; 32]) -> Self {
        Self { cipher: XChaCha20Poly1305::new(master_key.into()), signer: Signer::new(master_key) }
    }

    /// What signs certificates of erasures.
    pub const fn signer(&self) -> &Signer {
        &self.signer
    }

    /// With the key in `given` (64 hex digits), or the one in the data folder, which is made when it is missing.
    ///
    /// # Errors
    /// The key is malformed, or its file cannot be read or made.
    pub fn from_settings(given: Option<&str>, data: &Path) -> Result<Self, SecretError> {
        let text = match given {
            Some(text) => text.to_owned(),
            None => key_from_file(&data.join(KEY_FILE))?,
        };
        Ok(Self::new(&parse_key(text.trim())?))
    }

    /// A function that encrypts `secret` for the application it is told, with a fresh nonce.
    ///
    /// # Errors
    /// The system's random source failed.
    pub fn seal(
        &self,
        secret: &str,
    ) -> Result<impl Fn(SdkAppId) -> Vec<u8> + Send + Sync + use<>, SecretError> {
        let nonce = random::<NONCE_BYTES>()?;
        let (cipher, secret) = (self.cipher.clone(), secret.to_owned());
        Ok(move |app: SdkAppId| {
            let aad = app.to_string();
            let payload = Payload { msg: secret.as_bytes(), aad: aad.as_bytes() };
            // Fails only for texts of many gigabytes; an empty result would not open again, never in the clear.
            let sealed = cipher.encrypt(XNonce::from_slice(&nonce), payload).unwrap_or_default();
            [&[SEALED_V1][..], &nonce, &sealed].concat()
        })
    }

    /// The secret in `sealed`, if it was sealed for `app` under this master key.
    ///
    /// # Errors
    /// It was not.
    pub fn open(&self, app: SdkAppId, sealed: &[u8]) -> Result<String, SecretError> {
        let body = sealed.strip_prefix(&[SEALED_V1]).ok_or(SecretError::Sealed)?;
        let (nonce, sealed) = body.split_at_checked(NONCE_BYTES).ok_or(SecretError::Sealed)?;
        let aad = app.to_string();
        let payload = Payload { msg: sealed, aad: aad.as_bytes() };
        let secret =
            self.cipher.decrypt(XNonce::from_slice(nonce), payload).map_err(|_| SecretError::Sealed)?;
        String::from_utf8(secret).map_err(|_| SecretError::Sealed)
    }
}

fn parse_key(text: &str) -> Result<[u8; 32], SecretError> {
    if text.len() != 64 || !text.is_ascii() {
        return Err(SecretError::Malformed);
    }
    let mut key = [0; 32];
    for (byte, pair) in key.iter_mut().zip(text.as_bytes().chunks(2)) {
        let pair = std::str::from_utf8(pair).map_err(|_| SecretError::Malformed)?;
        *byte = u8::from_str_radix(pair, 16).map_err(|_| SecretError::Malformed)?;
    }
    Ok(key)
}

/// Reads the key, or makes one that nobody else on the machine can read.
fn key_from_file(path: &Path) -> Result<String, SecretError> {
    let fault = |source| SecretError::File { path: path.display().to_string(), source };
    match create_private(path) {
        Ok(mut file) => {
            let key = hex(&random::<32>()?);
            std::io::Write::write_all(&mut file, key.as_bytes()).map_err(fault)?;
            file.sync_all().map_err(fault)?;
            Ok(key)
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            std::fs::read_to_string(path).map_err(fault)
        }
        Err(error) => Err(fault(error)),
    }
}

fn create_private(path: &Path) -> std::io::Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    const APP: SdkAppId = SdkAppId(1_400_000_001);

    #[test]
    fn what_is_sealed_opens_for_its_application_only() {
        let sealer = Sealer::new(&[7; 32]);
        let sealed = sealer.seal("secret").unwrap()(APP);
        assert_eq!(sealer.open(APP, &sealed).unwrap(), "secret");
        assert!(sealer.open(SdkAppId(1_400_000_002), &sealed).is_err());
        assert!(Sealer::new(&[8; 32]).open(APP, &sealed).is_err());
        assert!(sealer.open(APP, &sealed[..20]).is_err());
        assert_ne!(sealed, sealer.seal("secret").unwrap()(APP), "each sealing has its own nonce");
    }

    #[test]
    fn the_key_file_is_made_once_and_private() {
        let folder = tempfile::tempdir().unwrap();
        let sealed = Sealer::from_settings(None, folder.path()).unwrap().seal("secret").unwrap()(APP);
        let again = Sealer::from_settings(None, folder.path()).unwrap();
        assert_eq!(again.open(APP, &sealed).unwrap(), "secret");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(folder.path().join(KEY_FILE)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn a_master_key_is_64_hex_digits() {
        let folder = tempfile::tempdir().unwrap();
        for bad in ["", "00", &"g".repeat(64), &"é".repeat(32)] {
            assert!(Sealer::from_settings(Some(bad), folder.path()).is_err(), "{bad}");
        }
        assert!(Sealer::from_settings(Some(&"aF".repeat(32)), folder.path()).is_ok());
    }
}
