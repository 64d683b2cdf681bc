//! Bytes that should be JSON text and are not quite: a mark before them, a byte among them that is no UTF-8.

use std::borrow::Cow;
use std::fmt::Write as _;

use bytes::Bytes;

/// What some services write before the JSON: U+FEFF in UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Stands for what is no UTF-8. A character that no text may use in exchange, so that the record around it can be
/// told from all others.
const ILLEGIBLE: char = '\u{FDD0}';

/// What some languages write for numbers that JSON does not have.
const NO_NUMBERS: [&str; 4] = ["NaN", "Infinity", "-Infinity", "undefined"];

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

/// JSON that its reader could not take apart, with what one can be sure of put right: signs of control in a text, where
/// their escapes belong, a comma behind the last of several, and numbers that are none, which become what no member is. An escape that
/// does not exist stays unreadable, and with it the record that it stands in. `None` where nothing of that was found.
pub(crate) fn mended(json: &str) -> Option<String> {
    let mut mended = String::with_capacity(json.len() + 16);
    let mut found = false;
    let mut rest = json;
    let mut inside = false;
    while let Some(sign) = rest.chars().next() {
        let (here, behind) = rest.split_at(sign.len_utf8());
        rest = behind;
        match sign {
            '"' => {
                inside = !inside;
                mended.push(sign);
            }
            '\\' if inside => {
                let escape = escape_of(rest);
                found |= escape.is_empty();
                match escape.is_empty() {
                    true => mended.push(ILLEGIBLE),
                    false => mended.extend([here, escape]),
                }
                rest = rest.get(escape.len()..).unwrap_or_default();
            }
            sign if inside && sign < ' ' => {
                found = true;
                let _ = write!(mended, "\\u{:04x}", u32::from(sign));
            }
            ',' if !inside && matches!(rest.trim_start().as_bytes().first(), Some(b'}' | b']')) => {
                found = true;
            }
            'N' | 'I' | '-' | 'u' if !inside => {
                if let Some(word) = no_number(sign, rest) {
                    found = true;
                    mended.extend(["[[\"", word, "\"]]"]);
                    rest = rest.get(word.len() - here.len()..).unwrap_or_default();
                } else {
                    mended.push(sign);
                }
            }
            _ => mended.push(sign),
        }
    }
    found.then_some(mended)
}

/// The number that is none and begins with this sign. No further than its own length is looked: one word may be as long as
/// the answer.
fn no_number(sign: char, behind: &str) -> Option<&'static str> {
    NO_NUMBERS.into_iter().find(|word| {
        let rest = word.strip_prefix(sign).and_then(|word| behind.strip_prefix(word));
        rest.is_some_and(|rest| rest.starts_with(|next: char| !next.is_ascii_alphabetic()))
    })
}

/// What stands behind the backslash of an escape; nothing where it is none.
fn escape_of(behind: &str) -> &str {
    let hex = |digits: &str| digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    match behind.as_bytes().first() {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => behind.get(..1).unwrap_or_default(),
        Some(b'u') if behind.get(1..5).is_some_and(hex) => behind.get(..5).unwrap_or_default(),
        _ => "",
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
    fn what_is_clear_is_put_right_and_nothing_else() {
        for (broken, right) in [
            ("[\"a\tb\r\n\"]", "[\"a\\u0009b\\u000d\\u000a\"]"),
            ("{\n\t\"a\": 1,\n}", "{\n\t\"a\": 1\n}"),
            ("[1, 2 , ]", "[1, 2  ]"),
            ("{\"a\":NaN,\"b\":-Infinity}", "{\"a\":[[\"NaN\"]],\"b\":[[\"-Infinity\"]]}"),
            ("[undefined]", "[[[\"undefined\"]]]"),
            (r#"["\x41","\u12g4"]"#, "[\"\u{FDD0}x41\",\"\u{FDD0}u12g4\"]"),
            ("[\"\\", "[\"\u{FDD0}"),
        ] {
            assert_eq!(mended(broken).as_deref(), Some(right), "{broken}");
        }
        for as_it_is in [
            r#"{"a":"\"\\,]","b":[null,-1.5e3],"c":"NaN, ]"}"#,
            r#"["\u00e4\/","x\\"]"#,
            "{\n\t\"a\": [ 1 ,\n2 ]\n}",
            "[1",
            "[nul",
            "[NaNo]",
            "[uu,Nothing,--Infinityx]",
            "",
        ] {
            assert_eq!(mended(as_it_is), None, "{as_it_is}");
        }
    }

    /// Looked through from each of its letters, it took hours.
    #[test]
    fn a_word_as_long_as_the_answer_is_passed_in_one_go() {
        assert_eq!(mended(&format!("[{}", "u".repeat(4 << 20))), None);
        let long = format!("[{},NaN]", "-".repeat(4 << 20));
        assert_eq!(mended(&long), Some(long.replace("NaN", "[[\"NaN\"]]")));
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
