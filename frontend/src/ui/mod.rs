//! Parts that know no route and no account: dialog, field, icon, menu, toast, confirmation, time.

pub mod confirm;
pub mod dialog;
pub mod field;
pub mod icon;
pub mod notice;
pub mod time;
pub mod toast;
