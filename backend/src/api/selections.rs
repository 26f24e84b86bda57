//! What all actions on a selection share: what is checked before anything is done, and what is answered after.

use crate::{
    changes::ChangeKind,
    error::{ApiError, ApiResult},
    extract::Json,
    state::AppState,
};
use rollcall_shared::{
    app::{App, AppStatus, SdkAppId},
    error::{FieldError, codes},
    selection::{BATCH_MAX, BatchResults, EXCEPT_MAX, ItemResult, ItemStatus, Selection},
    time::Timestamp,
};
use rollcall_store::Refusal;

/// The selection as a job keeps it, or what is wrong with it. An `as_of` in the future would take in accounts
/// that nobody has seen, so it becomes now. `path` is where the selection stands in the body.
pub fn checked(selection: Selection, path: &str, now: Timestamp) -> ApiResult<Selection> {
    let mut errors = match &selection {
        Selection::UserIds { user_ids } if user_ids.is_empty() => {
            vec![FieldError::new("user_ids", codes::REQUIRED, "Name at least one account.")]
        }
        Selection::UserIds { user_ids } => {
            at_most("user_ids", user_ids.len(), BATCH_MAX).into_iter().collect()
        }
        Selection::Matching(matching) => {
            let mut errors = matching.filter.check();
            errors.iter_mut().for_each(|error| error.field.insert_str(0, "filter."));
            errors.extend(at_most("except", matching.except.len(), EXCEPT_MAX));
            errors
        }
    };
    if !errors.is_empty() {
        errors.iter_mut().for_each(|error| error.field.insert_str(0, path));
        return Err(ApiError::invalid(errors));
    }
    Ok(match selection {
        Selection::Matching(mut matching) => {
            matching.as_of = matching.as_of.min(now);
            matching.filter = matching.filter.normalised();
            Selection::Matching(matching)
        }
        named @ Selection::UserIds { .. } => named,
    })
}

/// The application, if its accounts can be changed. A job checks this again in the transaction of every chunk; here it
/// makes for a quick answer.
pub async fn changeable(state: &AppState, app: SdkAppId) -> ApiResult<App> {
    let app = state.store.app(app).await?.ok_or_else(ApiError::not_found)?;
    if app.status == AppStatus::Disabled {
        return Err(Refusal::AppDisabled.into());
    }
    Ok(app)
}

/// What became of named accounts. Those that really did are told to whoever watches the list.
pub fn results(
    state: &AppState,
    app: SdkAppId,
    results: Vec<ItemResult>,
    (kind, status): (ChangeKind, ItemStatus),
) -> Json<BatchResults> {
    let changed = results.iter().filter(|result| result.status == status);
    let changed = changed.map(|result| result.user_id.clone()).collect();
    state.changes.accounts(app, kind, changed);
    Json(BatchResults { results })
}

fn at_most(field: &str, actual: usize, max: usize) -> Option<FieldError> {
    let error = || FieldError::new(field, codes::TOO_LONG, format!("At most {max} usernames."));
    (actual > max).then(|| error().with("max", max).with("actual", actual))
}
