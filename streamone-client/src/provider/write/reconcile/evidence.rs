//! What the list of a customer's orders proves about an order whose answer was lost.
//!
//! A reference that is found proves that the order is there. That it is nowhere is worth less: one answer
//! without its list, or with a part of it, would buy a second time. So absence takes two readings that
//! agree, and in both of them every order that was known before.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use provider_core::{Attempt, CustomerId, Reconciliation, Result};
use provider_http::OperationContext;

use crate::api::{Listed, OrderFilter, Orders, TokenPage};
use crate::model::Order;
use crate::provider::context::Context;
use crate::provider::page::TokenWalk;
use crate::provider::write::baseline::{ORDERS, PAGE};

/// A list that changed while it was read may be read again soon.
const SOON: Duration = Duration::from_secs(30);
/// Orders of the account are looked through so far back behind the attempt.
const EARLIER: TimeDelta = TimeDelta::days(1);
/// What the readings say.
pub(super) enum Found {
    /// The order is there.
    Live(Box<Order>),
    /// It is nowhere, or came to nothing; the text says which.
    Absent(&'static str),
    /// Nothing is proven either way.
    Undetermined(Reconciliation),
}

/// Looks for the order of an attempt among all orders of the customer.
pub(super) async fn look(
    cx: &Context,
    op: &OperationContext,
    customer: &CustomerId,
    attempt: &Attempt,
    reference: &str,
    came_to_nothing: impl Fn(&Order) -> bool,
) -> Result<Found> {
    let known = attempt.baseline.as_ref().and_then(|baseline| baseline.state.get(ORDERS)?.as_array());
    let search = Search {
        cx,
        op,
        customer,
        reference,
        since: attempt.started_at - EARLIER,
        none_before: known.is_some_and(Vec::is_empty),
    };
    let mut readings = Vec::new();
    for _ in 0..2 {
        let reading = match search.reading().await? {
            Ok(reading) => reading,
            Err(undetermined) => return Ok(Found::Undetermined(undetermined)),
        };
        if let Some(live) = reading.under_reference.iter().find(|order| !came_to_nothing(order)) {
            return Ok(Found::Live(Box::new(live.clone())));
        }
        readings.push(reading);
    }
    let (Some(first), Some(second)) = (readings.first(), readings.get(1)) else {
        return Ok(Found::Undetermined(Reconciliation::undetermined("the orders could not be read")));
    };
    let undetermined =
        |reason: &'static str| Ok(Found::Undetermined(Reconciliation::undetermined_until(reason, SOON)));
    if first.ids != second.ids {
        return undetermined("the list of orders differs from one reading to the next");
    }
    match known {
        Some(known) if !known.iter().all(|id| id.as_str().is_some_and(|id| first.ids.contains(id))) => {
            return undetermined("orders that were there before are missing from the list of orders");
        }
        None if first.ids.is_empty() => {
            return undetermined(
                "the list of orders is empty, and which orders were there before is not known",
            );
        }
        _ => {}
    }
    Ok(Found::Absent(if first.under_reference.is_empty() {
        "no order of the customer carries the reference"
    } else {
        "the order that carries the reference came to nothing"
    }))
}

/// What is looked for, and where.
struct Search<'a> {
    cx: &'a Context,
    op: &'a OperationContext,
    customer: &'a CustomerId,
    reference: &'a str,
    since: DateTime<Utc>,
    /// The customer had no orders before.
    none_before: bool,
}

/// All orders of a customer, read once.
#[derive(Default)]
struct Reading {
    ids: BTreeSet<String>,
    under_reference: Vec<Order>,
}

impl Search<'_> {
    /// The inner error says why the reading proves nothing.
    async fn reading(&self) -> Result<Result<Reading, Reconciliation>> {
        let mut reading = Reading::default();
        let mut page = TokenPage::first(PAGE);
        let mut walk = TokenWalk::over(ORDERS);
        loop {
            let listed = self.orders().list_of_customer(self.customer.as_str(), None, &page).await?;
            // The service leaves an empty list out. Of a customer without orders that is no news, so the
            // orders of the account are asked: those are never empty without a reason.
            if !listed.told && page.token.is_none() && self.none_before {
                return self.reading_of_account().await;
            }
            let listed = listed.with_its_list(ORDERS)?;
            if let Err(undetermined) = reading.add(&listed, self.reference) {
                return Ok(Err(undetermined));
            }
            walk.page(&listed, Order::id)?;
            match next(&page, listed.next) {
                Ok(Some(next)) => page = next,
                Ok(None) => return Ok(Ok(reading)),
                Err(undetermined) => return Ok(Err(undetermined)),
            }
        }
    }

    /// The account's orders, the newest first, back to a while before the attempt.
    async fn reading_of_account(&self) -> Result<Result<Reading, Reconciliation>> {
        let (mut all, mut reading) = (Reading::default(), Reading::default());
        let mut page = TokenPage::first(PAGE);
        let mut walk = TokenWalk::over(ORDERS);
        loop {
            let listed =
                self.orders().list(OrderFilter::default().page(page.clone())).await?.with_its_list(ORDERS)?;
            if let Err(undetermined) = all.add(&listed, self.reference) {
                return Ok(Err(undetermined));
            }
            let of_customer =
                |order: &&Order| order.customer().is_none_or(|c| c.as_str() == self.customer.as_str());
            reading
                .ids
                .extend(listed.records().filter(of_customer).filter_map(|o| o.id()).map(|id| id.to_string()));
            let older = |order: &Order| order.create_time.is_some_and(|at| at < self.since);
            let reached = listed.items.iter().rev().filter_map(|item| item.as_ref().ok()).any(older);
            walk.page(&listed, Order::id)?;
            match next(&page, listed.next) {
                Ok(Some(next)) if !reached => page = next,
                Ok(_) => return Ok(Ok(Reading { under_reference: all.under_reference, ..reading })),
                Err(undetermined) => return Ok(Err(undetermined)),
            }
        }
    }

    fn orders(&self) -> Orders {
        self.cx.client.orders().with(self.op)
    }
}

impl Reading {
    fn add(&mut self, listed: &Listed<Order>, reference: &str) -> Result<(), Reconciliation> {
        if let Some(reason) = unreadable(listed) {
            return Err(Reconciliation::undetermined(reason));
        }
        for order in listed.records() {
            let Some(id) = order.id() else {
                return Err(Reconciliation::undetermined("an order of the customer has no number"));
            };
            if !self.ids.insert(id.to_string()) {
                return Err(repeats());
            }
            if order.reference_id.as_deref() == Some(reference) {
                self.under_reference.push(order.clone());
            }
        }
        Ok(())
    }
}

fn next(page: &TokenPage, token: Option<String>) -> Result<Option<TokenPage>, Reconciliation> {
    match token {
        Some(next) if page.token.as_ref() == Some(&next) => Err(repeats()),
        next => Ok(next.map(|next| TokenPage::at(PAGE, next))),
    }
}

fn repeats() -> Reconciliation {
    Reconciliation::undetermined("the list of orders repeats itself")
}

fn unreadable(listed: &Listed<Order>) -> Option<String> {
    let error = listed.items.iter().find_map(|item| item.as_ref().err())?;
    Some(format!("an order of the customer cannot be read, and may be the one sought ({error})"))
}
