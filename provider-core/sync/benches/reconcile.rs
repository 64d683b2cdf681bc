//! What comparing 100,000 subscriptions with 200,000 invoice lines and 100,000 billed rows costs beside reading the same
//! rows, in CPU time of one run; and that memory grows with the subscriptions alone.
//!
//! `cargo bench -p provider-sync --bench reconcile`. Over HTTP reading costs more than here, where pages are read from JSON
//! alone, so the ratio against it is smaller there; the limits are on what is ours.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    missing_docs,
    reason = "a program that measures, and a failed unwrap is a failed bench"
)]

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use provider_core::model::{InvoiceId, InvoiceKind, InvoiceSide};
use provider_core::rust_decimal::Decimal;
use provider_core::{
    Capabilities, Cursor, Customer, CustomerQuery, EntityKind, Invoice, InvoiceLine, InvoiceLineQuery,
    InvoiceQuery, Operation, Page, PageRequest, Period, Provider, ProviderExt as _, ProviderInfo, Query,
    Result, Subscription, SubscriptionQuery, async_trait,
};
use provider_sync::reconcile::{BilledPage, BilledRow, BilledSource, Reconcile, Verdict};
use provider_sync::{LocalCursor, TargetError};

const PAGE: usize = 200;
/// Documents that the lines stand on.
const DOCUMENTS: usize = 100;
/// Of so many, one is not billed.
const UNBILLED: usize = 50;

/// Pages of JSON, as they come from a wire.
#[derive(Debug)]
struct Shop {
    info: ProviderInfo,
    capabilities: Capabilities,
    records: usize,
    /// Lines of one subscription.
    lines: AtomicUsize,
}

fn subscription(n: usize) -> String {
    format!(
        r#"{{"id":"sub-{n:08}","customer":"cust-{:06}","product":{{"name":"Productivity Suite {}"}},"status":"active","quantity":"10","billing_cycle":"monthly","cost":{{"amount":"2.00","currency":"USD","per":"unit","period":"P1M"}},"customer_price":{{"amount":"3.00","currency":"USD","per":"unit","period":"P1M"}},"starts_at":"2026-01-01T00:00:00Z","detail":"full"}}"#,
        n / 10,
        n % 700
    )
}

/// The whole charge of a subscription in equal parts.
fn line(document: &str, n: usize, part: usize, of: usize) -> String {
    let (units, kind) = if part == 0 { ("10", "subscription") } else { ("0", "prorate") };
    let cost = Decimal::new(2_000, 2) / Decimal::from(of);
    format!(
        r#"{{"id":"line-{n:08}-{part}","invoice":"{document}","kind":"{kind}","customer":"cust-{:06}","subscription":"sub-{n:08}","description":"Productivity Suite","quantity":"{units}","cost":{{"amount":"{cost}","currency":"USD","per":"flat"}},"sale":{{"amount":"{}","currency":"USD","per":"flat"}},"period":{{"start":"2026-10-01T00:00:00Z","end":"2026-11-01T00:00:00Z"}}}}"#,
        n / 10,
        cost * Decimal::new(15, 1)
    )
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    format!("[{}]", parts.collect::<Vec<_>>().join(","))
}

impl Shop {
    fn page<T, Q: Query<Item = T>>(
        &self,
        query: &Q,
        request: &PageRequest,
        total: usize,
        text: impl Fn(usize) -> String,
    ) -> Result<Page<T>>
    where
        T: serde::de::DeserializeOwned + provider_core::model::Entity,
    {
        let from = usize::try_from(request.position(&self.info, query)?.unwrap_or(0)).unwrap();
        let until = total.min(from + PAGE);
        let items: Vec<T> = serde_json::from_str(&joined((from..until).map(text))).unwrap();
        let mut page = Page::new(items);
        page.total = Some(total as u64);
        page.next = (until < total).then(|| Cursor::tagged(&self.info, query, until.to_string()));
        Ok(page)
    }

    fn of_document(&self, id: &InvoiceId) -> (usize, usize) {
        let document: usize = id.as_str().parse().unwrap();
        let each = self.records.div_ceil(DOCUMENTS);
        (document * each, self.records.min((document + 1) * each))
    }
}

#[async_trait]
impl Provider for Shop {
    fn info(&self) -> &ProviderInfo {
        &self.info
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    async fn list_customers(&self, query: &CustomerQuery, request: &PageRequest) -> Result<Page<Customer>> {
        let customer = |n: usize| format!(r#"{{"id":"cust-{n:06}","name":"Customer {n}"}}"#);
        self.page(query, request, self.records.div_ceil(10), customer)
    }

    async fn list_subscriptions(
        &self,
        query: &SubscriptionQuery,
        request: &PageRequest,
    ) -> Result<Page<Subscription>> {
        self.page(query, request, self.records, subscription)
    }

    async fn list_invoices(&self, _: &InvoiceQuery, _: &PageRequest) -> Result<Page<Invoice>> {
        let document = |n: usize| {
            let mut invoice = Invoice::new(n.to_string(), InvoiceKind::Invoice, InvoiceSide::Payable);
            invoice.issued_on = "2026-10-05".parse().ok();
            invoice
        };
        Ok(Page::new((0..DOCUMENTS).map(document).collect::<Vec<_>>()).with_total(DOCUMENTS as u64))
    }

    async fn list_invoice_lines(
        &self,
        query: &InvoiceLineQuery,
        request: &PageRequest,
    ) -> Result<Page<InvoiceLine>> {
        let id = query.invoice.clone().unwrap();
        let (first, end) = self.of_document(&id);
        let each = self.lines.load(Ordering::Relaxed);
        let text = |n: usize| line(id.as_str(), first + n / each, n % each, each);
        self.page(query, request, (end - first) * each, text)
    }
}

/// What was billed, as an application answers it.
#[derive(Debug)]
struct Billed(usize);

#[async_trait]
impl BilledSource for Billed {
    async fn read(
        &self,
        _: Period,
        after: Option<&LocalCursor>,
        limit: usize,
    ) -> Result<BilledPage, TargetError> {
        let from: usize = after.map_or(0, |after| after.0.parse().unwrap());
        let until = self.0.min(from + limit);
        let row = |n: usize| {
            let mut row = BilledRow::new(n.to_string(), format!("sub-{n:08}"));
            row.quantity = Decimal::TEN.into();
            row.amount = Decimal::from(30).into();
            row.currency = "USD".parse().ok();
            row
        };
        let rows = (from..until).filter(|n| n % UNBILLED != 0).map(row).collect();
        Ok(if until < self.0 {
            BilledPage::before(rows, LocalCursor(until.to_string()))
        } else {
            BilledPage::last(rows)
        })
    }
}

/// The CPU time of this process, all threads together, in seconds.
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let (_, rest) = stat.rsplit_once(')').unwrap();
    let ticks: Vec<f64> =
        rest.split_whitespace().skip(11).take(2).map(|ticks| ticks.parse().unwrap()).collect();
    ticks.iter().sum::<f64>() / 100.0
}

/// The most memory that this process has had, in bytes.
fn peak() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() * 1024.0
}

/// Reads the same rows, and does nothing with them.
async fn read(shop: &Arc<Shop>, billed: &Billed) -> f64 {
    let begun = cpu();
    let mut customers = shop.customers(CustomerQuery::default());
    while let Some(record) = customers.next().await {
        record.unwrap();
    }
    let mut subscriptions = shop.subscriptions(SubscriptionQuery::default());
    while let Some(record) = subscriptions.next().await {
        record.unwrap();
    }
    for document in 0..DOCUMENTS {
        let mut lines = shop.invoice_lines(InvoiceLineQuery::default().invoice(document.to_string()));
        while let Some(record) = lines.next().await {
            record.unwrap();
        }
    }
    let mut after = None;
    loop {
        let page = billed.read(Period::month(2026, 10).unwrap(), after.as_ref(), 1_000).await.unwrap();
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    cpu() - begun
}

/// Compares, and goes through every row.
async fn compare(shop: &Arc<Shop>) -> f64 {
    let begun = cpu();
    let records = shop.records;
    let compared = Reconcile::new(Arc::<Shop>::clone(shop), "2026-10".parse().unwrap())
        .billed(Arc::new(Billed(records)))
        .run()
        .await
        .unwrap();
    let (mut rows, mut unbilled) = (0, 0);
    for row in compared.rows() {
        rows += 1;
        unbilled += usize::from(row.verdict == Verdict::NotBilled);
    }
    assert_eq!((rows, unbilled), (records, records.div_ceil(UNBILLED)));
    cpu() - begun
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let argument = std::env::args().nth(1).and_then(|records| records.parse().ok());
    let records: usize = argument.unwrap_or(100_000);
    let shop = Arc::new(Shop {
        info: ProviderInfo::new("bench", "bench"),
        capabilities: Capabilities::builder()
            .native(Operation::List(EntityKind::Subscription))
            .native(Operation::List(EntityKind::InvoiceLine))
            .fields(EntityKind::InvoiceLine, ["subscription"])
            .build(),
        records,
        lines: AtomicUsize::new(2),
    });
    let reading = read(&shop, &Billed(records)).await;
    let at_rest = peak();
    let comparing = compare(&shop).await;
    let with_two = peak();
    shop.lines.store(8, Ordering::Relaxed);
    compare(&shop).await;
    let with_eight = peak();
    let of_all = |bytes: f64| bytes / records as f64;
    println!("{records} subscriptions, {} lines, {records} billed rows", 2 * records);
    println!("  reading the same rows  {reading:6.2} s CPU");
    println!("  comparing them         {comparing:6.2} s CPU   {:.2} of reading", comparing / reading);
    println!(
        "  memory                 {:6.0} bytes a subscription above reading",
        of_all(with_two - at_rest)
    );
    println!("  with four times the lines {:+.1} %", (with_eight / with_two - 1.0) * 100.0);
    let limits = [
        ("comparing", comparing / reading, 2.0),
        ("bytes a subscription", of_all(with_two - at_rest), 1_500.0),
        ("memory with four times the lines", with_eight / with_two, 1.1),
    ];
    let mut fine = ExitCode::SUCCESS;
    for (name, found, limit) in limits {
        if found > limit {
            println!("{name}: {found:.2} is over {limit}");
            fine = ExitCode::FAILURE;
        }
    }
    fine
}
