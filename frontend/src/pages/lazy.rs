//! The pages besides the accounts: their code is one part of its own, fetched when one of them is opened.

use super::{apps, groups, imports, profile, push, settings, setup, sign_in, tasks, tools};
use crate::{
    later::{Fetch, Fetched, later},
    stores::confirm::Question,
    ui::confirm::Asked,
};
use leptos::{prelude::*, wasm_split::wasm_split};

/// A page whose code is in this part.
#[derive(Clone, Copy)]
pub enum Page {
    /// Sign-in.
    SignIn,
    /// The first operator's one-time link.
    Setup,
    /// The list of applications.
    Apps,
    /// An application's settings.
    Settings,
    /// An application's tasks.
    Tasks,
    /// An application's groups.
    Groups,
    /// An application's pushes to all members.
    Push,
    /// An application's imports, and each of them.
    Imports,
    /// An application's development tools.
    Tools,
    /// The operator's own page.
    Profile,
}

/// Fetches the part.
pub const FETCH: Fetch = || Box::pin(fetch());

/// The view of a route that shows the page.
pub fn page(page: Page) -> impl Fn() -> AnyView + Copy + Send + Sync + 'static {
    move || later(FETCH, move || show(Part::Page(page)))
}

/// The content of the dialog that asks.
pub fn confirmation(question: Question, cancel: Callback<()>) -> AnyView {
    later(FETCH, move || show(Part::Confirmation(Box::new(question.clone()), cancel)))
}

/// The form of a session that begins in place.
pub fn sign_in_again(done: Callback<()>) -> AnyView {
    later(FETCH, move || show(Part::SignInAgain(done)))
}

enum Part {
    Page(Page),
    Confirmation(Box<Question>, Callback<()>),
    SignInAgain(Callback<()>),
}

#[wasm_split(pages, wasm_split_path = leptos::wasm_split, fallible, preload(fetch))]
fn show(part: Part) -> Fetched<AnyView> {
    let page = match part {
        Part::Page(page) => page,
        Part::Confirmation(question, cancel) => {
            return Ok(view! { <Asked question=*question cancel /> }.into_any());
        }
        Part::SignInAgain(done) => {
            return Ok(view! { <sign_in::SignInForm done id_prefix="expired" /> }.into_any());
        }
    };
    Ok(match page {
        Page::SignIn => sign_in::SignInPage().into_any(),
        Page::Setup => setup::SetupPage().into_any(),
        Page::Apps => apps::AppsPage().into_any(),
        Page::Settings => settings::SettingsPage().into_any(),
        Page::Tasks => tasks::TasksPage().into_any(),
        Page::Groups => groups::GroupsPage().into_any(),
        Page::Push => push::PushPage().into_any(),
        Page::Imports => imports::ImportsPage().into_any(),
        Page::Tools => tools::ToolsPage().into_any(),
        Page::Profile => profile::ProfilePage().into_any(),
    })
}
