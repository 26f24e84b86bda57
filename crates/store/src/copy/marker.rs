//! What a copy keeps in its target until it is done: whence it comes, how far it has come, and the indexes that are still to
//! be built. The tables are the copy's own, no part of the schema; while they are there no server opens the database.

use super::{
    CopyError,
    tables::TABLES,
    value::{Value, key_text},
};
use crate::{
    Result, StoreError,
    db::{Conn, sql},
    migrate,
};

const TABLE: &str = "copy_progress";

/// Both engines know these types by these names.
const CREATE: &str = "CREATE TABLE copy_progress (\
     source TEXT NOT NULL, fingerprint TEXT NOT NULL, table_name TEXT NOT NULL, last_key TEXT NOT NULL, \
     copied BIGINT NOT NULL); \
     CREATE TABLE copy_indexes (definition TEXT NOT NULL)";

/// How far a copy has come.
#[derive(Clone, Debug)]
pub(super) struct Marker {
    /// The source, as it is shown.
    pub source: String,
    /// What the source was when the copy began.
    pub fingerprint: String,
    /// The table that is under way; those before it are done.
    pub table: String,
    /// The key of its last row that is here, as text.
    pub last_key: String,
    /// How many rows are here, of all tables.
    pub copied: u64,
}

impl Marker {
    /// The marker in this database, if a copy into it is unfinished.
    pub async fn find(conn: &mut Conn) -> Result<Option<Self>> {
        if !migrate::has_table(conn, TABLE).await? {
            return Ok(None);
        }
        let find = sql("SELECT source, fingerprint, table_name, last_key, copied FROM copy_progress").once();
        let row = conn.fetch_one(find).await?;
        Ok(Some(Self {
            source: row.text(0)?,
            fingerprint: row.text(1)?,
            table: row.text(2)?,
            last_key: row.text(3)?,
            copied: row.u64(4)?,
        }))
    }

    /// Marks the database. It has no marker yet.
    pub async fn create(&self, conn: &mut Conn) -> Result<()> {
        conn.execute_script(CREATE).await?;
        let insert = sql("INSERT INTO copy_progress (source, fingerprint, table_name, last_key, copied) \
             VALUES ($1, $2, $3, $4, $5)");
        let insert = insert.bind(self.source.as_str()).bind(self.fingerprint.as_str());
        let insert = insert.bind(self.table.as_str()).bind(self.last_key.as_str());
        conn.execute(insert.bind(self.copied.cast_signed())).await.map(drop)
    }

    /// Notes that so many rows of a table follow, up to this key, in the transaction that writes them.
    pub async fn advance(
        &mut self,
        conn: &mut Conn,
        table: &str,
        last_key: &[Value],
        rows: u64,
    ) -> Result<(), CopyError> {
        let next = Self {
            table: table.to_owned(),
            last_key: key_text(last_key),
            copied: self.copied + rows,
            ..self.clone()
        };
        let advance = sql("UPDATE copy_progress SET table_name = $1, last_key = $2, copied = $3 \
             WHERE table_name = $4 AND last_key = $5");
        let advance = advance.bind(next.table.as_str()).bind(next.last_key.as_str());
        let advance = advance.bind(next.copied.cast_signed()).bind(self.table.as_str());
        if conn.execute(advance.bind(self.last_key.as_str())).await? != 1 {
            return Err(CopyError::Overtaken);
        }
        *self = next;
        Ok(())
    }
}

/// Takes the marks away: the copy is complete.
pub(super) async fn remove(conn: &mut Conn) -> Result<()> {
    conn.execute_script("DROP TABLE copy_indexes; DROP TABLE copy_progress").await
}

/// Refuses a database into which a copy was begun and not finished.
pub(crate) async fn refuse_unfinished(conn: &mut Conn) -> Result<()> {
    match Marker::find(conn).await? {
        Some(Marker { source, .. }) => Err(StoreError::UnfinishedCopy { from: source }),
        None => Ok(()),
    }
}

/// Takes away the indexes of our tables that are quicker built at once than row by row, and keeps how they are built.
pub(super) async fn put_off_indexes(conn: &mut Conn) -> Result<()> {
    let mut all = sql(conn.engine().pick(
        "SELECT name, sql FROM sqlite_master \
         WHERE type = 'index' AND sql NOT LIKE 'CREATE UNIQUE%' AND tbl_name",
        "SELECT CAST(c.relname AS TEXT), pg_get_indexdef(c.oid) FROM pg_index i \
         JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid \
         WHERE NOT i.indisunique AND t.relnamespace = CAST(current_schema() AS regnamespace) AND t.relname",
    ));
    all.push_in(conn.engine(), TABLES.iter().map(|table| table.name.to_owned()).collect::<Vec<_>>());
    for (name, definition) in conn.fetch_map(all, |row| Ok((row.text(0)?, row.text(1)?))).await? {
        let keep = sql("INSERT INTO copy_indexes (definition) VALUES ($1)").bind(definition);
        conn.execute(keep).await?;
        let mut put_off = sql("DROP INDEX ").once();
        put_off.push(&format!("\"{name}\""));
        conn.execute(put_off).await?;
    }
    Ok(())
}

/// How the next index is built that was put off.
pub(super) async fn next_index(conn: &mut Conn) -> Result<Option<String>> {
    let next = sql("SELECT definition FROM copy_indexes ORDER BY definition LIMIT 1").once();
    conn.fetch_optional(next).await?.map(|row| row.text(0)).transpose()
}

/// Builds it, in the caller's transaction.
pub(super) async fn build_index(conn: &mut Conn, definition: &str) -> Result<()> {
    // The text is the database's own description of an index that our migration made.
    let mut build = sql("").once();
    build.push(definition);
    conn.execute(build).await?;
    let done = sql("DELETE FROM copy_indexes WHERE definition = $1").once();
    conn.execute(done.bind(definition)).await.map(drop)
}
