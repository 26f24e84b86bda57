//! Which delimiter a CSV file uses, by trying each on its first rows.

use super::Delimiter;
use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

/// How many rows are tried.
const ROWS: usize = 20;

/// The parser for a delimiter: quotes as in RFC 4180, lines that end in LF, CR or CRLF.
pub(super) fn parser(delimiter: Delimiter) -> Reader {
    let mut parser = ReaderBuilder::new().delimiter(delimiter.byte()).build();
    // At its start it would drop a byte order mark; that was done, and another one belongs to the first name.
    let _ = parser.read_record(b"\n", &mut [0], &mut [0]);
    parser
}

/// The delimiter that cuts most of the first rows into as many cells as the header, and into the most cells.
pub(super) fn guess(text: &[u8]) -> Delimiter {
    let mut best = (Delimiter::Comma, (0, 0));
    for delimiter in Delimiter::ALL.into_iter().filter(|delimiter| text.contains(&delimiter.byte())) {
        let counts = cell_counts(text, delimiter);
        let Some(&header) = counts.first().filter(|&&cells| cells > 1) else { continue };
        let same = counts.iter().filter(|&&cells| cells == header).count();
        // The share of rows that fit, in percent, then the number of cells.
        let score = (same * 100 / counts.len(), header);
        if score > best.1 {
            best = (delimiter, score);
        }
    }
    best.0
}

/// How many cells each of the first rows has. A row that is cut at the end of the text does not count.
fn cell_counts(text: &[u8], delimiter: Delimiter) -> Vec<usize> {
    let mut parser = parser(delimiter);
    // Cells are counted, not kept.
    let (mut output, mut ends) = ([0; 1024], [0; 64]);
    let (mut counts, mut cells, mut at) = (Vec::new(), 0, 0);
    while counts.len() < ROWS && at < text.len() {
        let (result, read, _, ended) =
            parser.read_record(text.get(at..).unwrap_or_default(), &mut output, &mut ends);
        at += read;
        cells += ended;
        match result {
            ReadRecordResult::Record => counts.push(std::mem::take(&mut cells)),
            ReadRecordResult::InputEmpty | ReadRecordResult::End => break,
            ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {}
        }
    }
    // A header without a line end, and nothing below it.
    if counts.is_empty() {
        counts.push(cells + 1);
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters_in_quotes_and_in_some_rows_do_not_count() {
        for (text, expected) in [
            ("a;b;c\n1,5;2,5;3,5\n", Delimiter::Semicolon),
            ("\"a,b,c,d\"\tb\n\"1,2,3,4\"\t2\n", Delimiter::Tab),
            ("a|b\n1|2\n", Delimiter::Pipe),
            ("name,note\nming,a;b;c\nli,d\n", Delimiter::Comma),
            ("name\nming\n", Delimiter::Comma),
            ("a;b", Delimiter::Semicolon),
            ("", Delimiter::Comma),
        ] {
            assert_eq!(guess(text.as_bytes()), expected, "{text:?}");
        }
    }
}
