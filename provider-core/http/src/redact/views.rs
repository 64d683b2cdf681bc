//! A text as those read it who undo its escapes: percent-encoding, forms, JSON, HTML, and one within another.

use std::ops::Range;

/// Escapes are undone this often: JSON that quotes JSON that quotes a form.
const LAYERS: usize = 3;
/// No text has more readings that differ.
const MOST: usize = 24;

/// One reading of a text, and where its bytes come from.
pub(super) struct View {
    pub(super) bytes: Vec<u8>,
    /// Where each byte begins and ends in the text; empty for the text itself. Half as wide as a place in memory:
    /// no text is looked at in pieces so large.
    from: Vec<(u32, u32)>,
}

impl View {
    /// What these bytes are in the text.
    pub(super) fn source(&self, range: Range<usize>) -> Range<usize> {
        if self.from.is_empty() {
            return range;
        }
        let start = self.from.get(range.start).map_or(range.start, |(start, _)| *start as usize);
        let last = range.end.checked_sub(1).and_then(|last| self.from.get(last));
        let end = last.map_or(start, |(_, end)| *end as usize);
        start..end.max(start)
    }
}

/// The text itself, and every reading of it that differs.
pub(super) fn views(text: &[u8]) -> Vec<View> {
    layers(text, LAYERS)
}

/// The same for one kind of escape at a time: what of a text of many megabytes there is time for.
pub(super) fn plain_views(text: &[u8]) -> Vec<View> {
    layers(text, 1)
}

fn layers(text: &[u8], layers: usize) -> Vec<View> {
    let mut all = vec![View { bytes: text.to_vec(), from: Vec::new() }];
    let mut first_of_layer = 0;
    for _ in 0..layers {
        let end = all.len();
        let mut next: Vec<View> = Vec::new();
        for view in all.get(first_of_layer..).unwrap_or_default() {
            for decode in [json, percent, form, html] {
                let Some(read) = decode(view) else { continue };
                let known = |other: &View| other.bytes == read.bytes;
                if all.len() + next.len() < MOST && !all.iter().any(known) && !next.iter().any(known) {
                    next.push(read);
                }
            }
        }
        if next.is_empty() {
            break;
        }
        all.append(&mut next);
        first_of_layer = end;
    }
    all
}

/// Builds a reading while walking over another.
struct Reading<'a> {
    of: &'a View,
    at: usize,
    bytes: Vec<u8>,
    from: Vec<(u32, u32)>,
}

impl<'a> Reading<'a> {
    fn of(view: &'a View) -> Self {
        let length = view.bytes.len();
        Self { of: view, at: 0, bytes: Vec::with_capacity(length), from: Vec::with_capacity(length) }
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.of.bytes.get(self.at + ahead).copied()
    }

    /// The next bytes mean these.
    fn put(&mut self, length: usize, meaning: &[u8]) {
        let source = self.of.source(self.at..self.at + length);
        let at = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let source = (at(source.start), at(source.end));
        for byte in meaning {
            self.bytes.push(*byte);
            self.from.push(source);
        }
        self.at += length;
    }

    fn digits(&self, ahead: usize, count: usize, radix: u32) -> Option<u32> {
        let digits = self.of.bytes.get(self.at + ahead..self.at + ahead + count)?;
        digits.iter().try_fold(0_u32, |value, digit| {
            value.checked_mul(radix)?.checked_add(char::from(*digit).to_digit(radix)?)
        })
    }

    fn finish(self) -> View {
        View { bytes: self.bytes, from: self.from }
    }
}

/// Reads a text in which `special` begins every escape; `None` where there is none.
fn decode(
    view: &View,
    special: &[u8],
    mut escape: impl FnMut(&Reading<'_>) -> Option<(usize, Vec<u8>)>,
) -> Option<View> {
    if !view.bytes.iter().any(|byte| special.contains(byte)) {
        return None;
    }
    let mut reading = Reading::of(view);
    while let Some(byte) = reading.peek(0) {
        match special.contains(&byte).then(|| escape(&reading)).flatten() {
            Some((length, meaning)) => reading.put(length, &meaning),
            None => reading.put(1, &[byte]),
        }
    }
    Some(reading.finish())
}

fn utf8(code: u32) -> Option<Vec<u8>> {
    Some(char::from_u32(code)?.encode_utf8(&mut [0; 4]).as_bytes().to_vec())
}

/// JSON's escapes, and `\u{e4}` and `\'` as programs print them.
fn json(view: &View) -> Option<View> {
    decode(view, b"\\", |text| {
        let plain = match text.peek(1)? {
            escaped @ (b'"' | b'\\' | b'/' | b'\'') => escaped,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'b' => 8,
            b'f' => 12,
            b'u' if text.peek(2) == Some(b'{') => {
                let length = (1..=6).find(|count| text.peek(3 + count) == Some(b'}'))?;
                return Some((length + 4, utf8(text.digits(3, length, 16)?)?));
            }
            b'u' => {
                let unit = text.digits(2, 4, 16)?;
                if !(0xD800..0xDC00).contains(&unit) {
                    return Some((6, utf8(unit)?));
                }
                let low = text.digits(8, 4, 16).filter(|low| (0xDC00..0xE000).contains(low))?;
                return Some((12, utf8(0x1_0000 + ((unit - 0xD800) << 10) + (low - 0xDC00))?));
            }
            _ => return None,
        };
        Some((2, vec![plain]))
    })
}

fn percent(view: &View) -> Option<View> {
    decode(view, b"%", percent_escape)
}

/// As [`percent`], with `+` for a space.
fn form(view: &View) -> Option<View> {
    decode(view, b"%+", |text| match text.peek(0)? {
        b'+' => Some((1, vec![b' '])),
        _ => percent_escape(text),
    })
}

fn percent_escape(text: &Reading<'_>) -> Option<(usize, Vec<u8>)> {
    let byte = u8::try_from(text.digits(1, 2, 16)?).ok()?;
    Some((3, vec![byte]))
}

fn html(view: &View) -> Option<View> {
    const NAMED: [(&str, &str); 17] = [
        ("&quot;", "\""),
        ("&amp;", "&"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&apos;", "'"),
        ("&sol;", "/"),
        ("&bsol;", "\\"),
        ("&plus;", "+"),
        ("&nbsp;", " "),
        ("&auml;", "ä"),
        ("&ouml;", "ö"),
        ("&uuml;", "ü"),
        ("&Auml;", "Ä"),
        ("&Ouml;", "Ö"),
        ("&Uuml;", "Ü"),
        ("&szlig;", "ß"),
        ("&eacute;", "é"),
    ];
    decode(view, b"&", |text| {
        let rest = text.of.bytes.get(text.at..)?;
        if let Some((name, text)) = NAMED.iter().find(|(name, _)| rest.starts_with(name.as_bytes())) {
            return Some((name.len(), text.as_bytes().to_vec()));
        }
        if text.peek(1)? != b'#' {
            return None;
        }
        let (radix, first) = if matches!(text.peek(2)?, b'x' | b'X') { (16, 3) } else { (10, 2) };
        let length = (1..=7).find(|count| text.peek(first + count) == Some(b';'))?;
        Some((first + length + 1, utf8(text.digits(first, length, radix)?)?))
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    fn readings(text: &str) -> Vec<String> {
        views(text.as_bytes()).iter().map(|view| String::from_utf8_lossy(&view.bytes).into_owned()).collect()
    }

    #[test]
    fn a_text_without_escapes_has_one_reading() {
        assert_eq!(readings("plain ä text"), ["plain ä text"]);
        assert_eq!(readings(""), [""]);
    }

    #[test]
    fn escapes_are_undone_one_within_another() {
        for (text, meaning) in [
            (r#"p\u00E4\u00e4\"\\\/x"#, "pää\"\\/x"),
            ("%c3%A4+%2F", "ä /"),
            ("a%25c3%25a4", "aä"),
            (r"{\\u00e4}", "{ä}"),
            ("&quot;&#228;&#xE4;&auml;&bsol;&amp;", "\"äää\\&"),
            (r"\ud83d\ude00", "😀"),
            (r"\u{1f600}", "😀"),
            (r"%5Cu00e4", "ä"),
        ] {
            assert!(readings(text).iter().any(|reading| reading == meaning), "{text}: {:?}", readings(text));
        }
        for broken in ["%", "%4", "%zz", r"\", r"\u12", r"\ud83d", r"\u{}", "&#;", "&#x;", "&", "%+"] {
            assert!(!readings(broken).is_empty(), "{broken}");
        }
    }

    #[test]
    fn a_reading_knows_where_its_bytes_come_from() {
        let text = r#"a %22\u00e4 b"#;
        for view in views(text.as_bytes()) {
            let Some(at) = String::from_utf8_lossy(&view.bytes).find('ä') else { continue };
            let source = view.source(at..at + 2);
            assert_eq!(text.get(source).unwrap(), r"\u00e4");
        }
    }
}
