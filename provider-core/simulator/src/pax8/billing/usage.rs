//! Usage: summaries per subscription and resource group, lines per day, all computed from the seed.

use std::ops::RangeInclusive;

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::engine::prng::Prng;
use crate::pax8::engine::table::Record;
use crate::pax8::engine::wire;
use crate::pax8::state::Store;

const GROUPS: &[&str] = &["rg-production", "rg-archive"];
const METERS: &[(&str, &str)] =
    &[("Example Storage Hot Data", "GB"), ("Example Storage Transfers", "10K calls")];

/// What one resource group of a usage subscription has used.
#[derive(Clone, Debug)]
pub(crate) struct UsageSummary {
    pub(crate) id: String,
    /// Place of the subscription.
    pub(crate) subscription: usize,
    group: usize,
    /// What its lines are computed from.
    key: u64,
}

impl Record for UsageSummary {
    fn id(&self) -> &str {
        &self.id
    }
}

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
    /// The summaries of a subscription.
    pub(crate) fn of_subscription(seed: u64, subscription: usize) -> Vec<Self> {
        let first = u64::try_from(subscription * GROUPS.len()).unwrap_or(u64::MAX);
        (first..)
            .zip(0..GROUPS.len())
            .map(|(number, group)| {
                let mut prng = Prng::keyed(seed, "pax8/usage-summary", number);
                Self { id: prng.uuid(), subscription, group, key: prng.next_u64() }
            })
            .collect()
    }

    pub(crate) fn resource_group(&self) -> &'static str {
        GROUPS.get(self.group).copied().unwrap_or_default()
    }

    /// The days with usage: from the start of the subscription to its end or `today`.
    fn days(&self, store: &Store, today: NaiveDate) -> Option<RangeInclusive<NaiveDate>> {
        let subscription = store.subscriptions.at(self.subscription)?;
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
    pub(crate) fn lines(&self, store: &Store, day: NaiveDate, today: NaiveDate) -> Vec<UsageLine> {
        match self.days(store, today) {
            Some(days) if days.contains(&day) => self.counted(day).collect(),
            _ => Vec::new(),
        }
    }

    /// What was used in the month of `today`, up to and with `today`.
    pub(crate) fn month_total(&self, store: &Store, today: NaiveDate) -> UsageTotal {
        let first = today.with_day(1).unwrap_or(today);
        self.total_between(store, first, today, today)
    }

    /// What was used from `first` to `last`, both included.
    pub(crate) fn total_between(
        &self,
        store: &Store,
        first: NaiveDate,
        last: NaiveDate,
        today: NaiveDate,
    ) -> UsageTotal {
        let Some(days) = self.days(store, today) else {
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
    pub(crate) fn json(&self, store: &Store, today: NaiveDate) -> Value {
        let total = self.month_total(store, today);
        let subscription = store.subscriptions.at(self.subscription);
        let company = subscription.and_then(|one| store.companies.at(one.company));
        let product = subscription.and_then(|one| store.products.at(one.product));
        json!({
            "id": self.id,
            "companyId": company.map(|one| &one.id),
            "subscriptionId": subscription.map(|one| &one.id),
            "productId": product.map(|one| &one.id),
            "resourceGroup": self.resource_group(),
            "vendorName": product.map(|one| one.vendor),
            "currentCharges": wire::number(total.charges),
            "partnerTotal": wire::number(total.partner),
            "currencyCode": store.currency,
            "isTrial": subscription.is_some_and(|one| one.status == "Trial"),
        })
    }
}

impl UsageLine {
    /// The meter's own product, which the catalog does not sell.
    pub(crate) fn product_id(self, store: &Store) -> String {
        Prng::keyed(store.seed, "pax8/meter", self.meter).uuid()
    }

    pub(crate) fn json(self, store: &Store, day: NaiveDate) -> Value {
        let meter = usize::try_from(self.meter).unwrap_or_default();
        let (name, unit) = METERS.get(meter).copied().unwrap_or_default();
        let total = UsageTotal::from(self.total());
        json!({
            "usageDate": day.to_string(),
            "productName": name,
            "productId": self.product_id(store),
            "unitOfMeasure": unit,
            "quantity": wire::number(Decimal::new(self.quantity, 3)),
            "unitPrice": wire::number(Decimal::new(UNIT_PRICE, 2)),
            "currentCharges": wire::number(total.charges),
            "currentProfit": wire::number(total.charges - total.partner),
            "partnerTotal": wire::number(total.partner),
            "currencyCode": store.currency,
            "isTrial": false,
        })
    }
}
