//! Percent-encoding by RFC 3986.

use std::borrow::Cow;
use std::fmt::Write as _;

use provider_core::{Delivery, Error, ErrorKind, Result};

pub(super) const FORM: &str = "application/x-www-form-urlencoded";

/// Encodes everything but unreserved characters. Spaces become `%20`, which every server reads, while
/// `+` is read as a space by some and as a plus by others.
pub(crate) fn component(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Fields by the rules of `application/x-www-form-urlencoded`.
pub(super) fn form<'a>(fields: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut out = url::form_urlencoded::Serializer::new(String::new());
    out.extend_pairs(fields);
    out.finish()
}

/// Undoes percent-encoding.
pub(crate) fn percent_decode(text: &str) -> String {
    // Only in forms is a plus something else.
    let pair = format!("={}", text.replace('+', "%2B"));
    url::form_urlencoded::parse(pair.as_bytes()).map(|(_, value)| value.into_owned()).collect()
}

/// One value by the same rules.
#[cfg(test)]
pub(crate) fn form_component(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// Puts the encoded arguments into the placeholders of the template.
pub(super) fn expand(template: &str, arguments: &[(Cow<'static, str>, String)]) -> Result<String> {
    let mut out = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, tail)) = after.split_once('}') else {
            return Err(broken(template, "has an open placeholder"));
        };
        let Some((_, value)) = arguments.iter().find(|(given, _)| given == name) else {
            return Err(broken(template, &format!("got no value for `{name}`")));
        };
        out.push_str(before);
        out.push_str(value);
        rest = tail;
    }
    out.push_str(rest);
    Ok(out)
}

fn broken(template: &str, problem: &str) -> Error {
    Error::new(ErrorKind::Internal, format!("the path template {template} {problem}"))
        .with_delivery(Delivery::NotSent)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn only_unreserved_characters_stay() {
        assert_eq!(component("aZ09-._~"), "aZ09-._~");
        assert_eq!(component("a b+c/d?e#f%g:h,i"), "a%20b%2Bc%2Fd%3Fe%23f%25g%3Ah%2Ci");
        assert_eq!(component("é"), "%C3%A9");
        assert_eq!(percent_decode("a%20b+c%C3%A9"), "a b+cé");
        assert_eq!(component("filter[x]"), "filter%5Bx%5D");
    }

    #[test]
    fn templates_take_each_argument_where_it_is_named() {
        let arguments = [(Cow::Borrowed("a"), "1".to_owned()), (Cow::Borrowed("b"), "x%2Fy".to_owned())];
        assert_eq!(
            expand("/v3/accounts/{b}/c/{a}:pricing", &arguments).unwrap(),
            "/v3/accounts/x%2Fy/c/1:pricing"
        );
        assert_eq!(expand("/plain", &arguments).unwrap(), "/plain");
        for bad in ["/{c}", "/{a"] {
            let error = expand(bad, &arguments).unwrap_err();
            assert_eq!((error.kind(), error.delivery()), (ErrorKind::Internal, Delivery::NotSent));
        }
    }

    #[test]
    fn forms_are_encoded_as_forms() {
        let fields = [("grant_type", "refresh_token"), ("t", "a+b c&d")];
        assert_eq!(form(fields.into_iter()), "grant_type=refresh_token&t=a%2Bb+c%26d");
    }
}
