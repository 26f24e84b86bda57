//! What is checked of a selection before anything is done with it.

use crate::error::{ApiError, ApiResult};
use rollcall_shared::{
    error::{FieldError, codes},
    selection::{BATCH_MAX, EXCEPT_MAX, Selection},
    time::Timestamp,
};

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

fn at_most(field: &str, actual: usize, max: usize) -> Option<FieldError> {
    let error = || FieldError::new(field, codes::TOO_LONG, format!("At most {max} usernames."));
    (actual > max).then(|| error().with("max", max).with("actual", actual))
}
