//! The cells of a row as bytes, for the way through files that sort: a length before each text. Millions pass here, so a row is one
//! piece of memory.

use std::io;

/// The cells of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cells(Vec<u8>);

impl Cells {
    /// Appends the cells to `bytes`, as [`Cells::new`] takes them.
    ///
    /// # Errors
    /// A cell has over 4 GB.
    pub fn write(bytes: &mut Vec<u8>, cells: &[&str]) -> io::Result<()> {
        for cell in cells {
            let length = u32::try_from(cell.len()).map_err(io::Error::other)?;
            bytes.extend(length.to_le_bytes());
            bytes.extend(cell.as_bytes());
        }
        Ok(())
    }

    /// From what [`Cells::write`] wrote.
    pub const fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The texts, from left to right. Bytes that nobody wrote so end it.
    pub fn texts(&self) -> Vec<&str> {
        let (mut texts, mut rest) = (Vec::new(), self.0.as_slice());
        while let Some((length, after)) = rest.split_first_chunk() {
            let Some((text, after)) = after.split_at_checked(u32::from_le_bytes(*length) as usize) else {
                break;
            };
            texts.push(std::str::from_utf8(text).unwrap_or_default());
            rest = after;
        }
        texts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn cells_come_back_as_they_were(cells in proptest::collection::vec(any::<String>(), 0..20)) {
            let texts: Vec<&str> = cells.iter().map(String::as_str).collect();
            let mut bytes = Vec::new();
            Cells::write(&mut bytes, &texts).unwrap();
            let read = Cells::new(bytes);
            prop_assert_eq!(read.texts(), texts);
        }
    }
}
