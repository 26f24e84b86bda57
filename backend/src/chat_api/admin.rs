//! Who calls, proven by a UserSig in the query: an app admin for the API, anyone for a client's connection. The order of the checks is part of the API, because clients
//! act on the first code that they get.

use super::{answer::Fault, codes};
use crate::state::AppState;
use rollcall_shared::{
    app::{AppStatus, CallLimits, SdkAppId},
    custom_field::CustomField,
    profile::AccountType,
    time::Timestamp,
};
use rollcall_store::{Actor, Change, chat::ChatCaller};
use usersig::{Expected, UserSig};

/// A caller who proved who they are.
#[derive(Clone, Debug)]
pub struct Proven {
    /// The application.
    pub app: SdkAppId,
    /// The username.
    pub identifier: String,
    /// The type of the account; none if there is no such account.
    pub account_type: Option<AccountType>,
    /// The time of the call.
    pub now: Timestamp,
    /// How many calls a second the application takes.
    pub limits: CallLimits,
    caller: ChatCaller,
}

impl Proven {
    /// Who the query string names and proves.
    pub async fn of(state: &AppState, query: &str) -> Result<Self, Fault> {
        let Claimed { app, identifier, usersig } = Claimed::read(query)?;
        let now = state.clock.now();
        // No account has a NUL in its name, and PostgreSQL refuses to be asked.
        let name = identifier.as_deref().filter(|name| !name.contains('\0')).unwrap_or_default();
        let caller = state.store.chat_caller(app, name).await?;
        let caller = caller.ok_or_else(|| Fault::new(codes::UNKNOWN_APP))?;
        if caller.status == AppStatus::Disabled {
            return Err(Fault::new(codes::APP_DISABLED));
        }
        let (Some(identifier), Some(usersig)) = (identifier, usersig) else {
            return Err(Fault::new(codes::NO_CALLER));
        };
        let sig = UserSig::parse(&usersig)?;
        let key = state.sealer.open(app, &caller.secret_key).map_err(|error| {
            tracing::error!(%error, "a secret key does not open");
            Fault::new(codes::INTERNAL)
        })?;
        let expected = Expected { sdkappid: app.0, identifier: &identifier };
        sig.verify(&expected, &key, now.seconds())?;
        if caller.voids(sig.claims().time) {
            return Err(Fault::new(codes::VOID_SIG));
        }
        Ok(Self { app, identifier, account_type: caller.account_type, now, limits: caller.limits, caller })
    }
}

/// A caller who proved to be an admin of the application.
#[derive(Clone, Debug)]
pub struct AppAdmin {
    /// The application.
    pub app: SdkAppId,
    /// The admin's username.
    pub identifier: String,
    /// The time of the call.
    pub now: Timestamp,
    /// How many calls a second the application takes.
    pub limits: CallLimits,
    caller: ChatCaller,
}

impl AppAdmin {
    /// The admin that the query string names and proves.
    pub async fn of(state: &AppState, query: &str) -> Result<Self, Fault> {
        let Proven { app, identifier, account_type, now, limits, caller } = Proven::of(state, query).await?;
        if account_type != Some(AccountType::Admin) {
            return Err(Fault::new(codes::NO_ADMIN));
        }
        Ok(Self { app, identifier, now, limits, caller })
    }

    /// The custom fields of the application's accounts.
    pub fn custom_fields(&self) -> Result<Vec<CustomField>, Fault> {
        Ok(self.caller.custom_fields()?)
    }

    /// The circumstances of a change that this admin makes.
    pub fn change(&self) -> Change {
        Change { actor: Actor::Admin(self.identifier.clone()), now: self.now }
    }
}

/// Who the query string says to call. `random` and `contenttype` are read by nobody.
#[derive(Debug, PartialEq, Eq)]
struct Claimed {
    app: SdkAppId,
    identifier: Option<String>,
    usersig: Option<String>,
}

impl Claimed {
    /// Names are case-sensitive; of one that comes twice the first counts.
    fn read(query: &str) -> Result<Self, Fault> {
        let value = |wanted: &str| {
            let mut pairs = form_urlencoded::parse(query.as_bytes());
            pairs.find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned())
        };
        let app =
            value("sdkappid").filter(|text| !text.is_empty()).ok_or_else(|| Fault::new(codes::NO_APP))?;
        let app = app.parse().map_err(|_| Fault::new(codes::BAD_APP))?;
        let identifier = value("identifier").filter(|text| !text.is_empty());
        Ok(Self { app: SdkAppId(app), identifier, usersig: value("usersig") })
    }
}

/// The application and the caller that a query string names, whether or not they are what they say.
pub fn named(query: &str) -> Option<(SdkAppId, String)> {
    let Claimed { app, identifier, .. } = Claimed::read(query).ok()?;
    Some((app, identifier.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callers_write_the_query_in_their_own_ways() {
        let plain =
            Claimed::read("sdkappid=1400000001&identifier=a+b&usersig=eJ*-_&random=1&contenttype=json")
                .unwrap();
        let encoded =
            Claimed::read("contenttype=json&usersig=eJ%2A-_&identifier=a%20b&sdkappid=1400000001").unwrap();
        assert_eq!(plain, encoded);
        assert_eq!((plain.identifier.as_deref(), plain.usersig.as_deref()), (Some("a b"), Some("eJ*-_")));
    }

    #[test]
    fn the_application_is_read_first() {
        for query in ["", "sdkappid=", "SdkAppId=1400000001&identifier=a"] {
            assert_eq!(Claimed::read(query), Err(Fault::new(codes::NO_APP)), "{query}");
        }
        for query in ["sdkappid=x", "sdkappid=1.5", "sdkappid=99999999999999999999"] {
            assert_eq!(Claimed::read(query), Err(Fault::new(codes::BAD_APP)), "{query}");
        }
    }
}
