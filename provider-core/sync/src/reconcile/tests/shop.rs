//! A distributor at hand, and what an application has billed.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use provider_core::ItemError;
use provider_core::clock::{BoxFuture, Clock};
use provider_core::model::{InvoiceKind, InvoiceLineKind, InvoiceSide, SubscriptionStatus};
use provider_core::{
    BillingCycle, Capabilities, Customer, CustomerQuery, EntityKind, Error, ErrorKind, Invoice, InvoiceLine,
    InvoiceLineQuery, InvoiceQuery, Operation, Page, PageRequest, Period, Price, Provider, ProviderInfo,
    ReadOptions, Result, Subscription, SubscriptionId, SubscriptionQuery, Term, UsageQuery, UsageRecord,
    async_trait,
};
use rust_decimal::Decimal;

use crate::reconcile::{BilledRow, BilledRows, Comparison, Month, Reconcile, Row, Rules};

/// What the distributor has.
#[derive(Debug, Clone)]
pub(super) struct Shop {
    pub(super) info: ProviderInfo,
    pub(super) capabilities: Capabilities,
    pub(super) subscriptions: Vec<Subscription>,
    pub(super) invoices: Vec<Invoice>,
    pub(super) lines: Vec<InvoiceLine>,
    pub(super) usage: Vec<UsageRecord>,
    /// Subscriptions that cannot be read.
    pub(super) bad: usize,
    /// Subscriptions as each is read by itself.
    pub(super) details: Vec<Subscription>,
    /// Which of them were.
    pub(super) asked: Arc<Calls>,
    /// What a listing is refused with.
    pub(super) refusal: Option<(EntityKind, Error)>,
}

/// The month of all tests, long over.
pub(super) fn month() -> Month {
    "2026-10".parse().unwrap()
}

pub(super) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[derive(Debug)]
struct Stopped(DateTime<Utc>);

impl Clock for Stopped {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }

    fn sleep(&self, _: std::time::Duration) -> BoxFuture<()> {
        Box::pin(std::future::ready(()))
    }
}

pub(super) fn usd(amount: &str) -> Price {
    Price::new(amount.parse().unwrap(), "USD".parse().ok())
}

/// Ten seats at 2.00, which the customer has at 3.00.
pub(super) fn seats(id: &str) -> Subscription {
    let mut seats = Subscription::new(id, "c-1", 10);
    seats.status = SubscriptionStatus::Active;
    seats.billing_cycle = Some(BillingCycle::Monthly);
    seats.starts_at = Some(at("2026-03-05T00:00:00Z"));
    seats.cost = Some(usd("2.00").every(Term::MONTH));
    seats.customer_price = Some(usd("3.00").every(Term::MONTH));
    seats.product.name = Some("Example Suite".to_owned());
    seats
}

/// The line of those seats.
pub(super) fn line(id: &str) -> InvoiceLine {
    let mut line = InvoiceLine::new("inv-1", InvoiceLineKind::Subscription);
    line.subscription = Some(id.into());
    line.customer = Some("c-1".into());
    line.quantity = Some(10.into());
    line.cost = Some(usd("20.00").flat());
    line.sale = Some(usd("30.00").flat());
    line.period = Some(month().period());
    line
}

/// The row that was billed for them.
pub(super) fn billed(id: &str) -> BilledRow {
    let mut row = BilledRow::new(format!("position of {id}"), id);
    row.quantity = Decimal::from(10).into();
    row.amount = Decimal::new(3_000, 2).into();
    row.currency = "USD".parse().ok();
    row
}

pub(super) fn document() -> Invoice {
    let mut invoice = Invoice::new("inv-1", InvoiceKind::Invoice, InvoiceSide::Payable);
    invoice.issued_on = "2026-10-05".parse().ok();
    invoice
}

impl Shop {
    /// A distributor whose lines name their subscription, with these.
    pub(super) fn with(subscriptions: Vec<Subscription>) -> Self {
        let lines = subscriptions.iter().map(|seats| line(seats.id.as_str())).collect();
        let capabilities = Capabilities::builder()
            .native(Operation::List(EntityKind::Subscription))
            .native(Operation::List(EntityKind::Invoice))
            .native(Operation::List(EntityKind::InvoiceLine))
            .native(Operation::List(EntityKind::Usage))
            .fields(EntityKind::InvoiceLine, ["subscription", "cost"])
            .build();
        Self {
            info: ProviderInfo::new("pax8", "shop"),
            capabilities,
            subscriptions,
            invoices: vec![document()],
            lines,
            usage: Vec::new(),
            bad: 0,
            details: Vec::new(),
            asked: Arc::default(),
            refusal: None,
        }
    }

    fn answer<T>(&self, kind: EntityKind, records: Vec<T>) -> Result<Page<T>> {
        if let Some((refused, error)) = &self.refusal
            && *refused == kind
        {
            return Err(error.clone());
        }
        let total = records.len() as u64;
        Ok(Page::new(records).with_total(total))
    }

    pub(super) async fn compare(&self, billed: Vec<BilledRow>) -> Comparison {
        self.compare_by(billed, Rules::default(), "2026-11-20T08:00:00Z").await
    }

    pub(super) async fn compare_by(&self, billed: Vec<BilledRow>, rules: Rules, now: &str) -> Comparison {
        let source = Arc::new(BilledRows::new(billed));
        let compared = Reconcile::new(Arc::new(self.clone()), month())
            .rules(rules)
            .billed(source)
            .clock(Arc::new(Stopped(at(now))));
        compared.run().await.unwrap()
    }

    /// Without anything that says what was billed.
    pub(super) async fn compare_alone(&self) -> Comparison {
        let compared = Reconcile::new(Arc::new(self.clone()), month());
        compared.clock(Arc::new(Stopped(at("2026-11-20T08:00:00Z")))).run().await.unwrap()
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

    async fn list_customers(&self, _: &CustomerQuery, _: &PageRequest) -> Result<Page<Customer>> {
        self.answer(EntityKind::Customer, vec![Customer::new("c-1", "Example Bakery")])
    }

    async fn list_subscriptions(&self, _: &SubscriptionQuery, _: &PageRequest) -> Result<Page<Subscription>> {
        let mut page = self.answer(EntityKind::Subscription, self.subscriptions.clone())?;
        for _ in 0..self.bad {
            page.items.push(Err(ItemError::new("quantity", "is no number")));
            page.on_wire += 1;
            page.total = page.total.map(|total| total + 1);
        }
        Ok(page)
    }

    async fn get_subscription(&self, id: &SubscriptionId, _: &ReadOptions) -> Result<Subscription> {
        self.asked.0.lock().unwrap().push(Some(id.to_string()));
        let found = self.details.iter().find(|seats| seats.id == *id).cloned();
        found.ok_or_else(|| Error::new(ErrorKind::NotFound, "it has gone"))
    }

    async fn list_invoices(&self, _: &InvoiceQuery, _: &PageRequest) -> Result<Page<Invoice>> {
        self.answer(EntityKind::Invoice, self.invoices.clone())
    }

    async fn list_invoice_lines(
        &self,
        query: &InvoiceLineQuery,
        _: &PageRequest,
    ) -> Result<Page<InvoiceLine>> {
        let of = |line: &&InvoiceLine| query.invoice.as_ref().is_none_or(|wanted| line.invoice == *wanted);
        self.answer(EntityKind::InvoiceLine, self.lines.iter().filter(of).cloned().collect())
    }

    async fn list_usage(&self, _: &UsageQuery, _: &PageRequest) -> Result<Page<UsageRecord>> {
        self.answer(EntityKind::Usage, self.usage.clone())
    }
}

/// The only row.
pub(super) fn only(compared: &Comparison) -> Row {
    let rows: Vec<_> = compared.rows().collect();
    assert_eq!(rows.len(), 1, "{rows:#?}");
    rows.into_iter().next().unwrap()
}

pub(super) fn elsewhere() -> Period {
    month().before().period()
}

/// Kept so that a source or a distributor can tell how it was asked.
#[derive(Debug, Default)]
pub(super) struct Calls(pub(super) Mutex<Vec<Option<String>>>);
