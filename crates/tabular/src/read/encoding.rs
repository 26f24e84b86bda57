//! Which encoding bytes are in, by looking at them. Knows nothing of files.

use super::Encoding;

/// The encoding that a byte order mark names, and the length of the mark.
pub(super) fn marked(start: &[u8]) -> Option<(Encoding, usize)> {
    match start {
        [0xEF, 0xBB, 0xBF, ..] => Some((Encoding::Utf8, 3)),
        [0xFF, 0xFE, ..] => Some((Encoding::Utf16Le, 2)),
        [0xFE, 0xFF, ..] => Some((Encoding::Utf16Be, 2)),
        _ => None,
    }
}

/// What NUL bytes say about text without a byte order mark.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Nuls {
    /// There are none, or few enough that they may be characters.
    None,
    /// They are every other half of UTF-16's ASCII: delimiters and line ends at the least.
    Utf16(Encoding),
    /// They are all over: this is not text.
    Binary,
}

/// Looks at the NULs of the first bytes of a file.
pub(super) fn nuls(start: &[u8]) -> Nuls {
    let (mut even, mut odd) = (0, 0);
    for pair in start.chunks(2) {
        even += usize::from(pair.first() == Some(&0));
        odd += usize::from(pair.get(1) == Some(&0));
    }
    let (encoding, found) = match (even, odd) {
        (0, 0) => return Nuls::None,
        (0, odd) => (Encoding::Utf16Le, odd),
        (even, 0) => (Encoding::Utf16Be, even),
        _ => return Nuls::Binary,
    };
    // UTF-16 of other than Latin scripts has few NULs, but then its other bytes are hardly UTF-8.
    if found * 8 >= start.len() || !is_cut_utf8(start) { Nuls::Utf16(encoding) } else { Nuls::None }
}

/// UTF-8 or GB18030, for bytes that begin with one that is not ASCII. `complete` says that nothing follows them.
///
/// The text of one passes for the other by accident, but rarely for many lines: the kind of most lines wins, and
/// those of the other kind are found where they stand.
pub(super) fn utf8_or_gb18030(window: &[u8], complete: bool) -> Encoding {
    if std::str::from_utf8(window).is_ok() || (!complete && is_cut_utf8(window)) {
        return Encoding::Utf8;
    }
    let (mut good, mut bad) = (0, 0);
    let lines = window.split(|&byte| byte == b'\n' || byte == b'\r').filter(|line| !line.is_ascii());
    for line in lines {
        *(if is_cut_utf8(line) { &mut good } else { &mut bad }) += 1;
    }
    if good > bad { Encoding::Utf8 } else { Encoding::Gb18030 }
}

/// Whether a line among GB18030 ones is UTF-8 and hardly anything else.
///
/// Common characters of GB18030 have no byte from 0x80 to 0xA0, and their pairs seldom make UTF-8's triples; so two
/// triples with such a byte, or four without, are no accident. A line with a single character may pass.
pub(super) fn is_stray_utf8(line: &[u8]) -> bool {
    if line.is_ascii() {
        return false;
    }
    let Ok(text) = std::str::from_utf8(line) else { return false };
    let (mut wide, mut narrow) = (0, 0);
    for character in text.chars().filter(|character| !character.is_ascii()) {
        *(if character.len_utf8() > 2 { &mut wide } else { &mut narrow }) += 1;
    }
    narrow == 0 && (wide >= 4 || wide >= 2 && line.iter().any(|byte| (0x80..=0xA0).contains(byte)))
}

/// Whether bytes are UTF-8 but for a last character that may be cut.
fn is_cut_utf8(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).map_or_else(|error| error.error_len().is_none(), |_| true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf16_is_told_by_its_nuls() {
        let little = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        let big = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
        for text in ["name,age\nming,7\n", "姓名,年龄\n明明,七岁\n", "名,名\n"] {
            assert_eq!(nuls(&little(text)), Nuls::Utf16(Encoding::Utf16Le), "{text}");
            assert_eq!(nuls(&big(text)), Nuls::Utf16(Encoding::Utf16Be), "{text}");
            assert_eq!(nuls(text.as_bytes()), Nuls::None);
        }
        assert_eq!(nuls(b"one NUL\0 in a long line of plain text is a character"), Nuls::None);
        assert_eq!(nuls(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), Nuls::Binary);
    }

    #[test]
    fn the_kind_of_most_lines_wins() {
        let gb = |text| encoding_rs::GB18030.encode(text).0.into_owned();
        assert_eq!(utf8_or_gb18030("联通,上海\n".as_bytes(), true), Encoding::Utf8);
        assert_eq!(utf8_or_gb18030(&gb("姓名,城市\n联通,上海\n"), true), Encoding::Gb18030);
        let mixed = ["明明,北京\n李雷,上海\n".as_bytes(), &gb("韩梅梅,广州\n")].concat();
        assert_eq!(utf8_or_gb18030(&mixed, true), Encoding::Utf8);
        // Cut in its last character.
        let cut = "明".as_bytes();
        assert_eq!(utf8_or_gb18030(&cut[..2], true), Encoding::Utf8);
    }

    #[test]
    fn stray_lines_are_told_from_accidents() {
        assert!(is_stray_utf8("张伟".as_bytes()) && is_stray_utf8("欧阳娜娜".as_bytes()));
        for text in ["联通", "张伟,北京", "欧阳娜娜", "plain"] {
            assert!(!is_stray_utf8(&encoding_rs::GB18030.encode(text).0), "{text}");
        }
    }
}
