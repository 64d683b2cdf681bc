//! Purchase requests: a cart is verified, which buys nothing, then checked out as the verification answered it.

use provider_core::{Delivery, LineOutcome, LineReceipt, NewOrder, OrderId, Result};
use provider_http::RequestSpec;

use super::resolve::Resolved;
use crate::client::CrayonClient;
use crate::model::{PurchaseRequestLine, PurchaseRequestOrder, TermDuration};
use crate::provider::change::business_error;
use crate::provider::execute::before_sending;
use crate::wire::Document;

/// A cart of one line, so that a line that fails takes no other with it.
fn cart(tenant: i64, order: &NewOrder, line: &Resolved) -> PurchaseRequestOrder {
    let part = line.choice.part_number.as_str();
    let (product, sku) = part.split_once(':').map_or((part, None), |(product, sku)| (product, Some(sku)));
    let mut wanted = PurchaseRequestLine {
        product_id: Some(product.to_owned()),
        sku_id: sku.map(str::to_owned),
        product_variant_id: line.variant,
        quantity: Some(line.seats),
        billing_cycle: Some(line.cycle),
        term_duration: line.choice.term.map(|term| TermDuration::from(term.to_string())),
        r#type: Some(line.asset_type),
        ..Default::default()
    };
    line.attributes.apply(&mut wanted);
    PurchaseRequestOrder {
        reseller_customer_id: Some(tenant),
        scheduled_purchase_date: order.effective.map(|day| day.and_time(chrono::NaiveTime::MIN).and_utc()),
        order_lines: vec![wanted],
        ..Default::default()
    }
}

pub(super) async fn place(
    client: &CrayonClient,
    tenant: i64,
    order: &NewOrder,
    line: &Resolved,
) -> Result<LineReceipt> {
    let prepared = async {
        let verify = RequestSpec::post("/api/v1/purchaserequest/verify").json(&cart(tenant, order, line))?;
        // Sent on as it came: what this version does not know of it shall not be lost.
        let verified: Document = client.fetch(verify.read()).await?;
        faultless(&verified.read()?)?;
        RequestSpec::post("/api/v1/purchaserequest/checkout").json(&verified)
    };
    let check_out = before_sending(prepared.await)?;
    let done: PurchaseRequestOrder = client.fetch(check_out).await?;
    let number = done.external_order_id.clone().filter(|number| !number.is_empty());
    faultless(&done).map_err(|error| match number {
        // What has a number was ordered, whatever else is said of it.
        Some(_) => error.with_delivery(Delivery::Unknown),
        None => error,
    })?;
    let mut receipt = LineReceipt::new(0, LineOutcome::Accepted);
    receipt.order = number.map(|number| OrderId::composite([order.customer.as_str(), number.as_str()]));
    Ok(receipt)
}

/// Faults of a cart come with HTTP 200.
fn faultless(order: &PurchaseRequestOrder) -> Result<()> {
    if let Some(fault) = order.order_lines.iter().flat_map(|line| &line.errors).next() {
        return Err(business_error(fault.reason_code.as_deref(), fault.description.as_deref()));
    }
    if let Some(fault) = order.errors.first() {
        let code = fault.code.map(|code| code.to_string());
        return Err(business_error(code.as_deref(), fault.description.as_deref()));
    }
    Ok(())
}
