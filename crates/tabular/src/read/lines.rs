//! Counts lines as an editor does: each LF, CR and CRLF ends one.

/// The number of the line that comes next.
pub(super) struct Lines {
    line: u64,
    after_cr: bool,
}

impl Lines {
    pub fn new() -> Self {
        Self { line: 1, after_cr: false }
    }

    /// The line of the byte that comes next, from 1.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// Passes over bytes, however they are cut into pieces.
    pub fn pass(&mut self, bytes: &[u8]) {
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            let before = at.checked_sub(1).and_then(|before| bytes.get(before));
            let after_cr = before.map_or(self.after_cr, |&byte| byte == b'\r');
            let is_lf = bytes.get(at) == Some(&b'\n');
            self.line += u64::from(!(is_lf && after_cr));
        }
        if let Some(&last) = bytes.last() {
            self.after_cr = last == b'\r';
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_line_end_counts_once_wherever_it_is_cut() {
        let text = b"a\r\nb\rc\nd\r\n\r\n\n\r\re";
        for cut in 0..=text.len() {
            let (before, after) = text.split_at(cut);
            let mut lines = Lines::new();
            lines.pass(before);
            lines.pass(after);
            assert_eq!(lines.line(), 9, "cut at {cut}");
        }
    }
}
