//! What the search index holds of an account: tokens, one for each gram of username and nickname and one for
//! each value that a filter can name. How the index is asked is in `search.rs`.
//!
//! A token is a number that the application is hashed into, so that a small application never pays for the
//! postings of a big one. Tokens may collide; whatever the index answers is tested against the row.
//!
//! For whoever writes an account: [`SearchKeys::of`] gives the derived columns, and [`SearchKeys::index_text`] what
//! the index takes. On PostgreSQL that is the column `accounts.grams` (bind the text, cast it: `$1::int[]`); on SQLite
//! the column of the contentless table `account_grams`, whose rowid is `accounts.rid`, where a change is a DELETE by
//! rowid and an INSERT.
//!
//! Everything here depends on the account alone. So tokens are written on creation, on deletion (SQLite) and when
//! [`SearchKeys`] of the old and the new account differ.

use crate::db::Engine;
use rollcall_shared::{account::Account, app::SdkAppId, list::AccountFilter};
use textkey::{Gram, Needle};

/// The most tokens that a search asks for; more make it no faster.
const NEEDLE_TOKENS: usize = 8;

/// The columns that lists are sorted and searched by. Computed anew when [`textkey::FOLD_VERSION`] changes.
///
/// Usernames are sorted by their folded form too, so that `Zoe` is not far from `zoe`; being ASCII, that is also
/// their sort key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SearchKeys {
    /// Column `search_user_id`.
    pub search_user_id: String,
    /// Column `search_nickname`.
    pub search_nickname: String,
    /// Column `sort_nickname`.
    pub sort_nickname: String,
    /// What the index holds; ascending, without repeats.
    pub tokens: Vec<i32>,
}

impl SearchKeys {
    /// The keys of an account.
    pub(crate) fn of(app: SdkAppId, account: &Account) -> Self {
        let search_user_id = textkey::search_key(&account.user_id);
        let search_nickname = textkey::search_key(&account.nickname);
        let grams = [&search_user_id, &search_nickname].into_iter().flat_map(|key| textkey::grams(key));
        let mut tokens: Vec<i32> = grams.map(|gram| gram_token(app, gram)).collect();
        tokens.extend([
            value_token(app, Field::AccountType, account.account_type.code()),
            value_token(app, Field::Gender, account.gender.code()),
            value_token(app, Field::FriendVerification, account.friend_verification.code()),
            value_token(app, Field::Friending, account.friending.code()),
        ]);
        tokens.sort_unstable();
        tokens.dedup();
        Self { search_user_id, search_nickname, sort_nickname: textkey::sort_key(&account.nickname), tokens }
    }

    /// The tokens as the engine's index takes them: words, or the text of an array.
    pub(crate) fn index_text(&self, engine: Engine) -> String {
        match engine {
            Engine::Sqlite => join(&self.tokens, " ", word),
            Engine::Postgres => array(&self.tokens),
        }
    }
}

/// Tokens as the text of an array, for PostgreSQL: `$1::int[]`.
pub(crate) fn array(tokens: &[i32]) -> String {
    format!("{{{}}}", join(tokens, ",", |token| token.to_string()))
}

/// A token as a word, for SQLite.
fn word(token: i32) -> String {
    format!("{token:08x}")
}

fn join(tokens: &[i32], between: &str, text: fn(i32) -> String) -> String {
    tokens.iter().copied().map(text).collect::<Vec<_>>().join(between)
}

/// What the index must be asked for on behalf of a needle: a row that matches has one token of each group.
pub(crate) fn of_needle(app: SdkAppId, needle: &Needle) -> Vec<Vec<i32>> {
    needle.grams(NEEDLE_TOKENS).into_iter().map(|gram| vec![gram_token(app, gram)]).collect()
}

/// The same for the values that a filter names.
pub(crate) fn of_values(app: SdkAppId, filter: &AccountFilter) -> Vec<Vec<i32>> {
    let mut groups = Vec::new();
    let AccountFilter {
        q: _,
        account_type,
        gender,
        friend_verification,
        friending,
        created_from: _,
        created_before: _,
    } = filter;
    let mut group = |field, codes: Vec<i32>| {
        if !codes.is_empty() {
            groups.push(codes.into_iter().map(|code| value_token(app, field, code)).collect());
        }
    };
    group(Field::AccountType, account_type.iter().map(|value| value.code()).collect());
    group(Field::Gender, gender.iter().map(|value| value.code()).collect());
    group(Field::FriendVerification, friend_verification.iter().map(|value| value.code()).collect());
    group(Field::Friending, friending.iter().map(|value| value.code()).collect());
    groups
}

/// Groups of tokens as a query of SQLite's full-text index.
pub(crate) fn fts_query(groups: &[Vec<i32>]) -> String {
    let any = |group: &Vec<i32>| format!("({})", join(group, " OR ", |token| format!("\"{}\"", word(token))));
    groups.iter().map(any).collect::<Vec<_>>().join(" AND ")
}

/// The fields whose values are tokens. The numbers are stored: they never change their meaning.
#[derive(Clone, Copy)]
enum Field {
    AccountType = 1,
    Gender = 2,
    FriendVerification = 3,
    Friending = 4,
}

fn gram_token(app: SdkAppId, gram: Gram) -> i32 {
    token(app, gram.code())
}

fn value_token(app: SdkAppId, field: Field, code: i32) -> i32 {
    // Above every gram's code, which is below 2^43.
    token(app, 1 << 60 | (field as u64) << 32 | u64::from(code.cast_unsigned()))
}

/// The upper half of a mixed application and code.
fn token(app: SdkAppId, code: u64) -> i32 {
    let mixed = mix(code ^ mix(app.0.cast_unsigned()));
    ((mixed >> 32) as u32).cast_signed()
}

/// SplitMix64's finaliser: every bit of the input changes half of the output. It is stored, so it stays.
const fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}
