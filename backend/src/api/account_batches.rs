//! `/api/v1/apps/{app}/account-batches`: many accounts in one transaction, each with a result of its own.

use super::accounts::{idempotency, mismatch};
use crate::{
    error::{ApiError, ApiResult},
    extract::{AppWriter, HashedJson, IdempotencyHeader, Json},
    state::AppState,
};
use axum::extract::State;
use rollcall_shared::{
    account::NewAccount,
    app::SdkAppId,
    error::{FieldError, Problem, codes},
    selection::{AccountBatch, BATCH_MAX, BatchResults, ItemResult, ItemStatus},
    validate,
};
use rollcall_store::accounts::Replayable;
use std::collections::HashMap;

/// Creates up to 1,000 accounts, or updates those that exist if the batch says so. Of an ID that is there twice,
/// the last wins. The answer has a result for each distinct ID, in the order of the batch.
#[utoipa::path(post, path = "/api/v1/apps/{app}/account-batches", tag = "bulk",
    security(("session" = []), ("token" = [])),
    params(("app" = SdkAppId, Path, description = "The SDKAppID"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 characters; kept for 24 hours")),
    request_body = AccountBatch,
    responses((status = 200, body = BatchResults),
        (status = 422, body = Problem, content_type = "application/problem+json",
            description = "invalid_fields (too many accounts, fields of the wrong form) or idempotency_mismatch")))]
pub async fn create(
    State(state): State<AppState>,
    writer: AppWriter,
    IdempotencyHeader(key): IdempotencyHeader,
    HashedJson { value: AccountBatch { accounts, on_existing }, hash }: HashedJson<AccountBatch>,
) -> ApiResult<Json<BatchResults>> {
    if accounts.len() > BATCH_MAX {
        let error = FieldError::new("accounts", codes::TOO_LONG, format!("At most {BATCH_MAX} accounts."));
        return Err(ApiError::invalid(vec![error.with("max", BATCH_MAX).with("actual", accounts.len())]));
    }
    let sorted = Sorted::new(accounts);
    let key = idempotency(&writer, key, hash);
    let change = writer.change();
    let answer =
        state.store.create_accounts(&change, writer.app, &sorted.valid, on_existing, key.as_ref()).await?;
    let done = match answer {
        Replayable::Fresh(done) => {
            let done = done?;
            state.changes.results(writer.app, &done);
            done
        }
        Replayable::Replayed(done) => done?,
        Replayable::Mismatch => return Err(mismatch()),
    };
    Ok(Json(BatchResults { results: sorted.merge(done) }))
}

/// A batch without repeats, its invalid accounts set apart.
struct Sorted {
    /// Every distinct ID, in the order of its first mention.
    order: Vec<String>,
    valid: Vec<NewAccount>,
    refused: HashMap<String, Vec<FieldError>>,
}

impl Sorted {
    fn new(accounts: Vec<NewAccount>) -> Self {
        let mut order = Vec::with_capacity(accounts.len());
        let mut last: HashMap<String, NewAccount> = HashMap::with_capacity(accounts.len());
        for account in accounts {
            let user_id = account.user_id.clone();
            if last.insert(user_id.clone(), account).is_none() {
                order.push(user_id);
            }
        }
        let (mut valid, mut refused) = (Vec::with_capacity(order.len()), HashMap::new());
        for account in order.iter().filter_map(|user_id| last.remove(user_id)) {
            match validate::new_account(&account) {
                errors if errors.is_empty() => valid.push(account),
                errors => {
                    refused.insert(account.user_id, errors);
                }
            }
        }
        Self { order, valid, refused }
    }

    /// What the store did and what was refused before it, in the order of the batch.
    fn merge(mut self, done: Vec<ItemResult>) -> Vec<ItemResult> {
        let mut done: HashMap<String, ItemResult> =
            done.into_iter().map(|result| (result.user_id.clone(), result)).collect();
        let refused = &mut self.refused;
        let result = |user_id: String| match refused.remove(&user_id) {
            Some(errors) => Some(ItemResult { user_id, status: ItemStatus::Refused, errors }),
            None => done.remove(&user_id),
        };
        self.order.into_iter().filter_map(result).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(user_id: &str, nickname: &str) -> NewAccount {
        NewAccount { nickname: nickname.to_owned(), ..NewAccount::new(user_id) }
    }

    #[test]
    fn of_an_id_that_is_there_twice_the_last_wins_also_when_it_is_invalid() {
        let long = "x".repeat(501);
        let sorted = Sorted::new(vec![named("a", "1"), named("b", "1"), named("a", "2"), named("b", &long)]);
        assert_eq!(sorted.valid, [named("a", "2")]);
        let done = vec![ItemResult { user_id: "a".into(), status: ItemStatus::Created, errors: vec![] }];
        let results = sorted.merge(done);
        let seen: Vec<_> = results.iter().map(|r| (r.user_id.as_str(), r.status)).collect();
        assert_eq!(seen, [("a", ItemStatus::Created), ("b", ItemStatus::Refused)]);
        assert_eq!(results[1].errors[0].field, "nickname");
    }
}
