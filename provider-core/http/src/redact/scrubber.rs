//! The secrets of one connection, blanked wherever they turn up in what leaves it.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::fmt;
use std::hash::{BuildHasher as _, RandomState};
use std::ops::Range;
use std::sync::{Arc, PoisonError, RwLock};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use provider_core::ItemError;
use provider_core::model::Raw;
use provider_core::observe::EventKind;
use secrecy::{ExposeSecret, SecretSlice, SecretString};

use super::quoting::Quoting;
use super::views::{plain_views, views};
use super::{BLANK, cut};

/// Shorter ones would blank ordinary words, and are no secrets.
const SHORTEST: usize = 4;
/// In our own words only what is as long as this is looked for: a password `test` must not blank them.
const SHORTEST_IN_OUR_WORDS: usize = 8;
/// As long as this a secret is found in any case: host names come in lower case.
const ANY_CASE: usize = 16;
/// Of a longer secret only the beginning is looked for.
const LONGEST: usize = 8 * 1024;
/// So many secrets that came and went are remembered: tokens, signatures.
const REMEMBERED: usize = 256;
/// Of a text that was cut, so much of a secret at its end is enough.
const BEGINNING: usize = 8;
/// Longer texts are cut before they are searched: nothing that leaves is longer.
const LONGEST_TEXT: usize = 16 * 1024;
/// A long text is searched in pieces: its readings would take many times its memory.
const PIECE: usize = 128 * 1024;
/// So much of a piece is searched again with the next one: a secret may lie across their border.
const OVERLAP: usize = 6 * LONGEST;
/// Of a longer text only one kind of escape is undone at a time.
const LARGE: usize = 1024 * 1024;

/// Blanks the secrets of a connection: credentials, tokens, passwords, whichever way they are written (as they
/// are, percent-encoded, as a form, as JSON, as HTML, in base64). Clones share what they know.
#[derive(Clone)]
pub(crate) struct Scrubber {
    known: Arc<RwLock<Known>>,
    hashes: RandomState,
}

#[derive(Default)]
struct Known {
    /// Oldest first: each secret with its other spellings.
    secrets: VecDeque<Secret>,
    /// How many of them stay whatever else comes.
    lasting: usize,
}

struct Secret {
    hash: u64,
    needles: Vec<Needle>,
}

struct Needle {
    text: SecretSlice<u8>,
    any_case: bool,
}

impl Default for Scrubber {
    fn default() -> Self {
        Self { known: Arc::default(), hashes: RandomState::new() }
    }
}

impl fmt::Debug for Scrubber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Scrubber")
    }
}

impl Scrubber {
    /// Knows these secrets and no others.
    pub(crate) fn of<'a>(secrets: impl IntoIterator<Item = &'a SecretString>) -> Self {
        let scrubber = Self::default();
        for secret in secrets {
            scrubber.learn(secret);
        }
        scrubber
    }

    /// Remembers a secret for as long as the connection lives: one that was configured.
    pub(crate) fn learn_for_good(&self, secret: &SecretString) {
        self.add(secret, true);
    }

    /// Remembers a secret until many others came after it.
    pub(crate) fn learn(&self, secret: &SecretString) {
        self.add(secret, false);
    }

    fn add(&self, secret: &SecretString, lasting: bool) {
        let text = secret.expose_secret();
        if text.trim().len() < SHORTEST {
            return;
        }
        let hash = self.hashes.hash_one(text);
        let is_known = |known: &Known| known.secrets.iter().any(|secret| secret.hash == hash);
        if is_known(&self.known.read().unwrap_or_else(PoisonError::into_inner)) {
            return;
        }
        let needles = needles(text);
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if is_known(&known) {
            return;
        }
        if lasting {
            known.secrets.push_front(Secret { hash, needles });
            known.lasting += 1;
        } else {
            let lasting = known.lasting;
            if known.secrets.len() - lasting >= REMEMBERED {
                known.secrets.remove(lasting);
            }
            known.secrets.push_back(Secret { hash, needles });
        }
    }

    /// The text without secrets, for what a distributor said.
    pub(crate) fn scrub<'a>(&self, text: impl Into<Cow<'a, str>>) -> Cow<'a, str> {
        let text = text.into();
        match self.edited(&text, SHORTEST) {
            Some(clean) => Cow::Owned(clean),
            None => text,
        }
    }

    /// The same, cut to so many characters.
    pub(crate) fn scrub_and_cut(&self, text: &str, longest: usize) -> String {
        cut(self.scrub(text).into_owned(), longest)
    }

    /// Whether one of the secrets stands in an answer.
    pub(crate) fn finds_in(&self, text: &[u8]) -> bool {
        self.finds(text, SHORTEST)
    }

    fn finds(&self, text: &[u8], shortest: usize) -> bool {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        if known.is_empty() {
            return false;
        }
        let readings = if text.len() > LARGE { plain_views } else { views };
        pieces(text).any(|piece| readings(piece).iter().any(|view| known.is_in(&view.bytes, shortest)))
    }

    /// What quotes a distributor, without secrets in any of its parts.
    pub(crate) fn quoting<T: Quoting>(&self, quoting: T) -> T {
        quoting.edited(&|text| self.edited(text, SHORTEST_IN_OUR_WORDS))
    }

    pub(crate) fn item(&self, mut item: ItemError) -> ItemError {
        let raw = item.raw.take();
        let mut item = item.with_texts(&|text| self.edited(text, SHORTEST));
        item.raw = raw.map(|raw| self.raw(raw));
        item
    }

    /// A record's own JSON. Its numbers and words are a distributor's data: as in our own words, a secret that is as
    /// short as they are is not looked for.
    pub(crate) fn raw(&self, raw: Raw) -> Raw {
        if !self.finds(raw.get().as_bytes(), SHORTEST_IN_OUR_WORDS) {
            return raw;
        }
        raw.with_texts(&|text| {
            if text.len() <= LONGEST_TEXT {
                return self.edited(text, SHORTEST_IN_OUR_WORDS);
            }
            self.finds(text.as_bytes(), SHORTEST_IN_OUR_WORDS).then(|| BLANK.to_owned())
        })
    }

    pub(crate) fn event(&self, what: EventKind) -> EventKind {
        what.with_texts(&|text| self.edited(text, SHORTEST))
    }

    /// The text to show instead; `None` where it may stay.
    fn edited(&self, text: &str, shortest: usize) -> Option<String> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let (text, was_cut) = match text.get(..boundary(text, LONGEST_TEXT)) {
            Some(kept) if kept.len() < text.len() => (kept, true),
            _ => (text, false),
        };
        let mut found: Vec<Range<usize>> = Vec::new();
        if !known.is_empty() {
            for view in views(text.as_bytes()) {
                known.find(&view.bytes, shortest, |range| found.push(view.source(range)));
            }
        }
        if found.is_empty() {
            return was_cut.then(|| format!("{text}..."));
        }
        found.sort_unstable_by_key(|range| (range.start, range.end));
        let mut out = String::with_capacity(text.len());
        let mut done = 0;
        for range in found {
            if range.start >= done {
                // A range begins and ends with whole characters: secrets are text, and so are their escapes.
                out.push_str(text.get(done..range.start).unwrap_or_default());
                out.push_str(BLANK);
            }
            done = done.max(range.end);
        }
        out.push_str(text.get(done..).unwrap_or_default());
        if was_cut {
            out.push_str("...");
        }
        Some(out)
    }
}

impl Known {
    fn is_empty(&self) -> bool {
        self.secrets.is_empty()
    }

    fn needles(&self) -> impl Iterator<Item = &Needle> {
        self.secrets.iter().flat_map(|secret| &secret.needles)
    }

    fn is_in(&self, text: &[u8], shortest: usize) -> bool {
        let lower = text.to_ascii_lowercase();
        self.needles()
            .filter(|needle| needle.text.expose_secret().len() >= shortest)
            .any(|needle| needle.first_in(if needle.any_case { &lower } else { text }, 0).is_some())
    }

    fn find(&self, text: &[u8], shortest: usize, mut found: impl FnMut(Range<usize>)) {
        let lower = text.to_ascii_lowercase();
        for needle in self.needles() {
            let length = needle.text.expose_secret().len();
            // What is shorter than the secret and than a beginning of it that tells holds neither.
            if length < shortest || text.len() < length.min(BEGINNING) {
                continue;
            }
            let text = if needle.any_case { &lower } else { text };
            let mut from = 0;
            while let Some(at) = needle.first_in(text, from) {
                found(at..at + length);
                from = at + length;
            }
            // A text that somebody cut may end within a secret.
            let wanted = needle.text.expose_secret();
            let longest = length.saturating_sub(1).min(text.len());
            let end = (BEGINNING..=longest).rev().find(|kept| {
                let tail = text.get(text.len() - kept..);
                wanted.get(..*kept).is_some_and(|beginning| tail == Some(beginning))
            });
            if let Some(kept) = end {
                found(text.len() - kept..text.len());
            }
        }
    }
}

/// A long text in pieces that overlap.
fn pieces(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let begins = (0..).step_by(PIECE - OVERLAP);
    begins
        .take_while(|begin| *begin == 0 || begin + OVERLAP < text.len())
        .map(|begin| text.get(begin..text.len().min(begin + PIECE)).unwrap_or_default())
}

/// The last end of a character that is not beyond `at`.
fn boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default()
}

impl Needle {
    fn new(text: &[u8]) -> Option<Self> {
        let text = text.get(..LONGEST).unwrap_or(text);
        let any_case = text.len() >= ANY_CASE;
        let text = if any_case { text.to_ascii_lowercase() } else { text.to_vec() };
        (text.len() >= SHORTEST).then(|| Self { text: SecretSlice::from(text), any_case })
    }

    fn first_in(&self, text: &[u8], from: usize) -> Option<usize> {
        let rest = text.get(from..)?;
        memchr::memmem::find(rest, self.text.expose_secret()).map(|at| at + from)
    }
}

/// The spellings in which a secret is looked for, in every view of a text.
fn needles(secret: &str) -> Vec<Needle> {
    let mut plain = vec![secret.to_owned()];
    let trimmed = secret.trim();
    if trimmed != secret {
        plain.push(trimmed.to_owned());
    }
    plain.extend(parts(secret));
    let mut all = Vec::new();
    for text in &plain {
        all.push(text.as_bytes().to_vec());
        all.extend(in_base64(text.as_bytes()).into_iter().map(String::into_bytes));
        all.extend(misread(text));
    }
    all.sort_unstable();
    all.dedup();
    all.iter().filter_map(|text| Needle::new(text)).collect()
}

/// What becomes of letters beyond ASCII where somebody takes one encoding for another.
fn misread(text: &str) -> Vec<Vec<u8>> {
    if text.is_ascii() {
        return Vec::new();
    }
    let each = |other: fn(char) -> String| -> Vec<u8> {
        let spelt = |c: char| if c.is_ascii() { c.to_string() } else { other(c) };
        text.chars().map(spelt).collect::<String>().into_bytes()
    };
    // UTF-8 read as Latin-1.
    let mut all = vec![text.bytes().map(char::from).collect::<String>().into_bytes()];
    // Latin-1 read as UTF-8, by us and by others; a letter that an encoding does not have. Where nearly nothing else is
    // left, every row of question marks would pass for it.
    if text.bytes().filter(u8::is_ascii_alphanumeric).count() >= SHORTEST {
        all.extend([
            each(|_| "\u{FDD0}".to_owned()),
            each(|_| "\u{FFFD}".to_owned()),
            each(|_| "?".to_owned()),
        ]);
    }
    // Latin-1 as it is: percent-encoded it has one byte for each letter.
    let latin: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
    all.extend(latin);
    all
}

/// What the value of an `Authorization` header is made of: the token, or the pair and its password.
fn parts(value: &str) -> Vec<String> {
    // Other secrets may hold a space too; their words are not secret by themselves.
    let Some((scheme @ ("Basic" | "Bearer"), rest)) = value.split_once(' ') else { return Vec::new() };
    let mut parts = vec![rest.to_owned()];
    if scheme == "Basic"
        && let Ok(pair) = base64::engine::general_purpose::STANDARD.decode(rest)
        && let Ok(pair) = String::from_utf8(pair)
    {
        parts.extend(pair.split_once(':').map(|(_, password)| password.to_owned()));
        parts.push(pair);
    }
    parts
}

/// The secret within base64 of something longer: it depends on where the secret begins in it, so the characters
/// at both ends, which depend on the neighbours, are left out.
fn in_base64(secret: &[u8]) -> Vec<String> {
    let mut all = Vec::new();
    for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
        for shift in 0..3 {
            let padded: Vec<u8> = std::iter::repeat_n(0, shift).chain(secret.iter().copied()).collect();
            let coded = engine.encode(&padded);
            // Characters that hold bits of what stands before and behind.
            let before = (shift * 8).div_ceil(6);
            let behind = usize::from(!padded.len().is_multiple_of(3));
            let inner = coded.get(before..coded.len().saturating_sub(behind)).unwrap_or_default();
            if inner.len() >= SHORTEST_IN_OUR_WORDS {
                all.push(inner.to_owned());
            }
        }
    }
    all
}

#[cfg(test)]
#[path = "scrubber_tests.rs"]
mod tests;
