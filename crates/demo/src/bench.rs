//! Demo accounts with hits of known number, for measuring search. The constants say how many of a million
//! accounts each needle finds, with [`crate::SEED`].

use rollcall_shared::{account::Account, time::Timestamp};

/// In every username.
pub const NEEDLE_ALL: &str = "b-";
/// In exactly 10 nicknames of a million.
pub const NEEDLE_RARE: &str = "quokka";
/// In about 15,000 nicknames of a million.
pub const NEEDLE_COMMON: &str = "zephyr";
/// In 5,000 nicknames of a million, all of them at the end of the list by nickname.
pub const NEEDLE_CLUSTERED: &str = "endmost";
/// The nickname of exactly every tenth account: 100,000 of a million.
pub const NICKNAME_SHARED: &str = "Aurora Fan";
/// One Chinese character, in tens of thousands of nicknames of a million.
pub const NEEDLE_CHINESE: &str = "明";
/// Two adjacent Chinese characters, in about ten thousand nicknames of a million.
pub const NEEDLE_CHINESE_PAIR: &str = "明远";
/// Two Chinese characters that occur nowhere.
pub const NEEDLE_CHINESE_ABSENT: &str = "龘靐";
/// Letters that occur nowhere together, though each pair of them does.
pub const NEEDLE_ABSENT: &str = "mingoliviaren";

/// `n` accounts as [`crate::accounts`] makes them, with the needles of this module put in.
pub fn accounts(n: u64, seed: u64, now: Timestamp) -> impl Iterator<Item = Account> + Send + use<> {
    crate::accounts(n, seed, now).zip(0_u64..).map(|(mut account, index)| {
        account.user_id.insert_str(0, NEEDLE_ALL);
        // Sorts behind every other character of the demo's names.
        const LAST: char = '\u{2a6d6}';
        if index % 10 == 0 {
            NICKNAME_SHARED.clone_into(&mut account.nickname);
        } else if index % 100_000 == 77 {
            account.nickname = format!("Ming {NEEDLE_RARE}");
        } else if index % 200 == 3 {
            account.nickname = format!("{LAST}{NEEDLE_CLUSTERED} {index}");
        } else if index % 66 == 7 {
            account.nickname = format!("{NEEDLE_COMMON} {}", account.nickname.get(..40).unwrap_or_default());
        }
        account
    })
}
