//! Calls of the server API, as developers see them afterwards.

use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// The most calls that an application keeps.
pub const CALLS_KEPT: u32 = 1_000;
/// The most calls that a list shows.
pub const CALLS_LISTED: u32 = 100;
/// The most bytes of a request, and of an answer, that are kept.
pub const CALL_TEXT_MAX: usize = 2_000;

/// A call and what came of it. Secrets in it are masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApiCall {
    /// Its id within the application; ascends with time.
    pub id: String,
    /// When it was answered.
    pub at: Timestamp,
    /// Who said to call; not proven.
    pub identifier: String,
    /// Service and command: `im_open_login_svc/account_import`.
    pub command: String,
    /// The ErrorCode of the answer; 0 is success.
    pub code: u32,
    /// How long it took, in microseconds.
    pub micros: u32,
    /// The request: its first line and its body, at most 2,000 bytes.
    pub request: String,
    /// The body of the answer, at most 2,000 bytes.
    pub answer: String,
}

/// Which calls a list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CallFilter {
    /// All.
    #[default]
    All,
    /// Those that failed.
    Failed,
    /// Those that were answered with this code.
    Code(u32),
}

impl CallFilter {
    /// From the text of a query: empty, `failed`, or a code.
    pub fn of(text: &str) -> Option<Self> {
        match text.trim() {
            "" => Some(Self::All),
            "failed" => Some(Self::Failed),
            code => code.parse().ok().map(Self::Code),
        }
    }

    /// The text of a query.
    pub fn to_query(self) -> String {
        match self {
            Self::All => String::new(),
            Self::Failed => "failed".to_owned(),
            Self::Code(code) => code.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::CallFilter;

    #[test]
    fn a_filter_survives_its_text() {
        for filter in [CallFilter::All, CallFilter::Failed, CallFilter::Code(0), CallFilter::Code(70107)] {
            assert_eq!(CallFilter::of(&filter.to_query()), Some(filter));
        }
        for bad in ["x", "-1", "1.5", "99999999999"] {
            assert_eq!(CallFilter::of(bad), None, "{bad}");
        }
    }
}
