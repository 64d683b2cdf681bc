//! What an error shows is one line and of a bounded length, whatever a distributor sent.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use super::{Error, Source, Violation};
use crate::page::ItemError;

/// Characters of a message.
pub(super) const MESSAGE: usize = 2_000;
/// Characters of a code and of a request id.
pub(super) const WORD: usize = 200;
/// Characters of what a violation says.
const REASON: usize = 500;
/// Violations of one error.
pub(super) const VIOLATIONS: usize = 100;
/// Causes below one error that are looked at.
const CAUSES: usize = 16;

/// Cuts a text to so many characters. What was cut ends with three dots.
pub(crate) fn cut(text: String, longest: usize) -> String {
    // No character is longer than four bytes and none shorter than one.
    if text.len() <= longest {
        return text;
    }
    match text.char_indices().nth(longest) {
        Some((at, _)) => {
            let mut kept = text.get(..at).unwrap_or_default().to_owned();
            kept.push_str("...");
            kept
        }
        None => text,
    }
}

/// `Display` promises one line, so a message that quotes a distributor must not break it.
pub(super) fn one_line(message: Cow<'static, str>) -> Cow<'static, str> {
    let message =
        if message.len() > MESSAGE { Cow::Owned(cut(message.into_owned(), MESSAGE)) } else { message };
    if message.contains(|c: char| c.is_control()) {
        let cleaned: String = message.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        Cow::Owned(cleaned)
    } else {
        message
    }
}

/// A violation whose parts are cut.
pub(super) fn cut_violation(violation: Violation) -> Violation {
    Violation {
        field: cut(violation.field, WORD),
        code: violation.code.map(|code| cut(code, WORD)),
        message: cut(violation.message, REASON),
    }
}

/// How texts are edited: `None` leaves one as it is.
type Edit<'a> = &'a dyn Fn(&str) -> Option<String>;

fn edited(text: String, edit: Edit<'_>) -> String {
    edit(&text).unwrap_or(text)
}

impl Error {
    /// Passes everything that it shows through `edit`: message, code, request id, violations and causes.
    /// `edit` answers the text to show instead, or `None` to leave it. For those who blank secrets that a
    /// distributor echoed; a cause that had to be edited goes on as text.
    #[must_use]
    pub fn with_texts(self, edit: &dyn Fn(&str) -> Option<String>) -> Self {
        let message = edit(&self.0.message);
        let source = self.0.source.as_ref().and_then(|source| edit_source(source, edit));
        let word = |word: &Option<String>| word.as_deref().and_then(edit);
        let (code, request_id) = (word(&self.0.code), word(&self.0.request_id));
        let violations = self.0.violations.iter().any(|violation| {
            let parts = [Some(&violation.field), violation.code.as_ref(), Some(&violation.message)];
            parts.into_iter().flatten().any(|part| edit(part).is_some())
        });
        if message.is_none() && source.is_none() && code.is_none() && request_id.is_none() && !violations {
            return self;
        }
        self.change(|e| {
            if let Some(message) = message {
                e.message = one_line(message.into());
            }
            e.source = source.or(e.source.take());
            e.code = code.or(e.code.take());
            e.request_id = request_id.or(e.request_id.take());
            for violation in &mut e.violations {
                let Violation { field, code, message } = std::mem::replace(violation, Violation::new("", ""));
                violation.field = edited(field, edit);
                violation.code = code.map(|code| edited(code, edit));
                violation.message = edited(message, edit);
            }
        })
    }
}

/// The cause after editing; `None` where nothing had to be.
fn edit_source(source: &Source, edit: Edit<'_>) -> Option<Source> {
    if let Some(error) = source.downcast_ref::<Error>() {
        let after = error.clone().with_texts(edit);
        return (!Arc::ptr_eq(&after.0, &error.0)).then(|| Arc::new(after) as Source);
    }
    if let Some(item) = source.downcast_ref::<ItemError>() {
        return item.edited(edit).map(|item| Arc::new(item) as Source);
    }
    let mut texts = Vec::new();
    let mut changed = false;
    let mut next: Option<&(dyn StdError + 'static)> = Some(&**source);
    while let Some(cause) = next {
        if texts.len() == CAUSES {
            changed = true;
            break;
        }
        let (display, debug) = (cause.to_string(), format!("{cause:?}"));
        let shown = edit(&display);
        changed |= shown.is_some() || edit(&debug).is_some();
        texts.push(shown.unwrap_or(display));
        next = cause.source();
    }
    let told = |below: Option<Box<Told>>, text| Some(Box::new(Told { text, below }));
    let whole = changed.then(|| texts.into_iter().rev().fold(None, told)).flatten()?;
    Some(Arc::new(*whole))
}

/// A cause of which only the words are left.
#[derive(Debug)]
struct Told {
    text: String,
    below: Option<Box<Self>>,
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl StdError for Told {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.below {
            Some(below) => Some(&**below),
            None => None,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;
    use crate::error::ErrorKind;

    fn chain(error: &Error) -> String {
        let mut text = format!("{error} {error:?}");
        let mut next = error.source();
        while let Some(cause) = next {
            text.push_str(&format!(" {cause} {cause:?}"));
            next = cause.source();
        }
        text
    }

    #[test]
    fn no_part_of_an_error_is_longer_than_it_may_be() {
        let long = "x".repeat(3_000_000);
        let violation = Violation::new(long.as_str(), long.as_str()).with_code(long.as_str());
        let error = Error::new(ErrorKind::Decode, long.clone())
            .with_code(long.as_str())
            .with_request_id(long.as_str())
            .with_violations(std::iter::repeat_n(violation.clone(), 1_000))
            .with_violation(violation);
        assert_eq!(error.violations().len(), VIOLATIONS);
        assert!(error.to_string().len() < 3_000, "{}", error.to_string().len());
        assert!(format!("{error:?}").len() < 200_000);
        assert!(Error::config("X", &long).to_string().len() < 3_000);
        let item = ItemError::new(long.as_str(), long.as_str());
        assert!(item.to_string().len() < 2_000 && format!("{item:?}").len() < 2_000);
        let error = item.into_error(crate::Operation::List(crate::EntityKind::Customer));
        assert!(chain(&error).len() < 20_000);
    }

    #[test]
    fn characters_are_never_cut_through() {
        assert_eq!(cut("äöü".to_owned(), 2), "äö...");
        assert_eq!(cut("äöü".to_owned(), 3), "äöü");
        assert_eq!(cut(String::new(), 0), "");
    }

    #[test]
    fn every_text_is_edited_wherever_it_stands() {
        let blank = |text: &str| text.contains("hunter2").then(|| text.replace("hunter2", "***"));
        let cause = Error::new(ErrorKind::Transport, "hunter2").with_source("io: hunter2");
        let error = Error::new(ErrorKind::Unauthenticated, "hunter2 is wrong")
            .with_code("hunter2")
            .with_request_id("hunter2")
            .with_violation(Violation::new("hunter2", "hunter2").with_code("hunter2"))
            .with_source(cause);
        let shown = chain(&error.clone().with_texts(&blank));
        assert!(!shown.contains("hunter2") && shown.contains("*** is wrong"), "{shown}");
        assert!(chain(&error).contains("hunter2"), "the one before is left alone");
        let item = ItemError::new("a.hunter2", "hunter2");
        let error = Error::new(ErrorKind::Decode, "bad").with_source(item).with_texts(&blank);
        assert!(!chain(&error).contains("hunter2"));
        assert!(error.source().unwrap().is::<ItemError>());
        let clean = Error::new(ErrorKind::Decode, "bad").with_source("io");
        assert_eq!(chain(&clean.clone().with_texts(&blank)), chain(&clean));
    }
}
