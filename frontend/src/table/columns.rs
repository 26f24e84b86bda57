//! The columns of the list: which there are, which are shown, and how the cookie keeps them.

use rollcall_shared::{
    custom_field::FieldName,
    job::{AnyColumn, Column},
    list::SortField,
};

/// What stands between two columns in the cookie.
const SEPARATOR: char = '~';

/// What is shown until someone chooses.
const USUAL: [Column; 4] = [Column::UserId, Column::Nickname, Column::Type, Column::CreatedAt];

/// The columns that can be hidden, in the order of the table. Username always shows, and the photo with it.
const OFFERED: [Column; 14] = [
    Column::Nickname,
    Column::Type,
    Column::Gender,
    Column::BirthDate,
    Column::Location,
    Column::WhatsUp,
    Column::FriendVerification,
    Column::Language,
    Column::MessageSettings,
    Column::Friending,
    Column::Level,
    Column::Role,
    Column::CreatedAt,
    Column::UpdatedAt,
];

/// The columns that can be hidden in an application with these custom fields, in the order of the table: its own fields
/// before the times.
pub fn offered(custom: &[FieldName]) -> Vec<AnyColumn> {
    let (fields, times) = OFFERED.split_at(OFFERED.len() - 2);
    let own = |columns: &[Column]| columns.iter().copied().map(AnyColumn::Own).collect::<Vec<_>>();
    let custom = custom.iter().copied().map(AnyColumn::Custom);
    own(fields).into_iter().chain(custom).chain(own(times)).collect()
}

/// The columns that a cookie names, of whatever application; the usual ones when it says nothing that is understood.
pub fn parse(cookie: &str) -> Vec<AnyColumn> {
    // Cookies were once separated by dots, which names of custom fields have.
    let separator = if cookie.contains(SEPARATOR) || cookie.contains("custom.") { SEPARATOR } else { '.' };
    let named: Vec<AnyColumn> = cookie.split(separator).filter_map(|name| name.parse().ok()).collect();
    if named.is_empty() { USUAL.map(AnyColumn::Own).to_vec() } else { named }
}

/// The columns that are shown in an application with these custom fields.
pub fn shown(named: &[AnyColumn], custom: &[FieldName]) -> Vec<AnyColumn> {
    let rest = offered(custom).into_iter().filter(|column| named.contains(column));
    std::iter::once(AnyColumn::Own(Column::UserId)).chain(rest).collect()
}

/// The cookie of these columns with one more, or without it. What other applications call a column stays in it.
pub fn toggled(named: &[AnyColumn], column: AnyColumn) -> String {
    let kept = named.iter().copied().filter(|other| *other != column);
    let added = (!named.contains(&column)).then_some(column);
    kept.chain(added).map(|column| column.to_string()).collect::<Vec<_>>().join(&SEPARATOR.to_string())
}

/// The sort that a column's head offers.
pub const fn sort_of(column: AnyColumn) -> Option<SortField> {
    match column {
        AnyColumn::Own(Column::UserId) => Some(SortField::UserId),
        AnyColumn::Own(Column::Nickname) => Some(SortField::Nickname),
        AnyColumn::Own(Column::CreatedAt) => Some(SortField::CreatedAt),
        _ => None,
    }
}

/// The class of a column's cells.
pub fn class(column: AnyColumn) -> String {
    match column {
        AnyColumn::Own(column) => format!("col-{}", column.as_str()),
        AnyColumn::Custom(_) => "col-custom".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(columns: &[AnyColumn]) -> Vec<String> {
        columns.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_choice_survives_the_cookie() {
        let cookie = toggled(&parse(""), Column::Level.into());
        let named = parse(&cookie);
        assert_eq!(names(&shown(&named, &[])), ["user_id", "nickname", "type", "level", "created_at"]);
        let back = parse(&toggled(&named, Column::Level.into()));
        assert_eq!(shown(&back, &[]), shown(&parse(""), &[]));
    }

    #[test]
    fn a_cookie_of_another_time_shows_what_it_can() {
        assert_eq!(names(&parse("colour")), ["user_id", "nickname", "type", "created_at"]);
        assert_eq!(names(&shown(&parse("user_id"), &[])), ["user_id"]);
        assert_eq!(names(&shown(&parse("user_id.level"), &[])), ["user_id", "level"]);
        assert_eq!(names(&shown(&parse("level~colour~photo_url"), &[])), ["user_id", "level"]);
    }

    #[test]
    fn a_custom_column_shows_where_it_is_defined_and_is_remembered_elsewhere() {
        let hobby: FieldName = "Hobby".parse().unwrap();
        let named = parse(&toggled(&parse("level~updated_at"), AnyColumn::Custom(hobby)));
        assert_eq!(names(&shown(&named, &[hobby])), ["user_id", "level", "custom.Hobby", "updated_at"]);
        assert_eq!(names(&shown(&named, &[])), ["user_id", "level", "updated_at"]);
        let elsewhere = parse(&toggled(&named, Column::Level.into()));
        assert_eq!(names(&shown(&elsewhere, &[hobby])), ["user_id", "custom.Hobby", "updated_at"]);
    }
}
