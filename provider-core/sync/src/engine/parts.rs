//! The listings that a kind is read through: one for most, one a month or one a document for what is billed.

use std::sync::Arc;

use chrono::{DateTime, Datelike, Months, NaiveDate, Utc};
use provider_core::{
    Customer, Delivery, Error, ErrorKind, Invoice, InvoiceLine, InvoiceQuery, Order, PageRequest, Period,
    Product, Provider, ProviderExt, Result, Subscription, SubscriptionQuery, UsageRecord, async_trait,
};

use super::records::Record;
use crate::plan::CheckedKind;
use crate::plan::queries::{self, Misused};

/// One listing of several.
#[derive(Debug, Clone)]
pub(super) struct Part<Q> {
    /// Its name, the same in every run.
    pub(super) name: String,
    pub(super) query: Q,
    /// Records from before this day are none of it; for a distributor that cannot leave them out.
    pub(super) from: Option<NaiveDate>,
    /// Whether it is about one document or one subscription, and not a whole list.
    pub(super) of_one: bool,
}

impl<Q> Part<Q> {
    fn whole(query: Q) -> Vec<Self> {
        vec![Self { name: String::new(), query, from: None, of_one: false }]
    }
}

/// Finds out which listings a kind is read through.
#[async_trait]
pub(super) trait Parted: Record {
    async fn parts(
        provider: &Arc<dyn Provider>,
        rule: &CheckedKind,
        now: DateTime<Utc>,
    ) -> Result<Vec<Part<Self::Query>>>;

    /// Whether a record lies before a day.
    fn is_before(&self, _day: NaiveDate) -> bool {
        false
    }
}

fn misused((name, problem): Misused) -> Error {
    Error::invalid_input(&name, problem)
}

macro_rules! whole {
    ($($record:ident => $query:ident),+) => {$(
        #[async_trait]
        impl Parted for $record {
            async fn parts(
                _provider: &Arc<dyn Provider>,
                rule: &CheckedKind,
                _now: DateTime<Utc>,
            ) -> Result<Vec<Part<Self::Query>>> {
                Ok(Part::whole(queries::$query(&rule.plan.query).map_err(misused)?))
            }
        }
    )+};
}

whole!(Customer => customers, Product => products, Subscription => subscriptions, Order => orders);

/// The first day of the month that lies so many months back, this one being the first.
fn first_day(now: DateTime<Utc>, months: u32) -> NaiveDate {
    let today = now.date_naive();
    let first = today.with_day(1).unwrap_or(today);
    first.checked_sub_months(Months::new(months.saturating_sub(1))).unwrap_or(first)
}

/// Month by month, the oldest first.
fn months(now: DateTime<Utc>, months: u32) -> Vec<Period> {
    let first = first_day(now, months);
    (0..months).filter_map(|back| first.checked_add_months(Months::new(back))).map(Period::month_of).collect()
}

fn named(period: &Period) -> String {
    period.start.format("%Y-%m").to_string()
}

/// Whether a provider refused to ask like this, before anything was asked.
fn cannot_ask<T>(answer: &Result<T>) -> bool {
    answer
        .as_ref()
        .is_err_and(|error| error.kind() == ErrorKind::InvalidInput && error.delivery() == Delivery::NotSent)
}

#[async_trait]
impl Parted for Invoice {
    async fn parts(
        provider: &Arc<dyn Provider>,
        rule: &CheckedKind,
        now: DateTime<Utc>,
    ) -> Result<Vec<Part<InvoiceQuery>>> {
        let query = queries::invoices(&rule.plan.query).map_err(misused)?;
        let Some(count) = rule.plan.months else { return Ok(Part::whole(query)) };
        let of = |period: &Period| {
            query.clone().issued_from(period.start.date_naive()).issued_before(period.end.date_naive())
        };
        let months = months(now, count);
        if let Some(first) = months.first()
            && cannot_ask(&provider.list_invoices(&of(first), &PageRequest::default().size(1)).await)
        {
            let from = Some(first_day(now, count));
            return Ok(vec![Part { name: String::new(), query, from, of_one: false }]);
        }
        let part =
            |period: &Period| Part { name: named(period), query: of(period), from: None, of_one: false };
        Ok(months.iter().map(part).collect())
    }

    fn is_before(&self, day: NaiveDate) -> bool {
        let until = || self.period.map(|period| period.end.date_naive());
        self.issued_on.or_else(until).is_some_and(|dated| dated < day)
    }
}

#[async_trait]
impl Parted for InvoiceLine {
    /// Lines are listed by document. Which documents there are is asked first; a plan without `months` reads all.
    async fn parts(
        provider: &Arc<dyn Provider>,
        rule: &CheckedKind,
        now: DateTime<Utc>,
    ) -> Result<Vec<Part<Self::Query>>> {
        let query = queries::invoice_lines(&rule.plan.query).map_err(misused)?;
        let mut documents = InvoiceQuery::default().priority(provider_core::query::Priority::Bulk);
        documents.kind.clone_from(&query.kind);
        documents.customer.clone_from(&query.customer);
        let from = rule.plan.months.map(|months| first_day(now, months));
        let mut listing = provider.invoices(documents);
        let mut parts = Vec::new();
        while let Some(invoice) = listing.next().await {
            match invoice {
                Ok(invoice) if from.is_some_and(|from| invoice.is_before(from)) => {}
                Ok(invoice) => {
                    let query = query.clone().invoice(invoice.id.clone());
                    parts.push(Part { name: invoice.id.to_string(), query, from: None, of_one: true });
                }
                // Its lines cannot be asked for; the kind `invoice` tells of it.
                Err(error) if error.is_item() => {}
                Err(error) => return Err(error),
            }
        }
        Ok(parts)
    }
}

#[async_trait]
impl Parted for UsageRecord {
    async fn parts(
        provider: &Arc<dyn Provider>,
        rule: &CheckedKind,
        now: DateTime<Utc>,
    ) -> Result<Vec<Part<Self::Query>>> {
        let query = queries::usage(&rule.plan.query).map_err(misused)?;
        let months = months(now, rule.plan.months.unwrap_or(1));
        let of = |period: &Period| query.clone().period(*period);
        let of_one = query.subscription.is_some();
        let part = |period: &Period| Part { name: named(period), query: of(period), from: None, of_one };
        let Some(first) = months.first() else { return Ok(Vec::new()) };
        let answer = provider.list_usage(&of(first), &PageRequest::default().size(1)).await;
        if !cannot_ask(&answer) || query.subscription.is_some() {
            return Ok(months.iter().map(part).collect());
        }
        // Some list usage by subscription only.
        let mut all = SubscriptionQuery::default().priority(provider_core::query::Priority::Bulk);
        all.customer.clone_from(&query.customer);
        let mut listing = provider.subscriptions(all);
        let mut parts = Vec::new();
        while let Some(subscription) = listing.next().await {
            match subscription {
                Ok(subscription) => parts.extend(months.iter().map(|period| Part {
                    name: format!("{}@{}", subscription.id, named(period)),
                    query: of(period).subscription(subscription.id.clone()),
                    from: None,
                    of_one: true,
                })),
                Err(error) if error.is_item() => {}
                Err(error) => return Err(error),
            }
        }
        Ok(parts)
    }
}
