//! Orders that wait for their day can be taken back; those that are carried out at once cannot.

use chrono::{DateTime, Utc};
use provider_core::{
    CancelOrder, Change, Delivery, Error, Fidelity, LineOutcome, LineReceipt, OrderId, Outcome, Plan,
    Receipt, Result, Violation,
};
use serde::{Deserialize, Serialize};

use crate::client::CrayonClient;
use crate::model::{ScheduledPurchaseLine, ScheduledPurchaseQuery, ScheduledPurchaseRequest};
use crate::provider::CrayonProvider;
use crate::provider::change::refused;
use crate::provider::execute::before_sending;
use crate::provider::lookup::number;
use crate::provider::pages::Pages;

const PAGE: u32 = 100;

/// A line of an order that waits for its day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::provider) struct Waiting {
    number: String,
    pub(in crate::provider) until: Option<DateTime<Utc>>,
}

impl Waiting {
    fn of(line: ScheduledPurchaseLine) -> Option<Self> {
        Some(Self { number: line.order_number?, until: line.scheduled_date })
    }
}

impl CrayonProvider {
    /// The lines of an order that waits; `None` where it does not.
    pub(in crate::provider) async fn waiting(
        &self,
        client: &CrayonClient,
        command: &CancelOrder,
    ) -> Result<Option<Vec<Waiting>>> {
        let own = command.order.own();
        let named = command.order.parts().next().filter(|part| *part != own);
        let named = named.or_else(|| command.customer.as_ref().map(|customer| customer.as_str()));
        let tenant = named.map(|customer| number("order", customer)).transpose()?;
        let query = ScheduledPurchaseQuery { reseller_customer_id: tenant, ..Default::default() };
        let is_it = |request: &ScheduledPurchaseRequest| {
            request.order_reference_id.as_deref().is_some_and(|known| known.eq_ignore_ascii_case(own))
        };
        let mut pages = Pages::of(PAGE);
        loop {
            let page = client.scheduled_purchase_requests().list(&query, pages.paging).await?;
            let got = page.items.len();
            if let Some(found) = page.items.into_iter().find(is_it) {
                return Ok(Some(found.order_items.into_iter().filter_map(Waiting::of).collect()));
            }
            if !pages.go_on(got, page.total_hits) {
                return Ok(None);
            }
        }
    }

    async fn cancellable_lines(&self, client: &CrayonClient, command: &CancelOrder) -> Result<Vec<Waiting>> {
        match self.waiting(client, command).await? {
            Some(lines) if !lines.is_empty() => Ok(lines),
            _ => {
                // An order that does not exist is told apart from one that does not wait.
                self.order(client, &command.order).await?;
                Err(refused(
                    "order",
                    "does not wait for its day: what is carried out at once cannot be taken back",
                ))
            }
        }
    }

    pub(in crate::provider) async fn plan_cancel_order(
        &self,
        client: &CrayonClient,
        command: &CancelOrder,
    ) -> Result<Plan> {
        let mut plan = Plan::new(Fidelity::Simulated);
        for line in self.cancellable_lines(client, command).await? {
            let what = format!("order {}: line {}", command.order, line.number);
            let day = line.until.map(|day| day.date_naive().to_string());
            plan.changes.push(Change::new(what, Some(day.unwrap_or_else(|| "waiting".to_owned())), None));
        }
        Ok(plan)
    }

    pub(in crate::provider) async fn cancel_order(
        &self,
        client: &CrayonClient,
        command: &CancelOrder,
    ) -> Result<Receipt> {
        let lines = before_sending(self.cancellable_lines(client, command).await)?;
        let own = command.order.own();
        let mut receipts = Vec::with_capacity(lines.len());
        let mut failure: Option<Error> = None;
        for (at, line) in lines.iter().enumerate() {
            if failure.is_some() {
                receipts.push(receipt(&command.order, at, LineOutcome::NotAttempted));
                continue;
            }
            match client.scheduled_purchase_requests().cancel(own, &line.number).await {
                Ok(()) => receipts.push(receipt(&command.order, at, LineOutcome::Applied)),
                Err(error) => {
                    let unknown = error.delivery() == Delivery::Unknown;
                    let outcome = if unknown { LineOutcome::Unknown } else { LineOutcome::Rejected };
                    let mut failed = receipt(&command.order, at, outcome);
                    failed.violations.push(Violation::new("order", error.message()));
                    receipts.push(failed);
                    failure = Some(error);
                }
            }
        }
        match (Receipt::from_lines(receipts), failure) {
            (None, Some(error)) => Err(error),
            (receipt, _) => Ok(receipt.unwrap_or_else(|| Receipt::new(Outcome::Applied))),
        }
    }
}

fn receipt(order: &OrderId, at: usize, outcome: LineOutcome) -> LineReceipt {
    let mut line = LineReceipt::new(at, outcome);
    line.order = Some(order.clone());
    line
}
