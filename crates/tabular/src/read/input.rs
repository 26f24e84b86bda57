//! The file as bytes, counted, and no more of them than allowed.

use super::Error;
use std::io::{self, Read};

/// How much is read at once.
pub(super) const CHUNK: usize = 64 * 1024;

/// A reader that knows how much came out of it.
pub(super) struct Input<R> {
    inner: R,
    /// What comes of one call, for which nothing has to be cleared.
    scratch: Vec<u8>,
    read: u64,
    limit: u64,
}

impl<R: Read> Input<R> {
    pub fn new(inner: R, limit: u64) -> Self {
        Self { inner, scratch: vec![0; CHUNK], read: 0, limit }
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
        let room = self.scratch.get_mut(..most.min(CHUNK)).unwrap_or_default();
        let taken = loop {
            match self.inner.read(room) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other.map_err(told)?,
            }
        };
        // A reader that claims more than it was given room for is no reason to panic.
        let taken = taken.min(room.len());
        bytes.extend_from_slice(room.get(..taken).unwrap_or_default());
        self.read += taken as u64;
        if self.read > self.limit {
            return Err(Error::FileTooLarge { limit: self.limit });
        }
        Ok(taken > 0)
    }
}

/// What a reader beneath says of the file, if it says it in our words.
pub(super) fn told(error: io::Error) -> Error {
    error.downcast::<Error>().unwrap_or_else(Error::Io)
}
