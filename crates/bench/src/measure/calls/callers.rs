//! The two who call: a client of the server API, and the same call of the store without a server.

use std::sync::Arc;

use hyper::Method;
use rollcall_shared::selection::{ItemStatus, OnExisting};
use rollcall_store::Store;
use rollcall_store::accounts::Replayable;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::CALLERS;
use super::inputs::{Command, Inputs};
use crate::Result;
use crate::client::Client;
use crate::measure::drive::Caller;

/// Which calls a caller makes: every [`CALLERS`]th, so that no two callers make the same ones at the same time.
struct Turns {
    command: Command,
    inputs: Arc<Inputs>,
    next: usize,
}

impl Turns {
    const fn new(command: Command, inputs: Arc<Inputs>, number: usize) -> Self {
        Self { command, inputs, next: number }
    }

    const fn take(&mut self) -> usize {
        let call = self.next;
        self.next += CALLERS;
        call
    }
}

/// A client with a connection of its own.
pub struct HttpCaller {
    client: Client,
    paths: Arc<[String]>,
    turns: Turns,
}

impl HttpCaller {
    /// All of them, connected.
    pub async fn all(port: u16, command: Command, inputs: &Arc<Inputs>) -> Result<Vec<Self>> {
        let path = |number| format!("{}?{}", command.path(), inputs.query(command, number));
        let paths: Arc<[String]> = (0..CALLERS).map(path).collect();
        let mut callers = Vec::with_capacity(CALLERS);
        for number in 0..CALLERS {
            let (client, paths) = (Client::connect(port, "").await?, Arc::clone(&paths));
            callers.push(Self { client, paths, turns: Turns::new(command, Arc::clone(inputs), number) });
        }
        Ok(callers)
    }
}

impl Caller for HttpCaller {
    async fn call(&mut self) -> Result<()> {
        let call = self.turns.take();
        let Turns { command, inputs, .. } = &self.turns;
        // Another UserSig each time, as from programs that make one for every call.
        let path = &self.paths[(call + call / CALLERS) % self.paths.len()];
        let answer = self.client.call(Method::POST, path, inputs.body(*command, call)).await?;
        let said: Answer = serde_json::from_slice(&answer)?;
        if said.is_full() {
            return Ok(());
        }
        let answer = String::from_utf8_lossy(&answer);
        Err(format!("{} answered {}", command.name(), answer.chars().take(500).collect::<String>()).into())
    }
}

/// What an answer says of how it went.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    error_code: u32,
    #[serde(default)]
    result_item: Vec<Checked>,
    #[serde(default)]
    fail_accounts: Vec<IgnoredAny>,
    #[serde(default, rename = "Fail_Account")]
    fail_account: Vec<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Checked {
    account_status: String,
}

impl Answer {
    /// Whether nothing failed, not even for one account: what is not done costs nothing.
    fn is_full(&self) -> bool {
        self.error_code == 0
            && self.fail_accounts.is_empty()
            && self.fail_account.is_empty()
            && self.result_item.iter().all(|item| item.account_status == "Imported")
    }
}

/// A task that calls the store as the server's handlers do.
pub struct StoreCaller {
    store: Store,
    turns: Turns,
}

impl StoreCaller {
    /// All of them.
    pub fn all(store: &Store, command: Command, inputs: &Arc<Inputs>) -> Vec<Self> {
        let caller =
            |number| Self { store: store.clone(), turns: Turns::new(command, Arc::clone(inputs), number) };
        (0..CALLERS).map(caller).collect()
    }
}

impl Caller for StoreCaller {
    async fn call(&mut self) -> Result<()> {
        let call = self.turns.take();
        let Turns { command, inputs, .. } = &self.turns;
        let app = inputs.of(*command).app;
        let full = match command {
            Command::Check => {
                let ids = inputs.ids(call);
                self.store.existing_accounts(app, ids).await?.len() == ids.len()
            }
            Command::Get => {
                let ids = inputs.ids(call);
                self.store.accounts_by_id(app, ids).await?.len() == ids.len()
            }
            Command::Import | Command::ImportMany => {
                let (change, accounts) = (inputs.change(), inputs.accounts(*command));
                let done =
                    self.store.create_accounts(&change, app, &accounts, OnExisting::Update, None).await?;
                matches!(done, Replayable::Fresh(Ok(results))
                    if results.iter().all(|result| result.status == ItemStatus::Created))
            }
        };
        if full { Ok(()) } else { Err(format!("the store did not do {} in full", command.name()).into()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_full_if_nothing_failed() {
        let is_full = |text| serde_json::from_str::<Answer>(text).unwrap().is_full();
        assert!(is_full(r#"{"ActionStatus":"OK","ErrorCode":0,"ErrorInfo":"","FailAccounts":[]}"#));
        assert!(is_full(r#"{"ErrorCode":0,"ResultItem":[{"AccountStatus":"Imported","UserID":"a"}]}"#));
        assert!(!is_full(r#"{"ErrorCode":60007}"#));
        assert!(!is_full(r#"{"ErrorCode":0,"FailAccounts":["a"]}"#));
        assert!(!is_full(r#"{"ErrorCode":0,"Fail_Account":["a"]}"#));
        assert!(!is_full(r#"{"ErrorCode":0,"ResultItem":[{"AccountStatus":"NotImported"}]}"#));
    }
}
