//! Sentences of the frame: sidebar, sign-in, applications, the operator's own page.

/// Skips the sidebar.
pub const SKIP: &str = "Skip to content";
/// The sidebar's name for screen readers.
pub const NAVIGATION: &str = "Application";
/// Chat.
pub const CHAT: &str = "Chat";
/// Live.
pub const LIVE: &str = "Live";
/// Users.
pub const USERS: &str = "Users";
/// Groups.
pub const GROUPS: &str = "Groups";
/// Import.
pub const IMPORT: &str = "Import";
/// Push.
pub const PUSH: &str = "Push";
/// Application.
pub const APPLICATION: &str = "Application";
/// Tasks.
pub const TASKS: &str = "Tasks";
/// Development tools.
pub const TOOLS: &str = "Development tools";
/// Settings.
pub const SETTINGS: &str = "Settings";
/// All applications.
pub const APPLICATIONS: &str = "Applications";
/// The link to the list of all.
pub const ALL_APPLICATIONS: &str = "All applications";
/// The switcher's name.
pub const SWITCH_APPLICATION: &str = "Switch application";
/// When none is open.
pub const CHOOSE_APPLICATION: &str = "Choose an application";
/// The operator's own page.
pub const PROFILE: &str = "Your profile";
/// Ends the session.
pub const SIGN_OUT: &str = "Sign out";
/// Menu on narrow screens.
pub const MENU: &str = "Menu";

/// Theme.
pub const THEME: &str = "Theme";
/// As the system says.
pub const THEME_SYSTEM: &str = "System";
/// Light.
pub const THEME_LIGHT: &str = "Light";
/// Dark.
pub const THEME_DARK: &str = "Dark";
/// Shortcuts.
pub const SHORTCUTS: &str = "Keyboard shortcuts";
/// Shortcuts.
pub const SHORTCUTS_LABEL: &str = "Single keys act on the accounts page";
/// Shortcuts.
pub const SHORTCUTS_NOTE: &str = "/ searches, C creates an account, J goes to the list. Keys inside the list work either way. Switch this off if you speak to your computer.";

/// Sign-in.
pub const SIGN_IN: &str = "Sign in";
/// E-mail.
pub const EMAIL: &str = "E-mail";
/// Password.
pub const PASSWORD: &str = "Password";
/// While it is checked.
pub const SIGNING_IN: &str = "Signing in…";
/// Below the form.
pub const SIGN_IN_HELP: &str =
    "No account yet? An operator of this server adds one with `rollcall operator add`.";

/// First use.
pub const SETUP_TITLE: &str = "Set up Rollcall";
/// First use.
pub const SETUP_INTRO: &str = "You are the first operator. Choose how you sign in from now on.";
/// Name.
pub const NAME: &str = "Name";
/// Rule.
pub const PASSWORD_HINT: &str = "At least 12 characters. A sentence is fine.";
/// The button.
pub const SETUP_BUTTON: &str = "Create operator";

/// The dialog in place.
pub const EXPIRED_TITLE: &str = "Sign in again";
/// The dialog in place.
pub const EXPIRED_BODY: &str = "Your session has ended. Everything you typed is still here.";
/// No network.
pub const OFFLINE: &str =
    "You are offline, or the server is. What you see may be old; nothing you typed is lost.";

/// The list of applications.
pub const APPS_INTRO: &str = "Each application has its own accounts, admins and secret key.";
/// Creates one.
pub const CREATE_APP: &str = "Create application";
/// None yet.
pub const NO_APPS: &str = "No applications yet";
/// None yet.
pub const NO_APPS_BODY: &str = "Create the first one; its accounts are managed on the page that opens.";
/// Column.
pub const COLUMN_NAME: &str = "Name";
/// Column.
pub const COLUMN_SDKAPPID: &str = "SDKAppID";
/// Column.
pub const COLUMN_ACCOUNTS: &str = "Accounts";
/// Column.
pub const COLUMN_ADMINS: &str = "Admins";
/// Column.
pub const COLUMN_STATUS: &str = "Status";
/// Column.
pub const COLUMN_CREATED: &str = "Creation time";
/// Enabled.
pub const ENABLED: &str = "Enabled";
/// Disabled.
pub const DISABLED: &str = "Disabled";
/// The dialog.
pub const CREATE_APP_BODY: &str =
    "It starts with the admin account administrator and a secret key of its own.";

/// Not found.
pub const NOT_FOUND: &str = "Page not found";
/// Not found.
pub const NOT_FOUND_BODY: &str = "There is nothing at this address, or it was deleted.";
/// Not found.
pub const APP_NOT_FOUND: &str = "Application not found";
/// A page that did not load.
pub const LOAD_FAILED: &str = "This page did not load";

/// Profile.
pub const CHANGE_PASSWORD: &str = "Change password";
/// Profile.
pub const CURRENT_PASSWORD: &str = "Current password";
/// Profile.
pub const NEW_PASSWORD: &str = "New password";
/// Profile.
pub const PASSWORD_CHANGED: &str = "Password changed. Your other sessions were signed out.";
/// Profile.
pub const SESSIONS: &str = "Sessions";
/// Profile.
pub const SESSIONS_INTRO: &str = "Where you are signed in.";
/// Profile.
pub const THIS_SESSION: &str = "This session";
/// Profile.
pub const REVOKE: &str = "Revoke";
/// Profile.
pub const SESSION_REVOKED: &str = "Session revoked.";
/// Column.
pub const COLUMN_BROWSER: &str = "Browser";
/// Column.
pub const COLUMN_ADDRESS: &str = "Address";
/// Column.
pub const COLUMN_LAST_SEEN: &str = "Last used";
/// Column.
pub const COLUMN_SIGNED_IN: &str = "Signed in";
/// A browser that does not say.
pub const UNKNOWN_BROWSER: &str = "Not stated";

/// What just happened.
pub fn app_created(name: &str) -> String {
    format!("{name} is ready.")
}

/// The label of a revoke button.
pub fn revoke_session(browser: &str) -> String {
    format!("Revoke {browser}")
}
