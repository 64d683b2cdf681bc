//! What is known of an attempt line by line, where the rest is not.

use crate::attempt::{Attempt, Step};
use crate::command::Command;
use crate::receipt::{LineOutcome, LineReceipt, Receipt};

/// The lines of an order that were answered, as they were answered; `None` unless one of them took effect. Those
/// that were let through without an answer are unknown, the others were never attempted.
pub(super) fn lines(attempt: &Attempt) -> Option<Receipt> {
    let Command::PlaceOrder(place) = &attempt.command else { return None };
    let line = |at: usize| match u32::try_from(at).ok().and_then(|step| attempt.step(step)) {
        Some(Step { line: Some(line), .. }) => line.clone(),
        Some(_) => LineReceipt::new(at, LineOutcome::Unknown),
        None => LineReceipt::new(at, LineOutcome::NotAttempted),
    };
    let receipt = Receipt::from_lines((0..place.order.lines.len()).map(line).collect())?;
    Some(receipt.with_customer(&place.order.customer))
}

/// Whether a line is left of which nobody can say what came of it: its attempt has not come to its end.
pub(super) fn is_in_doubt(receipt: &Receipt) -> bool {
    receipt.lines.iter().any(|line| line.outcome == LineOutcome::Unknown)
}
