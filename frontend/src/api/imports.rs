//! Imports: the file in parts, how it is read, its review, and what is done with it.

use super::{ApiResult, Method, Request, accepted, get, post, read, transport};
use crate::browser::file::File;
use rollcall_shared::{
    app::SdkAppId,
    import::{
        ApplyRequest, ChangeKind, Import, NewImport, Reading, RefusedRow, ReviewPage, ReviewRequest,
        RowChange,
    },
    job::Job,
    paths,
};

/// The application's imports, newest first.
pub async fn imports(app: SdkAppId) -> ApiResult<Vec<Import>> {
    get(paths::imports(app)).send().await
}

/// Where an import stands.
pub async fn import(app: SdkAppId, id: &str) -> ApiResult<Import> {
    get(paths::import(app, id)).send().await
}

/// Says which file will come.
pub async fn new_import(app: SdkAppId, new: &NewImport) -> ApiResult<Import> {
    post(paths::imports(app)).json(new).send().await
}

/// Sends the part of the file that `import` is waiting for.
pub async fn put_import_part(app: SdkAppId, import: &Import, file: &File) -> ApiResult<Import> {
    let (from, size) = (import.received, import.part_bytes.max(1));
    let path = paths::import_part(app, &import.id, from / size);
    let to = import.bytes.min(from.saturating_add(size));
    read(&accepted(transport::put_file(path, file, from, to).await?)?)
}

/// Says how the file is read, and reads its first rows anew.
pub async fn read_import(app: SdkAppId, id: &str, reading: &Reading) -> ApiResult<Import> {
    post(paths::import_reading(app, id)).json(reading).send().await
}

/// Removes an import with its file.
pub async fn discard_import(app: SdkAppId, id: &str) -> ApiResult<()> {
    Request::new(Method::Delete, paths::import(app, id)).send_empty().await
}

/// Finds out what it would do.
pub async fn review_import(app: SdkAppId, id: &str, request: &ReviewRequest) -> ApiResult<Job> {
    post(paths::import_review(app, id)).json(request).send().await
}

/// Does what was reviewed, or the rest of it.
pub async fn apply_import(app: SdkAppId, id: &str, digest: &str) -> ApiResult<Job> {
    let request = ApplyRequest { digest: digest.to_owned() };
    post(paths::import_apply(app, id)).json(&request).send().await
}

/// Takes it back.
pub async fn undo_import(app: SdkAppId, id: &str) -> ApiResult<Job> {
    post(paths::import_undo(app, id)).send().await
}

/// Rows that are refused, from a position on.
pub async fn import_refused(
    app: SdkAppId,
    id: &str,
    offset: u64,
    limit: u32,
) -> ApiResult<ReviewPage<RefusedRow>> {
    get(paths::import_refused(app, id, offset, limit)).send().await
}

/// What would be done to accounts, from a position on.
pub async fn import_changes(
    app: SdkAppId,
    id: &str,
    kind: ChangeKind,
    offset: u64,
    limit: u32,
) -> ApiResult<ReviewPage<RowChange>> {
    get(paths::import_changes(app, id, kind, offset, limit)).send().await
}
