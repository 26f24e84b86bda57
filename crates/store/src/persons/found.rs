//! The statements that find what names a person, a page at a time. What is told of a row is in `rows`.

use super::{Held, Person, rows};
use crate::{
    Result,
    db::{Conn, Engine, Sql, sql},
};
use serde_json::Value;

/// How many rows are read at once: few, because an answer or a request can be large.
const PAGE: usize = 50;

/// Rows that may name a person.
pub(super) struct FoundPage {
    /// The key of each, and what it says of the person; `None` where it only looked as if it did.
    pub rows: Vec<(String, Option<Value>)>,
    /// Where to go on; `None` at the end.
    pub after: Option<String>,
}

/// The next rows of a kind.
pub(super) async fn page(
    conn: &mut Conn,
    person: &Person,
    kind: Held,
    after: Option<&str>,
) -> Result<FoundPage> {
    let after = after.unwrap_or_default();
    let mut query = match kind {
        Held::Groups => groups(person, after),
        Held::Pushes => pushes(person, after),
        Held::Sessions => sessions(person, after),
        Held::ApiCalls => api_calls(conn.engine(), person, after),
        Held::Events => events(conn.engine(), person, after),
        Held::Jobs => jobs(conn.engine(), person, after),
        Held::Answers => answers(conn.engine(), person, after),
    };
    query.push(&format!(" LIMIT {PAGE}"));
    let rows = conn.fetch_map(query.once(), |row| rows::read(kind, person, &row)).await?;
    let after = rows.get(PAGE - 1).map(|(key, _)| key.clone());
    Ok(FoundPage { rows, after })
}

/// Whether anything of any kind names the person.
pub(super) async fn is_named(conn: &mut Conn, person: &Person) -> Result<bool> {
    for kind in Held::ALL {
        let mut after = None;
        loop {
            let next = page(conn, person, kind, after.as_deref()).await?;
            if next.rows.iter().any(|(_, row)| row.is_some()) {
                return Ok(true);
            }
            after = next.after;
            if after.is_none() {
                break;
            }
        }
    }
    Ok(false)
}

fn of(person: &Person, text: &'static str, after: &str) -> Sql {
    sql(text).bind(person.app).bind(person.user_id.as_str()).bind(after)
}

fn groups(person: &Person, after: &str) -> Sql {
    let mut groups = of(
        person,
        "SELECT g.group_id, g.name, g.group_type, g.created_at, g.owner, g.created_by, \
         COALESCE(m.role, -1), COALESCE(m.joined_at, 0) FROM chat_groups g LEFT JOIN group_members m \
         ON m.app_id = $1 AND m.group_id = g.group_id AND m.user_id = $2 \
         WHERE g.app_id = $1 AND g.group_id > $3 AND (m.user_id IS NOT NULL OR g.owner = $2 OR g.created_by = ",
        after,
    );
    groups.push_bind(person.actor.as_str()).push(") ORDER BY g.group_id");
    groups
}

fn pushes(person: &Person, after: &str) -> Sql {
    let mut pushes = of(
        person,
        "SELECT p.task_id, p.body, p.created_at, p.expires_at, p.from_account, p.created_by, \
         COALESCE(d.claims, 0), COALESCE(d.received_at, 0) FROM pushes p LEFT JOIN push_deliveries d \
         ON d.app_id = $1 AND d.task_id = p.task_id AND d.user_id = $2 \
         WHERE p.app_id = $1 AND p.task_id > $3 AND (d.user_id IS NOT NULL OR p.from_account = $2 OR p.created_by = ",
        after,
    );
    pushes.push_bind(person.actor.as_str()).push(") ORDER BY p.task_id");
    pushes
}

fn sessions(person: &Person, after: &str) -> Sql {
    const SESSIONS: &str = "SELECT session_id, platform, since, ended FROM client_sessions \
        WHERE app_id = $1 AND user_id = $2 AND session_id > $3 ORDER BY session_id";
    of(person, SESSIONS, after)
}

fn api_calls(engine: Engine, person: &Person, after: &str) -> Sql {
    const CALLS: &str = "SELECT id, at, identifier, command, code, micros, request, answer FROM api_calls \
        WHERE app_id = $1 AND id > $3 AND (identifier = $2 OR ";
    let mut calls = of(person, CALLS, after);
    person.push_named(&mut calls, engine.position(), &["request", "answer"]);
    calls.push(") ORDER BY id");
    calls
}

fn events(engine: Engine, person: &Person, after: &str) -> Sql {
    let mut events = sql("SELECT id, event, happened, created_at, created_by, state, attempts, tried_at, \
         status, answer FROM outbox WHERE app_id = $1 AND id > $2 AND (created_by = ")
    .bind(person.app)
    .bind(after);
    events.push_bind(person.actor.as_str()).push(" OR ");
    person.push_named(&mut events, engine.position(), &["happened", "answer"]);
    events.push(") ORDER BY id");
    events
}

fn jobs(engine: Engine, person: &Person, after: &str) -> Sql {
    const JOBS: &str = "SELECT j.id, j.kind, j.state, j.created_at, j.finished_at, j.request, j.checkpoint, \
        COALESCE(r.errors, '') FROM jobs j LEFT JOIN job_refused r \
        ON r.app_id = $1 AND r.job_id = j.id AND r.user_id = $2 \
        WHERE j.app_id = $1 AND j.id > $3 AND (r.user_id IS NOT NULL OR ";
    let mut jobs = of(person, JOBS, after);
    person.push_named(&mut jobs, engine.position(), &["j.request", "j.checkpoint"]);
    jobs.push(") ORDER BY j.id");
    jobs
}

fn answers(engine: Engine, person: &Person, after: &str) -> Sql {
    let (caller, key) = after.split_once('\n').unwrap_or_default();
    let mut answers = sql("SELECT caller, key, created_at, answer FROM idempotency_keys \
         WHERE app_id = $1 AND (caller, key) > ($2, $3) AND ")
    .bind(person.app)
    .bind(caller)
    .bind(key);
    person.push_named(&mut answers, engine.position(), &["answer"]);
    answers.push(" ORDER BY caller, key");
    answers
}
