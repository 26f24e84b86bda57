//! Every table of the schema: which a copy moves, in what order and by what key, and which it does not and why. A new
//! table is a line here; a test compares the list with the schema. Columns are not listed: they are read from the schema.

/// A table that is copied.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Table {
    /// Its name.
    pub name: &'static str,
    /// Its unique key, by which it is walked.
    pub key: &'static [&'static str],
    /// The column that the database numbers; a number that was given is not given again after the copy.
    pub numbered: Option<&'static str>,
    /// Whether a database that was only ever migrated and opened may hold rows of it. The copy replaces them.
    pub is_born_filled: bool,
}

const fn table(name: &'static str, key: &'static [&'static str]) -> Table {
    Table { name, key, numbered: None, is_born_filled: false }
}

/// What is copied, each after what it refers to. Nothing is changed on the way, ephemeral rows included:
/// - `client_sessions` and `servers` name connections that ended with their servers. Whoever opens the copy finds those
///   servers lost and tells webhooks that the clients left, as after a crash.
/// - Leases in `jobs` and `webhooks` end by themselves within a minute; then work goes on from its checkpoint.
/// - `sessions`, `setup_links` and `sign_in_attempts`: who was signed in, invited or held off stays so.
/// - `api_calls` is a log, but one that somebody may be reading.
pub(crate) const TABLES: &[Table] = &[
    Table { is_born_filled: true, ..table("app_sequence", &["last_app_id"]) },
    table("apps", &["app_id"]),
    table("app_totals", &["app_id", "shard"]),
    table("app_admins", &["app_id"]),
    table(ACCOUNTS, &["app_id", "user_id"]),
    table("deleted_accounts", &["app_id", "user_id"]),
    table("kicks", &["app_id", "user_id"]),
    table("erasures", &["app_id", "id"]),
    table("chat_groups", &["app_id", "group_id"]),
    table("group_members", &["app_id", "group_id", "user_id"]),
    table("call_limits", &["app_id"]),
    table("webhooks", &["app_id"]),
    table("outbox", &["app_id", "id"]),
    table("api_calls", &["app_id", "id"]),
    table("api_tokens", &["app_id", "id"]),
    table("idempotency_keys", &["app_id", "caller", "key"]),
    table("client_sessions", &["app_id", "user_id", "session_id"]),
    table("pushes", &["app_id", "task_id"]),
    table("push_deliveries", &["app_id", "task_id", "user_id"]),
    table("imports", &["app_id", "id"]),
    table("import_mappings", &["app_id"]),
    table("export_schedules", &["app_id", "id"]),
    table("export_schedule_files", &["app_id", "schedule_id", "job_id"]),
    table("job_refused", &["app_id", "job_id", "user_id"]),
    table("jobs", &["id"]),
    Table { is_born_filled: true, ..table("servers", &["server_id"]) },
    Table { numbered: Some("id"), ..table("operators", &["id"]) },
    Table { numbered: Some("id"), ..table("sessions", &["id"]) },
    Table { is_born_filled: true, ..table("setup_links", &["hash"]) },
    Table { is_born_filled: true, ..table("sign_in_attempts", &["scope", "subject"]) },
];

/// What is not copied, and why.
#[cfg(test)]
pub(crate) const LEFT_OUT: &[(&str, &str)] = &[
    ("schema_migrations", "each database has its own, and both must be this binary's"),
    ("call_windows", "counts the calls of the second that is now"),
    ("milestone_sets", "whether there are milestones, and who takes them, is each database's own"),
    ("milestones", "samples of the accounts' orders are taken anew"),
    ("account_grams", "SQLite's search index is derived from the accounts anew"),
];

/// The table whose rows bring derived columns and a search index with them.
pub(crate) const ACCOUNTS: &str = "accounts";
/// Columns of accounts that are derived anew, or that one engine has alone.
pub(crate) const DERIVED: [&str; 6] =
    ["rid", "sort_nickname", "search_user_id", "search_nickname", "fold_version", "grams"];

#[cfg(test)]
mod tests {
    use super::{ACCOUNTS, LEFT_OUT, TABLES};
    use crate::{OpenOptions, Store, db::sql};
    use std::collections::BTreeSet;

    /// The tables of a SQLite schema, without those in which SQLite and its virtual tables keep what is theirs.
    const OF_SCHEMA: &str = "SELECT name FROM sqlite_master AS t \
         WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~' \
         AND NOT EXISTS (SELECT 1 FROM sqlite_master AS v \
         WHERE v.sql LIKE 'CREATE VIRTUAL TABLE%' AND t.name LIKE v.name || '~_%' ESCAPE '~')";

    async fn migrated(folder: &tempfile::TempDir) -> Store {
        let url = format!("sqlite://{}", folder.path().join("test.db").display());
        let store = Store::open(&url, &OpenOptions::default()).await.unwrap();
        store.migrate().await.unwrap();
        store
    }

    #[tokio::test]
    async fn every_table_of_the_schema_is_copied_or_left_out_for_a_reason() {
        let folder = tempfile::tempdir().unwrap();
        let mut conn = migrated(&folder).await.read().await.unwrap();
        let schema = conn.fetch_map(sql(OF_SCHEMA), |row| row.text(0)).await.unwrap();
        let copied = TABLES.iter().map(|table| table.name);
        let listed: Vec<&str> = copied.chain(LEFT_OUT.iter().map(|(name, _)| *name)).collect();
        let set: BTreeSet<&str> = listed.iter().copied().collect();
        assert_eq!(set.len(), listed.len(), "each is listed once");
        assert_eq!(set, schema.iter().map(String::as_str).collect(), "the list and the schema");
    }

    #[tokio::test]
    async fn every_key_is_the_one_of_the_schema_and_comes_after_what_it_refers_to() {
        let folder = tempfile::tempdir().unwrap();
        let mut conn = migrated(&folder).await.read().await.unwrap();
        for (place, table) in TABLES.iter().enumerate() {
            let key = sql("SELECT name FROM pragma_table_info($1) WHERE pk > 0 ORDER BY pk").bind(table.name);
            let key = conn.fetch_map(key, |row| row.text(0)).await.unwrap();
            // The rowid is SQLite's own; the sequence has one row.
            if table.name != ACCOUNTS && table.name != "app_sequence" {
                assert_eq!(key, table.key, "{}", table.name);
            }
            let referred = sql("SELECT \"table\" FROM pragma_foreign_key_list($1)").bind(table.name);
            for parent in conn.fetch_map(referred, |row| row.text(0)).await.unwrap() {
                let before = TABLES.iter().position(|table| table.name == parent).unwrap();
                assert!(before < place, "{} refers to {parent}", table.name);
            }
        }
    }
}
