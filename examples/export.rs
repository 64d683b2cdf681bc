//! Streams one kind of record, one normalised record a line. Memory stays flat.
//!
//! ```sh
//! cargo run --example export -- --provider pax8 --entity customers [--format ndjson|csv] [--out FILE]
//!     [--limit N] [--page-size N] [--prefetch N] [--offers] [--raw]
//! ```

mod export_columns;
mod export_rate;
mod export_writer;

use std::path::PathBuf;
use std::sync::Arc;

use clap::{Parser, ValueEnum};
use export_writer::Writer;
use provider_core::model::Entity;
use provider_core::page::UnprovenReason;
use provider_core::query::Priority;
use provider_core::{
    Completeness, CustomerQuery, EntityKind, Error, ErrorKind, InvoiceLineQuery, InvoiceQuery, Listing,
    OrderQuery, ProductQuery, Provider, ProviderExt, SubscriptionQuery, UsageQuery,
};
use provider_examples::{Connections, Exit, Failure, Kind};

/// Streams one kind of record, one normalised record a line.
#[derive(Parser)]
struct Flags {
    /// Which distributor: crayon, pax8 or streamone.
    #[arg(long)]
    provider: Kind,
    /// What to export.
    #[arg(long)]
    entity: EntityName,
    /// One JSON object a line, or CSV with the nested parts as JSON.
    #[arg(long, default_value = "ndjson")]
    format: Format,
    /// Where to write; stdout without it.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Stop after so many records.
    #[arg(long)]
    limit: Option<u64>,
    /// How many records a page should have.
    #[arg(long)]
    page_size: Option<u32>,
    /// How many pages may be in flight: 1 to 16.
    #[arg(long, value_parser = clap::value_parser!(u8).range(1..=16))]
    prefetch: Option<u8>,
    /// Products with their prices.
    #[arg(long)]
    offers: bool,
    /// Keep each record's own JSON.
    #[arg(long)]
    raw: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Ndjson,
    Csv,
}

#[derive(Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
enum EntityName {
    Customers,
    Products,
    Subscriptions,
    Orders,
    Invoices,
    InvoiceLines,
    Usage,
}

#[tokio::main]
async fn main() -> Exit {
    Exit::of(run(Flags::parse())).await
}

async fn run(flags: Flags) -> Result<(), Failure> {
    let connections = Connections::open(Some(flags.provider)).await?;
    let provider = connections.one()?;
    let kind = match flags.entity {
        EntityName::Customers => EntityKind::Customer,
        EntityName::Products => EntityKind::Product,
        EntityName::Subscriptions => EntityKind::Subscription,
        EntityName::Orders => EntityKind::Order,
        EntityName::Invoices => EntityKind::Invoice,
        EntityName::InvoiceLines => EntityKind::InvoiceLine,
        EntityName::Usage => EntityKind::Usage,
    };
    let mut writer = Writer::open(flags.out.as_deref(), matches!(flags.format, Format::Csv), kind)?;
    export(provider, &flags, &mut writer).await?;
    writer.finish()?;
    connections.close().await
}

async fn export(provider: &Arc<dyn Provider>, flags: &Flags, writer: &mut Writer) -> Result<(), Failure> {
    let (raw, bulk) = (flags.raw, Priority::Bulk);
    match flags.entity {
        EntityName::Customers => {
            let query = CustomerQuery::default().raw(raw).priority(bulk);
            drain(provider.customers(query), flags, writer).await
        }
        EntityName::Products => {
            let query = ProductQuery::default().with_offers(flags.offers).raw(raw).priority(bulk);
            drain(provider.products(query), flags, writer).await
        }
        EntityName::Subscriptions => {
            let query = SubscriptionQuery::default().raw(raw).priority(bulk);
            drain(provider.subscriptions(query), flags, writer).await
        }
        EntityName::Orders => {
            drain(provider.orders(OrderQuery::default().raw(raw).priority(bulk)), flags, writer).await
        }
        EntityName::Invoices => {
            drain(provider.invoices(InvoiceQuery::default().raw(raw).priority(bulk)), flags, writer).await
        }
        EntityName::InvoiceLines => invoice_lines(provider, flags, writer).await,
        EntityName::Usage => {
            drain(provider.usage(UsageQuery::default().raw(raw).priority(bulk)), flags, writer).await
        }
    }
}

/// Distributors list lines per document, so the documents come first. A document or a line that cannot be read is no
/// reason to leave out the lines of the others.
async fn invoice_lines(
    provider: &Arc<dyn Provider>,
    flags: &Flags,
    writer: &mut Writer,
) -> Result<(), Failure> {
    let mut invoices = provider.invoices(InvoiceQuery::default().priority(Priority::Bulk));
    let report = invoices.report();
    let mut short = 0_u64;
    // Why it is not proven that these are all documents.
    let mut documents = None;
    while let Some(invoice) = invoices.next().await {
        let invoice = match invoice {
            Ok(invoice) => invoice,
            Err(error) if error.is_item() => {
                writer.note(&error.to_string());
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        let left = flags.limit.map(|limit| limit.saturating_sub(writer.written()));
        if left == Some(0) {
            documents = Some(UnprovenReason::Limited);
            break;
        }
        let noun = format!("invoice lines of {}", invoice.id);
        let query = InvoiceLineQuery::default().invoice(invoice.id).raw(flags.raw).priority(Priority::Bulk);
        let mut lines = shape(provider.invoice_lines(query), flags);
        if let Some(left) = left {
            lines = lines.limit(left);
        }
        match copy(lines, &noun, writer).await {
            Ok(None) => {}
            Ok(Some(short_of)) => {
                writer.note(&short_of);
                short += 1;
            }
            Err(Failure::Provider(error)) if is_of_one_document(&error) => {
                writer.note(&error.to_string());
                short += 1;
            }
            Err(failure) => return Err(failure),
        }
    }
    if documents.is_none()
        && let Completeness::Unproven(reason) = report.completeness()
    {
        documents = Some(reason);
    }
    // Of each document it is said by itself; that there may be more of them nobody has said yet.
    if let Some(reason) = documents {
        let lines = writer.written();
        writer.note(&format!("{lines} invoice lines; not proven to be those of all invoices: {reason}"));
    }
    if report.bad() == 0 && short == 0 {
        return Ok(());
    }
    Err(Failure::Check(format!(
        "{} invoices could not be read, and some lines of {short} others",
        report.bad()
    )))
}

/// True where the lines of a document cannot be had however often they are asked for, and those of others can.
fn is_of_one_document(error: &Error) -> bool {
    use ErrorKind as K;
    matches!(error.kind(), K::NotFound | K::InvalidInput | K::Decode | K::Unsupported)
}

fn shape<T: Entity>(mut listing: Listing<T>, flags: &Flags) -> Listing<T> {
    if let Some(size) = flags.page_size {
        listing = listing.page_size(size);
    }
    if let Some(pages) = flags.prefetch {
        listing = listing.prefetch(pages.into());
    }
    listing
}

async fn drain<T: Entity>(listing: Listing<T>, flags: &Flags, writer: &mut Writer) -> Result<(), Failure> {
    let mut listing = shape(listing, flags);
    if let Some(limit) = flags.limit {
        listing = listing.limit(limit);
    }
    match copy(listing, &T::KIND.plural().replace('_', " "), writer).await? {
        Some(short_of) => Err(Failure::Check(short_of)),
        None => Ok(()),
    }
}

/// Writes every record and says how complete the listing was. Answers what is missing where records could not be read.
async fn copy<T: Entity>(
    mut listing: Listing<T>,
    noun: &str,
    writer: &mut Writer,
) -> Result<Option<String>, Failure> {
    let report = listing.report();
    writer.begin();
    while let Some(record) = listing.next().await {
        match record {
            Ok(record) => writer.write(&record, report.declared())?,
            Err(error) if error.is_item() => writer.note(&error.to_string()),
            Err(error) => {
                let declared = report.declared().map_or("an unknown number".to_owned(), |n| n.to_string());
                writer.note(&format!("received {} of {declared} {noun}", report.received()));
                return Err(error.into());
            }
        }
    }
    match report.completeness() {
        // As many as were declared came; what cannot be read is missing in the output all the same.
        Completeness::Proven | Completeness::Unproven(UnprovenReason::BadRecord) if report.bad() > 0 => {
            Ok(Some(format!("{} of {} {noun} could not be read", report.bad(), report.received())))
        }
        Completeness::Unproven(reason) => {
            writer.note(&format!("{} {noun}; not proven to be all of them: {reason}", report.records()));
            Ok(None)
        }
        _ => Ok(None),
    }
}
