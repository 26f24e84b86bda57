//! What handlers receive. Permission is an extractor: a handler's signature says who may call it, and what it is
//! given (application, actor, time) it can have in no other way.
//!
//! | extractor | lets in | yields |
//! |---|---|---|
//! | [`Operator`] | a signed-in operator | session, time |
//! | [`AppReader`] | an operator, or a token of this application | the application, caller, time, the store to read |
//! | [`AppWriter`] | an operator, or a write token of this application | application id, caller, [`AppWriter::change`] |
//! | [`AppOwner`] | an operator | application id, session, [`AppOwner::change`] |
//!
//! What a page shows is read through [`AppReader::store`], which may be a replica. What decides a write, and what tells of
//! work under way, is read through the state's store, which never is.
//!
//! Bodies, paths and queries come through [`Json`], [`Path`] and [`Query`], which answer with our problems.
//! Put the permission first: nobody learns what is wrong with a body that they may not send.

mod app;
mod body;
mod caller;
pub mod client;
mod params;
mod precondition;
mod reading;

pub use app::{AppOwner, AppReader, AppWriter};
pub use body::{Blob, HashedJson, Json};
pub use caller::{Caller, Operator, SESSION_MILLIS};
pub use params::{GroupId, ImportId, Path, Query, TaskId, UserId};
pub use precondition::{IdempotencyHeader, IfMatch};
