//! Chromium and the fonts that the console's tests need: from the system's packages, never downloaded.

use std::path::PathBuf;

use crate::apt;
use crate::process::{Failure, Result, exists};

/// Letters for every script that the demo accounts are written in.
const FONTS: [&str; 3] = ["fonts-noto-core", "fonts-noto-cjk", "fonts-noto-color-emoji"];

/// The names under which distributions install it.
const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// The variable that names another Chromium than the one on PATH.
pub const CHROMIUM_ENV: &str = "ROLLCALL_CHROMIUM";

/// The path of Chromium, installed with the fonts if need be.
pub fn ensure() -> Result<PathBuf> {
    let fonts: Vec<&str> =
        FONTS.into_iter().filter(|font| exists("dpkg-query") && !apt::installed(font)).collect();
    if !fonts.is_empty() {
        apt::install(&fonts, "showing names in every script")?;
    }
    if find().is_none() {
        apt::install(&["chromium"], "testing in a browser")?;
    }
    find().ok_or_else(|| {
        Failure::new("Chromium is not on PATH: install it, or set ROLLCALL_CHROMIUM to its path")
    })
}

fn find() -> Option<PathBuf> {
    if let Some(chosen) = std::env::var_os(CHROMIUM_ENV) {
        return Some(PathBuf::from(chosen));
    }
    let path = std::env::var_os("PATH")?;
    NAMES.iter().find_map(|name| {
        std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.exists())
    })
}
