//! Usage: one page for each provider and month of the billing reports.

use std::sync::Arc;

use chrono::{Datelike as _, Months, NaiveDate};
use provider_core::{
    Cursor, EntityKind, Error, ErrorKind, ItemError, Page, PageRequest, Period, Result, UsageQuery,
    UsageRecord,
};
use provider_http::OperationContext;

use super::context::{Context, JoinedById};
use crate::api::{BillingProvider, BillingReportFilter};
use crate::map;

/// More months than a listing may ask for at once.
const LONGEST: usize = 36;

pub(super) async fn list(
    cx: &Context,
    op: &OperationContext,
    query: &UsageQuery,
    page: &PageRequest,
) -> Result<Page<UsageRecord>> {
    cx.needs_api_key(EntityKind::Usage)?;
    query.only(&["customer", "period"])?;
    let parts = parts(cx, query)?;
    let at = match &page.cursor {
        None => 0,
        Some(cursor) => position(&cursor.open(cx.info(), query)?, parts.len())?,
    };
    let Some((first, provider)) = parts.get(at) else { return Ok(Page::default()) };
    let mut read = Page::<UsageRecord>::new(part(cx, op, query, *first, *provider).await?);
    let mut following = (at + 1..parts.len()).map(|n| Cursor::tagged(cx.info(), query, n.to_string()));
    read.next = following.next();
    read.ahead = following.take(Page::<UsageRecord>::MAX_AHEAD).collect();
    Ok(read)
}

fn position(text: &str, length: usize) -> Result<usize> {
    text.parse::<usize>()
        .ok()
        .filter(|at| *at < length)
        .ok_or_else(|| Error::new(ErrorKind::InvalidCursor, "the cursor was not made by this provider"))
}

/// Every month of the query with every provider. Without a period: the month that runs.
fn parts(cx: &Context, query: &UsageQuery) -> Result<Vec<(NaiveDate, BillingProvider)>> {
    let today = cx.now().date_naive();
    let (first, end) = match query.period {
        Some(period) => (period.start.date_naive(), period.end.date_naive()),
        None => (today.with_day(1).unwrap_or(today), today.with_day(1).unwrap_or(today) + Months::new(1)),
    };
    let whole = |period: Period| {
        [period.start, period.end].iter().all(|at| at.day() == 1 && at.time() == chrono::NaiveTime::MIN)
    };
    if !query.period.is_none_or(whole) {
        return Err(Error::invalid_input(
            "period",
            "billing reports are by month: from the first of a month to the first of another, UTC",
        )
        .with_provider(crate::KIND));
    }
    let months: Vec<NaiveDate> =
        std::iter::successors(Some(first), |month| month.checked_add_months(Months::new(1)))
            .take_while(|month| *month < end)
            .take(LONGEST + 1)
            .collect();
    if months.len() > LONGEST {
        return Err(Error::invalid_input("period", format!("ask for at most {LONGEST} months"))
            .with_provider(crate::KIND));
    }
    Ok(months.into_iter().flat_map(|month| BillingProvider::ALL.map(|provider| (month, provider))).collect())
}

async fn part(
    cx: &Context,
    op: &OperationContext,
    query: &UsageQuery,
    month: NaiveDate,
    provider: BillingProvider,
) -> Result<Vec<Result<UsageRecord, ItemError>>> {
    let mut filter = BillingReportFilter::month(month.year(), month.month());
    filter.customer = query.customer.as_ref().map(ToString::to_string);
    let period = Some(Period::month_of(month));
    let preferred = cx.currency();
    let read = cx
        .client
        .billing_reports()
        .with(op)
        .get_as(provider, &filter, |currencies, trees| {
            map::usage::records(trees, currencies, period, preferred, op.raw())
        })
        .await;
    let mut found = match read {
        // A reseller without this provider has no report of it.
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        read => read?,
    };
    // A filter that the report does not know is left out of what it answers, not of what it means.
    let wanted = query.customer.as_ref();
    found.retain(|record| match (wanted, record) {
        (Some(wanted), Ok(record)) => record.customer.as_ref() == Some(wanted),
        _ => true,
    });
    if found.iter().flatten().any(|record| record.vendor_subscription_id.is_some()) {
        let listed = listed(cx, op, query).await?;
        for record in found.iter_mut().flatten() {
            let own = record.vendor_subscription_id.as_deref().map(str::to_ascii_lowercase);
            if let Some(joined) = own.and_then(|own| listed.get(&own)) {
                map::usage::join(record, joined);
            }
        }
    }
    Ok(found)
}

/// The subscriptions that reports are about. Where this user may not list them, or they cannot be read, usage goes
/// without: the provider's ids are kept.
async fn listed(cx: &Context, op: &OperationContext, query: &UsageQuery) -> Result<Arc<JoinedById>> {
    use ErrorKind as K;
    match cx.listed(op, query.customer.as_ref()).await {
        Err(error)
            if matches!(error.kind(), K::PermissionDenied | K::NotFound | K::Decode | K::Unsupported) =>
        {
            Ok(Arc::default())
        }
        listed => listed,
    }
}
