//! `rollcall copy`: a whole installation into another database, of either engine. How and what is the store's.

use super::{CommandError, CommandResult, without_password};
use crate::{
    config::{CopyArguments, MASTER_KEY_ENV, Settings},
    secrets::KEY_FILE,
};
use rollcall_store::copy::{Check, CopyError, CopyOptions, CopyReport, Step, copy};
use std::ops::ControlFlow;

/// Runs the command. Run again after it was cut off, it goes on where it stopped.
pub async fn run(settings: &Settings, CopyArguments { from, to }: CopyArguments) -> CommandResult {
    let mut shown = Shown::default();
    let mut progress = |step: Step<'_>| {
        shown.step(step);
        ControlFlow::Continue(())
    };
    match copy(&from, &to, &CopyOptions::default(), &mut progress).await {
        Ok(CopyReport { rows, checks }) => {
            print_checks(&checks);
            println!("{rows} rows are in {}, and they are the source's.", without_password(&to));
            print_what_is_left(settings);
            Ok(())
        }
        Err(error) => {
            if let CopyError::Differs(checks) = &error {
                print_checks(checks);
            }
            Err(CommandError::Refused(error.to_string()))
        }
    }
}

/// What was said of the progress.
#[derive(Default)]
struct Shown {
    percent: u64,
}

impl Shown {
    fn step(&mut self, step: Step<'_>) {
        match step {
            Step::Rows { table, copied, total } => {
                let percent = copied.saturating_mul(100) / total.max(1);
                if percent > self.percent {
                    self.percent = percent;
                    eprintln!("{percent:>3} %  {copied} of {total} rows, {table}");
                }
            }
            Step::Index(definition) => eprintln!("building an index: {definition}"),
            Step::Compare(table) => eprintln!("comparing {table}"),
        }
    }
}

/// A line for each table and application.
fn print_checks(checks: &[Check]) {
    println!("{:>12}  {:<18} {:>10}  checksum", "application", "table", "rows");
    for check in checks {
        println!("{check}");
    }
}

/// What a database does not hold.
fn print_what_is_left(settings: &Settings) {
    let data = settings.data.display();
    println!(
        "Secret keys and webhooks' tokens are copied as they are sealed. Start the server on the copy with the same \
         master key: the same {MASTER_KEY_ENV}, or {data}/{KEY_FILE} of the old server in the data folder of the new one, \
         before its first start. Finished exports are files: bring the folder {data}/exports along too."
    );
}
