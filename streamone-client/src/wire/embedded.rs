//! A text that stands in a JSON message, taken out of it while it arrives.

use std::fmt;

/// Names longer than any that is looked for are cut.
const LONGEST_NAME: usize = 64;
/// No answer of the service nests as deeply.
const DEEPEST: usize = 64;

/// Why the bytes are no message with the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fault(pub(crate) &'static str);

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Fault {}

const NO_OBJECT: Fault = Fault("is no JSON object");
const NO_TEXT: Fault = Fault("the member is no text");
const BROKEN: Fault = Fault("the JSON is broken");
const CUT: Fault = Fault("the JSON is cut");

/// What a string of the message is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// The name of a member of the outermost object.
    Name,
    /// The text that is looked for.
    Text,
    /// Anything else.
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Between strings.
    Outside,
    Within(Part),
    /// After a backslash.
    Escape(Part),
    /// Within `\uXXXX`: how many digits are left, and their value so far.
    Unicode(Part, u8, u32),
}

/// Takes the text of one member of the outermost object out of JSON, piece by piece.
///
/// The JSON around it is checked only as far as needed to find the text and to know that it came whole.
#[derive(Debug)]
pub(crate) struct Embedded {
    member: &'static str,
    state: State,
    /// What the open brackets are; `true` for objects.
    open: Vec<bool>,
    begun: bool,
    /// The name just read, and whether its value is next.
    name: Vec<u8>,
    value_next: bool,
    expect_name: bool,
    /// The first half of a pair of `\u` escapes.
    high: Option<u32>,
    found: bool,
    failed: bool,
}

impl Embedded {
    pub(crate) fn new(member: &'static str) -> Self {
        Self {
            member,
            state: State::Outside,
            open: Vec::new(),
            begun: false,
            name: Vec::new(),
            value_next: false,
            expect_name: false,
            high: None,
            found: false,
            failed: false,
        }
    }

    /// Reads the next piece of JSON and adds what it holds of the text to `out`.
    pub(crate) fn push(&mut self, json: &[u8], out: &mut Vec<u8>) -> Result<(), Fault> {
        json.iter().try_for_each(|byte| self.byte(*byte, out))
    }

    /// Says whether all of it came. A message without the member has an empty text: the service leaves
    /// unset members out. One that speaks of an error instead is no message of this kind.
    pub(crate) fn finish(&self) -> Result<(), Fault> {
        if !self.begun {
            return Err(NO_OBJECT);
        }
        if !self.open.is_empty() || self.state != State::Outside {
            return Err(CUT);
        }
        if self.failed && !self.found {
            return Err(Fault("it is an error with the status of a success"));
        }
        Ok(())
    }

    fn byte(&mut self, byte: u8, out: &mut Vec<u8>) -> Result<(), Fault> {
        match self.state {
            State::Outside => self.outside(byte),
            State::Within(part) => match byte {
                b'"' => self.end(part),
                b'\\' => {
                    self.state = State::Escape(part);
                    Ok(())
                }
                _ => self.put(part, &[byte], out),
            },
            State::Escape(part) => {
                self.state = State::Within(part);
                let plain = match byte {
                    b'n' => b'\n',
                    b'r' => b'\r',
                    b't' => b'\t',
                    b'b' => 8,
                    b'f' => 12,
                    b'"' | b'\\' | b'/' => byte,
                    b'u' => {
                        self.state = State::Unicode(part, 4, 0);
                        return Ok(());
                    }
                    _ => return Err(BROKEN),
                };
                self.put(part, &[plain], out)
            }
            State::Unicode(part, left, value) => {
                let digit = char::from(byte).to_digit(16).ok_or(BROKEN)?;
                let value = (value << 4) | digit;
                if left > 1 {
                    self.state = State::Unicode(part, left - 1, value);
                    return Ok(());
                }
                self.state = State::Within(part);
                self.unit(part, value, out)
            }
        }
    }

    fn outside(&mut self, byte: u8) -> Result<(), Fault> {
        if byte.is_ascii_whitespace() {
            return Ok(());
        }
        if self.open.is_empty() {
            // One message and nothing after it.
            return match (byte, self.begun) {
                (b'{', false) => {
                    self.begun = true;
                    self.expect_name = true;
                    self.open.push(true);
                    Ok(())
                }
                (_, false) => Err(NO_OBJECT),
                (_, true) => Err(BROKEN),
            };
        }
        let outermost = self.open.len() == 1;
        let sought = outermost && self.value_next && self.name == self.member.as_bytes();
        match byte {
            b'"' => {
                let part = match (outermost, self.expect_name, sought) {
                    (true, true, _) => Part::Name,
                    (_, _, true) => Part::Text,
                    _ => Part::Other,
                };
                if part == Part::Name {
                    self.name.clear();
                }
                self.found |= part == Part::Text;
                self.state = State::Within(part);
            }
            b':' if outermost => self.value_next = true,
            b',' if outermost => {
                self.value_next = false;
                self.expect_name = true;
            }
            b'{' | b'[' if sought => return Err(NO_TEXT),
            b'{' | b'[' => {
                if self.open.len() >= DEEPEST {
                    return Err(Fault("the JSON is nested too deeply"));
                }
                self.open.push(byte == b'{');
            }
            b'}' | b']' => return self.close(byte == b'}'),
            // The `null` of a text that is not there.
            b'n' | b'u' | b'l' if sought => {}
            _ if sought => return Err(NO_TEXT),
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self, object: bool) -> Result<(), Fault> {
        match self.open.pop() {
            Some(opened) if opened == object => Ok(()),
            _ => Err(BROKEN),
        }
    }

    fn end(&mut self, part: Part) -> Result<(), Fault> {
        if self.high.take().is_some() {
            return Err(BROKEN);
        }
        if part == Part::Name {
            self.expect_name = false;
            self.failed |= self.name == b"error";
        }
        self.state = State::Outside;
        Ok(())
    }

    fn put(&mut self, part: Part, bytes: &[u8], out: &mut Vec<u8>) -> Result<(), Fault> {
        if self.high.is_some() {
            return Err(BROKEN);
        }
        match part {
            Part::Text => out.extend_from_slice(bytes),
            Part::Name if self.name.len() < LONGEST_NAME => self.name.extend_from_slice(bytes),
            Part::Name | Part::Other => {}
        }
        Ok(())
    }

    /// One unit of UTF-16; characters beyond the first plane come as two.
    fn unit(&mut self, part: Part, unit: u32, out: &mut Vec<u8>) -> Result<(), Fault> {
        let scalar = match (self.high.take(), unit) {
            (None, 0xD800..=0xDBFF) => {
                self.high = Some(unit);
                return Ok(());
            }
            (Some(high), 0xDC00..=0xDFFF) => 0x1_0000 + ((high - 0xD800) << 10) + (unit - 0xDC00),
            (Some(_), _) => return Err(BROKEN),
            (None, _) => unit,
        };
        let character = char::from_u32(scalar).ok_or(BROKEN)?;
        self.put(part, character.encode_utf8(&mut [0; 4]).as_bytes(), out)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    fn read(json: &str, piece: usize) -> Result<String, Fault> {
        let (mut embedded, mut out) = (Embedded::new("results"), Vec::new());
        for piece in json.as_bytes().chunks(piece) {
            embedded.push(piece, &mut out)?;
        }
        embedded.finish()?;
        Ok(String::from_utf8(out).unwrap())
    }

    #[test]
    fn the_text_is_the_same_however_the_json_is_cut_into_pieces() {
        let text = "Name,Cost \u{20ac}\n\"Pier, Ltd\",\"1\\2\"\t\u{1f4c8}\r\n";
        let plain = serde_json::json!({"report": {"results": "no", "a": [1, "]"]}, "results": text, "resultCount": "1"});
        let escaped =
            r#" {"resultCount":"1","results":"Name,Cost \u20AC\n\"Pier, Ltd\",\"1\\2\"\t\ud83d\udcc8\r\n"} "#;
        for json in [plain.to_string().as_str(), escaped] {
            for piece in [1, 2, 3, 7, 1000] {
                assert_eq!(read(json, piece).unwrap(), text, "{piece}: {json}");
            }
        }
    }

    #[test]
    fn a_text_that_is_not_there_is_empty() {
        for json in ["{}", r#"{"resultCount":"0"}"#, r#"{"results":null}"#, r#"{"results":""}"#] {
            assert_eq!(read(json, 1).unwrap(), "", "{json}");
        }
    }

    #[test]
    fn what_is_cut_broken_or_something_else_is_refused() {
        for (json, fault) in [
            ("", NO_OBJECT),
            ("[]", NO_OBJECT),
            ("<html>", NO_OBJECT),
            (r#"{"results":"Name,Co"#, CUT),
            (r#"{"results":"Name""#, CUT),
            (r#"{"results":"\"#, CUT),
            (r#"{"results":"\u20"#, CUT),
            (r#"{"results":7}"#, NO_TEXT),
            (r#"{"results":["a"]}"#, NO_TEXT),
            (r#"{"results":"\x"}"#, BROKEN),
            (r#"{"results":"\ud83d"}"#, BROKEN),
            (r#"{"results":"\ud83dx"}"#, BROKEN),
            (r#"{"results":"a"]"#, BROKEN),
            (r#"{"results":"a"}{"#, BROKEN),
        ] {
            assert_eq!(read(json, 1).unwrap_err(), fault, "{json}");
        }
        assert!(read(r#"{"error":"INTERNAL_ERROR","message":"x"}"#, 4).is_err());
    }
}
