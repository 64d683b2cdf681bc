//! Cancelling orders: scheduled ones can be cancelled; those that are carried out at once cannot.

use provider_core::receipt::Change;
use provider_core::{CancelOrder, Result};

use crate::provider::context::Context;
use crate::provider::context::refusal::refused;
use crate::provider::orders;
use crate::provider::write::prepare::prepared::{Prepared, simulated};
use crate::provider::write::send::call::Send;

pub(in crate::provider::write::prepare) async fn cancel(
    cx: &Context,
    command: &CancelOrder,
) -> Result<Prepared> {
    let waiting = orders::waiting(cx, command).await?;
    if waiting.is_empty() {
        // An order that does not exist is told apart from one that is not scheduled.
        orders::get(cx, &command.order).await?;
        return Err(refused(
            "order",
            "does not wait for its day: what is carried out at once cannot be taken back",
        ));
    }
    let mut plan = simulated();
    for (at, line) in waiting.iter().enumerate() {
        let what = format!("lines[{at}]: order {}, number {}", command.order, line.number);
        let day = line.until.map_or_else(|| "waiting".to_owned(), |day| day.day().to_string());
        plan.changes.push(Change::new(what, Some(day), None));
    }
    let lines = waiting.into_iter().map(|line| line.number).collect();
    Ok(Prepared { plan, send: Send::CancelOrder { order: command.order.clone(), lines } })
}
