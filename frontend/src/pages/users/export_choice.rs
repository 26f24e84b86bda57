//! How an operator wants exports of an application: what the form shows, and what the browser remembers for the next time.

use crate::browser;
use rollcall_shared::{
    app::SdkAppId,
    custom_field::FieldName,
    export::{Cells, Compression, Header, UTC},
    job::{AnyColumn, ExportFormat, ExportRequest},
    selection::Selection,
};
use std::str::FromStr;

/// What stands between two columns.
const SEPARATOR: char = '~';
/// The wire texts of [`Which`].
const WHICH: [(&str, Which); 3] = [("all", Which::All), ("shown", Which::Shown), ("own", Which::Own)];

/// Which columns a file has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Which {
    /// All that there are.
    #[default]
    All,
    /// Those of the list.
    Shown,
    /// Chosen ones, in a chosen order.
    Own,
}

/// How an operator wants a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The format.
    pub format: ExportFormat,
    /// Which columns.
    pub which: Which,
    /// The chosen columns, also while others are used.
    pub own: Vec<AnyColumn>,
    /// How it is packed.
    pub compression: Compression,
    /// What CSV does with text that spreadsheets run.
    pub cells: Cells,
    /// What the header calls the columns.
    pub header: Header,
    /// The time zone of times.
    pub time_zone: String,
}

impl Default for Choice {
    fn default() -> Self {
        Self {
            format: ExportFormat::default(),
            which: Which::default(),
            own: Vec::new(),
            compression: Compression::default(),
            cells: Cells::default(),
            header: Header::default(),
            time_zone: UTC.to_owned(),
        }
    }
}

impl Choice {
    /// What was chosen the last time for this application.
    pub fn remembered(app: SdkAppId) -> Self {
        browser::remembered(&name(app)).map(|text| Self::parse(&text)).unwrap_or_default()
    }

    /// Remembers it for the next time.
    pub fn remember(&self, app: SdkAppId) {
        browser::remember(&name(app), &self.text());
    }

    /// Whether something is chosen that most people never need.
    pub fn is_special(&self) -> bool {
        let usual = Self::default();
        (self.compression, self.cells, self.header) != (usual.compression, usual.cells, usual.header)
            || self.time_zone != usual.time_zone
    }

    /// Whether the bytes of this format can be packed.
    pub const fn packs(&self) -> bool {
        !matches!(self.format, ExportFormat::Xlsx)
    }

    /// Whether its header can have a language.
    pub const fn speaks(&self) -> bool {
        !matches!(self.format, ExportFormat::Ndjson)
    }

    /// Whether its times can be in another time zone.
    pub const fn has_zone(&self) -> bool {
        !(matches!(self.format, ExportFormat::Ndjson) && matches!(self.which, Which::All))
    }

    /// Whether it marks text that spreadsheets run.
    pub const fn marks(&self) -> bool {
        matches!(self.format, ExportFormat::Csv)
    }

    /// The request for a file, of which what does not fit the format is left out.
    pub fn request(&self, selection: Option<Selection>, shown: Vec<AnyColumn>) -> ExportRequest {
        let zone = self.time_zone.trim();
        ExportRequest {
            selection,
            format: self.format,
            columns: match self.which {
                Which::All => None,
                Which::Shown => Some(shown),
                Which::Own => Some(self.own.clone()),
            },
            compression: if self.packs() { self.compression } else { Compression::None },
            cells: if self.marks() { self.cells } else { Cells::Safe },
            header: if self.speaks() { self.header } else { Header::Names },
            time_zone: (self.has_zone() && zone != UTC).then(|| zone.to_owned()),
        }
    }

    /// Every column of an application with these custom fields, and whether it is chosen: the chosen ones first, in their
    /// order. Until some were chosen, those of the list are.
    pub fn order(&self, custom: &[FieldName], shown: &[AnyColumn]) -> Vec<(AnyColumn, bool)> {
        let all = AnyColumn::all(custom.iter().copied());
        let known = |columns: &[AnyColumn]| -> Vec<AnyColumn> {
            columns.iter().copied().filter(|column| all.contains(column)).collect()
        };
        let mut chosen = known(&self.own);
        if chosen.is_empty() {
            chosen = known(shown);
        }
        let rest =
            all.iter().copied().filter(|column| !chosen.contains(column)).map(|column| (column, false));
        chosen.iter().map(|column| (*column, true)).chain(rest).collect()
    }

    /// As the browser keeps it. No part but the last has spaces.
    fn text(&self) -> String {
        let own: Vec<String> = self.own.iter().map(ToString::to_string).collect();
        let which = WHICH.iter().find(|(_, which)| *which == self.which).map_or("", |(text, _)| *text);
        format!(
            "{} {which} {} {} {} {} {}",
            self.format,
            own.join(&SEPARATOR.to_string()),
            self.compression,
            self.cells,
            self.header,
            self.time_zone
        )
    }

    /// What the browser kept; what is not understood is as usual.
    fn parse(text: &str) -> Self {
        fn next<'a, T: FromStr + Default>(parts: &mut impl Iterator<Item = &'a str>) -> T {
            parts.next().and_then(|part| part.parse().ok()).unwrap_or_default()
        }
        let parts = &mut text.splitn(7, ' ');
        let format = next(parts);
        let which = parts.next().and_then(|part| WHICH.iter().find(|(text, _)| *text == part));
        let own = parts.next().unwrap_or_default().split(SEPARATOR).filter_map(|name| name.parse().ok());
        Self {
            format,
            which: which.map(|(_, which)| *which).unwrap_or_default(),
            own: own.collect(),
            compression: next(parts),
            cells: next(parts),
            header: next(parts),
            time_zone: parts.next().filter(|zone| !zone.is_empty()).unwrap_or(UTC).to_owned(),
        }
    }
}

fn name(app: SdkAppId) -> String {
    format!("rc_export_{app}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use rollcall_shared::job::Column;

    fn columns(names: &[&str]) -> Vec<AnyColumn> {
        names.iter().map(|name| name.parse().unwrap()).collect()
    }

    #[test]
    fn what_was_chosen_is_remembered() {
        let choice = Choice {
            format: ExportFormat::Ndjson,
            which: Which::Own,
            own: columns(&["level", "custom.Hobby", "user_id"]),
            compression: Compression::Zstd,
            cells: Cells::Exact,
            header: Header::Zh,
            time_zone: "Asia/Shanghai".to_owned(),
        };
        assert_eq!(Choice::parse(&choice.text()), choice);
        assert_eq!(Choice::parse(&Choice::default().text()), Choice::default());
        for text in ["", "pdf none ~ x", "csv own level~colour"] {
            let choice = Choice::parse(text);
            assert_eq!((choice.format, choice.time_zone.as_str()), (ExportFormat::Csv, "UTC"), "{text}");
        }
    }

    #[test]
    fn what_does_not_fit_the_format_is_left_out() {
        let all = Choice {
            compression: Compression::Gzip,
            cells: Cells::Exact,
            header: Header::En,
            time_zone: " Asia/Shanghai ".to_owned(),
            ..Choice::default()
        };
        let of = |format| Choice { format, ..all.clone() }.request(None, Vec::new());
        let csv = of(ExportFormat::Csv);
        assert_eq!((csv.compression, csv.cells, csv.header), (Compression::Gzip, Cells::Exact, Header::En));
        assert_eq!(csv.time_zone.as_deref(), Some("Asia/Shanghai"));
        for format in ExportFormat::ALL {
            assert_eq!(of(*format).form_errors(&[]), [], "{format}");
        }
        assert_eq!(of(ExportFormat::Ndjson).time_zone, None);
    }

    #[test]
    fn the_chosen_columns_come_first_and_no_other_is_lost() {
        let hobby: FieldName = "Hobby".parse().unwrap();
        let choice = Choice { own: columns(&["level", "custom.Other", "user_id"]), ..Choice::default() };
        let order = choice.order(&[hobby], &[]);
        assert_eq!(
            order[..3],
            [(Column::Level.into(), true), (Column::UserId.into(), true), (Column::Nickname.into(), false)]
        );
        assert_eq!(order.len(), Column::ALL.len() + 1);
        let fresh = Choice::default().order(&[hobby], &columns(&["user_id", "custom.Hobby"]));
        assert_eq!(fresh[..2], [(Column::UserId.into(), true), (AnyColumn::Custom(hobby), true)]);
        assert!(!fresh[2].1);
    }
}
