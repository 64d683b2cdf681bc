//! A person's word as a settlement, and whose it is.

use crate::exit::Failure;
use provider_core::journal::Settlement;
use provider_core::receipt::{LineOutcome, LineReceipt};
use provider_core::{Attempt, Command, Outcome, Receipt, SubscriptionId};

/// A line that did not happen.
const NONE: &str = "none";

/// Who decides where `--by` is not given: the user who is signed in, else the machine.
///
/// # Errors
/// When the environment names nobody.
pub fn this_person() -> Result<String, Failure> {
    let names = ["USER", "LOGNAME", "USERNAME", "HOSTNAME", "COMPUTERNAME"];
    let variables = names.iter().filter_map(|name| std::env::var(name).ok());
    // A shell need not hand the machine's name on.
    let machine = std::iter::once_with(|| std::fs::read_to_string("/etc/hostname").ok()).flatten();
    let name = variables.chain(machine).map(|name| name.trim().to_owned()).find(|name| !name.is_empty());
    name.ok_or_else(|| Failure::Usage("--by: the environment names no user: say who decides".to_owned()))
}

/// What `--happened` and `--never-happened` say of an attempt.
///
/// # Errors
/// Ids that do not fit the command.
pub fn settlement(attempt: &Attempt, happened: &[String]) -> Result<Settlement, Failure> {
    if happened.is_empty() {
        return Ok(Settlement::NotApplied);
    }
    receipt(attempt, happened).map(Settlement::applied)
}

fn receipt(attempt: &Attempt, ids: &[String]) -> Result<Receipt, Failure> {
    let applied = Receipt::new(Outcome::Applied);
    if let Command::PlaceOrder(place) = &attempt.command {
        let lines = lines(attempt, place.order.lines.len(), ids)?;
        let receipt =
            Receipt::from_lines(lines).ok_or_else(|| wrong("no line happened: use --never-happened"))?;
        return Ok(receipt.with_customer(place.order.customer.clone()));
    }
    let [id] = ids else { return Err(wrong("this command has no lines: name one id")) };
    if id == NONE {
        return Err(wrong("nothing happened: use --never-happened"));
    }
    let line = || LineReceipt::new(0, LineOutcome::Applied);
    Ok(match &attempt.command {
        Command::CreateCustomer(_) | Command::AttachCustomer(_) => applied.with_customer(id.as_str()),
        Command::UpdateCustomer(update) => of_customer(applied, update.customer.as_str(), id)?,
        Command::RecordConsent(record) => of_customer(applied, record.customer.as_str(), id)?,
        Command::CancelOrder(cancel) if cancel.order.as_str() == id => {
            let mut line = line();
            line.order = Some(cancel.order.clone());
            applied.with_line(line)
        }
        Command::CancelOrder(cancel) => return Err(another("order", cancel.order.as_str())),
        other => {
            let mut line = line();
            line.subscription = subscription(other).cloned();
            // Where a change is an order of its own, that is the id; elsewhere it is the subscription's.
            if line.subscription.as_ref().is_none_or(|own| own.as_str() != id) {
                line.order = Some(id.as_str().into());
            }
            applied.with_line(line)
        }
    })
}

/// Lines whose answer is known are as they were answered.
fn lines(attempt: &Attempt, count: usize, ids: &[String]) -> Result<Vec<LineReceipt>, Failure> {
    if ids.len() != 1 && ids.len() != count {
        return Err(wrong(&format!(
            "the order has {count} lines: name one id for all of them, or one for each"
        )));
    }
    let answered = |line: usize| {
        let mut known = attempt.steps.iter().filter_map(|step| step.line.as_ref());
        known.find(|known| known.line == line).cloned()
    };
    let of_line = |line: usize| {
        if let Some(known) = answered(line) {
            return known;
        }
        match ids.get(line).or(ids.first()) {
            Some(id) if id != NONE => {
                let mut receipt = LineReceipt::new(line, LineOutcome::Applied);
                receipt.order = Some(id.as_str().into());
                receipt
            }
            _ => LineReceipt::new(line, LineOutcome::NotAttempted),
        }
    };
    Ok((0..count).map(of_line).collect())
}

fn of_customer(receipt: Receipt, own: &str, id: &str) -> Result<Receipt, Failure> {
    if own == id { Ok(receipt.with_customer(own)) } else { Err(another("customer", own)) }
}

fn subscription(command: &Command) -> Option<&SubscriptionId> {
    match command {
        Command::ChangeQuantity(change) => Some(&change.subscription),
        Command::ChangeRenewal(change) => Some(&change.subscription),
        Command::Suspend(suspend) => Some(&suspend.subscription),
        Command::Resume(resume) => Some(&resume.subscription),
        Command::CancelSubscription(cancel) => Some(&cancel.subscription),
        _ => None,
    }
}

fn another(what: &str, own: &str) -> Failure {
    wrong(&format!("the command is about {what} {own}, and about no other"))
}

fn wrong(problem: &str) -> Failure {
    Failure::Usage(format!("--happened: {problem}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic is a failed test")]

    use provider_core::attempt::Step;
    use provider_core::clock::{Clock as _, SystemClock};
    use provider_core::{
        CancelOrder, ChangeQuantity, CreateCustomer, IdempotencyKey, NewOrder, NewOrderLine, PlaceOrder,
        UpdateCustomer,
    };

    use super::*;

    fn attempt(command: impl Into<Command>) -> Attempt {
        let key = IdempotencyKey::derive("tests", ["journal"]);
        Attempt::new("pax8", command.into(), key, SystemClock.now())
    }

    fn two_lines() -> Attempt {
        let line = |product: &str| NewOrderLine::new(product, 1);
        attempt(PlaceOrder::new(NewOrder::new("C-1").line(line("P-1")).line(line("P-2"))))
    }

    fn said(attempt: &Attempt, ids: &[&str]) -> Result<Receipt, Failure> {
        receipt(attempt, &ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn one_id_is_the_order_of_all_lines_and_several_are_one_for_each() {
        let orders = |receipt: &Receipt| -> Vec<Option<String>> {
            receipt.lines.iter().map(|line| line.order.as_ref().map(ToString::to_string)).collect()
        };
        let one = said(&two_lines(), &["O-1"]).unwrap();
        assert_eq!(one.outcome, Outcome::Applied);
        assert_eq!(orders(&one), [Some("O-1".to_owned()), Some("O-1".to_owned())]);
        let half = said(&two_lines(), &["O-1", "none"]).unwrap();
        assert_eq!(half.outcome, Outcome::Partial);
        assert_eq!(half.lines[1].outcome, LineOutcome::NotAttempted);
        for wrong in [&["none"][..], &["none", "none"], &["O-1", "O-2", "O-3"]] {
            assert!(said(&two_lines(), wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn what_was_answered_stays_as_it_was_answered() {
        let mut attempt = two_lines();
        let mut first = Step::new(0);
        let mut line = LineReceipt::new(0, LineOutcome::Accepted);
        line.order = Some("O-answered".into());
        first.line = Some(line.clone());
        attempt.steps = vec![first, Step::new(1)];
        let receipt = said(&attempt, &["O-2"]).unwrap();
        assert_eq!(receipt.lines[0], line);
        assert_eq!(receipt.lines[1].order.as_ref().unwrap().as_str(), "O-2");
    }

    #[test]
    fn each_command_is_known_by_its_own_kind_of_id() {
        let made = said(&attempt(CreateCustomer::new("Bakery")), &["C-9"]).unwrap();
        assert_eq!(made.customer.unwrap().as_str(), "C-9");
        let change = attempt(ChangeQuantity::new("S-1", 7));
        let by_order = said(&change, &["O-1"]).unwrap();
        assert_eq!(by_order.lines[0].order.as_ref().unwrap().as_str(), "O-1");
        assert_eq!(by_order.lines[0].subscription.as_ref().unwrap().as_str(), "S-1");
        assert!(said(&change, &["S-1"]).unwrap().lines[0].order.is_none());
        assert!(said(&change, &["none"]).is_err());
        assert!(said(&attempt(UpdateCustomer::new("C-1")), &["C-2"]).is_err());
        assert!(said(&attempt(UpdateCustomer::new("C-1")), &["C-1"]).is_ok());
        assert!(said(&attempt(CancelOrder::new("O-1")), &["O-2"]).is_err());
        assert!(said(&attempt(CancelOrder::new("O-1")), &["O-1"]).is_ok());
    }
}
