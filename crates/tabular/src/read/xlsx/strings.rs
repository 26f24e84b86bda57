//! The shared strings of a workbook, in one piece of memory.

use super::{
    escape::push_unescaped,
    xml::{Xml, push_text},
};
use crate::read::{Error, Limits};
use quick_xml::events::Event;
use std::io::Read;

/// Texts that cells name by number.
#[derive(Default)]
pub(super) struct Strings {
    text: String,
    ends: Vec<usize>,
}

impl Strings {
    /// Reads the part. Of rich text the runs are joined; of phonetic guides nothing is kept.
    pub fn read<R: Read>(xml: &mut Xml<R>, limits: &Limits) -> Result<Self, Error> {
        let limit = limits.shared_bytes;
        let (mut strings, mut item) = (Self::default(), String::new());
        let (mut is_text, mut is_phonetic) = (false, false);
        loop {
            let event = xml.next()?;
            match &event {
                Event::Start(element) => match element.local_name().as_ref() {
                    "t" => is_text = !is_phonetic,
                    "rPh" => is_phonetic = true,
                    _ => {}
                },
                Event::End(element) => match element.local_name().as_ref() {
                    "t" => is_text = false,
                    "rPh" => is_phonetic = false,
                    "si" => strings.push(&mut item),
                    _ => {}
                },
                Event::Eof => return Ok(strings),
                event if is_text => push_text(event, &mut item),
                _ => {}
            }
            let kept = strings.text.len() + strings.ends.len() * size_of::<usize>();
            if kept + item.len() > limit {
                return Err(Error::TooManyStrings { limit });
            }
        }
    }

    /// The text of a number.
    pub fn get(&self, index: usize) -> Option<&str> {
        let start = match index.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        self.text.get(start..*self.ends.get(index)?)
    }

    fn push(&mut self, item: &mut String) {
        push_unescaped(item, &mut self.text);
        self.ends.push(self.text.len());
        item.clear();
    }
}
