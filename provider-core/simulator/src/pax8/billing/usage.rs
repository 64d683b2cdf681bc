//! Usage: summaries per subscription and resource group, lines per day, all computed from the seed.

use std::ops::RangeInclusive;

use axum::extract::Path;
use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::record::UsageSummary;
use crate::engine::answer::{Answer, Stop};
use crate::engine::prng::Prng;
use crate::engine::refusal::RefusedPart;
use crate::pax8::engine::call::ok;
use crate::pax8::engine::listing::PageAsked;
use crate::pax8::engine::wire;
use crate::pax8::state::{Call, State};

const METERS: &[(&str, &str)] =
    &[("Example Storage Hot Data", "GB"), ("Example Storage Transfers", "10K calls")];

/// Sums of money, in thousandths of the currency: thousands of lines are added up for one invoice.
#[derive(Clone, Copy, Debug, Default)]
struct Thousandths {
    charges: i64,
    partner: i64,
}

/// Sums of money.
#[derive(Clone, Copy, Debug)]
pub(crate) struct UsageTotal {
    /// What the customer is charged.
    pub(crate) charges: Decimal,
    /// What the partner pays.
    pub(crate) partner: Decimal,
}

impl From<Thousandths> for UsageTotal {
    fn from(sum: Thousandths) -> Self {
        Self { charges: Decimal::new(sum.charges, 3), partner: Decimal::new(sum.partner, 3) }
    }
}

/// What one meter counted on one day.
#[derive(Clone, Copy, Debug)]
pub(crate) struct UsageLine {
    meter: u64,
    /// Thousandths of a unit.
    quantity: i64,
}

/// Cents of the currency that a unit costs the customer.
const UNIT_PRICE: i64 = 12;
/// Per cent of it that the partner pays.
const PARTNER_SHARE: i64 = 86;

impl UsageLine {
    /// The charge is rounded to cents, the partner's part of it to thousandths.
    fn total(self) -> Thousandths {
        let cents = (self.quantity * UNIT_PRICE + 500) / 1000;
        Thousandths { charges: cents * 10, partner: (cents * PARTNER_SHARE + 5) / 10 }
    }
}

impl UsageSummary {
    /// The days with usage: from the start of the subscription to its end or `today`.
    fn days(&self, state: &State, today: NaiveDate) -> Option<RangeInclusive<NaiveDate>> {
        let subscription = state.subscriptions.at(self.subscription)?;
        let end = subscription.ends_at.map_or(today, |end| end.date_naive().min(today));
        (!subscription.is_pending()).then(|| subscription.starts_at.date_naive()..=end)
    }

    fn counted(&self, day: NaiveDate) -> impl Iterator<Item = UsageLine> + use<> {
        let number = u64::from(day.num_days_from_ce().unsigned_abs());
        let mut prng = Prng::new(self.key ^ number.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        (0_u64..).take(METERS.len()).map(move |meter| {
            let quantity = i64::try_from(prng.between(200, 9_999)).unwrap_or(200);
            UsageLine { meter, quantity }
        })
    }

    /// The lines of one day.
    pub(crate) fn lines(&self, state: &State, day: NaiveDate, today: NaiveDate) -> Vec<UsageLine> {
        match self.days(state, today) {
            Some(days) if days.contains(&day) => self.counted(day).collect(),
            _ => Vec::new(),
        }
    }

    /// What was used in the month of `today`, up to and with `today`.
    pub(crate) fn month_total(&self, state: &State, today: NaiveDate) -> UsageTotal {
        let first = today.with_day(1).unwrap_or(today);
        self.total_between(state, first, today, today)
    }

    /// What was used from `first` to `last`, both included.
    pub(crate) fn total_between(
        &self,
        state: &State,
        first: NaiveDate,
        last: NaiveDate,
        today: NaiveDate,
    ) -> UsageTotal {
        let Some(days) = self.days(state, today) else {
            return Thousandths::default().into();
        };
        let last = last.min(*days.end());
        first
            .max(*days.start())
            .iter_days()
            .take_while(|day| *day <= last)
            .flat_map(|day| self.counted(day))
            .map(UsageLine::total)
            .fold(Thousandths::default(), |sum, one| Thousandths {
                charges: sum.charges + one.charges,
                partner: sum.partner + one.partner,
            })
            .into()
    }

    /// The summary of the month of `today`.
    pub(crate) fn json(&self, state: &State, today: NaiveDate) -> Value {
        let total = self.month_total(state, today);
        let subscription = state.subscriptions.at(self.subscription);
        let company = subscription.and_then(|one| state.companies.at(one.company));
        let product = subscription.and_then(|one| state.products.at(one.product));
        json!({
            "id": self.id,
            "companyId": company.map(|one| &one.id),
            "subscriptionId": subscription.map(|one| &one.id),
            "productId": product.map(|one| &one.id),
            "resourceGroup": self.resource_group(),
            "vendorName": product.map(|one| one.vendor),
            "currentCharges": wire::number(total.charges),
            "partnerTotal": wire::number(total.partner),
            "currencyCode": state.currency,
            "isTrial": subscription.is_some_and(|one| one.status == "Trial"),
        })
    }
}

impl UsageLine {
    /// The meter's own product, which the catalog does not sell.
    pub(crate) fn product_id(self, state: &State) -> String {
        Prng::keyed(state.seed, "pax8/meter", self.meter).uuid()
    }

    pub(crate) fn json(self, state: &State, day: NaiveDate) -> Value {
        let meter = usize::try_from(self.meter).unwrap_or_default();
        let (name, unit) = METERS.get(meter).copied().unwrap_or_default();
        let total = UsageTotal::from(self.total());
        json!({
            "usageDate": day.to_string(),
            "productName": name,
            "productId": self.product_id(state),
            "unitOfMeasure": unit,
            "quantity": wire::number(Decimal::new(self.quantity, 3)),
            "unitPrice": wire::number(Decimal::new(UNIT_PRICE, 2)),
            "currentCharges": wire::number(total.charges),
            "currentProfit": wire::number(total.charges - total.partner),
            "partnerTotal": wire::number(total.partner),
            "currencyCode": state.currency,
            "isTrial": false,
        })
    }
}

impl State {
    /// The usage summaries of the subscription at a place.
    pub(crate) fn usage_of(&self, subscription: usize) -> &[UsageSummary] {
        // They are added together and in order, so that a binary search finds them.
        let first = self.usage.rows().partition_point(|one| one.subscription < subscription);
        let rest = self.usage.rows().get(first..).unwrap_or_default();
        let count = rest.partition_point(|one| one.subscription == subscription);
        rest.get(..count).unwrap_or_default()
    }
}

/// `GET /v1/usage-summaries/{usageSummaryId}`.
pub(crate) async fn get(call: Call, Path(id): Path<String>) -> Answer {
    call.no_query()?;
    let today = call.sim.frame.clock.now().date_naive();
    let answer = call.read(|state| state.usage.get(&id).map(|one| one.json(state, today)));
    answer.map(|summary| ok(&summary)).ok_or_else(|| call.not_found("Usage Summary", &id))
}

/// `GET /v1/usage-summaries/{usageSummaryId}/usage-lines`: one day a call.
pub(crate) async fn lines(call: Call, Path(id): Path<String>) -> Answer {
    let query = call.query(&["usageDate", "productId", "page", "size"])?;
    let page = PageAsked::read(&call, &query)?;
    let day = query.get("usageDate").and_then(wire::parse_day);
    let Some(day) = day else {
        return Err(call.wrong(RefusedPart::Query, "usageDate", "required, in the form yyyy-MM-dd"));
    };
    let today = call.sim.frame.clock.now().date_naive();
    let answer = call.read(|state| {
        let summary = state.usage.get(&id).ok_or_else(|| call.not_found("Usage Summary", &id))?;
        let rows: Vec<UsageLine> = summary
            .lines(state, day, today)
            .into_iter()
            .filter(|line| query.get("productId").is_none_or(|wanted| line.product_id(state) == wanted))
            .collect();
        Ok::<_, Stop>(page.cut(&rows, |line| line.json(state, day)).nested())
    })?;
    Ok(ok(&answer))
}
