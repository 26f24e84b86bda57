//! Groups: made with their members, listed, destroyed. Rules of names and sizes are the caller's.

use crate::{
    Change, Refusal, Result, Store, StoreError,
    apps::hold_enabled,
    db::{Conn, Row, sql},
};
use keyset::{Binding, Cursor, Direction, Slice, Value};
use rollcall_shared::{
    app::SdkAppId,
    group::{Group, GroupMember, GroupType, JoinOption, MemberRole},
    list::Page,
};
use std::collections::HashSet;

/// The most members that are shown.
const MEMBERS_SHOWN: i64 = 1_000;

/// A group to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewGroup {
    /// The group. Its number of members and its time are the store's.
    pub group: Group,
    /// Its members, without the owner and without repeats.
    pub members: Vec<(String, MemberRole)>,
}

/// Why a group is not made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupRefusal {
    /// The application is gone or disabled.
    App(Refusal),
    /// The owner or a member has no account.
    NoAccount(String),
    /// The ID is in use; whether by a group of the same owner.
    Taken {
        /// Whether the owner is the same.
        same_owner: bool,
    },
}

/// The columns of a group, of `chat_groups` as `g`, of the application `$1`.
const SELECT: &str = "SELECT g.group_id, g.group_type, g.name, g.owner, g.introduction, g.notification, g.face_url, \
    g.max_members, g.join_option, g.created_at, (SELECT count(*) FROM group_members m \
    WHERE m.app_id = $1 AND m.group_id = g.group_id) FROM chat_groups g WHERE g.app_id = $1";

fn read(row: &Row) -> Result<Group> {
    Ok(Group {
        group_id: row.text(0)?,
        group_type: row.code(1, GroupType::from_code)?,
        name: row.text(2)?,
        owner: row.text(3)?,
        introduction: row.text(4)?,
        notification: row.text(5)?,
        face_url: row.text(6)?,
        max_members: row.u32(7)?,
        join_option: row.code(8, JoinOption::from_code)?,
        created_at: row.time(9)?,
        members: row.i64(10)?,
    })
}

impl Store {
    /// Makes a group with its owner and members, all of them or nothing.
    ///
    /// # Errors
    /// The database failed.
    pub async fn create_group(
        &self,
        change: &Change,
        app: SdkAppId,
        new: &NewGroup,
    ) -> Result<Result<(), GroupRefusal>> {
        let input = (change.clone(), app, new.clone());
        self.write(input, |conn, (change, app, new)| Box::pin(create(conn, change, *app, new))).await
    }

    /// Destroys a group with its memberships.
    ///
    /// # Errors
    /// The database failed.
    pub async fn destroy_group(&self, app: SdkAppId, group_id: &str) -> Result<Result<(), Refusal>> {
        self.write((app, group_id.to_owned()), |conn, (app, id)| Box::pin(destroy(conn, *app, id))).await
    }

    /// A page of groups, newest first.
    ///
    /// # Errors
    /// [`StoreError::Cursor`] for a cursor that is not of this list.
    pub async fn groups(&self, app: SdkAppId, cursor: Option<&str>, limit: u32) -> Result<Page<Group>> {
        let binding = Binding::new([app.to_string(), "groups".to_owned()]);
        let from = cursor.map(|text| Cursor::decode(text, &binding)).transpose();
        let from = from.map_err(|_| StoreError::Cursor)?;
        let backward = from.as_ref().is_some_and(|cursor| cursor.direction == Direction::Backward);
        let mut query = sql(SELECT).bind(app);
        if let Some(cursor) = &from {
            let [Value::Int(at), Value::Text(id)] = cursor.key.as_slice() else {
                return Err(StoreError::Cursor);
            };
            let operator = match (backward, cursor.inclusive) {
                (false, false) => "<",
                (false, true) => "<=",
                (true, false) => ">",
                (true, true) => ">=",
            };
            query.push(" AND (g.created_at, g.group_id) ").push(operator).push(" (").push_bind(*at);
            query.push(", ").push_bind(id.as_str()).push(")");
        }
        let direction = if backward { "" } else { " DESC" };
        query.push(" ORDER BY g.created_at").push(direction).push(", g.group_id").push(direction);
        query.push(" LIMIT ").push_bind(limit + 1);
        let rows = self.read().await?.fetch_map(query, |row| read(&row)).await?;
        let key =
            |group: &Group| vec![Value::Int(group.created_at.millis()), Value::from(group.group_id.as_str())];
        let page = Slice::new(rows, limit as usize, from.as_ref(), None, key);
        let encode = |cursor: Option<Cursor>| cursor.map(|cursor| cursor.encode(&binding));
        Ok(Page {
            items: page.rows,
            next: encode(page.next),
            previous: encode(page.previous),
            count: None,
            complete: true,
            position: None,
        })
    }

    /// One group.
    ///
    /// # Errors
    /// The database failed.
    pub async fn group(&self, app: SdkAppId, group_id: &str) -> Result<Option<Group>> {
        let mut one = sql(SELECT).bind(app);
        one.push(" AND g.group_id = ").push_bind(group_id);
        let row = self.read().await?.fetch_optional(one).await?;
        row.as_ref().map(read).transpose()
    }

    /// The members of a group, its owner first. At most 1,000.
    ///
    /// # Errors
    /// The database failed.
    pub async fn group_members(&self, app: SdkAppId, group_id: &str) -> Result<Vec<GroupMember>> {
        let all =
            sql("SELECT user_id, role, joined_at FROM group_members WHERE app_id = $1 AND group_id = $2 \
             ORDER BY role DESC, user_id LIMIT $3");
        let member = |row: Row| {
            let role = row.code(1, MemberRole::from_code)?;
            Ok(GroupMember { user_id: row.text(0)?, role, joined_at: row.time(2)? })
        };
        self.read().await?.fetch_map(all.bind(app).bind(group_id).bind(MEMBERS_SHOWN), member).await
    }
}

async fn create(
    conn: &mut Conn,
    change: &Change,
    app: SdkAppId,
    NewGroup { group, members }: &NewGroup,
) -> Result<Result<(), GroupRefusal>> {
    if let Err(refusal) = hold_enabled(conn, app).await? {
        return Ok(Err(GroupRefusal::App(refusal)));
    }
    let owner = (!group.owner.is_empty()).then(|| (group.owner.clone(), MemberRole::Owner));
    let members: Vec<_> = owner.into_iter().chain(members.iter().cloned()).collect();
    let ids: Vec<String> = members.iter().map(|(id, _)| id.clone()).collect();
    if let Some(id) = missing(conn, app, ids).await? {
        return Ok(Err(GroupRefusal::NoAccount(id)));
    }
    let insert = sql(
        "INSERT INTO chat_groups (app_id, group_id, group_type, name, owner, introduction, notification, \
         face_url, max_members, join_option, created_at, created_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (app_id, group_id) DO NOTHING",
    );
    let insert = insert.bind(app).bind(group.group_id.as_str()).bind(group.group_type.code());
    let insert =
        insert.bind(group.name.as_str()).bind(group.owner.as_str()).bind(group.introduction.as_str());
    let insert =
        insert.bind(group.notification.as_str()).bind(group.face_url.as_str()).bind(group.max_members);
    let insert = insert.bind(group.join_option.code()).bind(change.now).bind(change.actor.to_string());
    if conn.execute(insert).await? == 0 {
        let other = sql("SELECT owner FROM chat_groups WHERE app_id = $1 AND group_id = $2");
        let other = conn.fetch_optional(other.bind(app).bind(group.group_id.as_str())).await?;
        let same_owner = other.map(|row| row.text(0)).transpose()?.is_some_and(|other| other == group.owner);
        return Ok(Err(GroupRefusal::Taken { same_owner }));
    }
    for (id, role) in members {
        let join = sql("INSERT INTO group_members (app_id, group_id, user_id, role, joined_at) \
             VALUES ($1, $2, $3, $4, $5)");
        let join = join.bind(app).bind(group.group_id.as_str()).bind(id).bind(role.code()).bind(change.now);
        conn.execute(join).await?;
    }
    Ok(Ok(()))
}

/// The first of these usernames that has no account. The others are held: they cannot be deleted before the commit.
async fn missing(conn: &mut Conn, app: SdkAppId, mut ids: Vec<String>) -> Result<Option<String>> {
    ids.sort_unstable();
    let mut held = sql("SELECT user_id FROM ").bind(app);
    held.push(conn.engine().accounts_by_name()).push(" WHERE app_id = $1 AND user_id");
    held.push_in(conn.engine(), ids.clone()).push(" ORDER BY user_id").push(conn.engine().for_share());
    let found: HashSet<String> = conn.fetch_map(held, |row| row.text(0)).await?.into_iter().collect();
    Ok(ids.into_iter().find(|id| !found.contains(id)))
}

async fn destroy(conn: &mut Conn, app: SdkAppId, group_id: &str) -> Result<Result<(), Refusal>> {
    if let Err(refusal) = hold_enabled(conn, app).await? {
        return Ok(Err(refusal));
    }
    let members =
        sql("DELETE FROM group_members WHERE app_id = $1 AND group_id = $2").bind(app).bind(group_id);
    conn.execute(members).await?;
    let group = sql("DELETE FROM chat_groups WHERE app_id = $1 AND group_id = $2").bind(app).bind(group_id);
    Ok(if conn.execute(group).await? == 0 { Err(Refusal::NotFound) } else { Ok(()) })
}

/// Ends the memberships of deleted accounts, in the transaction that deletes them.
pub(crate) async fn leave_all(conn: &mut Conn, app: SdkAppId, user_ids: Vec<String>) -> Result<()> {
    let engine = conn.engine();
    // Without statistics SQLite would look through all members of the application, and all groups.
    let mut leave = sql("DELETE FROM group_members").bind(app);
    leave.push(engine.pick(" INDEXED BY group_members_by_user", ""));
    leave.push(" WHERE app_id = $1 AND user_id").push_in(engine, user_ids.clone());
    conn.execute(leave).await?;
    let mut orphan = sql("UPDATE chat_groups").bind(app);
    orphan.push(engine.pick(" INDEXED BY chat_groups_by_owner", ""));
    orphan.push(" SET owner = '' WHERE app_id = $1 AND owner").push_in(engine, user_ids);
    conn.execute(orphan).await.map(drop)
}
