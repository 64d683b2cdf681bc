//! What is planted in Cloud-iQ's subscriptions.

use crayon_client::model::SubscriptionStatus as Status;
use provider_core::chrono::Duration;
use provider_sync::reconcile::{Cause, Reason};

use crate::kinds::{Kind, kind, own, untold};
use crate::month::{Needs, first};

/// What its subscriptions tell, beside what was billed.
pub(crate) const KINDS: &[Kind] = &[
    kind("ended but billed", Cause::BilledAfterEnd, Needs::Plain, |month, seats| {
        month.seats(&seats.id, |one| {
            one.status = Status::EXPIRED.number().into();
            one.ends_at = Some(first() - Duration::days(11));
        });
        own(seats)
    }),
    // The end of the term is told, and it was cancelled some time before.
    untold("cancelled within its term", Reason::EndUnknown, Needs::Plain, |month, seats| {
        month.seats(&seats.id, |one| one.status = Status::CANCELLED.number().into());
        own(seats)
    }),
];
