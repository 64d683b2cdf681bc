//! What stands against a command, all of it in one error.

use provider_core::{Delivery, Error, ErrorKind, Result, Violation};

/// One error for everything; nothing was sent. `what` says what cannot be done so.
pub(super) fn refuse(what: &str, violations: Vec<Violation>) -> Result<()> {
    if violations.is_empty() {
        return Ok(());
    }
    let list: Vec<_> = violations.iter().map(|v| format!("{}: {}", v.field, v.message)).collect();
    Err(Error::new(ErrorKind::InvalidInput, format!("{what}: {}", list.join("; ")))
        .with_delivery(Delivery::NotSent)
        .with_violations(violations))
}

/// The name of a member of a line, as violations carry it.
pub(super) fn field(index: usize, member: &str) -> String {
    format!("lines[{index}].{member}")
}
