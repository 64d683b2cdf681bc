//! Orders are sent line by line; what took effect is reported beside what did not.

use provider_core::{
    Delivery, Error, ErrorKind, LineOutcome, LineReceipt, NewOrder, OrderId, Receipt, Result, Violation,
};

use super::{Bought, Resolved, add_on, cart};
use crate::client::CrayonClient;
use crate::model::{
    CustomerTenantReference, NewCommerceOrder, NewSubscription, ProductReference, TermDuration,
};
use crate::provider::CrayonProvider;
use crate::provider::change::{business_error, undecided};
use crate::provider::execute::before_sending;

impl CrayonProvider {
    pub(in crate::provider) async fn place_order(
        &self,
        client: &CrayonClient,
        order: &NewOrder,
    ) -> Result<Receipt> {
        let (tenant, lines) = before_sending(self.resolved(client, order).await)?;
        let mut receipts: Vec<LineReceipt> = Vec::with_capacity(lines.len());
        let mut failure = None;
        for (at, line) in lines.iter().enumerate() {
            if failure.is_some() {
                receipts.push(LineReceipt::new(at, LineOutcome::NotAttempted));
                continue;
            }
            match place(client, tenant, order, line).await {
                Ok(mut receipt) => {
                    receipt.line = at;
                    receipts.push(receipt);
                }
                Err(error) => {
                    receipts.push(failed(at, &error));
                    failure = Some(error);
                }
            }
        }
        match (Receipt::from_lines(receipts), failure) {
            // Once a line took effect an error would hide it.
            (Some(receipt), _) => Ok(receipt.with_customer(&order.customer)),
            (None, Some(error)) => Err(error),
            (None, None) => Err(Error::new(ErrorKind::Internal, "the order took no effect and did not fail")),
        }
    }
}

fn failed(at: usize, error: &Error) -> LineReceipt {
    let unknown = matches!(error.delivery(), Delivery::Unknown | Delivery::Applied);
    let outcome = if unknown { LineOutcome::Unknown } else { LineOutcome::Rejected };
    let mut receipt = LineReceipt::new(at, outcome);
    receipt.violations = error.violations().to_vec();
    if receipt.violations.is_empty() {
        receipt.violations.push(Violation::new("", error.message()));
    }
    receipt
}

async fn place(client: &CrayonClient, tenant: i64, order: &NewOrder, line: &Resolved) -> Result<LineReceipt> {
    match &line.bought {
        Bought::NewCommerce => new_commerce(client, tenant, order, line).await,
        Bought::AzurePlan => azure_plan(client, tenant, line).await,
        Bought::Cart => cart::place(client, tenant, order, line).await,
        Bought::AddOn { parent, known } => add_on::place(client, line, *parent, known).await,
    }
}

async fn new_commerce(
    client: &CrayonClient,
    tenant: i64,
    order: &NewOrder,
    line: &Resolved,
) -> Result<LineReceipt> {
    let wanted = NewCommerceOrder {
        customer_tenant_id: Some(tenant),
        part_number: Some(line.choice.part_number.clone()),
        billing_cycle: Some(line.cycle),
        term_duration: line.choice.term.map(|term| TermDuration::from(term.to_string())),
        quantity: Some(line.seats),
        custom_term_end_date: line.attributes.custom_end,
        scheduled_date: order.effective,
    };
    let result = client.subscriptions().order(&wanted).await?;
    let guid = result.new_commerce_order_id.filter(|id| !id.is_empty());
    match result.is_successful {
        Some(true) => {}
        Some(false) => {
            let (code, words) = (result.error_reason_code, result.error_description);
            return Err(business_error(code.as_deref(), words.as_deref()));
        }
        None if guid.is_some() => {}
        None => return Err(undecided("the order")),
    }
    let mut receipt = LineReceipt::new(0, LineOutcome::Accepted);
    let Some(guid) = guid else { return Ok(receipt) };
    receipt.order = Some(OrderId::composite([order.customer.as_str(), guid.as_str()]));
    if order.effective.is_none() {
        // One look, in case it was carried out at once. A look that fails changes nothing.
        if let Ok(became) = client.subscriptions().of_order(&guid).await
            && let Some(first) = became.items.first()
        {
            receipt.subscription = Some(first.to_string().into());
            receipt.outcome = LineOutcome::Applied;
        }
    }
    Ok(receipt)
}

async fn azure_plan(client: &CrayonClient, tenant: i64, line: &Resolved) -> Result<LineReceipt> {
    let wanted = NewSubscription {
        name: Some(line.name.clone()),
        customer_tenant: Some(CustomerTenantReference { id: tenant, ..Default::default() }),
        product: Some(ProductReference {
            part_number: Some(line.choice.part_number.clone()),
            ..Default::default()
        }),
        quantity: Some(line.seats),
        ..Default::default()
    };
    let made = client.subscriptions().create(&wanted).await?;
    // It has its number at once, and comes to life by itself when the publisher has made it.
    let waits = made.publisher_subscription_id.is_none_or(|id| id.eq_ignore_ascii_case("pending"));
    let outcome = if waits { LineOutcome::Accepted } else { LineOutcome::Applied };
    let mut receipt = LineReceipt::new(0, outcome);
    receipt.subscription = Some(made.id.to_string().into());
    Ok(receipt)
}
