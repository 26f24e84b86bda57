//! The columns of an export by choice: ticked, and moved up and down by buttons or by Alt with the arrows.

use crate::{
    browser,
    text::accounts as t,
    ui::icon::{Glyph, Icon},
};
use leptos::{ev, prelude::*};
use rollcall_shared::job::AnyColumn;

/// The id of the sentence that says how they are moved.
const HINT_ID: &str = "export-order-hint";

/// Which way a column is moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Up,
    Down,
}

/// The order with a column moved by one place, and the place where it is then; `None` at an end.
fn moved(
    order: &[(AnyColumn, bool)],
    column: AnyColumn,
    way: Way,
) -> Option<(Vec<(AnyColumn, bool)>, usize)> {
    let place = order.iter().position(|(other, _)| *other == column)?;
    let to = match way {
        Way::Up => place.checked_sub(1)?,
        Way::Down => Some(place + 1).filter(|to| *to < order.len())?,
    };
    let mut order = order.to_vec();
    order.swap(place, to);
    Some((order, to))
}

/// The id of what moves a column.
fn id(column: AnyColumn, way: Way) -> String {
    format!("export-{}-{column}", if way == Way::Up { "up" } else { "down" })
}

/// The columns in their order.
#[component]
pub fn OwnColumns(
    /// Every column, and whether it is chosen.
    order: RwSignal<Vec<(AnyColumn, bool)>>,
) -> impl IntoView {
    let said = RwSignal::new(String::new());
    let shift = Callback::new(move |(column, way, focus): (AnyColumn, Way, String)| {
        let next = order.with_untracked(|order| moved(order, column, way));
        let Some((next, place)) = next else { return };
        said.set(t::moved_to(&t::column(column), place + 1, next.len()));
        order.set(next);
        // Moving an element takes the focus from it.
        request_animation_frame(move || browser::focus(&focus));
    });
    let columns = move || order.get().into_iter().map(|(column, _)| column).collect::<Vec<_>>();
    view! {
        <fieldset class="order" aria-describedby=HINT_ID>
            <legend class="hidden">{t::OWN_COLUMNS}</legend>
            <small id=HINT_ID class="muted">{t::ORDER_HINT}</small>
            <ol>
                <For
                    each=columns
                    key=|column| *column
                    let:column
                >
                    <Item order column shift />
                </For>
            </ol>
            <span class="hidden" role="status">{said}</span>
        </fieldset>
    }
}

#[component]
fn Item(
    order: RwSignal<Vec<(AnyColumn, bool)>>,
    column: AnyColumn,
    shift: Callback<(AnyColumn, Way, String)>,
) -> impl IntoView {
    let tick_id = format!("export-column-{column}");
    let chosen = move || order.with(|order| order.iter().any(|(other, chosen)| *other == column && *chosen));
    let toggle = move |_| {
        order.update(|order| {
            if let Some((_, chosen)) = order.iter_mut().find(|(other, _)| *other == column) {
                *chosen = !*chosen;
            }
        });
    };
    let focus = tick_id.clone();
    let press = move |event: ev::KeyboardEvent| {
        let way = match event.key().as_str() {
            "ArrowUp" => Way::Up,
            "ArrowDown" => Way::Down,
            _ => return,
        };
        if event.alt_key() {
            event.prevent_default();
            shift.run((column, way, focus.clone()));
        }
    };
    let button = move |way: Way| {
        let at_end = move || order.with(|order| moved(order, column, way).is_none());
        view! {
            <button
                type="button"
                id=id(column, way)
                class="btn quiet icon"
                class:up=way == Way::Up
                aria-label=t::move_column(&t::column(column), way == Way::Up)
                aria-disabled=move || at_end().then_some("true")
                on:click=move |_| shift.run((column, way, id(column, way)))
            >
                <Glyph icon=Icon::Down />
            </button>
        }
    };
    view! {
        <li>
            <label class="choice">
                <input
                    id=tick_id
                    type="checkbox"
                    prop:checked=chosen
                    on:change=toggle
                    on:keydown=press
                />
                {t::column(column)}
            </label>
            {button(Way::Up)}
            {button(Way::Down)}
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rollcall_shared::job::Column;

    #[test]
    fn a_column_is_moved_by_one_place_and_not_past_an_end() {
        let columns = [Column::UserId, Column::Level, Column::Role];
        let order: Vec<(AnyColumn, bool)> = columns.map(|column| (column.into(), true)).to_vec();
        let (up, place) = moved(&order, Column::Role.into(), Way::Up).unwrap();
        assert_eq!((up[1].0, up[2].0, place), (Column::Role.into(), Column::Level.into(), 1));
        assert_eq!(moved(&order, Column::UserId.into(), Way::Up), None);
        assert_eq!(moved(&order, Column::Role.into(), Way::Down), None);
        assert_eq!(moved(&order, Column::Gender.into(), Way::Down), None);
    }
}
