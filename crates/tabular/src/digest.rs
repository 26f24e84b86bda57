//! A writer that counts and hashes what passes through it.

use sha2::{Digest as _, Sha256};
use std::{fmt::Write as _, io};

/// How much was written, and its SHA-256.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The number of bytes.
    pub bytes: u64,
    /// The SHA-256 of the bytes, in lower-case hex.
    pub sha256: String,
}

/// Passes bytes on to `W`, counting and hashing those that `W` took.
#[derive(Debug)]
pub struct Digesting<W> {
    inner: W,
    bytes: u64,
    hash: Sha256,
}

impl<W: io::Write> Digesting<W> {
    /// A writer in front of `inner`.
    pub fn new(inner: W) -> Self {
        Self { inner, bytes: 0, hash: Sha256::new() }
    }

    /// Flushes and answers what was written.
    ///
    /// # Errors
    /// The flush failed.
    pub fn finish(mut self) -> io::Result<Written> {
        self.inner.flush()?;
        let mut sha256 = String::with_capacity(64);
        for byte in self.hash.finalize() {
            // Writing to a String cannot fail.
            let _ = write!(sha256, "{byte:02x}");
        }
        Ok(Written { bytes: self.bytes, sha256 })
    }
}

impl<W: io::Write> io::Write for Digesting<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let taken = self.inner.write(buffer)?;
        self.hash.update(&buffer[..taken]);
        self.bytes += taken as u64;
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    /// Takes three bytes at a time, as a full pipe would.
    struct Reluctant(Vec<u8>);

    impl io::Write for Reluctant {
        fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
            let taken = buffer.len().min(3);
            self.0.extend_from_slice(&buffer[..taken]);
            Ok(taken)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn only_what_was_taken_is_counted_and_hashed() {
        let mut out = Reluctant(Vec::new());
        let mut writer = Digesting::new(&mut out as &mut dyn io::Write);
        writer.write_all(b"hello world").unwrap();
        let written = writer.finish().unwrap();
        assert_eq!(out.0, b"hello world");
        assert_eq!(written.bytes, 11);
        assert_eq!(written.sha256, "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9");
    }
}
