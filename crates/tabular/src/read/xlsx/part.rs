//! The content of a file in a ZIP file, unpacked as it is read, within bounds.

use super::archive::Entry;
use crate::read::{Error, Limits};
use flate2::{Crc, read::DeflateDecoder};
use std::io::{self, BufRead, Read, Seek, Take};

/// How much is unpacked at once.
const CHUNK: usize = 64 * 1024;

/// What was read of the whole workbook so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Meter {
    /// Bytes of parts that were read to their end, as they are stored.
    pub packed: u64,
    /// Bytes of all parts, unpacked.
    pub unpacked: u64,
}

/// A part that is being read.
pub(super) struct Part<R> {
    input: Unpack<R>,
    entry: Entry,
    meter: Meter,
    limits: Limits,
    buffer: Vec<u8>,
    /// What of the buffer is content, from `at` on not yet taken.
    filled: usize,
    at: usize,
    crc: Crc,
    size: u64,
    /// How many bytes may be taken until [`Part::allow`] says anew: readers of XML hold one event in memory.
    allowance: usize,
    /// Why reading failed, if not for the input.
    trouble: Option<Error>,
}

enum Unpack<R> {
    Stored(Take<R>),
    Deflated(DeflateDecoder<Take<R>>),
}

impl<R: Read + Seek> Part<R> {
    /// Begins to read an entry.
    pub fn open(mut input: R, entry: &Entry, meter: Meter, limits: &Limits) -> Result<Self, Error> {
        entry.seek(&mut input)?;
        let packed = input.take(entry.packed);
        Ok(Self {
            input: if entry.deflated {
                Unpack::Deflated(DeflateDecoder::new_with_buf(packed, vec![0; CHUNK]))
            } else {
                Unpack::Stored(packed)
            },
            entry: entry.clone(),
            meter,
            limits: limits.clone(),
            buffer: vec![0; CHUNK],
            filled: 0,
            at: 0,
            crc: Crc::new(),
            size: 0,
            allowance: usize::MAX,
            trouble: None,
        })
    }
}

impl<R: Read> Part<R> {
    /// Allows so many bytes to be taken from here on.
    pub fn allow(&mut self, bytes: usize) {
        self.allowance = bytes;
    }

    /// Why reading failed, if not for the input.
    pub fn trouble(&mut self) -> Option<Error> {
        self.trouble.take()
    }

    /// The name of the part.
    pub fn name(&self) -> &str {
        &self.entry.name
    }

    /// How many bytes of the file were read, this part's included.
    pub fn packed(&self) -> u64 {
        let taken = match &self.input {
            Unpack::Stored(packed) => self.entry.packed.saturating_sub(packed.limit()),
            Unpack::Deflated(unpack) => unpack.total_in(),
        };
        self.meter.packed + taken
    }

    /// Reads to the end, so that damage shows, and gives the input back.
    pub fn finish(mut self) -> Result<(R, Meter), Error> {
        loop {
            match self.unpack() {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => return Err(self.trouble.take().unwrap_or(Error::Io(error))),
            }
        }
        let meter = Meter { packed: self.packed(), ..self.meter };
        let input = match self.input {
            Unpack::Stored(packed) => packed,
            Unpack::Deflated(unpack) => unpack.into_inner(),
        };
        Ok((input.into_inner(), meter))
    }

    /// Fills the buffer anew; false at the end.
    fn unpack(&mut self) -> io::Result<bool> {
        let read = match &mut self.input {
            Unpack::Stored(packed) => packed.read(&mut self.buffer),
            Unpack::Deflated(unpack) => unpack.read(&mut self.buffer),
        };
        // What deflate cannot make sense of is not a failure of the input.
        let read = read.or_else(|error| match error.kind() {
            io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => {
                self.fail(Self::damaged(&self.entry, "its compression is broken"))
            }
            _ => Err(error),
        })?;
        (self.at, self.filled) = (0, read);
        self.crc.update(self.buffer.get(..read).unwrap_or_default());
        self.size += read as u64;
        self.meter.unpacked += read as u64;
        if self.meter.unpacked > self.limits.unpacked_bytes {
            return self.fail(Error::UnpacksTooFar { bound: "the size of its content" });
        }
        if self.limits.is_bomb(self.entry.packed, self.size) {
            return self.fail(Error::UnpacksTooFar { bound: "its size against the size of the file" });
        }
        if read == 0 && (self.size != self.entry.size || self.crc.sum() != self.entry.crc) {
            return self.fail(Self::damaged(&self.entry, "its checksum is wrong"));
        }
        Ok(read > 0)
    }

    fn fail<T>(&mut self, trouble: Error) -> io::Result<T> {
        (self.at, self.filled) = (0, 0);
        self.trouble = Some(trouble);
        Err(io::ErrorKind::Other.into())
    }

    fn damaged(entry: &Entry, detail: &str) -> Error {
        Error::Damaged { part: entry.name.clone(), detail: detail.to_owned() }
    }
}

impl<R: Read> Read for Part<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let taken = self.fill_buf()?.read(buffer)?;
        self.consume(taken);
        Ok(taken)
    }
}

impl<R: Read> BufRead for Part<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.allowance == 0 {
            let detail = "something in it is longer than a row may be";
            return self.fail(Self::damaged(&self.entry, detail));
        }
        if self.at >= self.filled {
            self.unpack()?;
        }
        Ok(self.buffer.get(self.at..self.filled).unwrap_or_default())
    }

    fn consume(&mut self, bytes: usize) {
        self.at += bytes;
        self.allowance = self.allowance.saturating_sub(bytes);
    }
}
