//! What a copy writes: rows with what is derived from them, and at the end what rows do not bring along.

use super::{
    CopyError,
    layout::{Column, Layout, names},
    marker::{self, Marker},
    side::Side,
    source::Chunk,
    tables::{ACCOUNTS, TABLES},
    value::{Kind, Value, hex},
};
use crate::{
    Result, StoreError,
    accounts::{self, SearchKeys},
    db::{Arg, Conn, Engine, sql},
};

/// Marks an empty target, in one transaction that also makes it ready for many rows.
pub(super) async fn begin(target: &mut Side, marker: &Marker) -> Result<(), CopyError> {
    target.begin().await?;
    for table in TABLES {
        let statement = if table.is_born_filled { "DELETE FROM " } else { "SELECT 1 FROM " };
        let mut statement = sql(statement).once();
        statement.push(table.name);
        if table.is_born_filled {
            target.conn.execute(statement).await?;
        } else {
            statement.push(" LIMIT 1");
            if target.conn.fetch_optional(statement).await?.is_some() {
                return Err(CopyError::NotEmpty { table: table.name });
            }
        }
    }
    marker.create(&mut target.conn).await?;
    marker::put_off_indexes(&mut target.conn).await?;
    Ok(target.commit().await?)
}

/// Writes a chunk and the mark of it in one transaction.
pub(super) async fn write(
    target: &mut Side,
    marker: &mut Marker,
    layout: &Layout,
    chunk: Chunk,
) -> Result<(), CopyError> {
    let Some(last) = chunk.rows.last() else { return Ok(()) };
    let last_key = layout.key_of(last);
    target.begin().await?;
    marker.advance(&mut target.conn, layout.table.name, &last_key, chunk.rows.len() as u64).await?;
    insert(&mut target.conn, layout, chunk).await?;
    Ok(target.commit().await?)
}

async fn insert(conn: &mut Conn, layout: &Layout, chunk: Chunk) -> Result<()> {
    let Chunk { mut rows, keys } = chunk;
    let mut columns = layout.columns.clone();
    let mut words = Vec::new();
    if layout.table.name == ACCOUNTS {
        let engine = conn.engine();
        let first = next_rid(conn).await?;
        columns.extend(derived_columns(engine));
        for ((row, keys), rid) in rows.iter_mut().zip(keys).zip(first..) {
            words.push((rid, keys.index_text(engine)));
            row.extend(derived(engine, keys, rid));
        }
    }
    match conn.engine() {
        Engine::Sqlite => {
            insert_sqlite(conn, layout, &columns, rows).await?;
            let mut words = words.into_iter().peekable();
            while words.peek().is_some() {
                let some = words.by_ref().take(accounts::rows_at_once(Engine::Sqlite)).collect();
                accounts::index(conn, some).await?;
            }
            Ok(())
        }
        Engine::Postgres => insert_postgres(conn, layout, &columns, rows).await,
    }
}

/// The columns that accounts have beside what was copied; the values are in [`derived`].
fn derived_columns(engine: Engine) -> impl Iterator<Item = Column> {
    let own = match engine {
        Engine::Sqlite => ("rid", Kind::Int),
        Engine::Postgres => ("grams", Kind::Ints),
    };
    let texts = ["sort_nickname", "search_user_id", "search_nickname"].map(|name| (name, Kind::Text));
    let all = texts.into_iter().chain([("fold_version", Kind::Int), own]);
    all.map(|(name, kind)| Column { name: name.to_owned(), kind })
}

fn derived(engine: Engine, keys: SearchKeys, rid: i64) -> [Value; 5] {
    let own = match engine {
        Engine::Sqlite => Value::Int(rid),
        Engine::Postgres => Value::Text(keys.index_text(engine)),
    };
    [
        Value::Text(keys.sort_nickname),
        Value::Text(keys.search_user_id),
        Value::Text(keys.search_nickname),
        Value::Int(textkey::FOLD_VERSION.into()),
        own,
    ]
}

async fn next_rid(conn: &mut Conn) -> Result<i64> {
    let last = conn.engine().pick("SELECT COALESCE(max(rid), 0) FROM accounts", "SELECT CAST(0 AS BIGINT)");
    Ok(conn.fetch_one(sql(last)).await?.i64(0)? + 1)
}

async fn insert_sqlite(
    conn: &mut Conn,
    layout: &Layout,
    columns: &[Column],
    rows: Vec<Vec<Value>>,
) -> Result<()> {
    let at_once = accounts::rows_at_once(Engine::Sqlite);
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let some: Vec<_> = rows.by_ref().take(at_once).collect();
        let is_whole = some.len() == at_once;
        let mut statement = sql("INSERT INTO ");
        statement.push(layout.table.name).push(" (").push(&names(columns)).push(") VALUES ");
        for (place, row) in some.into_iter().enumerate() {
            statement.push(if place == 0 { "(" } else { "), (" });
            for (place, value) in row.into_iter().enumerate() {
                statement.push(if place == 0 { "" } else { ", " }).push_bind(Arg::from(value));
            }
        }
        statement.push(")");
        conn.execute(if is_whole { statement } else { statement.once() }).await?;
    }
    Ok(())
}

/// One array for each column: as quick as COPY, and one statement for any number of rows.
async fn insert_postgres(
    conn: &mut Conn,
    layout: &Layout,
    columns: &[Column],
    rows: Vec<Vec<Value>>,
) -> Result<()> {
    let mut arrays: Vec<Arg> = columns.iter().map(|column| column.kind.array(rows.len())).collect();
    for (array, value) in rows.into_iter().flat_map(|row| (0..).zip(row)) {
        let array = arrays.get_mut::<usize>(array);
        match (array, value) {
            (Some(Arg::Longs(array)), Value::Int(value)) => array.push(value),
            (Some(Arg::Texts(array)), Value::Text(text)) => array.push(text),
            (Some(Arg::Texts(array)), Value::Bytes(bytes)) => array.push(hex(&bytes)),
            _ => {
                return Err(StoreError::Corrupt(format!("a value of another kind in {}", layout.table.name)));
            }
        }
    }
    let mut statement = sql("INSERT INTO ");
    statement.push(layout.table.name).push(" (").push(&names(columns));
    // Numbers that the database gives otherwise are the source's here.
    statement.push(") OVERRIDING SYSTEM VALUE SELECT ");
    for (place, column) in columns.iter().enumerate() {
        let (before, after) = column.kind.of_array();
        statement.push(if place == 0 { "" } else { ", " });
        statement.push(&format!("{before}c{place}{after}"));
    }
    statement.push(" FROM unnest(");
    for (place, array) in arrays.into_iter().enumerate() {
        statement.push(if place == 0 { "" } else { ", " }).push_bind(array);
    }
    let aliases: Vec<String> = (0..columns.len()).map(|place| format!("c{place}")).collect();
    statement.push(&format!(") AS r({})", aliases.join(", ")));
    conn.execute(statement).await.map(drop)
}

/// Lets numbers that the database gives go on after the last that the source gave.
pub(super) async fn continue_numbers(source: &mut Conn, target: &mut Conn) -> Result<()> {
    for table in TABLES {
        let Some(column) = table.numbered else { continue };
        let last = sql(source.engine().pick(
            "SELECT COALESCE((SELECT seq FROM sqlite_sequence WHERE name = $1 AND $2 <> ''), 0)",
            "SELECT COALESCE(pg_sequence_last_value(CAST(pg_get_serial_sequence($1, $2) AS regclass)), 0)",
        ));
        let last = source.fetch_one(last.bind(table.name).bind(column)).await?.i64(0)?;
        set_last(target, table.name, column, last).await?;
    }
    Ok(())
}

async fn set_last(conn: &mut Conn, table: &str, column: &str, last: i64) -> Result<()> {
    if last == 0 {
        return Ok(());
    }
    if conn.engine() == Engine::Postgres {
        let set = sql("SELECT setval(CAST(pg_get_serial_sequence($1, $2) AS regclass), $3)");
        return conn.execute(set.bind(table).bind(column).bind(last)).await.map(drop);
    }
    conn.execute(sql("DELETE FROM sqlite_sequence WHERE name = $1").bind(table)).await?;
    let set = sql("INSERT INTO sqlite_sequence (name, seq) VALUES ($1, $2)");
    conn.execute(set.bind(table).bind(last)).await.map(drop)
}

/// Lets the first searches be as quick as later ones.
pub(super) async fn tidy(conn: &mut Conn) -> Result<()> {
    if conn.engine() == Engine::Sqlite {
        return accounts::tidy_within(conn).await;
    }
    let mut analyze = sql("ANALYZE ").once();
    analyze.push(&TABLES.iter().map(|table| table.name).collect::<Vec<_>>().join(", "));
    conn.execute(analyze).await.map(drop)
}
