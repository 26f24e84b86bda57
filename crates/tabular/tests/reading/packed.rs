//! Text that was packed is read like the text inside, within bounds.

use crate::support::{all, error_of, opened, table};
use std::io::{self, Cursor, Read, Seek, SeekFrom, Write as _};
use tabular::read::{Error, Format, Limits, Options, open};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// With a checksum, as our own files have it.
fn zstd(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 0).unwrap();
    encoder.include_checksum(true).unwrap();
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

type Pack = fn(&[u8]) -> Vec<u8>;
const PACKERS: [Pack; 2] = [gzip, zstd];

#[test]
fn packed_text_is_read_like_the_text_inside() {
    let (gb18030, ..) = encoding_rs::GB18030.encode("账号;昵称\nming;赵明远\nli;李小龙\n");
    let texts = [
        ("users.csv.gz", gb18030.into_owned(), Format::Csv),
        ("users.ndjson.zst", b"{\"a\":1}\n{\"a\":2,\"b\":\"x\"}\n".to_vec(), Format::Ndjson),
        ("users.TSV.GZ", b"a\tb\n1\t2\n".to_vec(), Format::Csv),
        ("users", b"a\n1".to_vec(), Format::Csv),
    ];
    for (name, text, format) in texts {
        let options = Options { file_name: Some(name.into()), ..Options::default() };
        let expected = table(&text, &Options::default());
        for pack in PACKERS {
            let packed = pack(&text);
            assert_eq!(table(&packed, &options), expected, "{name}");
            let opened = opened(&packed, &options).unwrap();
            assert_eq!((opened.format, opened.mismatch), (format, None), "{name}");
        }
    }
    let named = Options { file_name: Some("users.xlsx.gz".into()), ..Options::default() };
    assert_eq!(opened(&gzip(b"a\n"), &named).unwrap().mismatch.unwrap().extension, "xlsx");
}

#[test]
fn several_members_are_one_file() {
    for pack in PACKERS {
        let packed = [pack(b"a,b\n1,"), pack(b"2\n3,4\n")].concat();
        let (_, rows) = table(&packed, &Options::default());
        assert_eq!(rows.len(), 2);
    }
}

#[test]
fn progress_is_told_in_bytes_of_the_file() {
    let text: String =
        (0..50_000_u32).map(|n| format!("user{n},{}\n", n.wrapping_mul(2_654_435_761))).collect();
    for pack in PACKERS {
        let packed = pack(format!("id,x\n{text}").as_bytes());
        let mut opened = opened(&packed, &Options::default()).unwrap();
        let mut last = opened.rows.bytes_read();
        while opened.rows.next_row().unwrap().is_some() {
            assert!(opened.rows.bytes_read() >= last);
            last = opened.rows.bytes_read();
        }
        assert_eq!(last, packed.len() as u64);
    }
}

#[test]
fn a_bomb_is_refused_by_its_ratio_or_its_size() {
    let row = [vec![b'x'; 1000], b"\n".to_vec()].concat();
    let text = [b"a\n".to_vec(), row.repeat(100_000)].concat();
    for pack in PACKERS {
        let packed = pack(&text);
        let says = |limits| error_of(&packed, &Options { limits, ..Options::default() }).unwrap().to_string();
        assert!(says(Limits::default()).contains("its size against the size of the file"));
        let small = Limits { unpacked_bytes: 1 << 20, ..Limits::default() };
        assert!(says(small).contains("the size of its content"));
    }
}

#[test]
fn a_line_without_end_is_refused_after_its_first_megabyte() {
    // So that it does not pack into next to nothing.
    let digits = (0..2_u32 << 20).map(|n| format!("{:08x}", n.wrapping_mul(2_654_435_761) ^ (n >> 7)));
    let text = format!("a,b\n1,{}", digits.collect::<String>());
    for pack in PACKERS {
        let packed = pack(text.as_bytes());
        let mut opened = opened(&packed, &Options::default()).unwrap();
        let (rows, error) = all(&mut opened);
        assert!(rows.is_empty() && matches!(error, Some(Error::RowTooLong { .. })), "{error:?}");
        // Of 16 MiB.
        assert!(opened.rows.bytes_read() < packed.len() as u64 / 2);
    }
}

#[test]
fn what_cannot_be_unpacked_is_said() {
    let text: String = (0..20_000).map(|n| format!("user{n}\n")).collect();
    for pack in PACKERS {
        let packed = pack(format!("id\n{text}").as_bytes());
        let cut = &packed[..packed.len() - 5];
        assert!(matches!(error_of(cut, &Options::default()), Some(Error::DamagedPacking { .. })));
        let mut torn = packed.clone();
        let middle = torn.len() / 2;
        torn[middle..middle + 64].fill(0x55);
        assert!(error_of(&torn, &Options::default()).is_some());
        let twice = error_of(&pack(&packed), &Options::default()).unwrap();
        assert!(twice.to_string().starts_with("The file is packed twice"), "{twice}");
        let workbook = error_of(&pack(b"PK\x03\x04....."), &Options::default()).unwrap();
        assert!(workbook.to_string().contains("a workbook that was packed once more"), "{workbook}");
    }
    for magic in [b"\x1F\x8B".as_slice(), b"\x28\xB5\x2F\xFD"] {
        assert!(matches!(error_of(magic, &Options::default()), Some(Error::DamagedPacking { .. })));
    }
}

/// A frame may ask for as much memory as it likes to look back in.
#[test]
fn a_window_that_is_too_large_is_refused() {
    let mut encoder = zstd::Encoder::new(Vec::new(), 3).unwrap();
    encoder.window_log(27).unwrap();
    encoder.write_all(b"a\n1\n").unwrap();
    let packed = encoder.finish().unwrap();
    let error = error_of(&packed, &Options::default()).unwrap();
    assert!(matches!(error, Error::DamagedPacking { .. }), "{error}");
}

/// A file whose second half is not to be had.
struct Half(Cursor<Vec<u8>>);

impl Read for Half {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.0.position() * 2 > self.0.get_ref().len() as u64 {
            return Err(io::Error::other("the disk is gone"));
        }
        let some = buffer.len().min(512);
        self.0.read(&mut buffer[..some])
    }
}

impl Seek for Half {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}

#[test]
fn a_disk_that_fails_is_not_a_damaged_file() {
    let text: String = (0..20_000).map(|n| format!("user{n}\n")).collect();
    for pack in PACKERS {
        let file = Half(Cursor::new(pack(format!("id\n{text}").as_bytes())));
        let error = open(file, &Options::default()).map_or_else(Some, |mut opened| all(&mut opened).1);
        assert!(matches!(error, Some(Error::Io(_))), "{error:?}");
    }
}
