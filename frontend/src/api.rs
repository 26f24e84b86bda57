//! The one typed client of REST v1, over `rollcall_shared`. Two transports: the browser's fetch, and on the
//! server the API router in-process. No component builds a request by hand.

use crate::text;
use rollcall_shared::{
    error::{Problem, codes},
    job::Job,
    selection::BatchResults,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

mod accounts;
mod apps;
mod chat;
mod imports;
mod persons;
mod schedules;
mod session;
mod transport;

pub use self::{accounts::*, apps::*, chat::*, imports::*, persons::*, schedules::*, session::*};

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

/// The answer to what is done to a selection: results at once, or a job.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// One result for each named account.
    Results(BatchResults),
    /// It is being done to all that match.
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
        accepted(transport::send(self).await?)
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

/// The answer, unless the server refused.
fn accepted(reply: Reply) -> ApiResult<Reply> {
    if (200..300).contains(&reply.status) { Ok(reply) } else { Err(refused(reply.status, &reply.body)) }
}

/// What an answer says that is no success.
fn refused(status: u16, body: &str) -> ApiError {
    let problem = serde_json::from_str::<Problem>(body);
    problem.map_or(ApiError::Unreadable(status), |problem| ApiError::Problem(Box::new(problem)))
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
