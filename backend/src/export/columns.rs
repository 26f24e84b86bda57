//! An account as cells of a table.

use super::Zone;
use rollcall_shared::{
    account::Account,
    job::{AnyColumn, Column},
    time::Timestamp,
};
use tabular::{Cell, Table};

/// Writes the account as a row. `scratch` saves an allocation for each time.
pub(super) fn write_row(
    table: &mut dyn Table,
    account: &Account,
    columns: &[AnyColumn],
    zone: &Zone,
    scratch: &mut String,
) -> tabular::Result<()> {
    for column in columns {
        let column = match column {
            AnyColumn::Own(column) => column,
            AnyColumn::Custom(name) => {
                let value = account.custom.get(name.as_str()).map(String::as_str);
                table.cell(Cell::Text(value.unwrap_or_default()))?;
                continue;
            }
        };
        table.cell(match column {
            Column::UserId => Cell::Text(&account.user_id),
            Column::Nickname => Cell::Text(&account.nickname),
            Column::Type => Cell::Text(account.account_type.as_str()),
            Column::PhotoUrl => Cell::Text(&account.photo_url),
            Column::Gender => Cell::Text(account.gender.as_str()),
            Column::BirthDate => Cell::Unsigned(account.birth_date),
            Column::Location => Cell::Text(&account.location),
            Column::WhatsUp => Cell::Text(&account.whats_up),
            Column::FriendVerification => Cell::Text(account.friend_verification.as_str()),
            Column::Language => Cell::Unsigned(account.language),
            Column::MessageSettings => Cell::Unsigned(account.message_settings),
            Column::Friending => Cell::Text(account.friending.as_str()),
            Column::Level => Cell::Unsigned(account.level),
            Column::Role => Cell::Unsigned(account.role),
            Column::CreatedAt => time(account.created_at, zone, scratch),
            Column::UpdatedAt => time(account.updated_at, zone, scratch),
        })?;
    }
    table.end_row()
}

fn time<'a>(at: Timestamp, zone: &Zone, scratch: &'a mut String) -> Cell<'a> {
    scratch.clear();
    zone.write(at, scratch);
    Cell::Text(scratch)
}
