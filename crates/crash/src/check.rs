//! The books are compared: every account that the server lists with every account that was acknowledged, and its totals.

use std::collections::BTreeMap;
use std::time::Duration;

use rollcall_shared::account::Account;
use rollcall_shared::app::App;
use rollcall_shared::list::Page;
use rollcall_shared::paths;
use tokio::time::sleep;

use crate::Result;
use crate::book::{Book, Expected, Known};
use crate::client::{Ask, Client};
use crate::load::Target;
use crate::random::Random;

/// How often totals are read again because a job has changed them meanwhile.
const TRIES: u32 = 50;

/// Accounts that are searched for.
const SEARCHES: usize = 10;

/// Compares everything, while no client writes.
pub async fn everything(target: &Target, random: &mut Random) -> Result<()> {
    let mut client = target.client();
    crate::job::look(target, &mut client).await?;
    let found = totals(target, &mut client).await?;
    compare(&mut target.book(), &found);
    searches(target, &mut client, &found, random).await
}

/// What is there before anything is written: nothing of it may change.
pub async fn begin(target: &Target) -> Result<()> {
    let found = walk(target, &mut target.client()).await?;
    let known = found.iter().map(|(id, account)| (id.clone(), Expected::There(Known::from(account))));
    target.book().accounts.extend(known);
    Ok(())
}

/// The list, when the application's total, the exact count and the number of rows are the same.
async fn totals(target: &Target, client: &mut Client) -> Result<BTreeMap<String, Account>> {
    let mut tries = 0;
    loop {
        let before: App = client.call(&Ask::get(paths::app(target.app))).await?;
        let found = walk(target, client).await?;
        let path = format!("{}?limit=1&count=exact", paths::accounts(target.app));
        let page: Page<Account> = client.call(&Ask::get(path)).await?;
        let after: App = client.call(&Ask::get(paths::app(target.app))).await?;
        let counted = page.count.map(|count| count.value as i64);
        let rows = found.len() as i64;
        if before.accounts == rows && counted == Some(rows) {
            return Ok(found);
        }
        tries += 1;
        if before.accounts == after.accounts || tries == TRIES {
            let sentence = format!(
                "the list has {rows} accounts, the application says {}, the count {counted:?}",
                after.accounts
            );
            target.book().wrong.push(sentence);
            return Ok(found);
        }
        sleep(Duration::from_millis(100)).await;
    }
}

/// Every account, page after page.
async fn walk(target: &Target, client: &mut Client) -> Result<BTreeMap<String, Account>> {
    let list = format!("{}?sort=user_id&limit=200", paths::accounts(target.app));
    let mut found = BTreeMap::new();
    let mut cursor = String::new();
    loop {
        let page: Page<Account> = client.call(&Ask::get(format!("{list}{cursor}"))).await?;
        for account in page.items {
            if let Some(twice) = found.insert(account.user_id.clone(), account) {
                target.book().doubled.push(format!("{} is listed twice", twice.user_id));
            }
        }
        match page.next {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return Ok(found),
        }
    }
}

fn compare(book: &mut Book, found: &BTreeMap<String, Account>) {
    let Book { accounts, lost, doubled, .. } = book;
    for (user_id, expected) in accounts.iter_mut() {
        let there = found.get(user_id);
        match (&*expected, there) {
            (Expected::There(known), Some(account)) if known.is(account) => continue,
            (Expected::Gone, None) | (Expected::Doomed, _) => continue,
            (Expected::There(known), Some(account)) if known.version < account.version => {
                doubled.push(format!("{user_id}: {known:?} was acknowledged, {account:?} is there"));
            }
            (expected, there) => {
                lost.push(format!("{user_id}: {expected:?} was acknowledged, {there:?} is there"));
            }
        }
        // Told once.
        *expected = there.map_or(Expected::Gone, |account| Expected::There(Known::from(account)));
    }
    for (user_id, account) in found {
        if !accounts.contains_key(user_id) {
            doubled.push(format!("{user_id} is there, and nobody wrote it: {account:?}"));
            accounts.insert(user_id.clone(), Expected::There(Known::from(account)));
        }
    }
}

/// What is there is also found by the search index.
async fn searches(
    target: &Target,
    client: &mut Client,
    found: &BTreeMap<String, Account>,
    random: &mut Random,
) -> Result<()> {
    let ids: Vec<_> = found.keys().filter(|id| id.starts_with('w')).collect();
    for _ in 0..SEARCHES {
        let Some(id) = random.pick(&ids) else { break };
        let list = format!("{}?q={id}&sort=user_id&limit=200", paths::accounts(target.app));
        let mut cursor = String::new();
        loop {
            let page: Page<Account> = client.call(&Ask::get(format!("{list}{cursor}"))).await?;
            if page.items.iter().any(|account| account.user_id == **id) {
                break;
            }
            let Some(next) = page.next else {
                target.book().lost.push(format!("{id} is listed, and a search does not find it"));
                break;
            };
            cursor = format!("&cursor={next}");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rollcall_shared::account::NewAccount;
    use rollcall_shared::profile::FriendVerification;
    use rollcall_shared::time::Timestamp;

    fn account(user_id: &str, version: i64) -> (String, Account) {
        let new = NewAccount::new(user_id).into_account(Timestamp::default(), FriendVerification::default());
        (user_id.to_owned(), Account { version, ..new })
    }

    /// How many are lost and doubled when these are expected and `found` are there.
    fn compared(
        expected: impl IntoIterator<Item = (&'static str, Expected)>,
        found: &[(&str, i64)],
    ) -> (usize, usize) {
        let mut book = Book::default();
        book.accounts.extend(expected.into_iter().map(|(id, expected)| (id.to_owned(), expected)));
        let found = found.iter().map(|(id, version)| account(id, *version)).collect();
        compare(&mut book, &found);
        let told = (book.lost.len(), book.doubled.len());
        compare(&mut book, &found);
        assert_eq!((book.lost.len(), book.doubled.len()), told, "everything is told once");
        told
    }

    fn there(version: i64) -> Expected {
        Expected::There(Known { version, ..Known::from(&account("", 1).1) })
    }

    #[test]
    fn what_is_as_it_was_acknowledged_is_neither_lost_nor_doubled() {
        let expected =
            [("a", there(3)), ("b", Expected::Gone), ("c", Expected::Doomed), ("d", Expected::Doomed)];
        assert_eq!(compared(expected, &[("a", 3), ("c", 1)]), (0, 0));
    }

    #[test]
    fn creations_edits_and_deletions_that_are_not_there_are_lost() {
        assert_eq!(compared([("a", there(1))], &[]), (1, 0));
        assert_eq!(compared([("a", there(2))], &[("a", 1)]), (1, 0));
        assert_eq!(compared([("a", Expected::Gone)], &[("a", 1)]), (1, 0));
    }

    #[test]
    fn what_was_done_once_more_than_acknowledged_is_doubled() {
        assert_eq!(compared([("a", there(2))], &[("a", 3)]), (0, 1));
        assert_eq!(compared([], &[("a", 1)]), (0, 1));
    }
}
