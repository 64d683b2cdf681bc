//! A provider of your own, run through the conformance suite.
//!
//! ```sh
//! cargo run --example custom_provider
//! ```
//!
//! Acme Distribution hands out a price list file instead of an API. It needs `provider-core` only.

use std::io::Write as _;
use std::sync::Arc;

use provider_core::model::{CustomerStatus, Detail, Raw};
use provider_core::verification::Check;
use provider_core::{
    Capabilities, Cursor, Customer, CustomerId, CustomerQuery, Delivery, EntityKind, Error, ErrorKind,
    ItemError, Operation, Page, PageRequest, Provider, ProviderInfo, ReadOptions, Result, Verification,
    async_trait,
};
use provider_examples::{Exit, Failure};
use provider_testkit::conformance::{self, Expectations};
use serde::Deserialize;
use serde_json::value::RawValue;

const FILE: &str = r#"[
    {"no": "A-1", "company": "Example Bakery", "state": "active"},
    {"no": "A-2", "company": "Example Dental Group", "state": "closed"},
    {"no": "A-3", "company": "Harbor Supplies", "state": "under review"}
]"#;

/// One row as Acme writes it.
#[derive(Deserialize)]
struct Row {
    no: String,
    company: String,
    state: String,
}

#[derive(Debug)]
struct Acme {
    info: ProviderInfo,
    capabilities: Capabilities,
    rows: Vec<Box<RawValue>>,
}

impl Acme {
    fn open(connection: &str, file: &str) -> Result<Self> {
        let rows = serde_json::from_str(file)
            .map_err(|e| Error::config("file", "is not a list of JSON objects").with_source(e))?;
        let capabilities = Capabilities::builder()
            .native(Operation::Verify)
            .native(Operation::List(EntityKind::Customer))
            .emulated(Operation::Get(EntityKind::Customer), "found in the file")
            .fields(EntityKind::Customer, ["id", "name", "status", "detail", "raw"])
            .build();
        Ok(Self { info: ProviderInfo::new("acme", connection), capabilities, rows })
    }

    /// A row that cannot be read costs one record, not the page.
    fn customer(row: &RawValue, options: &ReadOptions) -> Result<Customer, ItemError> {
        let read: Row = serde_json::from_str(row.get()).map_err(|e| ItemError::new("", e.to_string()))?;
        let mut customer = Customer::new(read.no, read.company);
        customer.status = Some(match read.state.as_str() {
            "active" => CustomerStatus::Active,
            "closed" => CustomerStatus::Deleted,
            // Not known today: kept as it came.
            other => CustomerStatus::Other(other.to_owned()),
        });
        customer.detail = Detail::Full;
        customer.raw = options.raw.then(|| Raw::from_value(row, &[]));
        Ok(customer)
    }
}

#[async_trait]
impl Provider for Acme {
    fn info(&self) -> &ProviderInfo {
        &self.info
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    async fn verify(&self) -> Verification {
        Verification::default().check(Check::passed("customers", format!("{} rows", self.rows.len())))
    }

    async fn list_customers(&self, query: &CustomerQuery, page: &PageRequest) -> Result<Page<Customer>> {
        // The file cannot be searched: a filter that would be ignored is refused.
        query.only(&[])?;
        // A cursor names where to go on and how many rows a page has.
        let (start, size) = match &page.cursor {
            None => (0, page.size.unwrap_or(100) as usize),
            Some(cursor) => {
                let text = cursor.open(&self.info, query)?;
                let parsed = text.split_once('/').and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
                parsed.ok_or_else(|| Error::new(ErrorKind::InvalidCursor, "the cursor names no row"))?
            }
        };
        let rows = self.rows.iter().skip(start).take(size.max(1));
        let mut answer = Page::new(rows.map(|row| Self::customer(row, &query.options)).collect());
        answer.total = Some(self.rows.len() as u64);
        let next = start + answer.items.len();
        answer.next = (next < self.rows.len())
            .then(|| Cursor::tagged(&self.info, query, format!("{next}/{}", size.max(1))));
        Ok(answer)
    }

    async fn get_customer(&self, id: &CustomerId, options: &ReadOptions) -> Result<Customer> {
        let mut customers = self.rows.iter().filter_map(|row| Self::customer(row, options).ok());
        customers.find(|customer| customer.id == *id).ok_or_else(|| {
            Error::new(ErrorKind::NotFound, format!("there is no customer `{id}` in the file"))
                .with_delivery(Delivery::Rejected)
                .with_provider("acme")
                .with_operation(Operation::Get(EntityKind::Customer))
        })
    }
}

#[tokio::main]
async fn main() -> Exit {
    Exit::of(run()).await
}

async fn run() -> Result<(), Failure> {
    let expectations = Expectations::default()
        .count(EntityKind::Customer, 3)
        .proven([EntityKind::Customer])
        .ended(EntityKind::Customer, "A-2")
        .other(Arc::new(Acme::open("another connection", FILE)?));
    let report = conformance::suite(Arc::new(Acme::open("main", FILE)?), expectations).await;
    writeln!(std::io::stdout(), "{report}")?;
    if report.ok() { Ok(()) } else { Err(Failure::Check("acme does not keep the contract".to_owned())) }
}
