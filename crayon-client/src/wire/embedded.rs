//! Files that arrive as base64 inside a JSON object, taken out piece by piece.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The member that holds the file.
const MEMBER: &[u8] = b"Data";
/// What stands around a file is small.
const LARGEST_REST: usize = 1024 * 1024;

/// Why an answer is not a file in JSON.
pub(crate) type Fault = &'static str;

/// Where in the JSON the next byte stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Within {
    /// Outside of text.
    Structure,
    /// The name of a member of the outermost object.
    Name,
    /// Other text.
    Text,
    /// The file.
    File,
    /// The file, after a backslash.
    FileEscape,
    /// The file, within `\uXXXX`: so many digits are left.
    FileUnicode { left: u8, value: u32 },
}

/// Reads `{"FileName": "..", "Data": "<base64>", ..}` in pieces of any size: the decoded file comes out as it
/// goes in, and the JSON around it is kept with an empty file in its place.
#[derive(Debug)]
pub(crate) struct Embedded {
    within: Within,
    escaped: bool,
    depth: u32,
    name_expected: bool,
    name: Vec<u8>,
    rest: Vec<u8>,
    seen: bool,
    base64: Base64,
}

impl Embedded {
    pub(crate) fn new() -> Self {
        Self {
            within: Within::Structure,
            escaped: false,
            depth: 0,
            name_expected: false,
            name: Vec::new(),
            rest: Vec::new(),
            seen: false,
            base64: Base64::default(),
        }
    }

    /// Takes the next piece of the JSON and appends what it holds of the file.
    pub(crate) fn push(&mut self, piece: &[u8], file: &mut Vec<u8>) -> Result<(), Fault> {
        let mut left = piece;
        while let Some((&byte, after)) = left.split_first() {
            if self.within != Within::File {
                self.step(byte, file)?;
                left = after;
                continue;
            }
            let run = left.iter().position(|byte| matches!(byte, b'"' | b'\\')).unwrap_or(left.len());
            let (text, end) = left.split_at_checked(run).unwrap_or((left, &[]));
            self.base64.push(text, file)?;
            left = match end.split_first() {
                Some((b'"', after)) => {
                    self.keep(b'"')?;
                    self.within = Within::Structure;
                    after
                }
                Some((_, after)) => {
                    self.within = Within::FileEscape;
                    after
                }
                None => end,
            };
        }
        Ok(())
    }

    fn step(&mut self, byte: u8, file: &mut Vec<u8>) -> Result<(), Fault> {
        match self.within {
            Within::FileEscape => self.unescape(byte, file),
            Within::FileUnicode { left, value } => self.unicode(byte, left, value, file),
            Within::Name | Within::Text => {
                self.keep(byte)?;
                if self.escaped {
                    self.escaped = false;
                } else if byte == b'\\' {
                    self.escaped = true;
                } else if byte == b'"' {
                    self.within = Within::Structure;
                    return Ok(());
                }
                if self.within == Within::Name && self.name.len() <= MEMBER.len() {
                    self.name.push(byte);
                }
                Ok(())
            }
            Within::Structure | Within::File => self.structure(byte),
        }
    }

    fn structure(&mut self, byte: u8) -> Result<(), Fault> {
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
            b'"' if self.depth == 1 && self.name.eq_ignore_ascii_case(MEMBER) => {
                if std::mem::replace(&mut self.seen, true) {
                    return Err("it holds two files");
                }
                self.within = Within::File;
            }
            b'"' => self.within = Within::Text,
            _ => {}
        }
        Ok(())
    }

    /// A slash and a plus sign may be written with a backslash.
    fn unescape(&mut self, byte: u8, file: &mut Vec<u8>) -> Result<(), Fault> {
        self.within = Within::File;
        match byte {
            b'/' => self.base64.push(b"/", file),
            b'u' => {
                self.within = Within::FileUnicode { left: 4, value: 0 };
                Ok(())
            }
            _ => Err(NO_BASE64),
        }
    }

    fn unicode(&mut self, byte: u8, left: u8, value: u32, file: &mut Vec<u8>) -> Result<(), Fault> {
        let digit = char::from(byte).to_digit(16).ok_or(NO_BASE64)?;
        let value = value * 16 + digit;
        if left > 1 {
            self.within = Within::FileUnicode { left: left - 1, value };
            return Ok(());
        }
        self.within = Within::File;
        let letter = u8::try_from(value).map_err(|_| NO_BASE64)?;
        self.base64.push(&[letter], file)
    }

    fn keep(&mut self, byte: u8) -> Result<(), Fault> {
        if self.rest.len() >= LARGEST_REST {
            return Err("there is too much around the file");
        }
        self.rest.push(byte);
        Ok(())
    }

    /// The JSON around the file, once everything has arrived.
    pub(crate) fn finish(&self) -> Result<&[u8], Fault> {
        match self.within {
            Within::Structure if self.seen && self.base64.is_whole() => Ok(&self.rest),
            Within::Structure if self.seen => Err(NO_BASE64),
            Within::Structure => Err("Data: the file is missing"),
            _ => Err("it ends in the middle"),
        }
    }
}

const NO_BASE64: Fault = "Data: is not base64";

/// Decodes base64 in pieces of any size.
#[derive(Debug, Default)]
struct Base64 {
    /// Up to three letters that wait for the rest of their group.
    open: Vec<u8>,
    /// Padding was seen: nothing may follow.
    ended: bool,
}

impl Base64 {
    fn push(&mut self, text: &[u8], file: &mut Vec<u8>) -> Result<(), Fault> {
        if text.is_empty() {
            return Ok(());
        }
        let missing = (4 - self.open.len()) % 4;
        let (head, text) = text.split_at_checked(missing).unwrap_or((text, &[]));
        self.open.extend_from_slice(head);
        if self.open.len() == 4 {
            let group = std::mem::take(&mut self.open);
            self.decode(&group, file)?;
        }
        let (groups, tail) = text.split_at_checked(text.len() - text.len() % 4).unwrap_or((text, &[]));
        self.decode(groups, file)?;
        self.open.extend_from_slice(tail);
        if self.ended && !self.open.is_empty() { Err(NO_BASE64) } else { Ok(()) }
    }

    fn decode(&mut self, groups: &[u8], file: &mut Vec<u8>) -> Result<(), Fault> {
        if groups.is_empty() {
            return Ok(());
        }
        if self.ended {
            return Err(NO_BASE64);
        }
        STANDARD.decode_vec(groups, file).map_err(|_| NO_BASE64)?;
        self.ended = groups.ends_with(b"=");
        Ok(())
    }

    fn is_whole(&self) -> bool {
        self.open.is_empty()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    fn read(json: &str, size: usize) -> Result<(Vec<u8>, String), Fault> {
        let (mut embedded, mut file) = (Embedded::new(), Vec::new());
        for piece in json.as_bytes().chunks(size) {
            embedded.push(piece, &mut file)?;
        }
        let rest = String::from_utf8(embedded.finish()?.to_vec()).unwrap();
        Ok((file, rest))
    }

    #[test]
    fn the_file_comes_out_in_pieces_of_any_size() {
        let bytes: Vec<u8> = (0..=255).cycle().take(1_000).collect();
        for length in [1, 2, 3, 998, 999, 1_000] {
            let wanted = bytes.get(..length).unwrap();
            let data = STANDARD.encode(wanted);
            let json = format!(
                r#"{{"BillingStatement":{{"Id":7,"Data":"x\"y"}}, "data" : "{data}","FileName":"a\\\"b.csv"}}"#
            );
            for size in [1, 2, 3, 5, 64, json.len()] {
                let (file, rest) = read(&json, size).unwrap();
                assert_eq!(file, wanted, "{length} in pieces of {size}");
                assert_eq!(
                    rest,
                    r#"{"BillingStatement":{"Id":7,"Data":"x\"y"}, "data" : "","FileName":"a\\\"b.csv"}"#
                );
            }
        }
    }

    #[test]
    fn signs_may_be_written_with_a_backslash() {
        let (file, _) = read(r#"{"Data":"\/\u002B\u002b8"}"#, 1).unwrap();
        assert_eq!(file, [0xff, 0xef, 0xbc]);
    }

    #[test]
    fn what_is_torn_or_no_file_is_told_apart_from_one() {
        for (json, fault) in [
            (r#"{"Data":"UGVyaW9k"#, "it ends in the middle"),
            (r#"{"Data":"UGVyaW9k\"#, "it ends in the middle"),
            (r#"{"Data":"UGVyaW9","FileName":"a"}"#, NO_BASE64),
            (r#"{"Data":"UG==UGVy"}"#, NO_BASE64),
            (r#"{"Data":"UG==U"}"#, NO_BASE64),
            (r#"{"Data":"UGV*"}"#, NO_BASE64),
            (r#"{"Data":"\n"}"#, NO_BASE64),
            (r#"{"Data":"\u12g4"}"#, NO_BASE64),
            (r#"{"Data":"UGVy","data":"UGVy"}"#, "it holds two files"),
            (r#"{"Data":null,"FileName":"a.csv"}"#, "Data: the file is missing"),
            (r#"{"Datum":"UGVy"}"#, "Data: the file is missing"),
            ("[]", "Data: the file is missing"),
            ("", "Data: the file is missing"),
        ] {
            for size in [1, 4, 1_000] {
                assert_eq!(read(json, size).unwrap_err(), fault, "{json} in pieces of {size}");
            }
        }
        let long = format!(r#"{{"FileName":"{}","Data":"UGVy"}}"#, "x".repeat(LARGEST_REST));
        assert_eq!(read(&long, 4_096).unwrap_err(), "there is too much around the file");
    }
}
