//! Reads one record on the wire through the whole way: transport, decoding, mapping, the listing's page.

use std::fmt;
use std::sync::{Arc, Mutex};

use base64_text::encoded;
use bytes::Bytes;
use crayon_client::CrayonConfig;
use http::{Request, Response};
use pax8_client::{Pax8Client, Pax8Config, Pax8Provider};
use provider_core::model::{Entity, InvoiceKind};
use provider_core::observe::{Event, EventKind, Observer};
use provider_core::token::MemoryTokenStore;
use provider_core::{
    CustomerQuery, InvoiceLineQuery, InvoiceQuery, OrderQuery, Page, PageRequest, ProductQuery, Provider,
    ReadOptions, Result, Services, SubscriptionQuery, UsageQuery,
};
use provider_http::{Body, HttpOptions, RateLimit, TokioClock, Transport, TransportError};
use provider_testkit::reading::Outcome;
use serde_json::{Value, json};
use streamone_client::StreamOneConfig;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Vendor {
    Crayon,
    Pax8,
    StreamOne,
}

/// What a body is one of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Customer,
    /// The record that only `get` answers.
    WholeCustomer,
    Product,
    /// A row of prices, read as the offers of a product.
    Price,
    Subscription,
    Order,
    Invoice,
    Statement,
    Line,
    /// A record of a statement's file.
    StatementLine,
    Usage,
}

impl Kind {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Customer | Self::WholeCustomer => "customers",
            Self::Product | Self::Price => "products",
            Self::Subscription => "subscriptions",
            Self::Order => "orders",
            Self::Invoice | Self::Statement => "invoices",
            Self::Line | Self::StatementLine => "invoice lines",
            Self::Usage => "usage",
        }
    }
}

/// Answers the calls of one listing: the record where it belongs, and empty lists beside it.
struct Wire {
    vendor: Vendor,
    kind: Kind,
    record: Arc<Mutex<Value>>,
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wire")
    }
}

impl Wire {
    fn answer(&self, path: &str) -> Value {
        let record = self.record.lock().unwrap().clone();
        match self.vendor {
            Vendor::Crayon => self.crayon(&path.to_ascii_lowercase(), record),
            Vendor::Pax8 => self.pax8(path, record),
            Vendor::StreamOne => self.streamone(path, record),
        }
    }

    fn crayon(&self, path: &str, record: Value) -> Value {
        let list = |records: Vec<Value>| json!({ "TotalHits": records.len(), "Items": records });
        match self.kind {
            Kind::WholeCustomer => record,
            Kind::StatementLine if path.contains("billingrecordsfile") => {
                let records = encoded(json!([record]).to_string().as_bytes());
                json!({ "FileName": "records.json", "Data": records })
            }
            Kind::Line if path.contains("/items") => json!([record]),
            Kind::Line if path.contains("/invoices/") => {
                list(vec![json!({ "InvoiceId": "1", "OrderId": "2" })])
            }
            Kind::StatementLine | Kind::Line => list(Vec::new()),
            _ => list(vec![record]),
        }
    }

    fn pax8(&self, path: &str, record: Value) -> Value {
        let page = |records: Vec<Value>| {
            let total = records.len();
            json!({ "content": records, "page": { "size": 200, "totalElements": total, "totalPages": 1, "number": 0 } })
        };
        let own = match self.kind {
            Kind::Customer | Kind::WholeCustomer => path.ends_with("/companies"),
            Kind::Product => path.ends_with("/products"),
            Kind::Price => path.ends_with("/pricing"),
            Kind::Subscription => path.ends_with("/subscriptions"),
            Kind::Order => path.ends_with("/orders"),
            Kind::Invoice | Kind::Statement => path.ends_with("/invoices"),
            Kind::Line | Kind::StatementLine => path.ends_with("/items"),
            Kind::Usage => path.ends_with("/usage-summaries"),
        };
        match self.kind {
            _ if own => page(vec![record]),
            Kind::Price if path.ends_with("/products") => page(vec![json!({ "id": "1", "name": "Example" })]),
            _ => page(Vec::new()),
        }
    }

    fn streamone(&self, path: &str, record: Value) -> Value {
        let name = match self.kind {
            Kind::Customer | Kind::WholeCustomer => "customers",
            Kind::Product | Kind::Price => "products",
            Kind::Order => "orders",
            Kind::Invoice | Kind::Statement | Kind::Line | Kind::StatementLine => {
                return json!({ "success": true, "data": { "invoice": [record] } });
            }
            // One provider has a report; its subscriptions are listed beside it.
            Kind::Usage if path.contains("/api/v3/") => {
                return json!({ "items": [], "paginationResponse": { "totalCount": "0" } });
            }
            Kind::Usage => {
                let own = path.to_ascii_lowercase().contains("azureplan");
                let trees = if own { vec![record] } else { Vec::new() };
                return json!({ "success": true, "data": trees });
            }
            Kind::Subscription => {
                return json!({ "items": [record], "paginationResponse": { "totalCount": "1" } });
            }
        };
        json!({ name: [record] })
    }
}

#[async_trait::async_trait]
impl Transport for Wire {
    async fn send(&self, request: Request<Bytes>) -> std::result::Result<Response<Body>, TransportError> {
        let path = request.uri().path();
        let tokens = ["/connect/token", "/token"].iter().any(|token| path.ends_with(token));
        if self.vendor == Vendor::Pax8 && self.kind == Kind::Order && path.contains("/subscriptions/") {
            // What the lines of an order became is gone.
            let mut gone = Response::new(Body::from_bytes(json!({ "status": 404 }).to_string()));
            *gone.status_mut() = http::StatusCode::NOT_FOUND;
            return Ok(gone);
        }
        let body = if tokens {
            json!({ "access_token": "example", "expires_in": 3600, "token_type": "Bearer", "refresh_token": "next" })
        } else {
            self.answer(path)
        };
        Ok(Response::new(Body::from_bytes(body.to_string())))
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

/// One connection that reads one kind of record.
pub(crate) struct Reader {
    kind: Kind,
    record: Arc<Mutex<Value>>,
    heard: Arc<Heard>,
    provider: Arc<dyn Provider>,
    runtime: tokio::runtime::Runtime,
}

impl Reader {
    pub(crate) fn new(vendor: Vendor, kind: Kind) -> Self {
        let record = Arc::new(Mutex::new(Value::Null));
        let heard = Arc::new(Heard::default());
        let wire = Arc::new(Wire { vendor, kind, record: Arc::clone(&record) });
        let provider = connect(vendor, wire, Arc::clone(&heard) as Arc<dyn Observer>);
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_all().start_paused(true).build().unwrap();
        Self { kind, record, heard, provider, runtime }
    }

    pub(crate) fn read(&self, wire: &Value) -> Outcome {
        *self.record.lock().unwrap() = wire.clone();
        self.heard.0.lock().unwrap().clear();
        let outcome = self.runtime.block_on(self.page());
        let told = self.heard.0.lock().unwrap().clone();
        outcome.unwrap_or_else(|error| Outcome::refused(error.to_string())).with_told(told)
    }

    async fn page(&self) -> Result<Outcome> {
        let (provider, first) = (&self.provider, &PageRequest::default());
        Ok(match self.kind {
            Kind::Customer => of(provider.list_customers(&CustomerQuery::default(), first).await?),
            Kind::WholeCustomer => {
                let whole = provider.get_customer(&"51001".into(), &ReadOptions::default()).await;
                // What would cost a page its record costs the only one here.
                Outcome::of([whole.map(|one| serde_json::to_value(one).unwrap()).map_err(|e| e.to_string())])
            }
            Kind::Product | Kind::Price => {
                of(provider.list_products(&ProductQuery::default().with_offers(true), first).await?)
            }
            Kind::Subscription => {
                of(provider.list_subscriptions(&SubscriptionQuery::default(), first).await?)
            }
            Kind::Order => of(provider.list_orders(&OrderQuery::default(), first).await?),
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
        })
    }

    /// Pax8 tells usage by subscription; ION has a page for each of its providers.
    async fn usage(&self) -> Result<Outcome> {
        let query = UsageQuery::default();
        let query = if self.provider.info().kind == "pax8" { query.subscription("5") } else { query };
        let mut all = Outcome::default();
        let mut request = PageRequest::default();
        loop {
            let page = self.provider.list_usage(&query, &request).await?;
            let next = page.next.clone();
            all.records.extend(of(page).records);
            match next {
                Some(next) => request = PageRequest::at(next),
                None => return Ok(all),
            }
        }
    }
}

fn of<T: Entity>(page: Page<T>) -> Outcome {
    let records = page.items.into_iter().map(|item| match item {
        Ok(record) => Ok(serde_json::to_value(record).unwrap()),
        Err(error) => Err(error.to_string()),
    });
    Outcome::of(records)
}

/// A connection over this transport, in a currency that no body names.
fn connect(vendor: Vendor, wire: Arc<dyn Transport>, observer: Arc<dyn Observer>) -> Arc<dyn Provider> {
    let variable = |name: &str| {
        let value = match name {
            "CRAYON_ORGANIZATION_ID" => "7",
            "STREAMONE_ACCOUNT_ID" => "20001",
            "CRAYON_CURRENCY" | "PAX8_CURRENCY" | "STREAMONE_CURRENCY" => "NOK",
            "CRAYON_CLIENT_ID"
            | "CRAYON_CLIENT_SECRET"
            | "CRAYON_USERNAME"
            | "CRAYON_PASSWORD"
            | "PAX8_CLIENT_ID"
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

mod base64_text {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    pub(super) fn encoded(bytes: &[u8]) -> String {
        let mut text = String::new();
        for chunk in bytes.chunks(3) {
            let three =
                chunk.iter().chain([&0, &0]).take(3).fold(0_u32, |all, byte| all << 8 | u32::from(*byte));
            for at in 0..4 {
                let digit = (three >> (18 - 6 * at)) & 63;
                text.push(if at <= chunk.len() { char::from(ALPHABET[digit as usize]) } else { '=' });
            }
        }
        text
    }
}
