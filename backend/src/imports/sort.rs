//! Sorts more records than fit into memory: what was gathered goes to a temporary file when there is enough of it, and the files are
//! merged at the end. Keys and records are bytes, and keys are compared as bytes.

use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    fs::File,
    io::{self, BufReader, BufWriter, Read, Seek as _, Write as _},
    path::{Path, PathBuf},
};

/// How many bytes of keys and records are gathered in memory.
const MEMORY: usize = 12 * 1024 * 1024;
/// How much of each temporary file is read at once.
const READ: usize = 32 * 1024;
/// How many temporary files there may be before they are merged into one: each is an open file.
const FILES: usize = 200;

/// Takes records in any order.
pub struct Sorter {
    scratch: PathBuf,
    memory: usize,
    bytes: Vec<u8>,
    /// Where a record's key, its rest and its end are in `bytes`.
    spans: Vec<(u32, u32, u32)>,
    files: Vec<File>,
}

impl Sorter {
    /// A sorter whose temporary files are made in `scratch`; they are gone with it, whatever happens.
    pub fn new(scratch: &Path) -> Self {
        Self::with_memory(scratch, MEMORY)
    }

    fn with_memory(scratch: &Path, memory: usize) -> Self {
        let scratch = scratch.to_owned();
        Self { scratch, memory, bytes: Vec::new(), spans: Vec::new(), files: Vec::new() }
    }

    /// Adds a record.
    ///
    /// # Errors
    /// A temporary file could not be written.
    pub fn push(&mut self, key: &[u8], record: &[u8]) -> io::Result<()> {
        let size =
            self.bytes.len() + key.len() + record.len() + self.spans.len() * size_of::<(u32, u32, u32)>();
        if size > self.memory && !self.spans.is_empty() {
            self.spill()?;
        }
        let place = |bytes: &Vec<u8>| u32::try_from(bytes.len()).map_err(io::Error::other);
        let begin = place(&self.bytes)?;
        self.bytes.extend_from_slice(key);
        let middle = place(&self.bytes)?;
        self.bytes.extend_from_slice(record);
        self.spans.push((begin, middle, place(&self.bytes)?));
        Ok(())
    }

    fn sort(&mut self) {
        let bytes = &self.bytes;
        self.spans.sort_unstable_by(|a, b| key(bytes, *a).cmp(key(bytes, *b)));
    }

    fn spill(&mut self) -> io::Result<()> {
        self.sort();
        let mut out = BufWriter::with_capacity(READ, tempfile::tempfile_in(&self.scratch)?);
        for span in &self.spans {
            write(&mut out, key(&self.bytes, *span), rest(&self.bytes, *span))?;
        }
        self.files.push(rewound(out)?);
        (self.bytes, self.spans) = (Vec::new(), Vec::new());
        if self.files.len() >= FILES { self.merge() } else { Ok(()) }
    }

    fn merge(&mut self) -> io::Result<()> {
        let mut out = BufWriter::with_capacity(READ, tempfile::tempfile_in(&self.scratch)?);
        let mut all = Sorted::of(std::mem::take(&mut self.files), Vec::new(), Vec::new())?;
        while let Some((key, record)) = all.take()? {
            write(&mut out, &key, &record)?;
        }
        self.files.push(rewound(out)?);
        Ok(())
    }

    /// Ends the gathering.
    ///
    /// # Errors
    /// A temporary file could not be read.
    pub fn finish(mut self) -> io::Result<Sorted> {
        self.sort();
        Sorted::of(self.files, self.bytes, self.spans)
    }
}

fn key(bytes: &[u8], (begin, middle, _): (u32, u32, u32)) -> &[u8] {
    bytes.get(begin as usize..middle as usize).unwrap_or_default()
}

fn rest(bytes: &[u8], (_, middle, end): (u32, u32, u32)) -> &[u8] {
    bytes.get(middle as usize..end as usize).unwrap_or_default()
}

fn write(out: &mut BufWriter<File>, key: &[u8], record: &[u8]) -> io::Result<()> {
    for bytes in [key, record] {
        let length = u32::try_from(bytes.len()).map_err(io::Error::other)?;
        out.write_all(&length.to_le_bytes())?;
        out.write_all(bytes)?;
    }
    Ok(())
}

fn rewound(out: BufWriter<File>) -> io::Result<File> {
    let mut file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.rewind()?;
    Ok(file)
}

/// A key and what belongs to it.
pub type Record = (Vec<u8>, Vec<u8>);

/// The records in the order of their keys.
pub struct Sorted {
    sources: Vec<Source>,
    /// The next key of each source, the least first.
    heads: BinaryHeap<Reverse<(Vec<u8>, usize)>>,
    /// What belongs to that key.
    records: Vec<Vec<u8>>,
}

enum Source {
    File(BufReader<File>),
    Memory { bytes: Vec<u8>, spans: std::vec::IntoIter<(u32, u32, u32)> },
}

impl Sorted {
    fn of(files: Vec<File>, bytes: Vec<u8>, spans: Vec<(u32, u32, u32)>) -> io::Result<Self> {
        let file = |file| Source::File(BufReader::with_capacity(READ, file));
        let memory = Source::Memory { bytes, spans: spans.into_iter() };
        let sources: Vec<Source> = files.into_iter().map(file).chain([memory]).collect();
        let records = vec![Vec::new(); sources.len()];
        let mut sorted = Self { sources, heads: BinaryHeap::new(), records };
        (0..sorted.sources.len()).try_for_each(|source| sorted.advance(source))?;
        Ok(sorted)
    }

    /// The next record; `None` at the end.
    ///
    /// # Errors
    /// A temporary file could not be read.
    pub fn take(&mut self) -> io::Result<Option<Record>> {
        let Some(Reverse((key, source))) = self.heads.pop() else { return Ok(None) };
        let record = self.records.get_mut(source).map(std::mem::take).unwrap_or_default();
        self.advance(source)?;
        Ok(Some((key, record)))
    }

    fn advance(&mut self, source: usize) -> io::Result<()> {
        let next = match self.sources.get_mut(source) {
            Some(Source::File(file)) => read(file)?,
            Some(Source::Memory { bytes, spans }) => {
                spans.next().map(|span| (key(bytes, span).to_vec(), rest(bytes, span).to_vec()))
            }
            None => None,
        };
        if let (Some((key, record)), Some(slot)) = (next, self.records.get_mut(source)) {
            *slot = record;
            self.heads.push(Reverse((key, source)));
        }
        Ok(())
    }
}

fn read(file: &mut BufReader<File>) -> io::Result<Option<Record>> {
    let mut length = [0; 4];
    match file.read_exact(&mut length) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    }
    let mut key = vec![0; u32::from_le_bytes(length) as usize];
    file.read_exact(&mut key)?;
    file.read_exact(&mut length)?;
    let mut record = vec![0; u32::from_le_bytes(length) as usize];
    file.read_exact(&mut record)?;
    Ok(Some((key, record)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sorted(records: &[Record], memory: usize) -> Vec<Record> {
        let folder = tempfile::tempdir().unwrap();
        let mut sorter = Sorter::with_memory(folder.path(), memory);
        records.iter().for_each(|(key, record)| sorter.push(key, record).unwrap());
        let (mut sorted, mut all) = (sorter.finish().unwrap(), Vec::new());
        while let Some(record) = sorted.take().unwrap() {
            all.push(record);
        }
        all
    }

    proptest! {
        #[test]
        fn everything_comes_back_in_order(
            mut records in proptest::collection::vec(any::<(Vec<u8>, Vec<u8>)>(), 0..300),
            memory in 1_usize..4000,
        ) {
            // Keys are distinct where it matters, so the order is whole.
            for (place, (key, _)) in records.iter_mut().enumerate() {
                key.extend((place as u32).to_be_bytes());
            }
            let all = sorted(&records, memory);
            records.sort();
            prop_assert_eq!(all, records);
        }
    }

    #[test]
    fn more_files_than_may_be_open_are_merged() {
        let records: Vec<Record> =
            (0..1000_u32).rev().map(|number| (number.to_be_bytes().to_vec(), vec![7; 3])).collect();
        let all = sorted(&records, 1);
        assert!(all.iter().map(|record| &record.0).is_sorted());
        assert_eq!(all.len(), 1000);
    }
}
