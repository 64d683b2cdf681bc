//! Texts to look for, by the hundred.

/// Texts, each with a mark of 16 bytes or without one, in few pieces of memory: a page asks for hundreds, from one thread
/// of another.
#[derive(Debug, Clone, Default)]
pub struct MarkedKeys {
    texts: String,
    ends: Vec<usize>,
    marks: Vec<Option<[u8; 16]>>,
}

impl MarkedKeys {
    /// Adds a text.
    pub fn push(&mut self, text: &str, mark: Option<[u8; 16]>) {
        self.texts.push_str(text);
        self.ends.push(self.texts.len());
        self.marks.push(mark);
    }

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The text at a place.
    #[must_use]
    pub fn text(&self, at: usize) -> Option<&str> {
        let begins = match at.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        self.texts.get(begins..*self.ends.get(at)?)
    }

    /// The text at a place, with its mark.
    #[must_use]
    pub fn get(&self, at: usize) -> Option<(&str, Option<&[u8]>)> {
        let mark = self.marks.get(at)?;
        Some((self.text(at)?, mark.as_ref().map(<[u8; 16]>::as_slice)))
    }

    /// Each text with its mark, in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Option<&[u8]>)> {
        let begins = std::iter::once(&0).chain(&self.ends);
        begins.zip(&self.ends).zip(&self.marks).map(|((begins, ends), mark)| {
            let text = self.texts.get(*begins..*ends).unwrap_or_default();
            (text, mark.as_ref().map(<[u8; 16]>::as_slice))
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic is a failed test")]

    use super::*;

    #[test]
    fn every_text_keeps_its_borders_and_its_mark() {
        let mut keys = MarkedKeys::default();
        assert!(keys.is_empty());
        for (text, mark) in [("a", None), ("", Some([7; 16])), ("\u{e9}b", Some([9; 16]))] {
            keys.push(text, mark);
        }
        let all: Vec<_> = keys.iter().collect();
        assert_eq!(all, [("a", None), ("", Some(&[7; 16][..])), ("\u{e9}b", Some(&[9; 16][..]))]);
        assert_eq!((keys.text(0), keys.text(2), keys.text(3)), (Some("a"), Some("\u{e9}b"), None));
        assert_eq!((keys.get(1), keys.get(3)), (Some(("", Some(&[7; 16][..]))), None));
    }
}
