//! Icons: 16-pixel outlines in the text's colour, hidden from screen readers because a label stands beside them.

use leptos::prelude::*;

/// The icons in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// Two people.
    Users,
    /// One person.
    User,
    /// Lines of a list.
    Tasks,
    /// A wheel.
    Settings,
    /// A speech bubble.
    Group,
    /// A paper plane.
    Send,
    /// An arrow into a tray.
    Import,
    /// Angle brackets.
    Code,
    /// A grid of applications.
    Grid,
    /// Up and down.
    Switch,
    /// A closed lock.
    Lock,
    /// An open lock.
    Unlock,
    /// A magnifying glass.
    Search,
    /// A cross.
    Close,
    /// A tick.
    Check,
    /// A triangle with an exclamation mark.
    Warning,
    /// Three lines.
    Menu,
    /// An arrow downwards.
    Down,
    /// A plus sign.
    Plus,
}

impl Icon {
    const fn path(self) -> &'static str {
        match self {
            Self::Users => {
                "M6 8a2.5 2.500 0 100-5 2.500 2.500 0 000 5zM1.500 13.500c.4-2.600 2.200-4 4.500-4s4.100 1.400 4.500 4M10.500 3.200a2.500 2.500 0 010 4.600m1.200 2.200c1.600.5 2.600 1.800 2.800 3.500"
            }
            Self::User => {
                "M8 8a2.500 2.500 0 100-5 2.500 2.500 0 000 5zM3.500 13.500c.4-2.600 2.200-4 4.500-4s4.100 1.400 4.500 4"
            }
            Self::Tasks => "M3 4h10M3 8h10M3 12h6",
            Self::Settings => {
                "M8 10.200a2.200 2.200 0 100-4.400 2.200 2.200 0 000 4.400zM8 1.800v2M8 12.200v2M1.800 8h2M12.200 8h2M3.600 3.600L5 5M11 11l1.400 1.400M3.600 12.400L5 11M11 5l1.400-1.400"
            }
            Self::Group => "M2.500 3.500h11v7.500H8l-3 2.500V11H2.500z",
            Self::Send => "M13.500 2.500L2.500 7l4 2.500 2.500 4zM6.500 9.500l3.500-3.500",
            Self::Import => "M8 2.500v7M5 7l3 3 3-3M3 13h10",
            Self::Code => "M5.500 4.500L2 8l3.500 3.500M10.500 4.500L14 8l-3.500 3.500",
            Self::Grid => "M2.500 2.500h4v4h-4zM9.500 2.500h4v4h-4zM2.500 9.500h4v4h-4zM9.500 9.500h4v4h-4z",
            Self::Switch => "M5 6l3-3 3 3M5 10l3 3 3-3",
            Self::Lock => "M3.500 7h9v6.500h-9zM5.500 7V5a2.500 2.500 0 015 0v2",
            Self::Unlock => "M3.500 7h9v6.500h-9zM5.500 7V5a2.500 2.500 0 014.800-1",
            Self::Search => "M7 11.500a4.500 4.500 0 100-9 4.500 4.500 0 000 9zM10.500 10.500L14 14",
            Self::Close => "M4 4l8 8M12 4l-8 8",
            Self::Check => "M3 8.500l3.500 3.500L13 5",
            Self::Warning => "M8 2.500l6 11H2zM8 6.500v3M8 11.500v.1",
            Self::Menu => "M2.500 4.500h11M2.500 8h11M2.500 11.500h11",
            Self::Down => "M4 6l4 4 4-4",
            Self::Plus => "M8 3v10M3 8h10",
        }
    }
}

/// An icon.
#[component]
pub fn Glyph(
    /// Which.
    icon: Icon,
) -> impl IntoView {
    view! {
        <svg viewBox="0 0 16 16" aria-hidden="true" focusable="false">
            <path d=icon.path()></path>
        </svg>
    }
}
