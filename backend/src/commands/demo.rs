//! `rollcall demo`: an application with realistic accounts and an operator, for newcomers, benches and scripts.
//! The accounts are the same on every machine; the passwords and keys are not.

use super::{CommandError, CommandResult, open};
use crate::{
    api::app_secrets::new_secret_key,
    clock::{Clock, SystemClock},
    config::{Demo, MASTER_KEY_ENV, Settings},
    passwords::Passwords,
    secrets::{Sealer, random_text},
};
use rollcall_shared::{
    app::{App, SdkAppId},
    time::Timestamp,
};
use rollcall_store::{Actor, Change, Store};

const APP_NAME: &str = "Aurora Live";
const OPERATOR_EMAIL: &str = "demo@example.org";
const OPERATOR_NAME: &str = "Demo Operator";
/// The accounts were created in the years before this instant, 2026-11-01T00:00:00Z.
const UNTIL: Timestamp = Timestamp::from_millis(1_793_491_200_000);
/// How many accounts are handed to the store at once.
const CHUNK: usize = 20_000;

/// Runs the command. Run again, it completes the same application and gives the operator a new password.
pub async fn run(settings: &Settings, demo: Demo) -> CommandResult {
    let store = open(settings).await?;
    store.migrate().await?;
    let sealer = Sealer::from_settings(std::env::var(MASTER_KEY_ENV).ok().as_deref(), &settings.data)?;
    let change = Change { actor: Actor::System, now: SystemClock.now() };
    let app = application(&store, &sealer, &change).await?;
    load(&store, &change, app.sdkappid, demo.accounts).await?;
    let password = random_text()?;
    let phc = Passwords::new()?.hash(password.clone()).await?;
    store.put_operator(OPERATOR_EMAIL, OPERATOR_NAME, &phc, change.now).await?;
    let sealed = store.secret_key(app.sdkappid).await?.unwrap_or_default();
    let secret_key = sealer.open(app.sdkappid, &sealed)?;
    store.close().await;
    let console_url = format!("{}/apps/{}/chat/users", settings.public_url(settings.listen)?, app.sdkappid);
    if demo.json {
        let result = serde_json::json!({
            "console_url": console_url,
            "operator": { "email": OPERATOR_EMAIL, "password": password },
            "app": { "sdkappid": app.sdkappid, "secret_key": secret_key },
        });
        println!("{result}");
    } else {
        println!("Console   {console_url}\nE-mail    {OPERATOR_EMAIL}\nPassword  {password}");
        println!("SDKAppID  {}\nKey       {secret_key}", app.sdkappid);
    }
    Ok(())
}

async fn application(store: &Store, sealer: &Sealer, change: &Change) -> Result<App, CommandError> {
    if let Some(app) = store.apps().await?.into_iter().find(|app| app.name == APP_NAME) {
        return Ok(app);
    }
    let seal = sealer.seal(&new_secret_key()?)?;
    Ok(store.create_app(change, APP_NAME, seal).await?)
}

async fn load(store: &Store, change: &Change, app: SdkAppId, accounts: u64) -> CommandResult {
    let mut chunk = Vec::with_capacity(CHUNK);
    let mut seen = 0_u64;
    for account in rollcall_demo::accounts(accounts, rollcall_demo::SEED, UNTIL) {
        chunk.push(account);
        seen += 1;
        if chunk.len() == CHUNK || seen == accounts {
            store.load_accounts(change, app, std::mem::take(&mut chunk)).await?;
            eprintln!("{seen} of {accounts} accounts");
        }
    }
    store.tidy_all().await?;
    Ok(store.sample_all(change.now).await?)
}
