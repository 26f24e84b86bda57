//! Demo accounts: deterministic, realistic, in many scripts. The same number, seed and time make the same
//! accounts on every machine, and the first thousand of a million are the thousand of a thousand. What a demo
//! does with them (creating the application, filling it) does not live here.
//!
//! ```
//! use rollcall_demo::{SEED, accounts};
//! use rollcall_shared::time::Timestamp;
//!
//! let now = Timestamp::from_millis(1_795_284_000_000);
//! let some: Vec<_> = accounts(100, SEED, now).collect();
//! assert_eq!(some.len(), 100);
//! assert_eq!(some[..10], accounts(10, SEED, now).collect::<Vec<_>>());
//! ```

pub mod bench;
mod names;
mod rng;

use crate::{
    names::{CITIES, DECORATIONS, HANDLES, LINES, SCRIPTS, Script},
    rng::Rng,
};
use rollcall_shared::{
    account::{Account, NewAccount},
    profile::{AccountType, FriendVerification, Friending, Gender, TEXT_MAX},
    time::Timestamp,
};

/// The seed when no other is wanted.
pub const SEED: u64 = 0x0a02_02a1;

/// How long before `now` the first accounts were created: three years.
pub const SPAN_MILLIS: i64 = 3 * 365 * 24 * 60 * 60 * 1000;

/// Which accounts are admins beside `administrator`: three in all, far below the cap.
pub const ADMINS: [u64; 3] = [2, 17, 58];

/// `n` accounts as they might look at `now`. Usernames are unique and never `administrator`.
pub fn accounts(n: u64, seed: u64, now: Timestamp) -> impl Iterator<Item = Account> + Send + use<> {
    (0..n).map(move |index| account(index, seed, now))
}

/// The account of this index, whatever their number.
fn account(index: u64, seed: u64, now: Timestamp) -> Account {
    let mut rng = Rng::new(seed, index);
    let script = script(&mut rng);
    let (given, family) = (rng.pick(script.given), rng.pick(script.family));
    let mut new = NewAccount::new(user_id(&mut rng, index, given.1, family.1));
    new.nickname = nickname(&mut rng, script, given.0, family.0);
    if ADMINS.contains(&index) {
        new.account_type = AccountType::Admin;
    }
    if rng.percent(55) {
        new.photo_url = format!("https://cdn.example.org/avatars/{:016x}.webp", rng.next());
    }
    if rng.percent(70) {
        profile(&mut rng, script, &mut new);
    }
    let mut account = new.into_account(created_at(&mut rng, now), FriendVerification::default());
    if rng.percent(30) {
        account.version = 2 + rng.below(8) as i64;
        let age = now.millis() - account.created_at.millis();
        account.updated_at = account.created_at.plus_millis(rng.below(age.max(1) as u64) as i64);
    }
    account
}

/// A script by its weight.
fn script(rng: &mut Rng) -> &'static Script {
    let total: u64 = SCRIPTS.iter().map(|script| script.weight).sum();
    let mut ticket = rng.below(total);
    for script in SCRIPTS {
        if ticket < script.weight {
            return script;
        }
        ticket -= script.weight;
    }
    &SCRIPTS[0]
}

/// A username in one of seven styles. Each style has punctuation or a length of its own and holds the index, so
/// that no two accounts share one; none has more than 30 bytes.
fn user_id(rng: &mut Rng, index: u64, given: &str, family: &str) -> String {
    match rng.below(100) {
        0..30 => format!("{given}.{family}{index}"),
        30..50 => format!("{given}_{}", base36(index)),
        50..65 => format!("user_{index:07}"),
        65..75 => format!("{:08x}-{index:x}", rng.next() >> 32),
        75..85 => (10_000_000 + index).to_string(),
        85..92 => format!("{given}{index}@example.org"),
        _ => format!("u{:016x}", rng::mix(index)),
    }
}

fn base36(mut number: u64) -> String {
    let mut digits = Vec::new();
    loop {
        digits.push(b"0123456789abcdefghijklmnopqrstuvwxyz"[(number % 36) as usize]);
        number /= 36;
        if number == 0 {
            break;
        }
    }
    digits.iter().rev().map(|digit| char::from(*digit)).collect()
}

/// Mostly a person's name in its own script; also nothing, a handle, a name with decoration, a very long one.
fn nickname(rng: &mut Rng, script: &Script, given: &str, family: &str) -> String {
    let name = match script.family_first {
        Some(between) => format!("{family}{between}{given}"),
        None => format!("{given} {family}"),
    };
    match rng.below(100) {
        0..62 => name,
        62..70 => String::new(),
        70..80 => given.to_owned(),
        80..88 => format!("{name} {}", rng.pick(DECORATIONS)),
        88..96 => format!("{}{}", rng.pick(HANDLES), rng.below(1000)),
        96..98 => rng.pick(DECORATIONS).to_owned(),
        98 => given.chars().take(1).collect(),
        _ => long(rng, name),
    }
}

/// A nickname that nearly fills its 500 bytes.
fn long(rng: &mut Rng, mut text: String) -> String {
    const BETWEEN: &str = " · ";
    loop {
        let line = rng.pick(LINES);
        if text.len() + BETWEEN.len() + line.len() > TEXT_MAX {
            return text;
        }
        text.push_str(BETWEEN);
        text.push_str(line);
    }
}

/// The optional fields, each with a chance of its own.
fn profile(rng: &mut Rng, script: &Script, new: &mut NewAccount) {
    new.gender = Some(*rng.pick(&[&Gender::Unknown, &Gender::Female, &Gender::Male]));
    if rng.percent(50) {
        let (year, month, day) = (1955 + rng.below(56), 1 + rng.below(12), 1 + rng.below(28));
        new.birth_date = Some((year * 10_000 + month * 100 + day) as u32);
    }
    if rng.percent(40) {
        new.location = Some(rng.pick(CITIES).to_owned());
    }
    if rng.percent(30) {
        new.whats_up = Some(rng.pick(LINES).to_owned());
    }
    if rng.percent(20) {
        new.friend_verification =
            Some(*rng.pick(&[&FriendVerification::NeedConfirm, &FriendVerification::DenyAny]));
    }
    if rng.percent(4) {
        new.friending = Some(Friending::Forbidden);
    }
    new.language = Some(script.language);
    new.message_settings = Some(u32::from(rng.percent(10)));
    new.level = Some(rng.below(60) as u32);
    new.role = Some(if rng.percent(15) { rng.below(5) as u32 } else { 0 });
}

/// Somewhere in the three years before `now`, the later the likelier, as in an application that grows.
fn created_at(rng: &mut Rng, now: Timestamp) -> Timestamp {
    let ago = rng.below(SPAN_MILLIS as u64).min(rng.below(SPAN_MILLIS as u64));
    now.plus_millis(-1 - ago as i64)
}
