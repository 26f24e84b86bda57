//! Valid files, cut and changed at random: whatever comes of them, it is an answer.

use crate::support::{all, book_with, inline, opened};
use tabular::read::{Limits, Options};

/// Numbers that are the same on every run. Source: SplitMix64, by Sebastiano Vigna.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from(mixed >> 33).unwrap() % limit.max(1)
    }

    fn change(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len());
            match self.below(4) {
                0 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << self.below(8)),
                1 => bytes
                    .iter_mut()
                    .skip(at)
                    .take(1)
                    .for_each(|byte| *byte = SPECIAL[self.below(SPECIAL.len())]),
                2 => drop(bytes.drain(at..(at + self.below(8)).min(bytes.len()))),
                _ => bytes.insert(at, SPECIAL[self.below(SPECIAL.len())]),
            }
        }
    }
}

/// Bytes that mean something in one of the formats.
const SPECIAL: &[u8] = b"\0\"\n\r,;{}<>&=/1s\xFF\xE4\x80";

const STRINGS: &str = "<sst><si><r><t>x</t></r><rPh><t>y</t></rPh></si></sst>";

fn sheet() -> String {
    format!(
        "<sheetData><row r=\"1\">{}{}</row><row r=\"2\"><c r=\"A2\" t=\"s\"><v>0</v></c>\
         <c r=\"B2\" s=\"1\"><f>1</f><v>45000.5</v></c></row></sheetData>",
        inline("A1", "a"),
        inline("B1", "_x0041_")
    )
}

fn workbook(sheet: &str, strings: &str) -> Vec<u8> {
    let styles = "<styleSheet><cellXfs><xf/><xf numFmtId=\"14\"/></cellXfs></styleSheet>";
    let sheets = [("S", "visible", sheet), ("T", "visible", sheet)];
    book_with(&sheets, strings, styles, "<workbookPr date1904=\"1\"/>")
}

fn samples() -> Vec<Vec<u8>> {
    vec![
        b"a,b\r\n1,\"x\"\"y\r\n\"\n2,3\n".to_vec(),
        "姓名,城市\n明明,北京\n".as_bytes().to_vec(),
        encoding_rs::GB18030.encode("姓名\t城市\n明明\t北京\n").0.into_owned(),
        "a;b\n明;2\n".encode_utf16().flat_map(u16::to_le_bytes).collect(),
        b"{\"a\":\"x\\u00e9\",\"b\":[1,{}]}\n{\"b\":-1.5e3,\"a\":null}\n".to_vec(),
        workbook(&sheet(), STRINGS),
    ]
}

fn read(bytes: &[u8], options: &Options) {
    if let Ok(mut opened) = opened(bytes, options) {
        let (rows, _) = all(&mut opened);
        // Each row takes bytes: more rows than these would be a reader that turns on the spot.
        assert!(rows.len() <= bytes.len() * 64);
    }
}

#[test]
fn files_cut_anywhere_are_read_or_refused() {
    for sample in samples() {
        for length in 0..=sample.len() {
            read(&sample[..length], &Options::default());
        }
    }
}

#[test]
fn a_hundred_thousand_changed_files_are_read_or_refused() {
    let samples = samples();
    let (mut random, sheet) = (Random(7), sheet().into_bytes());
    let limits = Limits { cell_bytes: 16, row_bytes: 256, columns: 4, shared_bytes: 64, ..Limits::default() };
    let plain = Options::default();
    let tight = Options { limits, header: false, ..Options::default() };
    for turn in 0..100_000 {
        // Changes in a ZIP file seldom pass its checksums, so some are made before it is packed.
        let bytes = if turn % 100 == 0 {
            let (mut sheet, mut strings) = (sheet.clone(), STRINGS.as_bytes().to_vec());
            random.change(if turn % 200 == 0 { &mut sheet } else { &mut strings });
            workbook(&String::from_utf8_lossy(&sheet), &String::from_utf8_lossy(&strings))
        } else {
            // A workbook takes as long as many texts.
            let kinds = if turn % 10 == 1 { samples.len() } else { samples.len() - 1 };
            let mut bytes = samples[random.below(kinds)].clone();
            random.change(&mut bytes);
            bytes
        };
        read(&bytes, if turn % 3 == 0 { &tight } else { &plain });
    }
}
