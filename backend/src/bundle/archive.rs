//! The ZIP itself: files one after another, then the manifest with the SHA-256 of each. Runs on a thread that may block.

use crate::secrets::hex;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::{
    fs::File,
    io::{self, Seek as _, Write as _},
    path::Path,
};
use tokio::sync::mpsc;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// The most bytes that the files of a bundle have together: 1 GiB.
const BYTES_MAX: u64 = 1 << 30;

/// What the reader sends. A queue that ends without `End` was abandoned.
pub(super) enum Part {
    /// A whole file.
    File(&'static str, Vec<u8>),
    /// Rows of a file of lines. Those of one file come one after another.
    Rows(&'static str, Vec<Value>),
    /// Nothing more follows.
    End,
}

/// What the manifest says of a file.
#[derive(Serialize)]
struct Entry {
    name: &'static str,
    bytes: u64,
    /// How many lines a file of lines has.
    #[serde(skip_serializing_if = "Option::is_none")]
    rows: Option<u64>,
    sha256: String,
}

/// Writes what comes into a nameless file of the folder; the file at its beginning, and its length. On any failure nothing
/// is left of it.
pub(super) fn write(folder: &Path, mut inbox: mpsc::Receiver<Part>) -> io::Result<(File, u64)> {
    std::fs::create_dir_all(folder)?;
    let mut archive = Archive::new(tempfile::tempfile_in(folder)?);
    loop {
        match inbox.blocking_recv() {
            Some(Part::File(name, bytes)) => {
                archive.begin(name, None)?;
                archive.write(&bytes)?;
            }
            Some(Part::Rows(name, rows)) => archive.rows(name, &rows)?,
            Some(Part::End) => return archive.finish(),
            None => return Err(io::Error::other("the bundle was abandoned")),
        }
    }
}

struct Archive {
    zip: ZipWriter<File>,
    entries: Vec<Entry>,
    /// Of the file that is being written.
    hash: Sha256,
    bytes: u64,
}

impl Archive {
    fn new(file: File) -> Self {
        Self { zip: ZipWriter::new(file), entries: Vec::new(), hash: Sha256::new(), bytes: 0 }
    }

    fn begin(&mut self, name: &'static str, rows: Option<u64>) -> io::Result<()> {
        self.seal();
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        self.zip.start_file(name, options)?;
        self.entries.push(Entry { name, bytes: 0, rows, sha256: String::new() });
        Ok(())
    }

    /// Notes the hash of the file that ends.
    fn seal(&mut self) {
        let hash = self.hash.finalize_reset();
        if let Some(entry) = self.entries.last_mut() {
            entry.sha256 = hex(&hash);
        }
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.bytes += bytes.len() as u64;
        if self.bytes > BYTES_MAX {
            return Err(io::Error::other("the bundle would be larger than 1 GiB"));
        }
        self.hash.update(bytes);
        if let Some(entry) = self.entries.last_mut() {
            entry.bytes += bytes.len() as u64;
        }
        self.zip.write_all(bytes)
    }

    fn rows(&mut self, name: &'static str, rows: &[Value]) -> io::Result<()> {
        if self.entries.last().is_none_or(|entry| entry.name != name) {
            self.begin(name, Some(0))?;
        }
        for row in rows {
            self.write(format!("{row}\n").as_bytes())?;
        }
        if let Some(count) = self.entries.last_mut().and_then(|entry| entry.rows.as_mut()) {
            *count += rows.len() as u64;
        }
        Ok(())
    }

    /// Writes the manifest, which does not list itself.
    fn finish(mut self) -> io::Result<(File, u64)> {
        self.seal();
        let entries = std::mem::take(&mut self.entries);
        let manifest = serde_json::to_string_pretty(&serde_json::json!({ "files": entries }))?;
        self.begin("manifest.json", None)?;
        self.write((manifest + "\n").as_bytes())?;
        let mut file = self.zip.finish()?;
        let length = file.seek(io::SeekFrom::End(0))?;
        file.rewind()?;
        Ok((file, length))
    }
}
