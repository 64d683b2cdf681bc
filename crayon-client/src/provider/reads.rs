//! Products, subscriptions and usage.

use std::collections::HashMap;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use futures_util::future::join_all;
use provider_core::{
    Detail, EntityKind, Error, ErrorKind, Operation, Page, PageRequest, Period, Product, ProductId,
    ProductQuery, Raw, Result, Subscription, SubscriptionId, SubscriptionQuery, UsageQuery, UsageRecord,
};
use provider_http::{Keys, PageDecoder, RequestSpec};

use super::CrayonProvider;
use super::listing::{List, Reader, Yield};
use super::lookup::{missing, number};
use super::pages::Pages;
use crate::api::request;
use crate::client::CrayonClient;
use crate::map;
use crate::model::{
    self, AgreementProduct, AgreementProductFilter, AgreementProductSubFilter, BillingCycleEnum,
};
use crate::wire::Lists;
use crate::wire::Paging;
use crate::wire::SECRET_MEMBERS;

/// Rows a page where a whole price list is searched.
const SEARCH_PAGE: u32 = 1_000;

impl CrayonProvider {
    pub(super) async fn products(&self, query: &ProductQuery, page: &PageRequest) -> Result<Page<Product>> {
        query.only(&["vendor", "search", "sku", "customer", "organization", "with_offers"])?;
        let client = self.calls(Operation::List(EntityKind::Product), &query.options);
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
        let lists = match (tenant, &query.organization) {
            // A tenant has one organization: the others would only answer that they do not know it.
            (Some(tenant), None) => self.list_of_tenant(&client, tenant).await?,
            (_, organization) => self.lists(&client, organization.as_ref()).await?,
        };
        let reader = Reader {
            provider: self,
            query,
            request: page,
            lists,
            nests: false,
            default_size: None,
            whole: false,
        };
        let mut page = reader
            .read(
                |list: &List, paging: Paging| product_request(&filter, list.organization, paging),
                |row: AgreementProduct, raw, _| {
                    map::product::product(row, raw, self.currency, None).map(Yield::One)
                },
            )
            .await?;
        if let Some(tenant) = tenant.filter(|_| query.with_offers) {
            self.keep_supported(&client, tenant, &mut page).await;
        }
        Ok(page)
    }

    async fn list_of_tenant(&self, client: &CrayonClient, tenant: i64) -> Result<Vec<List>> {
        let found = client.customer_tenants().get(tenant).await.map_err(|e| missing("customer", e))?;
        match found.organization {
            Some(organization) => {
                let id = self.known_organization(client, &organization.id.to_string().into()).await?;
                Ok(vec![List { key: id.to_string(), organization: id }])
            }
            None => self.lists(client, None).await,
        }
    }

    /// Drops the offers whose cycle the tenant may not use. Where the service does not say, all stay.
    async fn keep_supported(&self, client: &CrayonClient, tenant: i64, page: &mut Page<Product>) {
        let mut parts: Vec<String> = page.records().filter_map(|product| product.sku.clone()).collect();
        parts.sort_unstable();
        parts.dedup();
        let asked = parts.into_iter().map(|part| async move {
            let cycles = client.agreement_products().supported_billing_cycles(&part, tenant).await.ok()?;
            Some((part, cycles.items))
        });
        let supported: HashMap<String, Vec<BillingCycleEnum>> =
            join_all(asked).await.into_iter().flatten().collect();
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
    }

    pub(super) async fn product(&self, client: &CrayonClient, id: &ProductId) -> Result<Product> {
        let (row, raw) = self.row_with_raw(client, id).await?;
        map::product::product(row, raw, self.currency, None)
            .map_err(|item| Error::new(ErrorKind::Decode, item.to_string()).for_read())
    }

    /// The row of the price list with this id. There is no call for one row, so the list is read until it is
    /// found: first under the agreement that the id begins with, where it does.
    pub(super) async fn row(&self, client: &CrayonClient, id: &ProductId) -> Result<AgreementProduct> {
        self.row_with_raw(client, id).await.map(|(row, _)| row)
    }

    async fn row_with_raw(
        &self,
        client: &CrayonClient,
        id: &ProductId,
    ) -> Result<(AgreementProduct, Option<Raw>)> {
        let agreement = id.as_str().split('_').next().and_then(|text| text.parse::<i64>().ok());
        let organizations = self.organization_ids(client).await?;
        for agreement in [agreement, None].into_iter().skip(usize::from(agreement.is_none())) {
            for organization in &organizations {
                let filter = AgreementProductFilter {
                    agreement_id: agreement,
                    include_product_information: Some(true),
                    ..Default::default()
                };
                let is_it = |row: &AgreementProduct| row.unique_id.as_deref() == Some(id.as_str());
                if let Some(found) = search(client, filter, *organization, is_it).await? {
                    return Ok(found);
                }
            }
        }
        Err(Error::new(ErrorKind::NotFound, format!("no price list of this connection has a product `{id}`"))
            .with_provider("crayon")
            .with_delivery(provider_core::Delivery::Rejected)
            .for_read())
    }

    /// The rows of a part number in the price lists of an organization.
    pub(super) async fn rows_of_part(
        &self,
        client: &CrayonClient,
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
        let mut pages = Pages::of(SEARCH_PAGE);
        loop {
            let page: crate::wire::Collection<AgreementProduct> =
                client.fetch(product_request(&filter, organization, pages.paging)?).await?;
            let got = page.items.len();
            rows.extend(page.items.into_iter().filter(is_it));
            if !pages.go_on(got, page.total_hits) {
                return Ok(rows);
            }
        }
    }

    pub(super) async fn subscriptions(
        &self,
        query: &SubscriptionQuery,
        page: &PageRequest,
    ) -> Result<Page<Subscription>> {
        query.only(&["customer", "status", "organization", "vendor_subscription_id", "search"])?;
        let client = self.calls(Operation::List(EntityKind::Subscription), &query.options);
        let statuses = match &query.status {
            // Sent as a sum: what the service lists without it is not documented, and nothing shall be hidden.
            None => model::SubscriptionStatus::ALL,
            Some(status) => map::subscription::wire_status(status).ok_or_else(|| {
                Error::invalid_input("status", format!("Cloud-iQ has no subscriptions that are {status}"))
            })?,
        };
        let tenant = query.customer.as_ref().map(|id| number("customer", id)).transpose()?;
        let filter = model::SubscriptionQuery {
            customer_tenant_id: tenant,
            statuses: Some(statuses),
            search: query.search.clone().or_else(|| query.vendor_subscription_id.clone()),
            ..Default::default()
        };
        let lists = match (tenant, &query.organization) {
            (Some(tenant), None) => self.list_of_tenant(&client, tenant).await?,
            (_, organization) => self.lists(&client, organization.as_ref()).await?,
        };
        let reader = Reader {
            provider: self,
            query,
            request: page,
            lists,
            nests: true,
            default_size: None,
            whole: false,
        };
        let wanted = query.vendor_subscription_id.as_deref();
        let fits = |subscription: &Subscription| {
            let vendor_fits = wanted.is_none_or(|id| {
                subscription.vendor_subscription_id.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(id))
            });
            vendor_fits && query.status.as_ref().is_none_or(|status| *status == subscription.status)
        };
        reader
            .read(
                |list: &List, paging: Paging| {
                    let filter = model::SubscriptionQuery {
                        organization_id: Some(list.organization),
                        ..filter.clone()
                    };
                    request::subscriptions::list(&filter, paging)
                },
                |wire: model::Subscription, raw, _| {
                    let (subscription, mut add_ons) =
                        map::subscription::subscription(wire, raw, Detail::Summary, self.currency)?;
                    add_ons.retain(fits);
                    Ok(match (fits(&subscription), add_ons.is_empty()) {
                        (true, true) => Yield::One(subscription),
                        (true, false) => Yield::Nest(subscription, add_ons),
                        (false, true) => Yield::Nothing,
                        (false, false) => Yield::Inner(add_ons),
                    })
                },
            )
            .await
    }

    pub(super) async fn subscription(
        &self,
        client: &CrayonClient,
        id: &SubscriptionId,
    ) -> Result<Subscription> {
        let id = number("subscription", id)?;
        let answer = client.request(request::subscriptions::get(id)?).await?;
        let wire: model::Subscription = answer.read(Keys::AnyCase)?;
        let raw = super::customer::kept(client, &answer);
        let read = map::subscription::subscription(wire, raw, Detail::Full, self.currency);
        read.map(|(subscription, _)| subscription)
            .map_err(|item| answer.error(ErrorKind::Decode, format!("the subscription does not fit: {item}")))
    }

    pub(super) async fn usage(&self, query: &UsageQuery, page: &PageRequest) -> Result<Page<UsageRecord>> {
        query.only(&["customer", "organization", "period"])?;
        let client = self.calls(Operation::List(EntityKind::Usage), &query.options);
        let period = match query.period {
            Some(period) => period,
            None => recent(self.client.http().clock().now())?,
        };
        let tenant = query.customer.as_ref().map(|id| number("customer", id)).transpose()?;
        let lists = self.lists(&client, query.organization.as_ref()).await?;
        let reader = Reader {
            provider: self,
            query,
            request: page,
            lists,
            nests: false,
            default_size: None,
            whole: true,
        };
        reader
            .read(
                // Usage comes whole: the call takes no paging.
                |list: &List, _| {
                    request::usage_costs::of_organization(list.organization, period.start, period.end)
                },
                |wire: model::OrganizationUsageCost, raw, _| {
                    if tenant.is_some() && wire.account_id != tenant {
                        return Ok(Yield::Nothing);
                    }
                    Ok(Yield::One(map::usage::record(wire, raw, period, self.currency)))
                },
            )
            .await
    }
}

fn product_request(
    filter: &AgreementProductFilter,
    organization: i64,
    paging: Paging,
) -> Result<RequestSpec> {
    request::products::list(&AgreementProductFilter {
        organization_id: Some(organization),
        page: Some(i64::from(paging.page)),
        page_size: Some(i64::from(paging.size)),
        ..filter.clone()
    })
}

/// The first row that is wanted, with its own JSON where that was asked for. Rows that cannot be read are not
/// the wanted one.
async fn search(
    client: &CrayonClient,
    filter: AgreementProductFilter,
    organization: i64,
    wanted: impl Fn(&AgreementProduct) -> bool,
) -> Result<Option<(AgreementProduct, Option<Raw>)>> {
    let mut pages = Pages::of(SEARCH_PAGE);
    let options = client.options().clone().strict(false);
    loop {
        let answer = client.request(product_request(&filter, organization, pages.paging)?).await?;
        let mut found = None;
        let (rows, total) = PageDecoder::new("Items")
            .options(&options)
            .keys(Keys::AnyCase)
            .secrets(SECRET_MEMBERS)
            .page::<Lists, _, _>(&answer.bytes, |row: AgreementProduct, raw| {
                if found.is_none() && wanted(&row) {
                    found = Some((row, raw));
                }
                Ok(())
            })?;
        if found.is_some() {
            return Ok(found);
        }
        if !pages.go_on(rows.len(), total) {
            return Ok(None);
        }
    }
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
