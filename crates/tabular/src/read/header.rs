//! The names of columns: what they must be.

use super::{
    Error, Limits, Place,
    error::ColumnName,
    row::{Row, Span},
};
use std::collections::HashMap;

/// Checks the names in a header row.
///
/// # Errors
/// There are too many, one is missing or too long, or two are the same.
pub(super) fn columns(
    text: &str,
    spans: &[Span],
    place: &Place,
    limits: &Limits,
) -> Result<Vec<String>, Error> {
    if spans.len() > limits.columns || spans.iter().any(|span| span.end - span.start > limits.cell_bytes) {
        return Err(Error::HeaderTooLarge { place: place.clone(), limit: limits.columns });
    }
    let row = Row { number: 0, sheet: None, columns: &[], text, spans };
    let names: Vec<String> = row.cells().map(|cell| cell.text.to_owned()).collect();
    let mut seen = HashMap::new();
    for (column, name) in names.iter().enumerate() {
        if name.trim().is_empty() {
            return Err(Error::UnnamedColumn { place: place.clone(), column });
        }
        if let Some(first) = seen.insert(name.as_str(), column) {
            let name = name.clone();
            return Err(Error::DuplicateColumn { place: place.clone(), name, first, second: column });
        }
    }
    Ok(names)
}

/// The names of the columns of a table without a header.
///
/// # Errors
/// There are too many.
pub(super) fn letters(count: usize, place: &Place, limits: &Limits) -> Result<Vec<String>, Error> {
    if count > limits.columns {
        return Err(Error::HeaderTooLarge { place: place.clone(), limit: limits.columns });
    }
    Ok((0..count).map(|column| ColumnName(column).to_string()).collect())
}
