//! The pages: each is loader, actions and layout. What they are made of lives in `ui`, `table` and `forms`.

pub mod apps;
pub mod expired;
pub mod filter;
pub mod frame;
pub mod groups;
pub mod imports;
pub mod lazy;
pub mod not_found;
pub mod of_app;
pub mod profile;
pub mod push;
pub mod reading;
pub mod settings;
pub mod setup;
pub mod sign_in;
pub mod tasks;
pub mod tools;
pub mod users;
