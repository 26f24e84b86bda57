//! The bytes of a file on their way out: packed, and counted before and after.

use rollcall_shared::export::Compression;
use std::io::{self, Write};
use tabular::{Digesting, Written};

/// The output of a table. What it is told is counted by the table itself.
pub(super) enum Packing<W: Write> {
    /// As it is.
    None(W),
    /// RFC 1952.
    Gzip(flate2::write::GzEncoder<Digesting<W>>),
    /// RFC 8878.
    Zstd(zstd::Encoder<'static, Digesting<W>>),
}

impl<W: Write> Packing<W> {
    pub fn new(compression: Compression, out: W) -> io::Result<Self> {
        Ok(match compression {
            Compression::None => Self::None(out),
            Compression::Gzip => {
                Self::Gzip(flate2::write::GzEncoder::new(Digesting::new(out), flate2::Compression::default()))
            }
            Compression::Zstd => {
                let mut encoder = zstd::Encoder::new(Digesting::new(out), zstd::DEFAULT_COMPRESSION_LEVEL)?;
                // Whoever unpacks it learns of a damaged file.
                encoder.include_checksum(true)?;
                Self::Zstd(encoder)
            }
        })
    }

    /// Completes the bytes: how many went out in all, given what went in.
    pub fn finish(self, content: &Written) -> io::Result<Written> {
        match self {
            Self::None(mut out) => out.flush().map(|()| content.clone()),
            Self::Gzip(encoder) => encoder.finish()?.finish(),
            Self::Zstd(encoder) => encoder.finish()?.finish(),
        }
    }
}

impl<W: Write> Write for Packing<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        match self {
            Self::None(out) => out.write(buffer),
            Self::Gzip(encoder) => encoder.write(buffer),
            Self::Zstd(encoder) => encoder.write(buffer),
        }
    }

    /// Does not reach through an encoder, which would pack worse for each time.
    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::None(out) => out.flush(),
            Self::Gzip(_) | Self::Zstd(_) => Ok(()),
        }
    }
}
