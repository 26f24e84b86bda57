//! What a file looks like.

use super::{Made, UnknownZone, Zone};
use rollcall_shared::{
    app::App,
    custom_field::{CustomField, FieldName},
    export::{Cells, Compression, Consistency, ContentDigest, ExportManifest, Header},
    job::{AnyColumn, ExportFormat, ExportRequest},
    time::Timestamp,
};
use std::path::PathBuf;

/// What a file looks like.
#[derive(Clone, Debug)]
pub struct Plan {
    pub(super) format: ExportFormat,
    pub(super) compression: Compression,
    pub(super) cells: Cells,
    pub(super) header: Header,
    pub(super) zone: Zone,
    /// `None` for whole accounts.
    pub(super) columns: Option<Vec<AnyColumn>>,
    /// Where a workbook's rows wait until it is packed.
    pub(super) scratch: PathBuf,
}

impl Plan {
    /// The file that is asked for, with the application's custom fields. That the wish makes sense is
    /// [`ExportRequest::form_errors`]'s to say.
    ///
    /// # Errors
    /// There is no such time zone.
    pub fn new(request: &ExportRequest, app: &App, scratch: PathBuf) -> Result<Self, UnknownZone> {
        let custom: Vec<FieldName> = app.custom_fields.iter().filter_map(CustomField::field_name).collect();
        let whole = request.format == ExportFormat::Ndjson;
        let all = || (!whole).then(|| AnyColumn::all(custom));
        let marks = request.format == ExportFormat::Csv;
        Ok(Self {
            format: request.format,
            compression: request.compression,
            cells: if marks { request.cells } else { Cells::Exact },
            header: request.header,
            zone: Zone::named(request.time_zone.as_deref())?,
            columns: request.columns.clone().or_else(all),
            scratch,
        })
    }

    /// What is proven of the file of this name.
    pub fn manifest(
        &self,
        name: String,
        made: &Made,
        snapshot_at: Timestamp,
        consistency: Consistency,
    ) -> ExportManifest {
        ExportManifest {
            name,
            bytes: made.file.bytes,
            sha256: made.file.sha256.clone(),
            rows: made.rows,
            content: ContentDigest { bytes: made.content.bytes, sha256: made.content.sha256.clone() },
            format: self.format,
            compression: self.compression,
            cells: self.cells,
            header: self.header,
            time_zone: self.zone.name().to_owned(),
            columns: self.columns.clone(),
            snapshot_at,
            consistency,
        }
    }
}
