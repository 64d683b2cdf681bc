//! A file that stands as text in a JSON answer, taken out of it while it arrives.

use std::borrow::Cow;

use super::base64::Base64;
use super::{DecodeError, Keys};

/// What stands around the text is small.
const LARGEST_REST: usize = 1024 * 1024;

/// Where in a JSON answer a file stands, and how it is written there.
///
/// ```
/// use provider_http::{Embedded, Keys};
///
/// // {"FileName": "march.xlsx", "Data": "UEsDB..."}
/// let workbook = Embedded::base64("Data").keys(Keys::AnyCase);
/// // {"results": "Customer,Cost\n...", "resultCount": "12"}
/// let report = Embedded::text("results");
/// # let _ = (workbook, report);
/// ```
#[derive(Debug, Clone)]
pub struct Embedded {
    member: Cow<'static, str>,
    keys: Keys,
    base64: bool,
}

impl Embedded {
    /// The file is this member of the outermost object, as text.
    #[must_use]
    pub fn text(member: impl Into<Cow<'static, str>>) -> Self {
        Self { member: member.into(), keys: Keys::Exact, base64: false }
    }

    /// The file is this member of the outermost object, as base64.
    #[must_use]
    pub fn base64(member: impl Into<Cow<'static, str>>) -> Self {
        Self { base64: true, ..Self::text(member) }
    }

    /// Sets how the member's name is compared.
    #[must_use]
    pub const fn keys(mut self, keys: Keys) -> Self {
        self.keys = keys;
        self
    }
}

/// Where in the JSON the next byte stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Within {
    /// Outside of strings.
    Structure,
    /// The name of a member of the outermost object.
    Name,
    /// Any other string.
    Other,
    /// The file.
    File,
    /// The file, after a backslash.
    Escape,
    /// The file, in the digits of an escaped UTF-16 unit.
    Unit { digits_left: u8, value: u32 },
}

/// Takes the file out of JSON that comes in pieces of any size. The JSON around it is kept, with an empty
/// text in place of the file, and is for others to check and to read.
#[derive(Debug)]
pub(crate) struct Extractor<'a> {
    wanted: &'a Embedded,
    within: Within,
    /// The last byte of a name or another string was a backslash.
    escaped: bool,
    depth: u32,
    name_expected: bool,
    name: Vec<u8>,
    around: Vec<u8>,
    found: bool,
    /// The first half of a pair of UTF-16 units.
    high: Option<u32>,
    base64: Base64,
}

/// An answer without its file.
#[derive(Debug)]
pub(crate) struct Around {
    pub(crate) found: bool,
    pub(crate) json: Vec<u8>,
}

impl<'a> Extractor<'a> {
    pub(crate) fn new(wanted: &'a Embedded) -> Self {
        Self {
            wanted,
            within: Within::Structure,
            escaped: false,
            depth: 0,
            name_expected: false,
            name: Vec::new(),
            around: Vec::new(),
            found: false,
            high: None,
            base64: Base64::default(),
        }
    }

    /// Takes the next piece of the JSON and appends what it holds of the file.
    pub(crate) fn push(&mut self, piece: &[u8], file: &mut Vec<u8>) -> Result<(), DecodeError> {
        let mut left = piece;
        while let Some((&byte, after)) = left.split_first() {
            if self.within != Within::File {
                self.step(byte, file)?;
                left = after;
                continue;
            }
            // Nearly all of an answer is the file: it is taken by the run, not by the byte.
            let run = left.iter().position(|byte| matches!(byte, b'"' | b'\\')).unwrap_or(left.len());
            let (text, end) = left.split_at_checked(run).unwrap_or((left, &[]));
            self.put(text, file)?;
            left = match end.split_first() {
                Some((b'"', after)) => {
                    self.end_of_file()?;
                    after
                }
                Some((_, after)) => {
                    self.within = Within::Escape;
                    after
                }
                None => end,
            };
        }
        Ok(())
    }

    /// The JSON around the file, once everything has arrived.
    pub(crate) fn finish(self) -> Result<Around, DecodeError> {
        if self.within == Within::Structure {
            Ok(Around { found: self.found, json: self.around })
        } else {
            Err(error(".", "the JSON ends in the middle of a string"))
        }
    }

    fn step(&mut self, byte: u8, file: &mut Vec<u8>) -> Result<(), DecodeError> {
        match self.within {
            Within::Escape => self.unescape(byte, file),
            Within::Unit { digits_left, value } => self.digit(byte, digits_left, value, file),
            Within::Name | Within::Other => self.string(byte),
            Within::Structure | Within::File => self.structure(byte),
        }
    }

    fn string(&mut self, byte: u8) -> Result<(), DecodeError> {
        self.keep(byte)?;
        if self.escaped {
            self.escaped = false;
        } else if byte == b'\\' {
            self.escaped = true;
        } else if byte == b'"' {
            self.within = Within::Structure;
            return Ok(());
        }
        if self.within == Within::Name && self.name.len() <= self.wanted.member.len() {
            self.name.push(byte);
        }
        Ok(())
    }

    fn structure(&mut self, byte: u8) -> Result<(), DecodeError> {
        self.keep(byte)?;
        match byte {
            b'{' | b'[' => {
                self.depth = self.depth.saturating_add(1);
                self.name_expected = byte == b'{' && self.depth == 1;
            }
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            b',' if self.depth == 1 => self.name_expected = true,
            b':' if self.depth == 1 => self.name_expected = false,
            b'"' if self.depth == 1 && self.name_expected => {
                self.name.clear();
                self.within = Within::Name;
            }
            b'"' if self.depth == 1 && self.is_wanted() => {
                if std::mem::replace(&mut self.found, true) {
                    return Err(self.unfit("stands there twice"));
                }
                self.within = Within::File;
            }
            b'"' => self.within = Within::Other,
            _ => {}
        }
        Ok(())
    }

    fn is_wanted(&self) -> bool {
        let wanted = self.wanted.member.as_bytes();
        match self.wanted.keys {
            Keys::Exact => self.name == wanted,
            Keys::AnyCase => self.name.eq_ignore_ascii_case(wanted),
        }
    }

    fn end_of_file(&mut self) -> Result<(), DecodeError> {
        if self.high.is_some() {
            return Err(self.broken());
        }
        if !self.base64.is_whole() {
            return Err(self.unfit("is not base64"));
        }
        self.within = Within::Structure;
        self.keep(b'"')
    }

    fn unescape(&mut self, byte: u8, file: &mut Vec<u8>) -> Result<(), DecodeError> {
        self.within = Within::File;
        let plain = match byte {
            b'"' | b'\\' | b'/' => byte,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'b' => 8,
            b'f' => 12,
            b'u' => {
                self.within = Within::Unit { digits_left: 4, value: 0 };
                return Ok(());
            }
            _ => return Err(self.broken()),
        };
        self.put(&[plain], file)
    }

    fn digit(
        &mut self,
        byte: u8,
        digits_left: u8,
        value: u32,
        file: &mut Vec<u8>,
    ) -> Result<(), DecodeError> {
        let digit = char::from(byte).to_digit(16).ok_or_else(|| self.broken())?;
        let value = (value << 4) | digit;
        if digits_left > 1 {
            self.within = Within::Unit { digits_left: digits_left - 1, value };
            return Ok(());
        }
        self.within = Within::File;
        self.unit(value, file)
    }

    /// One unit of UTF-16; characters beyond the first plane come as two.
    fn unit(&mut self, unit: u32, file: &mut Vec<u8>) -> Result<(), DecodeError> {
        let scalar = match (self.high.take(), unit) {
            (None, 0xD800..=0xDBFF) => {
                self.high = Some(unit);
                return Ok(());
            }
            (Some(high), 0xDC00..=0xDFFF) => 0x1_0000 + ((high - 0xD800) << 10) + (unit - 0xDC00),
            (Some(_), _) => return Err(self.broken()),
            (None, _) => unit,
        };
        let character = char::from_u32(scalar).ok_or_else(|| self.broken())?;
        self.put(character.encode_utf8(&mut [0; 4]).as_bytes(), file)
    }

    fn put(&mut self, text: &[u8], file: &mut Vec<u8>) -> Result<(), DecodeError> {
        if text.is_empty() {
            return Ok(());
        }
        if self.high.is_some() {
            return Err(self.broken());
        }
        if !self.wanted.base64 {
            file.extend_from_slice(text);
            return Ok(());
        }
        self.base64.push(text, file).map_err(|_| self.unfit("is not base64"))
    }

    fn keep(&mut self, byte: u8) -> Result<(), DecodeError> {
        if self.around.len() >= LARGEST_REST {
            return Err(error(".", "there is too much around the file"));
        }
        self.around.push(byte);
        Ok(())
    }

    fn broken(&self) -> DecodeError {
        self.unfit("is no JSON text")
    }

    fn unfit(&self, reason: &str) -> DecodeError {
        error(&self.wanted.member, reason)
    }
}

fn error(path: &str, reason: &str) -> DecodeError {
    DecodeError { path: path.to_owned(), reason: reason.to_owned() }
}

#[cfg(test)]
#[path = "embedded_tests.rs"]
mod tests;
