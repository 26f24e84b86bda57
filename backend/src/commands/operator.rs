//! `rollcall operator add`: operators without a browser, for scripts and for the one who forgot the password.

use super::{CommandError, CommandResult, open};
use crate::{
    clock::{Clock, SystemClock},
    config::{OperatorCommand, Settings},
    passwords::Passwords,
    secrets::random_text,
};
use rollcall_shared::validate;
use std::io::Read;

/// Runs the command.
pub async fn run(settings: &Settings, command: OperatorCommand) -> CommandResult {
    let OperatorCommand::Add { email, name, password_stdin } = command;
    let name = name.unwrap_or_else(|| email.clone());
    let password = if password_stdin { read_password()? } else { random_text()? };
    let errors =
        [validate::email(&email), validate::name("name", &name), validate::password("password", &password)];
    if let Some(error) = errors.into_iter().flatten().next() {
        return Err(CommandError::Refused(format!("{}: {}", error.field, error.message)));
    }
    let phc = Passwords::new()?.hash(password.clone()).await?;
    let store = open(settings).await?;
    store.migrate().await?;
    store.put_operator(&email, &name, &phc, SystemClock.now()).await?;
    store.close().await;
    if password_stdin {
        println!("{email} can sign in.");
    } else {
        println!("{email} can sign in with the password {password}");
    }
    Ok(())
}

fn read_password() -> Result<String, CommandError> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).map_err(CommandError::io("reading the password"))?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}
