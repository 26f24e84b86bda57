//! Being written.
use leptos::prelude::*;
/// Chat.
#[component]
pub fn ChatUsersPage() -> impl IntoView {}
/// Live.
#[component]
pub fn LiveUsersPage() -> impl IntoView {}
