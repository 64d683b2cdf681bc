//! ION: its three ways to page, and the leaves of its reports.

use chrono::Datelike as _;
use provider_core::ErrorKind;
use streamone_client::StreamOneClient;
use streamone_client::api::{
    BillingProvider, BillingReportFilter, CustomerFilter, InvoicesOf, LegacyFilter, Listed, OffsetPage,
    OrderFilter, ProductFilter, SubscriptionFilter, TokenPage,
};
use streamone_client::model::BillingNode;

use super::{Kinds, Period, Value, good, json, plain, with};

const SIZE: u32 = 20;

async fn by_token<T>(read: impl AsyncFn(TokenPage) -> provider_core::Result<Listed<T>>) -> Vec<T> {
    let (mut all, mut asked) = (Vec::new(), TokenPage::first(SIZE));
    loop {
        let page = read(asked).await.unwrap();
        all.extend(good(page.items));
        match page.next.filter(|token| !token.is_empty()) {
            Some(token) => asked = TokenPage::at(SIZE, token),
            None => return all,
        }
    }
}

async fn by_offset<T>(read: impl AsyncFn(OffsetPage) -> provider_core::Result<Listed<T>>) -> Vec<T> {
    let mut all = Vec::new();
    loop {
        let page = read(OffsetPage::at(SIZE, all.len() as u64)).await.unwrap();
        let got = page.items.len();
        all.extend(good(page.items));
        if got < SIZE as usize {
            return all;
        }
    }
}

pub(crate) async fn records(client: &StreamOneClient, month: Period) -> Kinds {
    let customers =
        by_token(async |page| client.customers().list(CustomerFilter::default().page(page)).await).await;
    let products =
        by_token(async |page| client.products().list(ProductFilter::default().page(page)).await).await;
    let products = products.iter().map(|product| {
        let skus = product.definition.iter().flat_map(|definition| &definition.skus);
        let offers =
            skus.flat_map(|sku| sku.plans.iter().map(move |plan| json!({ "sku": sku.id, "plan": plan })));
        with(product, json!({ "ownId": product.product_id(), "offers": offers.collect::<Vec<_>>() }))
    });
    let products = products.collect();
    let subscriptions =
        by_offset(async |page| client.subscriptions().list(SubscriptionFilter::default().page(page)).await)
            .await;
    let orders = by_token(async |page| client.orders().list(OrderFilter::default().page(page)).await).await;
    let orders = orders
        .iter()
        .map(|order| with(order, json!({ "ownId": order.id(), "ownCustomer": order.customer() })));
    let (mut invoices, mut lines) = (Vec::new(), Vec::new());
    for (side, word) in [(InvoicesOf::Payable, "payable"), (InvoicesOf::Receivable(None), "receivable")] {
        let filter = LegacyFilter::default().sort("id", true).relations(["lines"]);
        let of_side = by_offset(async |page| client.invoices().list(side, filter.clone().page(page)).await);
        for invoice in of_side.await {
            // What the reseller is billed is for no one customer.
            let customer = invoice.customer_id.clone().filter(|_| word == "receivable");
            let record = with(&invoice, json!({ "side": word, "customer": customer }));
            lines.extend(invoice.lines.iter().map(|_| record.clone()));
            invoices.push(record);
        }
    }
    vec![
        ("customers", customers.iter().map(|one| with(one, json!({ "ownId": one.id() }))).collect()),
        ("products", products),
        ("subscriptions", plain(&subscriptions)),
        ("orders", orders.collect()),
        ("invoices", invoices),
        ("invoice lines", lines),
        ("usage", usage(client, month).await),
    ]
}

async fn usage(client: &StreamOneClient, month: Period) -> Vec<Value> {
    let mut found = Vec::new();
    for provider in BillingProvider::ALL {
        let filter = BillingReportFilter::month(month.start.year(), month.start.month());
        let report = match client.billing_reports().get(provider, &filter).await {
            // A reseller without this provider has no report of it.
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            report => report.unwrap(),
        };
        let currencies = report.currency_option.as_ref();
        let around = json!({
            "cost_currency": currencies.and_then(|both| both.cost_currency.as_ref()),
            "price_currency": currencies.and_then(|both| both.price_currency.as_ref()),
        });
        for tree in &report.data {
            let mut around = around.clone();
            around["customer"] = json!(tree.entity.as_ref().and_then(|entity| entity.id.as_ref()));
            leaves(tree, &around, &mut found);
        }
    }
    found
}

fn leaves(node: &BillingNode, around: &Value, found: &mut Vec<Value>) {
    let mut around = around.clone();
    if let Some(entity) = &node.entity {
        for (name, code) in
            [("cost_currency", &entity.cost_currency), ("price_currency", &entity.price_currency)]
        {
            if code.is_some() {
                around[name] = json!(code);
            }
        }
    }
    if node.lines.is_empty() && node.data.is_some() {
        found.push(with(node, around.clone()));
    }
    node.lines.iter().for_each(|line| leaves(line, &around, found));
}
