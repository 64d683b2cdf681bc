//! Everything that can be listed, across organizations, in every form the service may answer.

use std::collections::BTreeSet;

use provider_core::model::{CustomerStatus, InvoiceKind};
use provider_core::{
    Completeness, CustomerQuery, ErrorKind, InvoiceLineQuery, InvoiceQuery, PageRequest, ProductQuery,
    Provider, ProviderExt, ReadOptions, SubscriptionQuery, UsageQuery,
};
use provider_simulator::{FaultAction, FaultRule};

use super::connection::Account;

#[tokio::test]
async fn customers_of_all_organizations_are_listed_and_proven() {
    let account = Account::with(130).await;
    let provider = account.provider();
    let listing = provider.customers(CustomerQuery::default()).page_size(20);
    let report = listing.report();
    let customers = listing.collect_all().await.unwrap();
    let ids: BTreeSet<String> = customers.iter().map(|customer| customer.id.to_string()).collect();
    let expected: BTreeSet<String> = account.crayon.tenant_ids().iter().map(ToString::to_string).collect();
    assert_eq!(ids, expected);
    assert_eq!(report.completeness(), Completeness::Proven);
    assert!(customers.iter().any(|customer| customer.status == Some(CustomerStatus::Deleted)));
    let organizations: BTreeSet<_> =
        customers.iter().filter_map(|customer| customer.organization.clone()).collect();
    assert_eq!(organizations.len(), account.crayon.organization_ids().len());
    // Found once, and kept.
    assert_eq!(account.crayon.count("GET", "/api/v1/Organizations"), 1);
    assert!(account.crayon.refused().is_empty(), "{:#?}", account.crayon.refused());
}

/// The service has become stricter since the first page, or since the listing was left.
#[tokio::test]
async fn a_size_that_is_refused_in_the_middle_is_read_in_smaller_pages() {
    let account = Account::with(900).await;
    let provider = account.provider();
    let query = CustomerQuery::default();
    let first = provider.list_customers(&query, &PageRequest::default().size(200)).await.unwrap();
    let refusal = FaultAction::status(http::StatusCode::BAD_REQUEST, r#"{"Message":"pageSize"}"#);
    let rule = FaultRule::new("GET", "/api/v1/CustomerTenants", refusal).when_query("pageSize", "200");
    account.crayon.faults().add(rule);
    let mut ids: Vec<_> = first.records().map(|customer| customer.id.to_string()).collect();
    let mut next = first.next;
    while let Some(cursor) = next.take() {
        let page = provider.list_customers(&query, &PageRequest::at(cursor)).await.unwrap();
        ids.extend(page.records().map(|customer| customer.id.to_string()));
        next = page.next;
    }
    let expected: BTreeSet<_> = account.crayon.tenant_ids().iter().map(ToString::to_string).collect();
    assert_eq!((ids.len(), ids.into_iter().collect::<BTreeSet<_>>()), (expected.len(), expected));
}

#[tokio::test]
async fn the_first_page_declares_the_sum_and_a_cursor_belongs_to_its_query() {
    let account = Account::with(60).await;
    let provider = account.provider();
    let query = CustomerQuery::default();
    let page = provider.list_customers(&query, &PageRequest::default().size(10)).await.unwrap();
    assert_eq!(page.total, Some(60));
    assert_eq!(page.items.len(), 10);
    let next = page.next.unwrap();
    let other = CustomerQuery::default().search("x");
    let error = provider.list_customers(&other, &PageRequest::at(next.clone())).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidCursor);
    let second = provider.list_customers(&query, &PageRequest::at(next)).await.unwrap();
    assert_eq!((second.items.len(), second.total), (10, Some(60)));
}

#[tokio::test]
async fn a_total_that_lies_is_incomplete() {
    let account = Account::start().await;
    let rule = FaultRule::new("GET", "/api/v1/CustomerTenants", FaultAction::LieTotal(3));
    account.crayon.faults().add(rule);
    let error = account.provider().customers(CustomerQuery::default()).collect_all().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Incomplete);
}

#[tokio::test]
async fn a_detailed_customer_contains_the_row_and_more() {
    let account = Account::start().await;
    let provider = account.provider();
    let rows = provider.customers(CustomerQuery::default()).collect_all().await.unwrap();
    let full = provider.get_customer(&rows[0].id, &ReadOptions::default().raw(true)).await.unwrap();
    assert_eq!((&full.id, &full.name, &full.status), (&rows[0].id, &rows[0].name, &rows[0].status));
    assert_eq!(full.tenants, rows[0].tenants);
    assert_eq!(full.contacts.len(), 1);
    assert!(full.address.is_some() && full.raw.is_some());
    let complete =
        provider.customers(CustomerQuery::default().with_contacts(true)).collect_all().await.unwrap();
    assert!(complete.iter().all(|customer| customer.contacts.len() == 1));
}

/// One tenant among many: it stays as it was listed.
#[tokio::test]
async fn a_detailed_record_that_is_refused_costs_its_details() {
    let account = Account::start().await;
    let provider = account.provider();
    let listed = provider.customers(CustomerQuery::default()).collect_all().await.unwrap().len();
    for code in [400_u16, 404, 422] {
        let refusal = FaultAction::status(http::StatusCode::from_u16(code).unwrap(), r#"{"Message":"no"}"#);
        let rule = FaultRule::new("GET", "/api/v1/CustomerTenants/*/detailed", refusal).once();
        let rule = account.crayon.faults().add(rule);
        let query = CustomerQuery::default().with_contacts(true);
        let complete = provider.customers(query).collect_all().await.unwrap();
        assert_eq!(account.crayon.faults().hits(rule), 1, "{code}");
        assert_eq!(complete.len(), listed, "{code}");
        let without = complete.iter().filter(|customer| customer.contacts.is_empty()).count();
        assert_eq!(without, 1, "{code}");
    }
}

/// What the service does not say of one product leaves its offers; what keeps it from answering is about the page.
#[tokio::test]
async fn cycles_that_cannot_be_asked_for_do_not_pass_for_untold() {
    const CYCLES: &str = "/api/v1/AgreementProducts/*/supportedbillingcycles";
    let account = Account::start().await;
    let provider = account.provider();
    let customer = account.crayon.tenant_ids()[0].to_string();
    let query = ProductQuery::default().customer(customer.as_str()).with_offers(true);
    let request = PageRequest::default();
    let listed = provider.list_products(&query, &request).await.unwrap();
    for status in [http::StatusCode::BAD_REQUEST, http::StatusCode::NOT_FOUND] {
        let rule = FaultRule::new("GET", CYCLES, FaultAction::status(status, "")).once();
        account.crayon.faults().add(rule);
        let page = provider.list_products(&query, &request).await.unwrap();
        assert_eq!(page.records().count(), listed.records().count(), "{status}");
    }
    let down = FaultAction::status(http::StatusCode::SERVICE_UNAVAILABLE, "");
    account.crayon.faults().add(FaultRule::new("GET", CYCLES, down));
    let error = provider.list_products(&query, &request).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Unavailable | ErrorKind::CircuitOpen), "{error}");
}

#[tokio::test]
async fn filters_find_and_unknown_ones_are_refused() {
    let account = Account::start().await;
    let provider = account.provider();
    let all = provider.customers(CustomerQuery::default()).collect_all().await.unwrap();
    let wanted = all.iter().find(|customer| customer.external_id.is_some()).unwrap();
    let key = wanted.external_id.clone().unwrap();
    let found = provider.customers(CustomerQuery::default().external_id(key)).collect_all().await.unwrap();
    assert_eq!(found.iter().map(|c| &c.id).collect::<Vec<_>>(), [&wanted.id]);
    let domain = wanted.tenants[0].domain.clone().unwrap();
    let found = provider.customers(CustomerQuery::default().domain(domain)).collect_all().await.unwrap();
    assert_eq!(found.iter().map(|c| &c.id).collect::<Vec<_>>(), [&wanted.id]);
    let organization = account.crayon.organization_ids()[0].to_string();
    let found =
        provider.customers(CustomerQuery::default().organization(organization)).collect_all().await.unwrap();
    assert!(!found.is_empty() && found.len() < all.len());
    let foreign = account.crayon.foreign_organization_id().to_string();
    let error =
        provider.customers(CustomerQuery::default().organization(foreign)).collect_all().await.unwrap_err();
    assert_eq!(error.violations()[0].field, "organization");
}

#[tokio::test]
async fn subscriptions_come_with_add_ons_and_are_proven() {
    let account = Account::start().await;
    let provider = account.provider();
    for size in [7, 500] {
        let listing = provider.subscriptions(SubscriptionQuery::default()).page_size(size);
        let report = listing.report();
        let all = listing.collect_all().await.unwrap();
        assert_eq!(report.completeness(), Completeness::Proven, "{size}");
        let statuses: BTreeSet<String> = all.iter().map(|s| s.status.to_string()).collect();
        assert!(statuses.len() > 4, "{statuses:?}");
        let add_on = all.iter().find(|subscription| subscription.parent.is_some()).unwrap();
        assert!(all.iter().any(|known| Some(&known.id) == add_on.parent.as_ref()));
    }
    assert!(account.crayon.refused().is_empty(), "{:#?}", account.crayon.refused());
}

#[tokio::test]
async fn products_have_offers_with_cost_and_limits() {
    let account = Account::start().await;
    let provider = account.provider();
    let listing = provider.products(ProductQuery::default());
    let report = listing.report();
    let products = listing.collect_all().await.unwrap();
    assert_eq!(report.completeness(), Completeness::Proven);
    let suite = products
        .iter()
        .find(|p| {
            p.sku.as_deref() == Some("CFQ7TTC0LH18:0001")
                && p.name.contains("1 year")
                && p.offers[0].cost.as_ref().is_some_and(|c| c.currency.is_some_and(|c| c.as_str() == "EUR"))
        })
        .unwrap();
    let offer = &suite.offers[0];
    assert_eq!(offer.id.as_str(), "CFQ7TTC0LH18:0001/P1Y/monthly");
    assert_eq!(offer.cost.as_ref().unwrap().amount.to_string(), "4.32");
    assert_eq!(offer.suggested_retail.as_ref().unwrap().amount.to_string(), "5.10");
    assert_eq!(offer.max_quantity, Some(300.into()));
    let again = provider.get_product(&suite.id, &ReadOptions::default()).await.unwrap();
    assert_eq!(again.offers, suite.offers);
    assert_eq!(again.organization, suite.organization);
    // Each is in the price list of one organization, by which it is known that nothing of that is listed any more.
    let organizations: BTreeSet<String> =
        products.iter().map(|product| product.organization.as_ref().unwrap().to_string()).collect();
    let expected: BTreeSet<String> =
        account.crayon.organization_ids().iter().map(ToString::to_string).collect();
    assert_eq!(organizations, expected);
    let found =
        provider.products(ProductQuery::default().sku("CFQ7TTC0LH18:0001")).collect_all().await.unwrap();
    assert!(
        found.iter().all(|product| product.sku.as_deref() == Some("CFQ7TTC0LH18:0001")) && !found.is_empty()
    );
}

#[tokio::test]
async fn invoices_and_statements_are_kept_apart_and_lines_add_up() {
    let account = Account::start().await;
    let provider = account.provider();
    let all = provider.invoices(InvoiceQuery::default()).collect_all().await.unwrap();
    let invoices =
        provider.invoices(InvoiceQuery::default().kind(InvoiceKind::Invoice)).collect_all().await.unwrap();
    let statements =
        provider.invoices(InvoiceQuery::default().kind(InvoiceKind::Statement)).collect_all().await.unwrap();
    assert_eq!(all.len(), invoices.len() + statements.len());
    assert!(!invoices.is_empty() && !statements.is_empty());
    let invoice = &invoices[0];
    let lines =
        provider.invoice_lines(InvoiceLineQuery::default().invoice(&invoice.id)).collect_all().await.unwrap();
    let sum: rust_decimal::Decimal = lines.iter().map(|line| line.cost.as_ref().unwrap().amount).sum();
    assert_eq!(sum.round_dp(2), invoice.total.as_ref().unwrap().amount.round_dp(2));
    // Without a document, the lines of every invoice and of no statement.
    let every = provider.invoice_lines(InvoiceLineQuery::default()).collect_all().await.unwrap();
    let of_invoices: BTreeSet<_> = every.iter().map(|line| line.invoice.clone()).collect();
    assert_eq!(of_invoices.len(), invoices.len());
    let statement = &statements[0];
    let records = provider
        .invoice_lines(InvoiceLineQuery::default().invoice(&statement.id))
        .collect_all()
        .await
        .unwrap();
    let sum: rust_decimal::Decimal = records.iter().map(|line| line.cost.as_ref().unwrap().amount).sum();
    assert_eq!(sum.round_dp(2), statement.total.as_ref().unwrap().amount.round_dp(2));
    assert!(account.crayon.refused().is_empty(), "{:#?}", account.crayon.refused());
}

#[tokio::test]
async fn usage_is_listed_for_a_time() {
    let account = Account::start().await;
    let usage = account.provider().usage(UsageQuery::default()).collect_all().await.unwrap();
    assert!(usage.iter().all(|record| record.customer.is_some() && record.vendor_subscription_id.is_some()));
    // The service leaves the amount out where nothing is known yet.
    assert!(usage.iter().any(|record| record.cost.is_some()));
    assert!(account.crayon.refused().is_empty(), "{:#?}", account.crayon.refused());
}

#[tokio::test]
async fn one_bad_record_costs_one_record() {
    let account = Account::start().await;
    let spoil = FaultAction::rewrite(|mut page| {
        page["Items"][1]["Id"] = serde_json::json!("not a number");
        page
    });
    let rule = FaultRule::new("GET", "/api/v1/CustomerTenants", spoil).when_query("PageSize", "1000").once();
    account.crayon.faults().add(rule);
    let mut listing = account.provider().customers(CustomerQuery::default());
    let (mut good, mut bad) = (0, Vec::new());
    while let Some(customer) = listing.next().await {
        match customer {
            Ok(_) => good += 1,
            Err(error) => bad.push(error),
        }
    }
    assert_eq!(good, account.crayon.tenant_ids().len() - 1);
    assert!(bad[0].is_item() && bad[0].to_string().contains("Items[1].Id"), "{}", bad[0]);
}

#[tokio::test]
async fn everything_is_read_in_either_case() {
    use provider_simulator::{Casing, ListEnvelope};
    let account = Account::start().await;
    let count = async || {
        let provider = account.provider();
        let customers = provider.customers(CustomerQuery::default()).collect_all().await.unwrap().len();
        let subscriptions = provider.subscriptions(SubscriptionQuery::default()).collect_all().await.unwrap();
        let products = provider.products(ProductQuery::default()).collect_all().await.unwrap();
        (customers, subscriptions, products)
    };
    let usual = count().await;
    account.crayon.set_casing(Casing::Camel);
    assert_eq!(count().await, usual);
    account.crayon.set_envelope(ListEnvelope::Bare);
    assert_eq!(count().await, usual);
}

/// A record nested far deeper than any stack, once enough to end the process, on the small stack of a thread.
#[test]
fn a_bottomless_record_costs_one_record() {
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let deep = format!(r#"{{"Id":{{}},"x":{}{}}}"#, "[".repeat(1_000_000), "]".repeat(1_000_000));
            let body = format!(r#"{{"Items":[{deep},{{"Id":7,"Name":"Good"}}],"TotalHits":2}}"#);
            let account = Account::start().await;
            let hostile = FaultAction::status(http::StatusCode::OK, body);
            account.crayon.faults().add(FaultRule::new("GET", "/api/v1/CustomerTenants", hostile));
            let provider = account.provider();
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
