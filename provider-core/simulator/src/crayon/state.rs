//! Everything the Crayon side knows.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::super::prng::Prng;
use super::accounts::Accounts;
use super::activity::Activity;
use super::agreements::Agreement;
use super::assets::Assets;
use super::azure::Azure;
use super::billing::Billing;
use super::catalog::{Catalog, Currency};
use super::containers::Containers;
use super::directory::Directory;
use super::exports::Export;
use super::json::Json;
use super::orders::Orders;
use super::products::ProductCache;
use super::record::Subscriptions;
use super::table::Table;
use super::tenant::Tenant;

/// What is seeded.
///
/// ```
/// use provider_simulator::CrayonSeed;
///
/// let seed = CrayonSeed::default().organizations(1).products(50_000);
/// assert_ne!(seed, CrayonSeed::default());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct CrayonSeed {
    pub(super) organizations: usize,
    pub(super) customers: usize,
    pub(super) products: usize,
    pub(super) months: u32,
}

impl Default for CrayonSeed {
    fn default() -> Self {
        Self { organizations: 2, customers: 25, products: 0, months: 3 }
    }
}

impl CrayonSeed {
    /// Organizations that the API user has access to: 1 or 2 (a parent and its subsidiary). Default 2.
    pub fn organizations(mut self, organizations: usize) -> Self {
        self.organizations = organizations.clamp(1, 2);
        self
    }

    /// Customer tenants, spread over the organizations. Default 25.
    pub fn customers(mut self, customers: usize) -> Self {
        self.customers = customers;
        self
    }

    /// Rows of new-commerce products in each organization's price list; never fewer than the fixed ones. Default 12.
    pub fn products(mut self, products: usize) -> Self {
        self.products = products;
        self
    }

    /// Months before the start that have billing statements and invoices. Default 3.
    pub fn history(mut self, months: u32) -> Self {
        self.months = months;
        self
    }
}

/// An organization that is a partner of Crayon.
#[derive(Debug)]
pub(super) struct Organization {
    pub(super) id: i64,
    pub(super) name: &'static str,
    /// 0 for a top-level one.
    pub(super) parent: i64,
    pub(super) account: Option<&'static str>,
    pub(super) currency: Currency,
}

/// An organization that exists, without access for the API user.
pub(super) const FOREIGN_ORGANIZATION: i64 = 4_199_999;

const ORGANIZATIONS: [Organization; 2] = [
    Organization {
        id: 4_100_001,
        name: "Example Partner AS",
        parent: 0,
        account: Some("C-100200"),
        currency: Currency::Eur,
    },
    Organization {
        id: 4_100_002,
        name: "Example Partner Sub AS",
        parent: 4_100_001,
        account: None,
        currency: Currency::Nok,
    },
];

/// The state behind the lock.
#[derive(Debug)]
pub(super) struct State {
    pub(super) seed: u64,
    pub(super) started: DateTime<Utc>,
    pub(super) months: u32,
    pub(super) organizations: Vec<Organization>,
    pub(super) agreements: Vec<Agreement>,
    pub(super) catalog: Catalog,
    pub(super) products: ProductCache,
    pub(super) tenants: BTreeMap<i64, Tenant>,
    pub(super) subscriptions: Subscriptions,
    pub(super) orders: Orders,
    pub(super) billing: Billing,
    pub(super) directory: Directory,
    pub(super) azure: Azure,
    pub(super) assets: Assets,
    pub(super) purchase_requests: Vec<Json>,
    pub(super) groupings: Table,
    pub(super) exports: Vec<Export>,
    /// Transitions with the subscription they started from.
    pub(super) transitions: Vec<(i64, Json)>,
    pub(super) sales_prices: Vec<Json>,
    /// Id and type of the objects whose prices are switched off.
    pub(super) prices_off: Vec<(Option<i64>, Option<i64>)>,
    pub(super) activity: Vec<Activity>,
    pub(super) accounts: Accounts,
    pub(super) containers: Containers,
    /// The simulated day that terms were last looked at.
    pub(super) renewed_on: Option<NaiveDate>,
}

impl State {
    /// The seeded state; every date is relative to `started`.
    pub(super) fn seeded(seed: u64, started: DateTime<Utc>, plan: &CrayonSeed) -> Self {
        let organizations: Vec<Organization> =
            ORGANIZATIONS.into_iter().take(plan.organizations.max(1)).collect();
        let mut state = Self {
            seed,
            started,
            months: plan.months,
            agreements: super::agreements::seeded(&organizations, started),
            catalog: Catalog::new(plan.products),
            products: ProductCache::default(),
            tenants: BTreeMap::new(),
            subscriptions: Subscriptions::default(),
            orders: Orders::default(),
            billing: Billing::default(),
            directory: Directory::seeded(seed, started, &organizations),
            azure: Azure::default(),
            assets: Assets::default(),
            purchase_requests: Vec::new(),
            groupings: Table::starting(1_201),
            exports: Vec::new(),
            transitions: Vec::new(),
            sales_prices: Vec::new(),
            prices_off: Vec::new(),
            activity: Vec::new(),
            accounts: Accounts::seeded(&organizations),
            containers: Containers::seeded(&organizations, started),
            renewed_on: None,
            organizations,
        };
        super::seed::fill(&mut state, plan.customers);
        super::assets::seed(&mut state);
        super::groupings::seed(&mut state);
        state
    }

    /// A generator for one named thing, the same for the same seed.
    pub(super) fn prng(&self, name: &str, id: i64) -> Prng {
        Prng::keyed(self.seed, name, id.unsigned_abs())
    }

    pub(super) fn organization(&self, id: i64) -> Option<&Organization> {
        self.organizations.iter().find(|organization| organization.id == id)
    }

    /// True if the API user may see the organization.
    pub(super) fn has_access(&self, organization: i64) -> bool {
        self.organization(organization).is_some()
    }

    /// Brings everything that time decides up to `now`: orders, activations, renewals, expiries, monthly statements.
    pub(super) fn advance(&mut self, now: DateTime<Utc>) {
        super::orders::settle(self, now);
        super::renewal::renew(self, now);
        super::billing::close_months(self, now);
    }
}
