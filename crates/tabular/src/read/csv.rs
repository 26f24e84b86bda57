//! CSV, row by row: RFC 4180 with any of the delimiters, line ends and encodings.

use super::{
    Delimiter, Encoding, Error, Fault, Kind, Limits, Next, Options, Place, Row, RowError, Rows, delimiter,
    header, lines::Lines, row::Span, text::Text,
};
use crate::{Guard, unguard};
use csv_core::{ReadRecordResult, Reader};
use std::io::Read;

/// A CSV file that is being read.
pub struct CsvRows<R> {
    text: Text<R>,
    parser: Reader,
    delimiter: Delimiter,
    lines: Lines,
    guard: Guard,
    limits: Limits,
    columns: Vec<String>,
    record: Record,
    spans: Vec<Span>,
    /// The first row, read to learn how many columns there are where no header says so.
    waiting: Option<u64>,
}

/// The cells of one row, without their quotes.
#[derive(Default)]
struct Record {
    bytes: Vec<u8>,
    /// Where each cell ends in `bytes`.
    ends: Vec<usize>,
    /// How much of `bytes` and of `ends` is this row.
    filled: usize,
    cells: usize,
}

impl Record {
    /// Parses on, and answers how much of the input was taken. Grows no faster than the input that is taken.
    fn parse(&mut self, parser: &mut Reader, input: &[u8]) -> (ReadRecordResult, usize) {
        let bytes = self.bytes.get_mut(self.filled..).unwrap_or_default();
        let ends = self.ends.get_mut(self.cells..).unwrap_or_default();
        let (result, read, written, ended) = parser.read_record(input, bytes, ends);
        self.filled += written;
        self.cells += ended;
        match result {
            ReadRecordResult::OutputFull => self.bytes.resize(self.bytes.len() * 2 + 1024, 0),
            ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2 + 64, 0),
            _ => {}
        }
        (result, read)
    }

    fn text(&self) -> Option<&str> {
        std::str::from_utf8(self.bytes.get(..self.filled)?).ok()
    }

    /// The cells in the text, those that the writer marked without their marks.
    fn cut(&self, text: &str, guard: Guard) -> impl Iterator<Item = Span> {
        let mut start = 0;
        self.ends.iter().take(self.cells).map(move |&end| {
            let cell = text.get(start..end).unwrap_or_default();
            let marks = if guard == Guard::Formulas { cell.len() - unguard(cell).len() } else { 0 };
            let span = Span { start: start + marks, end, kind: Kind::Text, formula: false };
            start = end;
            span
        })
    }
}

impl<R: Read> CsvRows<R> {
    /// Reads the header.
    ///
    /// # Errors
    /// There is none, or it does not name each column once, or the file cannot be read.
    pub fn new(input: R, options: &Options) -> Result<Self, Error> {
        Self::from_text(Text::new(input, options.encoding, options.limits.file_bytes), options)
    }

    pub(super) fn from_text(mut text: Text<R>, options: &Options) -> Result<Self, Error> {
        let delimiter = match options.delimiter {
            Some(delimiter) => delimiter,
            None => delimiter::guess(text.fill().map_err(|stop| stop.at(1))?),
        };
        let mut rows = Self {
            text,
            parser: delimiter::parser(delimiter),
            delimiter,
            lines: Lines::new(),
            guard: options.guard,
            limits: options.limits.clone(),
            columns: Vec::new(),
            record: Record::default(),
            spans: Vec::new(),
            waiting: None,
        };
        let line = rows.read_record()?.ok_or(Error::Empty)?;
        let place = Place::Line(line);
        if options.header {
            let text = rows.record.text().ok_or_else(|| rows.malformed(line))?;
            let spans: Vec<Span> = rows.record.cut(text, rows.guard).collect();
            rows.columns = header::columns(text, &spans, &place, &rows.limits)?;
        } else {
            rows.columns = header::letters(rows.record.cells, &place, &rows.limits)?;
            rows.waiting = Some(line);
        }
        Ok(rows)
    }

    /// What separates the cells, as given or guessed.
    pub fn delimiter(&self) -> Delimiter {
        self.delimiter
    }

    /// Reads the next row into the buffer and answers the line on which it begins.
    fn read_record(&mut self) -> Result<Option<u64>, Error> {
        if !self.skip_line_ends()? {
            return Ok(None);
        }
        let line = self.lines.line();
        let too_long = || Error::RowTooLong { place: Place::Line(line), limit: self.limits.row_bytes };
        let mut taken = 0;
        (self.record.filled, self.record.cells) = (0, 0);
        loop {
            let input = self.text.fill().map_err(|stop| stop.at(self.lines.line()))?;
            let ended = input.is_empty();
            // A line end completes a row that the file ends in, unless it is inside quotes.
            let input = if ended { b"\n" } else { input };
            let (result, read) = self.record.parse(&mut self.parser, input);
            if !ended {
                taken += read;
                self.lines.pass(input.get(..read).unwrap_or_default());
                self.text.consume(read);
            }
            match result {
                // The line end is not of the row.
                ReadRecordResult::Record if taken > self.limits.row_bytes.saturating_add(1) => {
                    return Err(too_long());
                }
                ReadRecordResult::Record => return Ok(Some(line)),
                ReadRecordResult::InputEmpty | ReadRecordResult::End if ended => {
                    return Err(Error::UnclosedQuote { line });
                }
                _ if taken > self.limits.row_bytes => return Err(too_long()),
                _ => {}
            }
        }
    }

    /// Passes over blank lines and the rest of a line end; false at the end of the file.
    fn skip_line_ends(&mut self) -> Result<bool, Error> {
        loop {
            let input = self.text.fill().map_err(|stop| stop.at(self.lines.line()))?;
            let ends = input.iter().take_while(|&&byte| byte == b'\n' || byte == b'\r').count();
            let (blank, rest) = input.split_at(ends);
            let (is_end, is_row) = (input.is_empty(), !rest.is_empty());
            self.lines.pass(blank);
            self.text.consume(ends);
            if is_end || is_row {
                return Ok(is_row);
            }
        }
    }

    fn malformed(&self, line: u64) -> Error {
        Error::Malformed { line, encoding: self.text.encoding().unwrap_or(Encoding::Utf8) }
    }
}

impl<R: Read + Send> Rows for CsvRows<R> {
    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn next_row(&mut self) -> Next<'_> {
        let line = match self.waiting.take() {
            Some(line) => line,
            None => match self.read_record()? {
                Some(line) => line,
                None => return Ok(None),
            },
        };
        let failed = |fault| Ok(Some(Err(RowError { place: Place::Line(line), fault })));
        let (expected, found) = (self.columns.len(), self.record.cells);
        if found != expected {
            return failed(Fault::CellCount { expected, found });
        }
        let text = self.record.text().ok_or_else(|| self.malformed(line))?;
        self.spans.clear();
        self.spans.extend(self.record.cut(text, self.guard));
        let limit = self.limits.cell_bytes;
        if let Some(column) = self.spans.iter().position(|span| span.end - span.start > limit) {
            return failed(Fault::CellTooLong { column, limit });
        }
        Ok(Some(Ok(Row { number: line, sheet: None, columns: &self.columns, text, spans: &self.spans })))
    }

    fn bytes_read(&self) -> u64 {
        self.text.bytes_read()
    }

    fn encoding(&self) -> Option<Encoding> {
        self.text.encoding()
    }
}
