//! A brought file as one stream of bytes, read out of its parts. One part at a time is held in memory.

use super::part;
use crate::state::AppState;
use axum::body::Bytes;
use object_store::ObjectStoreExt as _;
use rollcall_shared::{app::SdkAppId, import::PART_BYTES};
use std::io::{self, Read, Seek, SeekFrom};
use tokio::runtime::Handle;

/// The file of an import whose parts are all there. To be used on a thread that may block.
pub struct Upload {
    state: AppState,
    runtime: Handle,
    app: SdkAppId,
    id: String,
    bytes: u64,
    position: u64,
    held: Option<(u64, Bytes)>,
}

impl Upload {
    /// The file, from its beginning. Called within the runtime that will fetch the parts.
    pub fn new(state: &AppState, app: SdkAppId, id: &str, bytes: u64) -> Self {
        let (state, runtime, id) = (state.clone(), Handle::current(), id.to_owned());
        Self { state, runtime, app, id, bytes, position: 0, held: None }
    }

    fn part(&mut self, number: u64) -> io::Result<&Bytes> {
        if self.held.as_ref().is_none_or(|(held, _)| *held != number) {
            let location = part(self.app, &self.id, number);
            let fetched = async { self.state.files.get(&location).await?.bytes().await };
            let bytes = self.runtime.block_on(fetched).map_err(io::Error::other)?;
            self.held = Some((number, bytes));
        }
        self.held.as_ref().map(|(_, bytes)| bytes).ok_or_else(|| io::Error::other("a part is missing"))
    }
}

impl Read for Upload {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.position >= self.bytes || buffer.is_empty() {
            return Ok(0);
        }
        let within = usize::try_from(self.position % PART_BYTES).map_err(io::Error::other)?;
        let rest = self.part(self.position / PART_BYTES)?.get(within..).unwrap_or_default();
        if rest.is_empty() {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "a part of the file is too short"));
        }
        let taken = rest.len().min(buffer.len());
        buffer[..taken].copy_from_slice(&rest[..taken]);
        self.position += taken as u64;
        Ok(taken)
    }
}

impl Seek for Upload {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::End(offset) => self.bytes.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        let before = || io::Error::new(io::ErrorKind::InvalidInput, "a place before the file");
        self.position = position.ok_or_else(before)?;
        Ok(self.position)
    }
}
