//! The columns of the list: which there are, which are shown, and how the cookie keeps them.

use rollcall_shared::{job::Column, list::SortField};

/// What is shown until someone chooses.
pub const USUAL: &[Column] = &[Column::UserId, Column::Nickname, Column::Type, Column::CreatedAt];

/// The columns that can be hidden, in the order of the table. Username always shows, and the photo with it.
pub const OFFERED: &[Column] = &[
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

/// The shown columns of a cookie; the usual ones when it says nothing that is understood.
pub fn parse(cookie: &str) -> Vec<Column> {
    let named: Vec<Column> = cookie.split('.').filter_map(|name| name.parse().ok()).collect();
    if named.is_empty() { USUAL.to_vec() } else { in_order(|column| named.contains(&column)) }
}

/// The cookie of the shown columns.
pub fn to_cookie(shown: &[Column]) -> String {
    shown.iter().map(|column| column.as_str()).collect::<Vec<_>>().join(".")
}

/// The shown columns with one more, or without it.
pub fn toggled(shown: &[Column], column: Column) -> Vec<Column> {
    in_order(|c| shown.contains(&c) != (c == column))
}

fn in_order(show: impl Fn(Column) -> bool) -> Vec<Column> {
    let rest = OFFERED.iter().copied().filter(|column| show(*column));
    std::iter::once(Column::UserId).chain(rest).collect()
}

/// The sort that a column's head offers.
pub const fn sort_of(column: Column) -> Option<SortField> {
    match column {
        Column::UserId => Some(SortField::UserId),
        Column::Nickname => Some(SortField::Nickname),
        Column::CreatedAt => Some(SortField::CreatedAt),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_choice_survives_the_cookie() {
        let shown = toggled(USUAL, Column::Level);
        assert_eq!(to_cookie(&shown), "user_id.nickname.type.level.created_at");
        assert_eq!(parse(&to_cookie(&shown)), shown);
        assert_eq!(toggled(&shown, Column::Level), USUAL);
    }

    #[test]
    fn a_cookie_of_another_time_shows_what_it_can() {
        assert_eq!(parse(""), USUAL);
        assert_eq!(parse("colour"), USUAL);
        assert_eq!(parse("user_id"), [Column::UserId]);
        assert_eq!(parse("level.colour.photo_url"), [Column::UserId, Column::Level]);
    }
}
