//! A crowd of accounts with awkward names, and random questions about it. Seeded, so that a failure repeats.

use crate::support::at;
use rollcall_shared::{
    account::{Account, NewAccount},
    list::{AccountFilter, CountMode, ListQuery, Sort, SortField},
    profile::{AccountType, FriendVerification, Friending, Gender},
};

/// SplitMix64.
pub struct Seeded(u64);

impl Seeded {
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((x ^ (x >> 31)) % end as u64) as usize
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// Some of the values; often none.
    fn some<T: Copy>(&mut self, all: &[T]) -> Vec<T> {
        if self.below(4) != 0 {
            return Vec::new();
        }
        all.iter().copied().filter(|_| self.below(2) == 0).collect()
    }
}

const NICKNAMES: &[&str] = &[
    "",
    " ",
    "  two  spaces ",
    "赵明远",
    "明远",
    "远明",
    "明",
    "趙明遠",
    "محمد علي",
    "عَلِيّ",
    "علي",
    "ﷺ",
    "👩\u{200d}🚀 Ada",
    "👩",
    "👨\u{200d}👩\u{200d}👧\u{200d}👦",
    "é",
    "e\u{301}",
    "Élodie",
    "ELODIE",
    "elodie\u{323}\u{301}",
    "ß",
    "Straße",
    "STRASSE",
    "STRAẞE",
    "İstanbul",
    "istanbul",
    "ISTANBUL",
    "ısparta",
    "ＡＢＣ１２",
    "abc12",
    "ｱｲｳ",
    "アイウ",
    "ｶﾞｷﾞ",
    "が",
    "か\u{3099}",
    "か",
    "한국",
    "하나",
    "한",
    "%",
    "_",
    "%_%",
    "\\",
    "'; DROP TABLE accounts;--",
    "\"quoted\"",
    "* OR NEAR(a b)",
    "a\nb",
    "ab",
    "\t",
    "\u{200b}",
    "\u{301}",
    "\u{345}",
    "Σίσυφος ΣΑΣ",
    "οδυσσεύς",
    "zzz",
    "\u{10ffff}",
    "\u{fffd}",
    "ﬁne",
    "fine",
    "Ǆ",
    "dž",
    "aaaaaaaaaa",
    "aaaaaaaaab",
    "<b>&amp;</b>",
    "ming",
    "Ming",
    "MING 2",
];

const USER_IDS: &[&str] = &[
    "ming", "Ming", "MING", " x ", "a/b", "a?b#c", "%", "_", "\\", "'", "\"", "*", ".", "..", "~t", "batch",
    "0", "A", "a", "zz", "ZZ", "-1", "{}", "[1,2]", "null",
];

/// Accounts with distinct usernames: at most 1,000,000.
pub fn crowd(seeded: &mut Seeded, size: usize) -> Vec<Account> {
    let account = |n: usize| {
        let user_id = match USER_IDS.get(n) {
            Some(id) if size > USER_IDS.len() => (*id).to_owned(),
            _ => format!("{}{:06}", seeded.pick(&["u", "U", "ming_", "yuan-", "@"]), (n * 7919) % 1_000_000),
        };
        let account = NewAccount {
            account_type: if seeded.below(40) == 0 { AccountType::Admin } else { AccountType::General },
            nickname: nickname(seeded),
            gender: Some(*seeded.pick(Gender::ALL)),
            friending: Some(if seeded.below(9) == 0 { Friending::Forbidden } else { Friending::Allowed }),
            friend_verification: Some(*seeded.pick(FriendVerification::ALL)),
            ..NewAccount::new(user_id)
        };
        // Few instants, so that many accounts share one.
        let created = at(seeded.below(40) as i64 * 1000);
        account.into_account(created, FriendVerification::default())
    };
    let mut admins = 0;
    let mut accounts: Vec<Account> = (0..size).map(account).collect();
    for account in accounts.iter_mut().filter(|account| account.account_type == AccountType::Admin) {
        admins += 1;
        if admins > 5 {
            account.account_type = AccountType::General;
        }
    }
    accounts
}

fn nickname(seeded: &mut Seeded) -> String {
    match seeded.below(12) {
        0 => "新用户".into(),
        // Alike for more bytes than a sort key has.
        1 => format!("{}{}", "前".repeat(90), seeded.pick(&["甲", "乙", "丙", "a", "B"])),
        2 => "x".repeat(496 + seeded.below(5)),
        3 => "ﷺ".repeat(100 + seeded.below(3)),
        4 | 5 => format!("{}{}", seeded.pick(NICKNAMES), seeded.pick(NICKNAMES)),
        _ => (*seeded.pick(NICKNAMES)).to_owned(),
    }
}

/// A question: any filter, sort, direction and page size, without a cursor.
pub fn page_query(seeded: &mut Seeded, accounts: &[Account]) -> ListQuery {
    let created = |seeded: &mut Seeded| (seeded.below(6) == 0).then(|| at(seeded.below(42) as i64 * 1000));
    let filter = AccountFilter {
        q: needle(seeded, accounts),
        account_type: seeded.some(AccountType::ALL),
        gender: seeded.some(Gender::ALL),
        friend_verification: seeded.some(FriendVerification::ALL),
        friending: seeded.some(Friending::ALL),
        created_from: created(seeded),
        created_before: created(seeded),
    };
    ListQuery {
        filter,
        sort: Sort { field: *seeded.pick(SortField::ALL), descending: seeded.below(2) == 0 },
        limit: *seeded.pick(&[1, 2, 3, 7, 20, 50, 100, 200]),
        count: CountMode::Capped,
        ..ListQuery::default()
    }
}

/// Mostly a piece of some account's name, sometimes in another case, sometimes nothing that is there.
fn needle(seeded: &mut Seeded, accounts: &[Account]) -> String {
    let account = seeded.pick(accounts);
    let from = match seeded.below(8) {
        0 => return String::new(),
        1 => return (*seeded.pick(NICKNAMES)).to_owned(),
        2 => return (*seeded.pick(&["absent", "龘", "qx", "明a", "\u{301}", "zz zz", "000"])).to_owned(),
        3 | 4 => &account.user_id,
        _ => &account.nickname,
    };
    let chars: Vec<char> = from.chars().collect();
    if chars.is_empty() {
        return String::new();
    }
    let begin = seeded.below(chars.len());
    let length = (1 + seeded.below(5)).min(chars.len() - begin);
    let piece: String = chars[begin..begin + length].iter().collect();
    match seeded.below(3) {
        0 => piece.to_uppercase(),
        1 => piece.to_lowercase(),
        _ => piece,
    }
}
