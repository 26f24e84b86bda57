//! What an operator has chosen for an import: the meaning of each column, which accounts, what empty cells say, how the file is read.
//! It outlives the steps of the page, refused requests and another reading of the file.

use leptos::prelude::*;
use rollcall_shared::{
    error::FieldError,
    import::{EmptyCells, Import, ImportPolicy, Mapping, Preview, Reading, ReviewRequest},
    job::AnyColumn,
};
use std::collections::BTreeSet;

/// What each column means, from left to right; none for one that is left out.
type Meanings = Vec<Option<AnyColumn>>;

/// What is chosen.
#[derive(Clone, Copy)]
pub struct Choices {
    /// What each column means.
    pub meanings: RwSignal<Meanings>,
    /// Which accounts may be touched.
    pub policy: RwSignal<ImportPolicy>,
    /// What an empty cell says.
    pub empty_cells: RwSignal<EmptyCells>,
    /// What separates the cells; empty where the content tells.
    pub delimiter: RwSignal<String>,
    /// The encoding; empty where the content tells.
    pub encoding: RwSignal<String>,
    /// The sheet; empty for the first one.
    pub sheet: RwSignal<String>,
    /// Whether the first row is an account.
    pub no_header: RwSignal<bool>,
    /// Whether texts are taken as they stand.
    pub exact: RwSignal<bool>,
    /// The names of the columns that have these meanings.
    names: StoredValue<Vec<String>>,
}

impl Choices {
    /// What was chosen for the last review, or what is guessed.
    pub fn of(import: &Import) -> Self {
        let settings = import.settings.clone();
        let (policy, empty_cells) =
            settings.as_ref().map(|settings| (settings.policy, settings.empty_cells)).unwrap_or_default();
        let (names, guessed) = match &import.preview {
            Some(preview) => (preview.columns.clone(), preview.mapping.clone()),
            None => Default::default(),
        };
        let chosen = settings.map(|settings| settings.mapping).filter(|chosen| chosen.len() == names.len());
        let Reading { delimiter, encoding, sheet, no_header, exact } = import.reading.clone();
        Self {
            meanings: RwSignal::new(chosen.unwrap_or(guessed)),
            policy: RwSignal::new(policy),
            empty_cells: RwSignal::new(empty_cells),
            delimiter: RwSignal::new(delimiter.unwrap_or_default()),
            encoding: RwSignal::new(encoding.unwrap_or_default()),
            sheet: RwSignal::new(sheet.unwrap_or_default()),
            no_header: RwSignal::new(no_header),
            exact: RwSignal::new(exact),
            names: StoredValue::new(names),
        }
    }

    /// Follows the columns of the file, after it was read otherwise: what was chosen for a name stays chosen.
    pub fn follow(self, import: &Import) {
        let Some(preview) = &import.preview else { return };
        let names = self.names.get_value();
        if names == preview.columns {
            return;
        }
        let meanings = self.meanings.with_untracked(|meanings| carried(&names, meanings, preview));
        self.meanings.set(meanings);
        self.names.set_value(preview.columns.clone());
    }

    /// Chooses the meaning of the column at this place.
    pub fn choose(self, place: usize, meaning: Option<AnyColumn>) {
        self.meanings.update(|meanings| {
            if let Some(column) = meanings.get_mut(place) {
                *column = meaning;
            }
        });
    }

    /// What is wrong with the meanings.
    pub fn errors(self) -> Vec<FieldError> {
        Mapping::new(self.meanings.get()).err().unwrap_or_default()
    }

    /// What a review is asked for.
    pub fn request(self) -> ReviewRequest {
        ReviewRequest {
            mapping: self.meanings.get_untracked(),
            policy: self.policy.get_untracked(),
            empty_cells: self.empty_cells.get_untracked(),
        }
    }

    /// How the file is to be read.
    pub fn reading(self) -> Reading {
        let text = |of: RwSignal<String>| Some(of.get_untracked()).filter(|text| !text.is_empty());
        Reading {
            delimiter: text(self.delimiter),
            encoding: text(self.encoding),
            sheet: text(self.sheet),
            no_header: self.no_header.get_untracked(),
            exact: self.exact.get_untracked(),
        }
    }
}

/// The meanings of a file's columns after it was read otherwise. A column of the same name keeps what was chosen for it, at the same
/// place first; the others have what is guessed, unless a column that stays has it already.
fn carried(names: &[String], chosen: &[Option<AnyColumn>], now: &Preview) -> Meanings {
    let was = |(place, name): (usize, &String)| {
        let same_place = (names.get(place) == Some(name)).then_some(place);
        let was = same_place.or_else(|| names.iter().position(|other| other == name))?;
        chosen.get(was).copied()
    };
    let mut taken = BTreeSet::new();
    let mut once = |column: Option<AnyColumn>| column.filter(|column| taken.insert(*column));
    let kept: Vec<Option<Option<AnyColumn>>> =
        now.columns.iter().enumerate().map(|column| was(column).map(&mut once)).collect();
    kept.into_iter()
        .enumerate()
        .map(|(place, kept)| kept.unwrap_or_else(|| once(now.mapping.get(place).copied().flatten())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rollcall_shared::{import::guess, job::Column};

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn preview(columns: &[&str]) -> Preview {
        let columns = names(columns);
        Preview { mapping: guess(&columns, &[]), columns, ..Preview::default() }
    }

    fn own(column: Column) -> Option<AnyColumn> {
        Some(AnyColumn::Own(column))
    }

    #[test]
    fn a_column_keeps_what_was_chosen_for_its_name() {
        let chosen = [own(Column::UserId), own(Column::Level), None];
        let now = preview(&["points", "user_id", "nickname", "role"]);
        let carried = carried(&names(&["user_id", "points", "nickname"]), &chosen, &now);
        assert_eq!(carried, [own(Column::Level), own(Column::UserId), None, own(Column::Role)]);
    }

    #[test]
    fn a_guess_gives_way_to_what_was_chosen() {
        let chosen = [own(Column::UserId), own(Column::Role)];
        let now = preview(&["role", "who", "team"]);
        let carried = carried(&names(&["who", "team"]), &chosen, &now);
        assert_eq!(carried, [None, own(Column::UserId), own(Column::Role)]);
    }

    #[test]
    fn columns_of_one_name_are_told_apart_by_their_place() {
        let chosen = [own(Column::UserId), own(Column::Nickname), own(Column::Level)];
        let now = preview(&["x", "x", "x", "x"]);
        let carried = carried(&names(&["x", "x", "x"]), &chosen, &now);
        assert_eq!(carried, [own(Column::UserId), own(Column::Nickname), own(Column::Level), None]);
    }

    #[test]
    fn the_first_reading_has_what_is_guessed() {
        let carried = carried(&[], &[], &preview(&["Username", "whatever", "nick"]));
        assert_eq!(carried, [own(Column::UserId), None, own(Column::Nickname)]);
    }
}
