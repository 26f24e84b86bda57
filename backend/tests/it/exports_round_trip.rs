//! What is exported in any form comes back the same: random accounts with awkward texts, through the files of the server and the
//! readers of an import.

use crate::support::{Client, Server, on_both_engines};
use proptest::{
    prelude::*,
    strategy::ValueTree as _,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use rollcall_shared::{
    account::{Account, NewAccount},
    app::App,
    custom_field::FieldName,
    export::Header,
    import::{EmptyCells, Mapping, guess},
    job::AnyColumn,
    paths,
    profile::{FriendVerification, Friending, Gender, LOCATION_MAX},
    time::Timestamp,
};
use rollcall_store::{Actor, Change};
use serde_json::{Value, json};
use std::{collections::BTreeMap, io::Cursor};
use tabular::{
    Guard,
    read::{Options, open},
};

on_both_engines!(accounts_come_back_the_same);

/// How many sets of accounts are tried, each in every form.
const SETS: usize = 4;
/// The application's custom fields; one is called like a field of every account.
const CUSTOM: [&str; 2] = ["Hobby", "Level"];

/// What breaks careless files: formulas, marks, quotes, every kind of line end, byte order marks, escapes of workbooks, right to
/// left, combining and astral characters.
fn awkward() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "=1+1",
        "'",
        "''",
        "@SUM(A1)",
        "+",
        "-5",
        "\"",
        "\"\"",
        ",",
        ";",
        "\t",
        "\r",
        "\n",
        "\r\n",
        "\u{feff}",
        " ",
        "_x0041_",
        "_x000D_",
        "<b>&amp;",
        "{\"a\":1}",
        "赵明远",
        "🚲",
        "👩‍👩‍👧",
        "نور",
        "\u{202e}",
        "e\u{301}",
        "＝1",
        "007",
        "1e9",
        "TRUE",
        "\\",
    ]);
    prop::collection::vec(piece, 0..5).prop_map(|pieces| pieces.concat())
}

fn account() -> impl Strategy<Value = NewAccount> {
    let numbers = (any::<u32>(), any::<u32>(), any::<u32>(), any::<u32>(), any::<u32>());
    let sets = (
        prop::sample::select(Gender::ALL),
        prop::sample::select(FriendVerification::ALL),
        prop::sample::select(Friending::ALL),
    );
    let location = awkward().prop_map(|text| {
        let end = (0..=LOCATION_MAX.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
        text[..end.unwrap_or_default()].to_owned()
    });
    (awkward(), location, awkward(), prop::array::uniform2(awkward()), numbers, sets).prop_map(
        |(nickname, location, whats_up, custom, (birth, language, settings, level, role), sets)| NewAccount {
            nickname,
            photo_url: "https://cdn.example.org/a,b;c'd.png?x==1".to_owned(),
            gender: Some(sets.0),
            birth_date: Some(birth),
            location: Some(location),
            whats_up: Some(whats_up),
            friend_verification: Some(sets.1),
            friending: Some(sets.2),
            language: Some(language),
            message_settings: Some(settings),
            level: Some(level),
            role: Some(role),
            custom: CUSTOM.map(str::to_owned).into_iter().zip(custom).collect(),
            ..NewAccount::default()
        },
    )
}

/// Usernames that look like formulas, quotes and numbers.
fn user_id(place: usize) -> String {
    let front = ["=", "-", "+", "@", "'", "\"", "0", "a,b", "_x0041_", "<&>"];
    format!("{}{place}", front[place % front.len()])
}

/// Another application of these accounts, and what is stored in it.
async fn stored(server: &Server, operator: &Client, accounts: Vec<NewAccount>) -> (App, Vec<Account>) {
    let app = server.create_app(operator, "Aurora Live").await;
    let fields: Vec<Value> =
        CUSTOM.iter().map(|name| json!({"name": name, "readable": true, "writable": true})).collect();
    let answer = operator.patch(&paths::app(app.sdkappid), &json!({ "custom_fields": fields })).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let now = server.state.clock.now();
    let name = |(place, account)| NewAccount { user_id: user_id(place), ..account };
    let all: Vec<Account> = accounts
        .into_iter()
        .enumerate()
        .map(name)
        .map(|new| new.into_account(now, FriendVerification::default()))
        .collect();
    let change = Change { actor: Actor::System, now };
    server.state.store.load_accounts(&change, app.sdkappid, all.clone()).await.unwrap();
    (app, all)
}

/// The accounts of a file, as an import would create them.
fn read_back(bytes: Vec<u8>, guard: Guard, now: Timestamp) -> BTreeMap<String, Account> {
    let custom: Vec<FieldName> = CUSTOM.iter().map(|name| name.parse().unwrap()).collect();
    let mut opened = open(Cursor::new(bytes), &Options { guard, ..Options::default() }).unwrap();
    let mut accounts = BTreeMap::new();
    while let Some(row) = opened.rows.next_row().unwrap() {
        let row = row.unwrap();
        let mapping = Mapping::new(guess(row.columns(), &custom)).unwrap();
        let cells: Vec<&str> = row.cells().map(|cell| cell.text).collect();
        let read = mapping.read(&cells, EmptyCells::Clear).unwrap();
        let mut account = read.into_new().into_account(now, FriendVerification::default());
        // Whole accounts have their custom fields in one member, which a mapping of columns does not know.
        if let Some(whole) = row.named("custom") {
            account.custom = serde_json::from_str(whole.text).unwrap();
        }
        accounts.insert(account.user_id.clone(), account);
    }
    accounts
}

async fn accounts_come_back_the_same(server: Server) {
    let operator = server.operator().await;
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let accounts = prop::collection::vec(account(), 30);
    for _ in 0..SETS {
        let set = accounts.new_tree(&mut runner).unwrap().current();
        let (app, all) = stored(&server, &operator, set).await;
        for (request, guard) in forms() {
            let answer = operator.post(&paths::export_streams(app.sdkappid), &request).await;
            assert_eq!(answer.status, 200, "{}", answer.text());
            let back = read_back(answer.body.to_vec(), guard, server.state.clock.now());
            assert_eq!(back.len(), all.len() + 1, "{request}");
            for account in &all {
                assert_eq!(&back[&account.user_id], account, "{request}");
            }
        }
    }
}

/// Every form of a file, and how it is read.
fn forms() -> Vec<(Value, Guard)> {
    let mut forms = vec![(json!({"format": "ndjson"}), Guard::Formulas)];
    let columns = AnyColumn::all(CUSTOM.map(|name| name.parse().unwrap()));
    forms.push((json!({"format": "ndjson", "columns": columns}), Guard::Formulas));
    for header in Header::ALL {
        forms.push((json!({"format": "csv", "header": header}), Guard::Formulas));
        forms.push((json!({"format": "csv", "header": header, "cells": "exact"}), Guard::Exact));
        forms.push((
            json!({"format": "xlsx", "header": header, "time_zone": "Asia/Shanghai"}),
            Guard::Formulas,
        ));
    }
    forms
}
