//! The session ended while something was open: sign in again in place, and nothing typed is lost.

use crate::{
    pages::lazy, paths, session::Workspace, stores::connection::Connection, text::shell, ui::dialog::Dialog,
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The dialog; closed until a call is refused for want of a session.
#[component]
pub fn ExpiredDialog() -> impl IntoView {
    let expired = expect_context::<Connection>().expired;
    let path = use_location().pathname;
    let workspace = Workspace::get();
    let open = Signal::derive(move || expired.get() && !paths::is_public(&path.get()));
    let close = Callback::new(move |()| expired.set(false));
    let done = Callback::new(move |()| {
        expired.set(false);
        workspace.session.refetch();
        workspace.refresh();
    });
    view! {
        <Dialog open on_cancel=close labelled_by="expired-title" class="narrow">
            <h2 id="expired-title">{shell::EXPIRED_TITLE}</h2>
            <p class="sub">{shell::EXPIRED_BODY}</p>
            <div class="fields one">
                {lazy::sign_in_again(done)}
            </div>
        </Dialog>
    }
}
