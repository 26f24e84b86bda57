//! What the operator likes, in cookies that the server reads too, so that the first HTML is already right.

use crate::{browser, server::RequestCookies};
use leptos::prelude::*;

/// Light, dark, or as the system says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The text in the cookie and in the class.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    fn parse(text: &str) -> Self {
        Self::ALL.into_iter().find(|t| t.as_str() == text).unwrap_or_default()
    }
}

/// The preferences of this browser.
#[derive(Clone, Copy)]
pub struct Prefs {
    /// The theme.
    pub theme: RwSignal<Theme>,
    /// Rows on a page.
    pub limit: RwSignal<u32>,
    /// Whether lists scroll instead of having pages.
    pub scroll: RwSignal<bool>,
    /// The list's columns, as the cookie has them; empty means the usual ones.
    pub columns: RwSignal<String>,
    /// Whether single letters do something outside a list: people who speak to their computer switch that off.
    pub shortcuts: RwSignal<bool>,
}

const ON: &str = "on";
const OFF: &str = "off";

/// Page sizes on offer.
pub const LIMITS: [u32; 4] = [20, 50, 100, 200];

impl Prefs {
    /// From the cookies of the request or of the page: the same on both sides.
    pub fn load() -> Self {
        let cookies = use_context::<RequestCookies>().map_or_else(browser::cookies, |c| c.0);
        let limit = cookie(&cookies, "rc_limit").and_then(|v| v.parse().ok()).filter(|l| LIMITS.contains(l));
        Self {
            theme: RwSignal::new(cookie(&cookies, "rc_theme").map(Theme::parse).unwrap_or_default()),
            limit: RwSignal::new(limit.unwrap_or(rollcall_shared::list::LIMIT_DEFAULT)),
            scroll: RwSignal::new(cookie(&cookies, "rc_scroll") == Some(ON)),
            columns: RwSignal::new(cookie(&cookies, "rc_columns").unwrap_or_default().to_owned()),
            shortcuts: RwSignal::new(cookie(&cookies, "rc_shortcuts") != Some(OFF)),
        }
    }

    /// Changes the theme, at once and for the next visit.
    pub fn set_theme(self, theme: Theme) {
        self.theme.set(theme);
        browser::set_cookie("rc_theme", theme.as_str());
        browser::set_root_class("theme-", theme.as_str());
    }

    /// Switches the shortcuts of one letter on or off, at once and for the next visit.
    pub fn set_shortcuts(self, on: bool) {
        let value = if on { ON } else { OFF };
        self.shortcuts.set(on);
        browser::set_cookie("rc_shortcuts", value);
        browser::set_root_class("shortcuts-", value);
    }

    /// The classes of the document: what a style needs to know before the first paint.
    pub fn root_class(self) -> String {
        let shortcuts = if self.shortcuts.get_untracked() { ON } else { OFF };
        format!("theme-{} shortcuts-{shortcuts}", self.theme.get_untracked().as_str())
    }

    /// Lets lists scroll, or have pages.
    pub fn set_scroll(self, on: bool) {
        self.scroll.set(on);
        browser::set_cookie("rc_scroll", if on { ON } else { OFF });
    }

    /// Changes the page size, and lets lists have pages.
    pub fn set_limit(self, limit: u32) {
        self.set_scroll(false);
        self.limit.set(limit);
        browser::set_cookie("rc_limit", &limit.to_string());
    }

    /// Changes the list's columns.
    pub fn set_columns(self, columns: String) {
        browser::set_cookie("rc_columns", &columns);
        self.columns.set(columns);
    }
}

/// The value of a cookie in a `Cookie` header.
pub fn cookie<'a>(header: &'a str, name: &str) -> Option<&'a str> {
    header.split(';').filter_map(|pair| pair.trim().split_once('=')).find(|(n, _)| *n == name).map(|(_, v)| v)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let header = "xrc_theme=light; rc_theme=dark;rc_limit=100";
        assert_eq!(cookie(header, "rc_theme"), Some("dark"));
        assert_eq!(cookie(header, "rc_limit"), Some("100"));
        assert_eq!(cookie(header, "theme"), None);
    }
}
