//! A part of a workbook as XML events, each of bounded size. Names are taken without their prefix: workbooks use one
//! namespace that matters, under several prefixes and two addresses.

use super::{
    archive::Entry,
    part::{Meter, Part},
};
use crate::read::{Error, Limits};
use quick_xml::{
    Reader, XmlVersion,
    escape::resolve_predefined_entity,
    events::{BytesRef, BytesStart, Event},
};
use std::{
    borrow::Cow,
    io::{Read, Seek},
};

/// The elements of a workbook are nested about ten deep.
const DEPTH: usize = 64;

/// A part that is being read. Empty elements are a start and an end.
pub(super) struct Xml<R> {
    reader: Reader<Part<R>>,
    buffer: Vec<u8>,
    depth: usize,
    event_bytes: usize,
}

impl<R: Read + Seek> Xml<R> {
    /// Begins to read an entry.
    pub fn open(input: R, entry: &Entry, meter: Meter, limits: &Limits) -> Result<Self, Error> {
        let mut reader = Reader::from_reader(Part::open(input, entry, meter, limits)?);
        reader.config_mut().expand_empty_elements = true;
        // The longest way to write a character that a cell may hold is `_x005F_`, and text comes in one event.
        let event_bytes = limits.row_bytes.saturating_mul(8).max(1 << 20);
        Ok(Self { reader, buffer: Vec::new(), depth: 0, event_bytes })
    }
}

impl<R: Read> Xml<R> {
    /// The next event. The end of the part comes outside of all elements only.
    ///
    /// # Errors
    /// The part is no XML, or has what workbooks never have, or cannot be read.
    pub fn next(&mut self) -> Result<Event<'_>, Error> {
        self.buffer.clear();
        self.reader.get_mut().allow(self.event_bytes);
        let event = match self.reader.read_event_into(&mut self.buffer) {
            Ok(event) => event,
            Err(error) => return Err(failed(&mut self.reader, error)),
        };
        match event {
            Event::Start(_) => self.depth += 1,
            Event::End(_) => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        if self.depth > DEPTH || matches!(event, Event::DocType(_)) {
            return Err(damaged(self.reader.get_ref(), "XML of a kind that workbooks do not have"));
        }
        if self.depth > 0 && matches!(event, Event::Eof) {
            return Err(damaged(self.reader.get_ref(), "its XML is cut"));
        }
        Ok(event)
    }

    /// How many bytes of the file were read.
    pub fn packed(&self) -> u64 {
        self.reader.get_ref().packed()
    }

    /// What is said when the part is not as it should be.
    pub fn damaged(&self, detail: &str) -> Error {
        damaged(self.reader.get_ref(), detail)
    }

    /// Gives the input back, after a look whether the rest of the part is sound.
    pub fn finish(self) -> Result<(R, Meter), Error> {
        self.reader.into_inner().finish()
    }
}

fn failed<R: Read>(reader: &mut Reader<Part<R>>, error: quick_xml::Error) -> Error {
    if let Some(trouble) = reader.get_mut().trouble() {
        return trouble;
    }
    match error {
        quick_xml::Error::Io(error) => Error::Io(std::io::Error::new(error.kind(), error)),
        other => damaged(reader.get_ref(), &other.to_string()),
    }
}

fn damaged<R: Read>(part: &Part<R>, detail: &str) -> Error {
    Error::Damaged { part: part.name().to_owned(), detail: detail.to_owned() }
}

/// The value of an attribute. Attributes that are not well formed are not there.
pub(super) fn attribute<'a>(element: &'a BytesStart<'_>, name: &str) -> Option<Cow<'a, str>> {
    let mut attributes = element.attributes();
    attributes.with_checks(false);
    let found = attributes.flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    found.normalized_value(XmlVersion::Implicit1_0).ok()
}

/// Whether an attribute says yes.
pub(super) fn is_true(value: &str) -> bool {
    matches!(value, "1" | "true" | "on")
}

/// Appends the text that an event is; other events have none.
pub(super) fn push_text(event: &Event<'_>, text: &mut String) {
    match event {
        Event::Text(content) => text.push_str(&content.xml10_content()),
        Event::CData(content) => text.push_str(&content.xml10_content()),
        Event::GeneralRef(reference) => push_reference(reference, text),
        _ => {}
    }
}

/// Only what XML itself defines: workbooks declare no entities.
fn push_reference(reference: &BytesRef<'_>, text: &mut String) {
    match reference.resolve_char_ref() {
        Ok(Some(character)) => text.push(character),
        _ => text.push_str(resolve_predefined_entity(reference).unwrap_or_default()),
    }
}
