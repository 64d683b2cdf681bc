//! Decisions from a file: what `queue --csv` wrote, with its last column filled in.

use std::fmt;
use std::path::Path;

use csv::ByteRecord;
use provider_examples::Failure;
use provider_sync::{Decision, PendingId};

use super::flags::decision;

/// A decision, and where it stands.
#[derive(Debug)]
pub(crate) struct Word {
    /// The line of the file; `None` on the command line.
    pub(crate) line: Option<u64>,
    pub(crate) id: PendingId,
    pub(crate) decision: Decision,
}

/// All decisions of a file; what has none is passed over. Every line that is wrong is named, and then nothing is done.
pub(crate) fn read(path: &Path) -> Result<Vec<Word>, Failure> {
    let wrong = |what: &dyn fmt::Display| Failure::Usage(format!("--file: {}: {what}", path.display()));
    let bytes = std::fs::read(path).map_err(|error| wrong(&error))?;
    // As some spreadsheets write it: with a mark before it, and semicolons.
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    let head = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let delimiter = if head.contains(&b';') && !head.contains(&b',') { b';' } else { b',' };
    let mut file = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(bytes);
    let head = file.byte_headers().map_err(|error| wrong(&error))?.clone();
    let column = |name: &str| head.iter().position(|known| known.trim_ascii() == name.as_bytes());
    let (Some(id), Some(word)) = (column("id"), column("decision")) else {
        return Err(wrong(&"it needs the columns `id` and `decision`"));
    };
    let (mut words, mut problems) = (Vec::new(), Vec::new());
    let mut lines = Lines { rest: bytes, passed: 0, line: 1 };
    for row in file.byte_records() {
        let said = row.map_err(|error| error.to_string());
        let read = said.and_then(|row| {
            let line = lines.of(&row);
            if row.len() != head.len() {
                return Err(format!("line {line}: it has {} of {} columns", row.len(), head.len()));
            }
            of_row(&row, line, id, word)
        });
        match read {
            Ok(found) => words.extend(found),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() {
        return Ok(words);
    }
    Err(wrong(&format_args!("nothing was decided:\n{}", problems.join("\n"))))
}

/// Lines as an editor counts them.
struct Lines<'f> {
    rest: &'f [u8],
    passed: usize,
    line: u64,
}

impl Lines<'_> {
    fn of(&mut self, row: &ByteRecord) -> u64 {
        let place = row.position().map_or(0, csv::Position::byte);
        let place = usize::try_from(place).unwrap_or(usize::MAX);
        let ahead = place.saturating_sub(self.passed).min(self.rest.len());
        // Where lines end in two characters, the reader takes the second one for the beginning of the next row.
        let ends = self.rest.iter().skip(ahead).take_while(|byte| matches!(**byte, b'\r' | b'\n')).count();
        let (before, rest) = self.rest.split_at(ahead + ends);
        let breaks = before.iter().filter(|byte| **byte == b'\n').count();
        self.line = self.line.saturating_add(u64::try_from(breaks).unwrap_or(u64::MAX));
        (self.passed, self.rest) = (self.passed + before.len(), rest);
        self.line
    }
}

fn of_row(row: &ByteRecord, line: u64, id: usize, word: usize) -> Result<Option<Word>, String> {
    let text = |at: usize, name: &str| {
        let text = std::str::from_utf8(row.get(at).unwrap_or_default());
        text.map(str::trim).map_err(|_| format!("line {line}: its `{name}` is no text in UTF-8"))
    };
    let said = text(word, "decision")?;
    if said.is_empty() {
        return Ok(None);
    }
    let decision = decision(said).ok_or_else(|| format!("line {line}: `{said}` is no decision"))?;
    let id: PendingId =
        text(id, "id")?.parse().map_err(|problem: String| format!("line {line}: {problem}"))?;
    Ok(Some(Word { line: Some(line), id, decision }))
}
