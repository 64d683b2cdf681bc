//! One scanner over raw JSON: no recursion, every byte looked at once, and a count of the steps to prove it.

use std::ops::Range;

use memchr::memchr2;

/// Containers nested deeper are passed over unread: a JSON parser that recurses reads no further, and neither
/// does `serde_json`.
pub(super) const MAX_DEPTH: usize = 127;

/// A place in a JSON text. It checks no more than it needs: where strings and containers end.
#[derive(Debug)]
pub(super) struct Scanner<'a> {
    json: &'a [u8],
    at: usize,
    /// How many bytes were looked at, for tests that hold the work against the size.
    steps: u64,
    /// The last string holds a backslash.
    escaped: bool,
}

impl<'a> Scanner<'a> {
    pub(super) const fn new(json: &'a [u8]) -> Self {
        Self { json, at: 0, steps: 0, escaped: false }
    }

    pub(super) const fn at(&self) -> usize {
        self.at
    }

    #[cfg(test)]
    pub(super) const fn steps(&self) -> u64 {
        self.steps
    }

    /// Whether the string that was passed over last is not written as it reads.
    pub(super) const fn escaped(&self) -> bool {
        self.escaped
    }

    pub(super) fn byte(&self) -> Option<u8> {
        self.json.get(self.at).copied()
    }

    pub(super) fn step(&mut self) {
        self.to(self.at + 1);
    }

    fn to(&mut self, at: usize) {
        self.steps += (at - self.at) as u64;
        self.at = at;
    }

    /// Passes over a string, from its opening quote to behind its closing one; `None` where it has none.
    pub(super) fn string(&mut self) -> Option<Range<usize>> {
        let start = self.at;
        self.step();
        self.escaped = false;
        loop {
            let rest = self.json.get(self.at..)?;
            let Some(found) = memchr2(b'"', b'\\', rest) else {
                self.to(self.json.len());
                return None;
            };
            let closes = rest.get(found) == Some(&b'"');
            self.escaped |= !closes;
            // A backslash takes the byte behind it along.
            self.to((self.at + found + if closes { 1 } else { 2 }).min(self.json.len()));
            if closes {
                return Some(start..self.at);
            }
        }
    }

    /// Passes over a number, `true`, `null` or whatever stands in the place of one.
    pub(super) fn scalar(&mut self) -> Range<usize> {
        let start = self.at;
        let rest = self.json.get(start..).unwrap_or_default();
        let ends = |b: &u8| matches!(b, b',' | b']' | b'}' | b' ' | b'\t' | b'\r' | b'\n');
        self.to(start + rest.iter().position(ends).unwrap_or(rest.len()).max(1).min(rest.len()));
        start..self.at
    }

    /// Passes over an object or array with everything in it; `None` where it does not end.
    pub(super) fn container(&mut self) -> Option<Range<usize>> {
        let start = self.at;
        let mut depth = 0_usize;
        loop {
            match self.byte()? {
                b'"' => {
                    self.string()?;
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.checked_sub(1)?,
                _ => {}
            }
            self.step();
            if depth == 0 {
                return Some(start..self.at);
            }
        }
    }
}

/// True for the beginning of a JSON object or array without its end: an answer that was cut. What is no object
/// and no array, and what is broken in another way, is not judged here.
///
/// ```
/// use provider_core::wire::ends_early;
///
/// assert!(ends_early(br#"{"items": [{"id": 1}, {"id"#));
/// assert!(!ends_early(br#"{"items": []}"#));
/// assert!(!ends_early(b"no JSON at all"));
/// ```
#[must_use]
pub fn ends_early(json: &[u8]) -> bool {
    let json = json.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(json).trim_ascii();
    let closes = match json.first() {
        Some(b'{') => b'}',
        Some(b'[') => b']',
        _ => return false,
    };
    // Nearly every answer is whole, which the brackets show at a fraction of the cost of reading the strings. Only
    // a text that closes more than it opens could hide a cut from this count.
    if json.last() == Some(&closes) && brackets_match(json) {
        return false;
    }
    Scanner::new(json).container().is_none()
}

fn brackets_match(json: &[u8]) -> bool {
    // In blocks whose sums fit a byte, so that the compiler can count many bytes at a time. One bit tells `{` from
    // `[`, and `}` from `]`.
    const EITHER: u8 = !(b'{' ^ b'[');
    json.chunks(127).fold(0_i64, |open, block| {
        let depth = |byte: &u8| i8::from(byte & EITHER == b'[') - i8::from(byte & EITHER == b']');
        open + i64::from(block.iter().map(depth).sum::<i8>())
    }) == 0
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed unwrap is a failed test")]

    use super::*;

    #[test]
    fn every_cut_of_an_object_or_array_is_noticed() {
        for whole in [
            r#"{"a":[1,{"b":"}]\"{[\\"},null],"c":{"d":{}},"e":"x"}"#,
            r#"[{"id":1},{"id":2},[]]"#,
            "{}",
            " \n[1, 2]\n",
        ] {
            assert!(!ends_early(whole.as_bytes()), "{whole}");
            let inner = whole.trim();
            for end in 1..inner.len() {
                assert!(ends_early(&inner.as_bytes()[..end]), "{}", &inner[..end]);
            }
            assert!(!ends_early(format!("\u{feff}{whole}").as_bytes()));
        }
    }

    #[test]
    fn what_is_no_cut_json_is_not_judged() {
        for other in ["", "  ", "text", "\"text", "12", "nul", "{}x", "[1]]", "{]", "[section]\nkey = {"] {
            assert!(!ends_early(other.as_bytes()), "{other}");
        }
    }

    #[test]
    fn no_depth_and_no_size_is_too_much() {
        let deep = "[".repeat(1_000_000);
        let on_small_stack = std::thread::Builder::new().stack_size(2 << 20);
        let judged = on_small_stack.spawn(move || ends_early(deep.as_bytes())).unwrap().join().unwrap();
        assert!(judged);
    }
}
