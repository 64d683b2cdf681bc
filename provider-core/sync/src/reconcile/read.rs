//! The sides, read by what the distributor can tell.

use std::sync::Arc;

use chrono::{Datelike, Months, NaiveDate};
use provider_core::model::{Entity, InvoiceKind, InvoiceLineKind, InvoiceSide, UsageKind};
use provider_core::page::UnprovenReason;
use provider_core::query::Priority;
use provider_core::{
    Completeness, CustomerQuery, EntityKind, Error, ErrorKind, Invoice, InvoiceLineQuery, InvoiceQuery,
    Listing, Operation, Period, Provider, ProviderExt as _, Result, SubscriptionQuery, UsageQuery,
};

use super::billed::BilledSource;
use super::books::Books;
use super::charges::may_be_here;
use super::comparison::{Documents, SideReport};
use super::judge::Told;
use super::money::Money;
use super::remark::Remark;
use crate::target::TargetError;

/// Billed rows of one page.
const PAGE: usize = 1_000;

/// What tells what was invoiced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Teller {
    Lines,
    Usage,
    Documents,
    Nothing,
}

/// By which records the distributor tells what it invoiced for a subscription.
pub(super) fn teller(provider: &dyn Provider) -> Teller {
    let capabilities = provider.capabilities();
    let lists = |kind| capabilities.support(Operation::List(kind)).is_supported();
    let fills = |kind, field: &str| capabilities.fields(kind).any(|known| known == field);
    if lists(EntityKind::InvoiceLine) && fills(EntityKind::InvoiceLine, "subscription") {
        Teller::Lines
    } else if lists(EntityKind::Usage)
        && fills(EntityKind::Usage, "subscription")
        && fills(EntityKind::Usage, "cost")
    {
        Teller::Usage
    } else if lists(EntityKind::Invoice) {
        Teller::Documents
    } else {
        Teller::Nothing
    }
}

/// What came of a side.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) told: Told,
    pub(super) report: SideReport,
    pub(super) documents: Vec<Documents>,
    /// Whether what is paid afterwards has come.
    pub(super) settled: bool,
}

impl Read {
    fn of(from: &str, records: u64, told: Told) -> Self {
        let report = SideReport::new(from, records, told == Told::Whole);
        Self { told, report, documents: Vec::new(), settled: true }
    }
}

/// Whether a listing that came to its end has everything.
fn told(completeness: &Completeness) -> Told {
    match completeness {
        // It was read to its end; most distributors declare no total, or give no ids to count by.
        Completeness::Proven | Completeness::Unproven(UnprovenReason::NoTotal | UnprovenReason::NoId) => {
            Told::Whole
        }
        _ => Told::Partly,
    }
}

/// Reads a listing to its end; records that cannot be read are said, and cost the side its completeness.
async fn each<T: Entity>(
    mut listing: Listing<T>,
    mut take: impl FnMut(T),
) -> Result<(u64, Told, Option<String>)> {
    let report = listing.report();
    let (mut records, mut why) = (0, None);
    while let Some(record) = listing.next().await {
        match record {
            Ok(record) => {
                records += 1;
                take(record);
            }
            Err(error) if error.is_item() => why = Some(error.to_string()),
            Err(error) if error.kind() == ErrorKind::Incomplete => {
                return Ok((records, Told::Partly, Some(error.to_string())));
            }
            Err(error) => return Err(error),
        }
    }
    let completeness = report.completeness();
    let told = if why.is_some() { Told::Partly } else { told(&completeness) };
    if told == Told::Partly && why.is_none() {
        why = Some(completeness.to_string());
    }
    Ok((records, told, why))
}

/// Whether the distributor does not offer this on this connection, rather than being in trouble.
pub(super) fn is_absent(error: &Error) -> bool {
    use ErrorKind as K;
    matches!(error.kind(), K::Unsupported | K::Config | K::PermissionDenied | K::NotFound)
}

fn noted(books: &mut Books, side: &str, read: &Read, why: Option<String>) {
    if let Some(why) = why {
        books.remarks.add(Remark::SideIncomplete { side: side.to_owned(), why });
    }
    if read.report.records == 0 && read.told != Told::No {
        books.remarks.add(Remark::SideEmpty { side: side.to_owned() });
    }
}

fn missing(books: &mut Books, side: &str, why: String) {
    books.remarks.add(Remark::SideMissing { side: side.to_owned(), why });
}

pub(super) async fn customers(provider: &Arc<dyn Provider>, books: &mut Books) -> Result<()> {
    let query = CustomerQuery::default().priority(Priority::Bulk);
    let read = each(provider.customers(query), |customer| books.named(&customer.id, &customer.name)).await;
    match read {
        // Without names the ids stand there.
        Err(error) if is_absent(&error) => Ok(()),
        read => read.map(drop),
    }
}

pub(super) async fn ordered(provider: &Arc<dyn Provider>, books: &mut Books) -> Result<Read> {
    let query = SubscriptionQuery::default().priority(Priority::Bulk);
    match each(provider.subscriptions(query), |seats| books.ordered(&seats)).await {
        Ok((records, told, why)) => {
            // Of an empty list nothing is concluded: a right may have been withdrawn.
            let told = if records == 0 { Told::Partly } else { told };
            let read = Read::of("subscriptions", records, told);
            noted(books, "ordered", &read, why);
            Ok(read)
        }
        Err(error) if is_absent(&error) => {
            missing(books, "ordered", error.to_string());
            Ok(Read::of("nothing", 0, Told::No))
        }
        Err(error) => Err(error),
    }
}

pub(super) async fn invoiced(provider: &Arc<dyn Provider>, books: &mut Books) -> Result<Read> {
    let read = match teller(&**provider) {
        Teller::Lines => lines(provider, books).await,
        Teller::Usage => usage(provider, books).await,
        Teller::Documents => documents(provider, books).await,
        Teller::Nothing => {
            missing(books, "invoiced", "this distributor's API lists no invoices".to_owned());
            Ok(Read::of("nothing", 0, Told::No))
        }
    };
    match read {
        Err(error) if is_absent(&error) => {
            missing(books, "invoiced", error.to_string());
            Ok(Read::of("nothing", 0, Told::No))
        }
        read => read,
    }
}

/// The days on which the invoices that are read were issued.
fn issued(books: &Books) -> (NaiveDate, NaiveDate) {
    let (start, end) = (books.month.start.date_naive(), books.month.end.date_naive());
    let from = start.checked_sub_months(Months::new(books.rules.months_before())).unwrap_or(start);
    let before = end.checked_add_months(Months::new(books.rules.invoices.after)).unwrap_or(end);
    (from, before)
}

/// Whether a document belongs to the month: by the time it covers, else by its day.
fn is_own(invoice: &Invoice, month: Period) -> bool {
    match (invoice.period, invoice.issued_on) {
        (Some(period), _) => period.start < month.end && period.end > month.start,
        (None, Some(day)) => {
            let start = month.start.date_naive();
            (day.year(), day.month()) == (start.year(), start.month())
        }
        (None, None) => false,
    }
}

/// The documents that may have lines of the month, and count.
async fn counted(
    provider: &Arc<dyn Provider>,
    books: &mut Books,
) -> Result<(Vec<Invoice>, Told, Option<String>)> {
    let (from, before) = issued(books);
    let base = InvoiceQuery::default()
        .kind(InvoiceKind::Invoice)
        .side(InvoiceSide::Payable)
        .priority(Priority::Bulk);
    let mut all = Vec::new();
    let narrow = base.clone().issued_from(from).issued_before(before);
    let mut read = each(provider.invoices(narrow), |invoice| all.push(invoice)).await;
    if matches!(&read, Err(error) if error.kind() == ErrorKind::InvalidInput) {
        // A distributor that filters by no date lists them all.
        all.clear();
        read = each(provider.invoices(base), |invoice| all.push(invoice)).await;
    }
    let (_, told, why) = read?;
    let in_time = |invoice: &Invoice| {
        invoice.issued_on.is_none_or(|day| day >= from && day < before)
            && invoice
                .period
                .is_none_or(|period| period.start.date_naive() < before && period.end.date_naive() > from)
    };
    all.retain(in_time);
    let statuses = books.rules.invoices.statuses.clone();
    let (counting, left): (Vec<_>, Vec<_>) = all
        .into_iter()
        .partition(|invoice| invoice.status.as_ref().is_none_or(|status| statuses.contains(status)));
    for invoice in left.iter().filter(|invoice| is_own(invoice, books.month)) {
        let status = invoice.status.as_ref().map(ToString::to_string).unwrap_or_default();
        books.remarks.add(Remark::InvoiceLeft { invoice: invoice.id.to_string(), status });
    }
    Ok((counting, told, why))
}

async fn lines(provider: &Arc<dyn Provider>, books: &mut Books) -> Result<Read> {
    let (invoices, mut whole, mut why) = counted(provider, books).await?;
    let (mut records, mut all, mut named, mut nameless) = (0, 0_u64, 0_u64, 0_u64);
    let (month, rules) = (books.month, books.rules.clone());
    for invoice in &invoices {
        let own = is_own(invoice, month);
        let query = InvoiceLineQuery::default().invoice(invoice.id.clone()).priority(Priority::Bulk);
        let lines = each(provider.invoice_lines(query), |line| {
            all += 1;
            named += u64::from(line.subscription.is_some());
            let unnamed = line.subscription.is_none() && is_charge(&line.kind);
            nameless += u64::from(unnamed && may_be_here(line.period, month, own, &rules));
            books.line(&line, own);
        });
        let (lines, told, problem) = lines.await?;
        if own {
            records += lines;
        }
        if told != Told::Whole {
            whole = Told::Partly;
            why = problem.or(why);
        }
    }
    if all > 0 && named == 0 {
        // What names nobody tells nothing of anybody.
        return Ok(totals(books, &invoices));
    }
    if nameless > 0 {
        // Any of them may be the one that is missing.
        whole = Told::Partly;
        why = why.or_else(|| Some(format!("{nameless} lines of the month name no subscription")));
    }
    if records == 0 {
        // Without any document of the month nothing is missing on it.
        whole = Told::Partly;
        why = why.or_else(|| Some("no invoice of the month counts".to_owned()));
    }
    let end = month.end.date_naive();
    let settled = invoices.iter().any(|invoice| invoice.issued_on.is_some_and(|day| day >= end));
    let read = Read { settled, ..Read::of("lines", records, whole) };
    noted(books, "invoiced", &read, why);
    Ok(read)
}

async fn usage(provider: &Arc<dyn Provider>, books: &mut Books) -> Result<Read> {
    let query = UsageQuery::default().period(books.month).priority(Priority::Bulk);
    let mut nameless = 0_u64;
    let read = each(provider.usage(query), |record| {
        // What the vendor's own id names is of none that is listed; what nothing names may be of any.
        let unnamed = record.subscription.is_none() && record.vendor_subscription_id.is_none();
        nameless += u64::from(unnamed && record.kind != Some(UsageKind::Credit));
        books.used(&record);
    });
    let (records, mut told, mut why) = read.await?;
    if nameless > 0 {
        told = Told::Partly;
        why = why.or_else(|| Some(format!("{nameless} records of the month name no subscription")));
    }
    let told = if records == 0 { Told::Partly } else { told };
    let read = Read::of("usage", records, told);
    noted(books, "invoiced", &read, why);
    Ok(read)
}

/// Whether a line charges for units, rather than for a service of the distributor or back.
fn is_charge(kind: &InvoiceLineKind) -> bool {
    use InvoiceLineKind as Kind;
    !matches!(kind, Kind::Fee | Kind::Tax | Kind::Credit | Kind::Rebate)
}

async fn documents(provider: &Arc<dyn Provider>, books: &mut Books) -> Result<Read> {
    let (invoices, _, why) = counted(provider, books).await?;
    let read = totals(books, &invoices);
    noted(books, "invoiced", &read, why);
    Ok(read)
}

/// Totals alone: they are said, and no row rests on them.
fn totals(books: &mut Books, invoices: &[Invoice]) -> Read {
    let own: Vec<_> = invoices.iter().filter(|invoice| is_own(invoice, books.month)).collect();
    let mut documents: Vec<Documents> = Vec::new();
    for total in own.iter().filter_map(|invoice| invoice.total.as_ref()) {
        let known = documents.iter_mut().find(|known| {
            known.total.currency == total.currency && known.total.currency_as_sent == total.currency_as_sent
        });
        match known {
            Some(known) => {
                let mut sum = Money::Sum(known.total.amount, known.total.currency);
                sum.add(Money::Sum(total.amount, total.currency));
                known.count += 1;
                known.total.amount = sum.amount().unwrap_or(known.total.amount);
            }
            None => documents.push(Documents { count: 1, total: total.clone() }),
        }
    }
    missing(books, "invoiced", "the lines of this distributor's invoices name no subscription".to_owned());
    Read { documents, ..Read::of("documents", own.len() as u64, Told::No) }
}

pub(super) async fn billed(
    source: Option<&Arc<dyn BilledSource>>,
    books: &mut Books,
) -> Result<Read, TargetError> {
    let Some(source) = source else {
        missing(
            books,
            "billed",
            "nothing says where it is: `[reconcile.billed]` of the plan names the table".to_owned(),
        );
        return Ok(Read::of("nothing", 0, Told::No));
    };
    let (mut after, mut records) = (None, 0);
    let (mut whole, mut nameless, mut unplaced) = (Told::Whole, 0_u64, 0_u64);
    loop {
        let page = source.read(books.month, after.as_ref(), PAGE).await?;
        unplaced += page.unplaced;
        for row in &page.rows {
            records += 1;
            if row.subscription.as_deref().is_none_or(|id| id.trim().is_empty()) {
                nameless += 1;
            }
            books.billed(row);
        }
        match page.next {
            Some(next) if after.as_ref() != Some(&next) => after = Some(next),
            Some(_) => {
                whole = Told::Partly;
                break;
            }
            None => break,
        }
    }
    let mut why = None;
    if nameless > 0 {
        // Any of them may be the one that is missing.
        whole = Told::Partly;
        why = Some(format!("{nameless} rows name no subscription"));
    }
    if unplaced > 0 {
        whole = Told::Partly;
        why = Some(format!(
            "the month of {unplaced} rows cannot be read: it is written as 2026-10 or 2026-10-31"
        ));
    }
    if records == 0 {
        whole = Told::Partly;
    }
    let read = Read::of("application", records, whole);
    noted(books, "billed", &read, why);
    Ok(read)
}
