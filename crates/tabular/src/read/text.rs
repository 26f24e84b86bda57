//! A text file as valid UTF-8, piece by piece, whatever it is encoded in. Nothing is replaced: what cannot be decoded
//! ends the text, after all that came before it.

use super::{
    Encoding, Error,
    encoding::{self, Nuls},
    input::{CHUNK, Input},
};
use encoding_rs::{Decoder, DecoderResult};
use std::io::Read;

/// How many bytes tell UTF-16 without a byte order mark.
const SNIFF: usize = 4 * 1024;

/// The text of a file.
pub(super) struct Text<R> {
    input: Input<R>,
    state: State,
    /// Bytes as they are stored. In UTF-8 those before `good` are text.
    raw: Vec<u8>,
    /// Text made from them, in other encodings.
    decoded: Vec<u8>,
    /// What of the text was consumed.
    at: usize,
    good: usize,
    /// The input gave all it had.
    ended: bool,
    /// There is no text after `good`.
    done: bool,
    /// What is to be told when the text before it was taken.
    stop: Option<Stop>,
}

enum State {
    /// Nothing was read yet; the encoding may be given.
    New(Option<Encoding>),
    /// ASCII so far.
    Ascii,
    Utf8,
    Other(Encoding, Box<Decoder>),
}

/// Why there is no more text.
pub(super) enum Stop {
    Failed(Error),
    Malformed(Encoding),
    Mixed(Encoding),
}

impl Stop {
    /// The error, on the line to which the text before it led.
    pub fn at(self, line: u64) -> Error {
        match self {
            Self::Failed(error) => error,
            Self::Malformed(encoding) => Error::Malformed { line, encoding },
            Self::Mixed(encoding) => Error::MixedEncodings { line, encoding },
        }
    }
}

impl<R: Read> Text<R> {
    pub fn new(input: R, encoding: Option<Encoding>, file_bytes: u64) -> Self {
        Self {
            input: Input::new(input, file_bytes),
            state: State::New(encoding),
            raw: Vec::new(),
            decoded: Vec::new(),
            at: 0,
            good: 0,
            ended: false,
            done: false,
            stop: None,
        }
    }

    pub fn bytes_read(&self) -> u64 {
        self.input.position()
    }

    pub fn encoding(&self) -> Option<Encoding> {
        match self.state {
            State::New(_) | State::Ascii => None,
            State::Utf8 => Some(Encoding::Utf8),
            State::Other(encoding, _) => Some(encoding),
        }
    }

    /// The text that was not consumed yet, more of it if there was none; empty at the end. The first piece has a whole
    /// chunk, if the file has that much.
    pub fn fill(&mut self) -> Result<&[u8], Stop> {
        while self.at >= self.good {
            if let Some(stop) = self.stop.take() {
                self.done = true;
                return Err(stop);
            }
            if self.done {
                return Ok(&[]);
            }
            self.refill()?;
        }
        let buffer = if matches!(self.state, State::Other(..)) { &self.decoded } else { &self.raw };
        Ok(buffer.get(self.at..self.good).unwrap_or_default())
    }

    pub fn consume(&mut self, bytes: usize) {
        self.at += bytes;
    }

    fn refill(&mut self) -> Result<(), Stop> {
        if !matches!(self.state, State::Other(..)) {
            self.raw.drain(..self.good);
        }
        (self.at, self.good) = (0, 0);
        self.top_up(CHUNK)?;
        if let State::New(encoding) = self.state {
            self.state = self.start(encoding)?;
        }
        if matches!(self.state, State::Ascii) {
            self.state = self.decide()?;
        }
        match &mut self.state {
            State::New(_) | State::Ascii => self.good = self.raw.len(),
            State::Utf8 => self.check(),
            State::Other(..) => self.decode(),
        }
        self.done |= self.ended && self.stop.is_none();
        Ok(())
    }

    /// Reads until there are so many bytes, or no more.
    fn top_up(&mut self, bytes: usize) -> Result<(), Stop> {
        while !self.ended && self.raw.len() < bytes {
            let wanted = bytes - self.raw.len();
            self.ended = !self.input.append(&mut self.raw, wanted).map_err(Stop::Failed)?;
        }
        Ok(())
    }

    /// The state after the first bytes, without their byte order mark.
    fn start(&mut self, wanted: Option<Encoding>) -> Result<State, Stop> {
        let mark = encoding::marked(&self.raw);
        if let Some((encoding, length)) = mark
            && wanted.is_none_or(|wanted| wanted == encoding)
        {
            self.raw.drain(..length);
            return Ok(State::of(encoding));
        }
        if let Some(wanted) = wanted {
            return Ok(State::of(wanted));
        }
        match encoding::nuls(self.raw.get(..SNIFF).unwrap_or(&self.raw)) {
            Nuls::None => Ok(State::Ascii),
            Nuls::Utf16(encoding) => Ok(State::of(encoding)),
            Nuls::Binary => Err(Stop::Failed(Error::Foreign {
                what: "no text and no workbook",
                advice: "Save the table as CSV or XLSX and try that file.",
            })),
        }
    }

    /// The state after bytes that may still all be ASCII.
    fn decide(&mut self) -> Result<State, Stop> {
        if self.raw.is_ascii() {
            return Ok(State::Ascii);
        }
        let first = self.raw.iter().position(|byte| !byte.is_ascii()).unwrap_or_default();
        self.top_up(first + CHUNK)?;
        let window = self.raw.get(first..).unwrap_or_default();
        Ok(State::of(encoding::utf8_or_gb18030(window, self.ended)))
    }

    /// Finds how far the bytes are UTF-8.
    fn check(&mut self) {
        let Err(error) = std::str::from_utf8(&self.raw) else {
            self.good = self.raw.len();
            return;
        };
        self.good = error.valid_up_to();
        if error.error_len().is_some() || self.ended {
            self.stop = Some(Stop::Malformed(Encoding::Utf8));
        }
    }

    /// Decodes all bytes, or those up to the last line end where lines are looked at.
    fn decode(&mut self) {
        let State::Other(encoding, decoder) = &mut self.state else { return };
        let mut taken = self.raw.len();
        if *encoding == Encoding::Gb18030 {
            if !self.ended {
                taken = memchr::memrchr2(b'\n', b'\r', &self.raw).map_or(taken, |end| end + 1);
            }
            if let Some(stray) = stray_line(self.raw.get(..taken).unwrap_or_default()) {
                taken = stray;
                self.stop = Some(Stop::Mixed(Encoding::Gb18030));
            }
        }
        let source = self.raw.get(..taken).unwrap_or_default();
        // Always enough: the decoder is asked how much it may need.
        let room = decoder.max_utf8_buffer_length_without_replacement(source.len()).unwrap_or(usize::MAX / 2);
        if self.decoded.len() < room {
            self.decoded = vec![0; room];
        }
        let last = self.ended && self.stop.is_none();
        let (result, _, written) =
            decoder.decode_to_utf8_without_replacement(source, &mut self.decoded, last);
        self.good = written;
        if matches!(result, DecoderResult::Malformed(..)) {
            self.stop = Some(Stop::Malformed(*encoding));
        }
        self.raw.drain(..taken);
    }
}

impl State {
    fn of(encoding: Encoding) -> Self {
        let codec = match encoding {
            Encoding::Utf8 => return Self::Utf8,
            Encoding::Utf16Le => encoding_rs::UTF_16LE,
            Encoding::Utf16Be => encoding_rs::UTF_16BE,
            Encoding::Gb18030 => encoding_rs::GB18030,
        };
        Self::Other(encoding, Box::new(codec.new_decoder_without_bom_handling()))
    }
}

/// Where the first line begins that is UTF-8 although the others are not.
fn stray_line(bytes: &[u8]) -> Option<usize> {
    let mut start = 0;
    for line in bytes.split_inclusive(|&byte| byte == b'\n' || byte == b'\r') {
        if encoding::is_stray_utf8(line) {
            return Some(start);
        }
        start += line.len();
    }
    None
}
