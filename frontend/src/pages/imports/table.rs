//! A page of the rows of a review as a table: what is wrong with each, what changes field by field, or what a new account has.

use super::values::{difference, label, readable, shown};
use crate::text::{self, accounts, imports as t};
use leptos::prelude::*;
use rollcall_shared::import::{CellError, FieldChange, RefusedRow, ReviewPage, RowChange};

/// A page of rows.
#[derive(Clone)]
pub enum Rows {
    /// Rows that are refused.
    Refused(ReviewPage<RefusedRow>),
    /// Accounts that would be changed.
    Changed(ReviewPage<RowChange>),
    /// Accounts that would be created.
    New(ReviewPage<RowChange>),
}

/// The table.
#[component]
pub fn Table(
    /// Its rows.
    rows: Rows,
) -> impl IntoView {
    let (columns, body) = match rows {
        Rows::Refused(page) => {
            let columns = vec![t::ROW, t::COLUMN, t::VALUE, t::RULE];
            (columns, page.items.into_iter().map(|row| refused(row).into_any()).collect_view())
        }
        Rows::Changed(page) => {
            let rows = page.items.into_iter().map(|row| change(row, differences).into_any());
            (vec![t::ROW, accounts::USERNAME, t::FIELDS], rows.collect_view())
        }
        Rows::New(page) => {
            let rows = page.items.into_iter().map(|row| change(row, values).into_any());
            (vec![t::ROW, accounts::USERNAME, t::FIELDS], rows.collect_view())
        }
    };
    let column = |label: &'static str| view! { <th scope="col">{label}</th> };
    view! {
        // Narrow screens scroll it sideways, by keys too.
        <div class="grid" role="region" aria-label=t::ROWS tabindex="0">
            <table class="rows">
                <thead><tr>{columns.into_iter().map(column).collect_view()}</tr></thead>
                <tbody>{body}</tbody>
            </table>
        </div>
    }
}

/// A refused row: a line for each thing that is wrong with it.
fn refused(row: RefusedRow) -> impl IntoView {
    let RefusedRow { row, errors, .. } = row;
    let lines = errors.len().max(1);
    let number = text::number(row);
    let line = move |(at, error): (usize, CellError)| {
        let CellError { column, value, error } = error;
        let column = if column.is_empty() { t::WHOLE_ROW.to_owned() } else { column };
        let number = number.clone();
        view! {
            <tr>
                {(at == 0).then(|| view! { <th scope="rowgroup" rowspan=lines class="num">{number}</th> })}
                <td><bdi>{column}</bdi></td>
                <td><bdi class="value">{shown(&value)}</bdi></td>
                <td>{error.message}</td>
            </tr>
        }
    };
    errors.into_iter().enumerate().map(line).collect_view()
}

/// A row that creates or changes an account.
fn change(row: RowChange, fields: fn(Vec<FieldChange>) -> AnyView) -> impl IntoView {
    view! {
        <tr>
            <td class="num">{text::number(row.row)}</td>
            <th scope="row"><bdi>{row.user_id}</bdi></th>
            <td>{fields(row.fields)}</td>
        </tr>
    }
}

/// What was and what comes, field by field. Screen readers do not tell what is struck out, so it is also said.
fn differences(fields: Vec<FieldChange>) -> AnyView {
    let line = |change: FieldChange| {
        let (before, after) = difference(&change);
        view! {
            <div>
                <dt>{label(&change.field)}</dt>
                <dd>
                    <span class="hidden">{t::FROM}" "</span>
                    <del><bdi>{before}</bdi></del>
                    <span aria-hidden="true">" → "</span>
                    <span class="hidden">" "{t::TO}" "</span>
                    <ins><bdi>{after}</bdi></ins>
                </dd>
            </div>
        }
    };
    view! { <dl class="diff">{fields.into_iter().map(line).collect_view()}</dl> }.into_any()
}

/// What a new account has, as far as it is not the default.
fn values(fields: Vec<FieldChange>) -> AnyView {
    if fields.is_empty() {
        return view! { <span class="muted">{t::DEFAULTS}</span> }.into_any();
    }
    let line = |change: FieldChange| {
        let value = readable(&change.field, &change.after);
        view! { <div><dt>{label(&change.field)}</dt><dd><bdi>{value}</bdi></dd></div> }
    };
    view! { <dl class="diff">{fields.into_iter().map(line).collect_view()}</dl> }.into_any()
}
