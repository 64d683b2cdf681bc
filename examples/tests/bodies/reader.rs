//! Reads one record on the wire through the whole way: transport, decoding, mapping, the listing's page.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use chrono::NaiveDate;
use crayon_client::CrayonConfig;
use pax8_client::{Pax8Client, Pax8Config, Pax8Provider};
use provider_core::model::{Entity, InvoiceKind};
use provider_core::observe::{Event, EventKind, Observer};
use provider_core::token::MemoryTokenStore;
use provider_core::{
    CustomerQuery, InvoiceLineQuery, InvoiceQuery, OrderQuery, Page, PageRequest, Period, ProductQuery,
    Provider, ReadOptions, Result, Services, SubscriptionQuery, UsageQuery,
};
use provider_http::{HttpOptions, RateLimit, TokioClock, Transport};
use provider_testkit::reading::Reading;
use serde_json::Value;
use streamone_client::StreamOneConfig;

use crate::wire::Wire;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Vendor {
    Crayon,
    Pax8,
    StreamOne,
}

/// What a body is one of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Customer,
    /// The record that only `get` answers.
    WholeCustomer,
    Product,
    /// A product as `get` answers it, with its prices and commitments beside it.
    WholeProduct,
    /// A row of prices, read as the offers of a product.
    Price,
    Subscription,
    Order,
    /// A subscription, read as what an order became that no list has.
    WholeOrder,
    Invoice,
    Statement,
    Line,
    /// A record of a statement's file.
    StatementLine,
    Usage,
    /// What was used on one day.
    UsageLine,
}

impl Kind {
    pub(crate) const ALL: [Self; 14] = [
        Self::Customer,
        Self::WholeCustomer,
        Self::Product,
        Self::WholeProduct,
        Self::Price,
        Self::Subscription,
        Self::Order,
        Self::WholeOrder,
        Self::Invoice,
        Self::Statement,
        Self::Line,
        Self::StatementLine,
        Self::Usage,
        Self::UsageLine,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Customer | Self::WholeCustomer => "customers",
            Self::Product | Self::WholeProduct | Self::Price => "products",
            Self::Subscription => "subscriptions",
            Self::Order | Self::WholeOrder => "orders",
            Self::Invoice | Self::Statement => "invoices",
            Self::Line | Self::StatementLine => "invoice lines",
            Self::Usage | Self::UsageLine => "usage",
        }
    }
}

#[derive(Debug, Default)]
struct Heard(Mutex<Vec<String>>);

impl Observer for Heard {
    fn event(&self, event: &Event) {
        let told = match &event.what {
            EventKind::UnknownValue { field, value, .. } => format!("{field}: {value}"),
            EventKind::BadMember { path, .. } | EventKind::BadItem { path, .. } => path.clone(),
            _ => return,
        };
        self.0.lock().unwrap().push(told);
    }
}

static READS: AtomicUsize = AtomicUsize::new(0);

/// One connection that reads one kind of record.
pub(crate) struct Reader {
    vendor: Vendor,
    kind: Kind,
    record: Arc<Mutex<Value>>,
    heard: Arc<Heard>,
    provider: Arc<dyn Provider>,
    runtime: tokio::runtime::Runtime,
}

impl Reader {
    /// How often a record was read, by all of them.
    pub(crate) fn reads() -> usize {
        READS.load(Ordering::Relaxed)
    }

    pub(crate) fn new(vendor: Vendor, kind: Kind) -> Self {
        let record = Arc::new(Mutex::new(Value::Null));
        let heard = Arc::new(Heard::default());
        let wire = Arc::new(Wire { vendor, kind, record: Arc::clone(&record) });
        let provider = connect(vendor, wire, Arc::clone(&heard) as Arc<dyn Observer>);
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_all().start_paused(true).build().unwrap();
        Self { vendor, kind, record, heard, provider, runtime }
    }

    pub(crate) fn read(&self, wire: &Value) -> Reading {
        READS.fetch_add(1, Ordering::Relaxed);
        *self.record.lock().unwrap() = wire.clone();
        self.heard.0.lock().unwrap().clear();
        let outcome = self.runtime.block_on(self.page());
        let told = self.heard.0.lock().unwrap().clone();
        outcome.unwrap_or_else(|error| Reading::refused(error.to_string())).with_told(told)
    }

    async fn page(&self) -> Result<Reading> {
        let (provider, first) = (&self.provider, &PageRequest::default());
        Ok(match self.kind {
            Kind::Customer => of(provider.list_customers(&CustomerQuery::default(), first).await?),
            Kind::WholeCustomer => {
                let whole = provider.get_customer(&"51001".into(), &ReadOptions::default()).await;
                // What would cost a page its record costs the only one here.
                Reading::of([whole.map(|one| serde_json::to_value(one).unwrap()).map_err(|e| e.to_string())])
            }
            Kind::WholeOrder => {
                let order = "51001/5e6f7081-92a3-44b5-86c7-d8e9f0a1b2c4";
                let whole = provider.get_order(&order.into(), &ReadOptions::default()).await;
                Reading::of([whole.map(|one| serde_json::to_value(one).unwrap()).map_err(|e| e.to_string())])
            }
            Kind::WholeProduct => {
                let whole = provider.get_product(&"1".into(), &ReadOptions::default()).await;
                Reading::of([whole.map(|one| serde_json::to_value(one).unwrap()).map_err(|e| e.to_string())])
            }
            Kind::Product | Kind::Price => {
                of(provider.list_products(&ProductQuery::default().with_offers(true), first).await?)
            }
            Kind::Subscription => {
                of(provider.list_subscriptions(&SubscriptionQuery::default(), first).await?)
            }
            Kind::Order => of(provider.list_orders(&OrderQuery::default(), first).await?),
            Kind::Invoice if self.vendor == Vendor::StreamOne => {
                self.every(async |page| provider.list_invoices(&InvoiceQuery::default(), page).await).await?
            }
            Kind::Line if self.vendor == Vendor::StreamOne => {
                let query = InvoiceLineQuery::default().invoice("1");
                self.every(async |page| provider.list_invoice_lines(&query, page).await).await?
            }
            Kind::Invoice => {
                of(provider.list_invoices(&InvoiceQuery::default().kind(InvoiceKind::Invoice), first).await?)
            }
            Kind::Statement => of(provider
                .list_invoices(&InvoiceQuery::default().kind(InvoiceKind::Statement), first)
                .await?),
            Kind::Line => {
                of(provider.list_invoice_lines(&InvoiceLineQuery::default().invoice("7/2/1"), first).await?)
            }
            Kind::StatementLine => {
                of(provider.list_invoice_lines(&InvoiceLineQuery::default().invoice("930001"), first).await?)
            }
            Kind::Usage => self.usage().await?,
            Kind::UsageLine => {
                let day = NaiveDate::from_ymd_opt(2026, 3, 14).unwrap();
                let query = UsageQuery::default().subscription("5");
                let query = query.period(Period::inclusive_days(day, day)?);
                of(provider.list_usage(&query, first).await?)
            }
        })
    }

    /// Pax8 tells usage by subscription; ION has a page for each of its providers.
    async fn usage(&self) -> Result<Reading> {
        let query = UsageQuery::default();
        let query = if self.vendor == Vendor::Pax8 { query.subscription("5") } else { query };
        self.every(async |page| self.provider.list_usage(&query, page).await).await
    }

    /// All pages of a listing.
    async fn every<T: Entity>(&self, read: impl AsyncFn(&PageRequest) -> Result<Page<T>>) -> Result<Reading> {
        let mut all = Reading::default();
        let mut request = PageRequest::default();
        loop {
            let page = read(&request).await?;
            let next = page.next.clone();
            all.records.extend(of(page).records);
            match next {
                Some(next) => request = PageRequest::at(next),
                None => return Ok(all),
            }
        }
    }
}

fn of<T: Entity>(page: Page<T>) -> Reading {
    let records = page.items.into_iter().map(|item| match item {
        Ok(record) => Ok(serde_json::to_value(record).unwrap()),
        Err(error) => Err(error.to_string()),
    });
    Reading::of(records)
}

/// A connection over this transport, in a currency that no body names.
fn connect(vendor: Vendor, wire: Arc<dyn Transport>, observer: Arc<dyn Observer>) -> Arc<dyn Provider> {
    // Each is an account of its own: the limits of one are for all its connections.
    static ACCOUNTS: AtomicUsize = AtomicUsize::new(20_001);
    let account = ACCOUNTS.fetch_add(1, Ordering::Relaxed).to_string();
    let variable = |name: &str| {
        let value = match name {
            "CRAYON_CLIENT_ID" | "PAX8_CLIENT_ID" | "STREAMONE_ACCOUNT_ID" => &account,
            "CRAYON_ORGANIZATION_ID" => "7",
            "CRAYON_CURRENCY" | "PAX8_CURRENCY" | "STREAMONE_CURRENCY" => "NOK",
            "CRAYON_CLIENT_SECRET"
            | "CRAYON_USERNAME"
            | "CRAYON_PASSWORD"
            | "PAX8_CLIENT_SECRET"
            | "STREAMONE_REFRESH_TOKEN"
            | "STREAMONE_API_KEY"
            | "STREAMONE_API_SECRET" => "example-secret",
            _ => return None,
        };
        Some(value.to_owned())
    };
    let options = HttpOptions::default().transport(wire);
    let services = Services::default()
        .with_clock(Arc::new(TokioClock::default()))
        .with_token_store(Arc::new(MemoryTokenStore::default()))
        .with_observer(observer)
        .without_journal();
    let provider = match vendor {
        Vendor::Crayon => {
            CrayonConfig::from_vars(variable).unwrap().unwrap().with_http(options).connect(&services)
        }
        Vendor::Pax8 => {
            let config = Pax8Config::from_vars(variable).unwrap().unwrap().with_http(options);
            // Thousands of calls are made here, and none of them to Pax8.
            let client = Pax8Client::builder(config.clone()).rate(RateLimit::unlimited()).services(&services);
            return Arc::new(Pax8Provider::new(client.build().unwrap(), &config));
        }
        Vendor::StreamOne => {
            StreamOneConfig::from_vars(variable).unwrap().unwrap().with_http(options).connect(&services)
        }
    };
    provider.unwrap()
}
