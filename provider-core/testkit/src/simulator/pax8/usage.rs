//! Usage: summaries per subscription and resource group, lines per day, all computed from the seed.

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::store::Store;
use super::table::Record;
use super::wire;
use crate::simulator::prng::Prng;

const GROUPS: &[&str] = &["rg-production", "rg-archive"];
const METERS: &[(&str, &str)] =
    &[("Example Storage Hot Data", "GB"), ("Example Storage Transfers", "10K calls")];

/// What one resource group of a usage subscription has used.
#[derive(Clone, Debug)]
pub(super) struct UsageSummary {
    pub(super) id: String,
    /// Place of the subscription.
    pub(super) subscription: usize,
    group: usize,
}

impl Record for UsageSummary {
    fn id(&self) -> &str {
        &self.id
    }
}

/// Sums of money.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct UsageTotal {
    /// What the customer is charged.
    pub(super) charges: Decimal,
    /// What the partner pays.
    pub(super) partner: Decimal,
}

/// What one meter counted on one day.
#[derive(Clone, Debug)]
pub(super) struct UsageLine {
    pub(super) product_id: String,
    meter: usize,
    quantity: Decimal,
    unit_price: Decimal,
    total: UsageTotal,
}

impl UsageSummary {
    /// The summaries of a subscription.
    pub(super) fn of_subscription(seed: u64, subscription: usize) -> Vec<Self> {
        let first = u64::try_from(subscription * GROUPS.len()).unwrap_or(u64::MAX);
        (first..)
            .zip(0..GROUPS.len())
            .map(|(number, group)| Self {
                id: Prng::keyed(seed, "pax8/usage-summary", number).uuid(),
                subscription,
                group,
            })
            .collect()
    }

    pub(super) fn resource_group(&self) -> &'static str {
        GROUPS.get(self.group).copied().unwrap_or_default()
    }

    /// The lines of one day: none before the subscription's start, after its end or after `today`.
    pub(super) fn lines(&self, store: &Store, day: NaiveDate, today: NaiveDate) -> Vec<UsageLine> {
        let Some(subscription) = store.subscriptions.at(self.subscription) else {
            return Vec::new();
        };
        let ended = subscription.ends_at.is_some_and(|end| day > end.date_naive());
        if day > today || day < subscription.starts_at.date_naive() || ended || subscription.is_pending() {
            return Vec::new();
        }
        let number = u64::from(day.num_days_from_ce().unsigned_abs());
        let mut prng = Prng::keyed(store.seed, &self.id, number);
        (0..METERS.len())
            .map(|meter| {
                let thousandths = i64::try_from(prng.between(200, 9_999)).unwrap_or(200);
                let quantity = Decimal::new(thousandths, 3);
                let unit_price = Decimal::new(12, 2);
                let charges = (quantity * unit_price).round_dp(2);
                UsageLine {
                    product_id: meter_product(store.seed, meter),
                    meter,
                    quantity,
                    unit_price,
                    total: UsageTotal { charges, partner: (charges * Decimal::new(86, 2)).round_dp(3) },
                }
            })
            .collect()
    }

    /// What was used in the month of `today`, up to and with `today`.
    pub(super) fn month_total(&self, store: &Store, today: NaiveDate) -> UsageTotal {
        let first = today.with_day(1).unwrap_or(today);
        self.total_between(store, first, today, today)
    }

    /// What was used from `first` to `last`, both included.
    pub(super) fn total_between(
        &self,
        store: &Store,
        first: NaiveDate,
        last: NaiveDate,
        today: NaiveDate,
    ) -> UsageTotal {
        first.iter_days().take_while(|day| *day <= last).flat_map(|day| self.lines(store, day, today)).fold(
            UsageTotal::default(),
            |sum, line| UsageTotal {
                charges: sum.charges + line.total.charges,
                partner: sum.partner + line.total.partner,
            },
        )
    }

    /// The summary of the month of `today`.
    pub(super) fn json(&self, store: &Store, today: NaiveDate) -> Value {
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

/// A meter has a product of its own, which the catalogue does not sell.
fn meter_product(seed: u64, meter: usize) -> String {
    let number = u64::try_from(meter).unwrap_or(u64::MAX);
    Prng::keyed(seed, "pax8/meter", number).uuid()
}

impl UsageLine {
    pub(super) fn json(&self, store: &Store, day: NaiveDate) -> Value {
        let (name, unit) = METERS.get(self.meter).copied().unwrap_or_default();
        json!({
            "usageDate": day.to_string(),
            "productName": name,
            "productId": self.product_id,
            "unitOfMeasure": unit,
            "quantity": wire::number(self.quantity),
            "unitPrice": wire::number(self.unit_price),
            "currentCharges": wire::number(self.total.charges),
            "currentProfit": wire::number(self.total.charges - self.total.partner),
            "partnerTotal": wire::number(self.total.partner),
            "currencyCode": store.currency,
            "isTrial": false,
        })
    }
}
