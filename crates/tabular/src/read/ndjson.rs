//! NDJSON, line by line: each line an object, each of its members a cell.

use super::{
    Encoding, Error, Limits, Next, Options, Place, Row, RowError, Rows,
    lines::Lines,
    members::{self, Members},
    text::Text,
};
use std::io::Read;

/// An NDJSON file that is being read.
pub struct NdjsonRows<R> {
    text: Text<R>,
    lines: Lines,
    limits: Limits,
    members: Members,
    line: Vec<u8>,
}

impl<R: Read> NdjsonRows<R> {
    /// A reader that has read nothing yet.
    pub fn new(input: R, options: &Options) -> Self {
        Self::from_text(Text::new(input, options.encoding, options.limits.file_bytes), options)
    }

    pub(super) fn from_text(text: Text<R>, options: &Options) -> Self {
        let limits = options.limits.clone();
        let members = Members::new(limits.columns, limits.cell_bytes, options.flatten);
        Self { text, lines: Lines::new(), limits, members, line: Vec::new() }
    }

    /// Reads the next line that is not blank, and answers its number. Lines end in LF: JSON takes CR for a blank.
    fn read_line(&mut self) -> Result<Option<u64>, Error> {
        self.line.clear();
        let mut number = self.lines.line();
        loop {
            let input = self.text.fill().map_err(|stop| stop.at(self.lines.line()))?;
            if input.is_empty() {
                return Ok((!self.line.trim_ascii().is_empty()).then_some(number));
            }
            let end = memchr::memchr(b'\n', input);
            let piece = input.get(..end.unwrap_or(input.len())).unwrap_or_default();
            if self.line.len() + piece.len() > self.limits.row_bytes {
                let place = Place::Line(number);
                return Err(Error::RowTooLong { place, limit: self.limits.row_bytes });
            }
            self.line.extend_from_slice(piece);
            let taken = end.map_or(input.len(), |end| end + 1);
            self.lines.pass(input.get(..taken).unwrap_or_default());
            self.text.consume(taken);
            if end.is_none() {
                continue;
            }
            if !self.line.trim_ascii().is_empty() {
                return Ok(Some(number));
            }
            self.line.clear();
            number = self.lines.line();
        }
    }
}

impl<R: Read + Send> Rows for NdjsonRows<R> {
    fn columns(&self) -> &[String] {
        self.members.names()
    }

    fn next_row(&mut self) -> Next<'_> {
        let Some(number) = self.read_line()? else { return Ok(None) };
        let line = std::str::from_utf8(&self.line).map_err(|_| Error::Malformed {
            line: number,
            encoding: self.text.encoding().unwrap_or(Encoding::Utf8),
        })?;
        if let Err(fault) = members::parse(line, &mut self.members) {
            return Ok(Some(Err(RowError { place: Place::Line(number), fault })));
        }
        let (columns, text, spans) = (self.members.names(), self.members.text(), self.members.spans());
        Ok(Some(Ok(Row { number, sheet: None, columns, text, spans })))
    }

    fn bytes_read(&self) -> u64 {
        self.text.bytes_read()
    }

    fn encoding(&self) -> Option<Encoding> {
        self.text.encoding()
    }
}
