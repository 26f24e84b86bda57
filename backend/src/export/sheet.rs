//! The writer: accounts as they come, into a file of the wished form.

use super::{Made, Plan, Zone, columns::write_row, feed::Rows, pack::Packing};
use rollcall_shared::{
    account::Account,
    export::Cells,
    job::{AnyColumn, ExportFormat},
};
use std::io::{self, Write};
use tabular::{Csv, Guard, Ndjson, Table, Written, Xlsx};
use tokio::sync::mpsc;

/// What the sheets of a workbook are called.
const TITLE: &str = "Users";

/// Writes the file, on a thread that may block. If it fails, what was written is no file.
pub(super) fn write<W: Write + Send>(
    out: &mut W,
    plan: &Plan,
    mut inbox: mpsc::Receiver<Rows>,
) -> tabular::Result<Made> {
    let mut packing = Packing::new(plan.compression, out)?;
    let mut sheet = Sheet::begin(&mut packing, plan)?;
    let mut rows = 0;
    let content = loop {
        match inbox.blocking_recv() {
            Some(Rows::More(accounts)) => {
                rows += accounts.len() as u64;
                accounts.iter().try_for_each(|account| sheet.row(account))?;
            }
            Some(Rows::End) => break sheet.finish()?,
            None => return Err(io::Error::other("the export was abandoned").into()),
        }
    };
    let file = packing.finish(&content)?;
    Ok(Made { rows, file, content })
}

/// The file in its format.
enum Sheet<'a, W: Write> {
    /// Columns.
    Table { table: Box<dyn Table + 'a>, columns: &'a [AnyColumn], zone: &'a Zone, scratch: String },
    /// Whole accounts, exactly as the API shows them.
    Lines(Ndjson<&'a mut W>),
}

impl<'a, W: Write + Send> Sheet<'a, W> {
    fn begin(out: &'a mut W, plan: &'a Plan) -> tabular::Result<Self> {
        let Some(columns) = plan.columns.as_deref() else { return Ok(Self::Lines(Ndjson::new(out, &[])?)) };
        let labels: Vec<_> = columns.iter().map(|column| plan.header.label(*column)).collect();
        let labels: Vec<&str> = labels.iter().map(AsRef::as_ref).collect();
        let table: Box<dyn Table + 'a> = match plan.format {
            ExportFormat::Csv => Box::new(Csv::new(out, &labels, guard(plan.cells))?),
            ExportFormat::Xlsx => {
                std::fs::create_dir_all(&plan.scratch)?;
                Box::new(Xlsx::new(out, &labels, TITLE, &plan.scratch)?)
            }
            ExportFormat::Ndjson => Box::new(Ndjson::new(out, &labels)?),
        };
        Ok(Self::Table { table, columns, zone: &plan.zone, scratch: String::new() })
    }

    fn row(&mut self, account: &Account) -> tabular::Result<()> {
        match self {
            Self::Table { table, columns, zone, scratch } => {
                write_row(table.as_mut(), account, columns, zone, scratch)
            }
            Self::Lines(lines) => lines.value(account),
        }
    }

    fn finish(self) -> tabular::Result<Written> {
        match self {
            Self::Table { table, .. } => table.finish(),
            Self::Lines(lines) => Box::new(lines).finish(),
        }
    }
}

const fn guard(cells: Cells) -> Guard {
    match cells {
        Cells::Safe => Guard::Formulas,
        Cells::Exact => Guard::Exact,
    }
}
