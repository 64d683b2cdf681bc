//! Products: rows of the price lists.

use std::collections::HashMap;

use futures_util::future::try_join_all;
use provider_core::model::{OrganizationId, Raw};
use provider_core::{
    Delivery, Error, ErrorKind, Page, PageRequest, Product, ProductId, ProductQuery, Result,
};
use provider_http::Keys;
use provider_http::decode::member;

use super::context::refusal::number;
use super::context::{Context, organizations};
use super::page::whole::PageWalk;
use super::page::{self, Reader, Yield};
use crate::config::KIND;
use crate::map;
use crate::map::product::Priced;
use crate::model::{AgreementProduct, AgreementProductFilter, AgreementProductSubFilter, BillingCycleEnum};
use crate::wire::{Lists, Paging, mark};

/// Rows a page where a whole price list is searched.
const SEARCH_PAGE: u32 = 1_000;

pub(super) async fn list(cx: &Context, query: &ProductQuery, page: &PageRequest) -> Result<Page<Product>> {
    query.only(&["vendor", "search", "sku", "customer", "organization", "with_offers"])?;
    let tenant = query.customer.as_ref().map(|id| number("customer", id)).transpose()?;
    let filter = AgreementProductFilter {
        customer_tenant_id: tenant,
        search: query.search.clone(),
        include_product_information: Some(true),
        include: (query.sku.is_some() || query.vendor.is_some()).then(|| AgreementProductSubFilter {
            part_numbers: query.sku.clone().into_iter().collect(),
            publisher_names: query.vendor.clone().into_iter().collect(),
            ..Default::default()
        }),
        ..Default::default()
    };
    let lists = page::lists_of(cx, tenant, query.organization.as_ref()).await?;
    let mut owner: Option<OrganizationId> = None;
    let mut page = Reader::new(cx, query, page, lists)
        .identified(|row, _| member(row, "UniqueId", Keys::AnyCase))
        .read(
            |list, paging| {
                let filter = on_page(&filter, list.organization, paging);
                async move { cx.client.agreement_products().list_answer(&filter).await }
            },
            |row: Priced, raw, list| {
                let mut product = row.product(raw, cx.settings.currency, None)?;
                // A page is of one list: its rows share the id.
                product.organization =
                    Some(owner.get_or_insert_with(|| list.organization.to_string().into()).clone());
                Ok(Yield::One(product))
            },
        )
        .await?;
    if let Some(tenant) = tenant.filter(|_| query.with_offers) {
        keep_supported(cx, tenant, &mut page).await?;
    }
    Ok(page)
}

/// Drops the offers whose cycle the tenant may not use. Where the service does not say, all stay; one that cannot be asked
/// has said nothing of the kind.
async fn keep_supported(cx: &Context, tenant: i64, page: &mut Page<Product>) -> Result<()> {
    use ErrorKind as K;
    let mut parts: Vec<String> = page.records().filter_map(|product| product.sku.clone()).collect();
    parts.sort_unstable();
    parts.dedup();
    let asked = parts.into_iter().map(|part| async move {
        match cx.client.agreement_products().supported_billing_cycles(&part, tenant).await {
            Ok(cycles) => Ok(Some((part, cycles.into_records().collect()))),
            Err(error)
                if matches!(
                    error.kind(),
                    K::NotFound | K::PermissionDenied | K::InvalidInput | K::Decode | K::Unsupported
                ) =>
            {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    });
    let supported: HashMap<String, Vec<BillingCycleEnum>> =
        try_join_all(asked).await?.into_iter().flatten().collect();
    for product in page.items.iter_mut().flatten() {
        let Some(cycles) =
            product.sku.as_ref().and_then(|part| supported.get(part)).filter(|c| !c.is_empty())
        else {
            continue;
        };
        product.offers.retain(|offer| {
            let cycle = offer.billing_cycle.as_ref().and_then(map::offer::wire_cycle);
            cycle.is_none_or(|cycle| cycles.contains(&cycle))
        });
    }
    Ok(())
}

pub(super) async fn get(cx: &Context, id: &ProductId) -> Result<Product> {
    let Found { organization, row, raw } = find(cx, id).await?;
    let mut product = Priced::from(row)
        .product(raw, cx.settings.currency, None)
        .map_err(|item| Error::new(ErrorKind::Decode, item.to_string()).for_read())?;
    product.organization = Some(organization.to_string().into());
    Ok(product)
}

/// A row of a price list, and whose list it is.
struct Found {
    organization: i64,
    row: AgreementProduct,
    raw: Option<Raw>,
}

/// The row of the price list with this id. There is no call for one row, so the list is read until it is
/// found: first under the agreement that the id begins with, where it does.
pub(super) async fn row(cx: &Context, id: &ProductId) -> Result<AgreementProduct> {
    find(cx, id).await.map(|found| found.row)
}

async fn find(cx: &Context, id: &ProductId) -> Result<Found> {
    let agreement = id.as_str().split('_').next().and_then(|text| text.parse::<i64>().ok());
    let organizations = organizations::ids(cx).await?;
    for agreement in [agreement, None].into_iter().skip(usize::from(agreement.is_none())) {
        for organization in &organizations {
            let filter = AgreementProductFilter {
                agreement_id: agreement,
                include_product_information: Some(true),
                ..Default::default()
            };
            let is_it = |row: &AgreementProduct| row.unique_id.as_deref() == Some(id.as_str());
            if let Some((row, raw)) = search(cx, filter, *organization, is_it).await? {
                return Ok(Found { organization: *organization, row, raw });
            }
        }
    }
    Err(Error::new(ErrorKind::NotFound, format!("no price list of this connection has a product `{id}`"))
        .with_provider(KIND)
        .with_delivery(Delivery::Rejected)
        .for_read())
}

/// The rows of a part number in the price lists of an organization.
pub(super) async fn rows_of_part(
    cx: &Context,
    organization: i64,
    part_number: &str,
) -> Result<Vec<AgreementProduct>> {
    let filter = AgreementProductFilter {
        include: Some(AgreementProductSubFilter {
            part_numbers: vec![part_number.to_owned()],
            ..Default::default()
        }),
        ..Default::default()
    };
    let is_it = |row: &AgreementProduct| {
        let part = row.product_variant.as_ref().and_then(map::product::part_number);
        part.is_some_and(|part| part.eq_ignore_ascii_case(part_number))
    };
    let mut rows = Vec::new();
    let mut pages = PageWalk::over("products", SEARCH_PAGE);
    loop {
        let filter = on_page(&filter, organization, pages.paging);
        let answer = cx.client.agreement_products().list_answer(&filter).await?;
        // A row that cannot be read is none that an order is held to.
        let read = page::decoder(cx).page::<Lists, _, _>(&answer.bytes, |row: AgreementProduct, _| Ok(row));
        let (page, beside) = read?;
        let got = page.len();
        rows.extend(page.into_iter().flatten().filter(is_it));
        if !pages.go_on(got, beside.total_hits, mark(&answer.bytes))? {
            return Ok(rows);
        }
    }
}

/// The filter for one page of an organization's price list.
fn on_page(filter: &AgreementProductFilter, organization: i64, paging: Paging) -> AgreementProductFilter {
    AgreementProductFilter {
        organization_id: Some(organization),
        page: Some(i64::from(paging.page)),
        page_size: Some(i64::from(paging.size)),
        ..filter.clone()
    }
}

/// The first row that is wanted, with its own JSON where that was asked for. Rows that cannot be read are not
/// the wanted one.
async fn search(
    cx: &Context,
    filter: AgreementProductFilter,
    organization: i64,
    wanted: impl Fn(&AgreementProduct) -> bool,
) -> Result<Option<(AgreementProduct, Option<Raw>)>> {
    let mut pages = PageWalk::over("products", SEARCH_PAGE);
    loop {
        let filter = on_page(&filter, organization, pages.paging);
        let answer = cx.client.agreement_products().list_answer(&filter).await?;
        let mut found = None;
        let (rows, beside) =
            page::decoder(cx).page::<Lists, _, _>(&answer.bytes, |row: AgreementProduct, raw| {
                if found.is_none() && wanted(&row) {
                    found = Some((row, raw));
                }
                Ok(())
            })?;
        if found.is_some() {
            return Ok(found);
        }
        if !pages.go_on(rows.len(), beside.total_hits, mark(&answer.bytes))? {
            return Ok(None);
        }
    }
}
