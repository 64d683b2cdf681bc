//! Purchase requests: a cart is verified, which buys nothing, and later checked out as the verification answered it.

use provider_core::{NewOrder, Result};

use super::resolve::Resolved;
use crate::model::{PurchaseRequestLine, PurchaseRequestOrder, TermDuration};
use crate::provider::context::Context;
use crate::provider::write::send::outcome::without_errors;
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

pub(super) async fn verified(
    cx: &Context,
    tenant: i64,
    order: &NewOrder,
    line: &Resolved,
) -> Result<Document> {
    let verified = cx.client.purchase_requests().verified(&cart(tenant, order, line)).await?;
    without_errors(&verified.read()?)?;
    Ok(verified)
}
