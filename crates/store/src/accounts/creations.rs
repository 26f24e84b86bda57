//! Creations of single accounts that come at the same time, written together: each statement then serves all of them, and so does
//! the commit. Whoever comes alone waits for nobody. What one creation does is in `create.rs`; those with an Idempotency-Key, whose
//! answer is kept beside them, do not come here.

use super::{
    counters::{add_to_total, count},
    create::create,
    custom,
};
use crate::{
    Change, Refusal, Result, Store, StoreError,
    apps::hold_enabled,
    db::{Conn, Engine},
};
use futures::FutureExt as _;
use rollcall_shared::{
    account::{Account, NewAccount},
    app::SdkAppId,
};
use std::{
    collections::{BTreeMap, VecDeque, btree_map::Entry},
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::oneshot;

/// How many accounts one transaction creates.
const TOGETHER: usize = 100;

/// How many transactions are under way at once. While they are, newcomers gather for the next.
const fn at_once(engine: Engine) -> usize {
    match engine {
        Engine::Sqlite => 1,
        Engine::Postgres => 2,
    }
}

/// A creation, owned so that it can run in the writer.
#[derive(Clone, Debug)]
struct Creation {
    change: Change,
    app: SdkAppId,
    account: NewAccount,
}

type Answer = Result<Account, Refusal>;

#[derive(Debug)]
struct Waiting {
    creation: Creation,
    reply: oneshot::Sender<Result<Answer>>,
}

/// Those that wait, and how many tasks see to them.
#[derive(Debug, Default)]
pub(crate) struct Creations(Mutex<Queue>);

#[derive(Debug, Default)]
struct Queue {
    waiting: VecDeque<Waiting>,
    tasks: usize,
}

impl Creations {
    /// A panic in a holder leaves a queue that is still true.
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds one; whether a task more is wanted.
    fn push(&self, waiting: Waiting, engine: Engine) -> bool {
        let mut queue = self.queue();
        queue.waiting.push_back(waiting);
        let wanted = queue.tasks < at_once(engine);
        queue.tasks += usize::from(wanted);
        wanted
    }

    /// The next that someone waits for. None ends the task that asks.
    fn take(&self) -> Option<Vec<Waiting>> {
        let mut queue = self.queue();
        queue.waiting.retain(|waiting| !waiting.reply.is_closed());
        let some = queue.waiting.len().min(TOGETHER);
        if some == 0 {
            queue.tasks -= 1;
            return None;
        }
        Some(queue.waiting.drain(..some).collect())
    }
}

impl Store {
    /// Creates one account, together with others that are asked for now.
    pub(super) async fn create_together(
        &self,
        change: &Change,
        app: SdkAppId,
        account: &NewAccount,
    ) -> Result<Answer> {
        let (reply, answer) = oneshot::channel();
        let creation = Creation { change: change.clone(), app, account: account.clone() };
        if self.creations.push(Waiting { creation, reply }, self.engine()) {
            // A task of its own: a caller that hangs up must not take the others with it.
            tokio::spawn(serve(self.clone()));
        }
        answer.await.map_err(|_| StoreError::Unavailable("the creation was given up".to_owned()))?
    }
}

async fn serve(store: Store) {
    let creations = Arc::clone(&store.creations);
    while let Some(waiting) = creations.take() {
        let (all, replies): (Vec<Creation>, Vec<_>) =
            waiting.into_iter().map(|Waiting { creation, reply }| (creation, reply)).unzip();
        // A panic is said by whoever watches for them. It must not end this task: those that come later wait for it. Those that it
        // met are told that nobody answers.
        let Ok(answers) = AssertUnwindSafe(answers(&store, all)).catch_unwind().await else { continue };
        for (reply, answer) in replies.into_iter().zip(answers) {
            // Whoever hung up does not hear it.
            let _ = reply.send(answer);
        }
    }
}

/// The answers, in order. What fails together is tried one by one, so that each is told of its own fault.
async fn answers(store: &Store, all: Vec<Creation>) -> Vec<Result<Answer>> {
    match write(store, all.clone()).await {
        Ok(answers) => answers.into_iter().map(Ok).collect(),
        Err(error) if all.len() == 1 => vec![Err(error)],
        Err(StoreError::Unavailable(why)) => {
            all.iter().map(|_| Err(StoreError::Unavailable(why.clone()))).collect()
        }
        Err(_) => {
            let mut answers = Vec::with_capacity(all.len());
            for creation in all {
                let answer = write(store, vec![creation]).await;
                answers.push(answer.map(|answers| answers.into_iter().next().unwrap_or(Err(Refusal::Taken))));
            }
            answers
        }
    }
}

async fn write(store: &Store, all: Vec<Creation>) -> Result<Vec<Answer>> {
    store.write(all, |conn, all| Box::pin(run(conn, all))).await
}

/// Creates them in one transaction: those of an application and an actor together, and of two with one username the first one first.
async fn run(conn: &mut Conn, all: &[Creation]) -> Result<Vec<Answer>> {
    let mut groups: BTreeMap<(SdkAppId, String), Vec<usize>> = BTreeMap::new();
    for (place, Creation { app, change, .. }) in all.iter().enumerate() {
        groups.entry((*app, change.actor.to_string())).or_default().push(place);
    }
    let mut answers: Vec<Answer> = all.iter().map(|_| Err(Refusal::Taken)).collect();
    let mut totals = Vec::new();
    for mut places in groups.into_values() {
        while !places.is_empty() {
            let (mut chosen, mut later) = (BTreeMap::new(), Vec::new());
            for place in places {
                let id = all[place].account.user_id.as_str();
                match chosen.entry(id) {
                    Entry::Vacant(entry) => {
                        entry.insert(place);
                    }
                    Entry::Occupied(_) => later.push(place),
                }
            }
            totals.extend(group(conn, all, &chosen, &mut answers).await?);
            places = later;
        }
    }
    // Last of all locks, as everywhere.
    for (app, first, created) in totals {
        add_to_total(conn, app, &first, count(created)).await?;
    }
    Ok(answers)
}

/// Creates accounts with different usernames, of one application and by one actor. How many it made, and the first username.
async fn group(
    conn: &mut Conn,
    all: &[Creation],
    chosen: &BTreeMap<&str, usize>,
    answers: &mut [Answer],
) -> Result<Option<(SdkAppId, String, usize)>> {
    let Some((first, place)) = chosen.first_key_value() else { return Ok(None) };
    let (app, actor) = (all[*place].app, all[*place].change.actor.clone());
    let now = chosen.values().map(|place| all[*place].change.now).max().unwrap_or(all[*place].change.now);
    let change = Change { actor, now };
    let held = match hold_enabled(conn, app).await? {
        Ok(held) => held,
        Err(refusal) => {
            chosen.values().for_each(|place| answers[*place] = Err(refusal.clone()));
            return Ok(None);
        }
    };
    let mut new = Vec::with_capacity(chosen.len());
    for place in chosen.values() {
        let Creation { change, account, .. } = &all[*place];
        match custom::refuse_new(&held, change, account)? {
            Some(refusal) => answers[*place] = Err(refusal),
            None => new.push(account.clone().into_account(change.now, held.friend_verification_default)),
        }
    }
    let made = create(conn, &change, app, &held, new).await?;
    let created = made.created.len();
    for (id, refusal) in made.refused {
        if let Some(place) = chosen.get(id.as_str()) {
            answers[*place] = Err(refusal);
        }
    }
    for account in made.created {
        if let Some(place) = chosen.get(account.user_id.as_str()) {
            answers[*place] = Ok(account);
        }
    }
    Ok(Some((app, (*first).to_owned(), created)).filter(|_| created > 0))
}
