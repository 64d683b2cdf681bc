//! Waiting for an order.

use std::sync::Arc;
use std::time::Duration;

use crate::capability::{EntityKind, Operation};
use crate::clock::Clock;
use crate::error::{Advice, Error, ErrorKind, Result};
use crate::id::OrderId;
use crate::model::Order;
use crate::provider::Provider;
use crate::query::ReadOptions;

/// The first pause of [`until_final`]; it doubles up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_secs(2);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// Asks for an order until its state is final: [`ProviderExt::wait_for_order`](crate::ProviderExt::wait_for_order).
pub(super) async fn until_final<P: Provider + ?Sized>(
    provider: &Arc<P>,
    id: &OrderId,
    deadline: Duration,
    clock: &dyn Clock,
) -> Result<Order> {
    let begun = clock.now();
    let (mut pause, mut slept) = (FIRST_PAUSE, Duration::ZERO);
    // A clock may be set back meanwhile; what was slept has passed all the same.
    let elapsed = |slept: Duration| (clock.now() - begun).to_std().unwrap_or_default().max(slept);
    loop {
        let left = deadline.saturating_sub(elapsed(slept));
        let options = ReadOptions::default().deadline(left);
        let (state, last) = match provider.get_order(id, &options).await {
            Ok(order) if order.status.is_final() => return Ok(order),
            Ok(order) => (order.status.to_string(), None),
            Err(error) => match error.advice() {
                Advice::Backoff | Advice::After(_) => ("not known".to_owned(), Some(error)),
                _ => return Err(error),
            },
        };
        let wait = last.as_ref().and_then(Error::retry_after).unwrap_or_default().max(pause);
        // A distributor may ask for any time.
        if elapsed(slept).saturating_add(wait) > deadline {
            let error = Error::new(
                ErrorKind::Timeout,
                format!("order {id} was not final in time; its state is {state}"),
            )
            .with_provider(provider.info().kind.clone())
            .with_operation(Operation::Get(EntityKind::Order));
            return Err(match last {
                Some(last) => error.with_source(last),
                None => error,
            });
        }
        clock.sleep(wait).await;
        slept = slept.saturating_add(wait);
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}
