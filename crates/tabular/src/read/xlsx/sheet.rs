//! The rows of one sheet: only the cells that have content, in the order of their columns.

use super::{
    book::Book,
    cell::{self, Content, Reference},
    part::Meter,
    xml::{Xml, attribute, push_text},
};
use crate::read::{Error, Fault, Limits, Place, row::Span};
use quick_xml::events::{BytesStart, Event};
use std::io::{Read, Seek};

/// The rows that a sheet can have.
const ROWS: u32 = 1_048_576;

/// The columns that a sheet can have.
const COLUMNS: u32 = 16_384;

/// A sheet that is being read.
pub(super) struct Sheet<R> {
    xml: Xml<R>,
    name: String,
    is_inside: bool,
    row: u32,
    row_bytes: usize,
    pub cells: SparseRow,
    /// The content of a cell as it is spelled.
    raw: String,
}

/// The cells of one row that have content.
#[derive(Default)]
pub(super) struct SparseRow {
    pub text: String,
    /// Their columns, from 0, ascending.
    pub spans: Vec<(u32, Span)>,
    /// The first that is not what it claims to be.
    pub fault: Option<Fault>,
}

impl<R: Read + Seek> Sheet<R> {
    /// Begins to read the sheet that the workbook lists at an index.
    pub fn open(input: R, book: &Book, index: usize, meter: Meter, limits: &Limits) -> Result<Self, Error> {
        let listed = book.sheets.get(index).ok_or(Error::NoSheet)?;
        let entry = book.archive.find(&listed.path)?.ok_or_else(|| Error::Damaged {
            part: listed.path.clone(),
            detail: "the sheet is listed, but not there".into(),
        })?;
        Ok(Self {
            xml: Xml::open(input, entry, meter, limits)?,
            name: listed.name.clone(),
            is_inside: false,
            row: 0,
            row_bytes: limits.row_bytes,
            cells: SparseRow::default(),
            raw: String::new(),
        })
    }
}

impl<R: Read> Sheet<R> {
    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn packed(&self) -> u64 {
        self.xml.packed()
    }

    /// Gives the input back, after a look whether the rest of the sheet is sound.
    pub fn finish(self) -> Result<(R, Meter), Error> {
        self.xml.finish()
    }

    /// Reads the next row that has content, and answers its number.
    pub fn next_row(&mut self, book: &Book) -> Result<Option<u32>, Error> {
        loop {
            let stated = match self.xml.next()? {
                Event::Start(element) => match element.local_name().as_ref() {
                    "sheetData" => {
                        self.is_inside = true;
                        continue;
                    }
                    "row" if self.is_inside => attribute(&element, "r").map(|number| number.parse().ok()),
                    _ => continue,
                },
                Event::End(element) if element.local_name().as_ref() == "sheetData" => return Ok(None),
                // A sheet of no rows may even lack the element for them.
                Event::Eof => return Ok(None),
                _ => continue,
            };
            // Some writers leave the number out.
            let number = stated.unwrap_or(Some(self.row + 1));
            let number = number.filter(|number| (self.row + 1..=ROWS).contains(number));
            self.row = number.ok_or_else(|| self.damaged("its rows are not in order"))?;
            self.read_cells(book)?;
            if !self.cells.spans.is_empty() || self.cells.fault.is_some() {
                return Ok(Some(self.row));
            }
        }
    }

    fn read_cells(&mut self, book: &Book) -> Result<(), Error> {
        self.cells.text.clear();
        self.cells.spans.clear();
        self.cells.fault = None;
        // The column of the next cell that does not state its own.
        let mut next = 0;
        loop {
            let (column, kind, style) = match self.xml.next()? {
                Event::Start(element) if element.local_name().as_ref() == "c" => cell_of(&element, next),
                Event::End(element) if element.local_name().as_ref() == "row" => return Ok(()),
                _ => continue,
            };
            let column = column.filter(|column| (next..COLUMNS).contains(column));
            let column = column.ok_or_else(|| self.damaged("the cells of a row are not in order"))?;
            next = column + 1;
            let has_formula = self.read_content()?;
            let content = Content { raw: &self.raw, kind, style, has_formula };
            match cell::push(&content, book, &mut self.cells.text) {
                Some(span) if span.start < span.end || has_formula => self.cells.spans.push((column, span)),
                Some(_) => {}
                None => {
                    let cell = Reference { row: self.row, column }.to_string();
                    self.cells.fault.get_or_insert(Fault::BadCell { cell });
                }
            }
            self.check_length()?;
        }
    }

    /// Reads the content of a cell to its end, and answers whether there is a formula.
    fn read_content(&mut self) -> Result<bool, Error> {
        self.raw.clear();
        let (mut is_text, mut is_phonetic, mut has_formula) = (false, false, false);
        loop {
            let event = self.xml.next()?;
            match &event {
                Event::Start(element) => match element.local_name().as_ref() {
                    "v" | "t" => is_text = !is_phonetic,
                    "rPh" => is_phonetic = true,
                    "f" => has_formula = true,
                    _ => {}
                },
                Event::End(element) => match element.local_name().as_ref() {
                    "v" | "t" => is_text = false,
                    "rPh" => is_phonetic = false,
                    "c" => return Ok(has_formula),
                    _ => {}
                },
                event if is_text => push_text(event, &mut self.raw),
                _ => {}
            }
            self.check_length()?;
        }
    }

    fn check_length(&self) -> Result<(), Error> {
        // Escapes make the spelling of a cell longer than its text.
        if self.cells.text.len() > self.row_bytes || self.raw.len() / 7 > self.row_bytes {
            return Err(Error::RowTooLong { place: self.place(self.row), limit: self.row_bytes });
        }
        Ok(())
    }

    pub fn place(&self, row: u32) -> Place {
        Place::Row { row: row.into(), sheet: self.name.clone() }
    }

    fn damaged(&self, detail: &str) -> Error {
        self.xml.damaged(&format!("{detail} (row {})", self.row))
    }
}

/// The column of a cell, its type and its style. Without a reference it stands in the column that is next.
fn cell_of(element: &BytesStart<'_>, next: u32) -> (Option<u32>, cell::Type, usize) {
    let (mut column, mut kind, mut style) = (Some(next), cell::Type::Number, 0);
    for attribute in element.attributes().with_checks(false).flatten() {
        match attribute.key.as_ref() {
            "r" => column = cell::column(&attribute.value),
            "t" => kind = cell::Type::of(&attribute.value),
            "s" => style = attribute.value.parse().unwrap_or_default(),
            _ => {}
        }
    }
    (column, kind, style)
}
