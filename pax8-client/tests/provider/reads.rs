//! Reading everything.

use provider_core::model::{CustomerStatus, InvoiceKind, OrderStatus, ProductKind};
use provider_core::{
    BillingCycle, Completeness, CustomerQuery, EntityKind, ErrorKind, InvoiceLineQuery, InvoiceQuery,
    OrderQuery, PageRequest, Period, ProductQuery, Provider, ProviderExt, ReadOptions, SubscriptionQuery,
    SubscriptionStatus, Term, UsageQuery,
};
use provider_simulator::{FaultAction, FaultRule};

use crate::world::World;

#[tokio::test]
async fn every_company_comes_with_its_status_and_a_proof() {
    let world = World::start().await;
    let provider = world.provider();
    let listing = provider.customers(CustomerQuery::default().with_contacts(true)).page_size(4).prefetch(3);
    let report = listing.report();
    let customers = listing.collect_all().await.unwrap();
    assert_eq!(customers.len(), 25);
    assert_eq!(report.completeness(), Completeness::Proven);
    for status in [CustomerStatus::Active, CustomerStatus::Inactive, CustomerStatus::Deleted] {
        assert!(customers.iter().any(|customer| customer.status.as_ref() == Some(&status)), "{status}");
    }
    let listed = customers.iter().find(|customer| customer.status == Some(CustomerStatus::Active)).unwrap();
    assert!(!listed.contacts.is_empty() && listed.address.is_some());
    let got = provider.get_customer(&listed.id, &ReadOptions::default().raw(true)).await.unwrap();
    assert_eq!(got.contacts, listed.contacts);
    assert!(got.phone.is_some(), "left out in list rows, told by get");
    assert!(got.raw.unwrap().get().contains(listed.id.as_str()));
    let named = provider.customers(CustomerQuery::default().name(&listed.name)).collect_all().await.unwrap();
    assert!(named.iter().any(|customer| customer.id == listed.id));
    assert!(named.iter().all(|customer| customer.name == listed.name));
    world.clean();
}

#[tokio::test]
async fn a_filter_that_pax8_would_ignore_is_refused_without_a_call() {
    let world = World::start().await;
    let provider = world.provider();
    let query = CustomerQuery::default().search("Harbor");
    let error = provider.list_customers(&query, &PageRequest::default()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    let query = ProductQuery::default().customer("c");
    let error = provider.list_products(&query, &PageRequest::default()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    let query = OrderQuery::default().status(OrderStatus::Completed);
    let error = provider.list_orders(&query, &PageRequest::default()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(world.pax8().count("*", "*"), 0);
}

#[tokio::test]
async fn offers_carry_exact_prices_and_the_commitments_that_orders_name() {
    let mut world = World::start().await;
    world.config.currency = Some("USD".parse().unwrap());
    let provider = world.provider();
    let [suite, base, _, storage, _, migration, _] = world.pax8().product_ids();
    let products = provider.products(ProductQuery::default().with_offers(true)).collect_all().await.unwrap();
    let of = |id: &str| products.iter().find(|product| product.id.as_str() == id).unwrap();
    let annual =
        of(&suite).offers.iter().find(|offer| offer.billing_cycle == Some(BillingCycle::Annual)).unwrap();
    assert_eq!(annual.commitment_term, Some(Term::YEAR));
    assert_eq!(annual.tiers.len(), 2);
    let cost = annual.cost.as_ref().unwrap();
    assert_eq!((cost.amount, cost.period), ("211.20".parse().unwrap(), Some(Term::YEAR)));
    assert_eq!(cost.currency.unwrap().as_str(), "USD");
    assert_eq!(of(&suite).requires_commitment, Some(true));
    assert_eq!(of(&suite).offers.len(), 4);
    let ids: std::collections::HashSet<_> =
        products.iter().flat_map(|product| &product.offers).map(|offer| offer.id.as_str()).collect();
    assert_eq!(
        ids.len(),
        products.iter().map(|product| product.offers.len()).sum::<usize>(),
        "ids are unique"
    );
    assert_eq!(of(&storage).kind, Some(ProductKind::Usage));
    assert_eq!(of(&migration).kind, Some(ProductKind::OneTime));
    // Commitments are asked for only where a price names one.
    assert_eq!(world.pax8().count("GET", &format!("/v1/products/{base}/dependencies")), 0);
    let got = provider.get_product(&suite.as_str().into(), &ReadOptions::default()).await.unwrap();
    assert_eq!(got.offers, of(&suite).offers);
    assert!(got.description.is_some());
    world.clean();
}

#[tokio::test]
async fn subscriptions_are_filtered_as_asked() {
    let world = World::start().await;
    let provider = world.provider();
    let all = provider.subscriptions(SubscriptionQuery::default()).collect_all().await.unwrap();
    assert!(!all.is_empty());
    let committed = all.iter().find(|one| one.commitment_term.is_some()).unwrap();
    assert!(committed.commitment_ends_at.is_some());
    assert!(all.iter().all(|one| one.cost.as_ref().is_none_or(|cost| cost.currency.is_some())));
    for status in [SubscriptionStatus::Active, SubscriptionStatus::Pending, SubscriptionStatus::Cancelled] {
        let listing =
            provider.subscriptions(SubscriptionQuery::default().status(status.clone())).page_size(5);
        let report = listing.report();
        let found = listing.collect_all().await.unwrap();
        assert_eq!(found.len(), all.iter().filter(|one| one.status == status).count(), "{status}");
        assert_eq!(report.completeness(), Completeness::Proven, "{status}");
    }
    let one = provider.get_subscription(&committed.id, &ReadOptions::default()).await.unwrap();
    assert_eq!((one.quantity, &one.commitment_term), (committed.quantity, &committed.commitment_term));
    assert!(one.product.sku.is_some(), "the vendor's SKU comes with get");
    world.clean();
}

#[tokio::test]
async fn orders_tell_the_state_of_their_subscriptions() {
    let world = World::start().await;
    let provider = world.provider();
    let orders = provider.orders(OrderQuery::default()).collect_all().await.unwrap();
    assert!(!orders.is_empty());
    assert!(orders.iter().any(|order| order.status == OrderStatus::Completed));
    assert!(orders.iter().all(|order| order.status != OrderStatus::default()), "every state is known");
    for order in orders.iter().take(5) {
        let got = provider.get_order(&order.id, &ReadOptions::default()).await.unwrap();
        assert_eq!((&got.status, &got.lines), (&order.status, &order.lines));
    }
    let mine =
        provider.orders(OrderQuery::default().customer(&orders[0].customer)).collect_all().await.unwrap();
    assert!(mine.iter().all(|order| order.customer == orders[0].customer));
    world.clean();
}

#[tokio::test]
async fn invoices_lines_and_drafts_add_up() {
    let world = World::start().await;
    let provider = world.provider();
    let invoices = provider.invoices(InvoiceQuery::default()).collect_all().await.unwrap();
    assert!(invoices.len() > 2);
    let mut by_invoice = 0;
    for invoice in &invoices {
        let query = InvoiceLineQuery::default().invoice(&invoice.id);
        let lines = provider.invoice_lines(query).collect_all().await.unwrap();
        assert!(lines.iter().all(|line| line.invoice == invoice.id));
        by_invoice += lines.len();
    }
    let all = provider.invoice_lines(InvoiceLineQuery::default()).page_size(3).collect_all().await.unwrap();
    assert_eq!(all.len(), by_invoice);
    assert!(all.iter().any(|line| line.cost.is_some() && line.period.is_some()));
    let drafts =
        provider.invoices(InvoiceQuery::default().kind(InvoiceKind::Draft)).collect_all().await.unwrap();
    assert_eq!(drafts.len(), 2);
    let lines = provider
        .invoice_lines(InvoiceLineQuery::default().invoice(&drafts[0].id))
        .collect_all()
        .await
        .unwrap();
    assert!(!lines.is_empty());
    let before = invoices.iter().filter_map(|invoice| invoice.issued_on).max().unwrap();
    let older = provider.invoices(InvoiceQuery::default().issued_before(before)).collect_all().await.unwrap();
    assert!(older.len() < invoices.len() && older.iter().all(|invoice| invoice.issued_on.unwrap() < before));
    world.clean();
}

#[tokio::test]
async fn usage_is_told_for_all_for_one_and_by_the_day() {
    let world = World::start().await;
    let provider = world.provider();
    let all = provider.usage(UsageQuery::default()).collect_all().await.unwrap();
    assert!(!all.is_empty());
    let subscription = all[0].subscription.clone().unwrap();
    let one = provider.usage(UsageQuery::default().subscription(&subscription)).collect_all().await.unwrap();
    assert!(one.iter().all(|record| record.subscription.as_ref() == Some(&subscription)));
    assert_eq!(
        one.len(),
        all.iter().filter(|record| record.subscription.as_ref() == Some(&subscription)).count()
    );
    let today = world.sim.clock().now().date_naive();
    let days = Period::inclusive_days(today - chrono::Days::new(3), today).unwrap();
    let query = UsageQuery::default().subscription(&subscription).period(days);
    let lines = provider.usage(query).collect_all().await.unwrap();
    assert!(lines.iter().all(|line| line.period.is_some_and(|period| days.contains(period.start))));
    assert!(lines.iter().all(|line| line.quantity.is_some()));
    let error =
        provider.list_usage(&UsageQuery::default().period(days), &PageRequest::default()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    world.clean();
}

#[tokio::test]
async fn a_bad_record_costs_one_record_and_lying_totals_are_found_out() {
    let world = World::start().await;
    let provider = world.provider();
    let spoil = FaultAction::rewrite(|mut page| {
        page["content"][1]["id"] = serde_json::Value::Null;
        page
    });
    world.pax8().faults().add(FaultRule::new("GET", "/v1/companies", spoil).once());
    let mut listing = provider.customers(CustomerQuery::default()).page_size(5);
    let (mut good, mut bad) = (0, 0);
    while let Some(item) = listing.next().await {
        match item {
            Ok(_) => good += 1,
            Err(error) => {
                assert!(error.is_item() && error.to_string().contains("content[1]"), "{error}");
                bad += 1;
            }
        }
    }
    assert_eq!((good, bad), (24, 1));
    world.pax8().faults().add(FaultRule::new("GET", "/v1/companies", FaultAction::LieTotal(1)));
    let error = provider.customers(CustomerQuery::default()).collect_all().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Incomplete);
    assert_eq!(EntityKind::Customer.plural(), "customers");
}

/// A record nested far deeper than any stack, once enough to end the process, on the small stack of a thread.
#[test]
fn a_bottomless_record_costs_one_record() {
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let deep = format!(r#"{{"id":{{}},"x":{}{}}}"#, "[".repeat(1_000_000), "]".repeat(1_000_000));
            let good = r#"{"id":"c-1","name":"Good"}"#;
            let body = format!(
                r#"{{"content":[{deep},{good}],"page":{{"size":200,"totalElements":2,"totalPages":1,"number":0}}}}"#
            );
            let world = World::start().await;
            let hostile = FaultAction::status(http::StatusCode::OK, body);
            world.pax8().faults().add(FaultRule::new("GET", "/v1/companies", hostile));
            let provider = world.provider();
            for raw in [false, true] {
                let query = CustomerQuery::default().raw(raw);
                let page = provider.list_customers(&query, &PageRequest::default()).await.unwrap();
                assert_eq!(page.items.len(), 2);
                let error = page.items[0].as_ref().unwrap_err();
                assert!(!format!("{error:?}").is_empty());
                assert!(page.items[1].is_ok(), "{:?}", page.items[1]);
            }
        });
    });
    thread.unwrap().join().unwrap();
}

/// One that is forbidden costs itself; where all are, a right is missing.
#[tokio::test]
async fn prices_and_contacts_that_are_forbidden_cost_their_record() {
    let world = World::start().await;
    let provider = world.provider();
    let forbidden = || FaultAction::status(http::StatusCode::FORBIDDEN, r#"{"message":"not yours"}"#);
    let forbid = |path: &str| world.pax8().faults().add(FaultRule::new("GET", path, forbidden()));
    let product = world.pax8().product_ids()[1].clone();
    let customers = provider.customers(CustomerQuery::default()).collect_all().await.unwrap();
    let company = customers.iter().find(|one| one.status == Some(CustomerStatus::Active)).unwrap().id.clone();
    forbid(&format!("/v1/products/{product}/pricing"));
    forbid(&format!("/v1/companies/{company}/contacts"));
    let mut products = provider.products(ProductQuery::default().with_offers(true));
    let report = products.report();
    let (mut read, mut bad) = (0, Vec::new());
    while let Some(item) = products.next().await {
        match item {
            Ok(_) => read += 1,
            Err(error) => bad.push(error),
        }
    }
    assert_eq!((read, bad.len(), report.completeness()), (6, 1, Completeness::Proven));
    assert!(bad[0].is_item() && bad[0].to_string().contains("not yours"), "{}", bad[0]);
    let mut companies = provider.customers(CustomerQuery::default().with_contacts(true));
    let (mut read, mut bad) = (0, Vec::new());
    while let Some(item) = companies.next().await {
        match item {
            Ok(_) => read += 1,
            Err(error) => bad.push(error),
        }
    }
    assert_eq!((read, bad.len()), (24, 1));
    assert!(bad[0].is_item() && bad[0].to_string().contains("not yours"), "{}", bad[0]);
    forbid("/v1/products/*/pricing");
    let all = provider.products(ProductQuery::default().with_offers(true)).collect_all().await;
    assert_eq!(all.unwrap_err().kind(), ErrorKind::PermissionDenied);
}
