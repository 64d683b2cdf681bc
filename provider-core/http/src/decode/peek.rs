//! A text out of an answer that is not read yet.

use memchr::memmem;

/// The text of the last member of this name, wherever it stands, found without reading what stands before it. That
/// costs a small part of reading the answer, and is a guess: for the token of the next page, which the page confirms once it
/// is read. `None` where it is no text.
///
/// ```
/// use provider_http::decode::peek_text;
///
/// let page = br#"{"customers": [{"name": "Harbor"}], "nextPageToken": "b2Zmc2V0"}"#;
/// assert_eq!(peek_text(page, "nextPageToken").as_deref(), Some("b2Zmc2V0"));
/// assert_eq!(peek_text(page, "total"), None);
/// ```
#[must_use]
pub fn peek_text(json: &[u8], name: &str) -> Option<String> {
    let quoted = format!("\"{name}\"");
    let at = memmem::find_iter(json, quoted.as_bytes()).last()?;
    let value = json.get(at + quoted.len()..)?.trim_ascii_start().strip_prefix(b":")?;
    serde_json::Deserializer::from_slice(value).into_iter::<String>().next()?.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_found_wherever_it_stands() {
        let peek = |json: &str| peek_text(json.as_bytes(), "next");
        for json in [
            r#"{"next":"a\/b","list":[{"id":1}]}"#,
            "{\"list\":[],\"next\" :\n \"a/b\"\n}",
            // What quotes the name is text, and what stands deeper and before is not the last.
            r#"{"list":[{"name":"say \"next\": now","next":"inner"}],"next":"a/b"}"#,
            // Cut behind it: what can be read is read.
            r#"{"next":"a/b""#,
        ] {
            assert_eq!(peek(json).as_deref(), Some("a/b"), "{json}");
        }
    }

    #[test]
    fn what_is_no_text_under_this_name_is_not_told() {
        let peek = |json: &[u8]| peek_text(json, "next");
        for json in [
            r#"{"next":null}"#,
            r#"{"next":7}"#,
            r#"{"next":"cut"#,
            r#"{"next""#,
            r#"{"word":"next","list":[]}"#,
            r#"{"Next":"b","nextPage":"b"}"#,
            "no JSON",
            "",
        ] {
            assert_eq!(peek(json.as_bytes()), None, "{json}");
        }
        assert_eq!(peek(b"{\"next\":\"\xff\"}"), None);
    }
}
