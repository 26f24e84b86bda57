//! The members of a group, in a dialog.

use crate::{
    api::{self, ApiResult},
    text::{self, accounts, groups as t},
    ui::{notice::LoadError, time::Time},
};
use leptos::prelude::*;
use rollcall_shared::{
    app::SdkAppId,
    group::{Group, GroupMember},
};

/// The id of the dialog's heading.
pub const TITLE_ID: &str = "members-title";

/// The dialog's content.
#[component]
pub fn Members(
    /// The application.
    app: SdkAppId,
    /// The group.
    group: Group,
    /// Closes the dialog.
    close: Callback<()>,
) -> impl IntoView {
    let id = StoredValue::new(group.group_id);
    let members = LocalResource::new(move || async move { api::group_members(app, &id.get_value()).await });
    let retry = Callback::new(move |()| members.refetch());
    view! {
        <h2 id=TITLE_ID>{t::MEMBERS} " · " <bdi>{group.name}</bdi></h2>
        <div class="prose">
            {move || match members.get() {
                None => view! { <p role="status">{text::LOADING}</p> }.into_any(),
                Some(members) => view! { <Table members retry /> }.into_any(),
            }}
        </div>
        <div class="foot">
            <button class="btn primary" on:click=move |_| close.run(())>{text::CLOSE}</button>
        </div>
    }
}

#[component]
fn Table(members: ApiResult<Vec<GroupMember>>, retry: Callback<()>) -> impl IntoView {
    let row = |member: GroupMember| {
        view! {
            <tr>
                <th scope="row"><bdi>{member.user_id}</bdi></th>
                <td>{t::role(member.role)}</td>
                <td class="muted optional"><Time at=member.joined_at /></td>
            </tr>
        }
    };
    match members {
        Err(error) => view! { <LoadError error retry /> }.into_any(),
        Ok(members) if members.is_empty() => view! { <p>{t::NO_MEMBERS}</p> }.into_any(),
        Ok(members) => view! {
            <div class="grid">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">{accounts::USERNAME}</th>
                            <th scope="col">{t::ROLE}</th>
                            <th scope="col" class="optional">{t::SINCE}</th>
                        </tr>
                    </thead>
                    <tbody>{members.into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
        }
        .into_any(),
    }
}
