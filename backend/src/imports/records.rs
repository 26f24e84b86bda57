//! Records in a file, a JSON line each, beside a list of where every fiftieth begins: written once, read one after the other or by
//! position. A file that was not finished is not there.

use axum::body::Bytes;
use futures::TryStreamExt as _;
use object_store::{
    GetOptions, GetRange, ObjectStore, ObjectStoreExt as _, PutPayload, buffered::BufWriter, path::Path,
};
use rollcall_shared::error::Problem;
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest as _, Sha256};
use std::{
    io::{self, Write as _},
    sync::Arc,
};
use tokio::runtime::Handle;
use tokio_util::io::SyncIoBridge;

/// Every so-many-th record has its place in the list.
const STEP: u64 = 50;
/// How many bytes are gathered before they are hashed and written, and read at once.
const BLOCK: usize = 256 * 1024;
/// The size of the parts that go to the store of files, of which two may be under way.
const PART: usize = 5 * 1024 * 1024;

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// How many records.
    pub records: u64,
    /// The SHA-256 of all of them, in hex.
    pub sha256: String,
}

/// A file of records that is being written, on a thread that may block.
pub struct RecordWriter {
    files: Arc<dyn ObjectStore>,
    location: Path,
    out: SyncIoBridge<BufWriter>,
    block: Vec<u8>,
    hash: Sha256,
    written: u64,
    records: u64,
    places: Vec<u8>,
}

impl RecordWriter {
    /// A file that will lie there.
    pub fn new(files: &Arc<dyn ObjectStore>, location: Path) -> Self {
        let out = BufWriter::with_capacity(Arc::clone(files), location.clone(), PART).with_max_concurrency(2);
        Self {
            files: Arc::clone(files),
            location,
            out: SyncIoBridge::new(out),
            block: Vec::with_capacity(BLOCK),
            hash: Sha256::new(),
            written: 0,
            records: 0,
            places: Vec::new(),
        }
    }

    /// Adds a record.
    ///
    /// # Errors
    /// The store of files failed.
    pub fn push(&mut self, record: &impl Serialize) -> io::Result<()> {
        if self.records.is_multiple_of(STEP) {
            self.places.extend((self.written + self.block.len() as u64).to_le_bytes());
        }
        self.records += 1;
        serde_json::to_writer(&mut self.block, record)?;
        self.block.push(b'\n');
        if self.block.len() >= BLOCK { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.hash.update(&self.block);
        self.out.write_all(&self.block)?;
        self.written += self.block.len() as u64;
        self.block.clear();
        Ok(())
    }

    /// Completes the file.
    ///
    /// # Errors
    /// The store of files failed: there is no such file.
    pub fn finish(mut self) -> io::Result<Kept> {
        self.flush()?;
        self.out.shutdown()?;
        let places = PutPayload::from(std::mem::take(&mut self.places));
        let listed = places_of(&self.location);
        Handle::current().block_on(self.files.put(&listed, places)).map_err(io::Error::other)?;
        Ok(Kept { records: self.records, sha256: crate::secrets::hex(&self.hash.finalize()) })
    }
}

fn places_of(location: &Path) -> Path {
    Path::from(format!("{location}.places"))
}

/// Up to `limit` records from the position on, from 0.
///
/// # Errors
/// The store of files failed, or there is no such file.
pub async fn page<T: DeserializeOwned>(
    files: &Arc<dyn ObjectStore>,
    location: &Path,
    offset: u64,
    limit: u32,
) -> object_store::Result<Vec<T>> {
    let places = places_of(location);
    let known = files.head(&places).await?.size / 8;
    let (first, last) = (offset / STEP, (offset + u64::from(limit)).div_ceil(STEP));
    if first >= known {
        return Ok(Vec::new());
    }
    let begin = place(files, &places, first).await?;
    let range = if last < known {
        GetRange::Bounded(begin..place(files, &places, last).await?)
    } else {
        GetRange::Offset(begin)
    };
    let options = GetOptions { range: Some(range), ..GetOptions::default() };
    let bytes = files.get_opts(location, options).await?.bytes().await?;
    let skip = usize::try_from(offset % STEP).unwrap_or_default();
    let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines.skip(skip).take(limit as usize).map(|line| read(line)).collect()
}

async fn place(files: &Arc<dyn ObjectStore>, places: &Path, number: u64) -> object_store::Result<u64> {
    let bytes = files.get_range(places, number * 8..number * 8 + 8).await?;
    Ok(bytes.as_ref().try_into().map(u64::from_le_bytes).unwrap_or_default())
}

fn read<T: DeserializeOwned>(line: &[u8]) -> object_store::Result<T> {
    serde_json::from_slice(line)
        .map_err(|source| object_store::Error::Generic { store: "records", source: source.into() })
}

/// Reads the records of a file one after the other.
pub struct RecordReader {
    files: Arc<dyn ObjectStore>,
    location: Path,
    size: u64,
    /// Where what is not read yet begins.
    offset: u64,
    block: Bytes,
}

impl RecordReader {
    /// From the byte `offset` on, where a record begins.
    ///
    /// # Errors
    /// The store of files failed, or there is no such file.
    pub async fn open(
        files: &Arc<dyn ObjectStore>,
        location: Path,
        offset: u64,
    ) -> object_store::Result<Self> {
        let size = files.head(&location).await?.size;
        Ok(Self { files: Arc::clone(files), location, size, offset, block: Bytes::new() })
    }

    /// Where the next record begins.
    pub const fn offset(&self) -> u64 {
        self.offset
    }

    /// The next record; `None` at the end.
    ///
    /// # Errors
    /// The store of files failed.
    pub async fn next<T: DeserializeOwned>(&mut self) -> object_store::Result<Option<T>> {
        loop {
            if let Some(end) = memchr::memchr(b'\n', &self.block) {
                let line = self.block.split_to(end + 1);
                self.offset += line.len() as u64;
                return read(&line[..end]).map(Some);
            }
            let begin = self.offset + self.block.len() as u64;
            if begin >= self.size {
                return Ok(None);
            }
            let end = self.size.min(begin + BLOCK as u64);
            let more = self.files.get_range(&self.location, begin..end).await?;
            self.block = if self.block.is_empty() { more } else { [&self.block[..], &more].concat().into() };
        }
    }

    /// The SHA-256 of a whole file, in hex.
    ///
    /// # Errors
    /// The store of files failed, or there is no such file.
    pub async fn sha256(files: &Arc<dyn ObjectStore>, location: &Path) -> object_store::Result<String> {
        let mut parts = files.get(location).await?.into_stream();
        let mut hash = Sha256::new();
        while let Some(part) = parts.try_next().await? {
            hash.update(&part);
        }
        Ok(crate::secrets::hex(&hash.finalize()))
    }
}

/// What an operator is told when findings cannot be read.
pub fn lost(error: &object_store::Error) -> Problem {
    let mut problem = crate::error::ApiError::internal(error).into_problem();
    problem.detail =
        "What the review found cannot be read. Nothing was changed by this; review the file again."
            .to_owned();
    problem
}

#[cfg(test)]
mod tests {
    use super::*;
    use object_store::local::LocalFileSystem;

    #[tokio::test(flavor = "multi_thread")]
    async fn records_are_read_by_position_and_in_turn() {
        let folder = tempfile::tempdir().unwrap();
        let files: Arc<dyn ObjectStore> = Arc::new(LocalFileSystem::new_with_prefix(folder.path()).unwrap());
        let location = Path::from("a/b");
        let (to, there) = (Arc::clone(&files), location.clone());
        let kept = tokio::task::spawn_blocking(move || {
            let mut writer = RecordWriter::new(&to, there);
            (0..20_123_u64).for_each(|number| writer.push(&(number, "x".repeat(30))).unwrap());
            writer.finish().unwrap()
        });
        let kept = kept.await.unwrap();
        assert_eq!(kept.records, 20_123);
        assert_eq!(RecordReader::sha256(&files, &location).await.unwrap(), kept.sha256);
        for (offset, limit, found) in
            [(0, 10, 10), (49, 2, 2), (50, 100, 100), (20_100, 200, 23), (20_123, 10, 0), (99_999, 1, 0)]
        {
            let page: Vec<(u64, String)> = page(&files, &location, offset, limit).await.unwrap();
            let numbers: Vec<u64> = page.into_iter().map(|record| record.0).collect();
            assert_eq!(numbers, (offset..offset + found).collect::<Vec<_>>());
        }
        let mut reader = RecordReader::open(&files, location.clone(), 0).await.unwrap();
        let mut all = 0;
        let mut middle = 0;
        while let Some((number, _)) = reader.next::<(u64, String)>().await.unwrap() {
            assert_eq!(number, all);
            all += 1;
            if all == 15_000 {
                middle = reader.offset();
            }
        }
        assert_eq!(all, 20_123);
        let mut reader = RecordReader::open(&files, location, middle).await.unwrap();
        assert_eq!(reader.next::<(u64, String)>().await.unwrap().unwrap().0, 15_000);
    }
}
