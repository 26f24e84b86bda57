//! Text that was packed with gzip (RFC 1952) or Zstandard (RFC 8878), unpacked as it is read, within bounds.

use super::{Encoding, Error, Limits, Next, Rows, input::CHUNK};
use flate2::bufread::MultiGzDecoder;
use std::{
    io::{self, BufReader, Read},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// Zstandard looks back so far at most, 8 MiB, which every level without `--ultra` and `--long` keeps to: it is held in memory.
const WINDOW_LOG: u32 = 23;

/// How a file is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    Gzip,
    Zstd,
}

impl Packing {
    /// By the first bytes of the file.
    pub fn of(magic: &[u8]) -> Option<Self> {
        if magic.starts_with(b"\x1F\x8B") {
            Some(Self::Gzip)
        } else if magic.starts_with(b"\x28\xB5\x2F\xFD") {
            Some(Self::Zstd)
        } else {
            None
        }
    }

    /// The extensions that the names of such files have behind that of their content.
    pub fn is_named(extension: &str) -> bool {
        matches!(extension, "gz" | "gzip" | "zst" | "zstd")
    }
}

/// The content of a packed file.
pub(super) struct Unpacked<R: Read> {
    decoder: Decoder<R>,
    limits: Limits,
    /// Bytes of the file.
    packed: u64,
    /// How many of its content were read.
    size: u64,
}

enum Decoder<R: Read> {
    Gzip(Box<MultiGzDecoder<BufReader<Source<R>>>>),
    Zstd(zstd::Decoder<'static, BufReader<Source<R>>>),
}

/// The packed file, and what was read of it.
struct Source<R> {
    input: R,
    read: Arc<AtomicU64>,
    /// The input failed, and not the content.
    failed: bool,
}

impl<R: Read> Read for Source<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer);
        match &read {
            Ok(bytes) => _ = self.read.fetch_add(*bytes as u64, Ordering::Relaxed),
            Err(error) => self.failed = error.kind() != io::ErrorKind::Interrupted,
        }
        read
    }
}

impl<R: Read> Unpacked<R> {
    /// Unpacks a file of so many bytes; beside it, how many of them were read so far.
    ///
    /// # Errors
    /// There is no memory.
    pub fn new(
        input: R,
        packing: Packing,
        packed: u64,
        limits: &Limits,
    ) -> io::Result<(Self, Arc<AtomicU64>)> {
        let read = Arc::new(AtomicU64::new(0));
        let source = Source { input, read: Arc::clone(&read), failed: false };
        let source = BufReader::with_capacity(CHUNK, source);
        let decoder = match packing {
            Packing::Gzip => Decoder::Gzip(Box::new(MultiGzDecoder::new(source))),
            Packing::Zstd => {
                let mut decoder = zstd::Decoder::with_buffer(source)?;
                decoder.window_log_max(WINDOW_LOG)?;
                Decoder::Zstd(decoder)
            }
        };
        Ok((Self { decoder, limits: limits.clone(), packed, size: 0 }, read))
    }

    /// What is told of a failure: the content's is not the input's.
    fn failure(&self, error: io::Error) -> io::Error {
        let source = match &self.decoder {
            Decoder::Gzip(decoder) => decoder.get_ref().get_ref(),
            Decoder::Zstd(decoder) => decoder.get_ref().get_ref(),
        };
        if source.failed || error.kind() == io::ErrorKind::Interrupted {
            return error;
        }
        io::Error::other(Error::DamagedPacking { detail: error.to_string() })
    }
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = match &mut self.decoder {
            Decoder::Gzip(decoder) => decoder.read(buffer),
            Decoder::Zstd(decoder) => decoder.read(buffer),
        };
        let read = read.map_err(|error| self.failure(error))?;
        self.size += read as u64;
        let bound = if self.size > self.limits.unpacked_bytes {
            Some("the size of its content")
        } else if self.limits.is_bomb(self.packed, self.size) {
            Some("its size against the size of the file")
        } else {
            None
        };
        match bound {
            Some(bound) => Err(io::Error::other(Error::PackedTooFar { bound })),
            None => Ok(read),
        }
    }
}

/// Rows of a packed file: their progress is told in bytes of the file.
pub(super) struct PackedRows {
    pub rows: Box<dyn Rows>,
    pub read: Arc<AtomicU64>,
}

impl Rows for PackedRows {
    fn columns(&self) -> &[String] {
        self.rows.columns()
    }

    fn next_row(&mut self) -> Next<'_> {
        self.rows.next_row()
    }

    fn bytes_read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    fn encoding(&self) -> Option<Encoding> {
        self.rows.encoding()
    }
}
