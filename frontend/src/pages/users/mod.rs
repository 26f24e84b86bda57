//! The accounts page, at Chat > Users and Live > Users: head, notice, toolbar, batch bar, list, dialogs. Rules
//! of accounts live in `rollcall_shared`, the table in `crate::table`, the forms in `crate::forms`.

pub mod batch;
pub mod bulk;
pub mod bulk_dialog;
pub mod columns_menu;
pub mod count;
pub mod dialogs;
pub mod export;
pub mod export_choice;
pub mod export_columns;
pub mod export_dialog;
pub mod export_form;
pub mod filters;
pub mod goto;
pub mod head;
pub mod job_watch;
pub mod keys;
pub mod lazy;
pub mod list;
pub mod live;
pub mod pager;
pub mod restriction;
pub mod retype;
pub mod scroll;
pub mod search;
pub mod state;
pub mod suggestions;
pub mod url;

use crate::{
    paths::UsersOf,
    text::{self, accounts as t},
};
use leptos::prelude::*;
use leptos_meta::Title;

/// Chat > Users.
#[component]
pub fn ChatUsersPage() -> impl IntoView {
    view! { <UsersPage of=UsersOf::Chat /> }
}

/// Live > Users: the same accounts.
#[component]
pub fn LiveUsersPage() -> impl IntoView {
    view! { <UsersPage of=UsersOf::Live /> }
}

#[component]
fn UsersPage(of: UsersOf) -> impl IntoView {
    let users = state::Users::provide(of);
    export::Exports::provide();
    bulk::Bulk::provide();
    keys::listen(users);
    live::watch(users);
    let busy = RwSignal::new(false);
    view! {
        <Title text=t::TITLE />
        <Transition fallback=|| view! { <p class="muted">{text::LOADING}</p> } set_pending=busy>
            <head::Head />
            <restriction::Restriction />
            <div class="bar tools">
                <search::Search />
                <filters::Filters />
                <count::MatchCount />
                <columns_menu::ColumnsMenu />
            </div>
            <batch::BatchBar />
            <list::AccountList busy />
        </Transition>
        <dialogs::Dialogs />
        <export_dialog::ExportDialog />
        <bulk_dialog::BulkDialog />
    }
}
