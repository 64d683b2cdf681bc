//! Pax8: page by page, and what takes a call for each record.

use pax8_client::api::{
    CompanyFilter, DraftItemFilter, InvoiceFilter, ProductFilter, SubscriptionFilter, UsageSummaryFilter,
};
use pax8_client::{Listed, PageOf, Pax8Client};

use super::{Kinds, Value, good, json, plain, with};

async fn every<T>(read: impl AsyncFn(PageOf) -> provider_core::Result<Listed<T>>) -> Vec<T> {
    let (mut all, mut asked) = (Vec::new(), PageOf::first(10));
    loop {
        let page = read(asked).await.unwrap();
        let next = page.next(asked);
        all.extend(good(page.items));
        match next {
            Some(next) => asked = next,
            None => return all,
        }
    }
}

pub(crate) async fn records(client: &Pax8Client) -> Kinds {
    let customers =
        every(async |page| client.companies().list(CompanyFilter::default().page(page)).await).await;
    let products =
        every(async |page| client.products().list(ProductFilter::default().page(page)).await).await;
    let mut prices = Vec::new();
    for product in &products {
        for row in client.products().pricing(&product.id, None).await.unwrap() {
            let mut rates: Vec<_> = row.rates.clone();
            rates.sort_by_key(|rate| rate.start_quantity_range);
            prices.push(json!({
                "product": product.id, "billingTerm": row.billing_term, "rate": rates.first(),
            }));
        }
    }
    let subscriptions =
        every(async |page| client.subscriptions().list(SubscriptionFilter::default().page(page)).await).await;
    let mut usage = Vec::new();
    for subscription in &subscriptions {
        let summaries = every(async |page| {
            client.usage().summaries(&subscription.id, UsageSummaryFilter::default().page(page)).await
        });
        usage.extend(plain(&summaries.await));
    }
    let orders = every(async |page| client.orders().list(None, page).await).await;
    let invoices =
        every(async |page| client.invoices().list(InvoiceFilter::default().page(page)).await).await;
    let mut lines = Vec::new();
    for invoice in &invoices {
        let items = every(async |page| client.invoices().items(&invoice.id, page).await).await;
        lines.extend(items.iter().map(|item| with(item, json!({ "invoice": invoice.id }))));
    }
    let mut drafts = Vec::new();
    for offset in [0_u32, 1] {
        let items = every(async |page| {
            let filter = DraftItemFilter::default().month_offset(offset).page(page);
            client.invoices().draft_items(filter).await
        });
        let beside = json!({ "invoice": format!("draft/{offset}") });
        drafts.extend(items.await.iter().map(|item| with(item, beside.clone())));
    }
    let trial = |mut record: Value| {
        if record["billingTerm"] == "Trial" && record["status"] == "Active" {
            record["status"] = json!("Trial");
        }
        record
    };
    vec![
        ("customers", plain(&customers)),
        ("products", plain(&products)),
        ("prices", prices),
        ("subscriptions", plain(&subscriptions).into_iter().map(trial).collect()),
        ("orders", plain(&orders)),
        ("invoices", plain(&invoices)),
        ("invoice lines", lines),
        ("draft lines", drafts),
        ("usage", usage),
    ]
}
