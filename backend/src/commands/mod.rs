//! What the binary can do, a file per command.

mod copy;
mod demo;
mod ending;
mod export;
mod import;
mod logging;
mod operator;
mod serve;

use crate::{
    config::{Cli, Command, ConfigError, Settings},
    console, openapi,
    passwords::PasswordError,
    secrets::SecretError,
};
use rollcall_store::{OpenOptions, Store, StoreError};

/// Why a command could not be done.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The settings.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Keys and random bytes.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// Hashing a password.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The network, the data folder or the terminal.
    #[error("{what}: {source}")]
    Io {
        /// What was being done.
        what: String,
        /// Why it failed.
        source: std::io::Error,
    },
    /// Anything that a sentence says best.
    #[error("{0}")]
    Refused(String),
}

impl CommandError {
    fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }
}

/// What every command answers.
pub type CommandResult = Result<(), CommandError>;

/// Runs the command.
///
/// # Errors
/// The command could not be done; the error says why in a sentence.
pub fn run(cli: Cli) -> CommandResult {
    logging::start(&cli.settings)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(console::STACK_BYTES)
        .build()
        .map_err(CommandError::io("starting threads"))?;
    runtime.block_on(dispatch(cli))
}

async fn dispatch(Cli { settings, command }: Cli) -> CommandResult {
    match command {
        Command::Serve => serve::run(&settings).await,
        Command::Migrate => migrate(&settings).await,
        Command::Copy(copy) => copy::run(&settings, copy).await,
        Command::Import(import) => import::run(&settings, import).await,
        Command::Export(export) => export::run(&settings, *export).await,
        Command::Demo(demo) => demo::run(&settings, demo).await,
        Command::Operator(command) => operator::run(&settings, command).await,
        Command::Openapi => {
            let text = openapi::text().map_err(|error| CommandError::Refused(error.to_string()))?;
            print!("{text}");
            Ok(())
        }
        Command::Config => show(&settings),
    }
}

async fn migrate(settings: &Settings) -> CommandResult {
    let store = open(settings).await?;
    let report = store.migrate().await?;
    store.close().await;
    if report.from == report.to {
        println!("The database has schema {} already.", report.to);
    } else {
        println!("The database went from schema {} to {}.", report.from, report.to);
    }
    Ok(())
}

/// Opens the database, whose folder is made when it is the data folder.
async fn open(settings: &Settings) -> Result<Store, CommandError> {
    let what = format!("making the data folder {}", settings.data.display());
    std::fs::create_dir_all(&settings.data).map_err(CommandError::io(what))?;
    Ok(Store::open(&settings.database(), &OpenOptions::default()).await?)
}

fn show(settings: &Settings) -> CommandResult {
    let public_url = settings.public_url(settings.listen)?;
    let database = without_password(&settings.database());
    println!("listen        {}", settings.listen);
    println!("public-url    {public_url}");
    println!("database-url  {database}");
    if let Some(url) = &settings.read_database_url {
        println!("read-database-url  {}", without_password(url));
    }
    println!("data          {}", settings.data.display());
    println!("files         {}", settings.files());
    for destination in &settings.export_to {
        println!("export-to     {}={}", destination.name, destination.place);
    }
    println!("log-level     {}", settings.log_level);
    println!("log-format    {:?}", settings.log_format);
    Ok(())
}

/// A database URL that may be shown.
fn without_password(url: &str) -> String {
    let hidden = url.split_once("://").and_then(|(scheme, rest)| {
        let (user, place) = rest.rsplit_once('@')?;
        let (name, _) = user.split_once(':')?;
        Some(format!("{scheme}://{name}:***@{place}"))
    });
    hidden.unwrap_or_else(|| url.to_owned())
}

#[cfg(test)]
mod tests {
    use super::without_password;

    #[test]
    fn passwords_are_not_shown() {
        assert_eq!(without_password("postgres://u:p@ss@h/db"), "postgres://u:***@h/db");
        assert_eq!(without_password("sqlite://data/x.db"), "sqlite://data/x.db");
    }
}
