//! What usage cost.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use provider_core::{Page, PageRequest, Period, Result, UsageQuery, UsageRecord};

use super::context::Context;
use super::context::refusal::number;
use super::page::{self, Reader, Yield};
use crate::map;
use crate::model::OrganizationUsageCost;

pub(super) async fn list(cx: &Context, query: &UsageQuery, page: &PageRequest) -> Result<Page<UsageRecord>> {
    query.only(&["customer", "organization", "period"])?;
    let period = match query.period {
        Some(period) => period,
        None => recent(cx.now())?,
    };
    let tenant = query.customer.as_ref().map(|id| number("customer", id)).transpose()?;
    let lists = page::lists(cx, query.organization.as_ref()).await?;
    Reader::new(cx, query, page, lists)
        .whole()
        .read(
            |list, _| async move {
                let costs = cx.client.usage_costs();
                costs.of_organization_answer(list.organization, period.start, period.end).await
            },
            |wire: OrganizationUsageCost, raw, _| {
                if tenant.is_some() && wire.account_id != tenant {
                    return Ok(Yield::Nothing);
                }
                Ok(Yield::One(map::usage::record(wire, raw, period, cx.settings.currency)))
            },
        )
        .await
}

/// From the first day of last month until the end of today: where usage is asked for without a time. Whole
/// days, so that every page of a listing is of the same time.
fn recent(now: DateTime<Utc>) -> Result<Period> {
    let today = now.date_naive();
    let (year, month) = match today.month() {
        1 => (today.year() - 1, 12),
        month => (today.year(), month - 1),
    };
    Period::inclusive_days(NaiveDate::from_ymd_opt(year, month, 1).unwrap_or(today), today)
}
