//! Two versions of one account side by side, with a choice for each field. The comparison itself is
//! [`super::conflict`].

use super::{
    conflict::{Conflict, Difference, Side},
    draft::Draft,
};
use crate::text::{self, accounts as t};
use leptos::{ev, prelude::*};

/// The comparison.
#[component]
pub fn ConflictView(
    /// The versions and the choices so far.
    conflict: RwSignal<Conflict>,
    /// Saves the chosen values.
    save: Callback<Draft>,
    /// Asked to leave without saving.
    leave: Callback<()>,
    /// Whether it is being saved.
    busy: RwSignal<bool>,
) -> impl IntoView {
    let rows = conflict.with_untracked(Conflict::differences);
    let another = conflict.with_untracked(Conflict::is_another_account);
    let open = Memo::new(move |_| conflict.with(Conflict::open));
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if !busy.get_untracked()
            && let Some(draft) = conflict.with_untracked(Conflict::resolved)
        {
            save.run(draft);
        }
    };
    let all = move |side| conflict.update(|conflict| conflict.choose_all(side));
    view! {
        <form on:submit=submit>
            <p class="sub">{t::CONFLICT_SUB}</p>
            {another.then(|| view! { <p class="sub" role="alert">{t::CONFLICT_ANOTHER}</p> })}
            <div class="compare">
                <div class="bar">
                    <button type="button" class="btn" on:click=move |_| all(Side::Mine)>{t::KEEP_MINE}</button>
                    <button type="button" class="btn" on:click=move |_| all(Side::Theirs)>{t::KEEP_THEIRS}</button>
                </div>
                <div class="grid">
                    <table>
                        <thead>
                            <tr>
                                <th scope="col">{t::FIELD}</th>
                                <th scope="col">{t::MINE}</th>
                                <th scope="col">{t::THEIRS}</th>
                            </tr>
                        </thead>
                        <tbody>{rows.into_iter().map(|row| view! { <DifferenceRow row conflict /> }).collect_view()}</tbody>
                    </table>
                </div>
            </div>
            <div class="foot">
                <span class="muted" role="status">{move || (open.get() > 0).then(|| t::to_choose(open.get()))}</span>
                <button type="button" class="btn" on:click=move |_| leave.run(())>{text::CANCEL}</button>
                <button
                    type="submit"
                    class="btn primary"
                    disabled=move || { open.get() > 0 }
                    aria-busy=move || busy.get().then_some("true")
                >
                    {text::CONFIRM}
                </button>
            </div>
        </form>
    }
}

#[component]
fn DifferenceRow(row: Difference, conflict: RwSignal<Conflict>) -> impl IntoView {
    let field = row.field;
    let label = t::field(field);
    let cell = |side: Side, title: &'static str, shown: String| {
        let label = t::keep(&label, title);
        view! {
            <td>
                <label class="choice">
                    <input
                        type="radio"
                        name=format!("conflict-{}", field.name())
                        aria-label=label
                        prop:checked=move || conflict.with(|conflict| conflict.choice(field) == Some(side))
                        on:change=move |_| conflict.update(|conflict| conflict.choose(field, side))
                    />
                    <bdi>{shown}</bdi>
                </label>
            </td>
        }
    };
    view! {
        <tr class:both=row.both>
            <th scope="row">{label.clone()}</th>
            {cell(Side::Mine, t::MINE, t::readable(field, &row.mine))}
            {cell(Side::Theirs, t::THEIRS, t::readable(field, &row.theirs))}
        </tr>
    }
}
