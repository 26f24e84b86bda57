//! The file as bytes, counted, and no more of them than allowed.

use super::Error;
use std::io::{self, Read};

/// A reader that knows how much came out of it.
pub(super) struct Input<R> {
    inner: R,
    read: u64,
    limit: u64,
}

impl<R: Read> Input<R> {
    pub fn new(inner: R, limit: u64) -> Self {
        Self { inner, read: 0, limit }
    }

    /// How many bytes were read.
    pub fn position(&self) -> u64 {
        self.read
    }

    /// Appends up to `most` bytes; false if the input ended.
    ///
    /// # Errors
    /// The input failed, or is larger than allowed.
    pub fn append(&mut self, bytes: &mut Vec<u8>, most: usize) -> Result<bool, Error> {
        let start = bytes.len();
        bytes.resize(start + most, 0);
        let taken = loop {
            match self.inner.read(bytes.get_mut(start..).unwrap_or_default()) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other,
            }
        };
        // A reader that claims more than it was given room for is no reason to panic.
        let taken = taken.inspect_err(|_| bytes.truncate(start))?.min(most);
        bytes.truncate(start + taken);
        self.read += taken as u64;
        if self.read > self.limit {
            return Err(Error::FileTooLarge { limit: self.limit });
        }
        Ok(taken > 0)
    }
}
