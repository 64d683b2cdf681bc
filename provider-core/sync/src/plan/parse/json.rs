//! Where everything stands in a JSON text that was read already.

use std::collections::BTreeSet;

use super::{Places, join};
use crate::plan::problem::PlanProblem;

/// The places of all keys, and the keys that stand twice. `from`: where the value begins.
pub(super) fn places(text: &str, from: usize) -> (Places, Vec<PlanProblem>) {
    let mut scan = Scan { text: text.as_bytes(), at: from, places: Places::new(), twice: Vec::new() };
    scan.value("");
    (scan.places, scan.twice)
}

struct Scan<'a> {
    text: &'a [u8],
    at: usize,
    places: Places,
    twice: Vec<PlanProblem>,
}

impl Scan<'_> {
    fn peek(&mut self) -> u8 {
        while self.text.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
        self.text.get(self.at).copied().unwrap_or_default()
    }

    /// A key may have signs that some programs escape, such as a word that a map knows.
    fn string(&mut self) -> String {
        let start = self.at;
        self.at += 1;
        while let Some(byte) = self.text.get(self.at) {
            match byte {
                b'\\' => self.at += 2,
                b'"' => break,
                _ => self.at += 1,
            }
        }
        self.at += 1;
        let text = self.text.get(start..self.at).unwrap_or_default();
        serde_json::from_slice(text).unwrap_or_else(|_| String::from_utf8_lossy(text).into_owned())
    }

    fn value(&mut self, path: &str) {
        match self.peek() {
            b'{' => self.object(path),
            b'[' => self.array(path),
            b'"' => drop(self.string()),
            _ => {
                let ends = |byte: &u8| b",]} \t\r\n".contains(byte);
                while self.text.get(self.at).is_some_and(|byte| !ends(byte)) {
                    self.at += 1;
                }
            }
        }
    }

    fn object(&mut self, path: &str) {
        self.at += 1;
        let mut met = BTreeSet::new();
        while self.peek() == b'"' {
            let (start, name) = (self.at, self.string());
            let path = join(path, &name);
            // The colon.
            self.peek();
            self.at += 1;
            self.value(&path);
            let place = start..self.at;
            if !met.insert(name) {
                let mut problem = PlanProblem::new(path.clone(), "stands here twice");
                problem.span = Some(place.clone());
                self.twice.push(problem);
            }
            self.places.insert(path, place);
            if self.peek() == b',' {
                self.at += 1;
            }
        }
        self.at += 1;
    }

    fn array(&mut self, path: &str) {
        self.at += 1;
        let mut index = 0;
        while !matches!(self.peek(), b']' | 0) {
            let (path, start) = (format!("{path}[{index}]"), self.at);
            self.value(&path);
            self.places.insert(path, start..self.at);
            index += 1;
            if self.peek() == b',' {
                self.at += 1;
            }
        }
        self.at += 1;
    }
}
