//! The demo keeps what it promises: rules, uniqueness, variety, and the bench's numbers of hits.

use rollcall_demo::{ADMINS, SEED, accounts, bench};
use rollcall_shared::{account::NewAccount, profile::AccountType, time::Timestamp, validate};
use std::collections::HashSet;

const NOW: Timestamp = Timestamp::from_millis(1_795_284_000_000);

#[test]
fn every_account_obeys_the_rules_and_no_username_comes_twice() {
    let mut seen = HashSet::new();
    for account in accounts(100_000, SEED, NOW) {
        let new = NewAccount {
            nickname: account.nickname.clone(),
            photo_url: account.photo_url.clone(),
            location: Some(account.location.clone()),
            whats_up: Some(account.whats_up.clone()),
            ..NewAccount::new(account.user_id.clone())
        };
        assert_eq!(validate::new_account(&new), [], "{account:?}");
        assert!(account.user_id.len() <= 30 && validate::user_id_recommended(&account.user_id).is_none());
        assert!(
            account.created_at < NOW && account.created_at.millis() > NOW.millis() - 3 * 366 * 86_400_000
        );
        assert!(account.updated_at >= account.created_at && account.updated_at < NOW);
        assert!(seen.insert(account.user_id), "a username came twice");
    }
}

#[test]
fn the_same_seed_makes_the_same_accounts_and_another_makes_others() {
    let all: Vec<_> = accounts(500, SEED, NOW).collect();
    assert_eq!(all[..50], accounts(50, SEED, NOW).collect::<Vec<_>>());
    assert_ne!(all, accounts(500, SEED + 1, NOW).collect::<Vec<_>>());
}

#[test]
fn three_are_admins() {
    let admins: Vec<u64> = accounts(10_000, SEED, NOW)
        .zip(0..)
        .filter_map(|(account, index)| (account.account_type == AccountType::Admin).then_some(index))
        .collect();
    assert_eq!(admins, ADMINS);
}

#[test]
fn scripts_emoji_empty_short_and_long_are_all_there() {
    let all: Vec<_> = accounts(20_000, SEED, NOW).collect();
    let some = |test: &dyn Fn(&str) -> bool| all.iter().filter(|account| test(&account.nickname)).count();
    let within = |from: char, to: char| some(&|name| name.chars().any(|c| (from..=to).contains(&c)));
    let scripts = [
        ('À', 'ÿ'),
        ('一', '龥'),
        ('ぁ', 'ヿ'),
        ('가', '힣'),
        ('ء', 'ي'),
        ('א', 'ת'),
        ('अ', 'ह'),
        ('ก', 'ฮ'),
    ];
    for (from, to) in scripts.into_iter().chain([('А', 'я'), ('Α', 'ω'), ('Ğ', 'ş'), ('🌀', '🫠')])
    {
        assert!(within(from, to) > 50, "too few of {from} to {to}");
    }
    assert!(some(&str::is_empty) > 500);
    assert!(some(&|name| name.chars().count() == 1) > 50);
    assert!(some(&|name| name.len() > 400) > 50);
    assert!(all.iter().filter(|account| account.photo_url.is_empty()).count() > 5_000);
}

/// At a tenth of the documented million.
#[test]
fn the_bench_finds_as_many_as_it_says() {
    let all: Vec<_> = bench::accounts(100_000, SEED, NOW).collect();
    let hits = |needle: &str| {
        all.iter()
            .filter(|account| account.nickname.contains(needle) || account.user_id.contains(needle))
            .count()
    };
    assert!(all.iter().all(|account| account.user_id.len() <= 32 && account.nickname.len() <= 500));
    assert_eq!(hits(bench::NEEDLE_ALL), 100_000);
    assert_eq!(hits(bench::NEEDLE_RARE), 1);
    assert!((1_400..1_600).contains(&hits(bench::NEEDLE_COMMON)));
    assert_eq!(hits(bench::NEEDLE_CLUSTERED), 500);
    assert_eq!(all.iter().filter(|account| account.nickname == bench::NICKNAME_SHARED).count(), 10_000);
    assert!((2_000..6_000).contains(&hits(bench::NEEDLE_CHINESE)));
    assert!((800..2_000).contains(&hits(bench::NEEDLE_CHINESE_PAIR)));
    assert_eq!(hits(bench::NEEDLE_CHINESE_ABSENT) + hits(bench::NEEDLE_ABSENT), 0);
    let mut by_name: Vec<&str> = all.iter().map(|account| account.nickname.as_str()).collect();
    by_name.sort_unstable();
    assert!(by_name[99_500..].iter().all(|name| name.contains(bench::NEEDLE_CLUSTERED)));
}
