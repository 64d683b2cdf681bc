//! Where everything stands in the text of a plan.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use super::problem::{PlanProblem, Position};

/// What says that a text is Unicode.
pub(super) const MARK: char = '\u{FEFF}';

/// The places of all keys of a text.
#[derive(Clone, Default)]
pub(super) struct Source(Arc<Places>);

#[derive(Default)]
struct Places {
    /// `None` where a plan was not read from one.
    text: Option<String>,
    keys: BTreeMap<String, Range<usize>>,
}

/// The text holds what the plan does, a password in an address with it.
impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Source")
    }
}

impl Source {
    pub(super) fn new(text: &str, keys: BTreeMap<String, Range<usize>>) -> Self {
        Self(Arc::new(Places { text: Some(text.to_owned()), keys }))
    }

    /// The problem with its place: that of the key, or of what the key is missing in.
    pub(super) fn place(&self, mut problem: PlanProblem) -> PlanProblem {
        if problem.span.is_none() {
            problem.span = self.span(&problem.path);
        }
        problem.position = problem.span.as_ref().map(|span| self.position(span.start));
        problem
    }

    fn span(&self, path: &str) -> Option<Range<usize>> {
        let mut path = path;
        loop {
            if let Some(span) = self.0.keys.get(path) {
                return Some(span.clone());
            }
            match path.rfind(['.', '[']) {
                Some(end) => path = path.get(..end)?,
                // What the whole plan lacks is missing at its beginning.
                None => return self.0.text.is_some().then_some(0..0),
            }
        }
    }

    fn position(&self, at: usize) -> Position {
        let text = self.0.text.as_deref().unwrap_or_default();
        // No editor counts the mark that some of them write before a text.
        let before = text.get(..at).unwrap_or(text).trim_start_matches(MARK);
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
        Position { line, column }
    }

    /// Where a line and a column are, in bytes.
    pub(super) fn offset(text: &str, line: usize, column: usize) -> usize {
        let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
        (start + column.saturating_sub(1)).min(text.len())
    }
}
