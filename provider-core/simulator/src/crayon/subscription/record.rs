//! What is kept about subscriptions and Azure plans.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use rust_decimal::Decimal;

use crate::crayon::catalog::offerings::OfferKind;
use crate::crayon::catalog::price_list::Variant;
use crate::crayon::engine::dates;
use crate::crayon::engine::json::{Json, object};
use crate::crayon::engine::table::Table;
use crate::engine::prng::Prng;

/// Values of `SubscriptionStatus`.
pub(crate) const ACTIVE: i64 = 1;
pub(crate) const SUSPENDED: i64 = 2;
pub(crate) const DELETED: i64 = 4;
pub(crate) const CUSTOMER_CANCELLATION: i64 = 8;
pub(crate) const CONVERTED: i64 = 16;
pub(crate) const EXPIRED: i64 = 32;
pub(crate) const PENDING: i64 = 64;
pub(crate) const CANCELLED: i64 = 128;
pub(crate) const DISABLED: i64 = 256;

/// `SubscriptionPriceType` of a resale price that the partner has set.
pub(crate) const FIXED_PRICE: i64 = 3;

/// The statuses that a subscription does not come back from.
pub(crate) const OVER: i64 = DELETED | CUSTOMER_CANCELLATION | CONVERTED | EXPIRED | CANCELLED | DISABLED;

/// How long a new-commerce purchase can be reduced or cancelled.
pub(crate) const CANCELLATION_WINDOW: TimeDelta = TimeDelta::days(7);

/// One subscription. What follows from its id (GUIDs, publisher order) is made when it is answered.
#[derive(Clone, Debug)]
pub(crate) struct Subscription {
    pub(crate) id: i64,
    pub(crate) tenant: i64,
    /// Place in the catalog.
    pub(crate) variant: usize,
    pub(crate) name: Option<String>,
    pub(crate) quantity: i64,
    pub(crate) status: i64,
    pub(crate) created: DateTime<Utc>,
    pub(crate) starts: Option<DateTime<Utc>>,
    pub(crate) ends: Option<DateTime<Utc>>,
    /// `BillingCycleEnum`.
    pub(crate) cycle: i64,
    pub(crate) auto_renew: Option<bool>,
    pub(crate) cancellable_until: Option<DateTime<Utc>>,
    pub(crate) next_term: Option<NextTerm>,
    pub(crate) markup: Decimal,
    pub(crate) price_type: i64,
    pub(crate) sales_price: Decimal,
    pub(crate) reserved: bool,
    pub(crate) invoice_profile: Option<i64>,
    pub(crate) tags: Option<Json>,
    pub(crate) accept_auto_suspension: Option<bool>,
    pub(crate) auto_suspension: Option<DateTime<Utc>>,
    pub(crate) attestation: Option<bool>,
    /// Not yet known to Microsoft until then.
    pub(crate) pending_until: Option<DateTime<Utc>>,
    /// The subscription that this one is an add-on of.
    pub(crate) parent: Option<i64>,
}

/// What changes when the term ends.
#[derive(Clone, Debug)]
pub(crate) struct NextTerm {
    pub(crate) variant: usize,
    /// `BillingCycleEnum`.
    pub(crate) cycle: i64,
    pub(crate) quantity: i64,
    pub(crate) custom_end: Option<DateTime<Utc>>,
}

/// The subscriptions, also by tenant.
#[derive(Debug, Default)]
pub(crate) struct Subscriptions {
    rows: BTreeMap<i64, Subscription>,
    by_tenant: HashMap<i64, Vec<i64>>,
    addons: HashMap<i64, Vec<i64>>,
}

const FIRST_SUBSCRIPTION: i64 = 610_001;

impl Subscriptions {
    /// Stores a subscription under the next id.
    pub(crate) fn add(&mut self, mut record: Subscription) -> i64 {
        let id = self.rows.last_key_value().map_or(FIRST_SUBSCRIPTION, |(last, _)| last + 1);
        record.id = id;
        match record.parent {
            Some(parent) => self.addons.entry(parent).or_default().push(id),
            None => self.by_tenant.entry(record.tenant).or_default().push(id),
        }
        self.rows.insert(id, record);
        id
    }

    pub(crate) fn get(&self, id: i64) -> Option<&Subscription> {
        self.rows.get(&id)
    }

    pub(crate) fn get_mut(&mut self, id: i64) -> Option<&mut Subscription> {
        self.rows.get_mut(&id)
    }

    /// Every subscription, add-ons included.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Subscription> {
        self.rows.values()
    }

    pub(crate) fn all_mut(&mut self) -> impl Iterator<Item = &mut Subscription> {
        self.rows.values_mut()
    }

    /// Subscriptions that are no add-ons, of one tenant or of all.
    pub(crate) fn listed(&self, tenant: Option<i64>) -> Box<dyn Iterator<Item = &Subscription> + '_> {
        match tenant {
            None => Box::new(self.rows.values().filter(|row| row.parent.is_none())),
            Some(tenant) => {
                let ids = self.by_tenant.get(&tenant).map(Vec::as_slice).unwrap_or_default();
                Box::new(ids.iter().filter_map(|id| self.rows.get(id)))
            }
        }
    }

    pub(crate) fn addons_of(&self, id: i64) -> impl Iterator<Item = &Subscription> {
        let ids = self.addons.get(&id).map(Vec::as_slice).unwrap_or_default();
        ids.iter().filter_map(|id| self.rows.get(id))
    }
}

impl Subscription {
    /// A subscription that starts now and is active.
    pub(crate) fn starting(
        tenant: i64,
        variant: &Variant<'_>,
        quantity: i64,
        cycle: i64,
        at: DateTime<Utc>,
    ) -> Self {
        let nce = variant.offering.kind == OfferKind::NceSeat;
        let starts = dates::day_start(at);
        // Legacy seats renew every year without a commitment.
        let months = if variant.term.months == 0 { 12 } else { variant.term.months };
        let metered = variant.offering.kind == OfferKind::AzurePlan;
        Self {
            id: 0,
            tenant,
            variant: variant.index,
            name: None,
            quantity,
            status: ACTIVE,
            created: at,
            starts: Some(starts),
            ends: (!metered).then(|| term_end(starts, months)),
            cycle,
            auto_renew: nce.then_some(true),
            cancellable_until: nce.then(|| at + CANCELLATION_WINDOW),
            next_term: None,
            markup: Decimal::new(0, 1),
            price_type: 1,
            sales_price: Decimal::new(0, 1),
            reserved: false,
            invoice_profile: None,
            tags: None,
            accept_auto_suspension: None,
            auto_suspension: None,
            attestation: None,
            pending_until: None,
            parent: None,
        }
    }
}

/// The last second of a term.
pub(crate) fn term_end(starts: DateTime<Utc>, months: i32) -> DateTime<Utc> {
    dates::add_months(starts, months) - TimeDelta::seconds(1)
}

/// Plans by their own id, and the Azure subscriptions.
#[derive(Debug)]
pub(crate) struct Azure {
    /// Subscription of each plan.
    pub(crate) plans: BTreeMap<i64, i64>,
    pub(crate) rows: Table,
    /// Creations that were accepted: due time, plan, name.
    pub(crate) creating: Vec<(DateTime<Utc>, i64, String)>,
    /// Plan subscriptions that are not active yet.
    pub(crate) activating: Vec<i64>,
}

impl Default for Azure {
    fn default() -> Self {
        Self {
            plans: BTreeMap::new(),
            rows: Table::starting(2_901),
            creating: Vec::new(),
            activating: Vec::new(),
        }
    }
}

const FIRST_PLAN: i64 = 1_701;

impl Azure {
    /// Opens a plan for the subscription that was bought.
    pub(crate) fn add_plan(&mut self, subscription: i64) {
        let id = self.plans.last_key_value().map_or(FIRST_PLAN, |(last, _)| last + 1);
        self.plans.insert(id, subscription);
        self.activating.push(subscription);
    }

    /// Two Azure subscriptions for a seeded plan, which is always the newest one.
    pub(crate) fn seed_subscriptions(&mut self, seed: u64, subscription: i64) {
        let Some((plan, _)) = self.plans.last_key_value().filter(|(_, known)| **known == subscription) else {
            return;
        };
        let plan = *plan;
        for (name, status) in
            [("Production", "active"), ("Sandbox", if plan % 3 == 0 { "deleted" } else { "active" })]
        {
            self.add(seed, plan, name, status);
        }
    }

    pub(crate) fn add(&mut self, seed: u64, plan: i64, name: &str, status: &'static str) {
        let id = self.rows.add(object! {
            "Id": 0,
            "AzurePlanId": plan,
            "PublisherSubscriptionId": Json::Null,
            "FriendlyName": name.to_owned(),
            "Status": status,
            "InvoiceProfile": Json::Null,
            "Tags": Json::Null,
        });
        if let Some(row) = self.rows.get_mut(id) {
            row.set("PublisherSubscriptionId", Prng::keyed(seed, "crayon/azure", id.unsigned_abs()).uuid());
        }
    }

    /// Every Azure subscription with its plan's subscription.
    pub(crate) fn rows(&self) -> impl Iterator<Item = (&Json, i64)> {
        self.rows.rows().filter_map(|row| {
            let plan = row.get("AzurePlanId").int()?;
            Some((row, *self.plans.get(&plan)?))
        })
    }

    /// The Azure subscription and its plan's subscription.
    pub(crate) fn row(&self, plan: i64, id: i64) -> Option<(&Json, i64)> {
        let row = self.rows.get(id).filter(|row| row.get("AzurePlanId").int() == Some(plan))?;
        Some((row, *self.plans.get(&plan)?))
    }
}
