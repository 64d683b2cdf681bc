//! What a preparation comes to.

use provider_core::receipt::{Change, Fidelity};
use provider_core::{Command, Plan, SubscriptionId};

use crate::provider::write::send::call::Send;

/// A command, ready to be shown or sent.
pub(in crate::provider::write) struct Prepared {
    pub(in crate::provider::write) plan: Plan,
    pub(in crate::provider::write) send: Send,
}

/// A plan worked out from reads.
pub(super) fn simulated() -> Plan {
    Plan::new(Fidelity::Simulated)
}

/// The plan of something new.
pub(super) fn made(what: &str, name: &str) -> Plan {
    simulated().with_change(Change::new(what, None, Some(name.to_owned())))
}

/// The subscription that a command changes.
pub(in crate::provider::write) fn subscription_of(command: &Command) -> Option<&SubscriptionId> {
    Some(match command {
        Command::ChangeQuantity(command) => &command.subscription,
        Command::ChangeRenewal(command) => &command.subscription,
        Command::Suspend(command) => &command.subscription,
        Command::Resume(command) => &command.subscription,
        Command::CancelSubscription(command) => &command.subscription,
        _ => return None,
    })
}
