//! Subscriptions: the record and the store.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use crate::streamone::catalog::record::Period;
use crate::streamone::engine::settings::User;

/// The catalog ids that orders repeat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CatalogIds {
    pub(crate) product: String,
    pub(crate) sku: String,
    pub(crate) plan: String,
}

/// Display names of the catalog entries.
#[derive(Clone, Debug)]
pub(crate) struct CatalogNames {
    pub(crate) product: String,
    pub(crate) sku: String,
    pub(crate) plan: String,
}

/// What changes during a subscription's life.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Live {
    pub(crate) quantity: u32,
    /// Lower case, as captured records have it.
    pub(crate) status: &'static str,
    pub(crate) auto_renew: bool,
    pub(crate) name: String,
}

/// One entry of the activity log.
#[derive(Clone, Debug)]
pub(crate) struct Activity {
    pub(crate) id: String,
    pub(crate) kind: &'static str,
    pub(crate) at: DateTime<Utc>,
    pub(crate) succeeded: bool,
    pub(crate) quantity: u32,
    pub(crate) status: &'static str,
    pub(crate) details: String,
    pub(crate) user: User,
}

#[derive(Clone, Debug)]
pub(crate) struct Subscription {
    pub(crate) id: u64,
    /// The provider's id; orders call it `resourceId`.
    pub(crate) resource_id: String,
    pub(crate) customer: u64,
    pub(crate) provider: u64,
    /// `None` for subscriptions that were imported from the provider.
    pub(crate) catalog: Option<CatalogIds>,
    pub(crate) names: CatalogNames,
    pub(crate) external_product: String,
    pub(crate) external_sku: String,
    pub(crate) offer: String,
    pub(crate) mpn: Option<String>,
    pub(crate) usage: bool,
    pub(crate) period: Period,
    pub(crate) term: &'static str,
    pub(crate) price: Decimal,
    pub(crate) cost: Decimal,
    pub(crate) msrp: Decimal,
    pub(crate) purchased: DateTime<Utc>,
    pub(crate) start: DateTime<Utc>,
    pub(crate) end: DateTime<Utc>,
    pub(crate) cancel_until: DateTime<Utc>,
    pub(crate) updated: DateTime<Utc>,
    pub(crate) trial: bool,
    pub(crate) reseller_po: Option<String>,
    pub(crate) customer_po: Option<String>,
    pub(crate) custom_fields: Vec<(String, String)>,
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) parent: Option<u64>,
    /// What the provider knows.
    pub(crate) live: Live,
    /// What the platform still shows before `visible_from`.
    pub(crate) stale: Live,
    pub(crate) visible_from: DateTime<Utc>,
    pub(crate) log: Vec<Activity>,
    /// How many there were before each change of their number, and when that was; oldest first.
    pub(crate) counts: Vec<(DateTime<Utc>, u32)>,
}

impl Subscription {
    /// How many there were at the end of the month before this moment: a change counts for the month it falls in.
    pub(crate) fn quantity_before(&self, end: DateTime<Utc>) -> u32 {
        let later = self.counts.iter().find(|(at, _)| *at >= end);
        later.map_or(self.live.quantity, |(_, before)| *before)
    }

    /// What the platform shows now.
    pub(crate) fn shown(&self, now: DateTime<Utc>) -> &Live {
        if now < self.visible_from { &self.stale } else { &self.live }
    }

    /// Applies a change at the provider; the platform shows it from `visible_from` on.
    pub(crate) fn change(
        &mut self,
        now: DateTime<Utc>,
        visible_from: DateTime<Utc>,
        change: impl FnOnce(&mut Live),
    ) {
        self.stale = self.shown(now).clone();
        self.visible_from = visible_from;
        let quantity = self.live.quantity;
        change(&mut self.live);
        if self.live.quantity != quantity {
            self.counts.push((now, quantity));
        }
        self.updated = now;
    }

    /// Whether there is an end at which it renews or stops.
    pub(crate) fn has_term(&self) -> bool {
        !self.usage && self.period != Period::OneTime
    }

    pub(crate) fn is_new_commerce(&self) -> bool {
        self.mpn.is_some()
    }
}

/// All subscriptions of the account, by internal id.
#[derive(Debug, Default)]
pub(crate) struct Subscriptions {
    by_id: BTreeMap<u64, Subscription>,
    by_resource: HashMap<String, u64>,
    by_customer: HashMap<u64, Vec<u64>>,
    term_ends: BTreeSet<(DateTime<Utc>, u64)>,
}

impl Subscriptions {
    pub(crate) fn get(&self, id: u64) -> Option<&Subscription> {
        self.by_id.get(&id)
    }

    pub(crate) fn get_mut(&mut self, id: u64) -> Option<&mut Subscription> {
        self.by_id.get_mut(&id)
    }

    /// The subscription with this provider id, whatever its case.
    pub(crate) fn by_resource(&self, resource_id: &str) -> Option<&Subscription> {
        self.get(*self.by_resource.get(&resource_id.to_lowercase())?)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Subscription> {
        self.by_id.values()
    }

    pub(crate) fn of_customer(&self, customer: u64) -> impl Iterator<Item = &Subscription> {
        let ids = self.by_customer.get(&customer).map(Vec::as_slice).unwrap_or_default();
        ids.iter().filter_map(|id| self.by_id.get(id))
    }

    pub(crate) fn len(&self) -> usize {
        self.by_id.len()
    }

    pub(crate) fn insert(&mut self, subscription: Subscription) {
        let id = subscription.id;
        self.by_resource.insert(subscription.resource_id.to_lowercase(), id);
        self.by_customer.entry(subscription.customer).or_default().push(id);
        self.by_id.insert(id, subscription);
        self.schedule(id);
    }

    /// Notes when the term of a subscription ends. Usage and one-time purchases have none.
    pub(crate) fn schedule(&mut self, id: u64) {
        if let Some(found) = self.by_id.get(&id).filter(|found| found.has_term()) {
            self.term_ends.insert((found.end, id));
        }
    }

    /// When the next term ends.
    pub(crate) fn next_end(&self) -> Option<DateTime<Utc>> {
        self.term_ends.first().map(|(end, _)| *end)
    }

    /// Takes the subscription whose term ends next.
    pub(crate) fn take_next_end(&mut self) -> Option<(DateTime<Utc>, u64)> {
        self.term_ends.pop_first()
    }
}
