//! Cloud-iQ: page by page, for each organization.

use std::collections::BTreeMap;

use crayon_client::model::{
    AgreementProductFilter, AssetFilter, BillingStatementFilter, CustomerTenantFilter, SearchFilter,
    Subscription, SubscriptionFilter, SubscriptionStatus,
};
use crayon_client::{CrayonClient, Listed, Paging};

use super::{DateTime, Kinds, Period, Utc, Value, good, json, plain, with};

const SIZE: u32 = 50;

async fn every<T>(read: impl AsyncFn(Paging) -> provider_core::Result<Listed<T>>) -> Vec<T> {
    let (mut all, mut paging) = (Vec::new(), Paging::first(SIZE));
    loop {
        let page = read(paging).await.unwrap();
        let total = page.total_hits;
        let got = page.items.len();
        all.extend(good(page.items));
        if got == 0 || total.is_none_or(|total| all.len() as u64 >= total) {
            return all;
        }
        paging = paging.at(paging.page + 1);
    }
}

fn trial(mut record: Value) -> Value {
    // Whoever tries out is no buyer yet.
    if record["IsTrial"] == true && record["Status"] == 1 {
        record["Status"] = json!("trial");
    }
    record
}

/// A subscription and its add-ons, which the common model lists beside it.
fn flat(subscription: &Subscription) -> Vec<Value> {
    let around = json!({ "Parent": subscription.id, "CustomerTenant": subscription.customer_tenant });
    let mut whole = vec![trial(with(subscription, json!({})))];
    whole.extend(subscription.subscriptions.iter().map(|add_on| with(add_on, around.clone())));
    for record in &mut whole {
        if record["PublisherSubscriptionId"] == "Pending" {
            record["PublisherSubscriptionId"] = Value::Null;
        }
    }
    whole
}

pub(crate) async fn records(client: &CrayonClient, month: Period) -> Kinds {
    let organizations =
        every(async |paging| client.organizations().list(SearchFilter::default().page(paging)).await).await;
    let mut kinds: BTreeMap<&'static str, Vec<Value>> = BTreeMap::new();
    for organization in organizations {
        for (kind, records) in of_organization(client, organization.id, month).await {
            kinds.entry(kind).or_default().extend(records);
        }
    }
    let orders =
        every(async |paging| client.assets().orders(AssetFilter::default().page(paging)).await).await;
    kinds.insert("orders", plain(&orders));
    kinds.into_iter().collect()
}

async fn of_organization(client: &CrayonClient, id: i64, month: Period) -> Kinds {
    let customers = every(async |paging| {
        let filter = CustomerTenantFilter::default().organization_id(id).page(paging);
        client.customer_tenants().list(filter).await
    });
    let products = every(async |paging| {
        let filter = AgreementProductFilter::default().organization_id(id);
        let filter = filter.page(i64::from(paging.page)).page_size(i64::from(paging.size));
        client.agreement_products().list(filter).await
    });
    let rows = products.await;
    let products = rows.iter().map(|row| {
        let variant = row.product_variant.as_ref();
        let cycles = variant.map(|variant| variant.available_billing_cycle_ids.clone());
        let part = variant.and_then(|variant| variant.part_number.clone());
        let is_trial = variant.and_then(|variant| variant.is_trial) == Some(true);
        let offers = cycles.unwrap_or_default().into_iter().map(|cycle| {
            // "None" is how a trial is paid.
            let cycle = if is_trial && cycle.number() == 3 { json!("trial") } else { json!(cycle.number()) };
            json!({ "Cycle": cycle, "Part": part, "Row": row })
        });
        with(row, json!({ "Offers": offers.collect::<Vec<_>>() }))
    });
    let products = products.collect();
    let subscriptions = every(async |paging| {
        let filter = SubscriptionFilter::default().organization_id(id).statuses(SubscriptionStatus::ALL);
        client.subscriptions().list(filter.page(paging)).await
    });
    let subscriptions = subscriptions.await;
    let mut whole = Vec::new();
    for subscription in &subscriptions {
        let read = client.subscriptions().get(subscription.id).await.unwrap();
        whole.push(trial(with(&read, json!({}))));
    }
    let statements = every(async |paging| {
        let filter = BillingStatementFilter::default().organization_id(id).page(paging);
        client.billing_statements().list(filter).await
    });
    let statements = statements.await;
    let mut statement_lines = Vec::new();
    for statement in &statements {
        let mut file = Vec::new();
        client.billing_statements().download_records_file(statement.id, &mut file).await.unwrap();
        let records: Vec<Value> = serde_json::from_slice(&file).unwrap();
        let beside = json!({ "Invoice": statement.id });
        statement_lines.extend(records.iter().map(|record| with(record, beside.clone())));
    }
    let invoices = every(async |paging| client.invoices().list(id, paging).await).await;
    let mut lines = Vec::new();
    for invoice in &invoices {
        let (number, order) = (invoice.invoice_id.as_deref().unwrap(), invoice.order_id.as_deref().unwrap());
        let items = good(client.orders().items(order, id).await.unwrap().items);
        let beside = json!({ "Invoice": format!("{id}/{order}/{number}") });
        lines.extend(items.iter().map(|item| with(item, beside.clone())));
    }
    let usage = usage(client, id, month.start, month.end);
    vec![
        ("customers", plain(&customers.await)),
        ("products", products),
        ("subscriptions", subscriptions.iter().flat_map(flat).collect()),
        ("whole subscriptions", whole),
        ("statements", plain(&statements)),
        ("statement lines", statement_lines),
        ("invoices", invoices.iter().map(|one| with(one, json!({ "Organization": id }))).collect()),
        ("invoice lines", lines),
        ("usage", usage.await),
    ]
}

async fn usage(client: &CrayonClient, id: i64, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Value> {
    plain(&every(async |paging| client.usage_costs().of_organization_page(id, from, to, paging).await).await)
}
