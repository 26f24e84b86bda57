//! What stands in the form of a schedule, and the settings that it means.

use crate::pages::filter::{first_day, first_day_begin, last_day, last_day_end};
use leptos::prelude::*;
use rollcall_shared::{
    custom_field::CustomField,
    export::{Cells, UTC},
    job::{AnyColumn, ExportFormat},
    list::AccountFilter,
    schedule::{Calendar, Retention, ScheduleSettings, ScheduledExport, Weekday},
    time::Timestamp,
};

/// The fields.
#[derive(Clone, Copy)]
pub struct Fields {
    /// The name.
    pub name: RwSignal<String>,
    /// Which kind of calendar.
    pub kind: RwSignal<String>,
    /// The time, also while a cron expression is used.
    pub time: RwSignal<String>,
    /// The days.
    pub days: RwSignal<Vec<Weekday>>,
    /// The cron expression.
    pub expression: RwSignal<String>,
    /// The time zone of the calendar.
    pub zone: RwSignal<String>,
    /// The search text of the filter.
    pub search: RwSignal<String>,
    /// The ticked values of the filter; its search text and its days are beside it.
    pub sets: RwSignal<AccountFilter>,
    /// The first day of creation, if any.
    pub created_from: RwSignal<String>,
    /// The last day of creation, if any.
    pub created_to: RwSignal<String>,
    /// The format.
    pub format: RwSignal<String>,
    /// Whether columns are chosen.
    pub own: RwSignal<bool>,
    /// Every column, and whether it is chosen.
    pub columns: RwSignal<Vec<(AnyColumn, bool)>>,
    /// How the file is packed.
    pub compression: RwSignal<String>,
    /// What the header calls the columns.
    pub header: RwSignal<String>,
    /// Whether CSV leaves text as it is.
    pub exact: RwSignal<bool>,
    /// The time zone of times in the file.
    pub file_zone: RwSignal<String>,
    /// The destination; empty for the server's own files.
    pub destination: RwSignal<String>,
    /// How many files stay.
    pub keep_last: RwSignal<String>,
    /// For how many days.
    pub keep_days: RwSignal<String>,
}

impl Fields {
    /// As the settings say.
    pub fn of(settings: &ScheduleSettings, custom: &[CustomField]) -> Self {
        let ScheduleSettings { name, calendar, time_zone, export, destination, retention, .. } =
            settings.clone();
        let (usual, monday) = ("03:00".to_owned(), vec![Weekday::Monday]);
        let (kind, time, days, expression) = match calendar {
            Calendar::Daily { time } => ("daily", time, monday, String::new()),
            Calendar::Weekly { days, time } => ("weekly", time, days, String::new()),
            Calendar::Cron { expression } => ("cron", usual, monday, expression),
        };
        let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
        Self {
            name: RwSignal::new(name),
            kind: RwSignal::new(kind.to_owned()),
            time: RwSignal::new(time),
            days: RwSignal::new(days),
            expression: RwSignal::new(expression),
            zone: RwSignal::new(time_zone),
            own: RwSignal::new(export.columns.is_some()),
            columns: RwSignal::new(order(export.columns.as_deref(), custom)),
            created_from: RwSignal::new(export.filter.created_from.map(first_day).unwrap_or_default()),
            created_to: RwSignal::new(export.filter.created_before.map(last_day).unwrap_or_default()),
            search: RwSignal::new(export.filter.q.clone()),
            sets: RwSignal::new(export.filter),
            format: RwSignal::new(export.format.to_string()),
            compression: RwSignal::new(export.compression.to_string()),
            header: RwSignal::new(export.header.to_string()),
            exact: RwSignal::new(export.cells == Cells::Exact),
            file_zone: RwSignal::new(export.time_zone.unwrap_or(UTC.to_owned())),
            destination: RwSignal::new(destination.unwrap_or_default()),
            keep_last: RwSignal::new(number(retention.last)),
            keep_days: RwSignal::new(number(retention.days)),
        }
    }

    /// The calendar as it stands.
    pub fn calendar(self) -> Calendar {
        match self.kind.get().as_str() {
            "weekly" => Calendar::Weekly { days: self.days.get(), time: self.time.get() },
            "cron" => Calendar::Cron { expression: self.expression.get().trim().to_owned() },
            _ => Calendar::Daily { time: self.time.get() },
        }
    }

    /// The format as it stands.
    pub fn format(self) -> ExportFormat {
        self.format.get().parse().unwrap_or_default()
    }

    /// Whether the file's times can be in another time zone.
    pub fn has_zone(self) -> bool {
        self.format() != ExportFormat::Ndjson || self.own.get()
    }

    /// The filter as it stands. A day that nobody touched means the instant that it did before.
    fn filter(self, before: &AccountFilter) -> AccountFilter {
        let (from, to) = (self.created_from.get(), self.created_to.get());
        let as_before = |at: Option<Timestamp>, shown: fn(Timestamp) -> String, day: &str| {
            at.filter(|at| shown(*at) == day)
        };
        AccountFilter {
            q: self.search.get(),
            created_from: as_before(before.created_from, first_day, &from).or_else(|| first_day_begin(&from)),
            created_before: as_before(before.created_before, last_day, &to).or_else(|| last_day_end(&to)),
            ..self.sets.get()
        }
        .normalised()
    }

    /// All of it: what the form does not show is as before, and what does not fit the format is left out.
    pub fn settings(self, before: &ScheduleSettings) -> ScheduleSettings {
        let format = self.format();
        let (csv, xlsx, ndjson) =
            (format == ExportFormat::Csv, format == ExportFormat::Xlsx, format == ExportFormat::Ndjson);
        let chosen = self.columns.get().into_iter().filter(|(_, chosen)| *chosen);
        let columns = self.own.get().then(|| chosen.map(|(column, _)| column).collect());
        let zone = self.file_zone.get().trim().to_owned();
        let export = ScheduledExport {
            filter: self.filter(&before.export.filter),
            format,
            columns,
            compression: if xlsx {
                Default::default()
            } else {
                self.compression.get().parse().unwrap_or_default()
            },
            cells: if csv && self.exact.get() { Cells::Exact } else { Cells::Safe },
            header: if ndjson { Default::default() } else { self.header.get().parse().unwrap_or_default() },
            time_zone: (self.has_zone() && !zone.is_empty() && zone != UTC).then_some(zone),
        };
        // What is no number is refused as one out of range.
        let number = |text: String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let number = |text: String| number(text).map(|text| text.parse().unwrap_or(0));
        ScheduleSettings {
            name: self.name.get().trim().to_owned(),
            paused: before.paused,
            calendar: self.calendar(),
            time_zone: self.zone.get().trim().to_owned(),
            export,
            destination: Some(self.destination.get()).filter(|name| !name.is_empty()),
            retention: Retention { last: number(self.keep_last.get()), days: number(self.keep_days.get()) },
        }
    }
}

/// Every column of an application with these custom fields, and whether it is chosen: the chosen ones first, in their order.
/// Without a choice it is all of them.
fn order(chosen: Option<&[AnyColumn]>, custom: &[CustomField]) -> Vec<(AnyColumn, bool)> {
    let all = AnyColumn::all(custom.iter().filter_map(CustomField::field_name));
    let chosen = chosen.unwrap_or(&all);
    let rest = all.iter().filter(|column| !chosen.contains(column)).map(|column| (*column, false));
    chosen.iter().map(|column| (*column, true)).chain(rest).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rollcall_shared::{export::Compression, job::Column, profile::Gender};

    #[test]
    fn what_is_edited_and_not_touched_stays_as_it_is() {
        let before = ScheduleSettings {
            name: "Nightly".to_owned(),
            paused: true,
            calendar: Calendar::Cron { expression: "0 3 * * *".to_owned() },
            time_zone: "Asia/Shanghai".to_owned(),
            export: ScheduledExport {
                filter: AccountFilter {
                    gender: vec![Gender::Female],
                    created_from: "2026-11-01T10:00:00Z".parse().ok(),
                    created_before: "2026-11-30T12:34:56.789Z".parse().ok(),
                    ..AccountFilter::default()
                },
                columns: Some(vec![Column::Level.into(), Column::UserId.into()]),
                compression: Compression::Zstd,
                time_zone: Some("Europe/Berlin".to_owned()),
                ..ScheduledExport::default()
            },
            destination: Some("backup".to_owned()),
            retention: Retention { last: Some(3), days: None },
        };
        let owner = Owner::new();
        owner.set();
        let fields = Fields::of(&before, &[]);
        assert_eq!(fields.settings(&before), before);
        fields.format.set("xlsx".to_owned());
        fields.keep_days.set("many".to_owned());
        fields.created_from.set("2026-10-01".to_owned());
        fields.created_to.set(String::new());
        let after = fields.settings(&before);
        let filter = &after.export.filter;
        assert_eq!(filter.created_from.unwrap().to_string(), "2026-10-01T00:00:00.000Z");
        assert_eq!((filter.created_before, filter.gender.as_slice()), (None, &[Gender::Female][..]));
        assert_eq!((after.export.compression, after.retention.days), (Compression::None, Some(0)));
    }
}
