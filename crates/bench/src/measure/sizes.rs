//! How much room the accounts and each of their indexes take, for a million accounts.

use crate::Result;
use crate::measure::Setting;
use crate::report::Line;
use crate::sql::{Connection, sizes};

const MEGABYTE: f64 = 1_000_000.0;
const MILLION: f64 = 1_000_000.0;

/// Notes the table and each index. Reading them all also brings the database into the system's memory as far as it fits:
/// what is measured afterwards is a server that has run for a while.
pub async fn all(setting: &Setting<'_>) -> Result<Vec<Line>> {
    let mut connection = Connection::reader(setting.engine).await?;
    let (sizes, accounts) = sizes::of_accounts(&mut connection).await?;
    let shown = |bytes: u64| format!("{:.0} MB per million accounts", megabytes_per_million(bytes, accounts));
    let line = |size: &sizes::Size| {
        let what = if size.name == "accounts" { "table" } else { "index" };
        Line::noted(format!("Size of the {what} {}", size.name), shown(size.bytes))
    };
    let mut lines: Vec<Line> = sizes.iter().map(line).collect();
    let all = sizes.iter().map(|size| size.bytes).sum();
    lines.push(Line::noted(
        "Size of all of these",
        format!("{} ({:.1} GB, {accounts} accounts)", shown(all), all as f64 / 1e9),
    ));
    Ok(lines)
}

fn megabytes_per_million(bytes: u64, accounts: u64) -> f64 {
    bytes as f64 / MEGABYTE / (accounts.max(1) as f64 / MILLION)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_scaled_to_a_million() {
        assert_eq!(megabytes_per_million(3_000_000_000, 10_000_000), 300.0);
        assert_eq!(megabytes_per_million(5_000_000, 20_000), 250.0);
    }
}
