//! The same listing through the SDK: a provider over HTTP as its guide says to write one, streamed by
//! [`Listing`] with its defaults.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use provider_core::model::{Address, CustomerStatus};
use provider_core::{
    Capabilities, Cursor, Customer, CustomerId, CustomerQuery, EntityKind, Error, ErrorKind, Listing,
    Operation, Page, PageRequest, Provider, ProviderExt as _, ProviderInfo, Result, async_trait,
};
use provider_http::{CallOptions, Envelope, HttpClient, PageDecoder, RequestSpec};
use serde::Deserialize;
use url::Url;

use crate::Digest;
use crate::server::PAGE;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Content<R> {
    content: Vec<R>,
    page: Option<Numbers>,
    next_page_token: Option<String>,
    total_size: Option<u64>,
}

/// What stands beside the records.
struct Following {
    page: Option<Numbers>,
    next_page_token: Option<String>,
    total_size: Option<u64>,
}

struct PageEnvelope;

impl<'a> Envelope<'a> for PageEnvelope {
    type Of<R: Deserialize<'a>> = Content<R>;
    type Rest = Following;

    fn total(rest: &Following) -> Option<u64> {
        rest.page.as_ref().map(|page| page.total_elements).or(rest.total_size)
    }

    fn split<R: Deserialize<'a>>(envelope: Content<R>) -> (Vec<R>, Following) {
        let Content { content, page, next_page_token, total_size } = envelope;
        (content, Following { page, next_page_token, total_size })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Numbers {
    number: u64,
    total_pages: u64,
    total_elements: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Company {
    id: CustomerId,
    name: String,
    address: Option<Place>,
    phone: Option<String>,
    website: Option<String>,
    external_id: Option<String>,
    bill_on_behalf_of_enabled: Option<bool>,
    self_service_allowed: Option<bool>,
    order_approval_required: Option<bool>,
    status: Option<CompanyStatus>,
    #[serde(default, deserialize_with = "provider_core::wire::date_time::option::deserialize")]
    updated_date: Option<DateTime<Utc>>,
}

#[derive(Deserialize)]
enum CompanyStatus {
    Active,
    Inactive,
    Deleted,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Place {
    street: Option<String>,
    street2: Option<String>,
    city: Option<String>,
    state_or_province: Option<String>,
    postal_code: Option<String>,
    country: Option<String>,
}

impl From<Company> for Customer {
    fn from(from: Company) -> Self {
        let mut customer = Self::new(from.id, from.name);
        customer.status = from.status.map(|status| match status {
            CompanyStatus::Active => CustomerStatus::Active,
            CompanyStatus::Inactive => CustomerStatus::Inactive,
            CompanyStatus::Deleted => CustomerStatus::Deleted,
        });
        customer.external_id = from.external_id;
        customer.address = from.address.map(Address::from);
        customer.phone = from.phone;
        customer.website = from.website;
        customer.flags.self_service_allowed = from.self_service_allowed;
        customer.flags.bill_on_behalf_of = from.bill_on_behalf_of_enabled;
        customer.flags.order_approval_required = from.order_approval_required;
        customer.updated_at = from.updated_date;
        customer
    }
}

impl From<Place> for Address {
    fn from(from: Place) -> Self {
        let mut address = Self::default();
        address.line1 = from.street;
        address.line2 = from.street2;
        address.city = from.city;
        address.region = from.state_or_province;
        address.postal_code = from.postal_code;
        address.country = from.country.and_then(|country| country.parse().ok());
        address
    }
}

/// Companies below one path, with page numbers or with page tokens.
#[derive(Debug)]
pub(crate) struct Sdk {
    http: HttpClient,
    info: ProviderInfo,
    capabilities: Capabilities,
    path: &'static str,
    parameter: &'static str,
}

impl Sdk {
    pub(crate) fn new(base: Url, path: &'static str, parameter: &'static str) -> Arc<Self> {
        let http =
            HttpClient::builder(&ProviderInfo::new("bench", "main"), base).bearer("token").build().unwrap();
        let info = ProviderInfo::new("bench", "main");
        Arc::new(Self { http, info, capabilities: Capabilities::default(), path, parameter })
    }
}

#[async_trait]
impl Provider for Sdk {
    fn info(&self) -> &ProviderInfo {
        &self.info
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    async fn list_customers(&self, query: &CustomerQuery, request: &PageRequest) -> Result<Page<Customer>> {
        let spec = RequestSpec::get(self.path)
            .query(self.parameter, request.cursor.as_ref().map_or("0", Cursor::as_str))
            .query("size", PAGE)
            .operation(Operation::List(EntityKind::Customer));
        let call = CallOptions::from(&query.options);
        let answer = self.http.send(spec, &call).await?;
        let decoder = PageDecoder::new("content").options(&call).report(&self.http, &answer);
        let (items, rest) = decoder.page::<PageEnvelope, _, _>(&answer.bytes, |company: Company, raw| {
            let mut customer = Customer::from(company);
            customer.raw = raw;
            Ok(customer)
        })?;
        let mut page = Page::new(items);
        if let Some(at) = rest.page {
            let mut following = (at.number + 1..at.total_pages).map(|n| Cursor::new(n.to_string()));
            page.next = following.next();
            page.ahead = following.take(Page::<Customer>::MAX_AHEAD).collect();
            page.total = Some(at.total_elements);
        } else {
            page.next = rest.next_page_token.filter(|token| !token.is_empty()).map(Cursor::new);
            page.total = rest.total_size;
        }
        Ok(page)
    }
}

/// Streams the whole listing and insists that it is proven complete.
pub(crate) async fn list(provider: &Arc<impl Provider>) -> Digest {
    consume(provider.customers(CustomerQuery::default())).await.unwrap()
}

async fn consume(mut customers: Listing<Customer>) -> Result<Digest> {
    let report = customers.report();
    let mut digest = Digest::default();
    while let Some(customer) = customers.next().await {
        take_into(&customer?, &mut digest);
    }
    if !report.completeness().is_proven() {
        return Err(Error::new(ErrorKind::Incomplete, "the bench lost records"));
    }
    Ok(digest)
}

fn take_into(customer: &Customer, digest: &mut Digest) {
    let address = customer.address.as_ref();
    let part = |get: fn(&Address) -> &Option<String>| address.and_then(|a| get(a).as_deref());
    let flag = |flag: Option<bool>| flag.map(|yes| if yes { "yes" } else { "no" });
    let texts = [
        Some(customer.id.as_str()),
        Some(customer.name.as_str()),
        customer.phone.as_deref(),
        customer.website.as_deref(),
        customer.external_id.as_deref(),
        flag(customer.flags.bill_on_behalf_of),
        flag(customer.flags.self_service_allowed),
        flag(customer.flags.order_approval_required),
        part(|a| &a.line1),
        part(|a| &a.line2),
        part(|a| &a.city),
        part(|a| &a.region),
        part(|a| &a.postal_code),
        address.and_then(|a| a.country.as_ref()).map(|country| country.as_str()),
    ];
    digest.take(texts, customer.status == Some(CustomerStatus::Active), customer.updated_at);
}
