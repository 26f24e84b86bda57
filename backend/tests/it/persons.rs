//! Everything held about one account as a ZIP, its erasure, and certificates of that.

use crate::support::{Answer, Client, Server, on_both_engines};
use rollcall_shared::{
    account::Account,
    app::{App, TokenAccess},
    list::Page,
    paths,
    person::{Certificate, CertificateVerdict},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    io::{Cursor, Read as _},
};
use zip::ZipArchive;

on_both_engines!(
    a_bundle_is_what_its_manifest_says,
    hostile_names_harm_neither_file_names_nor_json,
    a_bundle_of_a_deleted_account_says_so,
    a_bundle_is_for_operators_and_of_its_application,
    an_erasure_is_certified,
    a_changed_certificate_does_not_verify,
    what_may_not_be_erased_is_refused,
);

async fn prepared(server: &Server) -> (Client, App) {
    let operator = server.operator().await;
    let app = server.create_app(&operator, "Aurora Live").await;
    permit(&operator, &app, true).await;
    (operator, app)
}

async fn permit(operator: &Client, app: &App, lifted: bool) {
    let body = json!({"lifted": lifted, "reason": "a test"});
    assert_eq!(operator.put(&paths::deletion_restriction(app.sdkappid), &body).await.status, 200);
}

async fn create(operator: &Client, app: &App, user_id: &str, nickname: &str) -> Account {
    let new = json!({"user_id": user_id, "nickname": nickname});
    let answer = operator.post(&paths::accounts(app.sdkappid), &new).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

async fn bundle(operator: &Client, app: &App, user_id: &str) -> Answer {
    operator.post(&paths::account_bundles(app.sdkappid), &json!({ "user_id": user_id })).await
}

async fn erase(operator: &Client, app: &App, user_id: &str) -> Answer {
    let request = json!({"user_id": user_id, "reason": "Asked for by letter.", "confirm": user_id});
    operator.post(&paths::account_erasures(app.sdkappid), &request).await
}

/// The files of a ZIP, of which the manifest says size, lines and hash.
fn files(answer: &Answer) -> BTreeMap<String, String> {
    assert_eq!(answer.header("content-type"), "application/zip");
    assert_eq!(answer.header("content-length"), answer.body.len().to_string());
    assert_eq!(answer.header("cache-control"), "private, no-store");
    let mut zip = ZipArchive::new(Cursor::new(answer.body.to_vec())).unwrap();
    let mut files = BTreeMap::new();
    for n in 0..zip.len() {
        let mut file = zip.by_index(n).unwrap();
        let (name, mut text) = (file.name().unwrap().into_owned(), String::new());
        file.read_to_string(&mut text).unwrap();
        files.insert(name, text);
    }
    let manifest: Value = serde_json::from_str(&files["manifest.json"]).unwrap();
    let entries = manifest["files"].as_array().unwrap();
    assert_eq!(entries.len() + 1, files.len(), "{manifest}");
    for entry in entries {
        let name = entry["name"].as_str().unwrap();
        let text = &files[name];
        let hash: String = Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(
            (entry["sha256"].as_str(), entry["bytes"].as_u64()),
            (Some(&*hash), Some(text.len() as u64))
        );
        let lines = text.lines().map(serde_json::from_str::<Value>);
        if name.ends_with(".ndjson") {
            assert_eq!(entry["rows"].as_u64(), Some(lines.map(Result::unwrap).count() as u64), "{name}");
        }
    }
    files
}

async fn a_bundle_is_what_its_manifest_says(server: Server) {
    let (operator, app) = prepared(&server).await;
    let account = create(&operator, &app, "ming", "赵明远").await;
    let request = json!({"selection": {"user_ids": ["ming", "ghost"]}, "format": "csv"});
    assert_eq!(operator.post(&paths::exports(app.sdkappid), &request).await.status, 202);
    let answer = bundle(&operator, &app, "ming").await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"ming-held-2026-11-22.zip\"");
    let files = files(&answer);
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    let expected = [
        "README.txt",
        "answers.ndjson",
        "api-calls.ndjson",
        "events.ndjson",
        "groups.ndjson",
        "jobs.ndjson",
        "manifest.json",
        "marks.json",
        "profile.json",
        "pushes.ndjson",
        "sessions.ndjson",
    ];
    assert_eq!(names, expected);
    let profile: Value = serde_json::from_str(&files["profile.json"]).unwrap();
    assert_eq!(serde_json::from_value::<Account>(profile.clone()).unwrap(), account);
    assert_eq!(profile["created_by"], "operator:1");
    let job: Value = serde_json::from_str(&files["jobs.ndjson"]).unwrap();
    assert_eq!((&job["kind"], &job["named_in_request"]), (&json!("export"), &json!(true)));
    assert!(!files["jobs.ndjson"].contains("ghost"), "what is of others is left out");
    let readme = &files["README.txt"];
    for text in ["Username:    ming\n", "Ada (operator:1)", "Aurora Live", "2026-11-22T18:00:00.000Z"] {
        assert!(readme.contains(text), "{text}: {readme}");
    }
    for name in names {
        assert!(readme.contains(name) || name == "README.txt", "README.txt says nothing of {name}");
    }
}

async fn hostile_names_harm_neither_file_names_nor_json(server: Server) {
    let (operator, app) = prepared(&server).await;
    let nickname = "\"}\n{\"x\": \u{202e}<script>\u{7f}\\";
    for user_id in ["..", "a/../b", "\"; filename=\"x.exe", "~x\\y", "%00", "x' OR ''='"] {
        let account = create(&operator, &app, user_id, nickname).await;
        let answer = bundle(&operator, &app, user_id).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let disposition = answer.header("content-disposition");
        let name = disposition.strip_prefix("attachment; filename=\"").unwrap().strip_suffix("\"").unwrap();
        let harmless = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
        assert!(name.chars().all(harmless) && name.ends_with("-held-2026-11-22.zip"), "{name}");
        let files = files(&answer);
        assert!(files.keys().all(|name| !name.contains(['/', '\\'])), "{:?}", files.keys());
        assert_eq!(serde_json::from_str::<Account>(&files["profile.json"]).unwrap(), account);
        assert_eq!(erase(&operator, &app, user_id).await.status, 200);
        assert_eq!(operator.get(&paths::account(app.sdkappid, user_id)).await.status, 404);
    }
}

async fn a_bundle_of_a_deleted_account_says_so(server: Server) {
    let (operator, app) = prepared(&server).await;
    let account = create(&operator, &app, "ming", "").await;
    let path = paths::account(app.sdkappid, "ming");
    assert_eq!(operator.if_match(&account.etag()).delete(&path).await.status, 204);
    let files = files(&bundle(&operator, &app, "ming").await);
    assert!(!files.contains_key("profile.json") && files["README.txt"].contains("There is none"));
    let marks: Value = serde_json::from_str(&files["marks.json"]).unwrap();
    assert_eq!(marks["last_deleted_at"], "2026-11-22T18:00:00.000Z");

    let certificate: Certificate = erase(&operator, &app, "ming").await.json();
    assert!(certificate.removed.iter().all(|removed| removed.table != "accounts"));
}

async fn a_bundle_is_for_operators_and_of_its_application(server: Server) {
    let (operator, app) = prepared(&server).await;
    create(&operator, &app, "ming", "").await;
    let other = server.create_app(&operator, "Boreal Chat").await;
    let program = server.program(&operator, &app, TokenAccess::Write).await;
    assert_eq!(bundle(&program, &app, "ming").await.refusal(), (403, "forbidden".to_owned()));
    assert_eq!(erase(&program, &app, "ming").await.refusal(), (403, "forbidden".to_owned()));
    assert_eq!(bundle(&server.stranger(), &app, "ming").await.refusal().0, 401);
    assert_eq!(bundle(&operator, &other, "ming").await.refusal(), (404, "not_found".to_owned()));
    assert_eq!(bundle(&operator, &app, "nobody").await.refusal(), (404, "not_found".to_owned()));
    for bad in ["", "\0", &"x".repeat(33)] {
        let problem = bundle(&operator, &app, bad).await.problem();
        assert_eq!((problem.status, problem.errors[0].field.as_str()), (422, "user_id"), "{bad:?}");
    }
    assert_eq!(operator.get(&paths::account(app.sdkappid, "ming")).await.status, 200);
}

async fn an_erasure_is_certified(server: Server) {
    let (operator, app) = prepared(&server).await;
    create(&operator, &app, "ming", "赵明远").await;
    create(&operator, &app, "lan", "").await;
    let answer = erase(&operator, &app, "ming").await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(!answer.text().contains("ming"), "it does not name the person: {}", answer.text());
    let certificate: Certificate = answer.json();
    let hash: String = Sha256::digest("ming").iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!((&certificate.user_id_sha256, certificate.sdkappid), (&hash, app.sdkappid));
    assert_eq!(
        (certificate.erased_by.as_str(), certificate.reason.as_str()),
        ("operator:1", "Asked for by letter.")
    );
    assert!(certificate.removed.iter().any(|removed| removed.table == "accounts" && removed.rows == 1));
    assert!(certificate.kept.iter().any(|kept| kept.table == "deleted_accounts" && !kept.why.is_empty()));

    assert_eq!(operator.get(&paths::account(app.sdkappid, "ming")).await.status, 404);
    assert_eq!(operator.get(&paths::app(app.sdkappid)).await.json::<App>().accounts, 2);
    let listed: Page<Certificate> = operator.get(&paths::erasures(app.sdkappid)).await.json();
    assert_eq!(listed.items, std::slice::from_ref(&certificate));
    let path = paths::erasure(app.sdkappid, &certificate.id);
    assert_eq!(operator.get(&path).await.json::<Certificate>(), certificate);
    let other = server.create_app(&operator, "Boreal Chat").await;
    assert_eq!(operator.get(&paths::erasure(other.sdkappid, &certificate.id)).await.refusal().0, 404);
    let page = operator.get(&format!("{}?limit=201", paths::erasures(app.sdkappid))).await.problem();
    assert_eq!((page.status, page.errors[0].field.as_str()), (422, "limit"));
    let marks = files(&bundle(&operator, &app, "ming").await)["marks.json"].clone();
    assert!(marks.contains(&certificate.id), "{marks}");
}

async fn a_changed_certificate_does_not_verify(server: Server) {
    let (operator, app) = prepared(&server).await;
    create(&operator, &app, "ming", "").await;
    let certificate: Value = erase(&operator, &app, "ming").await.json();
    let check = async |app: &App, certificate: &Value| {
        let path = paths::erasure_verifications(app.sdkappid);
        let answer = operator.post(&path, &json!({ "certificate": certificate })).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json::<CertificateVerdict>().valid
    };
    assert!(check(&app, &certificate).await);
    for (field, value) in [
        ("reason", json!("another")),
        ("erased_at", json!("2026-11-22T18:00:00.001Z")),
        ("removed", json!([])),
        ("user_id_sha256", json!("00")),
        ("more", json!(1)),
    ] {
        let mut changed = certificate.clone();
        changed[field] = value;
        assert!(!check(&app, &changed).await, "{field}");
    }
    assert!(!check(&app, &json!({})).await && !check(&app, &json!(null)).await);
    let other = server.create_app(&operator, "Boreal Chat").await;
    assert!(!check(&other, &certificate).await, "it is not of that application");
}

async fn what_may_not_be_erased_is_refused(server: Server) {
    let (operator, app) = prepared(&server).await;
    create(&operator, &app, "ming", "").await;
    assert_eq!(erase(&operator, &app, "nobody").await.refusal(), (404, "not_found".to_owned()));
    assert_eq!(
        erase(&operator, &app, "administrator").await.refusal(),
        (403, "protected_account".to_owned())
    );
    let path = paths::account_erasures(app.sdkappid);
    for (request, field) in [
        (json!({"user_id": "ming", "reason": "r", "confirm": "Ming"}), "confirm"),
        (json!({"user_id": "ming", "reason": " ", "confirm": "ming"}), "reason"),
        (json!({"user_id": "ming", "reason": "r".repeat(501), "confirm": "ming"}), "reason"),
        (json!({"user_id": "", "reason": "r", "confirm": ""}), "user_id"),
    ] {
        let problem = operator.post(&path, &request).await.problem();
        assert_eq!((problem.status, problem.errors[0].field.as_str()), (422, field));
    }
    permit(&operator, &app, false).await;
    assert_eq!(erase(&operator, &app, "ming").await.refusal(), (403, "deletion_not_permitted".to_owned()));
    assert_eq!(operator.get(&paths::account(app.sdkappid, "ming")).await.status, 200);
    let listed: Page<Certificate> = operator.get(&paths::erasures(app.sdkappid)).await.json();
    assert!(listed.items.is_empty());
}
