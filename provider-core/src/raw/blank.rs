//! Blanking of values in raw JSON: one pass, no recursion, no limit on what may come in.

use std::cmp::Reverse;
use std::ops::Range;

/// What stands where a secret value stood.
const BLANK: &str = "\"***\"";

/// Values that are nested deeper are blanked: a JSON parser that recurses reads no further, and neither
/// does `serde_json`.
pub(super) const MAX_DEPTH: usize = 127;

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
    let mut scan = Scan { json, at: 0, secret, open: Vec::new(), blanks: Vec::new() };
    if scan.run().is_none() {
        return Some("null".to_owned());
    }
    let mut blanks = scan.blanks;
    if blanks.is_empty() {
        return None;
    }
    // What stands within a blanked value needs no blank of its own.
    blanks.sort_unstable_by_key(|range| (range.start, Reverse(range.end)));
    let mut out = String::with_capacity(json.len());
    let mut done = 0;
    for range in blanks {
        if range.start < done {
            continue;
        }
        out.push_str(json.get(done..range.start).unwrap_or_default());
        out.push_str(BLANK);
        done = range.end;
    }
    out.push_str(json.get(done..).unwrap_or_default());
    Some(out)
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

struct Scan<'a> {
    json: &'a str,
    at: usize,
    secret: Secret<'a>,
    open: Vec<Open>,
    /// What is to be blanked.
    blanks: Vec<Range<usize>>,
}

impl Scan<'_> {
    fn byte(&self) -> Option<u8> {
        self.json.as_bytes().get(self.at).copied()
    }

    /// `None` where the text is no JSON.
    fn run(&mut self) -> Option<()> {
        while let Some(byte) = self.byte() {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' | b',' | b':' => self.at += 1,
                b'{' | b'[' => self.enter(byte == b'{')?,
                b'}' | b']' => {
                    self.at += 1;
                    let closed = self.open.pop()?;
                    if let (true, Some(value)) = (closed.secret_attribute, closed.value) {
                        self.blank(value);
                    }
                    self.ended(closed.start..self.at);
                }
                b'"' => {
                    let start = self.at;
                    self.skip_string()?;
                    match self.open.last_mut() {
                        Some(top) if top.object && top.at_name => {
                            top.at_name = false;
                            let name = self.json.get(start..self.at)?;
                            let member = self.member(name);
                            self.open.last_mut()?.member = member;
                        }
                        _ => self.ended(start..self.at),
                    }
                }
                _ => {
                    let start = self.at;
                    let rest = self.json.as_bytes().get(start..)?;
                    let ends = |b: &u8| matches!(b, b',' | b']' | b'}' | b' ' | b'\t' | b'\r' | b'\n');
                    self.at = start + rest.iter().position(ends).unwrap_or(rest.len()).max(1);
                    self.ended(start..self.at);
                }
            }
        }
        self.open.is_empty().then_some(())
    }

    /// An object or array begins. One whose content does not matter is passed over.
    fn enter(&mut self, object: bool) -> Option<()> {
        let start = self.at;
        let of_secret = self.open.last().is_some_and(|top| top.object && top.member == Member::Secret);
        let too_deep = self.open.len() >= MAX_DEPTH;
        if of_secret || too_deep {
            self.skip_container()?;
            if too_deep {
                self.blanks.push(start..self.at);
            }
            self.ended(start..self.at);
            return Some(());
        }
        self.at += 1;
        let member = Member::Plain;
        self.open.push(Open { start, object, at_name: object, member, secret_attribute: false, value: None });
        Some(())
    }

    /// A value ended: its object, if it stands in one, learns of it.
    fn ended(&mut self, value: Range<usize>) {
        let attribute = self.secret.attribute;
        let text = self.json.get(value.clone()).unwrap_or_default();
        let Some(top) = self.open.last_mut().filter(|top| top.object) else { return };
        top.at_name = true;
        match top.member {
            Member::Plain => {}
            Member::Secret => self.blank(value),
            Member::Name => {
                let secret = |is_secret: fn(&str) -> bool| decoded(text).is_none_or(|name| is_secret(&name));
                top.secret_attribute |= text.starts_with('"') && attribute.is_some_and(secret);
            }
            Member::Value => top.value = Some(value),
        }
    }

    /// An absent secret is worth knowing, and betrays nothing.
    fn blank(&mut self, value: Range<usize>) {
        if self.json.get(value.clone()) != Some("null") {
            self.blanks.push(value);
        }
    }

    fn member(&self, literal: &str) -> Member {
        // Names with escapes are decoded, or `"pass\u0077ord"` would slip through.
        let Some(name) = decoded(literal) else { return Member::Secret };
        if self.secret.is_member(&name) {
            return Member::Secret;
        }
        match (self.secret.attribute, &*name) {
            (Some(_), "name") => Member::Name,
            (Some(_), "value") => Member::Value,
            _ => Member::Plain,
        }
    }

    /// Passes over a string, from its opening quote to behind its closing one.
    fn skip_string(&mut self) -> Option<()> {
        let mut at = self.at + 1;
        loop {
            let rest = self.json.as_bytes().get(at..)?;
            let found = rest.iter().position(|b| matches!(b, b'"' | b'\\'))?;
            at += found + 1;
            if rest.get(found) == Some(&b'"') {
                self.at = at;
                return Some(());
            }
            at += 1;
        }
    }

    /// Passes over an object or array with everything in it.
    fn skip_container(&mut self) -> Option<()> {
        let mut depth = 0_usize;
        loop {
            match self.byte()? {
                b'"' => {
                    self.skip_string()?;
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.checked_sub(1)?,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return Some(());
            }
        }
    }
}

/// The text of a string literal.
fn decoded(literal: &str) -> Option<std::borrow::Cow<'_, str>> {
    let inner = literal.strip_prefix('"')?.strip_suffix('"')?;
    if inner.contains('\\') {
        serde_json::from_str(literal).ok().map(std::borrow::Cow::Owned)
    } else {
        Some(inner.into())
    }
}
