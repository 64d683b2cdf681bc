//! What records mean, by the answers as they stand on the wire: money, days, ids and what is not shown.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use crayon_client::{CrayonClient, CrayonConfig, CrayonProvider};
use provider_core::model::{Entity, InvoiceLineKind, UsageKind};
use provider_core::observe::{Event, EventKind, Observer};
use provider_core::page::UnprovenReason;
use provider_core::{
    Completeness, Currency, CustomerQuery, InvoiceLineQuery, InvoiceQuery, Listing, OrderQuery, Page,
    PageRequest, Period, ProductQuery, Provider, ProviderExt as _, ProviderInfo, SubscriptionQuery,
    SubscriptionStatus, Term, UsageQuery, async_trait,
};
use provider_http::{Body, NoAuth, Transport, TransportError};

type Answers = dyn Fn(&str) -> Option<Vec<u8>> + Send + Sync;

/// Answers by path and query, and keeps what was asked. What nobody answers is an empty list, which is 404 where the
/// test says so.
#[derive(Clone)]
struct Wire {
    answers: Arc<Answers>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl std::fmt::Debug for Wire {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wire").finish_non_exhaustive()
    }
}

#[async_trait]
impl Transport for Wire {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Body>, TransportError> {
        let target = request.uri().path_and_query().unwrap().to_string();
        self.asked.lock().unwrap().push(target.clone());
        let answer = (self.answers)(&target);
        let status = if answer.is_some() { 200 } else { 404 };
        let mut response = http::Response::new(Body::from_bytes(answer.unwrap_or_default()));
        *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
        Ok(response)
    }
}

#[derive(Debug, Default)]
pub(crate) struct Heard(Mutex<Vec<EventKind>>);

impl Observer for Heard {
    fn event(&self, event: &Event) {
        self.0.lock().unwrap().push(event.what.clone());
    }
}

impl Heard {
    pub(crate) fn unknown(&self) -> Vec<String> {
        let told = self.0.lock().unwrap();
        told.iter()
            .filter_map(|what| match what {
                EventKind::UnknownValue { field, value, .. } => Some(format!("{field}: {value}")),
                EventKind::BadMember { path, .. } => Some(path.clone()),
                _ => None,
            })
            .collect()
    }
}

pub(crate) struct Scene {
    pub(crate) provider: Arc<CrayonProvider>,
    pub(crate) heard: Arc<Heard>,
    pub(crate) asked: Arc<Mutex<Vec<String>>>,
}

pub(crate) fn scene(answers: impl Fn(&str) -> Option<Vec<u8>> + Send + Sync + 'static) -> Scene {
    let heard = Arc::new(Heard::default());
    let wire = Wire { answers: Arc::new(answers), asked: Arc::default() };
    let asked = Arc::clone(&wire.asked);
    let client = CrayonClient::builder(CrayonConfig::new("client", "secret", "user", "password"))
        .transport(Arc::new(wire))
        .authenticator(Arc::new(NoAuth))
        .observer(Arc::<Heard>::clone(&heard))
        .build()
        .unwrap();
    let provider = CrayonProvider::new(client, ProviderInfo::new("crayon", "facts")).in_organization(7);
    Scene { provider: Arc::new(provider), heard, asked }
}

pub(crate) fn page(items: &str, total: u64) -> Option<Vec<u8>> {
    Some(format!(r#"{{"Items":[{items}],"TotalHits":{total}}}"#).into_bytes())
}

fn empty() -> Option<Vec<u8>> {
    page("", 0)
}

/// What an answer stands for, whatever was asked.
fn always(items: &'static str, total: u64) -> Scene {
    scene(move |_| page(items, total))
}

async fn all<T: Entity>(mut listing: Listing<T>) -> (Vec<T>, Vec<String>, Completeness) {
    let report = listing.report();
    let (mut records, mut bad) = (Vec::new(), Vec::new());
    while let Some(record) = listing.next().await {
        match record {
            Ok(record) => records.push(record),
            Err(error) if error.is_item() => bad.push(error.to_string()),
            Err(error) => panic!("{error}"),
        }
    }
    (records, bad, report.completeness())
}

fn first<T: Clone>(page: &Page<T>) -> T {
    page.items[0].clone().unwrap()
}

#[tokio::test]
async fn an_invoice_is_of_the_day_that_was_written() {
    let scene = always(
        r#"{"InvoiceId":"1","OrderId":"2","SalesAmount":"10.50","SalesCurrencyCode":"NOK","InvoiceDate":"2026-03-01T00:00:00+01:00"}"#,
        1,
    );
    let mut query = InvoiceQuery::default().kind(provider_core::model::InvoiceKind::Invoice);
    query.issued_from = "2026-03-01".parse().ok();
    query.issued_before = "2026-03-02".parse().ok();
    let page = scene.provider.list_invoices(&query, &PageRequest::default()).await.unwrap();
    let invoice = first(&page);
    assert_eq!(invoice.issued_on.unwrap().to_string(), "2026-03-01");
    assert_eq!(invoice.total.unwrap().currency, Some(Currency::new("NOK").unwrap()));
}

#[tokio::test]
async fn a_statement_is_for_the_days_that_were_written() {
    let scene = always(
        r#"{"Id":5,"StartDate":"2026-08-01T00:00:00+02:00","EndDate":"2026-09-01T00:00:00+02:00","TotalSalesPrice":{"Value":1,"CurrencyCode":"kr"}}"#,
        1,
    );
    let query = InvoiceQuery::default().kind(provider_core::model::InvoiceKind::Statement);
    let page = scene.provider.list_invoices(&query, &PageRequest::default()).await.unwrap();
    let statement = first(&page);
    assert_eq!(statement.period, Period::month(2026, 8));
    let total = statement.total.unwrap();
    assert_eq!((total.currency, total.currency_as_sent.as_deref()), (None, Some("kr")));
    assert_eq!(scene.heard.unknown(), ["Currency: kr"]);
}

#[tokio::test]
async fn lines_that_cannot_be_told_apart_are_refused_with_the_reason_and_the_rest_goes_on() {
    let invoice = |number: &str, order: &str| {
        format!(r#"{{"InvoiceId":"{number}","OrderId":{order},"SalesAmount":1,"SalesCurrencyCode":"EUR"}}"#)
    };
    let invoices = [
        invoice("100", "700"),
        invoice("101", "700"),
        invoice("CR-1002", "701"),
        invoice("103", "0"),
        invoice("104", "704"),
        invoice("105", "null"),
    ]
    .join(",");
    let scene = scene(move |target| {
        if target.contains("/704/") || target.contains("orders/704") {
            return None;
        }
        if target.to_ascii_lowercase().contains("invoices") {
            return page(&invoices, 6);
        }
        page(
            r#"{"SkuValue":"S","LineDescription":"Suite","RowTotal":80,"CurrencyCode":"EUR","Quantity":1}"#,
            1,
        )
    });
    let (lines, bad, completeness) = all(scene.provider.invoice_lines(InvoiceLineQuery::default())).await;
    let of: Vec<_> = lines.iter().map(|line| line.invoice.to_string()).collect();
    assert_eq!(of, ["7/701/CR-1002"], "{bad:?}");
    assert_eq!(bad.len(), 5, "{bad:?}");
    assert!(bad.iter().all(|error| error.contains("crayon")), "{bad:?}");
    let told = bad.join("\n");
    for reason in ["order 700 stands on 2 invoices", "does not know its order 704", "names no order"] {
        assert!(told.contains(reason), "{reason}: {told}");
    }
    assert_eq!(completeness, Completeness::Unproven(UnprovenReason::BadRecord));
    let one = InvoiceLineQuery::default().invoice("7/700/101");
    let (lines, bad, _) = all(scene.provider.invoice_lines(one)).await;
    assert!(lines.is_empty() && bad.len() == 1, "{lines:?} {bad:?}");
}

/// As many invoices as a page of them holds, and a total that is too small: the next page is the same once more.
#[tokio::test]
async fn lines_of_invoices_that_do_not_page_come_once() {
    for total in [0, 3] {
        let invoice = |at: u32| format!(r#"{{"InvoiceId":"{at}","OrderId":"{at}","SalesAmount":1}}"#);
        let invoices = (701..709).map(invoice).collect::<Vec<_>>().join(",");
        let scene = scene(move |target| {
            if target.to_ascii_lowercase().contains("invoices") {
                return page(&invoices, total);
            }
            page(r#"{"SkuValue":"S","RowTotal":80,"CurrencyCode":"EUR","Quantity":1}"#, 1)
        });
        let listing = scene.provider.invoice_lines(InvoiceLineQuery::default()).limit(20);
        let (lines, bad, _) = all(listing).await;
        assert_eq!((lines.len(), bad.len()), (8, 0), "{total}: {bad:?}");
    }
}

/// The lines of an order are of none of its invoices, on whichever page these are listed.
#[tokio::test]
async fn invoices_behind_a_full_page_without_a_total_count() {
    let scene = scene(|target| {
        if !target.to_ascii_lowercase().contains("invoices") {
            return page(r#"{"SkuValue":"S","RowTotal":80,"CurrencyCode":"EUR","Quantity":1}"#, 1);
        }
        let numbers = if target.contains("Page=1&") { 1..1_001_u32 } else { 1_001..1_002 };
        let order = |at: u32| 700 + at % 1_000;
        let invoices = numbers.map(|at| format!(r#"{{"InvoiceId":"{at}","OrderId":"{}"}}"#, order(at)));
        Some(format!(r#"{{"Items":[{}]}}"#, invoices.collect::<Vec<_>>().join(",")).into_bytes())
    });
    let query = InvoiceLineQuery::default().invoice("7/701/1");
    let (lines, bad, _) = all(scene.provider.invoice_lines(query)).await;
    assert!(lines.is_empty() && bad.len() == 1, "{lines:?} {bad:?}");
    assert!(bad.join("\n").contains("order 701 stands on 2 invoices"), "{bad:?}");
}

#[tokio::test]
async fn lines_of_a_statement_name_their_customer_and_subscription() {
    use base64::Engine as _;
    let records = "\u{FEFF}[
        {\"SubscriptionId\":\"AAAA-1\",\"ChargeType\":\"cancelProrate\",\"Amount\":-13.55,\"Currency\":\"EUR\",\"CompanyName\":\"Example Bakery\"},
        {\"TenantPrimaryDomain\":\"Bakery.example.com\",\"SummedAmount\":1,\"PeriodMonth\":8,\"PeriodYear\":2026},
        {\"CompanyName\":\"Nobody\",\"Amount\":\"1.234,50\"},
        {\"CompanyName\":\"Nobody\",\"Amount\":2}]";
    let file = base64::engine::general_purpose::STANDARD.encode(records);
    let scene = scene(move |target| {
        let target = target.to_ascii_lowercase();
        if target.contains("billingrecordsfile") || target.contains("930001/") {
            return Some(
                format!(
                    r#"{{"BillingStatement":{{"Id":930001,"ProvisionType":1,"Organization":{{"Id":7}}}},"FileName":"r.json","Data":"{file}"}}"#
                )
                .into_bytes(),
            );
        }
        if target.contains("subscriptions") {
            return page(
                r#"{"Id":610001,"PublisherSubscriptionId":"aaaa-1","CustomerTenant":{"Id":51001},"Quantity":1,"Status":1}"#,
                1,
            );
        }
        page(r#"{"Id":51001,"Name":"Example Bakery","Domain":"bakery.example.com"}"#, 1)
    });
    let query = InvoiceLineQuery::default().invoice("930001");
    let (lines, bad, _) = all(scene.provider.invoice_lines(query)).await;
    assert_eq!((lines.len(), bad.len()), (3, 1), "{bad:?}");
    assert!(bad[0].contains("Amount"), "{bad:?}");
    assert_eq!(lines[0].kind, InvoiceLineKind::Prorate);
    assert_eq!(lines[0].subscription, Some("610001".into()));
    assert_eq!(lines[0].customer, Some("51001".into()));
    assert_eq!(lines[0].vendor_subscription_id.as_deref(), Some("AAAA-1"));
    assert_eq!((lines[1].customer.clone(), lines[1].period), (Some("51001".into()), Period::month(2026, 8)));
    assert_eq!((lines[2].customer.clone(), lines[2].customer_reference.as_deref()), (None, Some("Nobody")));
}

#[tokio::test]
async fn what_is_bought_for_good_has_no_period_and_what_is_paid_ahead_says_its_months() {
    let scene = always(
        r#"{"UniqueId":"1_1","AgreementType":1,"MonthMultiplier":1,"SalesPrice":{"Value":912.50,"CurrencyCode":"EUR"},
            "ProductVariant":{"Id":1,"PartNumber":"PERP:1","AvailableBillingCycleIds":[4]}},
           {"UniqueId":"1_2","AgreementType":7,"MonthMultiplier":1,"SalesPrice":{"Value":51.20,"CurrencyCode":"EUR"},
            "ProductVariant":{"Id":2,"PartNumber":"RES:1","PurchasePeriod":"P1Y","AvailableBillingCycleIds":[4],"ProductType":{"Id":1,"Name":"Reservation"}}}"#,
        2,
    );
    let page = scene.provider.list_products(&ProductQuery::default(), &PageRequest::default()).await.unwrap();
    let cost = |at: usize| page.items[at].as_ref().unwrap().offers[0].cost.clone().unwrap();
    assert_eq!((cost(0).amount.to_string().as_str(), cost(0).period), ("912.50", None));
    assert_eq!((cost(1).amount.to_string().as_str(), cost(1).period), ("51.20", Some(Term::MONTH)));
}

#[tokio::test]
async fn a_status_of_tomorrow_is_not_hidden_by_the_filter() {
    let scene = scene(|target| {
        let known = r#"{"Id":1,"CustomerTenant":{"Id":2},"Quantity":1,"Status":1,"BillingCycle":1}"#;
        if target.contains("Statuses") { page(known, 1) } else { page(known, 2) }
    });
    let listing = scene.provider.subscriptions(SubscriptionQuery::default());
    let report = listing.report();
    let (records, _, completeness) = all(listing).await;
    assert_eq!(records.len(), 1);
    assert_eq!(completeness, Completeness::Unproven(UnprovenReason::Hidden));
    assert!(report.hidden().unwrap().starts_with("1 subscriptions"), "{:?}", report.hidden());
    let odd = SubscriptionQuery::default().status(SubscriptionStatus::Other("512".to_owned()));
    scene.provider.list_subscriptions(&odd, &PageRequest::default()).await.unwrap();
    assert!(scene.asked.lock().unwrap().last().unwrap().contains("Statuses=1023"));
}

#[tokio::test]
async fn orders_that_are_in_no_list_are_said_to_be_missing() {
    let listing = always("", 0).provider.orders(OrderQuery::default());
    let (records, _, completeness) = all(listing).await;
    assert!(records.is_empty());
    assert_eq!(completeness, Completeness::Unproven(UnprovenReason::Hidden));
}

#[tokio::test]
async fn values_in_other_clothes_are_read_and_what_cannot_be_read_costs_itself() {
    let scene = always(
        r#"{"Id":"3","CustomerTenant":{"Id":"2"},"Quantity":"4","IsTrial":"true","Status":1.0,"StartDate":1767225600000,"EndDate":"1767225600",
            "Subscriptions":[{"Id":null,"Name":"lost"},{"Id":9,"Quantity":null},{"Id":10,"Quantity":2.0}],
            "AutoRenewEnabled":{},"SuspensionReasons":[]},
           {"Id":4,"CustomerTenant":{"Id":2},"Quantity":3.0,"SalesPrice":"1,5"}"#,
        2,
    );
    let (records, bad, _) = all(scene.provider.subscriptions(SubscriptionQuery::default())).await;
    let ids: Vec<_> =
        records.iter().map(|one| (one.id.as_str(), one.quantity.map(|q| q.to_string()))).collect();
    assert_eq!(ids, [("3", Some("4".to_owned())), ("9", None), ("10", Some("2".to_owned()))], "{bad:?}");
    assert_eq!((records[0].trial, &records[0].status), (Some(true), &SubscriptionStatus::Trial));
    assert_eq!(records[0].starts_at.unwrap().to_string(), "2026-01-01 00:00:00 UTC");
    assert_eq!(records[0].ends_at, records[0].starts_at);
    assert_eq!(records[0].auto_renew, None);
    assert_eq!(bad.len(), 2, "{bad:?}");
    assert!(bad[0].contains("Subscriptions[0].Id") && bad[1].contains("SalesPrice"), "{bad:?}");
    let told = scene.heard.unknown();
    assert!(told.iter().any(|path| path.ends_with("AutoRenewEnabled")), "{told:?}");
}

#[tokio::test]
async fn a_mark_before_a_list_and_a_byte_that_is_no_text_cost_at_most_a_record() {
    let scene = scene(|_| {
        let mut page =
            b"\xEF\xBB\xBF{\"Items\":[{\"Id\":1,\"Name\":\"Bakery\"},{\"Id\":2,\"Name\":\"Caf".to_vec();
        page.push(0xE9);
        page.extend(b"\"}],\"TotalHits\":\"2\"}");
        Some(page)
    });
    let (records, bad, _) = all(scene.provider.customers(CustomerQuery::default())).await;
    assert_eq!(records.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["Bakery"]);
    assert_eq!(bad.len(), 1);
    assert!(bad[0].contains("not UTF-8"), "{bad:?}");
}

#[tokio::test]
async fn usage_goes_on_to_its_next_page_and_keeps_the_publishers_id() {
    let row = |at: usize| {
        format!(r#"{{"AccountId":2,"SubscriptionId":"g-{at}","Amount":{at},"CurrencyCode":"EUR"}}"#)
    };
    let scene = scene(move |target| {
        let rows: Vec<String> =
            if target.contains("Page=2") { (50..80).map(row).collect() } else { (0..50).map(row).collect() };
        page(&rows.join(","), 80)
    });
    let (records, bad, _) = all(scene.provider.usage(UsageQuery::default())).await;
    assert_eq!((records.len(), bad.len()), (80, 0));
    assert!(
        records.iter().all(|record| record.subscription.is_none() && record.vendor_subscription_id.is_some())
    );
    assert!(records.iter().all(|record| record.kind == Some(UsageKind::Consumption)));
    let month = records[0].period.unwrap();
    assert_eq!(
        Some(month),
        Period::month(chrono::Datelike::year(&month.start), chrono::Datelike::month(&month.start))
    );
}

#[tokio::test]
async fn what_a_subscription_costs_says_its_currency_and_its_month() {
    let scene = scene(|target| {
        if target.to_ascii_lowercase().contains("subscriptions/1") {
            return Some(
                br#"{"Id":1,"CustomerTenant":{"Id":2},"BillingCycle":2,"Status":1,"Pricing":{"CurrencyCode":"EUR","PurchasePrice":4.32}}"#.to_vec(),
            );
        }
        empty()
    });
    let one =
        scene.provider.get_subscription(&"1".into(), &provider_core::ReadOptions::default()).await.unwrap();
    let cost = one.cost.unwrap();
    assert_eq!((cost.currency, cost.period), (Some(Currency::new("EUR").unwrap()), Some(Term::YEAR)));
    assert_eq!(one.quantity, None);
}

/// The ids of the records that could not be read.
fn unread<T>(page: &Page<T>) -> Vec<Option<String>> {
    page.items.iter().filter_map(|item| item.as_ref().err()).map(|error| error.id.clone()).collect()
}

#[tokio::test]
async fn a_record_that_cannot_be_read_is_named_by_the_id_that_it_would_have() {
    let scene = scene(|target| {
        if target.contains("CustomerTenants") {
            return page(r#"{"ID":5,"Name":"Bakery"},{"Name":"x"}"#, 2);
        }
        if target.contains("/invoices/") {
            return page(
                r#"{"InvoiceId":"I-1","OrderId":"O-7","SalesAmount":"many"},{"InvoiceId":9,"SalesAmount":{}}"#,
                2,
            );
        }
        page(r#"{"Id":8,"Quantity":3}"#, 1)
    });
    let (provider, request) = (&scene.provider, PageRequest::default());
    let named = |ids: &[&str]| ids.iter().map(|id| Some((*id).to_owned())).collect::<Vec<_>>();
    let customers = provider.list_customers(&CustomerQuery::default(), &request).await.unwrap();
    assert_eq!(unread(&customers), [None]);
    let subscriptions = provider.list_subscriptions(&SubscriptionQuery::default(), &request).await.unwrap();
    assert_eq!(unread(&subscriptions), named(&["8"]));
    let invoices = InvoiceQuery::default().kind(provider_core::model::InvoiceKind::Invoice);
    let invoices = provider.list_invoices(&invoices, &request).await.unwrap();
    assert_eq!(unread(&invoices), named(&["7/O-7/I-1", "7/none/9"]));
}
