//! What usage cost.

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
        None => Period::month_of(cx.now().date_naive()),
    };
    let tenant = query.customer.as_ref().map(|id| number("customer", id)).transpose()?;
    let lists = page::lists(cx, query.organization.as_ref()).await?;
    Reader::new(cx, query, page, lists)
        .read(
            |list, paging| async move {
                let costs = cx.client.usage_costs();
                costs.of_organization_answer(list.organization, period.start, period.end, paging).await
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
