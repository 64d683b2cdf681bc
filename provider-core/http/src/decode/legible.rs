//! Bytes that should be JSON text and are not quite: a mark before them, a byte among them that is no UTF-8.

use std::borrow::Cow;

use bytes::Bytes;

/// What some services write before the JSON: U+FEFF in UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Stands for what is no UTF-8. A character that no text may use in exchange, so that the record around it can be
/// told from all others.
const ILLEGIBLE: char = '\u{FDD0}';

/// The JSON without a byte order mark before it.
#[must_use]
pub fn without_mark(json: &[u8]) -> &[u8] {
    json.strip_prefix(BYTE_ORDER_MARK).unwrap_or(json)
}

/// JSON that can be split into its records even where bytes of some are no UTF-8: reading such a record fails, and
/// the others are as they were. Borrowed where there is nothing to mend.
#[must_use]
pub fn legible(json: &[u8]) -> Cow<'_, [u8]> {
    let json = without_mark(json);
    if std::str::from_utf8(json).is_ok() {
        return Cow::Borrowed(json);
    }
    let mut text = String::with_capacity(json.len() + 16);
    for chunk in json.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            text.push(ILLEGIBLE);
        }
    }
    Cow::Owned(text.into_bytes())
}

/// The body of an answer, [`legible`] where it is JSON. Anything else may be a file, and stays as it came.
pub(crate) fn body(bytes: Bytes) -> Bytes {
    let unmarked = bytes.slice_ref(without_mark(&bytes));
    if !matches!(unmarked.trim_ascii_start().first(), Some(b'{' | b'[')) {
        return bytes;
    }
    match legible(&unmarked) {
        Cow::Borrowed(_) => unmarked,
        Cow::Owned(mended) => mended.into(),
    }
}

/// True for text in which something was no UTF-8.
pub(super) fn is_illegible(text: &str) -> bool {
    // Hardly any text holds even the first byte of it.
    let rest = memchr::memchr(0xEF, text.as_bytes()).and_then(|at| text.get(at..));
    rest.is_some_and(|rest| rest.contains(ILLEGIBLE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_text_is_not_touched_and_bad_bytes_are_told() {
        assert_eq!(&*legible("{\"a\":\"ä\u{FFFD}\"}".as_bytes()), "{\"a\":\"ä\u{FFFD}\"}".as_bytes());
        assert_eq!(&*legible(b"\xEF\xBB\xBF[1]"), b"[1]");
        assert_eq!(&*legible(b"\xEF\xBB\xBF[\"\xE9\xFF\"]"), "[\"\u{FDD0}\u{FDD0}\"]".as_bytes());
        assert!(!is_illegible("ä\u{FFFD}\u{FEFF}"));
        assert_eq!(without_mark(b"\xEF\xBB\xBF"), b"");
    }

    #[test]
    fn only_json_is_mended_in_a_body() {
        let body = |bytes: &'static [u8]| body(Bytes::from_static(bytes));
        assert_eq!(body(b"\xEF\xBB\xBF {\"a\":\"\xE9\"}"), " {\"a\":\"\u{FDD0}\"}".as_bytes());
        assert_eq!(&*body(b"\xEF\xBB\xBFid;name\n"), b"\xEF\xBB\xBFid;name\n");
        assert_eq!(&*body(b"%PDF \xE9"), b"%PDF \xE9");
        assert_eq!(&*body(b""), b"");
    }
}
