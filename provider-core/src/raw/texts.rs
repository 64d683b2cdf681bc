//! Every text of raw JSON handed to somebody who may put another in its place.

use super::blank::decoded;
use super::scan::Scanner;

/// The JSON with names, texts and numbers passed through `edit`, which answers the text to put there or `None` to
/// leave what stands; `None` where nothing was edited. The text is one valid JSON value; of anything else nothing is
/// kept.
pub(super) fn edited(json: &str, edit: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let mut scanner = Scanner::new(json.as_bytes());
    let mut out = String::new();
    let mut done = 0;
    while let Some(byte) = scanner.byte() {
        let literal = match byte {
            b' ' | b'\t' | b'\r' | b'\n' | b',' | b':' | b'{' | b'[' | b'}' | b']' => {
                scanner.step();
                continue;
            }
            b'"' => match scanner.string() {
                Some(text) => text,
                None => return Some("null".to_owned()),
            },
            _ => scanner.scalar(),
        };
        let written = json.get(literal.clone()).unwrap_or_default();
        let text = if byte == b'"' { decoded(written) } else { Some(written.into()) };
        // A text that cannot be read cannot be judged: it is handed on as it is written.
        if let Some(after) = edit(text.as_deref().unwrap_or(written)) {
            out.push_str(json.get(done..literal.start).unwrap_or_default());
            out.push_str(&serde_json::Value::String(after).to_string());
            done = literal.end;
        }
    }
    if done == 0 {
        return None;
    }
    out.push_str(json.get(done..).unwrap_or_default());
    Some(out)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use crate::model::Raw;

    #[test]
    fn what_is_edited_stays_json_and_the_rest_is_kept_to_the_letter() {
        let blank = |text: &str| text.contains("p\"ä1").then(|| text.replace("p\"ä1", "*\"*"));
        let json =
            r#" {"p\"\u00e41":[1.10,"x p\"ä1 y",{"a":"p\"\u00E41"}], "b" : "p\\\"ä1", "n":1e-7,"t":true}"#;
        let raw = Raw::new(json, &[]).unwrap().with_texts(&blank);
        assert_eq!(
            raw.get(),
            r#"{"*\"*":[1.10,"x *\"* y",{"a":"*\"*"}], "b" : "p\\\"ä1", "n":1e-7,"t":true}"#
        );
        assert!(serde_json::from_str::<serde_json::Value>(raw.get()).is_ok());
        let clean = Raw::new(r#"{"a":"b"}"#, &[]).unwrap();
        assert_eq!(clean.clone().with_texts(&blank), clean);
        let number = |text: &str| (text == "12345678").then(|| "***".to_owned());
        let raw = Raw::new(r#"[12345678,123456789,"12345678"]"#, &[]).unwrap().with_texts(&number);
        assert_eq!(raw.get(), r#"["***",123456789,"***"]"#);
    }

    #[test]
    fn no_depth_is_too_much() {
        // Deep inside what is blanked for its depth, and as often as it stands there.
        let deep = format!(r#"{}"hunter2"{}"#, "[".repeat(120), "]".repeat(120));
        let many = format!("[{}0]", format!("{deep},").repeat(1_000));
        let blank = |text: &str| (text == "hunter2").then(|| "***".to_owned());
        let raw = Raw::new(&many, &[]).unwrap().with_texts(&blank);
        assert_eq!((raw.get().matches("***").count(), raw.get().contains("hunter2")), (1_000, false));
    }
}
