//! What the clients write: the bodies of their endpoints, and how a caller fills them.

use std::collections::BTreeSet;

use super::source::Source;

/// The name that begins a text.
fn name(text: &str) -> &str {
    let end = text.find(|char: char| !(char.is_alphanumeric() || char == '_')).unwrap_or(text.len());
    &text[..end]
}

/// The types of the bodies that endpoints take: `body(order: &CreateOrder)`, `body(lines: &[UsageLine])`.
pub(crate) fn bodies(sources: &[Source]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for source in sources {
        for (at, _) in source.code().match_indices(" body(") {
            let argument = source.code()[at..].split(')').next().unwrap();
            let Some((_, taken)) = argument.split_once(": &") else { continue };
            let taken = taken.trim_start_matches('[').trim_start_matches("crate::model::");
            if taken.starts_with(char::is_uppercase) {
                found.insert(name(taken).to_owned());
            }
        }
    }
    found
}

/// What is said of the setters of a type.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Filled {
    /// Each member has one.
    BySetters,
    /// Everything is given when it is made.
    AtOnce,
    /// Members are left that a caller has to assign one by one.
    ByHand,
}

/// How the type of a body is filled; `None` where it is no record of the client.
pub(crate) fn filled(sources: &[Source], name: &str) -> Option<Filled> {
    let head = format!("pub struct {name} {{");
    let source = sources.iter().find(|source| source.code().contains(&head))?;
    let code = source.code();
    let at = code.find(&head)?;
    let body = code[at..].split('}').next().unwrap();
    let block = code[..at].rfind("records! {");
    let by_records = block.is_some_and(|block| code[block..at].contains("#![setters]"));
    let by_hand =
        sources.iter().any(|source| source.code().contains(&format!("setters! {{\n    {name} {{\n")));
    let optional = body.contains(": Option<") || body.contains("Vec<");
    Some(match (by_records || by_hand, optional) {
        (true, _) => Filled::BySetters,
        (false, false) => Filled::AtOnce,
        (false, true) => Filled::ByHand,
    })
}
