//! Refusing what the reference does not list, and remembering that it was refused.

use serde_json::{Map, Value};

use super::answer::Stop;
use super::frame::Frame;
use super::refusal::{RefusedPart, Target};

/// The query parameters of a request, every name known to be allowed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Query {
    pairs: Vec<(String, String)>,
}

impl Query {
    /// Reads the query of `uri`.
    ///
    /// In strict mode a name outside `allowed` is refused with the vendor's own 400; otherwise it is dropped, as the live
    /// interfaces do.
    pub(crate) fn read(
        frame: &Frame,
        target: &Target,
        uri: &http::Uri,
        allowed: &[&str],
    ) -> Result<Self, Stop> {
        let mut pairs = Vec::new();
        for (name, value) in query_pairs(uri) {
            if allowed.contains(&name.as_str()) {
                pairs.push((name, value));
            } else if frame.is_strict() {
                return Err(frame.refuse(target.refusal(
                    RefusedPart::Query,
                    &name,
                    "unknown query parameter",
                )));
            }
        }
        Ok(Self { pairs })
    }

    /// The first value of `name`.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// Every value of `name`, for parameters that may be repeated.
    pub(crate) fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.pairs.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Refuses the first member of `object` whose name is not in `allowed`; `at` is the path of the object in the body.
///
/// Does nothing when the simulator is not strict.
pub(crate) fn check_members(
    frame: &Frame,
    target: &Target,
    at: &str,
    object: &Map<String, Value>,
    allowed: &[&str],
) -> Result<(), Stop> {
    if !frame.is_strict() {
        return Ok(());
    }
    match object.keys().find(|name| !allowed.contains(&name.as_str())) {
        None => Ok(()),
        Some(name) => {
            let path = member_path(at, name);
            Err(frame.refuse(target.refusal(RefusedPart::Body, &path, "unknown field")))
        }
    }
}

/// The decoded name and value pairs of a query string, in order.
pub(crate) fn query_pairs(uri: &http::Uri) -> Vec<(String, String)> {
    url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).into_owned().collect()
}

/// Decodes one segment of a path; `+` stays, unlike in a query.
pub(crate) fn percent_decoded(segment: &str) -> String {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        let escaped = (byte == b'%')
            .then(|| tail.get(..2))
            .flatten()
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        if let Some(decoded) = escaped {
            bytes.push(decoded);
            rest = tail.get(2..).unwrap_or_default();
        } else {
            bytes.push(byte);
            rest = tail;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The path of the member `name` of the object at `at`, which is empty for the body itself.
pub(crate) fn member_path(at: &str, name: &str) -> String {
    if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") }
}
