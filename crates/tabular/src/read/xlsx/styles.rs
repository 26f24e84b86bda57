//! Which styles of a workbook show a number as a date. Nothing else of them matters to a reader.

use super::xml::{Xml, attribute};
use crate::read::Error;
use quick_xml::events::{BytesStart, Event};
use std::{collections::HashMap, io::Read};

/// Spreadsheets stop at 65,490.
const MOST: usize = 100_000;

/// The styles that cells name by number.
#[derive(Default)]
pub(super) struct Styles(Vec<bool>);

impl Styles {
    /// Reads the part.
    pub fn read<R: Read>(xml: &mut Xml<R>) -> Result<Self, Error> {
        let (mut formats, mut styles, mut is_cells) = (HashMap::new(), Vec::new(), false);
        loop {
            match xml.next()? {
                Event::Start(element) => match element.local_name().as_ref() {
                    "cellXfs" => is_cells = true,
                    "numFmt" => {
                        let code = attribute(&element, "formatCode").unwrap_or_default();
                        formats.insert(format(&element), is_date(&code));
                    }
                    "xf" if is_cells => styles.push(format(&element)),
                    _ => {}
                },
                Event::End(element) if element.local_name().as_ref() == "cellXfs" => is_cells = false,
                Event::Eof => break,
                _ => {}
            }
            if formats.len() > MOST || styles.len() > MOST {
                return Err(xml.damaged("too many styles"));
            }
        }
        let is_date = |id| formats.get(id).copied().unwrap_or_else(|| is_built_in_date(*id));
        Ok(Self(styles.iter().map(is_date).collect()))
    }

    /// Whether numbers of a style are dates.
    pub fn is_date(&self, style: usize) -> bool {
        self.0.get(style).copied().unwrap_or_default()
    }
}

fn format(element: &BytesStart<'_>) -> u32 {
    attribute(element, "numFmtId").and_then(|id| id.parse().ok()).unwrap_or_default()
}

/// The formats that workbooks use without defining them: ECMA-376 part 1, 18.8.30, with the East Asian ones. 46 is an
/// elapsed time, and so a number.
fn is_built_in_date(id: u32) -> bool {
    matches!(id, 14..=22 | 27..=36 | 45 | 47 | 50..=58)
}

/// Whether a format code has parts of a date: letters that are neither quoted, escaped nor in brackets. Elapsed times,
/// `[h]:mm`, are no dates.
fn is_date(code: &str) -> bool {
    if code.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("General")) {
        return false;
    }
    // Only the first section is for positive numbers.
    let mut characters = code.chars();
    let mut found = false;
    while let Some(character) = characters.next() {
        match character {
            '"' => drop(characters.find(|&end| end == '"')),
            '\\' | '_' | '*' => drop(characters.next()),
            '[' => {
                let inside: String = characters.by_ref().take_while(|&end| end != ']').collect();
                if matches!(inside.chars().next(), Some('h' | 'H' | 'm' | 'M' | 's' | 'S')) {
                    return false;
                }
            }
            ';' => break,
            'y' | 'Y' | 'm' | 'M' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' => found = true,
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_dates_are_told_from_those_of_numbers() {
        for code in [
            "yyyy-mm-dd",
            "[$-409]d/m/yy h:mm AM/PM;@",
            "mm:ss.0",
            "yyyy\"年\"m\"月\"",
            "ggge\"年\"m",
            "[Red]dd",
        ] {
            assert!(is_date(code), "{code}");
        }
        for code in ["General", "0.00", "#,##0 \"days\"", "[h]:mm:ss", "0\\d", "_(* #,##0_)", "@", "0;yyyy"] {
            assert!(!is_date(code), "{code}");
        }
    }
}
