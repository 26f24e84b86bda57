//! The one typed client of REST v1, over `rollcall_shared`. Two transports: the browser's fetch, and on the
//! server the API router in-process. No component builds a request by hand.

use crate::text;
use rollcall_shared::{
    account::{Account, AccountPatch, NewAccount},
    app::{
        ApiToken, App, AppPatch, CallLimits, CreatedApp, CreatedToken, DeletionRestriction, NewApp, NewToken,
        SdkAppId, SecretKey,
    },
    error::{Problem, codes},
    group::{Group, GroupMember},
    job::{ExportRequest, Job},
    list::{ListQuery, Page},
    paths,
    profile::AccountType,
    selection::{BatchResults, Selection},
    session::{PasswordChange, Session, SessionInfo, Setup, SignIn},
    usersig::{NewUserSig, UserSig, UserSigCheck, UserSigReport},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

mod transport;

/// A call that did not succeed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ApiError {
    /// The server refused it and says why.
    Problem(Box<Problem>),
    /// The server was not reached.
    Unreachable,
    /// The server answered something that this console does not understand.
    Unreadable(u16),
}

impl ApiError {
    /// The stable code, `""` when there is none.
    pub fn code(&self) -> &str {
        match self {
            Self::Problem(problem) => &problem.code,
            Self::Unreachable | Self::Unreadable(_) => "",
        }
    }

    /// The HTTP status, 0 when the server was not reached.
    pub fn status(&self) -> u16 {
        match self {
            Self::Problem(problem) => problem.status,
            Self::Unreachable => 0,
            Self::Unreadable(status) => *status,
        }
    }

    /// What happened and what to do, in a sentence.
    pub fn message(&self) -> String {
        match self {
            Self::Problem(problem) if problem.code == codes::UNAUTHENTICATED => {
                text::SESSION_ENDED.to_owned()
            }
            Self::Problem(problem) => problem.detail.clone(),
            Self::Unreachable => text::UNREACHABLE.to_owned(),
            Self::Unreadable(status) => text::unreadable(*status),
        }
    }

    /// The message for a field, if it was refused.
    pub fn field(&self, field: &str) -> Option<String> {
        match self {
            Self::Problem(problem) => problem.field(field).map(|e| e.message.clone()),
            Self::Unreachable | Self::Unreadable(_) => None,
        }
    }
}

/// What a call answers.
pub type ApiResult<T> = Result<T, ApiError>;

/// A body with the entity tag that it came with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tagged<T> {
    /// The body.
    pub value: T,
    /// Its entity tag, for If-Match.
    pub etag: String,
}

/// The answer to the deletion of a selection: results at once, or a job.
#[derive(Clone, Debug, PartialEq)]
pub enum Deletion {
    /// One result for each named account.
    Results(BatchResults),
    /// All that match are being deleted.
    Job(Box<Job>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

/// A request on its way to a transport.
#[derive(Debug)]
struct Request {
    method: Method,
    path: String,
    body: Option<String>,
    headers: Vec<(&'static str, String)>,
}

/// An answer as a transport brings it.
#[derive(Debug)]
struct Reply {
    status: u16,
    etag: Option<String>,
    body: String,
}

impl Request {
    fn new(method: Method, path: String) -> Self {
        Self { method, path, body: None, headers: Vec::new() }
    }

    fn json(mut self, body: &impl Serialize) -> Self {
        // Our own types always serialise; were one not to, the server refuses the empty body with a reason.
        self.body = Some(serde_json::to_string(body).unwrap_or_default());
        self
    }

    fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    async fn reply(self) -> ApiResult<Reply> {
        let reply = transport::send(self).await?;
        if (200..300).contains(&reply.status) {
            return Ok(reply);
        }
        let problem = serde_json::from_str::<Problem>(&reply.body);
        Err(problem.map_or(ApiError::Unreadable(reply.status), |p| ApiError::Problem(Box::new(p))))
    }

    async fn send<T: DeserializeOwned>(self) -> ApiResult<T> {
        read(&self.reply().await?)
    }

    async fn send_tagged<T: DeserializeOwned>(self) -> ApiResult<Tagged<T>> {
        let reply = self.reply().await?;
        Ok(Tagged { value: read(&reply)?, etag: reply.etag.unwrap_or_default() })
    }

    async fn send_empty(self) -> ApiResult<()> {
        self.reply().await.map(drop)
    }
}

fn read<T: DeserializeOwned>(reply: &Reply) -> ApiResult<T> {
    serde_json::from_str(&reply.body).map_err(|_| ApiError::Unreadable(reply.status))
}

fn get(path: String) -> Request {
    Request::new(Method::Get, path)
}

fn post(path: String) -> Request {
    Request::new(Method::Post, path)
}

// Sign-in and the operator's own things.

/// Begins a session.
pub async fn sign_in(form: &SignIn) -> ApiResult<Session> {
    post(paths::session()).json(form).send().await
}

/// Who is signed in.
pub async fn session() -> ApiResult<Session> {
    get(paths::session()).send().await
}

/// Ends the session.
pub async fn sign_out() -> ApiResult<()> {
    Request::new(Method::Delete, paths::session()).send_empty().await
}

/// Uses a one-time link.
pub async fn setup(form: &Setup) -> ApiResult<Session> {
    post(paths::setup()).json(form).send().await
}

/// The operator's sessions.
pub async fn sessions() -> ApiResult<Vec<SessionInfo>> {
    get(paths::sessions()).send().await
}

/// Ends one of them.
pub async fn end_session(id: i64) -> ApiResult<()> {
    Request::new(Method::Delete, paths::session_by_id(id)).send_empty().await
}

/// Changes the password.
pub async fn change_password(form: &PasswordChange) -> ApiResult<()> {
    Request::new(Method::Put, paths::password()).json(form).send_empty().await
}

// Applications.

/// Every application.
pub async fn apps() -> ApiResult<Vec<App>> {
    get(paths::apps()).send().await
}

/// One application.
pub async fn app(app: SdkAppId) -> ApiResult<App> {
    get(paths::app(app)).send().await
}

/// Creates an application.
pub async fn create_app(form: &NewApp) -> ApiResult<CreatedApp> {
    post(paths::apps()).json(form).send().await
}

/// Changes an application's settings, if it is still as `app` says.
pub async fn patch_app(app: &App, patch: &AppPatch) -> ApiResult<App> {
    let request = Request::new(Method::Patch, paths::app(app.sdkappid));
    request.json(patch).header("If-Match", app.etag()).send().await
}

/// Deletes an application; `name` as it was typed.
pub async fn delete_app(app: SdkAppId, name: &str) -> ApiResult<Job> {
    let confirm = percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC);
    Request::new(Method::Delete, format!("{}?confirm={confirm}", paths::app(app))).send().await
}

/// Shows the secret key.
pub async fn reveal_secret_key(app: SdkAppId) -> ApiResult<SecretKey> {
    post(paths::secret_key_reveal(app)).send().await
}

/// Makes a new secret key.
pub async fn rotate_secret_key(app: SdkAppId) -> ApiResult<SecretKey> {
    post(paths::secret_key_rotate(app)).send().await
}

/// Makes an account an admin, or a general account again.
pub async fn set_account_type(app: SdkAppId, user_id: &str, to: AccountType) -> ApiResult<Account> {
    let path = match to {
        AccountType::Admin => paths::set_admin(app, user_id),
        AccountType::General => paths::cancel_admin(app, user_id),
    };
    post(path).send().await
}

/// A page of groups, the first unless a cursor says otherwise.
pub async fn groups(app: SdkAppId, cursor: Option<&str>) -> ApiResult<Page<Group>> {
    let path = paths::groups(app);
    get(cursor.map_or_else(|| path.clone(), |cursor| format!("{path}?cursor={cursor}"))).send().await
}

/// The members of a group.
pub async fn group_members(app: SdkAppId, group_id: &str) -> ApiResult<Vec<GroupMember>> {
    get(paths::group_members(app, group_id)).send().await
}

/// Destroys a group.
pub async fn destroy_group(app: SdkAppId, group_id: &str) -> ApiResult<()> {
    Request::new(Method::Delete, paths::group(app, group_id)).send_empty().await
}

/// Makes a UserSig.
pub async fn make_usersig(app: SdkAppId, form: &NewUserSig) -> ApiResult<UserSig> {
    post(paths::usersigs(app)).json(form).send().await
}

/// Checks a UserSig.
pub async fn check_usersig(app: SdkAppId, form: &UserSigCheck) -> ApiResult<UserSigReport> {
    post(paths::usersig_checks(app)).json(form).send().await
}

/// Lifts the deletion restriction or puts it back.
pub async fn set_deletion_restriction(app: SdkAppId, lifted: bool) -> ApiResult<App> {
    let body = DeletionRestriction { lifted, reason: String::new() };
    Request::new(Method::Put, paths::deletion_restriction(app)).json(&body).send().await
}

/// How many calls of the server API the application takes.
pub async fn call_limits(app: SdkAppId) -> ApiResult<CallLimits> {
    get(paths::call_limits(app)).send().await
}

/// Sets that.
pub async fn set_call_limits(app: SdkAppId, limits: CallLimits) -> ApiResult<CallLimits> {
    Request::new(Method::Put, paths::call_limits(app)).json(&limits).send().await
}

/// The application's tokens.
pub async fn tokens(app: SdkAppId) -> ApiResult<Vec<ApiToken>> {
    get(paths::tokens(app)).send().await
}

/// Makes a token.
pub async fn create_token(app: SdkAppId, form: &NewToken) -> ApiResult<CreatedToken> {
    post(paths::tokens(app)).json(form).send().await
}

/// Ends a token.
pub async fn revoke_token(app: SdkAppId, id: i64) -> ApiResult<()> {
    Request::new(Method::Delete, paths::token(app, id)).send_empty().await
}

// Accounts.

/// A page of accounts.
pub async fn accounts(app: SdkAppId, query: &ListQuery) -> ApiResult<Page<Account>> {
    get(paths::account_list(app, query)).send().await
}

/// One account with its entity tag.
pub async fn account(app: SdkAppId, user_id: &str) -> ApiResult<Tagged<Account>> {
    get(paths::account(app, user_id)).send_tagged().await
}

/// Creates an account. The same key with the same form creates it once, however often it is sent.
pub async fn create_account(app: SdkAppId, form: &NewAccount, key: &str) -> ApiResult<Tagged<Account>> {
    post(paths::accounts(app)).json(form).header("Idempotency-Key", key).send_tagged().await
}

/// Changes an account that is still as its tag says.
pub async fn patch_account(
    app: SdkAppId,
    user_id: &str,
    etag: &str,
    patch: &AccountPatch,
) -> ApiResult<Tagged<Account>> {
    let request = Request::new(Method::Patch, paths::account(app, user_id));
    request.json(patch).header("If-Match", etag).send_tagged().await
}

/// Deletes a selection.
pub async fn delete_accounts(app: SdkAppId, selection: &Selection) -> ApiResult<Deletion> {
    let reply = post(paths::account_deletions(app)).json(selection).reply().await?;
    match reply.status {
        202 => read(&reply).map(Deletion::Job),
        _ => read(&reply).map(Deletion::Results),
    }
}

/// Asks for a file of accounts.
pub async fn export(app: SdkAppId, request: &ExportRequest) -> ApiResult<Job> {
    post(paths::exports(app)).json(request).send().await
}

/// The application's jobs, newest first.
pub async fn jobs(app: SdkAppId) -> ApiResult<Vec<Job>> {
    get(paths::jobs(app)).send().await
}

/// Where a job stands.
pub async fn job(app: SdkAppId, id: &str) -> ApiResult<Job> {
    get(paths::job(app, id)).send().await
}

/// Asks a job to stop.
pub async fn cancel_job(app: SdkAppId, id: &str) -> ApiResult<Job> {
    Request::new(Method::Delete, paths::job(app, id)).send().await
}
