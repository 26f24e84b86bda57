//! The proof of a copy: of each table and application the number of rows and a digest of them, computed here from what is read
//! back, by the same code on both sides.

use super::{CopyError, layout::Layout, side::Side};
use crate::Result;
use rollcall_shared::app::SdkAppId;
use sha2::{Digest as _, Sha256};
use std::{collections::BTreeMap, fmt, ops::ControlFlow};

/// Rows of one table, those of one application where it knows applications.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// How many.
    pub rows: u64,
    /// The sum of the rows' digests (128 bits of each SHA-256), so that their order does not matter.
    pub checksum: u128,
}

/// The same rows in the source and in the copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Check {
    /// The application; none for tables that know none.
    pub app: Option<SdkAppId>,
    /// The table.
    pub table: &'static str,
    /// In the source.
    pub source: Sum,
    /// In the copy.
    pub target: Sum,
}

impl Check {
    /// Whether they are the same.
    pub fn is_equal(&self) -> bool {
        self.source == self.target
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.app {
            Some(app) => write!(f, "{app:>12}  ")?,
            None => write!(f, "{:>12}  ", "-")?,
        }
        write!(f, "{:<18} {:>10}  {:032x}", self.table, self.source.rows, self.source.checksum)?;
        if self.is_equal() {
            return f.write_str("  equal");
        }
        write!(f, "  DIFFERS: the copy has {}  {:032x}", self.target.rows, self.target.checksum)
    }
}

/// Compares a table.
pub(super) async fn compare(
    source: &mut Side,
    target: &mut Side,
    layout: &Layout,
) -> Result<Vec<Check>, CopyError> {
    let (in_source, in_target) = futures::try_join!(sums(source, layout), sums(target, layout))?;
    let mut apps: Vec<Option<i64>> = in_source.keys().chain(in_target.keys()).copied().collect();
    apps.sort_unstable();
    apps.dedup();
    let check = |app: Option<i64>| Check {
        app: app.map(SdkAppId),
        table: layout.table.name,
        source: in_source.get(&app).copied().unwrap_or_default(),
        target: in_target.get(&app).copied().unwrap_or_default(),
    };
    Ok(apps.into_iter().map(check).collect())
}

async fn sums(side: &mut Side, layout: &Layout) -> Result<BTreeMap<Option<i64>, Sum>> {
    let mut sums = BTreeMap::<Option<i64>, Sum>::new();
    let take = |row| {
        let values = layout.values(&row)?;
        let mut digest = Sha256::new();
        values.iter().for_each(|value| value.digest(&mut digest));
        let half = digest.finalize().first_chunk::<16>().copied().unwrap_or_default();
        let sum = sums.entry(layout.app_of(&values)).or_default();
        sum.rows += 1;
        sum.checksum = sum.checksum.wrapping_add(u128::from_be_bytes(half));
        Ok(ControlFlow::Continue(()))
    };
    side.conn.fetch_each(layout.select(), take).await?;
    Ok(sums)
}
