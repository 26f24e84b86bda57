//! Every table of the schema: what of a person it can hold, where a bundle shows it and what an erasure does with it, or why
//! it holds nothing of anybody. A new table is a line here; a test compares the list with the schema.

/// A table that can name a person.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Table {
    /// Its name.
    pub name: &'static str,
    /// Where a user ID stands in it.
    pub names: &'static [&'static str],
    /// The file of a bundle that shows it.
    pub shown: &'static str,
    /// Why an erasure leaves some of it, and for how long; empty where it leaves nothing.
    pub kept: &'static str,
}

const fn table(name: &'static str, names: &'static [&'static str], shown: &'static str) -> Table {
    Table { name, names, shown, kept: "" }
}

/// What can name a person.
pub(super) const TABLES: &[Table] = &[
    Table {
        kept: "If it was an admin of the server API: its user ID as who created or last changed other accounts. No \
            interface shows it, and without reading all accounts it cannot be found.",
        ..table("accounts", &["user_id", "created_by", "updated_by"], "profile.json")
    },
    table("account_grams", &["tokens"], "profile.json: derived from username and nickname"),
    Table {
        kept: "The user ID with the times of its creation and deletion, for good: so that UserSigs which were made before \
            stay void if the user ID is used again, and for the rule that holds it back for 90 days.",
        ..table("deleted_accounts", &["user_id"], "marks.json")
    },
    table("kicks", &["user_id"], "marks.json"),
    table("chat_groups", &["owner", "created_by"], "groups.ndjson"),
    table("group_members", &["user_id"], "groups.ndjson"),
    table("pushes", &["from_account", "created_by"], "pushes.ndjson"),
    table("push_deliveries", &["user_id"], "pushes.ndjson"),
    Table {
        kept: "Connections that are being ended by their servers, for a few seconds.",
        ..table("client_sessions", &["user_id"], "sessions.ndjson")
    },
    table("api_calls", &["identifier", "request", "answer"], "api-calls.ndjson"),
    Table {
        kept: "The event of its deletion, until the webhook's receiver was told or it is given up: so that the receiver can \
            delete too.",
        ..table("outbox", &["happened", "answer", "created_by"], "events.ndjson")
    },
    Table {
        kept: "What tasks that wait or run were asked to do. Erase it again when they have ended; 30 days after that it is \
            forgotten anyway.",
        ..table("jobs", &["request", "checkpoint"], "jobs.ndjson")
    },
    table("job_refused", &["user_id"], "jobs.ndjson"),
    table("idempotency_keys", &["answer"], "answers.ndjson"),
    table("milestones", &["user_id", "text"], "profile.json: samples of username and nickname"),
    table("erasures", &["user_hash"], "marks.json"),
    Table {
        kept: IMPORT_FILES.1,
        ..table("imports", &["preview"], "none: files that were brought are not searched")
    },
];

/// Files that were brought, what reviews found in them, and the first rows of each beside its import: they may hold accounts.
pub(super) const IMPORT_FILES: (&str, &str) = (
    "files of imports",
    "Files that were brought may name the account; each goes with its import, seven days after it was brought or applied, or as \
     soon as the import is discarded.",
);

/// The files of exports: no table, but they hold accounts.
pub(super) const EXPORT_FILES: (&str, &str) = (
    "files of exports",
    "Exports that were made before may hold the account: each is removed seven days after it was made, one of a schedule as its \
     retention says, at the destinations that the administrator named too.",
);

/// Why an erasure leaves some of a table.
pub(super) fn why_kept(name: &str) -> &'static str {
    TABLES.iter().find(|table| table.name == name).map_or("", |table| table.kept)
}

/// What names no account's person, and why.
#[cfg(test)]
const OF_NOBODY: &[(&str, &str)] = &[
    ("schema_migrations", "which migrations were applied"),
    ("app_sequence", "a number"),
    ("apps", "settings, by operators"),
    ("app_totals", "numbers"),
    ("app_admins", "numbers"),
    ("call_limits", "settings, by operators"),
    ("call_windows", "numbers"),
    ("webhooks", "settings, by operators"),
    ("api_tokens", "of programs, made by operators"),
    ("milestone_sets", "numbers"),
    ("import_mappings", "names of columns"),
    ("export_schedules", "settings, by operators"),
    ("export_schedule_files", "names of files"),
    ("servers", "names of servers"),
    ("operators", "people who run the server, who are no accounts"),
    ("sessions", "of operators"),
    ("setup_links", "for operators"),
    ("sign_in_attempts", "of operators"),
];

#[cfg(test)]
mod tests {
    use super::{OF_NOBODY, TABLES};
    use crate::{
        OpenOptions, Store,
        copy::tables::{LEFT_OUT, TABLES as COPIED},
        db::sql,
    };
    use std::collections::BTreeSet;

    #[test]
    fn every_table_is_listed_once() {
        let listed: Vec<&str> =
            TABLES.iter().map(|table| table.name).chain(OF_NOBODY.iter().map(|(name, _)| *name)).collect();
        let set: BTreeSet<&str> = listed.iter().copied().collect();
        assert_eq!(set.len(), listed.len(), "each is listed once");
        // Which is compared with the schema, by a test of its own.
        let known = COPIED.iter().map(|table| table.name).chain(LEFT_OUT.iter().map(|(name, _)| *name));
        assert_eq!(
            set,
            known.collect(),
            "a new table holds data of a person, or is listed with why it does not"
        );
    }

    /// Columns that hold a user ID by their name. Who did something may be an admin of the server API.
    #[tokio::test]
    async fn every_column_with_a_user_id_is_named() {
        const NAMES: [&str; 6] = ["user_id", "owner", "from_account", "identifier", "nickname", "user_hash"];
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("test.db").display());
        let store = Store::open(&url, &OpenOptions::default()).await.unwrap();
        store.migrate().await.unwrap();
        let mut conn = store.read().await.unwrap();
        for (table, _) in OF_NOBODY {
            let columns = sql("SELECT name FROM pragma_table_info($1)").bind(*table);
            let columns = conn.fetch_map(columns, |row| row.text(0)).await.unwrap();
            let named: Vec<_> = columns.iter().filter(|name| NAMES.contains(&name.as_str())).collect();
            assert!(named.is_empty(), "{table} has {named:?}");
        }
        for table in TABLES {
            let columns = sql("SELECT name FROM pragma_table_info($1)").bind(table.name);
            let columns = conn.fetch_map(columns, |row| row.text(0)).await.unwrap();
            let missing: Vec<_> =
                table.names.iter().filter(|name| !columns.iter().any(|c| c == *name)).collect();
            assert!(missing.is_empty(), "{} has no {missing:?}", table.name);
            assert!(!table.shown.is_empty());
        }
    }
}
