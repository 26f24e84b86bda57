//! The migrated schema with everything that an application owns in partitions by app_id.

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

/// Tables with app_id that are control tables all the same, see the first migration.
const CONTROL: &[&str] = &["jobs"];
/// How many partitions a table has.
pub const PARTITIONS: usize = 8;

/// Puts the tables into partitions, those that are referred to first; their names.
pub async fn partition(url: &str) -> Vec<String> {
    let mut conn = PgConnection::connect(url).await.unwrap();
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT CAST(table_name AS TEXT) FROM information_schema.columns \
         WHERE table_schema = 'public' AND column_name = 'app_id' ORDER BY table_name",
    )
    .fetch_all(&mut conn)
    .await
    .unwrap();
    let tables: Vec<String> = tables.into_iter().filter(|table| !CONTROL.contains(&table.as_str())).collect();
    let mut statements = Vec::new();
    let mut references = Vec::new();
    for table in &tables {
        statements.extend(of_table(&mut conn, table).await);
        let own: Vec<(String, String)> = sqlx::query_as(
            "SELECT CAST(conname AS TEXT), pg_get_constraintdef(oid) FROM pg_constraint \
             WHERE contype = 'f' AND conrelid = CAST($1 AS regclass)",
        )
        .bind(table)
        .fetch_all(&mut conn)
        .await
        .unwrap();
        references.extend(
            own.into_iter().map(|(name, text)| format!("ALTER TABLE {table} ADD CONSTRAINT {name} {text}")),
        );
    }
    // The tables that were there go with what refers to them; then the new ones take their names.
    statements.extend(tables.iter().map(|table| format!("DROP TABLE {table} CASCADE")));
    statements.extend(tables.iter().map(|table| format!("ALTER TABLE {table}_new RENAME TO {table}")));
    statements.extend(references);
    sqlx::raw_sql(AssertSqlSafe(statements.join(";\n"))).execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
    tables
}

/// The partition `table` has at this place.
pub fn partition_name(table: &str, place: usize) -> String {
    format!("{table}_part{place}")
}

/// What makes a partitioned twin of a table, with its indexes.
async fn of_table(conn: &mut PgConnection, table: &str) -> Vec<String> {
    let mut statements = vec![format!(
        "CREATE TABLE {table}_new (LIKE {table} INCLUDING DEFAULTS) PARTITION BY HASH (app_id)"
    )];
    statements.extend((0..PARTITIONS).map(|place| {
        let name = partition_name(table, place);
        format!("CREATE TABLE {name} PARTITION OF {table}_new FOR VALUES WITH (MODULUS {PARTITIONS}, REMAINDER {place})")
    }));
    let unique: Vec<(String, bool)> = sqlx::query_as(
        "SELECT pg_get_constraintdef(oid), contype = 'p' FROM pg_constraint \
         WHERE contype IN ('p', 'u') AND conrelid = CAST($1 AS regclass)",
    )
    .bind(table)
    .fetch_all(&mut *conn)
    .await
    .unwrap();
    for (definition, is_primary) in unique {
        let has_app = definition.contains("(app_id");
        assert!(has_app || !is_primary, "the key of {table} begins with app_id: {definition}");
        // A rule that no single partition can keep is one that a distributed database asks to widen.
        let definition = if has_app { definition } else { definition.replacen('(', "(app_id, ", 1) };
        statements.push(format!("ALTER TABLE {table}_new ADD {definition}"));
    }
    let indexes: Vec<String> = sqlx::query_scalar(
        "SELECT pg_get_indexdef(indexrelid) FROM pg_index \
         WHERE NOT indisunique AND indrelid = CAST($1 AS regclass)",
    )
    .bind(table)
    .fetch_all(&mut *conn)
    .await
    .unwrap();
    for index in indexes {
        // Without its name, which the old one has.
        let (_, rest) = index.split_once(" USING ").unwrap();
        statements.push(format!("CREATE INDEX ON {table}_new USING {rest}"));
    }
    statements
}
