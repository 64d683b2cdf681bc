//! Why a value did not fit, without the value.

use serde_json::error::Category;

/// serde's messages quote what they found. What they quote may be a name, an address or a password, so
/// only the kind of value and the expectation are kept.
pub(super) fn of(error: &serde_json::Error) -> String {
    match error.classify() {
        Category::Data => blank_quotes(&without_position(error)),
        Category::Eof => "the JSON ends early".to_owned(),
        Category::Syntax | Category::Io => {
            format!("not JSON: {}", blank_quotes(&without_position(error)))
        }
    }
}

/// Line and column say nothing about JSON on one line, and the path says more.
fn without_position(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rfind(" at line ") {
        Some(at) => text.get(..at).unwrap_or_default().to_owned(),
        None => text,
    }
}

/// Drops what stands in double quotes, and the value that serde puts in backticks before it says what it
/// expected. Names of fields stay.
fn blank_quotes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // A quoted value may hold escaped quotes; cutting from the first to the last loses nothing but it.
    match (text.find('"'), text.rfind('"')) {
        (Some(first), Some(last)) if first < last => {
            out.push_str(text.get(..first).unwrap_or_default().trim_end());
            out.push_str(text.get(last + 1..).unwrap_or_default());
        }
        _ => out.push_str(text),
    }
    for start in ["unknown variant `", "integer `", "floating point `", "boolean `", "character `"] {
        let Some(at) = out.find(start) else { continue };
        let begin = at + start.len() - 1;
        let Some(length) = out.get(begin + 1..).and_then(|rest| rest.find('`')) else { continue };
        out.replace_range(begin..begin + length + 2, "");
        out = out.replace(" ,", ",").replace("  ", " ");
    }
    out.truncate(out.char_indices().nth(200).map_or(out.len(), |(at, _)| at));
    out
}
