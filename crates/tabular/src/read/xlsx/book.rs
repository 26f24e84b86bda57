//! What a workbook says of itself: its sheets, its strings, its styles, the day from which it counts.

use super::{
    archive::Archive,
    part::Meter,
    strings::Strings,
    styles::Styles,
    xml::{Xml, attribute, is_true},
};
use crate::read::{Error, Limits};
use quick_xml::events::Event;
use std::io::{Read, Seek};

/// Far more than anybody has.
const MOST: usize = 10_000;

/// A workbook, open but for its rows.
pub(super) struct Book {
    pub archive: Archive,
    pub sheets: Vec<Listed>,
    pub strings: Strings,
    pub styles: Styles,
    pub is_1904: bool,
}

/// A sheet that the workbook lists.
pub(super) struct Listed {
    pub name: String,
    pub is_visible: bool,
    /// The name of the part in the archive.
    pub path: String,
}

struct Relation {
    id: String,
    /// The last word of its type: the rest differs between the strict and the usual form.
    kind: String,
    path: String,
}

impl Book {
    /// Reads everything but the sheets.
    pub fn open<R: Read + Seek>(input: &mut R, limits: &Limits, meter: &mut Meter) -> Result<Self, Error> {
        let archive = Archive::read(input, limits)?;
        let mut parts = Parts { input, archive: &archive, limits, meter };
        let root = parts.relations("")?;
        let path = root.into_iter().find(|relation| relation.kind == "officeDocument");
        let path = path.map_or_else(|| "xl/workbook.xml".to_owned(), |relation| relation.path);
        if path.ends_with(".bin") || archive.find(&path)?.is_none() {
            return Err(foreign(&archive, &path));
        }
        let relations = parts.relations(&path)?;
        let (sheets, is_1904) =
            parts.read(&path, |xml| workbook(xml, &relations))?.ok_or_else(|| foreign(&archive, &path))?;
        let of_kind = |kind| relations.iter().find(move |relation| relation.kind == kind);
        #[expect(
            clippy::redundant_closure,
            reason = "the bare function is not general over the lifetime of the input"
        )]
        let styles = match of_kind("styles") {
            Some(relation) => parts.read(&relation.path, |xml| Styles::read(xml))?.unwrap_or_default(),
            None => Styles::default(),
        };
        let strings = match of_kind("sharedStrings") {
            Some(relation) => {
                parts.read(&relation.path, |xml| Strings::read(xml, limits))?.unwrap_or_default()
            }
            None => Strings::default(),
        };
        Ok(Self { archive, sheets, strings, styles, is_1904 })
    }
}

/// Reads the parts of a workbook one after the other.
struct Parts<'a, R> {
    input: &'a mut R,
    archive: &'a Archive,
    limits: &'a Limits,
    meter: &'a mut Meter,
}

impl<R: Read + Seek> Parts<'_, R> {
    /// What `read` makes of a part; `None` if there is no such part.
    fn read<T>(
        &mut self,
        path: &str,
        read: impl FnOnce(&mut Xml<&mut R>) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        let Some(entry) = self.archive.find(path)? else { return Ok(None) };
        let mut xml = Xml::open(&mut *self.input, entry, *self.meter, self.limits)?;
        let made = read(&mut xml)?;
        (_, *self.meter) = xml.finish()?;
        Ok(Some(made))
    }

    /// What a part names as related to it; the empty path is the file as a whole.
    fn relations(&mut self, of: &str) -> Result<Vec<Relation>, Error> {
        let (folder, file) = of.rsplit_once('/').unwrap_or(("", of));
        let path = resolve(folder, &format!("_rels/{file}.rels"));
        let read = self.read(&path, |xml| {
            let mut relations = Vec::new();
            loop {
                match xml.next()? {
                    Event::Start(element) if element.local_name().as_ref() == "Relationship" => {
                        let value = |name| attribute(&element, name).unwrap_or_default().into_owned();
                        let kind = value("Type").rsplit('/').next().unwrap_or_default().to_owned();
                        relations.push(Relation {
                            id: value("Id"),
                            kind,
                            path: resolve(folder, &value("Target")),
                        });
                    }
                    Event::Eof => return Ok(relations),
                    _ => {}
                }
                if relations.len() > MOST {
                    return Err(xml.damaged("too many relations"));
                }
            }
        })?;
        Ok(read.unwrap_or_default())
    }
}

fn workbook<R: Read>(xml: &mut Xml<R>, relations: &[Relation]) -> Result<(Vec<Listed>, bool), Error> {
    let (mut sheets, mut is_1904) = (Vec::new(), false);
    loop {
        match xml.next()? {
            Event::Start(element) => match element.local_name().as_ref() {
                "workbookPr" => {
                    is_1904 = attribute(&element, "date1904").is_some_and(|value| is_true(&value))
                }
                "sheet" => {
                    let id = attribute(&element, "id").unwrap_or_default();
                    // Sheets of charts and dialogs have no rows.
                    let part = relations.iter().find(|part| part.id == id && part.kind == "worksheet");
                    let Some(part) = part else { continue };
                    sheets.push(Listed {
                        name: attribute(&element, "name").unwrap_or_default().into_owned(),
                        is_visible: attribute(&element, "state").is_none_or(|state| state == "visible"),
                        path: part.path.clone(),
                    });
                }
                _ => {}
            },
            Event::Eof => return Ok((sheets, is_1904)),
            _ => {}
        }
        if sheets.len() > MOST {
            return Err(xml.damaged("too many sheets"));
        }
    }
}

/// A path in the archive that may be relative to a folder.
fn resolve(folder: &str, target: &str) -> String {
    let folder = if target.starts_with('/') { "" } else { folder };
    let mut path: Vec<&str> = Vec::new();
    for step in folder.split('/').chain(target.split('/')) {
        match step {
            "" | "." => {}
            ".." => drop(path.pop()),
            step => path.push(step),
        }
    }
    path.join("/")
}

/// What a ZIP file without a workbook seems to be.
fn foreign(archive: &Archive, path: &str) -> Error {
    let has = |name| !matches!(archive.find(name), Ok(None));
    if path.ends_with(".bin") || has("xl/workbook.bin") {
        let what = "a binary workbook (.xlsb)";
        return Error::Foreign { what, advice: "Save it as .xlsx and try that file." };
    }
    if has("mimetype") {
        let what = "a document of another kind, such as OpenDocument (.ods)";
        return Error::Foreign { what, advice: "Save it as .xlsx or CSV and try that file." };
    }
    Error::Foreign { what: "a ZIP file without a workbook", advice: "Unpack it and try the file inside." }
}
