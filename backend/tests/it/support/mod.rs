//! A server for each test, with a database of its own, a clock that stands still, and clients that call it.

mod client;
pub mod database;
pub mod kills;
pub mod process;
pub mod s3;

pub use client::{Answer, Client};
pub use database::Engine;

use argon2::Params;
use axum::Router;
use database::Database;
use object_store::{ObjectStore, aws::AmazonS3Builder, local::LocalFileSystem};
use rollcall_backend::{
    changes::Changes,
    chat_api::{Calls, log::CallLog},
    clients::{Hub, Pace},
    clock::Clock,
    console::STACK_BYTES,
    passwords::Passwords,
    places::{Destinations, S3},
    public_url::PublicUrl,
    secrets::Sealer,
    state::{AppState, Parts},
};
use rollcall_shared::{
    app::{App, CreatedApp, CreatedToken, TokenAccess},
    paths,
    time::Timestamp,
};
use rollcall_store::{OpenOptions, Store};
use serde_json::json;
use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};
use tempfile::TempDir;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// 2026-11-22T18:00:00Z.
pub const START: i64 = 1_795_370_400_000;
/// The operator that every server has.
pub const EMAIL: &str = "ada@example.org";
/// Their password.
pub const PASSWORD: &str = "a long enough password";

/// A clock that moves when a test says so.
#[derive(Debug)]
pub struct FixedClock(AtomicI64);

impl FixedClock {
    pub fn advance(&self, millis: i64) {
        self.0.fetch_add(millis, Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

/// Where a server has its files, and where scheduled exports may go.
pub struct Around {
    /// A folder of its own unless said otherwise.
    pub files: Option<Arc<dyn ObjectStore>>,
    pub destinations: Destinations,
}

impl Default for Around {
    fn default() -> Self {
        Self { files: None, destinations: Destinations::new([], S3::new(AmazonS3Builder::new())) }
    }
}

/// A server of its own.
pub struct Server {
    pub app: Router,
    pub state: AppState,
    pub clock: Arc<FixedClock>,
    _database: Database,
    _folder: TempDir,
}

impl Server {
    /// On plain http, as on a developer's machine.
    pub async fn start(engine: Engine) -> Self {
        Self::start_at(engine, "http://127.0.0.1:8080").await
    }

    /// Under another public URL.
    pub async fn start_at(engine: Engine, public_url: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::create(engine, folder.path()).await;
        let store = Store::open(database.url(), &OpenOptions::default()).await.unwrap();
        store.migrate().await.unwrap();
        Self::start_on(store, database, folder, public_url, Around::default()).await
    }

    /// With other places for files.
    pub async fn start_around(engine: Engine, around: Around) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::create(engine, folder.path()).await;
        let store = Store::open(database.url(), &OpenOptions::default()).await.unwrap();
        store.migrate().await.unwrap();
        Self::start_on(store, database, folder, "http://127.0.0.1:8080", around).await
    }

    /// One on PostgreSQL that reads from a replica, and the URL of its database there.
    pub async fn start_with_replica() -> (Self, String) {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::create(Engine::Postgres, folder.path()).await;
        let replica = database::at_replica(database.url());
        let store = Store::open(database.url(), &OpenOptions::default()).await.unwrap();
        store.migrate().await.unwrap();
        let store = store.with_replica(&replica, &OpenOptions::default()).await.unwrap();
        let around = Around::default();
        (Self::start_on(store, database, folder, "http://127.0.0.1:8080", around).await, replica)
    }

    async fn start_on(
        store: Store,
        database: Database,
        folder: TempDir,
        public_url: &str,
        around: Around,
    ) -> Self {
        let clock = Arc::new(FixedClock(AtomicI64::new(START)));
        let files = folder.path().join("exports");
        std::fs::create_dir(&files).unwrap();
        let state = AppState::new(Parts {
            store,
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            sealer: Sealer::new(&[7; 32]),
            passwords: Passwords::with_params(Params::new(8, 1, 1, None).unwrap()).unwrap(),
            public_url: public_url.parse::<PublicUrl>().unwrap(),
            files: around.files.unwrap_or_else(|| Arc::new(LocalFileSystem::new_with_prefix(files).unwrap())),
            destinations: around.destinations,
            scratch: folder.path().join("scratch"),
            jobs: Notify::new(),
            calls: Calls::default(),
            call_log: CallLog::new().unwrap(),
            clients: Hub::new(Pace {
                ask: Duration::from_millis(100),
                patience: Duration::from_millis(1_500),
            })
            .unwrap(),
            webhooks: rollcall_backend::webhooks::Client::new(true).unwrap(),
            changes: Changes::default(),
            draining: CancellationToken::new(),
            stop: CancellationToken::new(),
        });
        let app = rollcall_backend::app(state.clone()).unwrap();
        let server = Self { app, state, clock, _database: database, _folder: folder };
        server.add_operator(EMAIL).await;
        server
    }

    /// Another server over the same database and files.
    pub async fn twin(&self, calls: Calls) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(self._database.url(), &OpenOptions::default()).await.unwrap();
        let state = AppState::new(Parts {
            store,
            clock: Arc::clone(&self.clock) as Arc<dyn Clock>,
            sealer: Sealer::new(&[7; 32]),
            passwords: Passwords::with_params(Params::new(8, 1, 1, None).unwrap()).unwrap(),
            public_url: self.state.public_url.clone(),
            files: Arc::clone(&self.state.files),
            destinations: self.state.destinations.clone(),
            scratch: folder.path().join("scratch"),
            jobs: Notify::new(),
            calls,
            call_log: CallLog::new().unwrap(),
            clients: Hub::new(Pace::default()).unwrap(),
            webhooks: rollcall_backend::webhooks::Client::new(true).unwrap(),
            changes: Changes::default(),
            draining: CancellationToken::new(),
            stop: CancellationToken::new(),
        });
        let app = rollcall_backend::app(state.clone()).unwrap();
        Self {
            app,
            state,
            clock: Arc::clone(&self.clock),
            _database: Database::shared(self._database.url()),
            _folder: folder,
        }
    }

    /// Where its database is.
    pub fn database_url(&self) -> &str {
        self._database.url()
    }

    /// Adds an operator with [`PASSWORD`].
    pub async fn add_operator(&self, email: &str) {
        let phc = self.state.passwords.hash(PASSWORD.to_owned()).await.unwrap();
        self.state.store.put_operator(email, "Ada", &phc, self.clock.now()).await.unwrap();
    }

    /// A client that is not signed in.
    pub fn stranger(&self) -> Client {
        Client::new(self.app.clone())
    }

    /// A client with the operator's session.
    pub async fn operator(&self) -> Client {
        let answer =
            self.stranger().post(&paths::session(), &json!({"email": EMAIL, "password": PASSWORD})).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        self.stranger().with_cookie(&answer.cookie())
    }

    /// An application, made by the operator.
    pub async fn create_app(&self, operator: &Client, name: &str) -> App {
        let answer = operator.post(&paths::apps(), &json!({ "name": name })).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.json::<CreatedApp>().app
    }

    /// A client with a token of the application.
    pub async fn program(&self, operator: &Client, app: &App, access: TokenAccess) -> Client {
        let new = json!({"name": "a program", "access": access, "expires_in_days": 30});
        let answer = operator.post(&paths::tokens(app.sdkappid), &new).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        self.stranger().with_token(&answer.json::<CreatedToken>().token)
    }
}

/// Runs a test's future on threads like the server's, whose stack has room for the console's pages.
pub fn run<F: Future<Output = ()>>(test: impl FnOnce() -> F + Send + 'static) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .thread_stack_size(STACK_BYTES)
        .build()
        .unwrap();
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES);
    if let Err(panic) = thread.spawn(move || runtime.block_on(test())).unwrap().join() {
        std::panic::resume_unwind(panic);
    }
}

/// Runs each named function, which takes a [`Server`], on both engines.
macro_rules! on_both_engines {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[test]
            fn $name() {
                crate::support::run(|| async {
                    super::$name(crate::support::Server::start(crate::support::Engine::Sqlite).await).await;
                });
            })+
        }
        mod postgres {
            $(#[test]
            fn $name() {
                crate::support::run(|| async {
                    super::$name(crate::support::Server::start(crate::support::Engine::Postgres).await).await;
                });
            })+
        }
    };
}
pub(crate) use on_both_engines;
