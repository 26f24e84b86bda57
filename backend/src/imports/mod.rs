//! The files of imports: where they lie, how a brought file is read out of its parts, and how what a review finds is kept so that
//! pages of it can be read. The tasks that use them are in `jobs/import`, the routes in `api`.

mod look;
mod records;
mod refusals;
mod sort;
mod upload;

pub use look::{look, open, options, unreadable};
pub use records::{Kept, RecordReader, RecordWriter, lost, page};
pub use refusals::{Refusals, table};
pub use sort::{Sorted, Sorter};
pub use upload::Upload;

use crate::state::AppState;
use futures::TryStreamExt as _;
use object_store::{ObjectStore as _, ObjectStoreExt as _, path::Path};
use rollcall_shared::{
    app::SdkAppId,
    custom_field::{self, CustomField},
    error::FieldError,
    job::AnyColumn,
};

/// The findings of a review.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Findings {
    /// Accounts that would be created, by username.
    Creates,
    /// Accounts that would be changed, by username.
    Updates,
    /// Rows that are refused, by their place in the file.
    Refused,
}

impl Findings {
    /// What it is called in a file's name.
    const fn name(self) -> &'static str {
        match self {
            Self::Creates => "creates",
            Self::Updates => "updates",
            Self::Refused => "refused",
        }
    }
}

/// Where everything of an import lies.
fn folder(app: SdkAppId, id: &str) -> Path {
    Path::from_iter([app.to_string(), format!("import-{id}")])
}

/// Where a part of its file lies.
pub fn part(app: SdkAppId, id: &str, part: u64) -> Path {
    folder(app, id).join(format!("part-{part:06}"))
}

/// Where findings lie, by the name of the review that kept them.
pub fn findings(app: SdkAppId, id: &str, review: &str, findings: Findings) -> Path {
    folder(app, id).join(format!("{review}-{}", findings.name()))
}

/// Removes every file of an import.
///
/// # Errors
/// The store of files failed; what is left is removed by a later sweep.
pub async fn remove(state: &AppState, app: SdkAppId, id: &str) -> object_store::Result<()> {
    let folder = folder(app, id);
    let files: Vec<_> = state.files.list(Some(&folder)).try_collect().await?;
    for file in files {
        match state.files.delete(&file.location).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// The custom fields of the mapping that the application does not have.
pub fn undefined(mapping: &[Option<AnyColumn>], fields: &[CustomField]) -> Vec<FieldError> {
    let is_undefined = |column: &Option<AnyColumn>| match column {
        Some(AnyColumn::Custom(name)) if !fields.iter().any(|field| field.name == name.as_str()) => {
            Some(*name)
        }
        _ => None,
    };
    let all = mapping.iter().enumerate().filter_map(|(place, column)| Some((place, is_undefined(column)?)));
    all.map(|(place, name)| FieldError {
        field: format!("mapping[{place}]"),
        ..custom_field::undefined(name.as_str())
    })
    .collect()
}
