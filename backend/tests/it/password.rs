//! `/api/v1/password`: the operator's own password.

use crate::support::{EMAIL, PASSWORD, Server, on_both_engines};
use rollcall_shared::paths;
use serde_json::json;

const NEW: &str = "another long password";

on_both_engines!(
    a_wrong_password_changes_nothing,
    a_short_password_is_refused_before_anything_is_verified,
    the_new_password_counts_and_other_sessions_end,
    a_stolen_session_cannot_guess,
);

async fn a_wrong_password_changes_nothing(server: Server) {
    let operator = server.operator().await;
    let change = json!({"current_password": "not the password", "new_password": NEW});
    let problem = operator.put(&paths::password(), &change).await.problem();
    assert_eq!((problem.status, problem.errors[0].field.as_str()), (422, "current_password"));
    server.operator().await;
}

async fn a_short_password_is_refused_before_anything_is_verified(server: Server) {
    let change = json!({"current_password": "not the password", "new_password": "short"});
    let problem = server.operator().await.put(&paths::password(), &change).await.problem();
    assert_eq!(problem.errors.len(), 1);
    assert_eq!(
        (problem.errors[0].field.as_str(), problem.errors[0].code.as_str()),
        ("new_password", "too_short")
    );
}

async fn the_new_password_counts_and_other_sessions_end(server: Server) {
    let (here, there) = (server.operator().await, server.operator().await);
    let change = json!({"current_password": PASSWORD, "new_password": NEW});
    assert_eq!(here.put(&paths::password(), &change).await.status, 204);
    assert_eq!(here.get(&paths::session()).await.status, 200);
    assert_eq!(there.get(&paths::session()).await.status, 401);
    for (password, status) in [(PASSWORD, 401), (NEW, 200)] {
        let credentials = json!({"email": EMAIL, "password": password});
        assert_eq!(server.stranger().post(&paths::session(), &credentials).await.status, status);
    }
}

async fn a_stolen_session_cannot_guess(server: Server) {
    let operator = server.operator().await;
    let change = json!({"current_password": "not the password", "new_password": NEW});
    for _ in 0..5 {
        assert_eq!(operator.put(&paths::password(), &change).await.status, 422);
    }
    let right = json!({"current_password": PASSWORD, "new_password": NEW});
    assert_eq!(operator.put(&paths::password(), &right).await.refusal(), (429, "too_many_tries".to_owned()));
}
