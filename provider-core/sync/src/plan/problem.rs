//! What is wrong with a plan, and where.

use std::fmt;
use std::ops::Range;

/// A place in a file, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The character in it.
    pub column: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PlanProblem {
    /// The key, such as `kinds[0].fields[2].local`.
    pub path: String,
    /// Where it stands, in bytes.
    pub span: Option<Range<usize>>,
    /// Where it stands, for people.
    pub position: Option<Position>,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl PlanProblem {
    /// Something that is wrong with this key.
    #[must_use]
    pub fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { path: path.into(), span: None, position: None, message: message.into() }
    }
}

impl fmt::Display for PlanProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(position) = self.position {
            write!(f, "{position}: ")?;
        }
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)
    }
}

/// Everything that is wrong with a plan; never nothing.
///
/// ```
/// let problems = provider_sync::SyncPlan::from_toml("version = 1").unwrap_err();
/// for problem in &problems {
///     println!("my.toml:{problem}");
/// }
/// assert_eq!(problems.first().path, "connection");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanProblems {
    first: PlanProblem,
    others: Vec<PlanProblem>,
}

impl PlanProblems {
    /// In the order of the file.
    pub(crate) fn all(mut problems: Vec<PlanProblem>) -> Option<Self> {
        problems.sort_by_key(|problem| problem.span.as_ref().map_or(usize::MAX, |span| span.start));
        let mut problems = problems.into_iter();
        let first = problems.next()?;
        Some(Self { first, others: problems.collect() })
    }

    /// The first one.
    #[must_use]
    pub fn first(&self) -> &PlanProblem {
        &self.first
    }

    /// Every one, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &PlanProblem> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// A line for each, which names the file.
    #[must_use]
    pub fn in_file(&self, file: &str) -> String {
        let lines: Vec<_> = self.iter().map(|problem| format!("{file}:{problem}")).collect();
        lines.join("\n")
    }
}

impl<'p> IntoIterator for &'p PlanProblems {
    type Item = &'p PlanProblem;
    type IntoIter = std::iter::Chain<std::iter::Once<&'p PlanProblem>, std::slice::Iter<'p, PlanProblem>>;

    fn into_iter(self) -> Self::IntoIter {
        std::iter::once(&self.first).chain(&self.others)
    }
}

impl From<PlanProblem> for PlanProblems {
    fn from(first: PlanProblem) -> Self {
        Self { first, others: Vec::new() }
    }
}

impl fmt::Display for PlanProblems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, problem) in self.iter().enumerate() {
            if at > 0 {
                f.write_str("\n")?;
            }
            problem.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for PlanProblems {}
