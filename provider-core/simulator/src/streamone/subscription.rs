//! Subscriptions: the record and the store.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use super::catalog::Period;
use super::state::User;

/// The catalogue ids that orders repeat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CatalogueIds {
    pub(super) product: String,
    pub(super) sku: String,
    pub(super) plan: String,
}

/// Display names of the catalogue entries.
#[derive(Clone, Debug)]
pub(super) struct CatalogueNames {
    pub(super) product: String,
    pub(super) sku: String,
    pub(super) plan: String,
}

/// What changes during a subscription's life.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Live {
    pub(super) quantity: u32,
    /// Lower case, as captured records have it.
    pub(super) status: &'static str,
    pub(super) auto_renew: bool,
    pub(super) name: String,
}

/// One entry of the activity log.
#[derive(Clone, Debug)]
pub(super) struct Activity {
    pub(super) id: String,
    pub(super) kind: &'static str,
    pub(super) at: DateTime<Utc>,
    pub(super) succeeded: bool,
    pub(super) quantity: u32,
    pub(super) status: &'static str,
    pub(super) details: String,
    pub(super) user: User,
}

#[derive(Clone, Debug)]
pub(super) struct Subscription {
    pub(super) id: u64,
    /// The provider's id; orders call it `resourceId`.
    pub(super) resource_id: String,
    pub(super) customer: u64,
    pub(super) provider: u64,
    /// `None` for subscriptions that were imported from the provider.
    pub(super) catalogue: Option<CatalogueIds>,
    pub(super) names: CatalogueNames,
    pub(super) external_product: String,
    pub(super) external_sku: String,
    pub(super) offer: String,
    pub(super) mpn: Option<String>,
    pub(super) usage: bool,
    pub(super) period: Period,
    pub(super) term: &'static str,
    pub(super) price: Decimal,
    pub(super) cost: Decimal,
    pub(super) msrp: Decimal,
    pub(super) purchased: DateTime<Utc>,
    pub(super) start: DateTime<Utc>,
    pub(super) end: DateTime<Utc>,
    pub(super) cancel_until: DateTime<Utc>,
    pub(super) updated: DateTime<Utc>,
    pub(super) trial: bool,
    pub(super) reseller_po: Option<String>,
    pub(super) customer_po: Option<String>,
    pub(super) custom_fields: Vec<(String, String)>,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) parent: Option<u64>,
    /// What the provider knows.
    pub(super) live: Live,
    /// What the platform still shows before `visible_from`.
    pub(super) stale: Live,
    pub(super) visible_from: DateTime<Utc>,
    pub(super) log: Vec<Activity>,
}

impl Subscription {
    /// What the platform shows now.
    pub(super) fn shown(&self, now: DateTime<Utc>) -> &Live {
        if now < self.visible_from { &self.stale } else { &self.live }
    }

    /// Applies a change at the provider; the platform shows it from `visible_from` on.
    pub(super) fn change(
        &mut self,
        now: DateTime<Utc>,
        visible_from: DateTime<Utc>,
        change: impl FnOnce(&mut Live),
    ) {
        self.stale = self.shown(now).clone();
        self.visible_from = visible_from;
        change(&mut self.live);
        self.updated = now;
    }

    /// Whether there is an end at which it renews or stops.
    pub(super) fn has_term(&self) -> bool {
        !self.usage && self.period != Period::OneTime
    }

    pub(super) fn is_new_commerce(&self) -> bool {
        self.mpn.is_some()
    }
}

/// All subscriptions of the account, by internal id.
#[derive(Debug, Default)]
pub(super) struct Subscriptions {
    by_id: BTreeMap<u64, Subscription>,
    by_resource: HashMap<String, u64>,
    by_customer: HashMap<u64, Vec<u64>>,
    term_ends: BTreeSet<(DateTime<Utc>, u64)>,
}

impl Subscriptions {
    pub(super) fn get(&self, id: u64) -> Option<&Subscription> {
        self.by_id.get(&id)
    }

    pub(super) fn get_mut(&mut self, id: u64) -> Option<&mut Subscription> {
        self.by_id.get_mut(&id)
    }

    /// The subscription with this provider id, whatever its case.
    pub(super) fn by_resource(&self, resource_id: &str) -> Option<&Subscription> {
        self.get(*self.by_resource.get(&resource_id.to_lowercase())?)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Subscription> {
        self.by_id.values()
    }

    pub(super) fn of_customer(&self, customer: u64) -> impl Iterator<Item = &Subscription> {
        let ids = self.by_customer.get(&customer).map(Vec::as_slice).unwrap_or_default();
        ids.iter().filter_map(|id| self.by_id.get(id))
    }

    pub(super) fn len(&self) -> usize {
        self.by_id.len()
    }

    pub(super) fn insert(&mut self, subscription: Subscription) {
        let id = subscription.id;
        self.by_resource.insert(subscription.resource_id.to_lowercase(), id);
        self.by_customer.entry(subscription.customer).or_default().push(id);
        self.by_id.insert(id, subscription);
        self.schedule(id);
    }

    /// Notes when the term of a subscription ends. Usage and one-time purchases have none.
    pub(super) fn schedule(&mut self, id: u64) {
        if let Some(found) = self.by_id.get(&id).filter(|found| found.has_term()) {
            self.term_ends.insert((found.end, id));
        }
    }

    /// When the next term ends.
    pub(super) fn next_end(&self) -> Option<DateTime<Utc>> {
        self.term_ends.first().map(|(end, _)| *end)
    }

    /// Takes the subscription whose term ends next.
    pub(super) fn take_next_end(&mut self) -> Option<(DateTime<Utc>, u64)> {
        self.term_ends.pop_first()
    }
}
