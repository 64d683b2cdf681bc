//! Blanking of values in raw JSON: one pass, no recursion, no limit on what may come in.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::ops::Range;

use memchr::memchr;

use super::scan::{MAX_DEPTH, Scanner};

/// What stands where a secret value stood.
const BLANK: &str = "\"***\"";
/// A text that is itself a JSON document is read too, and one within that, so often. Each of them is shorter than the
/// text that it stands in.
const MOST_WITHIN: usize = 3;

/// Which values are secret.
#[derive(Clone, Copy)]
pub(super) struct Secret<'a> {
    /// The values of members with these names, compared without case.
    pub(super) members: &'a [&'a str],
    /// The `value` beside a `name` of which this is true: `{"name": "password", "value": "..."}`.
    pub(super) attribute: Option<fn(&str) -> bool>,
}

impl Secret<'_> {
    fn is_member(&self, name: &str) -> bool {
        self.members.iter().any(|secret| secret.eq_ignore_ascii_case(name))
    }
}

/// The text with every secret value blanked; `None` where nothing had to be. The text is one valid JSON
/// value; of anything else nothing is kept.
pub(super) fn blanked(json: &str, secret: Secret<'_>) -> Option<String> {
    let mut scan = Scan::new(json, secret);
    if scan.run().is_none() {
        return Some("null".to_owned());
    }
    scan.blanked()
}

/// What the member that is being read is to its object.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Member {
    Plain,
    Secret,
    /// The `name` of an attribute.
    Name,
    /// The `value` of an attribute.
    Value,
}

/// An object or array that is not closed yet.
struct Open {
    start: usize,
    object: bool,
    /// The next string is a member's name.
    at_name: bool,
    member: Member,
    secret_attribute: bool,
    value: Option<Range<usize>>,
}

/// Something else stands here from now on.
struct Blank {
    range: Range<usize>,
    /// The JSON that stands there; [`BLANK`] where it is nothing of its own.
    with: Option<String>,
}

struct Scan<'a> {
    json: &'a str,
    scanner: Scanner<'a>,
    secret: Secret<'a>,
    /// How many documents this one stands in as a text.
    within: usize,
    open: Vec<Open>,
    /// Where the documents within this one keep what is open, so that each needs no memory of its own.
    open_within: Vec<Open>,
    blanks: Vec<Blank>,
    /// The steps of the documents within this one.
    #[cfg(test)]
    steps_within: u64,
}

impl<'a> Scan<'a> {
    fn new(json: &'a str, secret: Secret<'a>) -> Self {
        Self {
            json,
            scanner: Scanner::new(json.as_bytes()),
            secret,
            within: 0,
            open: Vec::new(),
            open_within: Vec::new(),
            blanks: Vec::new(),
            #[cfg(test)]
            steps_within: 0,
        }
    }

    /// The text as it is after a run; `None` where nothing had to be blanked.
    fn blanked(&mut self) -> Option<String> {
        let (json, mut blanks) = (self.json, std::mem::take(&mut self.blanks));
        if blanks.is_empty() {
            return None;
        }
        // What stands within a blanked value needs no blank of its own.
        blanks.sort_by_key(|blank| (blank.range.start, Reverse(blank.range.end), blank.with.is_some()));
        let mut out = String::with_capacity(json.len());
        let mut done = 0;
        for Blank { range, with } in blanks {
            if range.start < done {
                continue;
            }
            out.push_str(json.get(done..range.start).unwrap_or_default());
            out.push_str(with.as_deref().unwrap_or(BLANK));
            done = range.end;
        }
        out.push_str(json.get(done..).unwrap_or_default());
        Some(out)
    }

    /// `None` where the text is no JSON.
    fn run(&mut self) -> Option<()> {
        while let Some(byte) = self.scanner.byte() {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' | b',' | b':' => self.scanner.step(),
                b'{' | b'[' => self.enter(byte == b'{')?,
                b'}' | b']' => {
                    self.scanner.step();
                    let closed = self.open.pop()?;
                    if let (true, Some(value)) = (closed.secret_attribute, closed.value) {
                        self.blank(value);
                    }
                    self.ended(closed.start..self.scanner.at());
                }
                b'"' => {
                    let text = self.scanner.string()?;
                    match self.open.last_mut() {
                        Some(top) if top.object && top.at_name => {
                            top.at_name = false;
                            let member = self.member(self.json.get(text)?, self.scanner.escaped());
                            self.open.last_mut()?.member = member;
                        }
                        _ => {
                            // Without a backslash there is no quotation mark in it, and no name.
                            if self.scanner.escaped() {
                                self.document(text.clone());
                            }
                            self.ended(text);
                        }
                    }
                }
                _ => {
                    let value = self.scanner.scalar();
                    self.ended(value);
                }
            }
        }
        self.open.is_empty().then_some(())
    }

    /// An object or array begins. One whose content does not matter is passed over.
    fn enter(&mut self, object: bool) -> Option<()> {
        let of_secret = self.open.last().is_some_and(|top| top.object && top.member == Member::Secret);
        let too_deep = self.open.len() >= MAX_DEPTH;
        if of_secret || too_deep {
            let passed = self.scanner.container()?;
            if too_deep {
                self.blanks.push(Blank { range: passed.clone(), with: None });
            }
            self.ended(passed);
            return Some(());
        }
        let start = self.scanner.at();
        self.scanner.step();
        let member = Member::Plain;
        self.open.push(Open { start, object, at_name: object, member, secret_attribute: false, value: None });
        Some(())
    }

    /// A text may itself be a JSON document, and its members are no less secret for that.
    fn document(&mut self, literal: Range<usize>) {
        let Some(written) = self.json.get(literal.clone()) else { return };
        // Whatever a document begins with may be escaped, and so may the blanks before it.
        let may_begin =
            |first: char| matches!(first, '{' | '[' | '\\' | '\u{feff}') || first.is_ascii_whitespace();
        if self.within == MOST_WITHIN || !written.chars().nth(1).is_some_and(may_begin) {
            return;
        }
        let Some(document) = decoded(written) else { return };
        let begins = document.trim_start_matches(|c: char| c == '\u{feff}' || c.is_ascii_whitespace());
        if !begins.starts_with(['{', '[']) {
            return;
        }
        let mut scan = Scan::new(begins, self.secret);
        scan.within = self.within + 1;
        scan.open = std::mem::take(&mut self.open_within);
        let is_json = scan.run().is_some();
        #[cfg(test)]
        {
            self.steps_within += scan.scanner.steps() + scan.steps_within;
        }
        if let (true, Some(clean)) = (is_json, scan.blanked()) {
            self.blanks.push(Blank { range: literal, with: serde_json::to_string(&clean).ok() });
        }
        scan.open.clear();
        self.open_within = scan.open;
    }

    /// A value ended: its object, if it stands in one, learns of it.
    fn ended(&mut self, value: Range<usize>) {
        let (json, attribute) = (self.json, self.secret.attribute);
        let Some(top) = self.open.last_mut().filter(|top| top.object) else { return };
        top.at_name = true;
        match top.member {
            Member::Plain => {}
            Member::Secret => self.blank(value),
            Member::Name => {
                let text = json.get(value).unwrap_or_default();
                let secret = |is_secret: fn(&str) -> bool| decoded(text).is_none_or(|name| is_secret(&name));
                top.secret_attribute |= text.starts_with('"') && attribute.is_some_and(secret);
            }
            Member::Value => top.value = Some(value),
        }
    }

    /// An absent secret is worth knowing, and betrays nothing.
    fn blank(&mut self, value: Range<usize>) {
        if self.json.get(value.clone()) != Some("null") {
            self.blanks.push(Blank { range: value, with: None });
        }
    }

    fn member(&self, literal: &str, escaped: bool) -> Member {
        // Names with escapes are decoded, or `"pass\u0077ord"` would slip through.
        let name = if escaped { decoded(literal) } else { plain(literal).map(Cow::Borrowed) };
        let Some(name) = name else { return Member::Secret };
        if self.secret.is_member(&name) {
            return Member::Secret;
        }
        match (self.secret.attribute, &*name) {
            (Some(_), "name") => Member::Name,
            (Some(_), "value") => Member::Value,
            _ => Member::Plain,
        }
    }
}

/// The text of a string literal.
pub(super) fn decoded(literal: &str) -> Option<Cow<'_, str>> {
    let inner = plain(literal)?;
    if !inner.contains('\\') {
        return Some(inner.into());
    }
    stripped(inner).or_else(|| serde_json::from_str(literal).ok()).map(Cow::Owned)
}

/// The same where a backslash only says that the character behind it stands for itself, as in nearly every document
/// that stands in another.
fn stripped(inner: &str) -> Option<String> {
    let mut text = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = memchr(b'\\', rest.as_bytes()) {
        let (before, escape) = rest.split_at_checked(at)?;
        let escaped = *escape.as_bytes().get(1).filter(|byte| matches!(byte, b'"' | b'\\' | b'/'))?;
        text.push_str(before);
        text.push(char::from(escaped));
        rest = escape.get(2..)?;
    }
    text.push_str(rest);
    Some(text)
}

/// The text of a string literal without a backslash.
fn plain(literal: &str) -> Option<&str> {
    literal.strip_prefix('"')?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many bytes are looked at.
    fn steps(json: &str) -> u64 {
        let secret = Secret { members: &["token", "password"], attribute: Some(|name| name == "token") };
        let mut scan = Scan::new(json, secret);
        assert!(scan.run().is_some(), "it is JSON");
        scan.scanner.steps() + scan.steps_within
    }

    /// The same text in another text, so often.
    fn within(json: &str, times: usize) -> String {
        (0..times).fold(json.to_owned(), |json, _| format!(r#"{{"a":{}}}"#, serde_json::Value::String(json)))
    }

    #[test]
    fn secrets_in_a_document_that_stands_as_a_text_are_blanked() {
        let secret = Secret { members: &["password"], attribute: Some(|name| name == "token") };
        for plain in [
            r#"{"user":"a","Password":"hunter2"}"#,
            r#" [{"deep":{"pass\u0077ord":["hunter2"]}}]"#,
            r#"[{"value":"hunter2","name":"token"}]"#,
            "\u{feff}\r\n{\"PASSWORD\":\"hunter2\"}",
        ] {
            for times in usize::from(plain.starts_with('\u{feff}'))..=MOST_WITHIN {
                let json = within(plain, times);
                let clean = blanked(&json, secret).unwrap_or(json);
                assert!(!clean.contains("hunter2") && clean.contains("***"), "{times}: {clean}");
                assert!(serde_json::from_str::<serde_json::Value>(&clean).is_ok(), "{times}: {clean}");
            }
        }
        for kept in [
            r#"{"a":"{\"user\":\"password\"}","b":"{\"password\":null}","c":"{not \"json"}"#,
            r#"{"a":"[[[[\"x\"","b":"{\"a\":1.10}\n"}"#,
        ] {
            assert_eq!(blanked(kept, secret), None, "{kept}");
        }
        let both = r#"{"password":"{\"password\":\"hunter2\"}","n":1.10}"#;
        assert_eq!(blanked(both, secret).as_deref(), Some(r#"{"password":"***","n":1.10}"#));
    }

    #[test]
    fn a_literal_is_read_as_serde_json_reads_it() {
        for literal in [
            r#""""#,
            r#""a""#,
            r#""a\"b""#,
            r#""\\\"\/""#,
            r#""ä\\ö""#,
            r#""\u00e4\"""#,
            r#""\n\"""#,
            r#""\ud83d\ude00""#,
            r#""\ud83d""#,
            r#""\""#,
            r#""\x""#,
        ] {
            let read = serde_json::from_str::<String>(literal).ok();
            assert_eq!(decoded(literal).as_deref(), read.as_deref(), "{literal}");
        }
    }

    /// Shapes that were read again at every level once, twice as large each time: the work doubles and no more.
    #[test]
    fn the_work_grows_with_the_size_and_not_with_its_square() {
        let nested = |open: &str, close: &str, levels: usize| {
            format!("{}1{}", open.repeat(levels), close.repeat(levels))
        };
        let shapes: [&dyn Fn(usize) -> String; 9] = [
            &|n| nested(r#"{"token":"#, "}", n),
            &|n| nested(r#"{"x":{"name":"token","value":"#, "}}", n),
            &|n| nested(r#"{"value":1,"name":{"name":"#, "}}", n),
            &|n| nested("[", "]", n),
            &|n| format!("[{}1]", r#"{"name":"token","value":"\\\""},"#.repeat(n)),
            &|n| format!(r#"{{"token":"{}","n":{}}}"#, r"\u0041\\".repeat(n), "9".repeat(n)),
            // Documents within documents, and what only begins like them.
            &|n| within(&nested(r#"{"token":"#, "}", n), MOST_WITHIN),
            &|n| format!("[{}1]", r#""{\"token\":\"x\"}","#.repeat(n)),
            &|n| format!("[{}1]", r#""{\"{\"{\"","#.repeat(n)),
        ];
        for (number, shape) in shapes.iter().enumerate() {
            let mut before = None;
            for size in [20_000, 40_000, 80_000, 160_000] {
                let json = shape(size);
                let steps = steps(&json);
                let most = (MOST_WITHIN as u64 + 1) * json.len() as u64;
                assert!(steps <= most, "shape {number}: {steps} steps for {} bytes", json.len());
                assert!(before.is_none_or(|before| steps <= 2 * before + 1_000), "shape {number}: {steps}");
                before = Some(steps);
            }
        }
    }
}
