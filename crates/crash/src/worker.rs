//! One client of the load: what it writes and reads, at random, among accounts that no other client writes.

use std::sync::Arc;

use rollcall_shared::account::{Account, NewAccount};
use rollcall_shared::list::Page;
use rollcall_shared::paths;
use tokio::sync::watch;
use tokio::time::sleep;

use crate::book::Expected;
use crate::client::{Ask, Client};
use crate::load::{Phase, Target};
use crate::random::Random;
use crate::write::{Write, account};

/// Accounts in one batch.
const BATCH: u64 = 40;

/// A client.
pub struct Worker {
    target: Target,
    client: Client,
    random: Random,
    number: usize,
    /// How many names it has made.
    made: u64,
    /// Its accounts that are there.
    own: Vec<String>,
}

impl Worker {
    /// One that has written nothing yet. Its number is in the names of its accounts.
    pub fn new(target: &Target, number: usize, random: Random) -> Self {
        let (target, client) = (target.clone(), target.client());
        Self { target, client, random, number, made: 0, own: Vec::new() }
    }

    /// Does what the phase says until there is none any more; counts itself among the quiet ones while it is.
    pub async fn run(mut self, mut phase: watch::Receiver<Phase>, quiet: Arc<watch::Sender<usize>>) {
        loop {
            if *phase.borrow() == Phase::Load {
                self.step().await;
                sleep(self.target.pace.rest).await;
                continue;
            }
            quiet.send_modify(|quiet| *quiet += 1);
            if phase.wait_for(|phase| *phase == Phase::Load).await.is_err() {
                return;
            }
            quiet.send_modify(|quiet| *quiet -= 1);
        }
    }

    async fn step(&mut self) {
        let write = match self.random.below(100) {
            0..40 => {
                let new = self.fresh();
                let key = format!("key-{}", new.user_id);
                Some(Write::Create(new, key))
            }
            40..48 => {
                let new: Vec<_> = (0..BATCH).map(|_| self.fresh()).collect();
                Some(Write::Batch(new, self.key()))
            }
            48..55 => {
                let new = NewAccount { level: None, ..self.fresh() };
                Some(Write::Import(new, self.target.caller.clone()))
            }
            55..70 => self.edit().await,
            70..76 => self.update(),
            76..84 => self.delete().await,
            84..87 => self.delete_all(),
            _ => return self.read().await,
        };
        if let Some(write) = write {
            self.target.carry_out(&mut self.client, &write).await;
        }
    }

    fn fresh(&mut self) -> NewAccount {
        self.made += 1;
        let user_id = format!("w{}-{}", self.number, self.made);
        self.own.push(user_id.clone());
        account(user_id, format!("明 {} {}", self.number, self.made), self.random.below(1_000) as u32)
    }

    fn key(&mut self) -> String {
        self.made += 1;
        format!("key-w{}-{}", self.number, self.made)
    }

    fn changed(&mut self, user_id: String) -> NewAccount {
        self.made += 1;
        account(user_id, format!("Élodie {} {}", self.number, self.made), self.random.below(1_000) as u32)
    }

    /// An account of its own as the server shows it, which must be as it was acknowledged.
    async fn look(&mut self) -> Option<Account> {
        let user_id = self.random.pick(&self.own)?.clone();
        let answer = self.client.send(&Ask::get(paths::account(self.target.app, &user_id))).await?;
        if answer.status >= 500 {
            return None;
        }
        let account: Option<Account> = answer.read().filter(|_| answer.status == 200);
        let mut book = self.target.book();
        match (book.accounts.get(&user_id), &account) {
            (Some(Expected::There(known)), Some(account)) if known.is(account) => {}
            (expected, _) => {
                let sentence =
                    format!("{user_id}: {expected:?} was acknowledged, GET answers {}", answer.shown());
                book.lost.push(sentence);
                self.own.retain(|own| *own != user_id);
                return None;
            }
        }
        account
    }

    async fn edit(&mut self) -> Option<Write> {
        let old = self.look().await?;
        let new = self.changed(old.user_id.clone());
        Some(Write::Edit(old, new))
    }

    async fn delete(&mut self) -> Option<Write> {
        let old = self.look().await?;
        self.own.retain(|own| *own != old.user_id);
        Some(Write::Delete(old))
    }

    /// Some accounts of its own, no longer its own if they are taken.
    fn some(&mut self, most: u64, take: bool) -> Vec<String> {
        let first = self.random.below((self.own.len() as u64).saturating_sub(most).max(1)) as usize;
        let end = self.own.len().min(first + most as usize);
        if take { self.own.drain(first..end).collect() } else { self.own[first..end].to_vec() }
    }

    fn update(&mut self) -> Option<Write> {
        let ids = self.some(BATCH, false);
        let mut updates = Vec::new();
        for user_id in ids {
            let known = match self.target.book().accounts.get(&user_id) {
                Some(Expected::There(known)) => known.clone(),
                _ => continue,
            };
            updates.push((self.changed(user_id), known));
        }
        let key = self.key();
        (!updates.is_empty()).then_some(Write::Update(updates, key))
    }

    fn delete_all(&mut self) -> Option<Write> {
        let ids = self.some(BATCH / 4, true);
        (!ids.is_empty()).then_some(Write::DeleteAll(ids))
    }

    /// A page of the list and the one after it. Whether they answer is all that is asked: the books are compared later.
    async fn read(&mut self) {
        let list = format!("{}?sort=-created_at&limit=50&count=capped", paths::accounts(self.target.app));
        let Some(answer) = self.client.send(&Ask::get(list.clone())).await else {
            return sleep(self.target.pace.again).await;
        };
        if answer.status >= 500 {
            return sleep(self.target.pace.again).await;
        }
        match answer.read::<Page<Account>>() {
            Some(page) => {
                if let Some(next) = page.next {
                    drop(self.client.send(&Ask::get(format!("{list}&cursor={next}"))).await);
                }
            }
            None => self.target.book().wrong.push(format!("a list answered {}", answer.shown())),
        }
    }
}
