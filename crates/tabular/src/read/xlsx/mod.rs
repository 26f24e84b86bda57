//! XLSX, row by row: workbooks as spreadsheets, libraries and the writer of this crate make them. In memory are the
//! shared strings and one row. Source: ECMA-376 part 1, 18.

mod archive;
mod book;
mod cell;
mod escape;
mod number;
mod part;
mod sheet;
mod strings;
mod styles;
mod xml;

use self::{
    book::Book,
    cell::Reference,
    part::Meter,
    sheet::{Sheet, SparseRow},
};
use super::{Encoding, Error, Fault, Limits, Next, Options, Row, RowError, Rows, header, row::Span};
use std::{
    collections::VecDeque,
    io::{Read, Seek, SeekFrom},
};

/// A sheet that a workbook has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetInfo {
    /// Its name.
    pub name: String,
    /// Whether people see it.
    pub is_visible: bool,
}

/// A workbook that is being read.
pub struct XlsxRows<R> {
    book: Book,
    limits: Limits,
    columns: Vec<String>,
    sheet: Option<Sheet<R>>,
    /// The sheets that may continue the table.
    following: VecDeque<usize>,
    /// The first row, read to learn how many columns there are where no header says so.
    waiting: Option<u32>,
    spans: Vec<Span>,
    /// What was read of the file when the last sheet ended.
    packed: u64,
}

impl<R: Read + Seek> XlsxRows<R> {
    /// Reads what the workbook says of itself, and the header.
    ///
    /// # Errors
    /// It is no workbook, damaged, protected or too large, or has no such sheet, or the header does not name each column
    /// once.
    pub fn new(mut input: R, options: &Options) -> Result<Self, Error> {
        let limits = options.limits.clone();
        if input.seek(SeekFrom::End(0))? > limits.file_bytes {
            return Err(Error::FileTooLarge { limit: limits.file_bytes });
        }
        let mut meter = Meter::default();
        let book = Book::open(&mut input, &limits, &mut meter)?;
        let mut following: VecDeque<usize> = match &options.sheet {
            Some(name) => book.sheets.iter().position(|sheet| sheet.name == *name).into_iter().collect(),
            None => (0..).zip(&book.sheets).filter(|(_, sheet)| sheet.is_visible).map(|(at, _)| at).collect(),
        };
        let first = following.pop_front().ok_or_else(|| match &options.sheet {
            Some(name) => Error::NoSuchSheet(name.clone()),
            None => Error::NoSheet,
        })?;
        let mut sheet = Sheet::open(input, &book, first, meter, &limits)?;
        let row = sheet.next_row(&book)?.ok_or(Error::Empty)?;
        let (place, mut spans) = (sheet.place(row), Vec::new());
        let width = sheet.cells.spans.last().map_or(0, |(column, _)| *column as usize + 1);
        let mut waiting = None;
        let columns = if options.header {
            // Names beyond the limit are not spread out either.
            let _ = spread(&sheet.cells, width.min(limits.columns + 1), &mut spans);
            header::columns(&sheet.cells.text, &spans, &place, &limits)?
        } else {
            waiting = Some(row);
            following.clear();
            header::letters(width, &place, &limits)?
        };
        Ok(Self { book, limits, columns, sheet: Some(sheet), following, waiting, spans, packed: 0 })
    }

    /// The sheets of the workbook.
    pub fn sheets(&self) -> impl Iterator<Item = SheetInfo> {
        self.book
            .sheets
            .iter()
            .map(|sheet| SheetInfo { name: sheet.name.clone(), is_visible: sheet.is_visible })
    }

    /// Reads the next row with content, and answers its number; the sheet is then the one that it is on.
    fn read_row(&mut self) -> Result<Option<u32>, Error> {
        loop {
            // Taken, so that after an error there is nothing more to be read.
            let Some(mut sheet) = self.sheet.take() else { return Ok(None) };
            if let Some(row) = sheet.next_row(&self.book)? {
                self.sheet = Some(sheet);
                return Ok(Some(row));
            }
            self.packed = sheet.packed();
            let (mut input, mut meter) = sheet.finish()?;
            while let Some(index) = self.following.pop_front() {
                let mut sheet = Sheet::open(input, &self.book, index, meter, &self.limits)?;
                if sheet.next_row(&self.book)?.is_none() {
                    (input, meter) = sheet.finish()?;
                    continue;
                }
                if self.is_header(&sheet.cells) {
                    self.sheet = Some(sheet);
                }
                break;
            }
        }
    }

    /// Whether a row has the names of the columns, and no others.
    fn is_header(&self, cells: &SparseRow) -> bool {
        let named = |((column, span), (at, name)): (&(u32, Span), (u32, &String))| {
            *column == at && cells.text.get(span.start..span.end) == Some(name)
        };
        cells.spans.len() == self.columns.len() && cells.spans.iter().zip((0..).zip(&self.columns)).all(named)
    }
}

impl<R: Read + Seek + Send> Rows for XlsxRows<R> {
    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn next_row(&mut self) -> Next<'_> {
        let number = match self.waiting.take() {
            Some(row) => row,
            None => match self.read_row()? {
                Some(row) => row,
                None => return Ok(None),
            },
        };
        let Some(sheet) = &self.sheet else { return Ok(None) };
        let limit = self.limits.cell_bytes;
        let beyond = spread(&sheet.cells, self.columns.len(), &mut self.spans);
        let long = self.spans.iter().position(|span| span.end - span.start > limit);
        let beyond = beyond.map(|column| Reference { row: number, column }.to_string());
        let fault = (sheet.cells.fault.clone())
            .or(beyond.map(|cell| Fault::BeyondHeader { cell }))
            .or(long.map(|column| Fault::CellTooLong { column, limit }));
        if let Some(fault) = fault {
            return Ok(Some(Err(RowError { place: sheet.place(number), fault })));
        }
        Ok(Some(Ok(Row {
            number: number.into(),
            sheet: Some(sheet.name()),
            columns: &self.columns,
            text: &sheet.cells.text,
            spans: &self.spans,
        })))
    }

    fn bytes_read(&self) -> u64 {
        self.sheet.as_ref().map_or(self.packed, Sheet::packed)
    }

    fn encoding(&self) -> Option<Encoding> {
        None
    }
}

/// Lays cells out one for each column, and answers the first that is beyond them.
fn spread(cells: &SparseRow, width: usize, spans: &mut Vec<Span>) -> Option<u32> {
    spans.clear();
    spans.resize(width, Span::default());
    for (column, span) in &cells.spans {
        match spans.get_mut(*column as usize) {
            Some(place) => *place = *span,
            None => return Some(*column),
        }
    }
    None
}
