//! Two people changed one account: what was read, what is there now and what was typed, compared field by field.
//! Pure; the dialog is [`super::conflict_view`].

use super::draft::{Draft, Field};
use rollcall_shared::account::Account;
use std::collections::BTreeMap;

/// Whose value a field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// What was typed here.
    Mine,
    /// What is stored now.
    Theirs,
}

/// A field where the two versions differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The field.
    pub field: Field,
    /// What was typed here, or read.
    pub mine: String,
    /// What is stored now.
    pub theirs: String,
    /// Both changed it, so someone has to choose.
    pub both: bool,
}

/// A refused change beside the account as it is now.
#[derive(Clone, Debug, PartialEq)]
pub struct Conflict {
    /// The account as it is now.
    pub theirs: Account,
    /// What was typed, over what was read.
    pub mine: Draft,
    choices: BTreeMap<Field, Side>,
}

impl Conflict {
    /// Compares. A field that one side alone changed takes that side's value unless told otherwise; a field
    /// that both changed waits for a choice.
    pub fn new(mine: Draft, theirs: Account) -> Self {
        let mut conflict = Self { theirs, mine, choices: BTreeMap::new() };
        for row in conflict.differences() {
            if !row.both {
                let side = if conflict.mine.touched(row.field) { Side::Mine } else { Side::Theirs };
                conflict.choices.insert(row.field, side);
            }
        }
        conflict
    }

    /// The fields where the two versions differ, in the order of the form.
    pub fn differences(&self) -> Vec<Difference> {
        let row = |field: Field| {
            let (mine, theirs) = (self.mine.text(field).to_owned(), field.text_of(&self.theirs));
            let both = self.mine.touched(field) && theirs != field.text_of(&self.mine.base);
            (mine != theirs).then_some(Difference { field, mine, theirs, both })
        };
        self.mine.fields().filter_map(row).collect()
    }

    /// Whether the account was deleted and created again, so that it is another one under the same name.
    pub fn is_another_account(&self) -> bool {
        self.theirs.created_at != self.mine.base.created_at
    }

    /// The choice for a field, if one was made.
    pub fn choice(&self, field: Field) -> Option<Side> {
        self.choices.get(&field).copied()
    }

    /// Chooses.
    pub fn choose(&mut self, field: Field, side: Side) {
        self.choices.insert(field, side);
    }

    /// Chooses one side for every difference.
    pub fn choose_all(&mut self, side: Side) {
        for row in self.differences() {
            self.choose(row.field, side);
        }
    }

    /// How many differences wait for a choice.
    pub fn open(&self) -> usize {
        self.differences().iter().filter(|row| self.choice(row.field).is_none()).count()
    }

    /// The draft that carries the choices, over the account as it is now; `None` while a choice is missing.
    pub fn resolved(&self) -> Option<Draft> {
        let mut draft = self.mine.over(self.theirs.clone());
        for row in self.differences() {
            if self.choice(row.field)? == Side::Mine {
                draft.set(row.field, row.mine);
            }
        }
        Some(draft)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rollcall_shared::{account::NewAccount, account::Patch, time::Timestamp};

    fn base() -> Account {
        NewAccount::new("ming").into_account(Timestamp::from_millis(1), Default::default())
    }

    /// I typed a nickname and a level; they changed the nickname and the location.
    fn conflict() -> Conflict {
        let mut mine = Draft::new(base(), &[]);
        mine.set(Field::Nickname, "mine".to_owned());
        mine.set(Field::Level, "5".to_owned());
        let theirs = Account { nickname: "theirs".into(), location: "Wien".into(), version: 2, ..base() };
        Conflict::new(mine, theirs)
    }

    #[test]
    fn only_what_both_changed_waits_for_a_choice() {
        let conflict = conflict();
        let rows: Vec<_> = conflict.differences().iter().map(|r| (r.field, r.both)).collect();
        assert_eq!(rows, [(Field::Nickname, true), (Field::Location, false), (Field::Level, false)]);
        assert_eq!(conflict.choice(Field::Location), Some(Side::Theirs));
        assert_eq!(conflict.choice(Field::Level), Some(Side::Mine));
        assert_eq!((conflict.open(), conflict.resolved()), (1, None));
    }

    #[test]
    fn the_choices_become_a_patch_over_the_new_version() {
        let mut conflict = conflict();
        conflict.choose(Field::Nickname, Side::Theirs);
        let draft = conflict.resolved().unwrap();
        assert_eq!(draft.base.version, 2);
        assert_eq!(draft.changes(), [Field::Level]);
        conflict.choose(Field::Nickname, Side::Mine);
        conflict.choose(Field::Location, Side::Mine);
        let patch = conflict.resolved().unwrap().patch().unwrap();
        assert_eq!(patch.nickname, Patch::Set("mine".to_owned()));
        assert_eq!(patch.location, Patch::Set(String::new()));
    }

    #[test]
    fn one_side_can_be_taken_whole() {
        let mut conflict = conflict();
        conflict.choose_all(Side::Theirs);
        assert!(conflict.resolved().unwrap().changes().is_empty());
        conflict.choose_all(Side::Mine);
        assert_eq!(conflict.resolved().unwrap().changes(), [Field::Nickname, Field::Location, Field::Level]);
    }

    #[test]
    fn the_same_change_on_both_sides_is_no_difference() {
        let mut mine = Draft::new(base(), &[]);
        mine.set(Field::Nickname, "same".to_owned());
        let conflict = Conflict::new(mine, Account { nickname: "same".into(), version: 2, ..base() });
        assert!(conflict.differences().is_empty());
        assert!(conflict.resolved().unwrap().changes().is_empty());
    }

    #[test]
    fn a_new_incarnation_is_another_account() {
        assert!(!conflict().is_another_account());
        let again = Account { created_at: Timestamp::from_millis(2), ..base() };
        assert!(Conflict::new(Draft::new(base(), &[]), again).is_another_account());
    }
}
