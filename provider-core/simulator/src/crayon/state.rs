//! Everything the Crayon side knows.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::access::activity::Activity;
use super::access::directory::Directory;
use super::billing::exports::Export;
use super::billing::months::Billing;
use super::catalog::agreements::Agreement;
use super::catalog::price_list::{Catalog, Currency};
use super::catalog::products::ProductCache;
use super::customer::accounts::Accounts;
use super::customer::record::Tenant;
use super::engine::json::Json;
use super::engine::table::Table;
use super::purchase::assets::Assets;
use super::purchase::containers::Containers;
use super::purchase::orders::Orders;
use super::subscription::azure::Azure;
use super::subscription::record::Subscriptions;
use crate::engine::prng::Prng;

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
    pub(crate) organizations: usize,
    pub(crate) customers: usize,
    pub(crate) products: usize,
    pub(crate) months: u32,
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
pub(crate) struct Organization {
    pub(crate) id: i64,
    pub(crate) name: &'static str,
    /// 0 for a top-level one.
    pub(crate) parent: i64,
    pub(crate) account: Option<&'static str>,
    pub(crate) currency: Currency,
}

/// An organization that exists, without access for the API user.
pub(crate) const FOREIGN_ORGANIZATION: i64 = 4_199_999;

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
pub(crate) struct State {
    pub(crate) seed: u64,
    pub(crate) started: DateTime<Utc>,
    pub(crate) months: u32,
    pub(crate) organizations: Vec<Organization>,
    pub(crate) agreements: Vec<Agreement>,
    pub(crate) catalog: Catalog,
    pub(crate) products: ProductCache,
    pub(crate) tenants: BTreeMap<i64, Tenant>,
    pub(crate) subscriptions: Subscriptions,
    pub(crate) orders: Orders,
    pub(crate) billing: Billing,
    pub(crate) directory: Directory,
    pub(crate) azure: Azure,
    pub(crate) assets: Assets,
    pub(crate) purchase_requests: Vec<Json>,
    pub(crate) groupings: Table,
    pub(crate) exports: Vec<Export>,
    /// Transitions with the subscription they started from.
    pub(crate) transitions: Vec<(i64, Json)>,
    pub(crate) sales_prices: Vec<Json>,
    /// Id and type of the objects whose prices are switched off.
    pub(crate) prices_off: Vec<(Option<i64>, Option<i64>)>,
    pub(crate) activity: Vec<Activity>,
    pub(crate) accounts: Accounts,
    pub(crate) containers: Containers,
    /// The simulated day that terms were last looked at.
    pub(crate) renewed_on: Option<NaiveDate>,
}

impl State {
    /// The seeded state; every date is relative to `started`.
    pub(crate) fn seeded(seed: u64, started: DateTime<Utc>, plan: &CrayonSeed) -> Self {
        let organizations: Vec<Organization> =
            ORGANIZATIONS.into_iter().take(plan.organizations.max(1)).collect();
        let mut state = Self {
            seed,
            started,
            months: plan.months,
            agreements: crate::crayon::catalog::agreements::seeded(&organizations, started),
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
        crate::crayon::purchase::assets::seed(&mut state);
        crate::crayon::billing::groupings::seed(&mut state);
        state
    }

    /// A generator for one named thing, the same for the same seed.
    pub(crate) fn prng(&self, name: &str, id: i64) -> Prng {
        Prng::keyed(self.seed, name, id.unsigned_abs())
    }

    pub(crate) fn organization(&self, id: i64) -> Option<&Organization> {
        self.organizations.iter().find(|organization| organization.id == id)
    }

    /// True if the API user may see the organization.
    pub(crate) fn has_access(&self, organization: i64) -> bool {
        self.organization(organization).is_some()
    }

    /// Brings everything that time decides up to `now`: orders, activations, renewals, expiries, monthly statements.
    pub(crate) fn advance(&mut self, now: DateTime<Utc>) {
        crate::crayon::purchase::orders::settle(self, now);
        crate::crayon::subscription::renewal::renew(self, now);
        crate::crayon::billing::months::close_months(self, now);
    }
}
