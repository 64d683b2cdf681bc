//! `GET …/subscriptions` and `GET …/customers/{c}/subscriptions/{id}`.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::json::{details, listed};
use super::record::Subscription;
use crate::engine::answer::put;
use crate::streamone::catalog::providers::{provider, provider_named};
use crate::streamone::engine::answer::Answer;
use crate::streamone::engine::call::{Call, Outcome};
use crate::streamone::engine::pages::OffsetPage;
use crate::streamone::engine::problem::Problem;
use crate::streamone::engine::query::Query;
use crate::streamone::engine::ranges::Range;
use crate::streamone::engine::settings::PARTNER;
use crate::streamone::engine::wire::merge;
use crate::streamone::state::State;

const FILTERS: [&str; 27] = [
    "customerId",
    "subscriptionId",
    "resellerId",
    "providerId",
    "subscriptionStatus",
    "startDateRange.relativeDateRange",
    "startDateRange.fixedDateRange.startDate",
    "startDateRange.fixedDateRange.endDate",
    "endDate",
    "endDateRange.relativeDateRange",
    "endDateRange.fixedDateRange.startDate",
    "endDateRange.fixedDateRange.endDate",
    "billingTerm",
    "billingCycle",
    "totalLicense",
    "ccpProductId",
    "providerProductId",
    "customerPo",
    "resellerPo",
    "customField.field",
    "customField.value",
    "cloudProviderName",
    "accountName",
    "customerName",
    "subscriptionName",
    "resourceType",
    "pagination.userId",
];

/// The filters of one call.
struct Filter<'a> {
    query: &'a Query<'a>,
    now: DateTime<Utc>,
    customer: Option<u64>,
    reseller: Option<u64>,
    provider: Option<u64>,
    seats: Option<u64>,
    start: Option<Range>,
    end: Option<Range>,
    end_date: Option<DateTime<Utc>>,
}

impl<'a> Filter<'a> {
    fn of(query: &'a Query<'a>, now: DateTime<Utc>) -> Result<Self, Problem> {
        if query.text("customField.value").is_some() && query.text("customField.field").is_none() {
            return Err(Problem::invalid_argument("customField.value needs customField.field"));
        }
        Ok(Self {
            query,
            now,
            customer: query.number("customerId")?,
            reseller: query.number("resellerId")?,
            provider: query.number("providerId")?,
            seats: query.number("totalLicense")?,
            start: query.range("startDateRange", now)?,
            end: query.range("endDateRange", now)?,
            end_date: query.moment("endDate")?,
        })
    }

    fn admits(&self, subscription: &Subscription, account: u64, customer_name: &str) -> bool {
        let live = subscription.shown(self.now);
        let ids = subscription.catalog.as_ref();
        let wanted_provider = self.query.text("cloudProviderName");
        self.customer.is_none_or(|customer| customer == subscription.customer)
            && self.reseller.is_none_or(|reseller| reseller == account)
            && self.provider.is_none_or(|provider| provider == subscription.provider)
            && self.seats.is_none_or(|seats| seats == u64::from(live.quantity))
            && self.start.is_none_or(|range| range.contains(subscription.start))
            && self.end.is_none_or(|range| range.contains(subscription.end))
            && self.end_date.is_none_or(|end| end.date_naive() == subscription.end.date_naive())
            && wanted_provider.is_none_or(|name| {
                provider_named(name).is_some_and(|found| found.id == subscription.provider)
            })
            && self.status(live.status)
            && self.is("subscriptionId", Some(&subscription.resource_id))
            && self.is("billingTerm", Some(subscription.term))
            && self.is("billingCycle", Some(subscription.period.subscription_word()))
            && self.is("ccpProductId", ids.map(|ids| ids.product.as_str()))
            && self.is("providerProductId", Some(&subscription.external_product))
            && self.is("customerPo", subscription.customer_po.as_deref())
            && self.is("resellerPo", subscription.reseller_po.as_deref())
            && self.is("accountName", Some(PARTNER))
            && self.is("customerName", Some(customer_name))
            && self.is("subscriptionName", Some(&live.name))
            && self.is("resourceType", provider(subscription.provider).map(|found| found.resource_type))
            && self.custom_field(subscription)
    }

    fn is(&self, name: &str, value: Option<&str>) -> bool {
        let Some(wanted) = self.query.text(name) else {
            return true;
        };
        value.is_some_and(|value| value.eq_ignore_ascii_case(wanted))
    }

    /// Working scripts send `active`, `Active` and `In Progress`.
    fn status(&self, status: &str) -> bool {
        self.query
            .text("subscriptionStatus")
            .is_none_or(|wanted| wanted.replace(' ', "_").eq_ignore_ascii_case(status))
    }

    fn custom_field(&self, subscription: &Subscription) -> bool {
        let Some(field) = self.query.text("customField.field") else {
            return true;
        };
        let wanted = self.query.text("customField.value");
        subscription.custom_fields.iter().any(|(key, value)| {
            key == field && wanted.is_none_or(|wanted| value.eq_ignore_ascii_case(wanted))
        })
    }
}

fn company(state: &State, customer: u64) -> &str {
    state.customers.get(customer).map_or("", |found| found.fields.organization.as_str())
}

/// `GET /accounts/{a}/subscriptions`.
pub(crate) fn list(state: &mut State, call: &Call) -> Outcome {
    let names: Vec<&str> = FILTERS.iter().chain(&OffsetPage::NAMES).copied().collect();
    let query = Query::of(call, &names)?;
    let page = OffsetPage::of(&query, state.settings.largest_offset_page, &["id", "name"])?;
    let filter = Filter::of(&query, call.now)?;
    let admitted = |subscription: &&Subscription| {
        filter.admits(subscription, state.account, company(state, subscription.customer))
    };
    let mut found: Vec<&Subscription> = match filter.customer {
        Some(customer) => state.subscriptions.of_customer(customer).filter(admitted).collect(),
        None => state.subscriptions.all().filter(admitted).collect(),
    };
    if page.sort_by == Some("name") {
        found.sort_by(|left, right| left.shown(call.now).name.cmp(&right.shown(call.now).name));
    }
    if page.descending {
        found.reverse();
    }
    if page.is_unordered() && state.settings.unstable_order && !found.is_empty() {
        let shift = usize::try_from(state.calls).unwrap_or(0) % found.len();
        found.rotate_left(shift);
    }
    let total = found.len();
    let items: Vec<_> = page
        .cut(found)
        .into_iter()
        .map(|found| listed(found, state.account, company(state, found.customer), call.now))
        .collect();
    let mut answer = json!({"paginationResponse": {"totalSize": total}});
    put(&mut answer, "items", items);
    Ok(Answer::json(answer))
}

/// `GET /accounts/{a}/customers/{c}/subscriptions/{id}`; `id` is the internal one.
pub(crate) fn get(state: &mut State, call: &Call, customer: &str, id: &str) -> Outcome {
    let refresh = Query::of(call, &["refresh"])?.flag("refresh")?;
    let customer = state.customer(customer)?.id;
    let account = state.account;
    let missing = || {
        let name = format!("accounts/{account}/customers/{customer}/subscriptions/{id}");
        Problem::not_found(&name)
    };
    let company = company(state, customer).to_owned();
    let found = id.parse().ok().and_then(|id| state.subscriptions.get_mut(id));
    let found = found.filter(|found| found.customer == customer).ok_or_else(missing)?;
    if refresh {
        found.visible_from = found.visible_from.min(call.now);
    }
    let mut value = listed(found, account, &company, call.now);
    merge(&mut value, details(found));
    Ok(Answer::json(value))
}
