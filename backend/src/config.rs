//! Settings: flags and environment, nothing else. Flags win. A setting that does not exist is an error, so that a
//! misspelt one is not silently ignored.

use crate::{
    places::{Destination, Place},
    public_url::{PublicUrl, is_loopback_host},
};
use clap::{Args, Parser, Subcommand, ValueEnum};
use rollcall_shared::{
    app::SdkAppId,
    export::{Compression, Header},
    import::{EmptyCells, ImportPolicy},
    job::{AnyColumn, ExportFormat},
};
use std::{net::SocketAddr, path::PathBuf, str::FromStr};

/// What the names of our environment variables begin with.
const ENV_PREFIX: &str = "ROLLCALL_";
/// Variables that are ours without being flags: the master key must not show up in a list of processes, and the
/// tests name their database.
const ENV_WITHOUT_FLAG: [&str; 3] =
    [MASTER_KEY_ENV, "ROLLCALL_TEST_POSTGRES", "ROLLCALL_TEST_POSTGRES_REPLICA"];
/// The variable that holds the master key, 64 hex digits, instead of the file in the data folder.
pub const MASTER_KEY_ENV: &str = "ROLLCALL_MASTER_KEY";

/// A self-hosted console and API for the accounts of chat and live applications.
#[derive(Debug, Parser)]
#[command(name = "rollcall", version, arg_required_else_help = true)]
pub struct Cli {
    /// The settings.
    #[command(flatten)]
    pub settings: Settings,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The settings of every command.
#[derive(Clone, Debug, Args)]
pub struct Settings {
    /// The address to listen on
    #[arg(long, env = "ROLLCALL_LISTEN", default_value = "127.0.0.1:8080", global = true)]
    pub listen: SocketAddr,
    /// Where the accounts are: sqlite://PATH or postgres://…; by default rollcall.db in the data folder
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, global = true)]
    pub database_url: Option<String>,
    /// A replica of the PostgreSQL database, for reading lists and accounts: postgres://…; by default the database itself
    #[arg(long, env = "ROLLCALL_READ_DATABASE_URL", hide_env_values = true, global = true)]
    pub read_database_url: Option<String>,
    /// The data folder: SQLite's file, exports, the master key
    #[arg(long, env = "ROLLCALL_DATA", default_value = "./data", global = true)]
    pub data: PathBuf,
    /// Where files of exports and imports lie: a folder, or a bucket as s3://BUCKET/PREFIX, which several servers need; by
    /// default the folder exports in the data folder. Buckets are reached as AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID
    /// and AWS_SECRET_ACCESS_KEY say
    #[arg(long, env = "ROLLCALL_FILES", value_name = "PLACE", global = true)]
    pub files: Option<Place>,
    /// Where scheduled exports may go, as NAME=FOLDER or NAME=s3://BUCKET/PREFIX; may be repeated, or separated by commas
    #[arg(long, env = "ROLLCALL_EXPORT_TO", value_name = "NAME=PLACE", value_delimiter = ',', global = true)]
    pub export_to: Vec<Destination>,
    /// The address under which browsers find the server, e.g. `https://console.example.org`; by default the one it
    /// listens on
    #[arg(long, env = "ROLLCALL_PUBLIC_URL", global = true)]
    pub public_url: Option<PublicUrl>,
    /// For how many seconds a server that gets SIGTERM goes on serving while `/readyz` says 503, so that a load balancer
    /// sends requests elsewhere before the socket closes
    #[arg(long, env = "ROLLCALL_DRAIN_SECONDS", default_value_t = 0, global = true,
        value_parser = clap::value_parser!(u16).range(..=3600))]
    pub drain_seconds: u16,
    /// Let webhooks lie in private networks, and on this machine
    #[arg(long, env = "ROLLCALL_WEBHOOKS_TO_PRIVATE_NETWORKS", global = true)]
    pub webhooks_to_private_networks: bool,
    /// What to log: error, warn, info, debug, trace, or a filter like `info,rollcall_store=debug`
    #[arg(long, env = "ROLLCALL_LOG_LEVEL", default_value = "info", global = true)]
    pub log_level: String,
    /// The form of the log
    #[arg(long, env = "ROLLCALL_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text, global = true)]
    pub log_format: LogFormat,
}

/// The form of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// One JSON object a line.
    Json,
}

/// What to do.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Serve the console and the API
    Serve,
    /// Bring the database's schema up to date
    Migrate,
    /// Copy a whole installation into another, empty database, while no server uses either; run again, it goes on
    /// where it was cut off
    Copy(CopyArguments),
    /// Bring a file of accounts into an application: without --apply it is only reviewed, and nothing is changed
    Import(ImportArguments),
    /// Write the accounts of an application into a file, beside a running server or without one
    Export(Box<ExportArguments>),
    /// Fill the database with an application of realistic accounts, and an operator
    Demo(Demo),
    /// Manage operators
    #[command(subcommand)]
    Operator(OperatorCommand),
    /// Print the OpenAPI document
    Openapi,
    /// Print the settings as they are understood
    Config,
}

/// What is copied, and where to.
#[derive(Clone, Debug, Args)]
pub struct CopyArguments {
    /// The database to copy: sqlite://PATH or postgres://…
    #[arg(long, value_name = "URL")]
    pub from: String,
    /// The empty database to copy it into, likewise
    #[arg(long, value_name = "URL")]
    pub to: String,
}

/// Which file is brought, and what is done with it.
#[derive(Clone, Debug, Args)]
pub struct ImportArguments {
    /// The file: CSV, XLSX or NDJSON; text may be packed with gzip or Zstandard
    pub file: PathBuf,
    /// The SDKAppID of the application
    #[arg(long)]
    pub app: SdkAppId,
    /// What a column means, as NAME=FIELD; NAME= leaves it out. Others are guessed by their names
    #[arg(long, value_name = "NAME=FIELD")]
    pub map: Vec<String>,
    /// Which accounts may be touched: both, create or update
    #[arg(long, default_value = "both", value_parser = one_of::<ImportPolicy>)]
    pub policy: ImportPolicy,
    /// What an empty cell says of an account that is there: keep or clear
    #[arg(long, default_value = "keep", value_parser = one_of::<EmptyCells>)]
    pub empty_cells: EmptyCells,
    /// Do what the review found, rows that are refused left out
    #[arg(long)]
    pub apply: bool,
    /// Write the rows that are refused, with the reasons, into this CSV file
    #[arg(long, value_name = "FILE")]
    pub refused: Option<PathBuf>,
}

/// What is written into a file, and how.
#[derive(Clone, Debug, Args)]
pub struct ExportArguments {
    /// The application's SDKAppID
    #[arg(long, value_name = "ID")]
    pub app: i64,
    /// The format: csv, xlsx or ndjson
    #[arg(long, value_parser = one_of::<ExportFormat>)]
    pub format: ExportFormat,
    /// The file, which appears once it is complete, in place of one that is there; - for standard output
    #[arg(long, value_name = "FILE")]
    pub output: PathBuf,
    /// The columns in their order, by the names of fields, like user_id,nickname,custom.Hobby; all by default
    #[arg(long, value_name = "NAMES", value_delimiter = ',', value_parser = one_of::<AnyColumn>)]
    pub columns: Option<Vec<AnyColumn>>,
    /// Only accounts that this search finds, as in the console
    #[arg(long, value_name = "TEXT")]
    pub q: Option<String>,
    /// How the file is packed: none, gzip or zstd
    #[arg(long, value_name = "HOW", default_value = "none", value_parser = one_of::<Compression>)]
    pub compress: Compression,
    /// Leave text that a spreadsheet would run as it is; by default CSV marks it with an apostrophe
    #[arg(long)]
    pub exact: bool,
    /// What the header calls the columns: names of fields, or labels in English or Chinese: names, en or zh
    #[arg(long, value_name = "LANGUAGE", default_value = "names", value_parser = one_of::<Header>)]
    pub header: Header,
    /// The time zone of times, by its IANA name; UTC by default
    #[arg(long, value_name = "ZONE")]
    pub time_zone: Option<String>,
    /// Where the manifest is written; by default to standard error
    #[arg(long, value_name = "FILE")]
    pub manifest: Option<PathBuf>,
}

/// A value of a closed set, by its text.
fn one_of<T: FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| "there is no such value; see --help".to_owned())
}

/// What the demo makes.
#[derive(Clone, Copy, Debug, Args)]
pub struct Demo {
    /// How many accounts
    #[arg(long, default_value_t = 10_000)]
    pub accounts: u64,
    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}

/// Managing operators.
#[derive(Clone, Debug, Subcommand)]
pub enum OperatorCommand {
    /// Add an operator, or give an existing one a new password; the password is read from standard input, or made
    /// and printed
    Add {
        /// The address to sign in with
        #[arg(long)]
        email: String,
        /// How the operator is shown; the address by default
        #[arg(long)]
        name: Option<String>,
        /// Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
    },
}

/// The settings contradict each other, or there is one that does not exist.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// An environment variable with our prefix that means nothing.
    #[error("there is no setting {0}; `rollcall --help` lists them")]
    Unknown(String),
    /// Passwords would travel in the clear.
    #[error(
        "on plain http only this machine is served: listen on 127.0.0.1, or set --public-url to an https address \
         that a proxy serves"
    )]
    PlainHttp,
}

impl Settings {
    /// The URL of the database.
    pub fn database(&self) -> String {
        let default = || format!("sqlite://{}", self.data.join("rollcall.db").display());
        self.database_url.clone().unwrap_or_else(default)
    }

    /// Where files of exports and imports lie.
    pub fn files(&self) -> Place {
        self.files.clone().unwrap_or_else(|| Place::Folder(self.data.join("exports")))
    }

    /// The address under which browsers find a server that listens on `socket`.
    ///
    /// # Errors
    /// It is plain http and not this machine's own.
    pub fn public_url(&self, socket: SocketAddr) -> Result<PublicUrl, ConfigError> {
        let url = self.public_url.clone().unwrap_or_else(|| PublicUrl::of_socket(socket));
        let is_local = url.is_loopback() && is_loopback_host(&socket.ip().to_string());
        if url.is_https() || is_local { Ok(url) } else { Err(ConfigError::PlainHttp) }
    }
}

/// Refuses environment variables that look like settings and are none.
///
/// # Errors
/// The first such name.
pub fn check_environment(names: impl Iterator<Item = String>) -> Result<(), ConfigError> {
    let command = <Cli as clap::CommandFactory>::command();
    let known: Vec<String> = command
        .get_arguments()
        .filter_map(|arg| Some(arg.get_env()?.to_string_lossy().into_owned()))
        .collect();
    let is_known = |name: &String| known.contains(name) || ENV_WITHOUT_FLAG.contains(&name.as_str());
    let mut unknown: Vec<String> =
        names.filter(|name| name.starts_with(ENV_PREFIX) && !is_known(name)).collect();
    unknown.sort();
    unknown.into_iter().next().map_or(Ok(()), |name| Err(ConfigError::Unknown(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(arguments: &[&str]) -> Settings {
        let all = ["rollcall"].into_iter().chain(arguments.iter().copied()).chain(["serve"]);
        Cli::try_parse_from(all).unwrap().settings
    }

    #[test]
    fn unknown_settings_are_errors() {
        let check = |names: &[&str]| check_environment(names.iter().map(|name| (*name).to_owned()));
        assert_eq!(check(&["PATH", "ROLLCALL_LISTEN", "DATABASE_URL", "ROLLCALL_MASTER_KEY"]), Ok(()));
        assert_eq!(check(&["ROLLCALL_LISTN"]), Err(ConfigError::Unknown("ROLLCALL_LISTN".to_owned())));
        assert!(Cli::try_parse_from(["rollcall", "serve", "--listn", "x"]).is_err());
    }

    #[test]
    fn plain_http_serves_this_machine_only() {
        let here = "127.0.0.1:8080".parse().unwrap();
        let everywhere = "0.0.0.0:8080".parse().unwrap();
        assert_eq!(settings(&[]).public_url(here).unwrap().to_string(), "http://127.0.0.1:8080");
        assert_eq!(settings(&[]).public_url(everywhere), Err(ConfigError::PlainHttp));
        let plain = settings(&["--public-url", "http://console.example.org"]);
        assert_eq!(plain.public_url(here), Err(ConfigError::PlainHttp));
        let behind_a_proxy = settings(&["--public-url", "https://console.example.org"]);
        assert!(behind_a_proxy.public_url(everywhere).is_ok());
    }

    #[test]
    fn files_lie_in_the_data_folder_or_where_it_is_said() {
        assert_eq!(settings(&["--data", "/srv/r"]).files().to_string(), "/srv/r/exports");
        assert_eq!(settings(&["--files", "s3://b/p"]).files().to_string(), "s3://b/p");
        let several = settings(&["--export-to", "a=/mnt/a,b=s3://b", "--export-to", "c=/c"]).export_to;
        assert_eq!(several.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["a", "b", "c"]);
        assert!(Cli::try_parse_from(["rollcall", "serve", "--files", "gs://b"]).is_err());
        assert!(Cli::try_parse_from(["rollcall", "serve", "--export-to", "/mnt/a"]).is_err());
    }

    #[test]
    fn sqlite_in_the_data_folder_is_the_default() {
        if std::env::var_os("DATABASE_URL").is_none() {
            assert_eq!(settings(&["--data", "/srv/r"]).database(), "sqlite:///srv/r/rollcall.db");
        }
    }
}
