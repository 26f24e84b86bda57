//! Reads a table and says what is in it, and how fast that went: `read_table FILE [ROWS TO SHOW]`.

use std::{error::Error, fs::File, path::Path, time::Instant};
use tabular::read::{Options, open};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("name a file")?;
    let shown: u32 = arguments.next().map_or(Ok(0), |number| number.parse())?;
    let name = Path::new(&path).file_name().map(|name| name.to_string_lossy().into_owned());

    let start = Instant::now();
    let mut opened = open(File::open(&path)?, &Options { file_name: name, ..Options::default() })?;
    println!("{}, delimiter {:?}, sheets {:?}", opened.format, opened.delimiter, opened.sheets);
    opened.mismatch.iter().for_each(|mismatch| println!("{mismatch}"));

    let (mut good, mut bad, mut text_bytes) = (0_u32, 0_u32, 0);
    while let Some(row) = opened.rows.next_row()? {
        match row {
            Ok(row) => {
                good += 1;
                text_bytes += row.cells().map(|cell| cell.text.len()).sum::<usize>();
                if good <= shown {
                    println!("{}: {:?}", row.number(), row.cells().collect::<Vec<_>>());
                }
            }
            Err(error) => {
                bad += 1;
                if bad <= shown {
                    println!("{error}");
                }
            }
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    println!("columns {:?}, encoding {:?}", opened.rows.columns(), opened.rows.encoding());
    println!(
        "{good} rows of {text_bytes} bytes, {bad} rows with errors, {:.0} rows/s",
        f64::from(good + bad) / seconds
    );
    Ok(())
}
