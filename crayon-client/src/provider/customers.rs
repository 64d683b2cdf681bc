//! Customers.

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use provider_core::{
    Customer, CustomerId, CustomerQuery, Error, ErrorKind, ItemError, Page, PageRequest, Result,
};
use provider_http::Keys;

use super::context::Context;
use super::context::refusal::number;
use super::page::{self, Reader, Yield};
use crate::map;
use crate::model::{CustomerTenant, CustomerTenantDetailed, CustomerTenantFilter};
use crate::wire::SECRET_MEMBERS;

/// Detailed records that are read at a time.
const DETAILS_AT_ONCE: usize = 16;

pub(super) async fn list(cx: &Context, query: &CustomerQuery, page: &PageRequest) -> Result<Page<Customer>> {
    query.only(&["status", "organization", "search", "name", "external_id", "domain", "with_contacts"])?;
    let lists = page::lists(cx, query.organization.as_ref()).await?;
    // The service searches names and references; what it finds is compared again here.
    let search = query.search.clone().or_else(|| query.external_id.clone()).or_else(|| query.name.clone());
    let filter = CustomerTenantFilter { domain: query.domain.clone(), search, ..Default::default() };
    let mut page = Reader::new(cx, query, page, lists)
        .read(
            |list, paging| {
                let filter =
                    CustomerTenantFilter { organization_id: Some(list.organization), ..filter.clone() };
                async move { cx.client.customer_tenants().list_answer(&filter, paging).await }
            },
            |tenant: CustomerTenant, raw, list| {
                let mut customer = map::customer::summary(tenant, raw)?;
                customer.organization.get_or_insert_with(|| list.organization.to_string().into());
                Ok(if fits(query, &customer) { Yield::One(customer) } else { Yield::Nothing })
            },
        )
        .await?;
    if query.with_contacts {
        complete(cx, &mut page).await?;
    }
    Ok(page)
}

/// Replaces the rows of a page by their detailed records. A tenant whose record is gone, or cannot be had however often
/// it is asked for, stays as it was listed: it costs its details, not the listing.
async fn complete(cx: &Context, page: &mut Page<Customer>) -> Result<()> {
    use ErrorKind as K;
    let rows = std::mem::take(&mut page.items);
    let read = rows.into_iter().map(|row| async move {
        let customer = match row {
            Ok(customer) => customer,
            Err(unreadable) => return Ok((Err(unreadable), None)),
        };
        match get(cx, &customer.id).await {
            Ok(full) => Ok((Ok(full), None)),
            Err(error) => match error.kind() {
                K::PermissionDenied => Ok((Ok(customer), Some(error))),
                K::NotFound | K::Decode | K::InvalidInput | K::Unsupported => Ok((Ok(customer), None)),
                _ => Err(error),
            },
        }
    });
    let mut full: Vec<(Result<Customer, ItemError>, Option<Error>)> =
        stream::iter(read).buffered(DETAILS_AT_ONCE).try_collect().await?;
    // Where each of several is forbidden, that says nothing about the tenants: a right is missing.
    if full.len() > 1
        && full.iter().all(|(_, forbidden)| forbidden.is_some())
        && let Some((_, Some(error))) = full.pop()
    {
        return Err(error);
    }
    page.items = full.into_iter().map(|(item, _)| item).collect();
    Ok(())
}

pub(super) async fn get(cx: &Context, id: &CustomerId) -> Result<Customer> {
    let id = number("customer", id)?;
    let answer = cx.client.customer_tenants().get_detailed_answer(id).await?;
    let record: CustomerTenantDetailed = answer.record(Keys::AnyCase)?;
    if record.tenant.is_none() {
        return Err(answer.error(ErrorKind::Decode, "the answer holds no tenant"));
    }
    let raw = answer.raw(&cx.call(), SECRET_MEMBERS);
    answer.listening(|| map::customer::full(record, raw)).map_err(|item| answer.unfit(item))
}

fn fits(query: &CustomerQuery, customer: &Customer) -> bool {
    let same = |wanted: &Option<String>, own: Option<&str>| {
        wanted.as_deref().is_none_or(|wanted| own == Some(wanted))
    };
    let domain = customer.tenants.first().and_then(|tenant| tenant.domain.as_deref());
    same(&query.name, Some(&customer.name))
        && same(&query.external_id, customer.external_id.as_deref())
        && query
            .domain
            .as_deref()
            .is_none_or(|wanted| domain.is_some_and(|own| own.eq_ignore_ascii_case(wanted)))
        && query.status.as_ref().is_none_or(|status| customer.status.as_ref() == Some(status))
}
