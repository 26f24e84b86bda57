//! What can be chosen of an export, and what is proven of its file.

use rollcall_shared::export::{Compression, Consistency, Header};

/// A format.
pub const NDJSON: &str = "NDJSON";
/// Which columns.
pub const OWN_COLUMNS: &str = "Own choice";
/// How columns are moved.
pub const ORDER_HINT: &str = "Tick the columns. Move one with its arrows, or with Alt and an arrow key.";
/// What most people never need.
pub const MORE_OPTIONS: &str = "More options";
/// How a file is packed.
pub const COMPRESSION: &str = "Compression";
/// What the header calls the columns.
pub const HEADER: &str = "Header";
/// The time zone of times.
pub const TIME_ZONE: &str = "Time zone";
/// How it is written.
pub const TIME_ZONE_HINT: &str = "By its IANA name, such as Asia/Shanghai.";
/// Texts as they are.
pub const EXACT_CELLS: &str = "Exact cells, for programs";
/// What that means.
pub const EXACT_HINT: &str = "Without it, text that a spreadsheet would run gets an apostrophe before it.";
/// The link to what is proven.
pub const MANIFEST: &str = "Manifest";
/// Fact.
pub const AS_OF: &str = "As of";
/// Fact.
pub const UNPACKED: &str = "Unpacked";

/// A compression.
pub const fn compression(value: Compression) -> &'static str {
    match value {
        Compression::None => "None",
        Compression::Gzip => "gzip (.gz)",
        Compression::Zstd => "Zstandard (.zst)",
    }
}

/// What a header calls the columns.
pub const fn header(value: Header) -> &'static str {
    match value {
        Header::Names => "Names of fields",
        Header::En => "English",
        Header::Zh => "Chinese (中文)",
    }
}

/// Whether the accounts are all of one time.
pub const fn consistency(value: Consistency) -> &'static str {
    match value {
        Consistency::Snapshot => "all at one time",
        Consistency::Paged => "from then on, page by page",
    }
}

/// A button that moves a column.
pub fn move_column(column: &str, up: bool) -> String {
    format!("Move {column} {}", if up { "up" } else { "down" })
}

/// Where a column is now.
pub fn moved_to(column: &str, place: usize, of: usize) -> String {
    format!("{column} is column {place} of {of}.")
}
