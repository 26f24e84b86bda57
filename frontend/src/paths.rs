//! The one builder of the console's own URLs. The API's are in `rollcall_shared::paths`.

use rollcall_shared::app::SdkAppId;

/// The list of applications.
pub const APPS: &str = "/apps";
/// Sign-in.
pub const SIGN_IN: &str = "/sign-in";
/// The first operator's one-time link.
pub const SETUP: &str = "/setup";
/// The operator's own page.
pub const PROFILE: &str = "/profile";

/// Which of the two places in the sidebar shows the accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsersOf {
    /// Chat > Users.
    Chat,
    /// Live > Users: the same accounts.
    Live,
}

/// The accounts of an application.
pub fn users(app: SdkAppId, of: UsersOf) -> String {
    match of {
        UsersOf::Chat => format!("/apps/{app}/chat/users"),
        UsersOf::Live => format!("/apps/{app}/live/users"),
    }
}

/// An application's settings.
pub fn settings(app: SdkAppId) -> String {
    format!("/apps/{app}/settings")
}

/// An application's tasks: exports and deletions.
pub fn tasks(app: SdkAppId) -> String {
    format!("/apps/{app}/tasks")
}

/// An application's groups.
pub fn groups(app: SdkAppId) -> String {
    format!("/apps/{app}/chat/groups")
}

/// An application's pushes to all members.
pub fn push(app: SdkAppId) -> String {
    format!("/apps/{app}/chat/push")
}

/// An application's imports.
pub fn imports(app: SdkAppId) -> String {
    format!("/apps/{app}/chat/imports")
}

/// One of them.
pub fn import(app: SdkAppId, id: &str) -> String {
    format!("{}/{id}", imports(app))
}

/// An application's development tools.
pub fn tools(app: SdkAppId) -> String {
    format!("/apps/{app}/tools")
}

/// The application that a path of the console is about.
pub fn app_of(path: &str) -> Option<SdkAppId> {
    path.strip_prefix("/apps/")?.split('/').next()?.parse().ok()
}

/// Whether a path is that of the accounts.
pub fn is_users(path: &str) -> bool {
    path.starts_with("/apps/") && path.ends_with("/users")
}

/// Whether a path can be seen without being signed in.
pub fn is_public(path: &str) -> bool {
    path == SIGN_IN || path == SETUP
}

/// Where to go after sign-in: only a path of this console, never another site.
pub fn safe_next(next: &str) -> &str {
    let local = next.starts_with('/') && !next.starts_with("//") && !next.contains('\\');
    if local && !next.chars().any(char::is_control) { next } else { APPS }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_application_is_read_from_the_path() {
        assert_eq!(app_of(&users(SdkAppId(1_400_000_001), UsersOf::Live)), Some(SdkAppId(1_400_000_001)));
        assert_eq!(app_of("/apps"), None);
        assert_eq!(app_of("/profile"), None);
    }

    #[test]
    fn next_never_leaves_the_console() {
        assert_eq!(safe_next("/apps/1/settings?x=1"), "/apps/1/settings?x=1");
        for bad in ["//evil.example", "https://evil.example", "/\\evil.example", "", "/a\nb"] {
            assert_eq!(safe_next(bad), APPS);
        }
    }
}
