//! A person's word, held against what the distributor shows.

use std::time::Duration;

use super::{Begin, Fence, Journal, Settlement};
use crate::attempt::{Attempt, Reconciliation};
use crate::error::{Delivery, Error, ErrorKind, Result};
use crate::id::{OrderId, SubscriptionId};
use crate::idempotency::IdempotencyKey;
use crate::provider::Provider;
use crate::receipt::{Judgement, Receipt};

/// Longer than any provider takes to find out what happened.
const LEASE: Duration = Duration::from_secs(150);

/// Settles an open attempt by a person's word, after asking the distributor. This is what tools for people
/// call; [`Journal::settle`] alone takes whatever it is told.
///
/// The provider has to be one of the account that the attempt was made in; it is asked with
/// [`Provider::reconcile`], under the lease of the key, so that no call with it begins meanwhile. Then:
///
/// - where the distributor is certain and says otherwise, nothing is settled: the attempt stays open, and the
///   next call with its key takes the distributor's word;
/// - where it is certain and agrees, what it shows is stored as the receipt;
/// - where nobody can say, or only records before and after were compared (another person's order looks the
///   same), the person's word counts.
///
/// Whoever knows better than a certain distributor says so to [`Journal::settle`] itself.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> provider_core::Result<()> {
/// use std::sync::Arc;
///
/// use provider_core::{Customer, ErrorKind, IdempotencyKey, MemoryProvider, ProviderExt as _};
/// use provider_core::journal::{MemoryJournal, Settlement};
///
/// let distributor = MemoryProvider::new("main").with_customers([Customer::new("1", "Example Bakery")]);
/// let provider = Arc::new(distributor).journaled(MemoryJournal::default());
/// let key = IdempotencyKey::derive("quotes", ["1841", "line-3"]);
/// let error = provider.settle(&key, Settlement::NotApplied, "Anna").await.unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::NotFound, "nothing is open under the key");
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// `PreconditionFailed`, naming both, when the distributor shows the contrary; `NotFound` when nothing is open
/// under the key; `Conflict` while a call with it is under way, with the time to come back; `Refused` when it is
/// open in another account, or in several; `InvalidInput` when nobody is named; `Unsupported` when the journal
/// cannot list or settle; whatever the distributor answers when it cannot be asked, and any failure of the
/// store. Nothing is settled then, and nothing was sent.
pub async fn settle<P: Provider + ?Sized>(
    provider: &P,
    journal: &dyn Journal,
    key: &IdempotencyKey,
    settlement: Settlement,
    who: &str,
) -> Result<()> {
    let result = checked(provider, journal, key, settlement, who).await;
    result.map_err(|error| {
        error.with_delivery(Delivery::NotSent).with_provider(provider.info().kind.clone()).for_read()
    })
}

async fn checked<P: Provider + ?Sized>(
    provider: &P,
    journal: &dyn Journal,
    key: &IdempotencyKey,
    settlement: Settlement,
    who: &str,
) -> Result<()> {
    let who = who.trim();
    if who.is_empty() {
        return Err(Error::invalid_input("who", "name the person whose word it is"));
    }
    let attempt = open_under(provider, journal, key).await?;
    let (open, fence) = taken(journal, attempt, who).await?;
    let judged = provider.reconcile(&open).await;
    // Given back first: a person's word is taken only while nobody is at work under the key.
    journal.leave_open(&open, fence).await?;
    let settlement = match judged {
        Ok(judged) => agreed(judged, settlement, who)?,
        Err(error) if error.kind() == ErrorKind::Unsupported => settlement,
        Err(error) => {
            let message =
                format!("nothing was settled, as the distributor could not be asked: {}", error.message());
            return Err(error.with_message(message));
        }
    };
    journal.settle(key, settlement, who).await
}

async fn open_under<P: Provider + ?Sized>(
    provider: &P,
    journal: &dyn Journal,
    key: &IdempotencyKey,
) -> Result<Attempt> {
    let mut foreign = None;
    for attempt in journal.open_attempts(None).await?.into_iter().filter(|attempt| attempt.key == *key) {
        match attempt.belongs_to(provider.info()) {
            Ok(()) => return Ok(attempt),
            Err(error) => foreign = Some(error),
        }
    }
    Err(foreign.unwrap_or_else(|| nothing_open(key)))
}

fn nothing_open(key: &IdempotencyKey) -> Error {
    Error::new(ErrorKind::NotFound, format!("the key {key} is not open: nothing is to be settled"))
}

/// The attempt with the lease on it. Who meets the key meanwhile reads who is at it.
async fn taken(journal: &dyn Journal, attempt: Attempt, who: &str) -> Result<(Attempt, Fence)> {
    let key = attempt.key.clone();
    let attempt = Attempt { holder: Some(format!("{who}, who settles it")), ..attempt };
    match journal.begin(&attempt, LEASE).await? {
        Begin::Open(open, fence) => Ok((*open, fence)),
        Begin::Busy(held) => {
            let by = held.by.map_or_else(String::new, |by| format!(" ({by})"));
            let rest = held.rest.as_secs() + u64::from(held.rest.subsec_nanos() > 0);
            let message = format!("a call with the key {key} is under way{by}, for at most {rest} s more");
            Err(Error::new(ErrorKind::Conflict, message).with_retry_after(held.rest))
        }
        // Somebody settled it, or found out that it was never sent, since it was listed.
        Begin::Fresh(fence) => {
            journal.release(&attempt, fence).await?;
            Err(nothing_open(&key))
        }
        Begin::Done(_) | Begin::Blocked(_) => Err(nothing_open(&key)),
    }
}

/// What is to be stored, or the contradiction.
fn agreed(judged: Reconciliation, word: Settlement, who: &str) -> Result<Settlement> {
    match (judged, word) {
        (Reconciliation::Applied(found), word) if found.judged_by != Judgement::Comparison => match word {
            Settlement::NotApplied => Err(contradiction(&format!(
                "the distributor shows that it happened ({}), and {who} says that it never did",
                shown(&found)
            ))),
            Settlement::Applied(said) if is_another(&found, &said) => Err(contradiction(&format!(
                "the distributor shows {}, and {who} says that it was {}",
                shown(&found),
                shown(&said)
            ))),
            Settlement::Applied(_) => Ok(Settlement::applied(found)),
        },
        (Reconciliation::NotApplied, Settlement::Applied(said)) => Err(contradiction(&format!(
            "the distributor proves that it never happened, and {who} says that it did ({})",
            shown(&said)
        ))),
        (_, word) => Ok(word),
    }
}

fn contradiction(what: &str) -> Error {
    let message = format!(
        "{what}: nothing was settled; a call with the same key takes the distributor's word, and \
         Journal::settle a person's against it"
    );
    Error::new(ErrorKind::PreconditionFailed, message)
}

fn orders(receipt: &Receipt) -> Vec<&OrderId> {
    receipt.lines.iter().filter_map(|line| line.order.as_ref()).collect()
}

fn subscriptions(receipt: &Receipt) -> Vec<&SubscriptionId> {
    receipt.lines.iter().filter_map(|line| line.subscription.as_ref()).collect()
}

/// Whether a person names a record that is none of those found.
fn is_another(found: &Receipt, said: &Receipt) -> bool {
    fn strays<T: PartialEq>(found: &[T], said: &[T]) -> bool {
        !found.is_empty() && said.iter().any(|one| !found.contains(one))
    }
    strays(&orders(found), &orders(said))
        || strays(&subscriptions(found), &subscriptions(said))
        || found.customer.is_some() && said.customer.is_some() && found.customer != said.customer
}

/// The records of a receipt, for people.
fn shown(receipt: &Receipt) -> String {
    let mut names: Vec<String> = Vec::new();
    let mut add = |name: String| {
        if !names.contains(&name) {
            names.push(name);
        }
    };
    orders(receipt).iter().for_each(|id| add(format!("order {id}")));
    subscriptions(receipt).iter().for_each(|id| add(format!("subscription {id}")));
    if names.is_empty()
        && let Some(customer) = &receipt.customer
    {
        names.push(format!("customer {customer}"));
    }
    if names.is_empty() { "no record named".to_owned() } else { names.join(", ") }
}
