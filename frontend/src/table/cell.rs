//! A cell of the table, by column.

use super::{columns, face::Face, highlight::pieces};
use crate::{forms::draft::Field, text::accounts as t, ui::time::Time};
use leptos::{either::Either, prelude::*};
use rollcall_shared::{
    account::Account,
    job::{AnyColumn, Column},
    profile::AccountType,
};
use std::sync::Arc;

/// A cell.
#[component]
pub fn Cell(
    /// The column.
    column: AnyColumn,
    /// The row's account.
    account: Arc<Account>,
    /// What is searched for.
    needle: Memo<String>,
) -> impl IntoView {
    let class = columns::class(column);
    let own = match column {
        AnyColumn::Own(own) => own,
        AnyColumn::Custom(name) => {
            let text = t::value(Field::Custom(name), &account);
            let title = text.clone();
            return view! { <td class=class title=title><bdi>{text}</bdi></td> }.into_any();
        }
    };
    match own {
        Column::UserId => view! {
            <th class=class scope="row">
                <div class="who">
                    <Face account=account.clone() />
                    <Marked text=account.user_id.clone() needle />
                </div>
            </th>
        }
        .into_any(),
        Column::Nickname => {
            view! { <td class=class><Marked text=account.nickname.clone() needle /></td> }.into_any()
        }
        Column::Type => {
            let admin = account.account_type == AccountType::Admin;
            view! { <td class=class><span class="tag" class:admin=admin>{t::account_type(account.account_type)}</span></td> }
                .into_any()
        }
        Column::CreatedAt => view! { <td class=class><Time at=account.created_at /></td> }.into_any(),
        Column::UpdatedAt => view! { <td class=class><Time at=account.updated_at /></td> }.into_any(),
        other => view! { <td class=class><bdi>{plain(other, &account)}</bdi></td> }.into_any(),
    }
}

/// The text of a column that is shown as it is.
fn plain(column: Column, account: &Account) -> String {
    let field = match column {
        Column::Gender => Field::Gender,
        Column::BirthDate => Field::BirthDate,
        Column::Location => Field::Location,
        Column::WhatsUp => Field::WhatsUp,
        Column::FriendVerification => Field::FriendVerification,
        Column::Language => Field::Language,
        Column::MessageSettings => Field::MessageSettings,
        Column::Friending => Field::Friending,
        Column::Level => Field::Level,
        Column::Role => Field::Role,
        Column::PhotoUrl => Field::PhotoUrl,
        Column::UserId | Column::Nickname | Column::Type | Column::CreatedAt | Column::UpdatedAt => {
            return String::new();
        }
    };
    t::value(field, account)
}

/// A name with what was searched for marked in it. Names of people keep their own direction.
#[component]
fn Marked(text: String, needle: Memo<String>) -> impl IntoView {
    let piece = |piece: super::highlight::Piece| {
        if piece.hit { Either::Left(view! { <mark>{piece.text}</mark> }) } else { Either::Right(piece.text) }
    };
    view! { <bdi>{move || needle.with(|needle| pieces(&text, needle)).into_iter().map(piece).collect_view()}</bdi> }
}
