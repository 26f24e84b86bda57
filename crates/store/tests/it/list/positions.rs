//! Pages that begin at a position, with a text or with an instant, against the same oracle: where milestones, walks from either
//! end and sorted candidates lead, and what a page says about where it stands.

use super::{
    crowd::{Seeded, crowd},
    oracle::Oracle,
};
use crate::support::{TestDb, at, change, on_both, purge};
use rollcall_shared::{
    account::{Account, AccountPatch, NewAccount, Patch},
    list::{AccountFilter, CountRelation, ListQuery, Page, Sort, SortField},
    profile::{ADMINISTRATOR, Gender},
};
use rollcall_store::{OpenOptions, Store, accounts::PositionBounds};

/// Bounds so tight that a crowd of hundreds takes every way.
const TIGHT: PositionBounds = PositionBounds { exact: 6, walk: 40, gap: 7, candidates: 25, near: 5 };
/// The same where no milestone is near enough to anything.
const BLIND: PositionBounds = PositionBounds { exact: 3, walk: 5, gap: 50, candidates: 0, near: 0 };

const HOUR: i64 = 60 * 60 * 1000;

async fn stores(db: &TestDb) -> [Store; 2] {
    let open = async |positions| {
        db.reopen(&OpenOptions { connections: 2, positions, ..OpenOptions::default() }).await
    };
    [open(TIGHT).await, open(BLIND).await]
}

fn sorts() -> impl Iterator<Item = Sort> {
    SortField::ALL.iter().flat_map(|field| [false, true].map(|descending| Sort { field: *field, descending }))
}

/// Filters of which few, many and all are found, by each kind of source.
fn filters() -> Vec<AccountFilter> {
    let none = AccountFilter::default();
    let range =
        AccountFilter { created_from: Some(at(5000)), created_before: Some(at(31_000)), ..none.clone() };
    vec![
        none.clone(),
        range.clone(),
        AccountFilter { q: "ming".into(), ..none.clone() },
        AccountFilter { q: "明远".into(), ..none.clone() },
        AccountFilter { q: "u".into(), ..range.clone() },
        AccountFilter { gender: vec![Gender::ALL[0], Gender::ALL[1]], ..none.clone() },
        AccountFilter { q: "\u{301}".into(), ..none.clone() },
        AccountFilter { q: "absent".into(), ..none },
    ]
}

/// An application with a crowd, and what it should be.
async fn seeded(db: &TestDb, seeded: &mut Seeded) -> Oracle {
    let app = db.app("crowd").await;
    let beside = db.app("beside").await;
    let accounts = crowd(seeded, 320);
    db.store.load_accounts(&change(0), beside, accounts[..90].to_vec()).await.unwrap();
    db.store.load_accounts(&change(0), app, accounts.clone()).await.unwrap();
    let administrator = db.store.account(app, ADMINISTRATOR).await.unwrap().unwrap();
    Oracle::new(app, accounts.into_iter().chain([administrator]))
}

/// What a page says and shows, held against the list that it is of. `wrong` is by how many rows an estimate of a list without a
/// filter may be wrong.
struct Check<'a> {
    store: &'a Store,
    oracle: &'a Oracle,
    wrong: u64,
}

impl Check<'_> {
    /// The page that begins with this row of the list.
    async fn page(&self, query: &ListQuery, begin: Option<u64>, is_estimable: bool) {
        let list = self.oracle.expected(query);
        let (length, limit) = (list.len() as u64, u64::from(query.limit));
        let page = self.store.list_accounts(self.oracle.app(), query).await.unwrap();
        let position = page.position.unwrap();
        let first = match page.items.first() {
            Some(first) => list.iter().position(|a| a.user_id == first.user_id).unwrap() as u64,
            None => 0,
        };
        assert!(page.complete);
        assert_eq!(page.items.len() as u64, limit.min(length - first), "{query:?}");
        let last = length.saturating_sub(limit);
        let expected = begin.filter(|begin| *begin < length).unwrap_or(last);
        // A guess that finds nothing ends on the last page, whose position is known.
        assert!(first == expected || is_estimable, "{first}, not {expected}: {query:?}");
        if position.relation == CountRelation::Eq {
            assert_eq!(position.value, first, "{query:?}");
            assert_eq!(page.previous.is_none(), first == 0, "{query:?}");
        }
        assert!(position.relation == CountRelation::Eq || is_estimable, "{query:?}");
        // How long a filter's list is may be an estimate too.
        let is_known = query.filter.is_empty() || query.offset == Some(u64::MAX);
        if query.seek.is_some() || is_known && expected != begin.unwrap_or_default() {
            assert_eq!(
                first, expected,
                "a seek finds its row, and beyond the end is the last page: {query:?}"
            );
        }
        if query.filter.is_empty() {
            assert!(first.abs_diff(expected) <= self.wrong, "{first}, not {expected}: {query:?}");
            assert!(position.value.abs_diff(first) <= self.wrong, "{position:?}, not {first}: {query:?}");
        }
        // Of each kind some; every one would prove no more.
        if first % 3 == 0 {
            self.both_ways(query, page, &list).await;
        }
    }

    /// Paging on from it and back meets every row of the list once.
    async fn both_ways(&self, query: &ListQuery, page: Page<Account>, list: &[Account]) {
        let begun = ListQuery { offset: None, seek: None, limit: 200, ..query.clone() };
        let (mut all, mut next, mut previous) = (page.items, page.next, page.previous);
        while next.is_some() {
            let page = self.oracle.page(self.store, &begun, next).await;
            all.extend(page.items);
            next = page.next;
        }
        while previous.is_some() {
            let page = self.oracle.page(self.store, &begun, previous).await;
            all.splice(0..0, page.items);
            previous = page.previous;
        }
        let ids = |list: &[Account]| list.iter().map(|a| a.user_id.clone()).collect::<Vec<_>>();
        assert_eq!(ids(&all), ids(list), "{query:?}");
    }

    /// Every order and filter from many positions. Below `exact` rows from an end nothing is estimated.
    async fn offsets(&self, exact: u64) {
        for (sort, filter) in sorts().flat_map(|sort| filters().into_iter().map(move |filter| (sort, filter)))
        {
            let query = ListQuery { sort, limit: 9, filter, ..ListQuery::default() };
            let length = self.oracle.expected(&query).len() as u64;
            for offset in
                [0, 1, 4, length / 3, length / 2, length.saturating_sub(1), length, length + 1, u64::MAX]
            {
                let near = exact >= length
                    || query.filter.is_empty()
                        && (offset <= exact || offset.saturating_add(exact + 1) >= length.max(1));
                let query = ListQuery { offset: Some(offset), ..query.clone() };
                self.page(&query, Some(offset), !near).await;
            }
        }
    }

    /// Every order and filter from many texts and instants.
    async fn seeks(&self, texts: &[&str]) {
        for (sort, filter) in
            sorts().flat_map(|sort| filters().into_iter().step_by(2).map(move |filter| (sort, filter)))
        {
            for text in texts {
                if (sort.field == SortField::CreatedAt) != text.starts_with("20") {
                    continue;
                }
                let seek = Some((*text).to_owned());
                let query =
                    ListQuery { sort, limit: 9, filter: filter.clone(), seek, ..ListQuery::default() };
                let begin = self.begin(&query, text);
                self.page(&query, begin, true).await;
            }
        }
    }

    /// Where the list begins with what is looked for.
    fn begin(&self, query: &ListQuery, text: &str) -> Option<u64> {
        let day = if text.len() == 10 { 24 * HOUR } else { 1 };
        let belongs = |account: &Account| {
            let (key, text) = match query.sort.field {
                SortField::UserId => (textkey::search_key(&account.user_id), textkey::search_key(text)),
                SortField::Nickname => (textkey::sort_key(&account.nickname), textkey::sort_key(text)),
                SortField::CreatedAt => {
                    let instant: rollcall_shared::time::Timestamp = text.parse().unwrap();
                    return match query.sort.descending {
                        false => account.created_at >= instant,
                        true => account.created_at < instant.plus_millis(day),
                    };
                }
            };
            if query.sort.descending { key.starts_with(&text) || key <= text } else { key >= text }
        };
        self.oracle.expected(query).iter().position(belongs).map(|begin| begin as u64)
    }
}

const TEXTS: &[&str] = &[
    "",
    "a",
    "A",
    "m",
    "Ming",
    "ming_",
    "u05",
    "明",
    "赵明",
    "한",
    "é",
    "E\u{301}",
    "👩",
    "龘",
    "\u{301}",
    "zzzz",
    "~",
    "\u{10ffff}",
    "前前前",
    "新用户",
];

async fn a_page_begins_at_any_position(db: TestDb) {
    let mut random = Seeded::new(20_261_123);
    let oracle = seeded(&db, &mut random).await;
    let [tight, blind] = stores(&db).await;

    // Small as it is, everything is exact.
    Check { store: &db.store, oracle: &oracle, wrong: 0 }.offsets(1000).await;
    // Where nobody took milestones yet, positions far from both ends are guesses.
    Check { store: &tight, oracle: &oracle, wrong: 330 }.offsets(6).await;
    tight.sample_all(at(HOUR)).await.unwrap();
    Check { store: &tight, oracle: &oracle, wrong: 0 }.offsets(6).await;
    Check { store: &blind, oracle: &oracle, wrong: 330 }.offsets(3).await;
    tight.close().await;
    blind.close().await;
}
on_both!(a_page_begins_at_any_position);

async fn a_page_begins_with_a_text_or_an_instant(db: TestDb) {
    let mut random = Seeded::new(7);
    let oracle = seeded(&db, &mut random).await;
    let [tight, blind] = stores(&db).await;
    let instants =
        [at(-1), at(0), at(7000), at(7001), at(20_000), at(39_000), at(50_000)].map(|at| at.to_string());
    let dates = ["2026-11-17", "2026-11-18", "2026-11-19", at(0).date().leak()];
    let texts: Vec<&str> = TEXTS
        .iter()
        .copied()
        .filter(|t| !t.is_empty())
        .chain(instants.iter().map(String::as_str))
        .chain(dates)
        .collect();

    Check { store: &db.store, oracle: &oracle, wrong: 0 }.seeks(&texts).await;
    Check { store: &tight, oracle: &oracle, wrong: 330 }.seeks(&texts).await;
    tight.sample_all(at(HOUR)).await.unwrap();
    Check { store: &tight, oracle: &oracle, wrong: 0 }.seeks(&texts).await;
    Check { store: &blind, oracle: &oracle, wrong: 330 }.seeks(&texts).await;
    tight.close().await;
    blind.close().await;
}
on_both!(a_page_begins_with_a_text_or_an_instant);

async fn milestones_that_are_old_err_by_what_has_changed(db: TestDb) {
    let mut random = Seeded::new(9);
    let mut oracle = seeded(&db, &mut random).await;
    let [tight, blind] = stores(&db).await;
    tight.sample_all(at(HOUR)).await.unwrap();

    let ids: Vec<String> = oracle.accounts().iter().map(|account| account.user_id.clone()).collect();
    let gone: Vec<String> =
        ids.into_iter().filter(|id| id != ADMINISTRATOR && random.below(6) == 0).collect();
    db.store.delete_accounts(&change(2 * HOUR), oracle.app(), &gone).await.unwrap().unwrap();
    gone.iter().for_each(|id| oracle.remove(id));
    let mut changes = gone.len() as u64;
    for n in 0..70 {
        let new = NewAccount { nickname: "neu".into(), ..NewAccount::new(format!("new{n:03}")) };
        db.store.create_account(&change(2 * HOUR + n), oracle.app(), &new, None).await.unwrap();
        oracle.put(db.store.account(oracle.app(), &new.user_id).await.unwrap().unwrap());
        changes += 1;
    }
    let patch = AccountPatch { nickname: Patch::Set("aa".into()), ..AccountPatch::default() };
    for account in oracle.accounts().to_vec().into_iter().take(10) {
        let id = &account.user_id;
        db.store.patch_account(&change(3 * HOUR), oracle.app(), id, None, &patch).await.unwrap();
        oracle.put(db.store.account(oracle.app(), id).await.unwrap().unwrap());
        changes += 1;
    }
    let texts = ["ming", "new03", "neu", "aa", "明", &at(2 * HOUR + 30).to_string(), &at(9000).to_string()];
    let check = Check { store: &tight, oracle: &oracle, wrong: changes };
    check.offsets(6).await;
    check.seeks(&texts).await;

    tight.sample_all(at(4 * HOUR)).await.unwrap();
    let check = Check { wrong: 0, ..check };
    check.offsets(6).await;
    check.seeks(&texts).await;
    tight.close().await;
    blind.close().await;
}
on_both!(milestones_that_are_old_err_by_what_has_changed);

async fn one_server_takes_milestones_and_only_where_they_are_old(db: TestDb) {
    let mut random = Seeded::new(11);
    let oracle = seeded(&db, &mut random).await;
    let [tight, other] = stores(&db).await;
    let claim = async |store: &Store, millis| {
        store.claim_sampling(at(HOUR + millis), at(HOUR + millis + 1000)).await.unwrap()
    };

    // Three orders of each of two applications.
    let mut claimed = Vec::new();
    for n in 0..6 {
        claimed.push(claim(if n % 2 == 0 { &tight } else { &other }, 0).await.unwrap());
    }
    assert!(claim(&other, 999).await.is_none(), "each is somebody's");
    // The first servers are lost; what they write later counts no more.
    tight.sample_all(at(HOUR + 1000)).await.unwrap();
    for mut late in claimed {
        while !other.sample(&mut late).await.unwrap() {}
    }
    assert!(claim(&other, 2000).await.is_none(), "they are new");

    let create = async |range: std::ops::Range<i64>| {
        for n in range {
            let new = NewAccount::new(format!("n{n}"));
            db.store.create_account(&change(HOUR + 3000 + n), oracle.app(), &new, None).await.unwrap();
        }
    };
    create(0..10).await;
    assert!(claim(&tight, 2 * HOUR).await.is_none(), "few accounts are new");
    // As many go as come, so that the total says nothing.
    let old = oracle.accounts().iter().map(|account| account.user_id.clone());
    let gone: Vec<String> = old.filter(|id| id != ADMINISTRATOR).take(9).collect();
    db.store.delete_accounts(&change(2 * HOUR), oracle.app(), &gone).await.unwrap().unwrap();
    create(20..29).await;
    assert!(claim(&tight, 2 * HOUR).await.is_some(), "many came and went");

    // Nobody takes milestones of an application that is gone, and what was taken of it goes too.
    let sampling = claim(&tight, 2 * HOUR).await;
    db.store.delete_app(&change(3 * HOUR), oracle.app(), "crowd", "end").await.unwrap();
    other.sample(&mut sampling.unwrap()).await.unwrap();
    purge(&db.store, oracle.app(), 100).await;
    assert!(claim(&other, 4 * HOUR).await.is_none());
    tight.close().await;
    other.close().await;
}
on_both!(one_server_takes_milestones_and_only_where_they_are_old);
