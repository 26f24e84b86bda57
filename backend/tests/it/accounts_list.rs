//! The list over HTTP: its query, its cursors, its counts. What it finds is tested with the store.

use crate::support::{Client, Server, on_both_engines};
use rollcall_demo::{SEED, accounts};
use rollcall_shared::{
    account::Account,
    app::App,
    list::{Count, CountRelation, Page},
    paths,
};
use rollcall_store::{Actor, Change};
use serde_json::{Value, json};

on_both_engines!(
    a_list_is_paged_to_its_end_and_back,
    filters_sorts_and_counts_are_read_from_the_query,
    matches_that_are_not_counted_are_estimated,
    a_query_that_breaks_a_rule_is_refused_on_its_parameter,
    a_cursor_belongs_to_its_list,
    a_search_with_a_typing_error_is_told_what_was_meant,
);

async fn filled(server: &Server, count: u64) -> (Client, App) {
    let operator = server.operator().await;
    let app = server.create_app(&operator, "Aurora Live").await;
    let now = server.state.clock.now();
    let change = Change { actor: Actor::System, now };
    let loaded = accounts(count, SEED, now).collect();
    assert_eq!(server.state.store.load_accounts(&change, app.sdkappid, loaded).await.unwrap(), count);
    (operator, app)
}

async fn page(operator: &Client, app: &App, query: &str) -> Page<Account> {
    let answer = operator.get(&format!("{}?{query}", paths::accounts(app.sdkappid))).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.text());
    answer.json()
}

async fn a_list_is_paged_to_its_end_and_back(server: Server) {
    let (operator, app) = filled(&server, 250).await;
    let mut pages = vec![page(&operator, &app, "sort=-created_at&limit=100").await];
    while let Some(next) = pages.last().unwrap().next.clone() {
        pages.push(page(&operator, &app, &format!("sort=-created_at&limit=100&cursor={next}")).await);
    }
    let sizes: Vec<usize> = pages.iter().map(|page| page.items.len()).collect();
    assert_eq!(sizes, [100, 100, 51]);
    let all: Vec<&Account> = pages.iter().flat_map(|page| &page.items).collect();
    assert!(all.is_sorted_by(|a, b| (a.created_at, &a.user_id) > (b.created_at, &b.user_id)));
    let back = pages[2].previous.clone().unwrap();
    let back = page(&operator, &app, &format!("sort=-created_at&limit=100&cursor={back}")).await;
    assert_eq!((back.items, pages[0].previous.is_none()), (pages[1].items.clone(), true));
}

async fn filters_sorts_and_counts_are_read_from_the_query(server: Server) {
    let (operator, app) = filled(&server, 200).await;
    let admins = page(&operator, &app, "type=admin&count=exact").await;
    assert_eq!(
        (admins.items.len(), admins.count),
        (4, Some(Count { value: 4, relation: CountRelation::Eq }))
    );
    let both = page(&operator, &app, "gender=female&gender=male&count=exact&limit=200").await;
    assert!(both.items.len() > 50 && both.items.iter().all(|account| account.gender.as_str() != "unknown"));
    assert_eq!(both.count.unwrap().value, both.items.len() as u64);
    let all = page(&operator, &app, "count=capped&limit=1").await;
    assert_eq!(all.count, Some(Count { value: 201, relation: CountRelation::Eq }));
    assert_eq!(page(&operator, &app, "").await.count, None);
    let found = page(&operator, &app, "q=ADMINISTR%41TOR").await;
    assert_eq!(
        found.items.iter().map(|account| account.user_id.as_str()).collect::<Vec<_>>(),
        ["administrator"]
    );
    let none = page(&operator, &app, "created_from=2030-01-01&count=exact").await;
    assert_eq!((none.items.len(), none.complete, none.count.unwrap().value), (0, true, 0));
}

async fn matches_that_are_not_counted_are_estimated(server: Server) {
    let (operator, app) = filled(&server, 12_345).await;
    let count = async |mode: &str| -> Value {
        let query = format!("created_from=1970-01-01&limit=1&count={mode}");
        let answer = operator.get(&format!("{}?{query}", paths::accounts(app.sdkappid))).await;
        answer.json::<Value>()["count"].clone()
    };
    assert_eq!(count("capped").await, json!({ "value": 10_000, "relation": "gte" }));
    server.state.store.sample_all(server.state.clock.now()).await.unwrap();
    assert_eq!(count("capped").await, json!({ "value": 12_000, "relation": "estimate" }));
    assert_eq!(count("exact").await, json!({ "value": 12_346, "relation": "eq" }));
}

async fn a_query_that_breaks_a_rule_is_refused_on_its_parameter(server: Server) {
    let (operator, app) = filled(&server, 1).await;
    let cases = [
        ("limit=0", "limit", "out_of_range"),
        ("limit=201", "limit", "out_of_range"),
        ("limit=x", "limit", "out_of_range"),
        ("sort=level", "sort", "unknown_value"),
        ("type=owner", "type", "unknown_value"),
        ("count=all", "count", "unknown_value"),
        ("created_from=soon", "created_from", "invalid"),
        ("created_from=2026-02-01&created_before=2026-01-01", "created_before", "out_of_range"),
        ("page=2", "page", "invalid"),
        ("q=a&q=b", "q", "invalid"),
        ("q=%00", "q", "invalid_character"),
    ];
    for (query, field, code) in cases {
        let problem = operator.get(&format!("{}?{query}", paths::accounts(app.sdkappid))).await.problem();
        let first = (problem.errors[0].field.as_str(), problem.errors[0].code.as_str());
        assert_eq!(
            (problem.status, problem.code.as_str(), first),
            (422, "invalid_fields", (field, code)),
            "{query}"
        );
    }
    let long = format!("{}?q={}", paths::accounts(app.sdkappid), "x".repeat(201));
    assert_eq!(operator.get(&long).await.refusal(), (422, "invalid_fields".to_owned()));
}

async fn a_cursor_belongs_to_its_list(server: Server) {
    let (operator, app) = filled(&server, 20).await;
    let other = server.create_app(&operator, "Boreal Chat").await;
    let next = page(&operator, &app, "limit=5&sort=nickname").await.next.unwrap();
    let uses = [
        (app.sdkappid, format!("cursor={next}")),
        (app.sdkappid, format!("sort=-nickname&cursor={next}")),
        (app.sdkappid, format!("sort=nickname&type=admin&cursor={next}")),
        (other.sdkappid, format!("sort=nickname&cursor={next}")),
        (app.sdkappid, "cursor=%00".to_owned()),
        (app.sdkappid, format!("cursor={}", "A".repeat(9000))),
    ];
    for (app, query) in uses {
        let answer = operator.get(&format!("{}?{query}", paths::accounts(app))).await;
        assert_eq!(answer.refusal(), (400, "invalid_cursor".to_owned()), "{query}");
    }
    // The account that it was made from may go.
    let change = json!({"lifted": true});
    operator.put(&paths::deletion_restriction(app.sdkappid), &change).await;
    let first = page(&operator, &app, "limit=5&sort=nickname").await;
    let gone: Vec<&str> = first.items.iter().map(|account| account.user_id.as_str()).collect();
    let rest = page(&operator, &app, &format!("limit=200&sort=nickname&cursor={next}")).await;
    operator.post(&paths::account_deletions(app.sdkappid), &json!({"user_ids": gone})).await;
    assert_eq!(
        page(&operator, &app, &format!("limit=200&sort=nickname&cursor={next}")).await.items,
        rest.items
    );
}

async fn a_search_with_a_typing_error_is_told_what_was_meant(server: Server) {
    let (operator, app) = filled(&server, 20).await;
    let path = |query: &str| format!("/api/v1/apps/{}/account-suggestions?{query}", app.sdkappid);
    let near = operator.get(&path("q=adminitsrator&type=admin")).await;
    assert_eq!(near.status, 200);
    let near: Value = near.json();
    assert_eq!(near["items"].as_array().unwrap().len(), 1, "{near}");
    assert_eq!(near["items"][0]["q"], "administrator");
    assert_eq!(near["items"][0]["user_id"], "administrator");
    for nothing in ["", "q=adminitsrator&type=general", "q=ad", "q=administrator"] {
        assert_eq!(operator.get(&path(nothing)).await.json::<Value>(), json!({"items": []}), "{nothing}");
    }
    let refused = operator.get(&path("type=king")).await;
    assert_eq!(refused.refusal(), (422, "invalid_fields".to_owned()));
}
