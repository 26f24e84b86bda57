//! Which column of a file is which field of accounts: guessed from the header, chosen by a person, and used row by row.

use super::{
    EmptyCells, ImportRow,
    cell::{day, named, number, patch, plain},
};
use crate::{
    account::{CustomPatch, Patch},
    custom_field::FieldName,
    error::{FieldError, codes},
    export::Header,
    job::{AnyColumn, Column},
    profile::AccountType,
};
use std::collections::BTreeSet;

/// What columns are called elsewhere, in small letters and digits: by the console, and by the chat vendor.
const ALIASES: [(&str, Column); 40] = [
    ("userid", Column::UserId),
    ("username", Column::UserId),
    ("user", Column::UserId),
    ("id", Column::UserId),
    ("account", Column::UserId),
    ("identifier", Column::UserId),
    ("nickname", Column::Nickname),
    ("nick", Column::Nickname),
    ("name", Column::Nickname),
    ("displayname", Column::Nickname),
    ("tagprofileimnick", Column::Nickname),
    ("type", Column::Type),
    ("accounttype", Column::Type),
    ("photourl", Column::PhotoUrl),
    ("photo", Column::PhotoUrl),
    ("profilephoto", Column::PhotoUrl),
    ("faceurl", Column::PhotoUrl),
    ("avatar", Column::PhotoUrl),
    ("tagprofileimimage", Column::PhotoUrl),
    ("gender", Column::Gender),
    ("sex", Column::Gender),
    ("tagprofileimgender", Column::Gender),
    ("birthdate", Column::BirthDate),
    ("birthday", Column::BirthDate),
    ("tagprofileimbirthday", Column::BirthDate),
    ("location", Column::Location),
    ("tagprofileimlocation", Column::Location),
    ("whatsup", Column::WhatsUp),
    ("status", Column::WhatsUp),
    ("tagprofileimselfsignature", Column::WhatsUp),
    ("friendverification", Column::FriendVerification),
    ("tagprofileimallowtype", Column::FriendVerification),
    ("language", Column::Language),
    ("tagprofileimlanguage", Column::Language),
    ("messagesettings", Column::MessageSettings),
    ("tagprofileimmsgsettings", Column::MessageSettings),
    ("friending", Column::Friending),
    ("tagprofileimadminforbidtype", Column::Friending),
    ("level", Column::Level),
    ("role", Column::Role),
];

/// What the header's columns probably mean, given the application's custom fields: each field once, and nothing for a column that is
/// like none. Times of creation and change are the server's own, so they mean nothing here.
pub fn guess(header: &[String], custom: &[FieldName]) -> Vec<Option<AnyColumn>> {
    let mut taken = BTreeSet::new();
    let meaning = |name: &String| {
        let exact = name.trim().parse().ok().filter(|column| match column {
            AnyColumn::Custom(field) => custom.contains(field),
            AnyColumn::Own(_) => is_importable(*column),
        });
        let word = plain(name);
        let alias =
            ALIASES.iter().find(|(alias, _)| *alias == word).map(|(_, column)| AnyColumn::Own(*column));
        let field = custom.iter().find(|field| {
            word == plain(field.as_str())
                || word.strip_prefix("tagprofilecustom") == Some(&plain(field.as_str()))
        });
        exact.or_else(|| labelled(&word)).or(alias).or_else(|| field.copied().map(AnyColumn::Custom))
    };
    header.iter().map(|name| meaning(name).filter(|column| taken.insert(*column))).collect()
}

/// The column that an export calls so, in any language of its header.
fn labelled(word: &str) -> Option<AnyColumn> {
    let mut columns = Column::ALL.iter().copied().map(AnyColumn::Own).filter(|column| is_importable(*column));
    columns.find(|column| Header::ALL.iter().any(|header| plain(&header.label(*column)) == word))
}

fn is_importable(column: AnyColumn) -> bool {
    !matches!(column, AnyColumn::Own(Column::CreatedAt | Column::UpdatedAt))
}

/// What each column of a file means, from left to right; `null` for one that is left out. One of them is the username, and none
/// means what another does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping(Vec<Option<AnyColumn>>);

impl Mapping {
    /// Checks the meanings.
    ///
    /// # Errors
    /// Each column that is wrong, as `mapping[2]`, or `mapping` if there is no username.
    pub fn new(columns: Vec<Option<AnyColumn>>) -> Result<Self, Vec<FieldError>> {
        let mut seen = BTreeSet::new();
        let mut errors = Vec::new();
        for (place, column) in columns.iter().enumerate() {
            let Some(column) = column else { continue };
            let field = format!("mapping[{place}]");
            if !is_importable(*column) {
                let rule = format!("{column} is set by the server; leave the column out.");
                errors.push(FieldError::new(&field, codes::NOT_WRITABLE, rule));
            } else if !seen.insert(*column) {
                let rule = format!("Another column is {column} already; leave one of them out.");
                errors.push(FieldError::new(&field, codes::INVALID, rule));
            }
        }
        if !seen.contains(&AnyColumn::Own(Column::UserId)) {
            errors.push(FieldError::new(
                "mapping",
                codes::REQUIRED,
                "Choose the column that holds the username.",
            ));
        }
        if errors.is_empty() { Ok(Self(columns)) } else { Err(errors) }
    }

    /// What each column means.
    pub fn columns(&self) -> &[Option<AnyColumn>] {
        &self.0
    }

    /// The place of the column that means this field.
    pub fn place_of(&self, field: &str) -> Option<usize> {
        self.0.iter().position(|column| column.is_some_and(|column| column.to_string() == field))
    }

    /// Reads a row's cells, one for each column; cells that are missing are empty. Space around a username and around values of
    /// closed sets and numbers does not count; other texts are taken as they stand.
    ///
    /// # Errors
    /// Every cell that cannot be read or breaks a rule, by the field that it should have been.
    pub fn read(&self, cells: &[&str], empty: EmptyCells) -> Result<ImportRow, Vec<FieldError>> {
        let (mut row, mut errors, mut custom) = (ImportRow::default(), Vec::new(), CustomPatch::new());
        for (place, column) in self.0.iter().enumerate() {
            let Some(column) = column else { continue };
            let cell = cells.get(place).copied().unwrap_or_default();
            let read = match column {
                AnyColumn::Own(column) => own(&mut row, *column, cell, empty),
                AnyColumn::Custom(field) => {
                    match (cell.is_empty(), empty) {
                        (true, EmptyCells::Keep) => {}
                        (true, EmptyCells::Clear) => drop(custom.insert(field.as_str().to_owned(), None)),
                        (false, _) => drop(custom.insert(field.as_str().to_owned(), Some(cell.to_owned()))),
                    }
                    Ok(())
                }
            };
            errors.extend(read.err());
        }
        if !custom.is_empty() {
            row.patch.custom = Patch::Set(custom);
        }
        errors.extend(row.errors());
        if errors.is_empty() { Ok(row) } else { Err(errors) }
    }
}

/// Puts a cell into the field of the row.
fn own(row: &mut ImportRow, column: Column, cell: &str, empty: EmptyCells) -> Result<(), FieldError> {
    let (field, short, to) = (column.as_str(), cell.trim(), &mut row.patch);
    let text = |cell: &str| patch(cell, empty, |text| Ok(text.to_owned()));
    let number = |cell: &str| patch(cell, empty, |text| number(field, text));
    match column {
        Column::UserId => short.clone_into(&mut row.user_id),
        Column::Nickname => to.nickname = text(cell)?,
        Column::Type if short.is_empty() => {}
        Column::Type => row.account_type = Some(named::<AccountType>(field, short)?),
        Column::PhotoUrl => to.photo_url = text(short)?,
        Column::Gender => to.gender = patch(short, empty, |text| named(field, text))?,
        Column::BirthDate => to.birth_date = patch(short, empty, |text| day(field, text))?,
        Column::Location => to.location = text(cell)?,
        Column::WhatsUp => to.whats_up = text(cell)?,
        Column::FriendVerification => {
            to.friend_verification = patch(short, empty, |text| named(field, text))?
        }
        Column::Language => to.language = number(short)?,
        Column::MessageSettings => to.message_settings = number(short)?,
        Column::Friending => to.friending = patch(short, empty, |text| named(field, text))?,
        Column::Level => to.level = number(short)?,
        Column::Role => to.role = number(short)?,
        // No mapping has them.
        Column::CreatedAt | Column::UpdatedAt => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::{FriendVerification, Gender};

    fn header(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn guessed(names: &[&str]) -> Vec<String> {
        let custom = ["Hobby".parse().unwrap()];
        let shown =
            |column: Option<AnyColumn>| column.map_or_else(|| "-".to_owned(), |column| column.to_string());
        guess(&header(names), &custom).into_iter().map(shown).collect()
    }

    fn mapping(names: &[&str]) -> Mapping {
        Mapping::new(guess(&header(names), &["Hobby".parse().unwrap()])).unwrap()
    }

    #[test]
    fn headers_of_many_origins_are_understood() {
        assert_eq!(
            guessed(&["user_id", "nickname", "custom.Hobby"]),
            ["user_id", "nickname", "custom.Hobby"]
        );
        assert_eq!(guessed(&["UserID", "Nick", "FaceUrl"]), ["user_id", "nickname", "photo_url"]);
        assert_eq!(
            guessed(&["Username", "Tag_Profile_IM_AllowType", "Tag_Profile_Custom_Hobby", "hobby"]),
            ["user_id", "friend_verification", "custom.Hobby", "-"]
        );
        assert_eq!(
            guessed(&["id", "user", "created_at", "Team", "custom.Other"]),
            ["user_id", "-", "-", "-", "-"]
        );
    }

    #[test]
    fn every_column_of_an_export_is_understood_but_the_servers_own() {
        // Custom fields that are called like others stay what they are.
        let custom = ["Hobby", "Level", "Username"].map(|name| name.parse().unwrap());
        let columns = AnyColumn::all(custom);
        for header in Header::ALL {
            let names: Vec<String> =
                columns.iter().map(|column| header.label(*column).into_owned()).collect();
            for (column, guessed) in columns.iter().zip(guess(&names, &custom)) {
                assert_eq!(
                    guessed,
                    Some(*column).filter(|column| is_importable(*column)),
                    "{header} {column}"
                );
            }
        }
    }

    #[test]
    fn a_mapping_needs_the_username_and_each_field_once() {
        let columns = |names: &[&str]| {
            let parse = |name: &&str| (*name != "-").then(|| name.parse().unwrap());
            Mapping::new(names.iter().map(parse).collect())
        };
        let fields =
            |errors: Vec<FieldError>| errors.into_iter().map(|e| (e.field, e.code)).collect::<Vec<_>>();
        let pair = |field: &str, code: &str| (field.to_owned(), code.to_owned());
        assert_eq!(fields(columns(&["-", "nickname"]).unwrap_err()), [pair("mapping", "required")]);
        let wrong = columns(&["user_id", "level", "level", "created_at"]).unwrap_err();
        assert_eq!(fields(wrong), [pair("mapping[2]", "invalid"), pair("mapping[3]", "not_writable")]);
        assert_eq!(columns(&["-", "user_id", "level"]).unwrap().place_of("level"), Some(2));
    }

    #[test]
    fn a_row_says_what_its_cells_say() {
        let mapping =
            mapping(&["nickname", "x", "user_id", "gender", "level", "Hobby", "type", "birth_date"]);
        let cells = [" 赵 ", "?", " ming ", " Female ", "3.0", "chess", "admin", "1988-05-14"];
        let row = mapping.read(&cells, EmptyCells::Keep).unwrap();
        assert_eq!((row.user_id.as_str(), row.account_type), ("ming", Some(AccountType::Admin)));
        assert_eq!(row.patch.nickname, Patch::Set(" 赵 ".to_owned()));
        assert_eq!(
            (row.patch.gender.clone(), row.patch.level.clone()),
            (Patch::Set(Gender::Female), Patch::Set(3))
        );
        let new = row.into_new();
        assert_eq!((new.custom["Hobby"].as_str(), new.birth_date), ("chess", Some(19_880_514)));
        assert_eq!(new.friend_verification, None::<FriendVerification>);
    }

    #[test]
    fn an_empty_cell_keeps_or_clears() {
        let mapping = mapping(&["user_id", "nickname", "level", "Hobby", "type"]);
        let kept = mapping.read(&["ming", "", "", "", ""], EmptyCells::Keep).unwrap();
        assert!(kept.patch.is_empty() && kept.account_type.is_none());
        let cleared = mapping.read(&["ming"], EmptyCells::Clear).unwrap();
        assert_eq!(
            (cleared.patch.nickname.clone(), cleared.patch.level.clone()),
            (Patch::Reset, Patch::Reset)
        );
        assert_eq!(cleared.patch.custom.value().unwrap()["Hobby"], None);
        assert_eq!(cleared.into_new().custom.len(), 0);
    }

    #[test]
    fn every_cell_that_is_wrong_is_named() {
        let mapping = mapping(&["user_id", "gender", "level", "photo_url", "location"]);
        let cells = ["明", "woman", "-1", "javascript:alert(1)", "Shenzhen, Guangdong"];
        let errors = mapping.read(&cells, EmptyCells::Keep).unwrap_err();
        let codes: Vec<(&str, &str)> = errors.iter().map(|e| (e.field.as_str(), e.code.as_str())).collect();
        assert_eq!(
            codes,
            [
                ("gender", "unknown_value"),
                ("level", "out_of_range"),
                ("user_id", "invalid_character"),
                ("photo_url", "invalid_url"),
                ("location", "too_long")
            ]
        );
    }
}
