//! Copies a whole installation into another database, of either engine: every row as it is, what is derived from rows anew.
//!
//! A chunk of rows and the mark of how far it reaches are written in one transaction, so a copy that was cut off at any
//! moment goes on where it stopped, when it is called again with the same databases. Until it is done and proven, the target is
//! marked, and no [`crate::Store`] opens it. `tables.rs` says what is copied, `side.rs` how others are kept out, `verify.rs`
//! how the result is proven. What is sealed stays sealed: the copy needs the source's master key.

mod error;
mod layout;
mod marker;
mod side;
mod source;
pub(crate) mod tables;
mod target;
mod value;
mod verify;

pub use error::CopyError;
pub(crate) use marker::refuse_unfinished;
pub use verify::{Check, Sum};

use crate::StoreError;
use layout::Layout;
use marker::Marker;
use side::Side;
use source::Fingerprint;
use std::ops::ControlFlow;
use tables::TABLES;
use value::key_of_text;

/// How to copy.
#[derive(Clone, Copy, Debug)]
pub struct CopyOptions {
    /// How many rows one transaction writes at most.
    pub rows: usize,
}

impl Default for CopyOptions {
    fn default() -> Self {
        Self { rows: 5000 }
    }
}

/// What a copy has done or is about to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// A chunk of this table is written for good.
    Rows {
        /// The table.
        table: &'static str,
        /// How many rows are there, of all tables.
        copied: u64,
        /// How many there will be.
        total: u64,
    },
    /// An index is built next.
    Index(&'a str),
    /// A table is compared next.
    Compare(&'static str),
}

/// Hears of every step; a break stops the copy there, with [`CopyError::Stopped`].
pub type Progress<'a> = &'a mut (dyn FnMut(Step<'_>) -> ControlFlow<()> + Send);

/// A complete copy.
#[derive(Clone, Debug)]
pub struct CopyReport {
    /// How many rows it has.
    pub rows: u64,
    /// What was compared, all equal.
    pub checks: Vec<Check>,
}

/// The tables that are copied, in their order.
pub fn tables() -> impl Iterator<Item = &'static str> {
    TABLES.iter().map(|table| table.name)
}

/// Copies the installation in the database `from` into the database `to`, which is empty or holds the part of it that an
/// earlier call wrote. Nobody may use either meanwhile, which is seen to as far as the engine lets us.
///
/// # Errors
/// See [`CopyError`]; the source is never changed.
pub async fn copy(
    from: &str,
    to: &str,
    options: &CopyOptions,
    progress: Progress<'_>,
) -> Result<CopyReport, CopyError> {
    if from == to {
        return Err(CopyError::SameDatabase);
    }
    let mut source = Side::source(from).await?;
    let mut target = Side::target(to).await?;
    let identity = source.identity().await?;
    if identity.is_some() && identity == target.identity().await? {
        return Err(CopyError::SameDatabase);
    }
    let layouts = layout::all(&mut source.conn).await?;
    if layouts != layout::all(&mut target.conn).await? {
        return Err(
            StoreError::Corrupt("the two databases' tables have not the same columns".to_owned()).into()
        );
    }
    let fingerprint = Fingerprint::of(&mut source.conn, &layouts).await?;
    let marker = begin(&source, &mut target, &fingerprint).await?;
    Copying { source, target, marker, layouts, options, progress }.run(fingerprint.rows()).await
}

/// Marks the target, or finds that it goes on.
async fn begin(source: &Side, target: &mut Side, fingerprint: &Fingerprint) -> Result<Marker, CopyError> {
    if let Some(marker) = Marker::find(&mut target.conn).await? {
        let begun = Fingerprint::of_text(&marker.fingerprint)?;
        return match begun.difference(fingerprint) {
            None => Ok(marker),
            Some(table) if marker.source == source.label => Err(CopyError::SourceChanged { table }),
            Some(_) => Err(CopyError::OtherSource { from: marker.source }),
        };
    }
    let marker = Marker {
        source: source.label.clone(),
        fingerprint: fingerprint.text()?,
        table: String::new(),
        last_key: String::new(),
        copied: 0,
    };
    target::begin(target, &marker).await?;
    Ok(marker)
}

/// A copy under way.
struct Copying<'a> {
    source: Side,
    target: Side,
    marker: Marker,
    layouts: Vec<Layout>,
    options: &'a CopyOptions,
    progress: Progress<'a>,
}

impl Copying<'_> {
    async fn run(mut self, total: u64) -> Result<CopyReport, CopyError> {
        let layouts = std::mem::take(&mut self.layouts);
        // Those before the marked one are done; without a mark none is.
        let begun = layouts.iter().position(|layout| layout.table.name == self.marker.table);
        for layout in layouts.iter().skip(begun.unwrap_or_default()) {
            self.rows(layout, total).await?;
        }
        self.finish().await?;
        let mut checks = Vec::new();
        for layout in &layouts {
            tell(self.progress, Step::Compare(layout.table.name))?;
            checks.extend(verify::compare(&mut self.source, &mut self.target, layout).await?);
        }
        if !checks.iter().all(Check::is_equal) {
            return Err(CopyError::Differs(checks));
        }
        self.target.begin().await?;
        marker::remove(&mut self.target.conn).await?;
        self.target.commit().await?;
        self.target.close().await?;
        self.source.close().await?;
        Ok(CopyReport { rows: self.marker.copied, checks })
    }

    /// Copies what is left of a table: the next chunk is read while one is written.
    async fn rows(&mut self, layout: &Layout, total: u64) -> Result<(), CopyError> {
        let Self { source, target, marker, options, progress, .. } = self;
        let (limit, engine) = (options.rows.max(1), target.conn.engine());
        let mut after = Vec::new();
        if marker.table == layout.table.name {
            after = key_of_text(&marker.last_key, &layout.key_kinds())?;
        }
        let mut chunk = source::chunk(source, layout, &after, limit, engine).await?;
        while let Some(last) = chunk.rows.last() {
            after = layout.key_of(last);
            let read = source::chunk(source, layout, &after, limit, engine);
            let (next, ()) = futures::try_join!(read, target::write(target, marker, layout, chunk))?;
            chunk = next;
            tell(progress, Step::Rows { table: layout.table.name, copied: marker.copied, total })?;
        }
        Ok(())
    }

    /// What rows do not bring along.
    async fn finish(&mut self) -> Result<(), CopyError> {
        let Self { source, target, progress, .. } = self;
        while let Some(definition) = marker::next_index(&mut target.conn).await? {
            tell(progress, Step::Index(&definition))?;
            target.begin().await?;
            marker::build_index(&mut target.conn, &definition).await?;
            target.commit().await?;
        }
        target.begin().await?;
        target::continue_numbers(&mut source.conn, &mut target.conn).await?;
        target::tidy(&mut target.conn).await?;
        Ok(target.commit().await?)
    }
}

fn tell(progress: Progress<'_>, step: Step<'_>) -> Result<(), CopyError> {
    if progress(step).is_break() { Err(CopyError::Stopped) } else { Ok(()) }
}
