//! The log of calls of the server API: the newest of each application, for a day. What is masked is the caller's business.

use crate::{
    Result, Store,
    db::{Conn, Row, sql},
};
use rollcall_shared::{
    api_call::{ApiCall, CALLS_KEPT, CALLS_LISTED, CallFilter},
    app::SdkAppId,
    time::Timestamp,
};
use std::collections::BTreeSet;

/// How many calls one statement writes: values of a statement are numbered, and few numbers are found quickly.
const ROWS: usize = 16;

impl Store {
    /// Keeps calls, and forgets the oldest of their applications. Those of an application that is not there are left out.
    ///
    /// # Errors
    /// The database failed; none was kept.
    pub async fn keep_calls(&self, calls: Vec<(SdkAppId, ApiCall)>) -> Result<()> {
        self.write(calls, |conn, calls| Box::pin(keep(conn, calls))).await
    }

    /// The newest calls of an application that pass the filter, newest first. At most 100.
    ///
    /// # Errors
    /// The database failed.
    pub async fn calls(&self, app: SdkAppId, filter: CallFilter) -> Result<Vec<ApiCall>> {
        let mut list =
            sql("SELECT id, at, identifier, command, code, micros, request, answer FROM api_calls \
             WHERE app_id = $1")
            .bind(app);
        match filter {
            CallFilter::All => {}
            CallFilter::Failed => drop(list.push(" AND code <> 0")),
            CallFilter::Code(code) => drop(list.push(" AND code = ").push_bind(code)),
        }
        list.push(&format!(" ORDER BY id DESC LIMIT {CALLS_LISTED}"));
        self.read().await?.fetch_map(list, |row| call(&row)).await
    }

    /// Forgets the calls of every application that were answered before `before`.
    ///
    /// # Errors
    /// The database failed.
    pub async fn forget_calls(&self, before: Timestamp) -> Result<u64> {
        self.write(before, |conn, before| {
            Box::pin(
                async move { conn.execute(sql("DELETE FROM api_calls WHERE at < $1").bind(*before)).await },
            )
        })
        .await
    }
}

fn call(row: &Row) -> Result<ApiCall> {
    Ok(ApiCall {
        id: row.text(0)?,
        at: row.time(1)?,
        identifier: row.text(2)?,
        command: row.text(3)?,
        code: row.u32(4)?,
        micros: row.u32(5)?,
        request: row.text(6)?,
        answer: row.text(7)?,
    })
}

async fn keep(conn: &mut Conn, calls: &[(SdkAppId, ApiCall)]) -> Result<()> {
    let named: BTreeSet<i64> = calls.iter().map(|(app, _)| app.0).collect();
    let mut known = sql("SELECT app_id FROM apps WHERE deleted_at = 0 AND app_id");
    known.push_in(conn.engine(), crate::db::Arg::Longs(named.into_iter().collect()));
    // Held, so that the application is still there when they are written.
    known.push(" ORDER BY app_id").push(conn.engine().for_share());
    let known: BTreeSet<i64> = conn.fetch_map(known, |row| row.i64(0)).await?.into_iter().collect();
    let calls: Vec<_> = calls.iter().filter(|(app, _)| known.contains(&app.0)).collect();
    for some in calls.chunks(ROWS) {
        let mut insert = sql(
            "INSERT INTO api_calls (app_id, id, at, identifier, command, code, micros, request, answer) VALUES ",
        );
        for (place, (app, call)) in some.iter().enumerate() {
            let ApiCall { id, at, identifier, command, code, micros, request, answer } = call;
            insert.push(if place == 0 { "(" } else { "), (" }).push_bind(*app);
            insert.push(", ").push_bind(id.as_str()).push(", ").push_bind(*at);
            insert.push(", ").push_bind(identifier.as_str()).push(", ").push_bind(command.as_str());
            insert.push(", ").push_bind(*code).push(", ").push_bind(*micros);
            insert.push(", ").push_bind(request.as_str()).push(", ").push_bind(answer.as_str());
        }
        insert.push(") ON CONFLICT (app_id, id) DO NOTHING");
        conn.execute(insert.once()).await?;
    }
    for app in known {
        let mut forget = sql("DELETE FROM api_calls WHERE app_id = $1 AND id < (SELECT id FROM api_calls \
             WHERE app_id = $1 ORDER BY id DESC LIMIT 1 OFFSET ");
        forget.push(&format!("{})", CALLS_KEPT - 1));
        conn.execute(forget.bind(app)).await?;
    }
    Ok(())
}
