//! What one row of an import would do to its account: the rules, without files and tasks.

use rollcall_shared::{
    account::Account,
    app::{App, UserIdReuse},
    error::{FieldError, codes},
    import::{ImportPolicy, ImportRow, ReviewRequest, between},
    profile::{ADMINS_MAX, AccountType, FriendVerification},
    time::Timestamp,
};
use rollcall_store::{
    Refusal,
    accounts::Looked,
    imports::{Planned, PlannedChange},
};

/// A row that can be used.
pub(super) struct Candidate {
    /// Its place in the file.
    pub row: u64,
    /// What it asks for.
    pub asks: ImportRow,
}

/// What becomes of it.
pub(super) enum Decided {
    Create(PlannedChange),
    Update(PlannedChange),
    Unchanged,
    Refused(FieldError),
}

/// What decides.
pub(super) struct Rules {
    policy: ImportPolicy,
    friend_verification_default: FriendVerification,
    user_id_reuse: UserIdReuse,
    now: Timestamp,
    /// How many more admins the application can have.
    places: u32,
}

impl Rules {
    pub fn new(app: &App, settings: &ReviewRequest, now: Timestamp) -> Self {
        let admins = u32::try_from(app.admins).unwrap_or(ADMINS_MAX);
        Self {
            policy: settings.policy,
            friend_verification_default: app.friend_verification_default,
            user_id_reuse: app.user_id_reuse,
            now,
            places: ADMINS_MAX.saturating_sub(admins),
        }
    }

    /// Since when usernames that were deleted are held back, if they are.
    pub fn held_back_since(&self) -> Option<Timestamp> {
        (self.user_id_reuse == UserIdReuse::After90Days).then_some(self.now)
    }

    /// Decides. An admin that would be created takes a place.
    pub fn decide(&mut self, candidate: Candidate, looked: &Looked) -> Decided {
        let user_id = candidate.asks.user_id.as_str();
        match (looked.accounts.get(user_id), self.policy) {
            (Some(_), ImportPolicy::Create) => refused("user_id", codes::TAKEN, EXISTS),
            (None, ImportPolicy::Update) => refused("user_id", codes::NOT_FOUND, MISSING),
            (Some(account), _) => self.update(account, candidate),
            (None, _) => match looked.held_back.get(user_id) {
                Some(until) => Decided::Refused(Refusal::ReuseBlocked { until: *until }.field_error()),
                None => self.create(candidate),
            },
        }
    }

    fn update(&self, account: &Account, Candidate { row, asks }: Candidate) -> Decided {
        if asks.account_type.is_some_and(|kind| kind != account.account_type) {
            return refused("type", codes::NOT_WRITABLE, TYPE);
        }
        let mut new = account.clone();
        asks.patch.apply(&mut new, self.friend_verification_default);
        if new == *account {
            return Decided::Unchanged;
        }
        let (after, before) = between(account, &new);
        let (before, after) = (Box::new(before), Box::new(after));
        let Account { created_at, version, .. } = *account;
        let planned = Planned::Update { user_id: asks.user_id, created_at, version, before, after };
        Decided::Update(PlannedChange { row, planned })
    }

    fn create(&mut self, Candidate { row, asks }: Candidate) -> Decided {
        let mut new = asks.into_new();
        if new.account_type == AccountType::Admin {
            if self.places == 0 {
                return Decided::Refused(Refusal::AdminLimit.field_error());
            }
            self.places -= 1;
        }
        // What is reviewed is what is applied, whatever the application's default is by then.
        new.friend_verification.get_or_insert(self.friend_verification_default);
        Decided::Create(PlannedChange { row, planned: Planned::Create(Box::new(new)) })
    }
}

const EXISTS: &str = "The account is there, and this import only creates accounts.";
const MISSING: &str = "There is no such account, and this import only changes accounts that are there.";
const TYPE: &str = "The type of an account that is there does not change. Leave the cell empty.";

fn refused(field: &str, code: &str, message: &str) -> Decided {
    Decided::Refused(FieldError::new(field, code, message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rollcall_shared::account::{NewAccount, Patch};
    use std::collections::HashMap;

    fn rules(policy: ImportPolicy, admins: i64) -> Rules {
        Rules {
            policy,
            friend_verification_default: FriendVerification::AllowAny,
            user_id_reuse: UserIdReuse::AtOnce,
            now: Timestamp::from_millis(0),
            places: ADMINS_MAX - u32::try_from(admins).unwrap(),
        }
    }

    fn asks(user_id: &str, kind: Option<AccountType>, nickname: &str) -> Candidate {
        let mut asks = ImportRow { user_id: user_id.to_owned(), account_type: kind, ..ImportRow::default() };
        asks.patch.nickname = Patch::Set(nickname.to_owned());
        Candidate { row: 2, asks }
    }

    fn there(user_id: &str) -> Looked {
        let account =
            NewAccount::new(user_id).into_account(Timestamp::from_millis(1), FriendVerification::AllowAny);
        Looked { accounts: HashMap::from([(user_id.to_owned(), account)]), held_back: HashMap::new() }
    }

    fn code(decided: &Decided) -> &str {
        match decided {
            Decided::Create(_) => "create",
            Decided::Update(_) => "update",
            Decided::Unchanged => "unchanged",
            Decided::Refused(error) => &error.code,
        }
    }

    #[test]
    fn policies_say_what_may_be_touched() {
        let both = [ImportPolicy::Both, ImportPolicy::Create, ImportPolicy::Update];
        let of = |candidate: fn() -> Candidate| {
            both.map(|policy| code(&rules(policy, 0).decide(candidate(), &there("ming"))).to_owned())
        };
        assert_eq!(of(|| asks("ming", None, "明")), ["update", "taken", "update"]);
        assert_eq!(of(|| asks("li", None, "李")), ["create", "create", "not_found"]);
        assert_eq!(of(|| asks("ming", None, "")), ["unchanged", "taken", "unchanged"]);
        assert_eq!(
            of(|| asks("ming", Some(AccountType::Admin), "")),
            ["not_writable", "taken", "not_writable"]
        );
    }

    #[test]
    fn admins_have_ten_places() {
        let mut rules = rules(ImportPolicy::Both, 9);
        let admin = |id: &str| asks(id, Some(AccountType::Admin), "");
        assert_eq!(code(&rules.decide(admin("a"), &there("ming"))), "create");
        assert_eq!(code(&rules.decide(admin("b"), &there("ming"))), "admin_limit");
    }

    #[test]
    fn the_default_of_the_review_stays() {
        let decided = rules(ImportPolicy::Both, 0).decide(asks("li", None, ""), &there("ming"));
        let Decided::Create(PlannedChange { planned: Planned::Create(account), .. }) = decided else {
            panic!("not created");
        };
        assert_eq!(account.friend_verification, Some(FriendVerification::AllowAny));
    }
}
