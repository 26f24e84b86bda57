//! The directory of a ZIP file: which files it holds and where. Source: APPNOTE.TXT 6.3.10 of PKWARE.
//!
//! The `zip` crate sets memory aside for as many entries as a file claims to have, which is billions if its author
//! likes; here the directory is bounded before it is read.

use crate::read::{Error, Limits};
use std::{
    collections::HashMap,
    io::{self, Read, Seek, SeekFrom},
};

/// The record at the end of a ZIP file, without the comment that may follow it.
const END: usize = 22;

/// The longest comment.
const COMMENT: usize = 65_535;

/// What precedes the record at the end in the ZIP64 form, and points to its larger sibling.
const LOCATOR: usize = 20;

/// A ZIP64 record at the end.
const END64: usize = 56;

/// One entry of the directory without its name, extra fields and comment.
const ENTRY: usize = 46;

/// What precedes the content of an entry, without its name and extra fields.
const LOCAL: usize = 30;

/// The directory of this many bytes for each entry that is allowed is not suspicious.
const ENTRY_ROOM: usize = 512;

/// A file in a ZIP file.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// As it is spelled.
    pub name: String,
    /// Whether the content is deflated; otherwise it is stored as it is.
    pub deflated: bool,
    /// Bytes in the ZIP file.
    pub packed: u64,
    /// Bytes when unpacked.
    pub size: u64,
    /// The CRC-32 of the content.
    pub crc: u32,
    header_at: u64,
}

impl Entry {
    /// Seeks to the content.
    pub fn seek<R: Read + Seek>(&self, input: &mut R) -> Result<(), Error> {
        input.seek(SeekFrom::Start(self.header_at))?;
        let header: [u8; LOCAL] = read(input, &self.name)?;
        if !header.starts_with(b"PK\x03\x04") {
            return Err(damaged("an entry is not where the directory says"));
        }
        let skipped = u64::from(u16_at(&header, 26)) + u64::from(u16_at(&header, 28));
        input.seek(SeekFrom::Start(self.header_at + LOCAL as u64 + skipped))?;
        Ok(())
    }
}

/// The files in a ZIP file, by the name that [`key`] makes of theirs.
pub(super) struct Archive(HashMap<String, Found>);

enum Found {
    Entry(Entry),
    Encrypted,
    Unsupported,
}

/// What is compared of names: they are the same in upper and lower case, and some writers use backslashes.
fn key(name: &str) -> String {
    name.trim_start_matches('/').replace('\\', "/").to_ascii_lowercase()
}

impl Archive {
    /// Reads the directory.
    ///
    /// # Errors
    /// There is none, or it is too large, or damaged.
    pub fn read<R: Read + Seek>(input: &mut R, limits: &Limits) -> Result<Self, Error> {
        let length = input.seek(SeekFrom::End(0))?;
        let (entries, size, offset) = find(input, length)?;
        let most = limits.zip_entries as u64;
        if entries > most || size > most.saturating_mul(ENTRY_ROOM as u64) {
            return Err(Error::UnpacksTooFar { bound: "the number of files in it" });
        }
        if offset.checked_add(size).is_none_or(|end| end > length) {
            return Err(damaged("the directory is not where the end says"));
        }
        input.seek(SeekFrom::Start(offset))?;
        let mut directory = Vec::new();
        input.take(size).read_to_end(&mut directory)?;
        let mut files = HashMap::new();
        let mut rest = directory.as_slice();
        for _ in 0..entries {
            let (name, found, after) = entry(rest).ok_or_else(|| damaged("the directory is cut"))?;
            // Readers disagree on which of two is meant.
            if files.insert(key(&name), found).is_some() {
                return Err(damaged("a file is in it twice"));
            }
            rest = after;
        }
        Ok(Self(files))
    }

    /// The entry of a name, if there is one.
    ///
    /// # Errors
    /// It is encrypted, or compressed in a way that workbooks do not use.
    pub fn find(&self, name: &str) -> Result<Option<&Entry>, Error> {
        match self.0.get(&key(name)) {
            None => Ok(None),
            Some(Found::Entry(entry)) => Ok(Some(entry)),
            Some(Found::Encrypted) => Err(Error::Foreign {
                what: "protected by a password",
                advice: "Save it without a password and try that file.",
            }),
            Some(Found::Unsupported) => {
                Err(Error::Damaged { part: name.to_owned(), detail: "unknown compression".into() })
            }
        }
    }
}

/// How many entries there are, the size of the directory, and where it begins.
fn find<R: Read + Seek>(input: &mut R, length: u64) -> Result<(u64, u64, u64), Error> {
    let room = length.min((END + COMMENT + LOCATOR) as u64);
    let start = length - room;
    input.seek(SeekFrom::Start(start))?;
    let mut tail = Vec::new();
    input.take(room).read_to_end(&mut tail)?;
    // The last one whose comment fits: a comment may hold what looks like one.
    let is_end = |at: &usize| {
        tail.get(*at..).is_some_and(|rest| {
            rest.starts_with(b"PK\x05\x06")
                && rest.len() >= END
                && rest.len() - END >= usize::from(u16_at(rest, 20))
        })
    };
    let at = (0..tail.len()).rev().find(is_end).ok_or_else(|| damaged("its end is missing"))?;
    let (locator, end) = (tail.get(at.saturating_sub(LOCATOR)..at), tail.get(at..));
    let end = end.unwrap_or_default();
    let (entries, size, offset) = (u16_at(end, 10), u32_at(end, 12), u32_at(end, 16));
    if entries != u16::MAX && size != u32::MAX && offset != u32::MAX {
        return Ok((entries.into(), size.into(), offset.into()));
    }
    let Some(locator) = locator.filter(|locator| locator.starts_with(b"PK\x06\x07")) else {
        return Ok((entries.into(), size.into(), offset.into()));
    };
    input.seek(SeekFrom::Start(u64_at(locator, 8)))?;
    let end: [u8; END64] = read(input, "its end")?;
    if !end.starts_with(b"PK\x06\x06") {
        return Err(damaged("its ZIP64 end is missing"));
    }
    Ok((u64_at(&end, 32), u64_at(&end, 40), u64_at(&end, 48)))
}

/// The first entry of the directory's rest, and what comes after it.
fn entry(rest: &[u8]) -> Option<(String, Found, &[u8])> {
    let (fixed, rest) = rest.split_at_checked(ENTRY)?;
    if !fixed.starts_with(b"PK\x01\x02") {
        return None;
    }
    let (name, rest) = rest.split_at_checked(u16_at(fixed, 28).into())?;
    let (extra, rest) = rest.split_at_checked(u16_at(fixed, 30).into())?;
    let (_, rest) = rest.split_at_checked(u16_at(fixed, 32).into())?;
    let name = String::from_utf8_lossy(name).into_owned();
    let (flags, method) = (u16_at(fixed, 8), u16_at(fixed, 10));
    if flags & 1 != 0 {
        return Some((name, Found::Encrypted, rest));
    }
    if method != 0 && method != 8 {
        return Some((name, Found::Unsupported, rest));
    }
    let (mut packed, mut size, mut header_at) =
        (u32_at(fixed, 20).into(), u32_at(fixed, 24).into(), u32_at(fixed, 42).into());
    // In this order, and only those that did not fit.
    let mut large = zip64(extra);
    for field in [&mut size, &mut packed, &mut header_at] {
        if *field == u64::from(u32::MAX) && large.len() >= 8 {
            *field = u64_at(large, 0);
            large = large.get(8..).unwrap_or_default();
        }
    }
    let entry =
        Entry { name: name.clone(), deflated: method == 8, packed, size, crc: u32_at(fixed, 16), header_at };
    Some((name, Found::Entry(entry), rest))
}

/// The extra field with the numbers that need 64 bits.
fn zip64(mut extra: &[u8]) -> &[u8] {
    while extra.len() >= 4 {
        let (id, length) = (u16_at(extra, 0), usize::from(u16_at(extra, 2)));
        let content = extra.get(4..4 + length);
        if id == 1 {
            return content.unwrap_or_default();
        }
        extra = extra.get(4 + length..).unwrap_or_default();
    }
    &[]
}

fn read<const N: usize>(input: &mut impl Read, what: &str) -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    input.read_exact(&mut bytes).map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => damaged(&format!("{what} is cut")),
        _ => Error::Io(error),
    })?;
    Ok(bytes)
}

fn damaged(detail: &str) -> Error {
    Error::Damaged { part: "the ZIP directory".into(), detail: detail.to_owned() }
}

/// Numbers are little-endian. What is out of the bytes reads as 0: lengths were checked before.
fn le<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    bytes.get(at..).and_then(|rest| rest.first_chunk()).copied().unwrap_or([0; N])
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes(le(bytes, at))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(le(bytes, at))
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(le(bytes, at))
}
